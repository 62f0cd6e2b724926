from __future__ import annotations

from pathlib import Path

import pytest

from ontology.quality import check
from ontology.ranges import Range, read_ranges
from ontology.tables import ROOT
from ontology.terms import ID_RANGES, Branch
from tests.ontology.small import tables

HEADER = "curator\tbranch\tfrom\tto\n"


def test_the_project_s_ranges_have_no_problem() -> None:
    ranges, problems = read_ranges(ROOT / "ranges.tsv")
    assert problems == []
    assert {r.branch for r in ranges} == set(ID_RANGES)


def test_a_range_holds_its_ends(tmp_path: Path) -> None:
    (tmp_path / "ranges.tsv").write_text(HEADER + "ada\tDisease\t2900\t2949\n")
    (one,), problems = read_ranges(tmp_path / "ranges.tsv")
    assert not problems
    assert one == Range("ada", Branch.DISEASE, 2900, 2949, 2)
    assert "IRKG:0002900" in one
    assert "IRKG:0002949" in one
    assert "IRKG:0002950" not in one
    assert "MESH:D002900" not in one


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("ada\tDisease\t2940\t2960", "row 3, from: 2940-2960 overlaps with 2900-2949 of bob (row 2)"),
        ("ada\tDisease\t2999\t2950", "row 3, from: 2999 is above 2950"),
        ("ada\tDisease\t2950\t3001", "row 3, from: 2950-3001 is not within 1001-2999"),
        ("ada\tDisease\t1000\t1001", "row 3, from: 1000-1001 is not within 1001-2999"),
        ("ada\tIllness\t2950\t2960", "row 3, branch: 'Illness' is no branch"),
        ("ada\tDisease\tIRKG:0002950\t2960", "row 3, from: 'IRKG:0002950' to '2960' is no range"),
        ("\tDisease\t2950\t2960", "row 3, curator: a range has no curator"),
    ],
)
def test_a_wrong_range_is_told_with_its_place(tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "ranges.tsv"
    path.write_text(f"{HEADER}bob\tDisease\t2900\t2949\n{row}\n")
    assert told in "\n".join(map(str, read_ranges(path)[1]))


def test_a_missing_file_is_empty(tmp_path: Path) -> None:
    assert read_ranges(tmp_path / "ranges.tsv") == ((), [])


def test_the_check_of_the_ontology_tells_them_too(tmp_path: Path) -> None:
    root = tables(tmp_path)
    (root / "ranges.tsv").write_text(HEADER + "ada\tIllness\t1\t2\n")
    assert [p.rule for p in check(root)] == ["id_ranges"]
