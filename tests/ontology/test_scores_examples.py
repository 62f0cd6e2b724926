"""Worked examples; above each stands the definition that it follows."""

from __future__ import annotations

import math

import pytest

from ontology.scoring import Quantity, compute

LIVER = {
    "bilirubin": Quantity(41, "umol/L"),
    "albumin": Quantity(31, "g/L"),
    "INR": 1.5,
    "ascites": "mild",
    "hepatic encephalopathy": "absent",
}

TOKYO = {
    "white blood cell count": 8,
    "body temperature": 37,
    "age": 50,
    "bilirubin": 1,
    "albumin below 0.7 of the lower limit": "no",
}


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
