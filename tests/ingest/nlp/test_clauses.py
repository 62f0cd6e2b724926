"""Clauses of a sentence, and the words in them that compare."""

from __future__ import annotations

import pytest

from ingest.nlp.clauses import clauses
from ingest.nlp.cues import Sense, cues


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Survival was longer, whereas bleeding was alike.", 2),
        ("Survival was longer; bleeding was alike.", 2),
        ("Pain fell, and walking distance was longer.", 2),
        ("Pain fell (2 vs 4; p = 0.01) in all.", 1),
        ("Response was 52% vs 44%; P = .003.", 1),
        ("Response was better: HR 0.7; 95% CI 0.5-0.9; P = .003.", 1),
        ("Stents, balloons and coils were used.", 1),
    ],
)
def test_clauses(text: str, count: int) -> None:
    found = clauses(text, 0, len(text))
    assert len(found) == count
    assert "".join(text[c.start : c.end] for c in found) == text


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("it was higher", Sense.UP),
        ("it was significantly lower", Sense.DOWN),
        ("it was better", Sense.BETTER),
        ("it was worse", Sense.WORSE),
        ("there was no significant difference", Sense.NONE),
        ("it did not improve survival", Sense.NONE),
        ("it was similar", Sense.NONE),
        ("it was noninferior", Sense.NONE),
    ],
)
def test_senses(text: str, sense: Sense) -> None:
    assert [c.sense for c in cues(text, 0, len(text))] == [sense]


def test_a_threshold_and_a_part_of_a_name_compare_nothing() -> None:
    assert cues("tumors larger than 3 cm", 0, 23) == []
    text = "clinical deterioration"
    assert cues(text, 0, len(text), [(0, len(text))]) == []


def test_the_first_row_that_fits_goes_before_the_words_in_it() -> None:
    text = "no significant increase"
    assert [(c.sense, c.tested) for c in cues(text, 0, len(text))] == [(Sense.NONE, True)]
