from __future__ import annotations

import pytest

from ontology.scoring import (
    Quantity,
    ScoreError,
    UnitError,
    characteristics,
    compute,
    contradictions,
    derive,
    parse,
)

LIVER = {
    "bilirubin": Quantity(41, "umol/L"),
    "albumin": Quantity(31, "g/L"),
    "INR": 1.5,
    "ascites": "mild",
    "hepatic encephalopathy": "absent",
}


def test_child_pugh_in_either_unit() -> None:
    result = compute("Child-Pugh class", LIVER)
    assert (result.score, result.value, result.grade, result.missing) == ("Child-Pugh score", 8, "B", ())
    assert str(result) == "Child-Pugh score: B, 8 points"
    assert result.inputs["bilirubin"].unit == "mg/dL"
    assert characteristics(result) == {"Child-Pugh points": 8.0, "Child-Pugh class": "B"}


def test_what_is_missing_is_named() -> None:
    result = compute("Child-Pugh", {"bilirubin": 1})
    assert (result.value, result.grade, result.possible) == (None, None, ("A", "B", "C"))
    assert str(result) == (
        "Child-Pugh score: unknown, needs: albumin, international normalized ratio, ascites, "
        "hepatic encephalopathy"
    )
    # 3 + 3 + 3 points: class C whatever ascites and encephalopathy are, but the points stay unknown.
    certain = compute("Child-Pugh", {"bilirubin": 4, "albumin": 2, "INR": 3})
    assert (certain.value, certain.grade) == (None, "C")
    assert certain.missing == ("ascites", "hepatic encephalopathy")


def test_a_word_that_says_too_little_is_missing() -> None:
    assert compute("Child-Pugh", LIVER | {"ascites": "present"}).missing == ("ascites",)


def test_a_scale_needs_its_own_value() -> None:
    assert str(compute("Bosniak", {})) == "Bosniak class: unknown, needs: Bosniak class"
    assert compute("Bosniak", {"Bosniak class": "IIF"}).grade == "IIF"


def test_sources_and_formulas_are_told() -> None:
    result = compute("ALBI", LIVER)
    assert result.source.startswith("Johnson PJ")
    assert "log10" in result.formula
    assert compute("Child-Pugh", LIVER).formula.startswith("sum of points: bilirubin, albumin")


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"bilirubin": Quantity(900, "mg/dL")}, "900 mg/dL is impossible (possible: 0.05 to 80 mg/dL)"),
        ({"bilirubin": Quantity(3, "cm")}, "'cm' cannot be converted to 'mg/dL'"),
        ({"ascites": "blue"}, "'blue' is not known (one of: none, mild"),
        ({"albumin": "low"}, "'low' is no number"),
        ({"Child-Pugh points": 16}, "16 is impossible (possible: 5 to 15)"),
        ({"Child-Pugh class": "D"}, "'D' is no value of the Child-Pugh score (one of: A, B, C)"),
    ],
)
def test_impossible_values_are_refused(known: dict, said: str) -> None:
    with pytest.raises(ScoreError) as error:
        compute("Child-Pugh", known)
    assert said in str(error.value)


def test_unknown_score() -> None:
    with pytest.raises(ScoreError, match="no score is named 'Hogwarts'"):
        compute("Hogwarts", {})


def test_ambiguous_unit_is_refused() -> None:
    with pytest.raises(UnitError, match="20 needs its unit"):
        compute("ALBI", {"bilirubin": 20, "albumin": 4})


def test_derive() -> None:
    known = LIVER | {"platelets": 52, "creatinine": 1.1, "age": 68, "sex": "male", "hair": "grey"}
    found = {r.score: r for r in derive(known)}
    assert found["Child-Pugh score"].grade == "B"
    assert found["ALBI score"].grade == "2"
    assert found["estimated glomerular filtration rate"].grade == "2"
    assert "MELD score" not in found
    assert "Bosniak class" not in found
    assert derive({}) == ()
    assert {r.score: r.grade for r in derive({"Child-Pugh points": 7})} == {"Child-Pugh score": "B"}


def test_contradictions() -> None:
    (one,) = contradictions({"Child-Pugh points": 8, "Child-Pugh class": "A"})
    assert "Child-Pugh points 8 is Child-Pugh class B, not A" in str(one)
    (other,) = contradictions(LIVER | {"Child-Pugh class": "A"})
    assert "comes out as B" in str(other)
    assert contradictions(LIVER | {"Child-Pugh class": "B", "Child-Pugh points": 8}) == []
    assert contradictions(LIVER | {"ALBI score": -1.6}) == []
    assert contradictions({"ECOG": 1}) == []


def test_what_is_written_as_characteristics() -> None:
    assert characteristics(parse("Child-Pugh B7")) == {"Child-Pugh points": 7.0, "Child-Pugh class": "B"}
    assert characteristics(parse("ECOG 1")) == {"ECOG performance status": 1.0}
    assert characteristics(parse("mRS 0-2")) == {}
