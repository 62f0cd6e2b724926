from __future__ import annotations

import math

import pytest

from ontology import scoring
from ontology.scoring import Quantity, ScoreError, UnitError, characteristics, compute, contradictions, derive

LIVER = {
    "bilirubin": Quantity(41, "umol/L"),
    "albumin": Quantity(31, "g/L"),
    "INR": 1.5,
    "ascites": "mild",
    "hepatic encephalopathy": "absent",
}

# (score, inputs that stay, input that changes, (value, points of the score) ...): thresholds as the
# definitions print them, a step to each side. Sources stand in `ontology/scores/scores.tsv`.
WELL = {
    "bilirubin": 1,
    "albumin": 4,
    "INR": 1.0,
    "ascites": "none",
    "hepatic encephalopathy": "absent",
}
STABLE_PE = {
    "age": 50,
    "history of cancer": "no",
    "chronic cardiopulmonary disease": "no",
    "heart rate": 80,
    "systolic blood pressure": 120,
    "oxygen saturation": 97,
}
GBS = {
    "blood urea nitrogen": 10,
    "hemoglobin": 15,
    "sex": "male",
    "systolic blood pressure": 120,
    "heart rate": 80,
    "melena": "no",
    "syncope": "no",
    "liver disease": "no",
    "cardiac failure": "no",
}
RENAL = {
    "tumor size": 3,
    "exophytic part of renal mass": "at least half",
    "renal mass distance to collecting system": 10,
    "location relative to polar lines": "beyond the polar line",
}
ICH = {
    "Glasgow Coma Scale": 15,
    "intracerebral hematoma volume": 5,
    "intraventricular hemorrhage": "no",
    "infratentorial origin": "no",
    "age": 60,
}
CHADS = dict.fromkeys(
    ["heart failure", "hypertension", "diabetes", "prior stroke", "vascular disease"], "no"
) | {"age": 50, "sex": "male"}
AIMS = {"albumin": 4, "INR": 1, "altered mental status": "no", "systolic blood pressure": 120, "age": 50}
ROCKALL = {
    "age": 50,
    "shock of Rockall": "none",
    "comorbidity of Rockall": "none",
    "endoscopic diagnosis of Rockall": "Mallory-Weiss tear or no lesion",
    "stigmata of Rockall": "none or dark spot",
}
BOVA = {
    "systolic blood pressure": 130,
    "elevated troponin": "no",
    "right ventricular dysfunction": "no",
    "heart rate": 80,
}
AVM = {"arteriovenous malformation size": 2, "eloquent location": "no", "deep venous drainage": "no"}
HAP = {"albumin": 4, "bilirubin": 0.5, "alpha-fetoprotein": 10, "tumor size": 3}
OKUDA = {"tumor over half of the liver": "no", "ascites": "none", "albumin": 4, "bilirubin": 1}
TOKYO = {
    "white blood cell count": 8,
    "body temperature": 37,
    "age": 50,
    "bilirubin": 1,
    "albumin below 0.7 of the lower limit": "no",
}
WELLS = dict.fromkeys(
    [
        "clinical signs of deep vein thrombosis",
        "pulmonary embolism the most likely diagnosis",
        "immobilization or surgery",
        "prior venous thromboembolism",
        "hemoptysis",
        "active cancer",
    ],
    "no",
) | {"heart rate": 80}
BLED = dict.fromkeys(
    [
        "uncontrolled hypertension",
        "abnormal renal function",
        "abnormal liver function",
        "prior stroke",
        "prior bleeding",
        "labile INR",
        "antiplatelet therapy",
        "alcohol excess",
    ],
    "no",
) | {"age": 50}
THRESHOLDS = [
    ("Child-Pugh", WELL, "bilirubin", [(1.99, 5), (2, 6), (3, 6), (3.01, 7)]),
    ("Child-Pugh", WELL, "albumin", [(3.51, 5), (3.5, 6), (2.8, 6), (2.79, 7)]),
    ("Child-Pugh", WELL, "INR", [(1.69, 5), (1.7, 6), (2.3, 6), (2.31, 7)]),
    ("Child-Pugh", WELL, "ascites", [("none", 5), ("mild", 6), ("moderate", 7), ("refractory", 7)]),
    ("Child-Pugh", WELL, "hepatic encephalopathy", [("none", 5), ("grade 2", 6), ("grade 3", 7)]),
    ("sPESI", STABLE_PE, "age", [(80, 0), (81, 1)]),
    ("sPESI", STABLE_PE, "heart rate", [(109, 0), (110, 1)]),
    ("sPESI", STABLE_PE, "systolic blood pressure", [(100, 0), (99, 1)]),
    ("sPESI", STABLE_PE, "oxygen saturation", [(90, 0), (89, 1)]),
    (
        "Glasgow-Blatchford",
        GBS,
        "blood urea nitrogen",
        [(18.1, 0), (18.2, 2), (22.4, 3), (28, 4), (69.9, 4), (70, 6)],
    ),
    ("Glasgow-Blatchford", GBS, "hemoglobin", [(13, 0), (12.9, 1), (12, 1), (11.9, 3), (10, 3), (9.9, 6)]),
    ("Glasgow-Blatchford", GBS | {"sex": "f"}, "hemoglobin", [(12, 0), (11.9, 1), (10, 1), (9.9, 6)]),
    (
        "Glasgow-Blatchford",
        GBS,
        "systolic blood pressure",
        [(110, 0), (109, 1), (100, 1), (99, 2), (90, 2), (89, 3)],
    ),
    ("Glasgow-Blatchford", GBS, "heart rate", [(99, 0), (100, 1)]),
    ("RENAL", RENAL, "tumor size", [(4, 4), (4.1, 5), (6.9, 5), (7, 6)]),
    ("RENAL", RENAL, "renal mass distance to collecting system", [(7, 4), (6.9, 5), (4.1, 5), (4, 6)]),
    ("ICH score", ICH, "Glasgow Coma Scale", [(13, 0), (12, 1), (5, 1), (4, 2), (3, 2)]),
    ("ICH score", ICH, "intracerebral hematoma volume", [(29.9, 0), (30, 1)]),
    ("ICH score", ICH, "age", [(79, 0), (80, 1)]),
    ("CHA2DS2-VASc", CHADS, "age", [(64, 0), (65, 1), (74, 1), (75, 2)]),
    ("CHA2DS2-VASc", CHADS, "prior stroke", [("no", 0), ("yes", 2)]),
    ("CHA2DS2-VASc", CHADS, "sex", [("male", 0), ("female", 1)]),
    ("HAS-BLED", BLED, "age", [(65, 0), (66, 1)]),
    ("AIMS65", AIMS, "albumin", [(3, 0), (2.9, 1)]),
    ("AIMS65", AIMS, "INR", [(1.5, 0), (1.51, 1)]),
    ("AIMS65", AIMS, "systolic blood pressure", [(91, 0), (90, 1)]),
    ("AIMS65", AIMS, "age", [(64, 0), (65, 1)]),
    ("Rockall", ROCKALL, "age", [(59, 0), (60, 1), (79, 1), (80, 2)]),
    ("BOVA", BOVA, "systolic blood pressure", [(101, 0), (100, 2), (90, 2)]),
    ("BOVA", BOVA, "heart rate", [(109, 0), (110, 1)]),
    ("Spetzler-Martin", AVM, "arteriovenous malformation size", [(2.9, 1), (3, 2), (6, 2), (6.1, 3)]),
    ("HAP", HAP, "albumin", [(Quantity(36, "g/L"), 0), (Quantity(35.9, "g/L"), 1)]),
    ("HAP", HAP, "bilirubin", [(Quantity(17, "umol/L"), 0), (Quantity(17.1, "umol/L"), 1)]),
    ("HAP", HAP, "alpha-fetoprotein", [(400, 0), (401, 1)]),
    ("HAP", HAP, "tumor size", [(7, 0), (7.1, 1)]),
    ("Okuda", OKUDA, "albumin", [(3, 0), (2.9, 1)]),
    ("Okuda", OKUDA, "bilirubin", [(3, 0), (3.1, 1)]),
    ("Tokyo cholangitis criteria", TOKYO, "white blood cell count", [(12, 0), (12.1, 1), (4, 0), (3.9, 1)]),
    ("Tokyo cholangitis criteria", TOKYO, "body temperature", [(38.9, 0), (39, 1)]),
    ("Tokyo cholangitis criteria", TOKYO, "age", [(74, 0), (75, 1)]),
    ("Tokyo cholangitis criteria", TOKYO, "bilirubin", [("4.9 mg/dL", 0), ("5 mg/dL", 1)]),
    ("Wells PE", WELLS, "heart rate", [(100, 0), (101, 1.5)]),
    ("Wells PE", WELLS, "clinical signs of deep vein thrombosis", [("no", 0), ("yes", 3)]),
]


@pytest.mark.parametrize(("name", "stays", "changed", "expected"), THRESHOLDS)
def test_points_at_every_threshold(name: str, stays: dict, changed: str, expected: list) -> None:
    for value, points in expected:
        assert compute(name, stays | {changed: value}).value == points, (changed, value)


CLASSES = [
    ("Child-Pugh points", [(5, "A"), (6, "A"), (7, "B"), (9, "B"), (10, "C"), (15, "C")]),
    ("ALBI score", [(-2.61, "1"), (-2.6, "1"), (-2.59, "2"), (-1.39, "2"), (-1.38, "3")]),
    (
        "FIB-4 index",
        [
            (1.44, "advanced fibrosis unlikely"),
            (1.45, "indeterminate"),
            (3.25, "indeterminate"),
            (3.26, "advanced fibrosis likely"),
        ],
    ),
    (
        "APRI",
        [
            (0.5, "significant fibrosis unlikely"),
            (0.51, "indeterminate"),
            (1.5, "indeterminate"),
            (1.51, "significant fibrosis likely"),
        ],
    ),
    ("Freiburg index of post-TIPS survival", [(0.91, "low"), (0.92, "high")]),
    (
        "estimated glomerular filtration rate",
        [
            (90, "1"),
            (89, "2"),
            (60, "2"),
            (59, "3a"),
            (45, "3a"),
            (44, "3b"),
            (30, "3b"),
            (29, "4"),
            (15, "4"),
            (14, "5"),
        ],
    ),
    (
        "PESI",
        [(65, "I"), (66, "II"), (85, "II"), (86, "III"), (105, "III"), (106, "IV"), (125, "IV"), (126, "V")],
    ),
    ("sPESI", [(0, "low"), (1, "high")]),
    ("BOVA points", [(2, "I"), (3, "II"), (4, "II"), (5, "III")]),
    ("Wells DVT score", [(1, "unlikely"), (2, "likely")]),
    ("Wells PE score", [(4, "unlikely"), (4.5, "likely")]),
    ("HAS-BLED score", [(2, "low or moderate"), (3, "high")]),
    (
        "NIHSS score",
        [
            (0, "no symptoms"),
            (4, "minor"),
            (5, "moderate"),
            (15, "moderate"),
            (16, "moderate to severe"),
            (20, "moderate to severe"),
            (21, "severe"),
        ],
    ),
    (
        "ASPECTS",
        [(2, "very large core"), (3, "large core"), (5, "large core"), (6, "small or moderate core")],
    ),
    ("Glasgow Coma Scale", [(8, "severe"), (9, "moderate"), (12, "moderate"), (13, "mild")]),
    (
        "ankle-brachial index",
        [
            (0.9, "abnormal"),
            (0.91, "borderline"),
            (0.99, "borderline"),
            (1.0, "normal"),
            (1.4, "normal"),
            (1.41, "noncompressible"),
        ],
    ),
    ("RENAL nephrometry score", [(6, "low"), (7, "moderate"), (9, "moderate"), (10, "high")]),
    (
        "spinal instability neoplastic score",
        [(6, "stable"), (7, "potentially unstable"), (12, "potentially unstable"), (13, "unstable")],
    ),
    (
        "International Prostate Symptom Score",
        [(7, "mild"), (8, "moderate"), (19, "moderate"), (20, "severe")],
    ),
    (
        "Oswestry Disability Index",
        [
            (20, "minimal disability"),
            (21, "moderate disability"),
            (40, "moderate disability"),
            (41, "severe disability"),
            (60, "severe disability"),
            (61, "crippled"),
            (80, "crippled"),
            (81, "bed-bound or exaggerating"),
        ],
    ),
    (
        "body mass index",
        [
            (18.4, "underweight"),
            (18.5, "normal"),
            (24.9, "normal"),
            (25, "overweight"),
            (30, "obesity class I"),
            (35, "obesity class II"),
            (40, "obesity class III"),
        ],
    ),
    ("HAP points", [(0, "A"), (1, "B"), (2, "C"), (3, "D")]),
    ("Okuda points", [(0, "I"), (1, "II"), (2, "II"), (3, "III")]),
    ("Rockall score", [(2, "low"), (3, "intermediate"), (7, "intermediate"), (8, "high")]),
    ("AIMS65 score", [(1, "low"), (2, "high")]),
    ("Spetzler-Martin points", [(1, "I"), (5, "V")]),
    ("up-to-seven sum", [(7, "within"), (7.1, "beyond")]),
]


@pytest.mark.parametrize(("name", "expected"), CLASSES)
def test_classes_at_every_threshold(name: str, expected: list) -> None:
    for value, grade in expected:
        assert compute(name, {name: value}).grade == grade, value


def test_every_graded_number_is_tested_at_its_thresholds() -> None:
    tested = {scoring.score(name).name for name, _ in CLASSES}
    graded = {s.name for s in scoring.scores().values() if s.class_name and any(g.tests for g in s.grades)}
    assert graded <= tested


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
        "Child-Pugh score: unknown, needs: albumin, international normalized ratio, ascites, hepatic encephalopathy"
    )
    # 3 + 3 + 3 points: class C whatever ascites and encephalopathy are, but the points stay unknown.
    certain = compute("Child-Pugh", {"bilirubin": 4, "albumin": 2, "INR": 3})
    assert (certain.value, certain.grade) == (None, "C")
    assert certain.missing == ("ascites", "hepatic encephalopathy")


def test_a_word_that_says_too_little_is_missing() -> None:
    assert compute("Child-Pugh", LIVER | {"ascites": "present"}).missing == ("ascites",)


# ALBI: Johnson 2015, bilirubin 20 umol/L and albumin 40 g/L by its formula.
def test_albi() -> None:
    result = compute("ALBI", {"bilirubin": Quantity(20, "umol/L"), "albumin": Quantity(40, "g/L")})
    assert result.value == pytest.approx(0.66 * math.log10(20) - 0.085 * 40)
    assert result.grade == "2"
    assert compute("ALBI", {"bilirubin": Quantity(10, "umol/L"), "albumin": Quantity(45, "g/L")}).grade == "1"
    assert compute("ALBI", {"bilirubin": Quantity(90, "umol/L"), "albumin": Quantity(25, "g/L")}).grade == "3"


MELD = {"bilirubin": 2.5, "creatinine": 1.2, "INR": 1.8, "dialysis": "no"}


# MELD: 10 x (0.957 ln 1.2 + 0.378 ln 2.5 + 1.12 ln 1.8 + 0.643) = 18.2 by hand; limits of UNOS.
def test_meld() -> None:
    assert compute("MELD", MELD).value == 18
    assert compute("MELD", MELD | {"bilirubin": 0.3, "creatinine": 0.5, "INR": 0.9}).value == 6
    assert compute("MELD", MELD | {"bilirubin": "50 mg/dL", "creatinine": "8.9 mg/dL", "INR": 8}).value == 40
    on_dialysis = compute("MELD", MELD | {"dialysis": "yes"}).value
    assert on_dialysis == compute("MELD", MELD | {"creatinine": 4}).value
    assert compute("MELD", {"bilirubin": 2, "INR": 1.2}).missing == ("dialysis", "creatinine")


# MELD-Na (OPTN 2016): 18 + 1.32 x 7 - 0.033 x 18 x 7 = 23.1; sodium of 137 adds nothing; up to 11 MELD stays.
def test_meld_na() -> None:
    assert compute("MELD-Na", MELD | {"sodium": 130}).value == 23
    assert compute("MELD-Na", MELD | {"sodium": 140}).value == 18
    assert (
        compute("MELD-Na", MELD | {"sodium": 120}).value == compute("MELD-Na", MELD | {"sodium": 125}).value
    )
    assert compute("MELD-Na", {"MELD score": 11, "sodium": 120}).value == 11
    assert compute("MELD-Na", {"MELD score": 20, "sodium": 130}).value == 25


# MELD 3.0 (Kim 2021): the formula written out for a woman, and its limits.
def test_meld_3() -> None:
    known = MELD | {"sodium": 130, "albumin": 2.5, "sex": "female"}
    by_hand = (
        1.33
        + 4.56 * math.log(2.5)
        + 0.82 * 7
        - 0.24 * 7 * math.log(2.5)
        + 9.09 * math.log(1.8)
        + 11.14 * math.log(1.2)
        + 1.85 * 1
        - 1.83 * 1 * math.log(1.2)
        + 6
    )
    assert compute("MELD 3.0", known).value == math.floor(by_hand + 0.5) == 25
    assert compute("MELD 3.0", known | {"sex": "male"}).value == math.floor(by_hand - 1.33 + 0.5)
    assert (
        compute("MELD 3.0", known | {"creatinine": 8}).value
        == compute("MELD 3.0", known | {"dialysis": "yes"}).value
    )
    assert (
        compute("MELD 3.0", known | {"albumin": 1.0}).value
        == compute("MELD 3.0", known | {"albumin": 1.5}).value
    )


# CKD-EPI 2021 (Inker 2021): at creatinine equal to kappa both powers are one.
def test_gfr() -> None:
    for sex, kappa, factor in (("female", 0.7, 1.012), ("male", 0.9, 1.0)):
        expected = 142 * 0.9938**50 * factor
        found = compute("eGFR", {"creatinine": kappa, "age": 50, "sex": sex})
        assert found.value == math.floor(expected + 0.5)
    assert compute("CKD stage", {"creatinine": 2.0, "age": 70, "sex": "male"}).grade == "3b"


# Sterling 2006 and Wai 2003 by their formulas: 60 x 80 / (100 x sqrt 64) = 6; 80 / 40 / 100 x 100 = 2.
def test_fibrosis_indices() -> None:
    fib = compute("FIB-4", {"age": 60, "AST": 80, "ALT": 64, "platelets": 100})
    assert (fib.value, fib.grade) == (6.0, "advanced fibrosis likely")
    apri = compute("APRI", {"AST": 80, "AST ULN": 40, "platelets": "100 x 10^9/L"})
    assert (apri.value, apri.grade) == (2.0, "significant fibrosis likely")


HCC = {"ECOG": 0, "Child-Pugh class": "A", "macrovascular invasion": "no", "extrahepatic spread": "no"}


# Reig 2022: the stages as their boxes describe them.
@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({"number of tumors": 1, "tumor size": 2}, "0"),
        ({"number of tumors": 1, "tumor size": 2.1}, "A"),
        ({"number of tumors": 1, "tumor size": 9}, "A"),
        ({"number of tumors": 3, "tumor size": 3}, "A"),
        ({"number of tumors": 3, "tumor size": 3.1}, "B"),
        ({"number of tumors": 4, "tumor size": 1}, "B"),
        ({"macrovascular invasion": "yes"}, "C"),
        ({"extrahepatic spread": "yes"}, "C"),
        ({"ECOG": 1, "performance status impaired by the tumor": "yes"}, "C"),
        ({"ECOG": 3}, "D"),
        ({"Child-Pugh class": "C"}, "D"),
    ],
)
def test_bclc(changes: dict, stage: str) -> None:
    result = compute("BCLC", HCC | changes)
    assert (result.grade, result.missing) == (stage, ())


def test_bclc_does_not_guess() -> None:
    single = HCC | {"number of tumors": 1, "tumor size": 4.5, "ECOG": 1}
    result = compute("BCLC", single)
    assert (result.grade, result.possible) == (None, ("A", "C"))
    assert result.missing == ("performance status impaired by the tumor",)
    # The class of Child-Pugh is computed from its own inputs, and those that are missing are named.
    lacking = {k: v for k, v in single.items() if k != "Child-Pugh class"} | LIVER | {"ECOG": 0}
    assert compute("BCLC", lacking).grade == "A"
    del lacking["albumin"]
    assert compute("BCLC", lacking).grade is None or compute("BCLC", lacking).missing == ()


# Mills 2014: the corners and the middle of the table.
@pytest.mark.parametrize(
    ("wound", "ischemia", "infection", "stage"),
    [
        (0, 0, 0, "1"),
        (0, 0, 3, "3"),
        (1, 1, 1, "2"),
        (2, 1, 0, "3"),
        (0, 3, 0, "2"),
        (3, 3, 3, "4"),
        (1, 2, 2, "4"),
    ],
)
def test_wifi(wound: int, ischemia: int, infection: int, stage: str) -> None:
    known = {
        "WIfI wound grade": wound,
        "WIfI ischemia grade": str(ischemia),
        "WIfI foot infection grade": infection,
    }
    assert compute("WIfI", known).grade == stage


def test_wifi_from_toe_pressure() -> None:
    for pressure, grade in ((60, "0"), (59, "1"), (40, "1"), (39, "2"), (30, "2"), (29, "3")):
        assert compute("WIfI ischemia", {"toe pressure": pressure}).grade == grade
    known = {"WIfI wound grade": 2, "toe pressure": 25, "WIfI foot infection grade": 0}
    assert compute("WIfI stage", known).grade == "4"


# ESC 2019, table 8.
@pytest.mark.parametrize(
    ("unstable", "ventricle", "troponin", "spesi", "risk"),
    [
        ("yes", "no", "no", 0, "high"),
        ("no", "yes", "yes", 1, "intermediate-high"),
        ("no", "yes", "no", 1, "intermediate-low"),
        ("no", "no", "yes", 0, "intermediate-low"),
        ("no", "no", "no", 1, "intermediate-low"),
        ("no", "no", "no", 0, "low"),
    ],
)
def test_esc(unstable: str, ventricle: str, troponin: str, spesi: int, risk: str) -> None:
    known = {
        "hemodynamic instability": unstable,
        "right ventricular dysfunction": ventricle,
        "elevated troponin": troponin,
        "sPESI": spesi,
    }
    assert compute("ESC risk class", known).grade == risk


# LI-RADS v2018, CT/MRI diagnostic table: all its cells.
@pytest.mark.parametrize(
    ("size", "enhances", "features", "category"),
    [
        (1.9, "no", "", "LR-3"),
        (1.9, "no", "c", "LR-3"),
        (1.9, "no", "cw", "LR-4"),
        (2.0, "no", "", "LR-3"),
        (2.0, "no", "w", "LR-4"),
        (2.0, "no", "cwg", "LR-4"),
        (0.9, "yes", "", "LR-3"),
        (0.9, "yes", "w", "LR-4"),
        (0.9, "yes", "wcg", "LR-4"),
        (1.0, "yes", "", "LR-3"),
        (1.9, "yes", "c", "LR-4"),
        (1.9, "yes", "w", "LR-5"),
        (1.9, "yes", "g", "LR-5"),
        (1.9, "yes", "cw", "LR-5"),
        (2.0, "yes", "", "LR-4"),
        (2.0, "yes", "c", "LR-5"),
        (2.0, "yes", "g", "LR-5"),
    ],
)
def test_lirads(size: float, enhances: str, features: str, category: str) -> None:
    known = {
        "tumor size": size,
        "APHE": enhances,
        "enhancing capsule": "c" in features,
        "washout": "w" in features,
        "threshold growth": "g" in features,
    }
    assert compute("LI-RADS", known).grade == category


# AJCC 8: liver and kidney.
def test_tnm() -> None:
    liver = {
        "number of tumors": 1,
        "tumor size": 2.0,
        "vascular invasion": "no",
        "invasion of adjacent organs": "no",
        "invasion of major portal or hepatic vein branch": "no",
    }
    for changes, category, stage in (
        ({}, "T1a", "IA"),
        ({"tumor size": 2.1}, "T1b", "IB"),
        ({"tumor size": 2.1, "vascular invasion": "yes"}, "T2", "II"),
        ({"number of tumors": 2, "tumor size": 5}, "T2", "II"),
        ({"number of tumors": 2, "tumor size": 5.1}, "T3", "IIIA"),
        ({"invasion of major portal or hepatic vein branch": "yes"}, "T4", "IIIB"),
    ):
        assert compute("HCC T category", liver | changes).grade == category
        known = liver | changes | {"N category": "N0", "M category": "M0"}
        assert compute("HCC TNM stage", known).grade == stage
    assert compute("HCC TNM stage", liver | {"N category": "N1", "M category": "M0"}).grade == "IVA"
    assert compute("HCC TNM stage", {"M category": "M1"}).grade == "IVB"
    kidney = {"invasion beyond Gerota fascia": "no", "invasion of renal vein or perinephric tissue": "no"}
    for size, category in ((4, "T1a"), (4.1, "T1b"), (7, "T1b"), (7.1, "T2a"), (10, "T2a"), (10.1, "T2b")):
        assert compute("RCC T category", kidney | {"tumor size": size}).grade == category


# WFNS 1988; Frontera 2006.
def test_subarachnoid_hemorrhage() -> None:
    for coma, deficit, grade in (
        (15, "no", "I"),
        (14, "no", "II"),
        (13, "yes", "III"),
        (12, "no", "IV"),
        (7, "no", "IV"),
        (6, "no", "V"),
    ):
        assert compute("WFNS", {"GCS": coma, "motor deficit": deficit}).grade == grade
    assert compute("WFNS", {"GCS": 15}).grade == "I"
    assert compute("WFNS", {"GCS": 14}).missing == ("motor deficit",)
    for blood, ventricle, grade in (
        ("none", "no", "0"),
        ("thin", "no", "1"),
        ("thin", "yes", "2"),
        ("thick", "no", "3"),
        ("thick", "yes", "4"),
    ):
        known = {"subarachnoid blood": blood, "intraventricular hemorrhage": ventricle}
        assert compute("modified Fisher", known).grade == grade


# KDIGO 2012, creatinine.
@pytest.mark.parametrize(
    ("now", "before", "stage"),
    [(1.2, 1.0, "0"), (1.3, 1.0, "1"), (1.5, 1.0, "1"), (2.0, 1.0, "2"), (3.0, 1.0, "3"), (4.1, 2.5, "3")],
)
def test_kdigo(now: float, before: float, stage: str) -> None:
    known = {"creatinine": now, "baseline creatinine": before, "dialysis": "no"}
    assert compute("KDIGO stage", known).grade == stage


# TG18: grade II of cholangitis needs two criteria, one is not enough.
def test_tokyo() -> None:
    assert compute("Tokyo cholangitis grade", TOKYO | {"organ dysfunction": "no", "age": 80}).grade == "I"
    two = TOKYO | {"organ dysfunction": "no", "age": 80, "bilirubin": "6 mg/dL"}
    assert compute("Tokyo cholangitis grade", two).grade == "II"
    assert compute("Tokyo cholangitis grade", {"organ dysfunction": "yes"}).grade == "III"


# Eisenhauer 2009.
def test_recist() -> None:
    known = {
        "new lesions": "no",
        "target lesions": "present",
        "change of sum of diameters from baseline": -10,
        "change of sum of diameters from nadir": 0,
        "absolute change of sum of diameters from nadir": 0,
    }
    assert compute("RECIST", known).grade == "SD"
    assert compute("RECIST", known | {"change of sum of diameters from baseline": -30}).grade == "PR"
    grown = known | {"change of sum of diameters from nadir": 20}
    assert compute("RECIST", grown | {"absolute change of sum of diameters from nadir": 4}).grade == "SD"
    assert compute("RECIST", grown | {"absolute change of sum of diameters from nadir": 5}).grade == "PD"
    assert compute("RECIST", {"new lesions": "yes"}).grade == "PD"


# Aujesky 2005: 70 years, male, cancer, heart rate 115: 70 + 10 + 30 + 20.
def test_pesi() -> None:
    known = {
        "age": 70,
        "sex": "male",
        "history of cancer": "yes",
        "heart failure": "no",
        "chronic lung disease": "no",
        "heart rate": 115,
        "systolic blood pressure": 120,
        "respiratory rate": 18,
        "body temperature": 37,
        "altered mental status": "no",
        "oxygen saturation": 95,
    }
    assert (compute("PESI", known).value, compute("PESI", known).grade) == (130, "V")
    for name, value, more in (
        ("respiratory rate", 30, 20),
        ("body temperature", 35.9, 20),
        ("oxygen saturation", 89, 20),
        ("systolic blood pressure", 99, 30),
    ):
        assert compute("PESI", known | {name: value}).value == 130 + more


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
