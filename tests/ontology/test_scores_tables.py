"""The tables of scores: they have no problem, and hold for every patient."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology import scoring
from ontology.scoring.units import tidy
from ontology.tables import load
from ontology.terms import Branch
from tests.ontology.scores_patients import patients

COMPUTED = [name for name, one in scoring.scores().items() if one.kind != "scale"]
GRADED = [name for name in COMPUTED if any(g.tests for g in scoring.score(name).grades)]
LOOSE = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_tables_have_no_problem() -> None:
    assert [str(p) for p in scoring.check()] == []


def test_every_score_names_source_and_check() -> None:
    assert len(scoring.scores()) >= 100
    for one in scoring.scores().values():
        assert one.source
        assert one.checked
        assert one.grades or one.low is not None, one.name


@pytest.mark.parametrize("name", COMPUTED)
@given(data=st.data())
@LOOSE
def test_every_patient_has_one_result(name: str, data: st.DataObject) -> None:
    patient = data.draw(patients(name))
    one, result = scoring.score(name), scoring.compute(name, patient)
    assert result.missing == ()
    if one.class_name and one.grades:
        assert result.grade in one.values
    if one.value_name and one.low is not None and one.high is not None:
        assert result.value is not None
        assert one.low <= result.value <= one.high


@pytest.mark.parametrize("name", COMPUTED)
@given(data=st.data())
@LOOSE
def test_what_is_missing_never_changes_what_is_said(name: str, data: st.DataObject) -> None:
    patient = data.draw(patients(name))
    kept = data.draw(st.sets(st.sampled_from(sorted(patient))))
    full, part = scoring.compute(name, patient), scoring.compute(name, {k: patient[k] for k in kept})
    if full.grade is not None and scoring.score(name).grades:
        assert full.grade in part.possible
    assert part.grade in (None, full.grade)
    assert part.value in (None, full.value)
    if kept != set(patient) and part.value is None and part.grade is None:
        assert part.missing
        assert "unknown, needs: " in str(part)


# Worse inputs never make a better score (the direction in which each score's own table counts).
RISING = [
    ("Child-Pugh score", "bilirubin", 1),
    ("Child-Pugh score", "albumin", -1),
    ("Child-Pugh score", "international normalized ratio", 1),
    ("ALBI score", "bilirubin", 1),
    ("ALBI score", "albumin", -1),
    ("MELD score", "creatinine", 1),
    ("MELD score", "bilirubin", 1),
    ("MELD score", "international normalized ratio", 1),
    ("MELD 3.0 score", "bilirubin", 1),
    ("FIB-4 index", "age", 1),
    ("FIB-4 index", "platelet count", -1),
    ("APRI", "platelet count", -1),
    ("estimated glomerular filtration rate", "creatinine", -1),
    ("estimated glomerular filtration rate", "age", -1),
    ("PESI", "age", 1),
    ("PESI", "systolic blood pressure", -1),
    ("sPESI", "heart rate", 1),
    ("Glasgow-Blatchford score", "hemoglobin", -1),
    ("Glasgow-Blatchford score", "blood urea nitrogen", 1),
    ("RENAL nephrometry score", "tumor size", 1),
    ("RENAL nephrometry score", "renal mass distance to collecting system", -1),
    ("ICH score", "intracerebral hematoma volume", 1),
    ("ASPECTS", "ASPECTS regions with early ischemic change", -1),
    ("HAP score", "tumor size", 1),
    ("body mass index", "weight", 1),
]


@pytest.mark.parametrize(("name", "changed", "sign"), RISING)
@given(data=st.data())
@LOOSE
def test_monotonic(name: str, changed: str, sign: int, data: st.DataObject) -> None:
    patient, other = data.draw(patients(name)), data.draw(patients(name))
    low, high = sorted((float(patient[changed].value), float(other[changed].value)))
    unit = patient[changed].unit
    at_low = scoring.compute(name, patient | {changed: scoring.Quantity(low, unit)}).value
    at_high = scoring.compute(name, patient | {changed: scoring.Quantity(high, unit)}).value
    assert at_low is not None
    assert at_high is not None
    assert sign * (at_high - at_low) >= -1e-9


def test_terms_and_scores_name_each_other() -> None:
    terms = {t.label.removesuffix(" of the patient"): t for t in load().branch(Branch.PATIENT_CHARACTERISTIC)}
    for one in scoring.scores().values():
        for name in (one.value_name, one.class_name):
            if name:
                assert terms[name].slots.get("score") == (one.name,), name
        if one.class_name:
            assert terms[one.class_name].slots["values"] == one.values
    for term in terms.values():
        for named in term.slots.get("score", ()):
            assert named in scoring.scores(), term.label


def test_units_of_terms_and_inputs_agree() -> None:
    terms = {t.label.removesuffix(" of the patient"): t for t in load().branch(Branch.PATIENT_CHARACTERISTIC)}
    shared = [one for name, one in scoring.inputs().items() if name in terms and one.numeric]
    assert len(shared) > 20
    for one in shared:
        unit = "".join(terms[one.name].slots.get("unit", ()))
        assert tidy(unit) == tidy(one.unit) or not unit, one.name
