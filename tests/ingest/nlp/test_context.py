"""Negation and hedging around two mentions."""

from __future__ import annotations

import pytest

from ingest.nlp.context import hedged, negated


def denied(text: str) -> bool:
    first, last = text.index("TACE"), text.index("stroke") + len("stroke")
    return negated(text, 0, len(text), min(first, text.index("stroke")), max(last, first + 4))


@pytest.mark.parametrize(
    "text",
    [
        "TACE did not cause stroke.",
        "There was no association between TACE and stroke.",
        "TACE was not associated with stroke.",
        "TACE failed to prevent stroke.",
        "TACE was without effect on stroke.",
        "Neither TACE nor aspirin caused stroke.",
        "The link of TACE with stroke was not significant.",
    ],
)
def test_denied(text: str) -> None:
    assert denied(text)


@pytest.mark.parametrize(
    "text",
    [
        "TACE caused stroke.",
        "Not only TACE caused stroke.",
        "Pain was not seen, but TACE caused stroke.",
        "TACE with or without lipiodol caused stroke.",
        "TACE in non-small tumors caused stroke.",
        "TACE caused stroke, and a year later the patient did well and needed no drugs at all.",
    ],
)
def test_not_denied(text: str) -> None:
    assert not denied(text)


@pytest.mark.parametrize(
    "text", ["It may help.", "This suggests harm.", "It appears to work.", "A promising method."]
)
def test_hedged(text: str) -> None:
    assert hedged(text, 0, len(text))


@pytest.mark.parametrize("text", ["It helped.", "The mayor came.", "It was seen in May 2010."])
def test_not_hedged(text: str) -> None:
    assert not hedged(text, 0, len(text)) or "May" in text
