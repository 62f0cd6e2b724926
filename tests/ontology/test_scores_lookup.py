from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology import scoring
from ontology.scoring import Quantity, ScoreError, UnitError, order, quantity, score, worse
from ontology.scoring.lookup import grade_of, number


@pytest.mark.parametrize("name", ["Child-Pugh", "child pugh", "CTP", "Child-Pugh class", "CHILD-PUGH POINTS"])
def test_a_score_by_any_name(name: str) -> None:
    assert score(name).name == "Child-Pugh score"


def test_an_input_by_any_name() -> None:
    for name in ("platelets", "PLT", "Platelet count"):
        found = scoring.input_named(name)
        assert found is not None
        assert found.name == "platelet count"
    assert scoring.input_named("magic") is None


@pytest.mark.parametrize(
    ("text", "value", "rest"),
    [
        ("40,000 /uL", 40_000, "/uL"),
        ("2,4 mg/dL", 2.4, "mg/dL"),
        ("1,250,000", 1_250_000, ""),
        ("22 x 10^9/L", 22, "x 10^9/L"),
        ("2.5e5/uL", 250_000, "/uL"),
        ("-3.1", -3.1, ""),
        ("12,34", 12.34, ""),
    ],
)
def test_numbers(text: str, value: float, rest: str) -> None:
    assert number(text) == (value, rest)


def test_what_is_no_number() -> None:
    assert number("low") is None
    assert number("") is None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("platelet count", 40, Quantity(40.0, "10^9/L")),
        ("platelet count", 40_000, Quantity(40.0, "10^9/L")),
        ("platelets", "22 x 10^9/L", Quantity(22.0, "10^9/L")),
        ("platelets", "22×10⁹/l", Quantity(22.0, "10^9/L")),
        ("INR", "2.4", Quantity(2.4)),
        ("AFP", 620, Quantity(620.0, "ng/mL")),
        ("AFP", "100 IU/mL", Quantity(121.0, "ng/mL")),
        ("bilirubin", 1.2, Quantity(1.2, "mg/dL")),
        ("albumin", 28, Quantity(2.8, "g/dL")),
        ("albumin", 2.8, Quantity(2.8, "g/dL")),
        ("creatinine", "1,2 mg/dl", Quantity(1.2, "mg/dL")),
        ("sodium", "138 mEq/L", Quantity(138.0, "mmol/L")),
        ("hemoglobin", "95 g/L", Quantity(9.5, "g/dL")),
        ("temperature", 98.6, Quantity(37.0, "degC")),
        ("height", 1.8, Quantity(180.0, "cm")),
        ("ascites", "Absent", Quantity("none")),
        ("ascites", "slight", Quantity("mild")),
        ("melena", True, Quantity("present")),
        ("dialysis", "no", Quantity("no")),
        ("macrovascular invasion", False, Quantity("absent")),
        ("ECOG", "2", Quantity(2.0)),
        ("ALBI grade", 2.0, Quantity("2")),
        ("ASA", "3", Quantity("III")),
        ("Child-Pugh class", "b", Quantity("B")),
    ],
)
def test_quantities(name: str, value: object, expected: Quantity) -> None:
    found = quantity(name, value)  # type: ignore[arg-type]
    assert found.unit == expected.unit
    assert found.value == (
        pytest.approx(expected.value) if isinstance(expected.value, float) else expected.value
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("platelets", "-5", "possible: 1 to 3000 10^9/L"),
        ("INR", 50, "possible: 0.5 to 20"),
        ("age", 200, "possible: 0 to 120 year"),
        ("age", float("nan"), "is impossible"),
        ("age", float("inf"), "is impossible"),
        ("number of tumors", 1.5, "is no whole number"),
        ("INR", True, "is no number"),
        ("ECOG", 7, "possible: 0 to 5"),
        ("Karnofsky", 75, "is no step of the scale"),
        ("TASC II", "E", "one of: A, B, C, D"),
        ("platelets", "52 mg/dL", "cannot be converted to '10^9/L'"),
        ("platelets", "52 bananas", "is no unit"),
    ],
)
def test_refused(name: str, value: object, said: str) -> None:
    with pytest.raises(ScoreError) as error:
        quantity(name, value)  # type: ignore[arg-type]
    assert said in str(error.value)


# A bare number that may be in either unit is refused: 20 mg/dL and 20 umol/L of bilirubin are both possible.
@pytest.mark.parametrize(
    ("name", "value"), [("bilirubin", 5), ("bilirubin", 80), ("albumin", 8), ("creatinine", 20)]
)
def test_a_unit_has_to_be_said(name: str, value: float) -> None:
    with pytest.raises(UnitError, match="needs its unit"):
        quantity(name, value)


@given(st.sampled_from(sorted(scoring.inputs())), st.floats(allow_nan=True, allow_infinity=True))
def test_a_number_is_in_range_or_refused(name: str, value: float) -> None:
    one = scoring.inputs()[name]
    try:
        found = quantity(name, value)
    except ScoreError:
        return
    if one.numeric:
        assert one.low is not None
        assert one.high is not None
        assert one.low <= float(found.value) <= one.high


def test_order() -> None:
    assert order("Child-Pugh", "B", "A") == 1
    assert order("Child-Pugh", "A", "C") == -1
    assert order("Child-Pugh", 7, 9) == -1
    assert order("Child-Pugh", "B", 7) == 0
    assert order("ASA", "III", "3") == 0
    assert order("ASA", "IV", 2) == 1
    assert order("TICI", "2b", "2a") == 1
    assert order("T category", "T1b", "T1a") == 1
    assert order("NIHSS", 5, 20) == -1
    with pytest.raises(ScoreError):
        order("Child-Pugh", "B", "Z")


@given(st.sampled_from([n for n, s in scoring.scores().items() if s.grades]), st.data())
def test_order_is_that_of_the_table(name: str, data: st.DataObject) -> None:
    one = score(name)
    a, b = data.draw(st.sampled_from(one.values)), data.draw(st.sampled_from(one.values))
    assert order(name, a, b) == -order(name, b, a)
    assert (order(name, a, b) == 0) == (a == b)


def test_worse() -> None:
    assert worse("ECOG", 2, 1)
    assert worse("TICI", "2a", "3")
    assert worse("Karnofsky", 50, 90)
    assert worse("CKD stage", "4", "3a")
    assert worse("eGFR", 20, 80)
    assert worse("ASPECTS", 3, 9)
    assert worse("Forrest", "Ia", "III")
    assert worse("PE risk class", "high", "intermediate-low")
    assert not worse("Child-Pugh", "A", "B")
    with pytest.raises(ScoreError, match="not better or worse"):
        worse("Stanford", "A", "B")


def test_numerals() -> None:
    assert grade_of(score("ASA"), "2") == grade_of(score("ASA"), "ii")
    assert grade_of(score("TASC II"), "2") is None
