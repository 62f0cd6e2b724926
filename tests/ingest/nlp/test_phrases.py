"""Noun phrases: what belongs to the name of a concept."""

from __future__ import annotations

import pytest

from ingest.nlp.annotations import notes_of
from ingest.nlp.pipeline import Reader
from kg.model import SectionKind
from tests.ingest.nlp.helpers import publication


def phrases(reader: Reader, text: str) -> list[str]:
    notes = notes_of(reader.annotate(publication((SectionKind.RESULTS, text))))
    return [notes.text[p.start : p.end] for p in notes.phrases]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The unresectable hepatocellular carcinoma was treated.", "unresectable hepatocellular carcinoma"),
        ("A drug-eluting stent was placed in the vessel.", "drug-eluting stent"),
        ("Other significant complications were rare in this study.", "complications"),
        ("The tumor size was measured with calipers.", "tumor size"),
        ("Patients underwent uterine artery embolization in the morning.", "uterine artery embolization"),
    ],
)
def test_phrases(reader: Reader, text: str, phrase: str) -> None:
    assert phrase in phrases(reader, text)


def test_words_that_join_are_in_no_phrase_of_a_title_in_capitals(reader: Reader) -> None:
    found = phrases(reader, "CHEMOEMBOLIZATION VERSUS ABLATION FOR LIVER CANCER")
    assert not [p for p in found if "VERSUS" in p or "FOR" in p.split()]
