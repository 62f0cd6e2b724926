from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from ingest.report import Progress, Report
from ingest.run import ingest, ontology_version
from ingest.workers import WorkerError
from kg.claims import is_dirty
from kg.export import export
from kg.lookup import document
from kg.store import OxigraphStore
from kg.versions import dataset, runs
from ontology.terms import Ontology, Synonym, Term
from tests.ingest.light_reader import LightReader
from tests.kg.factories import HCC, SORAFENIB, TACE, VEGFR, ontology

GOOD = "TACE treats hepatocellular carcinoma. TACE uses sorafenib."


def write_lines(path: Path, *documents: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in documents))
    return path


def doc(name: str, text: str = GOOD, **fields: object) -> dict[str, object]:
    return {"id": name, "title": f"Paper {name}", "sections": [{"label": "Results", "text": text}], **fields}


def pubmed(*articles: tuple[str, str, str], deleted: str = "") -> str:
    """Records (PMID, year of revision, text) and the PMIDs that a DeleteCitation names."""
    records = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><DateRevised><Year>{year}</Year><Month>01</Month>"
        "<Day>02</Day></DateRevised>"
        f"<Article><ArticleTitle>Paper {pmid}</ArticleTitle><Abstract><AbstractText>"
        f"{text}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
        for pmid, year, text in articles
    )
    gone = f"<DeleteCitation><PMID>{deleted}</PMID></DeleteCitation>" if deleted else ""
    return f'<?xml version="1.0"?><PubmedArticleSet>{records}{gone}</PubmedArticleSet>'


def canonical(store: OxigraphStore) -> bytes:
    out = BytesIO()
    export(store, out, canonical=True)
    return out.getvalue()


class Bench:
    """A store, a data folder, and a run over files in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = OxigraphStore.memory()
        self.told: list[Progress] = []

    def run(self, *paths: Path, reader: LightReader | None = None, **options: object) -> Report:
        return ingest(
            paths,
            self.store,
            ontology(),
            data=self.folder / "data",
            reader=reader or LightReader(),
            on_progress=self.told.append,
            **options,  # type: ignore[arg-type]
        )

    def aside(self) -> list[Path]:
        return sorted((self.folder / "data" / "set-aside").glob("*"))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def counted(report: Report) -> dict[str, int]:
    return {name: number for name, number in report.counts.items() if number}


def test_documents_become_graphs_and_claims(bench: Bench) -> None:
    report = bench.run(write_lines(bench.folder / "a.jsonl", doc("a"), doc("b")))
    assert counted(report) == {"read": 2}
    assert report.ok
    assert report.claims == 2
    found = document(bench.store, "a")
    assert found is not None
    assert found.evidence[0].quote == "TACE treats hepatocellular carcinoma."
    assert not is_dirty(bench.store)
    described = dataset(bench.store)
    assert described is not None
    assert described.documents == 2
    assert runs(bench.store)[0].counts["read"] == 2
    assert [p.done for p in bench.told if p.stage == "reading"] == [1, 2]


def test_a_second_run_changes_nothing(bench: Bench) -> None:
    path = write_lines(bench.folder / "a.jsonl", doc("a"), doc("b"))
    bench.run(path)
    before = canonical(bench.store)
    report = bench.run(path)
    assert counted(report) == {"unchanged": 2}
    assert report.claims == 0
    assert canonical(bench.store) == before


def test_a_changed_text_or_reader_replaces_the_document(bench: Bench) -> None:
    bench.run(write_lines(bench.folder / "a.jsonl", doc("a"), doc("b")))
    path = write_lines(
        bench.folder / "a.jsonl", doc("a", "TACE never treats hepatocellular carcinoma."), doc("b")
    )
    assert counted(bench.run(path)) == {"replaced": 1, "unchanged": 1}
    assert counted(bench.run(path, reader=LightReader("light 2"))) == {"replaced": 2}


def test_names_of_terms_are_part_of_the_version_and_definitions_are_not() -> None:
    term = Term("IRKG:0001010", HCC.branch, "hepatocellular carcinoma")
    version = ontology_version(Ontology({term.id: term}))
    defined = Term(term.id, term.branch, term.label, definition="A tumor.")
    named = Term(term.id, term.branch, term.label, synonyms=(Synonym("HCC"),))
    assert ontology_version(Ontology({term.id: defined})) == version
    assert ontology_version(Ontology({term.id: named})) != version


def test_the_result_does_not_depend_on_the_number_of_workers(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write_lines(bench.folder / "a.jsonl", *(doc(f"d{i}", f"Number {i}. {GOOD}") for i in range(30)))
    bench.run(path)
    other = Bench(tmp_path_factory.mktemp("two"))
    assert counted(other.run(path, workers=2)) == {"read": 30}
    assert canonical(other.store) == canonical(bench.store)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_document_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(bench: Bench, workers: int) -> None:
    path = write_lines(
        bench.folder / "a.jsonl",
        doc("a"),
        doc("bad", "RAISE. " + GOOD),
        doc("off", "MISQUOTE. " + GOOD),
        doc("b"),
    )
    report = bench.run(path, workers=workers)
    assert counted(report) == {"read": 2, "failed": 2}
    assert not report.ok
    assert [(p.file, p.row) for p in report.problems] == [(str(path), 2), (str(path), 3)]
    assert "ValueError while it was read: no such sentence" in str(report.problems[0])
    assert "mention" in str(report.problems[1])
    kept = [p for p in bench.aside() if p.suffix == ".jsonl"]
    assert len(kept) == 2
    assert not bench.store.contains_graph("https://w3id.org/irkg/graph/document/bad")
    assert {counted(Bench(bench.folder).run(p))["failed"] for p in kept} == {
        1
    }  # what is set aside can be ingested


def test_what_can_be_read_again_is_no_longer_set_aside(bench: Bench) -> None:
    path = write_lines(bench.folder / "a.jsonl", doc("a", "RAISE. " + GOOD))
    bench.run(path)
    assert bench.aside()
    write_lines(path, doc("a"))
    assert counted(bench.run(path)) == {"read": 1}
    assert not bench.aside()


def test_a_worker_that_dies_costs_one_document(bench: Bench) -> None:
    documents = [doc(f"d{i}", ("DIE. " if i in (3, 4, 9) else "") + f"Number {i}. {GOOD}") for i in range(12)]
    report = bench.run(write_lines(bench.folder / "a.jsonl", *documents), workers=2)
    assert counted(report) == {"read": 9, "failed": 3}
    assert [p.row for p in report.problems] == [4, 5, 10]
    assert all("died (exit code -9)" in str(p) for p in report.problems)


def test_a_document_beyond_the_deadline_is_set_aside(bench: Bench) -> None:
    path = write_lines(bench.folder / "a.jsonl", doc("a"), doc("slow", "HANG. " + GOOD), doc("b"), doc("c"))
    report = bench.run(path, workers=2, deadline=0.5)
    assert counted(report) == {"read": 3, "failed": 1}
    assert "longer than 0.5 seconds" in str(report.problems[0])


def test_a_reader_that_cannot_be_made_ends_the_run(bench: Bench) -> None:
    path = write_lines(bench.folder / "a.jsonl", doc("a"))
    with pytest.raises(WorkerError, match="cannot be started"):
        bench.run(path, workers=2, reader=_no_reader)


def _no_reader() -> LightReader:
    raise OSError("no model is installed")


def test_broken_input_is_set_aside_as_it_came(bench: Bench) -> None:
    path = bench.folder / "a.jsonl"
    path.write_bytes(b'{"id": "a", "title": "x"}\n{"id": 1,\n')
    report = bench.run(path)
    assert counted(report) == {"read": 1, "failed": 1}
    assert [p.read_bytes() for p in bench.aside() if p.suffix == ".raw"] == [b'{"id": 1,']
    assert "no known term" in str(report.notes[0])
    assert "title only" in str(report.notes[0])


def test_of_two_texts_under_one_id_the_second_is_set_aside(bench: Bench) -> None:
    path = write_lines(bench.folder / "a.jsonl", doc("a"), doc("a", "Another text. " + GOOD), doc("a"))
    report = bench.run(path)
    assert counted(report) == {"read": 1, "unchanged": 1, "failed": 1}
    assert "a came before in this run with another text" in str(report.problems[0])
    first = canonical(bench.store)
    assert counted(bench.run(path)) == {"unchanged": 2, "failed": 1}
    assert canonical(bench.store) == first


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("years", [("2020", "2021"), ("2021", "2020")])
def test_of_two_versions_the_one_revised_later_wins_and_stays(
    bench: Bench, years: tuple[str, str], workers: int
) -> None:
    path = bench.folder / "a.xml"
    path.write_text(pubmed(*(("7", year, f"Revised in {year}. {GOOD}") for year in years)))
    for _ in range(2):
        assert bench.run(path, workers=workers).ok
        found = document(bench.store, "pmid:7")
        assert found is not None
        assert "Revised in 2021" in found.text
    assert counted(bench.run(path)) == {"unchanged": 1, "skipped": 1}


def test_an_older_file_does_not_undo_a_newer_one(bench: Bench) -> None:
    old, new = bench.folder / "old.xml", bench.folder / "new.xml"
    old.write_text(pubmed(("7", "2020", "First. " + GOOD)))
    new.write_text(pubmed(("7", "2021", "Second. " + GOOD)))
    bench.run(new)
    report = bench.run(old)
    assert counted(report) == {"skipped": 1}
    assert "revised later" in str(report.notes[0])


def test_a_withdrawn_record_is_removed_with_its_claims(bench: Bench) -> None:
    path = bench.folder / "a.xml"
    path.write_text(pubmed(("7", "2020", GOOD), ("8", "2020", "TACE targets VEGFR.")))
    bench.run(path)
    assert {TACE.term, VEGFR.term, SORAFENIB.term} <= {"IRKG:" + t[-7:] for t in _objects(bench.store)}
    path.write_text(pubmed(("8", "2020", "TACE targets VEGFR."), deleted="7"))
    assert counted(bench.run(path)) == {"deleted": 1, "unchanged": 1}
    assert document(bench.store, "pmid:7") is None
    assert "IRKG:" + str(SORAFENIB.term)[-7:] not in {"IRKG:" + t[-7:] for t in _objects(bench.store)}


def _objects(store: OxigraphStore) -> set[str]:
    found = store.quads(graph="https://w3id.org/irkg/graph/claims")
    return {node.value for quad in found for node in (quad.subject, quad.object) if "IRKG_" in node.value}


def test_withdrawn_and_sent_again_in_one_run_stays(bench: Bench) -> None:
    first, second = bench.folder / "1.xml", bench.folder / "2.xml"
    first.write_text(pubmed(("7", "2020", GOOD)))
    bench.run(first)
    second.write_text(pubmed(deleted="7"))
    report = bench.run(second, first)
    assert counted(report) == {"deleted": 1, "read": 1}
    assert document(bench.store, "pmid:7") is not None


def test_ctrl_c_keeps_what_was_written_and_the_next_run_goes_on(bench: Bench) -> None:
    path = write_lines(bench.folder / "a.jsonl", *(doc(f"d{i}", f"Number {i}. {GOOD}") for i in range(9)))

    def stop(progress: Progress) -> None:
        if progress.done == 4:
            raise KeyboardInterrupt

    report = ingest(
        [path], bench.store, ontology(), data=bench.folder, reader=LightReader(), on_progress=stop
    )
    assert report.interrupted
    assert not report.ok
    assert report.counts["read"] == 4
    assert is_dirty(bench.store)
    assert counted(bench.run(path)) == {"read": 5, "unchanged": 4}
    undisturbed = Bench(bench.folder)
    undisturbed.run(path)
    assert canonical(bench.store) == canonical(undisturbed.store)


def test_the_report_as_json_names_file_and_record(bench: Bench) -> None:
    path = write_lines(bench.folder / "a.jsonl", doc("a"), doc("b", "RAISE."))
    told = json.loads(json.dumps(bench.run(path).to_json()))
    assert (told["read"], told["failed"], told["interrupted"]) == (1, 1, False)
    assert told["problems"][0]["file"] == str(path)
    assert told["problems"][0]["record"] == 2
