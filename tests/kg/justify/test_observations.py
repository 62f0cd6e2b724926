from __future__ import annotations

import pytest

from kg.justify.observations import judge, numbers_text, p_value
from kg.model import Direction, Effect, Favors, Measure
from kg.model.claim import ResultRecord


def result(
    favors: Favors = Favors.INTERVENTION, significant: bool | None = None, **effect: object
) -> ResultRecord:
    return ResultRecord(
        "a",
        "b",
        "survival",
        None,
        None,
        None,
        None,
        None,
        Direction.HIGHER,
        favors,
        significant,
        Effect(**effect),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("record", "sign", "basis"),
    [
        (result(significant=True), 1, "tested"),
        (result(Favors.COMPARATOR, p="0.03"), -1, "tested"),
        (result(), 1, "untested"),
        (result(Favors.NEITHER), 0, "no difference"),
        (result(p="0.05"), 0, "no difference"),
        (result(p="<0.05"), 1, "tested"),
        (result(significant=False), 0, "no difference"),
        (result(measure=Measure.HR, value=0.8, ci_low=0.6, ci_high=1.1), 0, "no difference"),
        (result(measure=Measure.HR, value=0.8, ci_low=0.6, ci_high=0.95), 1, "tested"),
        (result(measure=Measure.MD, value=-2.0, ci_low=-4.0, ci_high=0.5), 0, "no difference"),
        (result(measure=Measure.HR, value=2.4, ci_low=1.0, ci_high=5.7, p="0.049"), 1, "tested"),
        (result(Favors.UNCLEAR), None, "reported"),
    ],
)
def test_what_a_result_says(record: ResultRecord, sign: int | None, basis: str) -> None:
    assert judge(record) == (sign, basis)


def test_percentages_within_chance_are_no_difference() -> None:
    close = result(intervention_value="11%", comparator_value="12%")
    apart = result(intervention_value="11%", comparator_value="42%")
    assert judge(close, 200) == (0, "chance")
    assert judge(apart, 200) == (1, "untested")
    assert judge(close) == (1, "untested")  # nobody knows how many patients
    assert judge(result(intervention_value="12 months", comparator_value="13 months"), 200) == (1, "untested")


def test_a_printed_p_value() -> None:
    assert p_value("0.04") == 0.04
    assert (p_value("<0.05") or 1) < 0.05
    assert p_value("NS") is None
    assert p_value(None) is None


def test_numbers_are_told_as_printed() -> None:
    record = result(
        intervention_value="53%",
        comparator_value="29%",
        measure=Measure.OR,
        value=2.6,
        ci_low=1.7,
        ci_high=3.8,
        p="<0.001",
    )
    assert numbers_text(record) == "53% against 29%; OR 2.6 (95% CI 1.7 to 3.8); p <0.001"
