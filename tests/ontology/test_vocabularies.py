from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.terms import Ontology, Xref
from ontology.vocabularies import check, fold, read, read_ncit
from tests.ontology.small import ontology

FILES: dict[str, list[tuple[str, ...]]] = {
    "mesh": [
        ("id", "label", "synonyms", "tree_numbers"),
        ("D006528", "Carcinoma, Hepatocellular", "Hepatomas|Liver Cell Carcinoma", "C04.557.470.200.025.255"),
        ("D004317", "Doxorubicin", "Adriamycin", "D02.455.426.559"),
        ("D999999", "Hepatoma", "", "D12.776"),
    ],
    "hgnc": [
        ("id", "symbol", "name", "aliases", "previous", "uniprot"),
        ("HGNC:11989", "TOP2A", "DNA topoisomerase II alpha", "TP2A, topoisomerase II", "TOP2", "P11388"),
    ],
    "chebi": [
        ("id", "label", "synonyms", "parents"),
        ("CHEBI:28748", "doxorubicin", "Adriamycin|14-hydroxydaunorubicin", "CHEBI:1"),
    ],
    "ncit_map": [
        ("NCIT ID", "Target NS", "Target ID"),
        ("C456", "CHEBI", "CHEBI:28748"),
        ("C101660", "HGNC", "11989"),
        ("C17400", "UP", "P11388"),
        ("C1", "UP", "P00001"),
    ],
}
DOX, TOP2, HCC = "IRKG:0008001", "IRKG:0003001", "IRKG:0001002"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rows in FILES.items():
        text = "\n".join("\t".join(row) for row in rows) + "\n"
        (tmp_path / f"{name}.tsv.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


@pytest.fixture
def small(tmp_path: Path) -> Ontology:
    return ontology(tmp_path / "tables")


def xref(subject: str, object_id: str, label: str = "", comment: str = "", predicate: str = "exact") -> Xref:
    return Xref(subject, f"skos:{predicate}Match", object_id, label, "semapv:ManualMappingCuration", comment)


def said(small: Ontology, folder: Path, *mappings: Xref) -> list[str]:
    return [p.what for p in check(replace(small, mappings=mappings), folder)]


def test_right_mappings_pass(small: Ontology, folder: Path) -> None:
    mappings = [
        xref(HCC, "MESH:D006528", "Carcinoma, Hepatocellular"),
        xref(DOX, "MESH:D004317", "Doxorubicin"),
        xref(DOX, "CHEBI:28748", "doxorubicin"),
        xref(DOX, "NCIT:C456", "Doxorubicin"),
        xref(TOP2, "HGNC:11989", "TOP2A"),
        xref(TOP2, "NCIT:C101660", "TOP2A Gene"),
        xref(TOP2, "NCIT:C17400", "DNA Topoisomerase 2-Alpha"),
    ]
    assert said(small, folder, *mappings) == []


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        (xref(HCC, "MESH:D000001", "x"), "MESH:D000001 does not exist in MESH"),
        (xref(HCC, "MESH:D006528", "Hepatoma"), "object_label is 'Hepatoma', the vocabulary says"),
        (xref(HCC, "MESH:D004317", "Doxorubicin"), "which is for no Disease"),
        (
            xref(HCC, "MESH:D999999", "Hepatoma"),
            "stands in MeSH tree D12.776, which is for no Disease",
        ),
        (
            xref(TOP2, "CHEBI:28748", "doxorubicin"),
            "no name of 'topoisomerase II' is a name of",
        ),
        (xref(HCC, "UMLS:C1", "x"), "prefix of UMLS:C1 is not known"),
        (xref(DOX, "NCIT:C2", "x"), "NCIT:C2 is not in the NCIt map, so it cannot be checked"),
        (xref(DOX, "NCIT:C456", "x"), "pairs NCIT:C456 with CHEBI:28748; the term has none"),
    ],
)
def test_wrong_mappings_are_told(small: Ontology, folder: Path, mapping: Xref, expected: str) -> None:
    (what,) = said(small, folder, mapping)
    assert expected in what


def test_the_protein_must_be_that_of_the_gene(small: Ontology, folder: Path) -> None:
    found = said(small, folder, xref(TOP2, "HGNC:11989", "TOP2A"), xref(TOP2, "NCIT:C1", "x"))
    assert found == ["the NCIt map pairs NCIT:C1 with UP:P00001; the term has none"]


def test_a_review_or_a_weaker_predicate_excuses_the_name_not_the_label(small: Ontology, folder: Path) -> None:
    assert said(small, folder, xref(TOP2, "CHEBI:28748", "doxorubicin", "reviewed: test")) == []
    assert said(small, folder, xref(TOP2, "CHEBI:28748", "doxorubicin", predicate="related")) == []
    assert len(said(small, folder, xref(TOP2, "CHEBI:28748", "adriamycin", "reviewed: test"))) == 1


def test_entries_are_read(folder: Path) -> None:
    (gene,) = read(folder, "HGNC")
    assert gene.names == ("DNA topoisomerase II alpha", "TP2A", "topoisomerase II", "TOP2")
    assert gene.proteins == ("P11388",)
    assert read_ncit(folder)["NCIT:C101660"] == {"HGNC:11989"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Carcinoma, Hepatocellular", "hepatocellular carcinomas"),
        ("Haemorrhage", "hemorrhage"),
        ("Liver abscesses", "abscess of the liver"),
        ("stenoses", "stenosis"),
        ("arteries", "artery"),
        ("Crohn's disease", "Crohn disease"),
        ("\u03b1-fetoprotein", "alpha-Fetoproteins"),
        ("embolisation", "Embolization"),
    ],
)
def test_fold_joins_ways_to_write_one_name(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hepatitis A", "hepatitis"),
        ("hepatitis A", "hepatitis B"),
        ("type 1 diabetes", "type 2 diabetes"),
        ("stenosis", "stent"),
        ("embolism", "embolization"),
        ("artery", "arteritis"),
        ("thrombosis with bleeding", "thrombosis without bleeding"),
        ("gastric varices", "gastritis"),
        ("note", "notch"),
        ("course", "corse"),
    ],
)
def test_fold_keeps_different_names_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=40))
def test_fold_knows_no_case_and_no_order(name: str) -> None:
    words = name.split()
    assert fold(" ".join(reversed(words))) == fold(" ".join(words))
