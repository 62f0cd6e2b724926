from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology import scoring
from ontology.scoring import ScoreError, among, find, parse


@pytest.mark.parametrize(
    ("text", "score", "grade", "value"),
    [
        ("Child-Pugh B7", "Child-Pugh score", "B", 7),
        ("CP-B7", "Child-Pugh score", "B", 7),
        ("Child-Pugh class B (7 points)", "Child-Pugh score", "B", 7),
        ("Child–Pugh class A", "Child-Pugh score", "A", None),
        ("CP-A", "Child-Pugh score", "A", None),
        ("Child-Pugh score 8", "Child-Pugh score", "B", 8),
        ("BCLC-B", "BCLC stage", "B", None),
        ("BCLC stage 0", "BCLC stage", "0", None),
        ("ECOG PS 1", "ECOG performance status", "1", 1),
        ("ECOG performance status of 2", "ECOG performance status", "2", 2),
        ("TICI 2b", "mTICI grade", "2b", None),
        ("eTICI 2b67", "eTICI grade", "2b67", None),
        ("Rutherford 4", "Rutherford category", "4", None),
        ("Rutherford category 5", "Rutherford category", "5", None),
        ("Rutherford IIb", "acute limb ischemia class", "IIb", None),
        ("Fontaine IIb", "Fontaine stage", "IIb", None),
        ("ASA III", "ASA class", "III", None),
        ("ASA 3", "ASA class", "III", None),
        ("MELD 15", "MELD score", None, 15),
        ("MELD-Na 18", "MELD-Na score", None, 18),
        ("MELD 3.0 22", "MELD 3.0 score", None, 22),
        ("MELD 3.0 of 22", "MELD 3.0 score", None, 22),
        ("ALBI grade 2", "ALBI score", "2", None),
        ("ALBI -2.3", "ALBI score", "2", -2.3),
        ("T1a", "T category", "T1a", None),
        ("cT2", "T category", "T2", None),
        ("pT3a", "T category", "T3a", None),
        ("LR-5", "LI-RADS category", "LR-5", None),
        ("LI-RADS 4", "LI-RADS category", "LR-4", None),
        ("Vp3", "portal vein tumor thrombus class", "Vp3", None),
        ("Bosniak IIF", "Bosniak class", "IIF", None),
        ("CEAP C4b", "CEAP clinical class", "C4b", None),
        ("WFNS grade II", "WFNS grade", "II", None),
        ("Hunt-Hess 3", "Hunt-Hess grade", "3", None),
        ("Hunt and Hess grade III", "Hunt-Hess grade", "3", None),
        ("modified Fisher 3", "modified Fisher grade", "3", None),
        ("Spetzler-Martin grade III", "Spetzler-Martin score", "III", None),
        ("NIHSS 16", "NIHSS score", "moderate to severe", 16),
        ("ASPECTS 8", "ASPECTS", "small or moderate core", 8),
        ("GCS 13", "Glasgow Coma Scale", "mild", 13),
        ("mRS 3", "modified Rankin Scale", "3", 3),
        ("pre-stroke mRS 1", "premorbid modified Rankin Scale", "1", 1),
        ("CHA2DS2-VASc score of 4", "CHA2DS2-VASc score", None, 4),
        ("HAS-BLED 3", "HAS-BLED score", "high", 3),
        ("PESI class III", "PESI", "III", None),
        ("sPESI 1", "sPESI", "high", 1),
        ("TASC D", "TASC II class", "D", None),
        ("TASC II C", "TASC II class", "C", None),
        ("WIfI stage 3", "WIfI stage", "3", None),
        ("KL grade 4", "Kellgren-Lawrence grade", "4", None),
        ("METAVIR F3", "METAVIR fibrosis stage", "F3", None),
        ("Ishak 5", "Ishak fibrosis stage", "5", None),
        ("Forrest Ib", "Forrest class", "Ib", None),
        ("AAST grade IV", "AAST organ injury grade", "IV", None),
        ("FIGO type 3", "FIGO fibroid type", "3", None),
        ("KPS 80%", "Karnofsky performance status", "80", 80),
        ("eGFR 45", "estimated glomerular filtration rate", "3a", 45),
        ("CKD stage 3b", "estimated glomerular filtration rate", "3b", None),
        ("RENAL score 8", "RENAL nephrometry score", "moderate", 8),
        ("SINS 9", "spinal instability neoplastic score", "potentially unstable", 9),
        ("IPSS 22", "International Prostate Symptom Score", "severe", 22),
        ("VAS 7", "pain score", None, 7),
        ("NYHA III", "NYHA class", "III", None),
        ("mRECIST CR", "mRECIST response", "CR", None),
        ("Clavien-Dindo IIIa", "Clavien-Dindo grade", "IIIa", None),
    ],
)
def test_written_values(text: str, score: str, grade: str | None, value: float | None) -> None:
    found = parse(text)
    assert (found.score, found.grade, found.value) == (score, grade, value)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("mRS 0-2", 0, 2),
        ("mRS 0 to 2", 0, 2),
        ("mRS of 3–6", 3, 6),
        ("BCLC 0-A", "0", "A"),
        ("BCLC A or B", "A", "B"),
        ("Child-Pugh A/B", "A", "B"),
        ("Child-Pugh 5-6", 5, 6),
        ("ECOG 0-1", 0, 1),
        ("Rutherford 4-6", "4", "6"),
    ],
)
def test_ranges(text: str, low: object, high: object) -> None:
    found = parse(text)
    assert (found.low, found.high, found.grade, found.value) == (low, high, None, None)


@pytest.mark.parametrize("text", ["Child-Pugh A9", "Child-Pugh C5", "CP-B6"])
def test_a_class_that_contradicts_its_points(text: str) -> None:
    with pytest.raises(ScoreError, match="contradicts itself"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no score here",
        "MELD 300",
        "ECOG 9",
        "a vertebral metastasis at T12",
        "T2 hyperintense on MRI",
        "MELD > 18",
        "ECOG above 2",
        "the ASA guideline",
        "Child-Pugh",
        "mRS at 90 days",
    ],
)
def test_what_says_no_value(text: str) -> None:
    assert find(text) == ()
    with pytest.raises(ScoreError):
        parse(text)


def test_a_sentence() -> None:
    text = "68-year-old, cirrhosis, Child-Pugh B7, HCC cT2 N0 M0, BCLC A, ECOG 1, MELD-Na 14, mRS 0-2"
    assert [(w.score, w.grade, w.value) for w in find(text)] == [
        ("Child-Pugh score", "B", 7),
        ("T category", "T2", None),
        ("N category", "N0", None),
        ("M category", "M0", None),
        ("BCLC stage", "A", None),
        ("ECOG performance status", "1", 1),
        ("MELD-Na score", None, 14),
        ("modified Rankin Scale", None, None),
    ]


@given(st.sampled_from([(n, g) for n, s in scoring.scores().items() if s.class_name for g in s.values]))
def test_every_value_can_be_written_with_the_name_of_its_class(pair: tuple[str, str]) -> None:
    name, grade = pair
    one = scoring.score(name)
    found = parse(f"{one.class_name} {grade}")
    assert (found.score, found.grade) == (name, grade)


@given(st.text(max_size=80))
def test_any_text_is_read_or_left(text: str) -> None:
    for one in find(text):
        assert text[one.start : one.end] == one.text


def test_among() -> None:
    assert among(parse("mRS 0-2"), 0, 2) is True
    assert among(parse("mRS 0-2"), 0, 1) is None
    assert among(parse("mRS 3-6"), 0, 2) is False
    assert among(parse("mRS 0-6"), 1, 2) is None
    assert among(parse("Child-Pugh B7"), "A", "B") is True
    assert among(parse("Child-Pugh C"), "A", "B") is False


def test_long_text_is_read_in_time() -> None:
    import time

    text = "Child-Pugh " * 2000 + "mRS 0-2 " * 500
    start = time.perf_counter()
    assert len(find(text)) == 500
    assert time.perf_counter() - start < 20
