from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.scoring.formulas import FormulaError, Variable, formula

A, B = Variable("a", ""), Variable("b c", "g/L")


def test_variables_and_units() -> None:
    found = formula("0.66 * log10([b c | g/L]) - [a] / 2 + [a]")
    assert set(found.variables.values()) == {A, B}
    assert found({A: 4.0, B: 100.0}) == pytest.approx(0.66 * 2 + 2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("round(2.5)", 3),
        ("round(0.125, 2)", 0.13),
        ("min(3, max(1, 5))", 3),
        ("1 if [a] >= 3 and [a] < 5 else 0", 1),
        ("2 ** 3 - -1", 9),
        ("ln(exp(2)) + sqrt(9)", 5),
        ("1 if 'x' == 'y' else 2", 2),
    ],
)
def test_language(text: str, value: float) -> None:
    assert formula(text)({A: 4.0}) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "[a].real",
        "open('x')",
        "(lambda: 1)()",
        "{1: 2}",
        "min(*[1])",
        "round(1, places=2)",
        "secret",
        "True",
        "1 +",
        "[a",
        "'a' % 3",
    ],
)
def test_nothing_else_is_allowed(text: str) -> None:
    with pytest.raises(FormulaError):
        formula(text)({A: 1.0})


@pytest.mark.parametrize("text", ["ln([a])", "1 / [a]", "sqrt([a] - 1)", "0 ** (0 - 1)"])
def test_without_a_value(text: str) -> None:
    with pytest.raises(FormulaError, match="has no value"):
        formula(text)({A: 0.0})


@given(st.floats(1, 1000), st.floats(1, 1000))
def test_same_as_python(a: float, b: float) -> None:
    found = formula("3.78 * ln([a]) + 11.2 * ln([b c | g/L]) - 0.033 * [a] * (137 - [b c | g/L])")
    assert found({A: a, B: b}) == pytest.approx(
        3.78 * math.log(a) + 11.2 * math.log(b) - 0.033 * a * (137 - b)
    )
