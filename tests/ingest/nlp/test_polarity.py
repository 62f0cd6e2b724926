# ruff: noqa: E501 (a row of a table is one line)
"""Which way an outcome is good, for outcomes that the ontology does not know."""

from __future__ import annotations

import pytest

from ingest.nlp.annotations import Annotations
from ingest.nlp.polarity import better
from kg.model import Mention, SectionKind
from ontology.terms import Branch, Ontology
from tests.ingest.nlp.helpers import publication


def way(name: str, behind: str = "", before: str = "") -> str | None:
    text = before + name + behind
    notes = Annotations(publication((SectionKind.RESULTS, text)))
    return better(
        text, Mention(len(before), len(before) + len(name), name, Branch.OUTCOME), Ontology({}), notes
    )


@pytest.mark.parametrize(
    "name",
    ["hospital mortality", "binary restenosis", "back pain", "major bleeding", "length of stay", "stent thrombosis", "late lumen loss", "radiation dose", "fall in patency", "loss of function"],
)  # fmt: skip
def test_lower_is_better(name: str) -> None:
    assert way(name) == "lower"


@pytest.mark.parametrize(
    "name",
    ["event-free survival", "secondary patency", "tumor response", "wound healing", "limb salvage", "quality of life", "freedom from reintervention", "pain relief", "fall in pain", "improvement in walking distance", "time to recurrence"],
)  # fmt: skip
def test_higher_is_better(name: str) -> None:
    assert way(name) == "higher"


def test_a_name_that_does_not_tell() -> None:
    assert way("serum sodium") is None


def test_what_stands_around_the_name() -> None:
    assert way("restenosis", before="The share free of ") == "higher"
    assert way("pain", behind=" was below 4 in 44%") == "higher"
    assert way("modified Rankin score", behind=" of 0 to 2 was seen in 40%") == "higher"
