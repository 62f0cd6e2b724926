from __future__ import annotations

import csv
import gzip
import shutil
from pathlib import Path

import pytest

from ontology.external import read_imports
from ontology.importing import import_subset, main, table, write_imports
from ontology.lexicon import Lexicon
from ontology.tables import ROOT, load
from ontology.terms import Branch, Term
from tests.ontology.small import tables

VOCABULARIES = Path(__file__).parents[2] / "../shared/vocab"

MESH = [
    ("D000001", "Liver Diseases", "Hepatic Disease", "C06.552"),
    ("D000002", "Liver Abscess", "Hepatic Abscess|Abscess, Liver", "C06.552.100|C01.830.025"),
    ("D000003", "Liver Abscess, Amebic", "Amebic Liver Abscess|Abscess (Amebic)", "C06.552.100.200|C22.1"),
    ("D000004", "Pylephlebitis", "", "C06.552.100.300"),
    ("D000005", "Rupture", "Organ Rupture", "C26.761"),
    ("D000006", "Eye Cyst", "", "C11.5"),
    ("D000007", "Splenectomy", "", "E04.726"),
    ("D000008", "Testinib", "Compound 12", "D03.1"),
    ("D000009", "Protein Testinib", "", "D12.776.1"),
    ("D000010", "Ion Channels", "", "D27.505.519.1"),
    ("D000011", "Renin Inhibitors", "", "D27.505.519.2"),
    ("D000012", "Venography", "Phlebography", "E01.370.350.700"),
]
TREES = """# branch, sign, trees
Disease + C06 C26
Disease - C11 C22
Procedure + E04
ImagingModality + E01.370.350
Agent ~ D27.505.519
Agent * D03 D12
"""
HGNC = [
    ("HGNC:1", "ADAM17", "ADAM metallopeptidase domain 17", "TACE, CD156b", "", ""),
    ("HGNC:2", "ABC1X", "not asked for", "", "", ""),
]


def pack(path: Path, header: str, rows: list[tuple[str, ...]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


@pytest.fixture
def vocabulary(tmp_path: Path) -> Path:
    folder = tmp_path / "vocab"
    folder.mkdir()
    pack(folder / "mesh.tsv.gz", "id label synonyms tree_numbers", MESH)
    pack(folder / "hgnc.tsv.gz", "id symbol name aliases previous uniprot", HGNC)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tables(tmp_path)
    lists = made / "imports"
    lists.mkdir(exist_ok=True)
    (lists / "trees.txt").write_text(TREES)
    (lists / "drugs.txt").write_text("# stems\n-tinib\n")
    (lists / "genes.txt").write_text("ADAM17\n")
    (lists / "left_out.txt").write_text("# plain words\nrupture\n")
    return made


def found(vocabulary: Path, root: Path) -> dict[str, Term]:
    return {t.label: t for terms in import_subset(vocabulary, root).values() for t in terms}


def test_what_lies_below_a_taken_tree_is_taken_as_its_branch(vocabulary: Path, root: Path) -> None:
    got = found(vocabulary, root)
    assert got["Liver Abscess"].branch is Branch.DISEASE
    assert got["Splenectomy"].branch is Branch.PROCEDURE
    assert got["Venography"].branch is Branch.IMAGING_MODALITY
    assert got["ADAM17"].branch is Branch.MOLECULAR_TARGET
    assert got["Liver Abscess"].definition_source == "MeSH 2025"


def test_a_tree_to_leave_wins(vocabulary: Path, root: Path) -> None:
    got = found(vocabulary, root)
    assert "Eye Cyst" not in got
    assert "Liver Abscess, Amebic" not in got


def test_the_parent_is_the_nearest_kept_term_above(vocabulary: Path, root: Path) -> None:
    got = found(vocabulary, root)
    assert got["Pylephlebitis"].parents == (got["Liver Abscess"].id,)
    assert got["Liver Abscess"].parents == (got["Liver Diseases"].id,)


def test_children_of_an_own_term_hang_on_it(vocabulary: Path, root: Path, tmp_path: Path) -> None:
    own = tables(tmp_path / "own", {"IRKG:0001001": {"exact": "hepatic diseases|liver disease"}})
    shutil.copytree(root / "imports", own / "imports", dirs_exist_ok=True)
    got = found(vocabulary, own)
    assert "Liver Diseases" not in got
    assert got["Liver Abscess"].parents == ("IRKG:0001001",)


def test_names_that_text_cannot_hold_are_dropped(vocabulary: Path, root: Path) -> None:
    got = found(vocabulary, root)
    assert [s.text for s in got["Liver Abscess"].synonyms] == ["Hepatic Abscess"]


def test_left_out_names_leave_the_term_out(vocabulary: Path, root: Path) -> None:
    assert "Rupture" not in found(vocabulary, root)
    (root / "imports" / "left_out.txt").write_text("")
    assert "Rupture" in found(vocabulary, root)


def test_drugs_are_chosen_by_stem_and_class_by_name(vocabulary: Path, root: Path) -> None:
    got = found(vocabulary, root)
    assert {"Testinib", "Renin Inhibitors"} <= set(got)
    assert not {"Protein Testinib", "Ion Channels"} & set(got)


def test_an_alias_of_letters_alone_is_no_name_of_a_gene(vocabulary: Path, root: Path) -> None:
    gene = found(vocabulary, root)["ADAM17"]
    assert [s.text for s in gene.synonyms] == ["ADAM metallopeptidase domain 17", "CD156b"]
    assert "ABC1X" not in found(vocabulary, root)


def test_what_is_written_is_read_again(vocabulary: Path, root: Path) -> None:
    sizes = write_imports(vocabulary, root)
    load.cache_clear()
    terms, problems = read_imports(root / "imports", load(root).terms)
    assert not problems
    assert len(terms) == sum(sizes.values())
    first = {p.name: p.read_bytes() for p in (root / "imports").glob("*.tsv")}
    write_imports(vocabulary, root)
    assert first == {p.name: p.read_bytes() for p in (root / "imports").glob("*.tsv")}


def test_the_table_has_a_row_a_term() -> None:
    term = Term("MESH:D1", Branch.DISEASE, "Liver Diseases", ("IRKG:0001000",), definition_source="MeSH 2025")
    assert table([term]).splitlines()[1] == "MESH:D1\tLiver Diseases\tDisease\tIRKG:0001000\t\tMeSH 2025"


def test_a_missing_folder_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "mesh.tsv.gz" in capsys.readouterr().err


def test_the_kept_imports_are_sound() -> None:
    ontology = load()
    terms, problems = read_imports(ROOT / "imports", ontology.terms)
    assert not problems
    assert len(terms) > 3000
    assert all(p.stat().st_size < 400_000 for p in (ROOT / "imports").glob("*.tsv"))
    lexicon = Lexicon(ontology, terms)
    assert lexicon.lookup("TACE")
    assert all(e.term.startswith("IRKG:") for e in lexicon.lookup("TACE"))
    assert not any(len("".join(filter(str.isalpha, s.text))) < 3 for t in terms for s in t.synonyms)


@pytest.mark.skipif(not VOCABULARIES.exists(), reason="the vocabulary snapshots are not beside the checkout")
def test_imports_hold_ids_and_labels_of_their_vocabulary() -> None:
    from ontology.vocabularies import read

    labels = {e.id: e.label for prefix in ("MESH", "HGNC") for e in read(VOCABULARIES, prefix)}
    terms, _ = read_imports(ROOT / "imports", load().terms)
    assert [t.id for t in terms if labels.get(t.id) != t.label] == []
