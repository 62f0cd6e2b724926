from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import to_json
from ingest.sources import Read, read
from ingest.sources.items import BadRecordError
from ingest.sources.jsonlines import json_document
from kg.model import SectionKind
from tests.ingest.sources.helpers import failure, items, one

GOLD = Path(__file__).resolve().parents[3] / "../shared/gold/dev.docs.jsonl"


def document(**fields: Any) -> str:
    return json.dumps({"id": "pmid:1", "title": "A title", **fields})


def test_text_is_kept_exactly_and_sections_are_located(tmp_path: Path) -> None:
    text = "A title\nResults::  Two\u00a0spaces.\nConclusion: Yes."
    sections = [{"label": "Results:", "text": "Two\u00a0spaces."}, {"label": "Conclusion", "text": "Yes."}]
    publication = one(tmp_path, document(text=text, sections=sections, year=2005, license="CC-BY"), "x.jsonl")
    assert publication.text == text
    assert [(text[s.start : s.end], s.kind) for s in publication.sections] == [
        ("A title", SectionKind.TITLE),
        ("Two\u00a0spaces.", SectionKind.RESULTS),
        ("Yes.", SectionKind.CONCLUSION),
    ]
    assert (publication.year, publication.licence, publication.identifiers.pmid) == (2005, "CC-BY", "1")


def test_sections_only_and_text_only(tmp_path: Path) -> None:
    assert (
        one(tmp_path, document(sections=[{"label": None, "text": "Yes."}]), "x.jsonl").text == "A title\nYes."
    )
    publication = one(tmp_path, document(text="A title\nMethods: We did.\nResults: It was."), "x.jsonl")
    assert [s.label for s in publication.sections] == ["", "Methods", "Results"]


def test_a_section_that_is_not_in_the_text_is_told(tmp_path: Path) -> None:
    (item,) = items(
        tmp_path, document(text="A title\nYes.", sections=[{"label": "", "text": "No."}]), "x.jsonl"
    )
    assert isinstance(item, Read)
    assert "1 of 1 sections" in item.note
    assert item.publication.sections[-1].text == "Yes."


def test_our_own_export_comes_back_equal(tmp_path: Path) -> None:
    publication = one(tmp_path, document(sections=[{"label": "Results", "text": "Yes."}]), "x.jsonl")
    assert one(tmp_path, to_json(publication), "y.jsonl") == publication


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"id": "x"', "it is no document"),
        ('{"id": "x"}', "neither title nor text"),
        ('{"id": "x", "text": 5.5}', "text"),
        ('{"title": "\\ud800"}', "surrogate"),
        ('{"title": "x", "sections": [1]}', "section"),
        ('{"identifiers": {}, "id": "x"}', "no publication"),
    ],
)
def test_bad_lines_fail_alone(tmp_path: Path, line: str, what: str) -> None:
    good, bad, last = items(
        tmp_path, "\n".join([document(text="x"), line, "", document(text="y")]), "x.jsonl"
    )
    assert isinstance(good, Read)
    assert isinstance(last, Read)
    assert what in str(failure(bad).problem)
    assert failure(bad).raw == line.encode()
    assert failure(bad).problem.row == 2


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["label", "text", "part"]), inner, max_size=3)
    ),
    max_leaves=6,
)
fields = st.sampled_from(
    [
        "id",
        "title",
        "text",
        "sections",
        "year",
        "date",
        "pmid",
        "doi",
        "mesh",
        "authors",
        "identifiers",
        "trials",
        "retraction",
        "digest",
    ]
)


@given(st.dictionaries(fields, values))
def test_any_object_gives_a_publication_or_a_clear_refusal(data: dict[str, Any]) -> None:
    try:
        publication, _ = json_document(json.dumps(data))
    except BadRecordError:
        return
    assert publication.id
    for section in publication.sections:
        assert publication.text[section.start : section.end] == section.text


@pytest.mark.skipif(not GOLD.is_file(), reason="the folder shared/gold is not beside the checkout")
def test_the_gold_documents() -> None:
    lines = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    found = list(read(GOLD))
    assert len(found) == len(lines)
    for item, line in zip(found, lines, strict=True):
        assert isinstance(item, Read)
        assert not item.note
        publication = item.publication
        assert (publication.text, publication.id) == (line["text"], line["id"])
        assert [s.text for s in publication.sections[1:]] == [s["text"] for s in line["sections"]]
        for section in publication.sections:
            assert publication.text[section.start : section.end] == section.text
