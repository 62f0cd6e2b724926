from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.scoring.lookup import inputs
from ontology.scoring.units import UnitError, convert, same_unit, spellings, substances, tidy

# Abridged standard atomic weights (IUPAC).
WEIGHTS = {"C": 12.011, "H": 1.008, "N": 14.007, "O": 15.999}
PAIRS = [
    ("mg/dL", "umol/L", "bilirubin"),
    ("mg/dL", "umol/L", "creatinine"),
    ("mg/dL", "mmol/L", "glucose"),
    ("mg/dL", "mmol/L", "urea nitrogen"),
    ("mg/dL", "mmol/L", "lactate"),
    ("g/dL", "g/L", ""),
    ("g/dL", "mmol/L", "hemoglobin"),
    ("ng/mL", "IU/mL", "alpha-fetoprotein"),
    ("10^9/L", "1/uL", ""),
    ("mmol/L", "mEq/L", "sodium"),
    ("degC", "degF", ""),
    ("cm", "mm", ""),
    ("week", "day", ""),
]


# Factors as laboratories print them: 17.1, 88.4, 0.0555, 0.357, 0.6206, 1.21.
@pytest.mark.parametrize(
    ("value", "unit", "to", "substance", "expected"),
    [
        (1, "mg/dL", "umol/L", "bilirubin", 17.1),
        (1, "mg/dL", "umol/L", "creatinine", 88.4),
        (100, "mg/dL", "mmol/L", "glucose", 5.55),
        (10, "mg/dL", "mmol/L", "urea nitrogen", 3.57),
        (14, "g/dL", "mmol/L", "hemoglobin", 8.69),
        (500, "IU/mL", "ng/mL", "alpha-fetoprotein", 605),
        (35, "g/L", "g/dL", "albumin", 3.5),
        (140, "mEq/L", "mmol/L", "sodium", 140),
        (150_000, "/uL", "10^9/L", "", 150),
        (150, "K/uL", "10^9/L", "", 150),
        (98.6, "F", "degC", "", 37),
        (36, "months", "years", "", 3),
    ],
)
def test_known_factors(value: float, unit: str, to: str, substance: str, expected: float) -> None:
    assert convert(value, unit, to, substance) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(("unit", "to", "substance"), PAIRS)
@given(value=st.floats(0.01, 10_000))
def test_round_trip(unit: str, to: str, substance: str, value: float) -> None:
    there = convert(value, unit, to, substance)
    assert convert(there, to, unit, substance) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("x 10⁹/L", "10^9/L"),
        ("x 10^9/L", "10^9/L"),
        ("×10^9/l", "10^9/L"),
        ("10e9/L", "10^9/L"),
        ("10(9)/L", "10^9/L"),
        ("G/L", "10^9/L"),
        ("K/µL", "10^9/L"),
        ("/mm3", "1/uL"),
        ("µmol/l", "umol/L"),
        ("mg/dl", "mg/dL"),
        ("%", "percent"),
        ("mL/min/1.73 m2", "mL/min"),
        ("mm Hg", "mmHg"),
        ("years", "year"),
    ],
)
def test_spellings(text: str, unit: str) -> None:
    assert tidy(text) == unit
    assert same_unit(text, unit)


def test_every_spelling_is_a_unit() -> None:
    for text in spellings():
        if tidy(text) != "points":
            assert convert(1.0, text, tidy(text)) == 1.0
            # Converted by pint, not by the short cut for equal spellings.
            assert convert(2.0, tidy(text), tidy(text)) == 2.0
    for one in inputs().values():
        assert convert(1.0, one.unit, tidy(one.unit)) == 1.0


@pytest.mark.parametrize(
    ("unit", "to", "substance"),
    [
        ("mg/dL", "umol/L", ""),
        ("cm", "mg/dL", "bilirubin"),
        ("10^9/L", "mg/dL", "bilirubin"),
        ("IU/mL", "ng/mL", "bilirubin"),
        ("mEq/L", "mmol/L", "glucose"),
        ("foo", "mg/dL", ""),
        ("__import__", "mg/dL", ""),
        ("mg//dL", "mg/dL", ""),
        ("degC", "mg/dL", ""),
    ],
)
def test_refused(unit: str, to: str, substance: str) -> None:
    with pytest.raises(UnitError):
        convert(1.0, unit, to, substance)


@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    with suppress(UnitError):
        assert isinstance(convert(1.0, text, "mg/dL", "bilirubin"), float)


def test_molar_masses_follow_from_the_formulas() -> None:
    counted = [s for s in substances().values() if s.formula]
    assert len(counted) >= 7
    for one in counted:
        parts = re.findall(r"([A-Z])(\d*)", one.formula)
        assert one.molar_mass == pytest.approx(sum(WEIGHTS[e] * int(n or 1) for e, n in parts), abs=2e-3), (
            one.name
        )
