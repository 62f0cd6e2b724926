from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.scoring.conditions import ConditionError, conditions, holds
from ontology.scoring.conditions import tests as comparisons


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (">=2 <=3", [2, 2.5, 3], [1.9, 3.1]),
        ("<2", [1.9, -5], [2]),
        ("=0", [0], [1]),
        ("!=none", ["mild"], ["none", "None"]),
        ("=mild|moderate", ["mild", "Moderate"], ["severe"]),
        ("<36 g/L", [35.9], [36]),
        ("=-2", [-2], [2]),
    ],
)
def test_comparisons(text: str, inside: list, outside: list) -> None:
    found = comparisons(text)
    for value in inside:
        assert all(test(value) for test in found)
    for value in outside:
        assert not all(test(value) for test in found)


def test_unit_of_a_threshold() -> None:
    assert comparisons("<36 g/L")[0].unit == "g/L"


@pytest.mark.parametrize("text", ["", "2 to 3", "< two", "about 3", ">="])
def test_what_is_no_comparison(text: str) -> None:
    with pytest.raises(ConditionError):
        comparisons(text)


def test_conditions_of_a_row() -> None:
    first, second = conditions("sex =male; hemoglobin >=12 <13")
    assert (first.input, second.input) == ("sex", "hemoglobin")
    assert len(second.tests) == 2
    assert conditions("") == ()
    with pytest.raises(ConditionError, match="'just words' is no condition"):
        conditions("sex =male; just words")


def test_false_beats_unknown_beats_true() -> None:
    row = conditions("a >1; b >1")
    assert holds(row, {"a": 2.0, "b": 2.0}.get) == (True, ())
    assert holds(row, {"a": 0.0}.get) == (False, ())
    assert holds(row, {"b": 0.0}.get) == (False, ())
    assert holds(row, {"a": 2.0}.get) == (None, ("b",))
    assert holds((), {}.get) == (True, ())


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_less_and_at_least_share_the_line(value: float, limit: float) -> None:
    limit = round(limit, 3)
    (below,), (above,) = comparisons(f"<{limit:.3f}"), comparisons(f">={limit:.3f}")
    assert below(value) != above(value)
