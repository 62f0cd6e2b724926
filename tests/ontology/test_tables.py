from __future__ import annotations

from pathlib import Path

import pytest

from ontology.tables import OBSOLETE_COLUMNS, ROOT, TableError, load, read_terms
from ontology.terms import Branch
from tests.ontology.small import ROWS, Row, ontology, tables


def said(root: Path) -> str:
    return "\n".join(map(str, read_terms(root / "terms")[1]))


def test_small_tables_have_no_problem(tmp_path: Path) -> None:
    found = ontology(tmp_path)
    assert len(found.terms) == sum(map(len, ROWS.values()))
    hcc = found["IRKG:0001002"]
    assert hcc.branch is Branch.DISEASE
    assert hcc.parents == ("IRKG:0001001",)
    assert list(hcc.names()) == ["hepatocellular carcinoma", "hepatoma", "hepatocellular cancer", "HCC"]
    assert [s.abbreviation for s in hcc.synonyms] == [False, False, True]
    assert found["IRKG:0006003"].slots["uses"] == ("IRKG:0008001", "IRKG:0008002")
    assert found["IRKG:0011001"].slots == {"better": ("higher",), "kind": ("survival",)}


def test_real_tables_can_be_read() -> None:
    terms, _ = read_terms(ROOT / "terms")
    assert len(terms) > 350


@pytest.mark.parametrize(
    ("term", "cells", "expected"),
    [
        ("IRKG:0001002", {"parents": "hepatitis"}, "row 4, parents: 'hepatitis' is the label of no term"),
        ("IRKG:0001002", {"parents": ""}, "disease.tsv, row 4, parents: a term needs a parent"),
        ("IRKG:0001002", {"parents": "doxorubicin"}, "disease.tsv, row 4, parents: 'doxorubicin' is a Agent"),
        ("IRKG:0001001", {"parents": "hepatocellular carcinoma"}, "is above itself through"),
        ("IRKG:0001001", {"parents": "liver neoplasm"}, "is above itself through 'liver neoplasm'"),
        ("IRKG:0001002", {"id": "IRKG:0003500"}, "row 4, id: IRKG:0003500 is outside 1000-2999"),
        ("IRKG:0001002", {"id": "IRKG:1002"}, "row 4, id: 'IRKG:1002' is no term id"),
        ("IRKG:0001002", {"id": "IRKG:0001001"}, "row 4, id: IRKG:0001001 is used in disease.tsv row 3 too"),
        ("IRKG:0001002", {"label": "liver neoplasm"}, "label 'liver neoplasm' belongs to IRKG:0001001 too"),
        ("IRKG:0001002", {"label": "Liver"}, "label 'liver' belongs to IRKG:0001002 too"),
        ("IRKG:0001002", {"label": ""}, "row 4, label: a term needs a label"),
        ("IRKG:0001002", {"label": "a|b"}, "a label holds no |"),
        ("IRKG:0001002", {"definition": ""}, "row 4, definition: definition is empty"),
        ("IRKG:0001002", {"source": " "}, "row 4, source: source is empty"),
        ("IRKG:0001001", {"located_in": "doxorubicin"}, "'doxorubicin' is a Agent (allowed: AnatomicalSite)"),
        ("IRKG:0008001", {"kind": "pill"}, "agent.tsv, row 3, kind: 'pill' is not allowed (one of: drug, "),
        ("IRKG:0011001", {"better": "up"}, "better: 'up' is not allowed (one of: higher, lower)"),
        ("IRKG:0001002", {"exact": "Crohn\u2019s"}, "row 4, exact: smart quote or no-break space"),
        ("IRKG:0001002", {"comment": "a\u00a0b"}, "row 4, comment: smart quote or no-break space"),
        (
            "IRKG:0001002",
            {"exact": "a\tb"},
            "disease.tsv, row 4, column 13: 13 cells, 12 columns (remove the stray tab)",
        ),
    ],
)
def test_each_problem_is_told_with_its_place(tmp_path: Path, term: str, cells: Row, expected: str) -> None:
    root = tables(tmp_path, {term: cells})
    assert expected in said(root)
    with pytest.raises(TableError) as error:
        load(root)
    assert error.value.problems


def test_latin_1_is_told_with_its_byte(tmp_path: Path) -> None:
    path = tables(tmp_path) / "terms" / "agent.tsv"
    path.write_bytes(path.read_bytes() + "IRKG:0008003\tcaf\u00e9".encode("latin-1"))
    assert "is not UTF-8 (save the table as UTF-8)" in said(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("definition\t", "", "column definition is missing"),
        ("comment", "remark", "column comment is missing; column remark is unknown"),
        ("exact\tabbreviations", "abbreviations\texact", "the columns are in another order"),
        ("id\t", "\ufeffid\t", "the file begins with a byte order mark"),
    ],
)
def test_a_wrong_header_is_explained(tmp_path: Path, old: str, new: str, expected: str) -> None:
    path = tables(tmp_path) / "terms" / "agent.tsv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert f"agent.tsv, row 1: {expected} (expected: id" in said(tmp_path)


def test_a_missing_table_counts_as_empty(tmp_path: Path) -> None:
    (tables(tmp_path) / "terms" / "outcome.tsv").unlink()
    terms, problems = read_terms(tmp_path / "terms")
    assert not problems
    assert "IRKG:0011001" not in terms


def test_a_diamond_is_no_cycle(tmp_path: Path) -> None:
    row = {"id": "IRKG:0001003", "label": "both", "parents": "liver neoplasm|hepatocellular carcinoma"}
    assert ontology(tmp_path, extra={Branch.DISEASE: [row]}).ancestors("IRKG:0001003") == {
        "IRKG:0001000",
        "IRKG:0001001",
        "IRKG:0001002",
    }


def obsolete(root: Path, *rows: str) -> Path:
    text = "\n".join(["\t".join(OBSOLETE_COLUMNS), *rows]) + "\n"
    (root / "obsolete.tsv").write_text(text, encoding="utf-8")
    return root


def test_an_obsolete_term_is_kept_apart(tmp_path: Path) -> None:
    root = obsolete(tables(tmp_path), "IRKG:0006005\tsuperselective chemoembolization\tIRKG:0006003\tno use")
    found = load(root)
    assert "IRKG:0006005" not in found
    assert found.obsolete["IRKG:0006005"].term.label == "superselective chemoembolization"
    assert found.current("IRKG:0006005") == "IRKG:0006003"
    assert found.current("IRKG:0006003") == "IRKG:0006003"
    assert found.current("IRKG:0006999") is None


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "IRKG:0006999\tx\t\ty",
            "obsolete.tsv, row 2, id: 'IRKG:0006999' is no term",
        ),
        (
            "IRKG:0006005\tsuperselective TACE\t\tno use",
            "obsolete.tsv, row 2, label: 'superselective TACE' is not the label of IRKG:0006005",
        ),
        (
            "IRKG:0006005\tsuperselective chemoembolization\tIRKG:0006999\tno use",
            "obsolete.tsv, row 2, replaced_by: 'IRKG:0006999' is no term",
        ),
        (
            "IRKG:0006005\tsuperselective chemoembolization\tIRKG:0001001\tno use",
            "obsolete.tsv, row 2, replaced_by: IRKG:0001001 is a Disease",
        ),
        (
            "IRKG:0006005\tsuperselective chemoembolization\tIRKG:0006005\tno use",
            "obsolete.tsv, row 2, replaced_by: IRKG:0006005 is replaced by itself in the end",
        ),
        (
            "IRKG:0006005\tsuperselective chemoembolization\t\t",
            "obsolete.tsv, row 2, reason: no reason is given",
        ),
        (
            "IRKG:0006004\tdoxorubicin chemoembolization\tIRKG:0006003\tno use",
            "procedure.tsv, row 7, parents: 'doxorubicin chemoembolization' is obsolete "
            "(name what replaces it, IRKG:0006003) [deprecated_class_reference]",
        ),
    ],
)
def test_a_wrong_obsolete_row_is_told_with_its_place(tmp_path: Path, row: str, told: str) -> None:
    assert told in said(obsolete(tables(tmp_path), row))
