from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ontology.choosing import choose
from ontology.external import SOURCE_COLUMNS, read_imports
from ontology.quality import check
from ontology.tables import load
from ontology.terms import Branch
from ontology.workspace import EditError, Sources
from tests.ontology.small import tables

FILES = {
    "mondo": [
        "id\tlabel\tsynonyms\tparents\txrefs",
        "MONDO:1\tneoplasm\t\t\t",
        "MONDO:2\tliver tumour\t\tMONDO:1\t",
        "MONDO:3\thepatoblastoma\tpediatric hepatoblastoma|hepatoma\tMONDO:2\t",
        "MONDO:4\tmixed hepatoblastoma\t\tMONDO:3\t",
        "MONDO:5\tHepatocellular carcinomas\t\tMONDO:2\t",
        "MONDO:6\tscurvy\t\t\t",
    ],
    "mesh": ["id\tlabel\tsynonyms\ttree_numbers", "D1\tLiver Neoplasms\t\tC1.2", "D2\tThing, Odd\t\tC1.2.3"],
    "hgnc": ["id\tsymbol\tname\taliases\tprevious\tuniprot", "HGNC:5\tA1BG\talpha-1-B glycoprotein\t\t\t"],
}


@pytest.fixture
def vocabulary(tmp_path: Path) -> Path:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    for name, lines in FILES.items():
        (folder / f"{name}.tsv.gz").write_bytes(gzip.compress(("\n".join(lines) + "\n").encode()))
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = tables(tmp_path / "root")
    header = (
        "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tcomment"
    )
    rows = [
        f"IRKG:0001001\tliver neoplasm\tskos:exactMatch\t{o}\tsemapv:LexicalMatching\t"
        for o in ("MONDO:2\tliver tumour", "MESH:D1\tLiver Neoplasms")
    ]
    (found / "mappings" / "disease.sssom.tsv").write_text("\n".join([header, *rows]) + "\n")
    (found / "imports").mkdir()
    sources = ["MONDO 1\tMONDO\t1\tCC BY 4.0\tx", "MeSH 2025\tMESH\t2025\tx\tx", "HGNC 1\tHGNC\t1\tCC0\tx"]
    (found / "imports" / "sources.tsv").write_text("\n".join(["\t".join(SOURCE_COLUMNS), *sources]) + "\n")
    return found


def test_a_term_hangs_on_the_nearest_that_is_there(root: Path, vocabulary: Path) -> None:
    sources = Sources(root)
    four, three = choose(sources, vocabulary, "mondo", ["MONDO:4", "3"])
    assert (three.branch, three.parents, three.source) == (Branch.DISEASE, ("IRKG:0001001",), "MONDO 1")
    assert three.synonyms == ("pediatric hepatoblastoma",)  # `hepatoma` is a name of an own term
    assert four.parents == ("MONDO:3",)
    assert sources.save() == [root / "imports" / "chosen_mondo.tsv"]
    assert check(root) == []
    terms, problems = read_imports(root / "imports", load(root).terms)
    assert [t.id for t in terms] == ["MONDO:3", "MONDO:4"]
    assert not problems
    with pytest.raises(EditError, match="MONDO:3 'hepatoblastoma' is imported already"):
        choose(Sources(root), vocabulary, "MONDO", ["MONDO:3"])


def test_a_place_in_the_tree_and_a_place_that_is_said(root: Path, vocabulary: Path) -> None:
    sources = Sources(root)
    (one,) = choose(sources, vocabulary, "MESH", ["D2"])
    assert (one.branch, one.parents, one.synonyms) == (Branch.DISEASE, ("IRKG:0001001",), ("Odd Thing",))
    (two,) = choose(sources, vocabulary, "MONDO", ["MONDO:6"], parent="disease")
    assert two.parents == ("IRKG:0001000",)
    (gene,) = choose(sources, vocabulary, "HGNC", ["HGNC:5"])
    assert (gene.branch, gene.parents) == (Branch.MOLECULAR_TARGET, ())


def test_a_new_version_gets_a_row(root: Path, vocabulary: Path) -> None:
    sources = Sources(root)
    (one,) = choose(sources, vocabulary, "MONDO", ["MONDO:3"], version="2")
    sources.save()
    assert one.source == "MONDO 2"
    assert (root / "imports" / "sources.tsv").read_text().endswith("MONDO 2\tMONDO\t2\tCC BY 4.0\tx\n")
    assert check(root) == []


@pytest.mark.parametrize(
    ("prefix", "ids", "told"),
    [
        ("MONDO", ["MONDO:9"], r"chosen_mondo.tsv, id: MONDO has no MONDO:9 \(look it up in mondo.tsv.gz\)"),
        ("MONDO", ["MONDO:2"], r"MONDO:2 'liver tumour' is 'liver neoplasm' \(IRKG:0001001\)"),
        ("MONDO", ["MONDO:5"], r"is 'hepatocellular carcinoma' \(IRKG:0001002\)"),
        ("MONDO", ["MONDO:4"], ""),
        ("SNOMED", ["1"], "'SNOMED' is no vocabulary"),
        ("HP", ["HP:1"], "hp.tsv.gz"),
    ],
)
def test_what_cannot_be_taken(root: Path, vocabulary: Path, prefix: str, ids: list[str], told: str) -> None:
    if not told:
        assert choose(Sources(root), vocabulary, prefix, ids)
        return
    with pytest.raises((EditError, FileNotFoundError), match=told):
        choose(Sources(root), vocabulary, prefix, ids)


def test_a_source_without_version_and_licence_is_told(root: Path) -> None:
    (root / "imports" / "x.tsv").write_text(
        "id\tlabel\tbranch\tparents\tsynonyms\tsource\nMONDO:3\thepatoblastoma\tDisease\t\t\tMONDO 7\n"
    )
    told = "x.tsv, row 2, source: 'MONDO 7' has no row in sources.tsv"
    assert told in "\n".join(map(str, check(root)))
