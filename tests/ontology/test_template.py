from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ontology.spreadsheet import read_sheet
from ontology.tables import load
from ontology.template import export, in_sheet, take
from ontology.terms import Branch
from ontology.workspace import EditError, Sources
from tests.ontology.small import tables


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = tables(tmp_path / "root", {"IRKG:0001002": {"comment": "=1+1"}})
    (found / "ranges.tsv").write_text("curator\tbranch\tfrom\tto\nada\tDisease\t2000\t2001\n")
    return found


@pytest.mark.parametrize("name", ["disease.tsv", "disease.xlsx"])
def test_out_and_in_again_changes_nothing(root: Path, tmp_path: Path, name: str) -> None:
    sources = Sources(root)
    assert export(sources, Branch.DISEASE, tmp_path / name) == 3
    sheet = read_sheet(tmp_path / name)
    assert [dict(cells) for _, cells in sheet.rows] == [cells for _, cells in sources.terms(Branch.DISEASE)]
    done = take(sources, sheet, "ada")
    assert (done.added, done.changed, sources.changes()) == ((), (), {})


def test_a_workbook_is_made_for_people(root: Path, tmp_path: Path) -> None:
    export(Sources(root), Branch.AGENT, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Agent"]
    assert sheet.freeze_panes == "C2"
    assert sheet["A2"].number_format == "@"
    assert "embolic" in str(sheet.data_validations.dataValidation[0].formula1)


def test_a_part_of_a_branch_without_obsolete_terms(root: Path, tmp_path: Path) -> None:
    row = "IRKG:0001002\thepatocellular carcinoma\t\tno use"
    (root / "obsolete.tsv").write_text(f"id\tlabel\treplaced_by\treason\n{row}\n")
    assert export(Sources(root), Branch.DISEASE, tmp_path / "d.tsv", "liver neoplasm") == 1
    with pytest.raises(EditError, match="'liver' is a AnatomicalSite"):
        export(Sources(root), Branch.DISEASE, tmp_path / "d.tsv", "liver")


def fill(root: Path, tmp_path: Path, changes: dict[tuple[int, str], str]) -> Path:
    path = tmp_path / "d.xlsx"
    export(Sources(root), Branch.DISEASE, path)
    book = openpyxl.load_workbook(path)
    sheet = book["Disease"]
    names = [cell.value for cell in sheet[1]]
    for (row, column), value in changes.items():
        sheet.cell(row, names.index(column) + 1, value)
    book.save(path)
    return path


NEW = {
    (5, "label"): "cirrhosis",
    (5, "parents"): "disease",
    (5, "definition"): "Scarring of the liver.",
    (5, "source"): "test",
}


def test_new_and_changed_rows_are_taken(root: Path, tmp_path: Path) -> None:
    before = (root / "terms" / "disease.tsv").read_text().splitlines()
    path = fill(root, tmp_path, {**NEW, (3, "label"): "liver tumor", (3, "exact"): "liver neoplasm"})
    sources = Sources(root)
    done = take(sources, read_sheet(path), "ada")
    sources.save()
    assert (done.added, done.changed) == (("IRKG:0002000",), ("IRKG:0001001",))
    after = (root / "terms" / "disease.tsv").read_text().splitlines()
    assert after[1] == before[1]
    found = load(root)
    assert found["IRKG:0001002"].parents == ("IRKG:0001001",)
    assert found["IRKG:0001001"].label == "liver tumor"
    assert found["IRKG:0002000"].label == "cirrhosis"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({(5, "source"): ""}, "d.xlsx, row 5, source: source is empty"),
        ({(5, "parents"): "hepatopathy"}, "d.xlsx, row 5, parents: 'hepatopathy' is the label of no term"),
        ({(5, "exact"): "liver neoplasm"}, "d.xlsx, row 5, exact: 'liver neoplasm' is the label of"),
        ({(3, "parents"): "hepatocellular carcinoma"}, "d.xlsx, row 3, parents: 'liver neoplasm' is below"),
        ({(5, "id"): "IRKG:0001002"}, r"d.xlsx, row 5, id: IRKG:0001002 stands in row 4 too .*\[id_reused\]"),
        ({(5, "id"): "IRKG:0002500"}, r"d.xlsx, row 5, id: IRKG:0002500 is outside .*\[id_out_of_range\]"),
        ({(5, "label"): "a\tb"}, r"d.xlsx, row 5, label: a tab in .*\[stray_tab\]"),
        ({(5, "label"): "a\nb"}, "d.xlsx, row 5, label: a line break in"),
    ],
)
def test_a_wrong_row_is_told_where_the_person_sees_it(
    root: Path, tmp_path: Path, changes: dict[tuple[int, str], str], told: str
) -> None:
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    with pytest.raises(EditError, match=told):
        import_(root, fill(root, tmp_path, {**NEW, **changes}))
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before


def import_(root: Path, path: Path) -> None:
    sheet, sources = read_sheet(path), Sources(root)
    done = take(sources, sheet, "ada")
    try:
        sources.save()
    except EditError as error:
        raise EditError("x", [in_sheet(p, sources, sheet, done) for p in error.problems]) from error


def test_an_obsolete_row_is_refused(root: Path, tmp_path: Path) -> None:
    path = fill(root, tmp_path, {})
    row = "IRKG:0001002\thepatocellular carcinoma\t\tno use"
    (root / "obsolete.tsv").write_text(f"id\tlabel\treplaced_by\treason\n{row}\n")
    with pytest.raises(EditError, match=r"d\.xlsx, row 4, id: IRKG:0001002 is obsolete"):
        take(Sources(root), read_sheet(path), "ada")
