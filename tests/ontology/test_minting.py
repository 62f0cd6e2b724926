from __future__ import annotations

from pathlib import Path

import pytest

from ontology.minting import add, branch_of, claim, mint
from ontology.tables import load
from ontology.terms import Branch
from ontology.workspace import EditError, Sources
from tests.ontology.small import Row, tables

CELLS: Row = {
    "label": "cirrhosis",
    "parents": "disease",
    "definition": "Scarring of the liver.",
    "source": "test",
}


def root(tmp_path: Path, ranges: str = "ada\tDisease\t2000\t2002\n") -> Path:
    found = tables(tmp_path)
    (found / "ranges.tsv").write_text("curator\tbranch\tfrom\tto\n" + ranges)
    return found


def test_ids_follow_each_other_and_are_not_given_twice(tmp_path: Path) -> None:
    place = root(tmp_path)
    sources = Sources(place)
    assert [add(sources, Branch.DISEASE, "ada", {**CELLS, "label": name}) for name in "abc"] == [
        "IRKG:0002000",
        "IRKG:0002001",
        "IRKG:0002002",
    ]
    with pytest.raises(
        EditError, match=r"ranges.tsv, curator: all ids of ada for Disease are given \(irkg ontology range"
    ):
        mint(sources, "ada", Branch.DISEASE)
    claim(sources, "ada", Branch.DISEASE, 5)
    sources.save()
    assert mint(Sources(place), "Ada", Branch.DISEASE) == "IRKG:0002010"


def test_an_id_below_the_highest_is_not_given_again(tmp_path: Path) -> None:
    place = root(tmp_path)
    sources = Sources(place)
    add(sources, Branch.DISEASE, "ada", CELLS, "IRKG:0002001")
    assert mint(sources, "ada", Branch.DISEASE) == "IRKG:0002002"


def test_a_new_row_stands_in_the_order_of_ids(tmp_path: Path) -> None:
    place = root(tmp_path, "ada\tDisease\t1010\t1019\nbob\tDisease\t1020\t1029\n")
    sources = Sources(place)
    add(sources, Branch.DISEASE, "bob", {**CELLS, "label": "b"})
    add(sources, Branch.DISEASE, "ada", {**CELLS, "label": "a", "located_in": "IRKG:0010002"})
    sources.save()
    lines = (place / "terms" / "disease.tsv").read_text().splitlines()
    assert [line.split("\t")[1] for line in lines[-2:]] == ["a", "b"]
    assert load(place)["IRKG:0001010"].slots["located_in"] == ("IRKG:0010002",)


@pytest.mark.parametrize(
    ("curator", "branch", "term_id", "told"),
    [
        ("eve", Branch.DISEASE, "", r"'eve' owns no ids of Disease \(.*; ranges there: ada\)"),
        ("ada", Branch.AGENT, "", "'ada' owns no ids of Agent"),
        ("ada", Branch.DISEASE, "IRKG:0001002", r"IRKG:0001002 has row 4 \(.*\[id_reused\]"),
        (
            "ada",
            Branch.DISEASE,
            "IRKG:0002100",
            r"outside the ranges of ada \(ranges: 2000-2002\) \[id_out_of_range\]",
        ),
    ],
)
def test_an_id_that_is_not_ones_own_is_refused(
    tmp_path: Path, curator: str, branch: Branch, term_id: str, told: str
) -> None:
    with pytest.raises(EditError, match=told):
        add(Sources(root(tmp_path)), branch, curator, CELLS, term_id)


def test_overlapping_ranges_mint_nothing(tmp_path: Path) -> None:
    place = root(tmp_path, "ada\tDisease\t2000\t2009\nbob\tDisease\t2005\t2010\n")
    with pytest.raises(EditError, match="2005-2010 overlaps with 2000-2009 of ada"):
        mint(Sources(place), "bob", Branch.DISEASE)


def test_a_range_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EditError, match="Disease has no 5000 free ids together"):
        claim(Sources(root(tmp_path)), "ada", Branch.DISEASE, 5000)


@pytest.mark.parametrize(
    "name", ["MolecularTarget", "molecular target", "molecular_target", "molecular-TARGET"]
)
def test_a_branch_in_any_spelling(name: str) -> None:
    assert branch_of(name) is Branch.MOLECULAR_TARGET


def test_an_unknown_branch_is_told() -> None:
    with pytest.raises(EditError, match="'illness' is no branch"):
        branch_of("illness")


def test_an_unknown_column_is_told(tmp_path: Path) -> None:
    with pytest.raises(EditError, match="no column 'site'"):
        add(Sources(root(tmp_path)), Branch.DISEASE, "ada", {**CELLS, "site": "liver"})
