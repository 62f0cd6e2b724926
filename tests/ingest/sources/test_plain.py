from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.sources import Read
from ingest.sources.plain import plain_publication
from kg.model import SectionKind
from tests.ingest.sources.helpers import failure, items, one

TEXT = """Embolization of the
hepatic artery

Background
It is known.

Methods: We treated 5
patients.

More on methods.

3. Results
They lived longer: 4 of 5.

Funding: none
"""


def test_title_headings_and_paragraphs(tmp_path: Path) -> None:
    publication = one(tmp_path, TEXT, "x.txt")
    assert publication.title == "Embolization of the hepatic artery"
    assert [(s.label, s.text, s.kind) for s in publication.sections[1:]] == [
        ("Background", "It is known.", SectionKind.BACKGROUND),
        ("Methods", "We treated 5 patients.\nMore on methods.", SectionKind.METHODS),
        ("3. Results", "They lived longer: 4 of 5.", SectionKind.RESULTS),
    ]
    assert publication.id.startswith("text:")


def test_an_abstract_without_title(tmp_path: Path) -> None:
    publication = one(tmp_path, "Background: Old. Methods: New. Results: Good.", "x.txt")
    assert publication.title == ""
    assert [s.label for s in publication.sections] == ["Background", "Methods", "Results"]


def test_title_only(tmp_path: Path) -> None:
    (item,) = items(tmp_path, "Only a title\n", "x.txt")
    assert isinstance(item, Read)
    assert item.note.startswith("title only")


def test_invalid_utf8_and_blank(tmp_path: Path) -> None:
    (item,) = items(tmp_path, b"caf\xe9 au lait", "x.txt")
    assert "UTF-8 (byte 3)" in str(failure(item).problem)
    assert failure(item).raw == b"caf\xe9 au lait"
    (item,) = items(tmp_path, b" \n\n ", "x.txt")
    assert "no text" in str(failure(item).problem)


@given(st.text())
def test_any_text(text: str) -> None:
    publication = plain_publication(text)
    if publication:
        for section in publication.sections:
            assert publication.text[section.start : section.end] == section.text
