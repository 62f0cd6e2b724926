from __future__ import annotations

from pathlib import Path

import pytest

from ontology.sssom import MAPPING_COLUMNS, read_mappings
from ontology.tables import load
from ontology.terms import Ontology
from tests.ontology.small import ontology, tables

GOOD = (
    "IRKG:0001002",
    "hepatocellular carcinoma",
    "skos:exactMatch",
    "MESH:D006528",
    "Carcinoma, Hepatocellular",
    "semapv:ManualMappingCuration",
    "",
)


def write(root: Path, *rows: tuple[str, ...]) -> Path:
    lines = ["\t".join(row) for row in (MAPPING_COLUMNS, *rows)]
    (root / "mappings").mkdir(exist_ok=True)
    (root / "mappings" / "disease.sssom.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root / "mappings"


@pytest.fixture
def small(tmp_path: Path) -> Ontology:
    return ontology(tmp_path / "plain")


def test_a_row_is_read(tmp_path: Path) -> None:
    write(tables(tmp_path), GOOD)
    (mapping,) = load(tmp_path).mappings
    assert (mapping.subject_id, mapping.object_id) == ("IRKG:0001002", "MESH:D006528")


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (0, "IRKG:0001999", "row 2, subject_id: IRKG:0001999 is no term"),
        (1, "hepatoma", "'hepatoma' is not the label of IRKG:0001002 ('hepatocellular carcinoma')"),
        (2, "owl:sameAs", "'owl:sameAs' is no mapping predicate"),
        (5, "guess", "'guess' is no justification"),
    ],
)
def test_each_problem_is_told(
    tmp_path: Path, small: Ontology, column: int, value: str, expected: str
) -> None:
    row = (*GOOD[:column], value, *GOOD[column + 1 :])
    _, problems = read_mappings(write(tmp_path, row), small.terms)
    assert expected in "\n".join(map(str, problems))


def test_the_same_pair_twice_is_told(tmp_path: Path, small: Ontology) -> None:
    _, problems = read_mappings(write(tmp_path, GOOD, GOOD), small.terms)
    assert [str(p) for p in problems] == [
        "disease.sssom.tsv, row 3, object_id: IRKG:0001002 maps to MESH:D006528 twice"
    ]
