from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ontology.build import AXIOMS
from ontology.quality import check, check_axioms, report
from ontology.tables import ROOT
from ontology.terms import Branch
from tests.ontology.small import Row, tables


def said(root: Path) -> str:
    return "\n".join(map(str, check(root)))


def test_small_tables_are_clean_and_sound(tmp_path: Path) -> None:
    assert check(tables(tmp_path), reason=True) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            {"exact": "hepatoma"},
            "one name for two terms: 'hepatoma' of 'hepatocellular carcinoma'",
        ),
        (
            {"exact": "Hepatomas"},
            "(IRKG:0001002) and 'Hepatomas' of",
        ),
        ({"exact": "liver neoplasms"}, "one name for two terms: 'liver neoplasm' of"),
        ({"abbreviations": "HCC"}, "one name for two terms: 'HCC' of"),
        ({"exact": "other|other"}, "'new' has the name 'other' twice"),
        ({"related": "new"}, "'new' has the name 'new' twice"),
    ],
)
def test_shared_names_are_told(tmp_path: Path, cells: Row, expected: str) -> None:
    row = {"id": "IRKG:0001003", "label": "new", "parents": "disease", **cells}
    assert expected in said(tables(tmp_path, extra={Branch.DISEASE: [row]}))


@pytest.mark.parametrize(
    "cells",
    [{"related": "hepatoma"}, {"broad": "liver neoplasm"}, {"abbreviations": "Hcc"}, {"narrow": "hepatoma"}],
)
def test_other_scopes_and_other_case_of_an_abbreviation_are_free(tmp_path: Path, cells: Row) -> None:
    row = {"id": "IRKG:0001003", "label": "new", "parents": "disease", **cells}
    assert said(tables(tmp_path, extra={Branch.DISEASE: [row]})) == ""


def test_branches_may_share_a_name(tmp_path: Path) -> None:
    row = {"id": "IRKG:0012001", "label": "harm", "parents": "adverse event", "exact": "hepatoma"}
    assert said(tables(tmp_path, extra={Branch.ADVERSE_EVENT: [row]})) == ""


def test_roots_are_needed(tmp_path: Path) -> None:
    (tables(tmp_path) / "terms" / "biomarker.tsv").unlink()
    assert "biomarker.tsv, id: the root IRKG:0004000 has no row" in said(tmp_path)


def test_a_root_has_no_parent(tmp_path: Path) -> None:
    changes = {"IRKG:0001000": {"parents": "liver neoplasm"}}
    assert "disease.tsv, parents: the root has a parent" in said(tables(tmp_path, changes))


def test_files_that_nothing_reads_are_told(tmp_path: Path) -> None:
    root = tables(tmp_path)
    (root / "terms" / "diseases.tsv").write_text("")
    (root / "mappings" / "disease.tsv").write_text("")
    assert said(root).count("nothing reads this file") == 2


def test_tables_mappings_imports_and_the_reviewed_list_are_checked(tmp_path: Path) -> None:
    root = tables(tmp_path, {"IRKG:0001002": {"definition": ""}})
    (root / "mappings" / "x.sssom.tsv").write_text("subject\n")
    (root / "imports").mkdir()
    (root / "imports" / "y.tsv").write_text("id\n")
    (root / "primitive.tsv").write_text("id\tlabel\twhy\nIRKG:1\tx\ty\n")
    assert {p.file for p in check(root)} == {"disease.tsv", "x.sssom.tsv", "y.tsv", "primitive.tsv"}


def test_the_reasoner_is_asked_last(tmp_path: Path) -> None:
    """A contradiction that no table check can see: a part of the liver that is a disease."""
    root = tables(tmp_path)
    more = "\nIRKG:0010002 <http://www.w3.org/2000/01/rdf-schema#subClassOf> IRKG:0001000 .\n"
    (root / "irkg.ttl").write_text(AXIOMS.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert check(root) == []
    found = check(root, reason=True, cache=tmp_path / "cache")
    assert any("nothing can be a 'liver' (IRKG:0010002)" in str(p) for p in found)


def test_the_axioms_declare_every_slot() -> None:
    assert check_axioms() == []


def test_missing_declarations_are_told(tmp_path: Path) -> None:
    path = tmp_path / "irkg.ttl"
    text = AXIOMS.read_text(encoding="utf-8")
    path.write_text(
        text.replace(
            "irkg:guided_by a owl:ObjectProperty ;", "irkg:guided_by a owl:DatatypeProperty ;"
        ).replace('irkg:uses a owl:ObjectProperty ; rdfs:label "uses" ;', "irkg:uses a owl:ObjectProperty ;")
    )
    assert [p.what for p in check_axioms(path)] == [
        "https://w3id.org/irkg/vocab#uses has no rdfs:label",
        "slot 'guidance' has no owl:ObjectProperty https://w3id.org/irkg/vocab#guided_by",
    ]
    path.write_text("@prefix")
    assert "no Turtle" in str(check_axioms(path)[0])


def test_the_real_sources_are_clean() -> None:
    found = check(ROOT)
    assert not found, "\n".join(map(str, found[:20]))


def test_the_report_tells_the_row_of_a_term(tmp_path: Path) -> None:
    root = tables(tmp_path, {"IRKG:0001002": {"definition": "lower case."}})
    (found,) = report(root).findings
    assert (found.check, found.file, found.row, found.label) == (
        "lowercase_definition", "disease.tsv", 4, "hepatocellular carcinoma",
    )  # fmt: skip


def test_the_report_ends_early_when_tables_cannot_be_read(tmp_path: Path) -> None:
    found = report(tables(tmp_path, {"IRKG:0001002": {"parents": "nothing"}}))
    assert not found.passed
    assert found.triples == 0
    assert {f.check for f in found.findings} == {"unknown_term"}


def test_an_unsatisfiable_class_is_explained(tmp_path: Path) -> None:
    root = tables(tmp_path)
    more = "\nIRKG:0010002 <http://www.w3.org/2000/01/rdf-schema#subClassOf> IRKG:0001000 .\n"
    (root / "irkg.ttl").write_text(AXIOMS.read_text(encoding="utf-8") + more, encoding="utf-8")
    found = report(root, reason=True, cache=tmp_path / "cache")
    liver = next(f for f in found.findings if f.subject == "IRKG:0010002")
    assert liver.check == "unsatisfiable"
    assert set(liver.because) == {
        "'liver' SubClassOf 'disease'",
        "'liver' SubClassOf 'anatomical site'",
        "'disease' DisjointWith 'anatomical site'",
    }
    assert all(f.because or f.subject != "IRKG:0010002" for f in found.findings)


def test_mappings_are_reported_by_vocabulary(tmp_path: Path) -> None:
    root = tables(tmp_path / "root")
    vocab = tmp_path / "vocab"
    vocab.mkdir()
    header = "id\tlabel\tsynonyms\ttree_numbers\n"
    row = "D006528\tLiver Cell Carcinoma\tHepatomas\tC04.557\n"
    (vocab / "mesh.tsv.gz").write_bytes(gzip.compress((header + row).encode()))
    columns = (
        "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tcomment\n"
    )
    mapping = "IRKG:0001002\thepatocellular carcinoma\tskos:exactMatch\tMESH:D006528\tLiver Cell Carcinoma\t"
    path = root / "mappings" / "disease.sssom.tsv"
    path.write_text(columns + mapping + "semapv:ManualMappingCuration\t\n")
    found = report(root, vocabulary=vocab)
    assert found.mappings == {"MESH": {"name": 1}}
    (finding,) = found.findings
    assert (finding.check, finding.mend) == (
        "unnoted_label_disagreement",
        "labels differ; both are named 'Hepatomas'",
    )
    path.write_text(columns + mapping + f"semapv:ManualMappingCuration\t{finding.mend}\n")
    assert report(root, vocabulary=vocab).findings == ()


def test_the_real_ontology_has_no_error(tmp_path: Path) -> None:
    found = report(ROOT, cache=tmp_path)
    assert found.passed, "\n".join(str(f) for f in found.findings[:20])
