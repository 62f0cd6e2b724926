"""The curator's commands, and that each kind of bad input is refused with nothing written."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest

from api.cli import main, ontology_editing, ontology_options
from kg.settings import get_settings
from ontology.build import AXIOMS
from ontology.tables import load
from tests.ontology import small

GOOD = ("--parent", "disease", "-d", "Scarring of the liver.", "-s", "test", "--curator", "ada")


class Result:
    """What a command printed, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = small.tables(tmp_path / "root")
    (found / "ranges.tsv").write_text("curator\tbranch\tfrom\tto\nada\tDisease\t2000\t2009\n")
    (found / AXIOMS.name).write_bytes(AXIOMS.read_bytes())
    return found


@pytest.fixture
def run(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, root: Path, tmp_path: Path
) -> Iterator[Any]:
    """Runs a command on the small ontology in this process."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("IRKG_ONTOLOGY", str(root))
    monkeypatch.setenv("IRKG_DATA", str(tmp_path / "data"))
    get_settings.cache_clear()

    def call(*arguments: object) -> Result:
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main(["ontology", *map(str, arguments)])
        out, err = capsysbinary.readouterr()
        return Result(int(end.value.code or 0), out.decode(), err.decode())

    yield call
    get_settings.cache_clear()


def files(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def refused(run: Any, root: Path) -> Any:
    """Runs a command that must be refused: it tells all of `said`, and no file changes."""

    def call(arguments: tuple[object, ...], *said: str) -> None:
        before = files(root)
        told = run(*arguments)
        assert told.code == 1
        for part in said:
            assert part in told.err
        assert files(root) == before

    return call


# The bad input that the ontology must not take.


def test_a_cycle_in_the_hierarchy(refused: Any) -> None:
    told = "disease.tsv, row 3, parents: 'liver neoplasm' is below 'hepatocellular carcinoma' is below"
    mend = "(give it a parent that is not below it) [hierarchy_cycle]"
    refused(("move", "liver neoplasm", "--to", "hepatocellular carcinoma"), told, mend)


def test_a_row_with_a_stray_tab(refused: Any, run: Any, root: Path) -> None:
    place = "disease.tsv, row 5, definition: "
    bad = (
        "new",
        "Disease",
        "cirrhosis",
        "--parent",
        "disease",
        "-d",
        "Scarring\tof it.",
        "-s",
        "x",
        "--curator",
        "ada",
    )
    refused(bad, place, "(remove the stray tab) [stray_tab]")
    table = root / "terms" / "disease.tsv"
    table.write_text(table.read_text().replace("hepatoma|", "hepatoma\t"))
    told = "disease.tsv, row 4, column 13: 13 cells, 12 columns (remove the stray tab) [stray_tab]"
    refused(("edit", "liver neoplasm", "--comment", "x"), told)
    assert "stray_tab" in run("check", "--no-reason").out


def test_an_id_outside_its_range(refused: Any, root: Path, tmp_path: Path) -> None:
    told = "[id_out_of_range]"
    refused(
        ("template", "import", sheet(tmp_path, id="IRKG:0002500"), "--curator", "ada"),
        "mine.tsv, row 2, id",
        told,
    )
    table = root / "terms" / "disease.tsv"
    table.write_text(table.read_text().replace("IRKG:0001002", "IRKG:0006002"))
    refused(
        ("edit", "liver neoplasm", "--comment", "x"),
        "disease.tsv, row 4, id: IRKG:0006002 is outside 1000-2999",
        told,
    )


def test_an_id_that_is_used_again(refused: Any, root: Path, tmp_path: Path) -> None:
    row = "IRKG:0001002\thepatocellular carcinoma\t\tno use"
    (root / "obsolete.tsv").write_text(f"id\tlabel\treplaced_by\treason\n{row}\n")
    bad = ("template", "import", sheet(tmp_path, id="IRKG:0001002"), "--curator", "ada")
    refused(bad, "mine.tsv, row 2, id: IRKG:0001002 is obsolete")
    table = root / "terms" / "disease.tsv"
    table.write_text(table.read_text().replace("IRKG:0001002", "IRKG:0001001"))
    told = "disease.tsv, row 4, id: IRKG:0001001 is used in disease.tsv row 3 too (mint a new id) [id_reused]"
    refused(("edit", "liver", "--comment", "x"), told)


def test_a_parent_that_does_not_exist(refused: Any) -> None:
    bad = ("new", "Disease", "cirrhosis", *GOOD, "--parent", "hepatopathy")
    told = "disease.tsv, row 5, parents: 'hepatopathy' is the label of no term"
    refused(bad, told, "(write the label exactly, or add the term) [unknown_term]")


@pytest.mark.parametrize("scope", ["exact", "narrow", "abbreviations"])
def test_a_synonym_that_is_another_term_s_label(refused: Any, scope: str) -> None:
    bad = ("edit", "hepatocellular carcinoma", "--add-synonym", "Liver neoplasms", "--scope", scope)
    told = f"disease.tsv, row 4, {scope}: 'Liver neoplasms' is the label of 'liver neoplasm' (IRKG:0001001)"
    refused(bad, told, "or make it broad or related", "[duplicate_label_synonym]")


def test_a_definition_without_source(refused: Any) -> None:
    bad = ("new", "Disease", "cirrhosis", "--parent", "disease", "-d", "Scarring.", "--curator", "ada")
    told = "disease.tsv, row 5, source: source is empty (define in your own words and name a source)"
    refused(bad, told, "[missing_definition_source]")
    refused(("edit", "liver neoplasm", "--source", ""), "disease.tsv, row 3, source: source is empty")


def test_an_axiom_that_lets_nothing_be_a_term(refused: Any, root: Path) -> None:
    with (root / AXIOMS.name).open("a") as axioms:
        axioms.write("\nIRKG:0008001 owl:disjointWith IRKG:0008002 .\n")
    bad = ("edit", "gelatin sponge", "--add-parent", "doxorubicin", "--reason")
    told = "agent.tsv, row 4, parents: nothing can be a 'gelatin sponge' (IRKG:0008002); these axioms clash: "
    refused(bad, told, "doxorubicin", "(change one of them) [unsatisfiable]")


def test_a_spreadsheet_saved_as_latin_1(refused: Any, tmp_path: Path) -> None:
    path = sheet(tmp_path, definition="A na\u00efve word.")
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    told = "mine.tsv, row 2, definition: no UTF-8: the table was saved as Latin-1 or Windows-1252"
    refused(
        ("template", "import", path, "--curator", "ada"),
        told,
        "(save it as XLSX or as UTF-8 text) [not_utf8]",
    )


def test_a_spreadsheet_with_smart_quotes(refused: Any, run: Any, root: Path, tmp_path: Path) -> None:
    path = sheet(tmp_path, definition="The \u201chard\u201d liver.")
    told = "mine.tsv, row 2, definition: smart quote or no-break space"
    refused(("template", "import", path, "--curator", "ada"), told, "--tidy", "[smart_quote]")
    tidied = run("template", "import", path, "--curator", "ada", "--tidy")
    assert tidied.code == 0
    assert "made plain: mine.tsv, row 2, definition" in tidied.err
    assert load(root)["IRKG:0002000"].definition == 'The "hard" liver.'


def test_a_workbook_with_a_formula(refused: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in sheet(tmp_path, definition="=A1").read_text().splitlines():
        page.append(line.split("\t"))
    book.save(tmp_path / "disease.xlsx")
    told = "disease.xlsx, row 2, definition: a formula: =A1"
    refused(("template", "import", tmp_path / "disease.xlsx", "--curator", "ada"), told, "[formula]")


def sheet(tmp_path: Path, **cells: str) -> Path:
    """A spreadsheet with one new disease."""
    from ontology.slots import columns
    from ontology.terms import Branch

    header = columns(Branch.DISEASE)
    new = {"label": "cirrhosis", "parents": "disease", "definition": "Scarring.", "source": "test", **cells}
    path = tmp_path / "mine.tsv"
    rows = (header, [new.get(name, "") for name in header])
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


# The curator's path.


def test_new_mints_and_writes_one_row(run: Any, root: Path) -> None:
    before = files(root)
    told = run(
        "new",
        "disease",
        "cirrhosis",
        *GOOD,
        "--exact",
        "hepatic cirrhosis",
        "--set",
        "located_in=liver",
        "--json",
    )
    assert told.code == 0, told.err
    new = json.loads(told.out)
    assert (new["id"], new["iri"]) == ("IRKG:0002000", "https://w3id.org/irkg/IRKG_0002000")
    assert (new["files"], new["row"], new["written"]) == (["terms/disease.tsv"], 5, True)
    after = files(root)
    assert [p.name for p in after if after[p] != before[p]] == ["disease.tsv"]
    table = root / "terms" / "disease.tsv"
    assert after[table].startswith(before[table])
    assert load(root)["IRKG:0002000"].slots["located_in"] == ("IRKG:0010002",)


def test_a_dry_run_shows_the_change_and_writes_nothing(run: Any, root: Path) -> None:
    before = files(root)
    told = run("new", "Disease", "cirrhosis", *GOOD, "--dry-run")
    assert (told.code, files(root)) == (0, before)
    assert "IRKG:0002000 'cirrhosis' would be new" in told.out
    assert "+IRKG:0002000\tcirrhosis\tdisease\t" in told.out
    assert run("new", "Disease", "liver neoplasm", *GOOD, "--dry-run").code == 1


def test_whose_id_must_be_said(refused: Any) -> None:
    refused(("new", "Disease", "cirrhosis", "--parent", "disease"), "--curator NAME")
    refused(("new", "Agent", "x", "--curator", "ada"), "'ada' owns no ids of Agent")
    refused(("new", "Disease", "cirrhosis", *GOOD, "--set", "located_in"), "write it as site=liver")


def test_ranges(run: Any, root: Path) -> None:
    assert run("range", "Agent", "--curator", "bob", "--size", 10).out == "8010-8019 Agent: bob\n"
    assert run("range").out.splitlines() == ["2000-2009 Disease: ada", "8010-8019 Agent: bob"]
    assert run("range", "Agent", "--curator", "eve", "--size", 2000).code == 1


def test_edit_move_merge_obsolete(run: Any, root: Path) -> None:
    assert run("edit", "hepatocellular carcinoma", "--add-synonym", "liver cell cancer").code == 0
    assert run("edit", "hepatocellular carcinoma").code == 1  # no option, and nobody to ask
    assert run("move", "superselective chemoembolization", "--to", "liver embolization").code == 0
    told = run("obsolete", "liver embolization", "--reason", "too vague")
    assert told.code == 1
    assert "'superselective chemoembolization' (IRKG:0006005): a child of it" in told.err
    told = run(
        "obsolete",
        "liver embolization",
        "--reason",
        "too vague",
        "--replaced-by",
        "embolization",
        "--move-children",
    )
    assert told.code == 0, told.err
    assert "used by superselective chemoembolization (IRKG:0006005), parents: now embolization" in told.out
    told = run("merge", "doxorubicin chemoembolization", "chemoembolization", "--json")
    assert json.loads(told.out)["replaced_by"] == "IRKG:0006003"
    found = load(root)
    assert set(found.obsolete) == {"IRKG:0006002", "IRKG:0006004"}
    assert "doxorubicin chemoembolization" in found["IRKG:0006003"].names()
    assert run("edit", "IRKG:0006003", "--comment", found["IRKG:0006003"].comment).out.count(
        "nothing to change"
    )


def test_what_of_the_graph_still_names_it(run: Any, root: Path, tmp_path: Path) -> None:
    from pyoxigraph import NamedNode, Quad

    from kg.store import OxigraphStore
    from kg.store.base import Change
    from ontology.iris import document_graph, expand

    node = NamedNode("urn:e")
    quad = Quad(node, node, NamedNode(expand("IRKG:0006005")), NamedNode(document_graph("pmid:1")))
    with OxigraphStore.open(tmp_path / "data" / "store") as store:
        store.apply(Change(add=(quad,)))
    told = run(
        "obsolete", "superselective chemoembolization", "--reason", "x", "--replaced-by", "chemoembolization"
    )
    assert told.code == 0, told.err
    assert "in the graph: pmid:1: 1 statements" in told.out


def test_a_spreadsheet_out_and_in(run: Any, root: Path, tmp_path: Path) -> None:
    assert run("template", "export", "Disease", tmp_path / "d.xlsx").out.startswith("3 terms written")
    book = openpyxl.load_workbook(tmp_path / "d.xlsx")
    book["Disease"].append(["", "cirrhosis", "disease", "Scarring of the liver.", "test"])
    book.save(tmp_path / "d.xlsx")
    told = run("template", "import", tmp_path / "d.xlsx", "--curator", "ada", "--dry-run")
    assert "1 new, 0 changed (not written)" in told.out
    told = run("template", "import", tmp_path / "d.xlsx", "--curator", "ada")
    assert told.out.splitlines() == ["IRKG:0002000 'cirrhosis' new", "1 new, 0 changed"]
    assert run("template", "import", tmp_path / "no.xlsx").code == 1


def test_import_takes_single_terms(run: Any, root: Path, tmp_path: Path) -> None:
    content = b"id\tlabel\tsynonyms\tparents\txrefs\nMONDO:3\thepatoblastoma\t\tMONDO:2\t\n"
    (tmp_path / "mondo.tsv.gz").write_bytes(gzip.compress(content))
    (root / "imports").mkdir()
    header = "source\tprefix\tversion\tlicence\taddress"
    (root / "imports" / "sources.tsv").write_text(f"{header}\nMONDO 1\tMONDO\t1\tCC BY 4.0\tx\n")
    ask = ("import", "MONDO", "MONDO:3", "--vocabulary", tmp_path)
    told = run(*ask)
    assert told.code == 1
    assert "say with --parent what it hangs on" in told.err
    told = run(*ask, "--parent", "liver neoplasm")
    assert told.code == 0, told.err
    assert (root / "imports" / "chosen_mondo.tsv").read_text().splitlines()[1].split("\t") == [
        *("MONDO:3", "hepatoblastoma", "Disease", "IRKG:0001001", "", "MONDO 1")
    ]


def test_a_folder_that_may_not_be_written(
    run: Any, root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ontology_options, "_writable", lambda _: False)
    told = run("edit", "liver", "--comment", "x")
    assert told.code == 1
    assert f"{root}: cannot be written (give a folder of your own with --root" in told.err
    installed = small.tables(tmp_path / "site-packages" / "ontology")
    told = run("edit", "liver", "--comment", "x", "--root", installed)
    assert "belongs to an installed program" in told.err
    assert run("edit", "liver", "--comment", "x", "--root", tmp_path / "nowhere").code == 1


# The form in an editor.


def test_the_editor_opens_when_something_is_missing(
    run: Any, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def editor(text: str, extension: str) -> str:
        shown.append(text)
        filled = text.replace("parents:", "parents: disease").replace("definition:", "definition: Scarring.")
        # The first time the source is forgotten; the form comes again with what was typed.
        return filled if len(shown) == 1 else text.replace("source:", "source: test")

    monkeypatch.setattr(ontology_editing, "_interactive", lambda: True)
    monkeypatch.setattr(click, "edit", editor)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    told = run("new", "Disease", "cirrhosis", "--curator", "ada")
    assert told.code == 0, told.err
    assert len(shown) == 2
    assert "# new term of Disease, id IRKG:0002000" in shown[0]
    assert "# located_in takes: AnatomicalSite" in shown[0]
    assert "definition: Scarring." in shown[1]
    assert load(root)["IRKG:0002000"].definition_source == "test"


def test_a_form_for_a_known_term(run: Any, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ontology_editing, "_interactive", lambda: True)
    monkeypatch.setattr(
        click,
        "edit",
        lambda text, extension: text.replace("exact: hepatoma|", "exact: ").replace(
            "narrow:", "narrow: hepatoma"
        ),
    )
    assert run("edit", "hepatocellular carcinoma").code == 0
    scopes = {s.text: s.scope for s in load(root)["IRKG:0001002"].synonyms}
    assert scopes == {"hepatocellular cancer": "exact", "HCC": "exact", "hepatoma": "narrow"}
    monkeypatch.setattr(click, "edit", lambda text, extension: None)
    assert "left without saving" in run("edit", "hepatocellular carcinoma").err
    monkeypatch.setattr(click, "edit", lambda text, extension: text + "colour: red\n")
    assert "'colour: red'" in run("edit", "hepatocellular carcinoma").err
