"""Whose result a combination's result is."""

from __future__ import annotations

import pytest

from kg.justify.names import Names
from ontology.tables import load


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(load())


def label(names: Names, text: str, against: str = "") -> str | None:
    term = names.arm(text, against)
    return None if term is None else names.ontology[term].label


def test_what_the_other_side_lacks_is_what_the_result_is_of(names: Names) -> None:
    found = label(names, "177Lu-Dotatate plus long-acting octreotide", "high-dose octreotide")
    assert found == "lutetium-177 DOTATATE"


def test_several_added_therapies_are_credited_to_none_of_them(names: Names) -> None:
    assert label(names, "Durvalumab plus bevacizumab added to chemoembolization", "chemoembolization") is None
    assert label(names, "durvalumab plus bevacizumab", "placebo") is None


def test_usual_care_given_beside_is_not_what_the_result_is_of(names: Names) -> None:
    assert label(names, "vertebroplasty plus standard care", "standard care") == "vertebroplasty"
