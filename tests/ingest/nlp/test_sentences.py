"""Where sentences begin and end, and which section a heading in the running text opens."""

from __future__ import annotations

import pytest

from ingest.nlp.annotations import notes_of
from ingest.nlp.pipeline import Reader
from ingest.nlp.sentences import MAX_LENGTH, split
from kg.model import SectionKind
from tests.ingest.nlp.helpers import publication


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in split(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Patency was better (85% vs. 70%) at one year.",
        "We followed the rules of Lee et al. for stents.",
        "The catheter (Fig. 2) was 0.035 in. wide.",
        "Drugs were given i.v. Before that, none.",
        "The risk fell (HR 0.71, 95 per cent c.i. 0.60 to 0.84).",
        "The mean was 3.5 mm.",
        "Dr. Young treated E. coli sepsis.",
    ],
)
def test_no_cut_behind_abbreviations_and_inside_numbers(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Stents stayed open. Balloons did not.", 2),
        ("P was <0.05. The difference held.", 2),
        ("Was it safe? It was.", 2),
        ("We used the method of Lee et al. The results were alike.", 2),
        ("Pain fell by 2.5. No patient died.", 2),
        ("It was seen in group B. There were no deaths.", 2),
        ("Levels of TNF-α rose. α-Fetoprotein fell.", 2),
        ("one line\nanother line", 2),
    ],
)
def test_cuts(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_sentences_leave_out_blanks_and_keep_everything_else() -> None:
    text = "  One came.  Two came.\n\n Three came. "
    assert sentences(text) == ["One came.", "Two came.", "Three came."]


def test_what_is_too_long_for_a_sentence_is_cut_between_words() -> None:
    text = "stent balloon coil " * 500
    found = sentences(text)
    assert max(map(len, found)) <= MAX_LENGTH
    assert " ".join(found).split() == text.split()


def test_a_run_without_blanks_is_cut_too() -> None:
    found = sentences("x" * (3 * MAX_LENGTH))
    assert "".join(found) == "x" * (3 * MAX_LENGTH)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("METHODS", SectionKind.METHODS),
        ("Materials and Methods", SectionKind.METHODS),
        ("Results", SectionKind.RESULTS),
        ("CONCLUSIONS", SectionKind.CONCLUSION),
        ("Purpose", SectionKind.OBJECTIVE),
        ("Background", SectionKind.BACKGROUND),
    ],
)
def test_inline_headings(reader: Reader, heading: str, kind: SectionKind) -> None:
    text = f"Stents are used. {heading}: We placed stents. They were open."
    doc = reader.annotate(publication((SectionKind.ABSTRACT, text)))
    kinds = [s.kind for s in notes_of(doc).sentences]
    assert kinds == [SectionKind.ABSTRACT, kind, kind]


def test_no_sentence_crosses_a_section(reader: Reader) -> None:
    found = publication((SectionKind.METHODS, "Stents were placed"), (SectionKind.RESULTS, "They were open"))
    notes = notes_of(reader.annotate(found))
    assert [s.section for s in notes.sentences] == [0, 1]
