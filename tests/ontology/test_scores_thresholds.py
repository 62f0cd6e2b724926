"""Every threshold of every score, a step to each side; the numbers are those that the definitions print.

The definitions are named in `ontology/scores/scores.tsv`.
"""

from __future__ import annotations

import pytest

from ontology import scoring
from ontology.scoring import Quantity, compute

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
    ("AIMS65", AIMS, "age", [(65, 0), (66, 1)]),
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
