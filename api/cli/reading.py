"""Commands that read literature: `ingest` into the graph, `extract` onto the screen."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import DataOption, JsonOption, WorkersOption, load_terms, settings, workers_of
from api.cli.output import errors, print_json, print_report, steps

if TYPE_CHECKING:
    from ingest.sources import Item

__all__ = ["extract", "ingest"]


def ingest(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files, folders, archives (.gz, tar, zip): PubMed XML, JATS, MEDLINE, RIS, JSON lines, text."
        ),
    ],
    workers: WorkersOption = 0,
    deadline: Annotated[
        float, typer.Option(min=1, help="Seconds that one document may take, with more than one worker.")
    ] = 120.0,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read literature into the graph. What is unchanged is skipped; a stopped run goes on from there."""
    found = settings(data)
    with steps() as shown:
        with shown.step("Reading the terms"):
            from api.cli.prepare import prepare
            from ingest.run import ingest as run
            from kg.store import OxigraphStore

            terms, extra = load_terms()
        with OxigraphStore.open(found.store_folder) as store:
            prepare(store, terms, extra, found.data / "cache", shown)
            report = run(
                paths,
                store,
                terms,
                extra=extra,
                data=found.data,
                workers=workers_of(workers),
                deadline=deadline,
                on_progress=shown.reader(),
            )
    if as_json:
        print_json(report.to_json())
    else:
        print_report(report, str(found.data / "set-aside"))
    if not report.ok:
        raise typer.Exit(130 if report.interrupted else 1)


def extract(
    files: Annotated[list[Path], typer.Argument(help="Any format that `irkg ingest` reads.")],
) -> None:
    """Read documents and print what was found, one JSON object a line; nothing is stored."""
    from ingest.extract import to_line
    from ingest.nlp.pipeline import Reader
    from ingest.sources import Read, read

    terms, extra = load_terms()
    reader = Reader(terms, extra)
    failed = False
    for item in (item for path in files for item in read(path)):
        if isinstance(item, Read):
            try:
                line = json.dumps(to_line(reader.read(item.publication)), ensure_ascii=False)
            except Exception as error:  # one document must not end the others
                where = f"{item.origin.file}, record {item.origin.record}, {item.publication.id}"
                errors.print(f"irkg: {where}: {type(error).__name__}: {error}", markup=False)
                failed = True
            else:
                sys.stdout.write(line + "\n")
        else:
            failed |= _left_out(item)
    if failed:
        raise typer.Exit(1)


def _left_out(item: Item) -> bool:
    """Tell of an item that is no document; True when it failed."""
    from ingest.sources import Failed, Skipped

    if isinstance(item, Failed):
        errors.print(f"irkg: {item.problem}", markup=False)
    elif isinstance(item, Skipped):
        errors.print(f"irkg: {item.origin.file}: left out: {item.why}", markup=False)
    return isinstance(item, Failed)
