"""Each fault in a table is told with file, row, column and how to mend it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ontology.scoring import check
from ontology.scoring.units import FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.tsv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def said(folder: Path, file: str, old: str, new: str) -> str:
    path = folder / file
    text = path.read_text()
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1))
    return "\n".join(map(str, check(folder)))


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "points.tsv",
            "bilirubin >=2 <=3\t2",
            "bilirubin >2 <=3\t2",
            "Child-Pugh score, bilirubin: no row fits bilirubin 2",
        ),
        (
            "points.tsv",
            "bilirubin >=2 <=3\t2",
            "bilirubin >=1.9 <=3\t2",
            "bilirubin: rows 2, 3 all fit bilirubin 1.9",
        ),
        (
            "points.tsv",
            "bilirubin >3\t3",
            "bilirubin >3\t4",
            "scores.tsv, row 2, low: Child-Pugh score: the points sum up to 5 to 16, not 5 to 15",
        ),
        (
            "points.tsv",
            "bilirubin >3\t3",
            "bilirubin >3\tthree",
            "points.tsv, row 4, points: 'three' is no number",
        ),
        (
            "points.tsv",
            "ascites =mild",
            "ascites =mildly",
            "points.tsv, row 12, when: 'mildly' is no value of 'ascites'",
        ),
        (
            "points.tsv",
            "albumin >3.5",
            "albumen >3.5",
            "points.tsv, row 5, when: 'albumen' is no input and no score",
        ),
        (
            "points.tsv",
            "albumin >3.5",
            "albumin over 3.5",
            "points.tsv, row 5, when: 'albumin over 3.5' is no condition",
        ),
        ("points.tsv", "albumin >3.5", "albumin >35", "35 is outside the range of 'albumin' (0.5 to 7)"),
        ("points.tsv", "albumin >=36 g/L", "albumin >=36 cm", "'cm' cannot be converted to 'g/dL'"),
        (
            "values.tsv",
            ">=7 <=9",
            ">=8 <=9",
            "values.tsv, row 2, when: Child-Pugh score: 7 has no value (close the gap)",
        ),
        ("values.tsv", ">=7 <=9", ">=6 <=9", "values.tsv, row 3, when: Child-Pugh score: 6 is A and B"),
        ("values.tsv", ">-2.6 <=-1.39", ">-2.5 <=-1.39", "ALBI score: -2.5 has no value"),
        (
            "values.tsv",
            "Child-Pugh score\tB\t",
            "Child-Pugh skore\tB\t",
            "'Child-Pugh skore' is not in scores.tsv",
        ),
        ("rules.tsv", "BCLC stage\tB\n", "", "BCLC stage: no rule fits"),
        (
            "rules.tsv",
            "BCLC stage\tB\n",
            "BCLC stage\tB\nBCLC stage\tA\n",
            "BCLC stage: the rule is never reached",
        ),
        (
            "rules.tsv",
            "BCLC stage\tB\n",
            "BCLC stage\tE\n",
            "'E' is no value of the BCLC stage (one of: 0, A, B, C, D)",
        ),
        ("scores.tsv", "Johnson PJ et al., J Clin Oncol 2015;33:550-558", "", "ALBI score: no source"),
        (
            "scores.tsv",
            "ALBI score\tformula",
            "ALBI score\tmagic",
            "scores.tsv, row 3, kind: 'magic' is not allowed (one of: points,",
        ),
        ("scores.tsv", "[albumin | g/L]", "[albumin | cm]", "'g/dL' cannot be converted to 'cm'"),
        (
            "scores.tsv",
            "[albumin | g/L]",
            "[albumen | g/L]",
            "scores.tsv, row 3, formula: ALBI score: 'albumen' is no input and no score",
        ),
        ("scores.tsv", "0.66 * log10", "0.66 * evil", "is not allowed; functions: ln, log10"),
        (
            "scores.tsv",
            "\thigher\t\t0.66",
            "\tupwards\t\t0.66",
            "scores.tsv, row 3, worse: 'upwards' is not allowed",
        ),
        (
            "scores.tsv",
            "MELD score\tformula\tMELD score",
            "MELD score\tformula\tMELD-Na score",
            "'MELD-Na score' is a name of 'MELD score' too",
        ),
        ("inputs.tsv", "\tINR|PT-INR", "\tbilirubin|PT-INR", "is a name of"),
        ("inputs.tsv", "<5: mg/dL", "<5: cm", "'bilirubin': 'cm' cannot be converted to 'mg/dL'"),
        (
            "inputs.tsv",
            "\t0.05\t80\t",
            "\t80\t0.05\t",
            "inputs.tsv, row 3, low: a number needs its possible range",
        ),
        ("inputs.tsv", "\tbilirubin\t<5", "\tgold\t<5", "'gold' is no substance (one of: bilirubin,"),
        (
            "inputs.tsv",
            "input\tunit",
            "inputs\tunit",
            "inputs.tsv, row 1: column input is missing; column inputs is unknown",
        ),
        ("inputs.tsv", "serum bilirubin|", "serum\tbilirubin|", "columns (remove the stray tab)"),
        ("inputs.tsv", "serum bilirubin|", "serum \u201cbilirubin\u201d|", "smart quote"),
    ],
)
def test_faults(folder: Path, file: str, old: str, new: str, expected: str) -> None:
    assert expected in said(folder, file, old, new)


def test_a_score_that_needs_itself(folder: Path) -> None:
    found = said(folder, "scores.tsv", "0.66 * log10([bilirubin | umol/L])", "0.66 * log10([ALBI score])")
    assert "scores.tsv, row 3, score: ALBI score needs itself (break the cycle)" in found


def test_substances(folder: Path) -> None:
    assert "could not convert string to float: '584,673'" in said(
        folder, "substances.tsv", "584.673", "584,673"
    )


def test_a_substance_without_source(folder: Path) -> None:
    old = "\t1.21\tWHO international standard 72/225: 1 IU is about 1.21 ng"
    found = said(folder, "substances.tsv", old, "\t1.21")
    assert "substances.tsv, source: 'alpha-fetoprotein' has no source" in found


def test_latin_1(folder: Path) -> None:
    path = folder / "scores.tsv"
    path.write_bytes(path.read_text().replace("Johnson", "J\u00f6hnson").encode("latin-1"))
    assert "is not UTF-8 (save the table as UTF-8)" in "\n".join(map(str, check(folder)))


def test_nothing_wrong(folder: Path) -> None:
    assert check(folder) == []
