from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.scoring import measurements


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("platelets 22 x 10^9/L", "platelet count", 22),
        ("platelet count of 22×10⁹/l", "platelet count", 22),
        ("platelets 40", "platelet count", 40),
        ("platelets 40,000/µL", "platelet count", 40),
        ("platelets: 40 K/uL", "platelet count", 40),
        ("bilirubin 5 mg/dL", "bilirubin", 5),
        ("total bilirubin was 34 µmol/L", "bilirubin", 1.988),
        ("INR 2.4", "international normalized ratio", 2.4),
        ("AFP 620", "alpha-fetoprotein", 620),
        ("AFP 1,200 ng/mL", "alpha-fetoprotein", 1200),
        ("albumin 28 g/L", "albumin", 2.8),
        ("creatinine 120 umol/l", "creatinine", 1.3574),
        ("Na 131 mmol/L", "sodium", 131),
        ("hemoglobin 8.1 g/dL", "hemoglobin", 8.1),
        ("68-year-old man", "age", 68),
        ("a woman of 54 years", "age", 54),
        ("largest tumor 45 mm", "tumor size", 4.5),
        ("LVEF 35%", "left ventricular ejection fraction", 35),
        ("toe pressure 28 mmHg", "toe pressure", 28),
    ],
)
def test_values(text: str, name: str, value: float) -> None:
    (found,) = measurements(text)
    assert found.input == name
    assert found.quantity is not None
    assert found.quantity.value == pytest.approx(value, rel=1e-3)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "platelets < 50",
        "INR above 1.5",
        "platelets of at least 50",
        "bilirubin 2-3 mg/dL",
        "platelets",
        "AFP high",
    ],
)
def test_limits_and_ranges_are_no_values(text: str) -> None:
    assert measurements(text) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bilirubin 20", "needs its unit"),
        ("INR 240", "is impossible"),
        ("platelets 22 mg/dL", "cannot be converted"),
    ],
)
def test_what_cannot_be_is_told(text: str, said: str) -> None:
    (found,) = measurements(text)
    assert found.quantity is None
    assert found.problem is not None
    assert said in str(found.problem)


def test_a_sentence() -> None:
    text = "68-year-old, AFP 620, platelets 52, INR 1.4, albumin 3.1 g/dL, bilirubin 1.8"
    assert [(m.input, m.quantity.value) for m in measurements(text) if m.quantity] == [
        ("age", 68),
        ("alpha-fetoprotein", 620),
        ("platelet count", 52),
        ("international normalized ratio", 1.4),
        ("albumin", 3.1),
        ("bilirubin", 1.8),
    ]


@given(st.text(max_size=80))
def test_any_text_is_read_or_left(text: str) -> None:
    for one in measurements(text):
        assert (one.quantity is None) != (one.problem is None)
