from __future__ import annotations

from pathlib import Path

import pytest

from ontology.external import COLUMNS, read_imports
from ontology.terms import Branch, Ontology
from tests.ontology.small import ontology

GOOD = ("MESH:D008107", "Liver Diseases", "Disease", "", "Hepatic Disease|Liver Diseases", "MeSH 2025")


@pytest.fixture
def small(tmp_path: Path) -> Ontology:
    return ontology(tmp_path)


def write(root: Path, *rows: tuple[str, ...]) -> Path:
    folder = root / "imports"
    folder.mkdir(exist_ok=True)
    text = "\n".join("\t".join(row) for row in (COLUMNS, *rows))
    (folder / "mesh.tsv").write_text(text + "\n", encoding="utf-8")
    return folder


def test_an_import_is_a_term_below_its_branch(tmp_path: Path, small: Ontology) -> None:
    child = ("MESH:D008103", "Liver Cirrhosis", "Disease", "MESH:D008107|IRKG:0001000", "", "MeSH 2025")
    found, problems = read_imports(write(tmp_path, GOOD, child), small.terms)
    assert not problems
    assert [t.id for t in found] == ["MESH:D008103", "MESH:D008107"]
    assert found[1].parents == ("IRKG:0001000",)
    assert found[0].parents == ("MESH:D008107", "IRKG:0001000")
    assert [s.text for s in found[1].synonyms] == ["Hepatic Disease"]
    assert (found[1].branch, found[1].definition_source) == (Branch.DISEASE, "MeSH 2025")


def test_no_folder_is_no_import(tmp_path: Path, small: Ontology) -> None:
    assert read_imports(tmp_path / "nowhere", small.terms) == ((), [])


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (0, "D008107", "row 2, id: 'D008107' is no CURIE"),
        (0, "XYZ:1", "row 2, id: 'XYZ:1' is no CURIE with a known prefix"),
        (0, "IRKG:0001001", "row 2, id: IRKG:0001001 is an own id"),
        (1, "", "row 2, label: label is empty"),
        (2, "Illness", "row 2, branch: 'Illness' is no branch"),
        (3, "IRKG:0001999", "row 2, parents: 'IRKG:0001999' is no term and no import"),
        (3, "IRKG:0008001", "row 2, parents: IRKG:0008001 is a Agent"),
        (3, "MESH:D008107", "row 2, parents: MESH:D008107 is above itself"),
        (5, "", "row 2, source: source is empty"),
    ],
)
def test_each_problem_is_told(
    tmp_path: Path, small: Ontology, column: int, value: str, expected: str
) -> None:
    _, problems = read_imports(write(tmp_path, (*GOOD[:column], value, *GOOD[column + 1 :])), small.terms)
    assert expected in "\n".join(map(str, problems))


def test_an_id_twice_is_told(tmp_path: Path, small: Ontology) -> None:
    _, problems = read_imports(write(tmp_path, GOOD, GOOD), small.terms)
    assert [str(p) for p in problems] == ["mesh.tsv, row 3, id: MESH:D008107 stands in mesh.tsv row 2 too"]
