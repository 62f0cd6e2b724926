"""Commands that ask the graph: `justify` and `sparql`."""

from __future__ import annotations

import json
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.table import Table

from api.cli.options import DataOption, JsonOption, load_terms, settings
from api.cli.output import out
from ontology.problems import IrkgError, Problem

if TYPE_CHECKING:
    from kg.store import QueryResult, Store
    from ontology.terms import Ontology

__all__ = ["answer_text", "justify", "sparql"]

_TABLE: Final = "table"


def justify(
    question: Annotated[
        str, typer.Argument(help='A question such as "HCC, BCLC B, Child-Pugh A, 6 cm".')
    ] = "",
    profile: Annotated[
        Path | None,
        typer.Option(
            "--profile", help="A JSON file with the patient's profile, instead of or beside a question."
        ),
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank the options for a patient, with the evidence for and against each. It makes no decision."""
    if not question and profile is None:
        raise typer.BadParameter("give a question, or --profile FILE", param_hint="QUESTION")
    from kg import justify as justification
    from kg.store import OxigraphStore

    terms, extra = load_terms()
    if profile is not None:
        patient = justification.profile_from_json(_object(profile), terms)
    else:
        patient = _read_question(question, terms, extra)
    with OxigraphStore.read_only(settings(data).store_folder) as store:
        answer = justification.justify(store, terms, patient, question=question)
    if as_json:
        print(json.dumps(answer.to_json(), ensure_ascii=False))
    else:
        print(justification.render(answer, width=min(out.width, 110)))


def answer_text(store: Store, terms: Ontology, question: str, width: int = 100) -> str:
    """The answer to a question, as text for a terminal."""
    from kg import justify as justification

    patient = _read_question(question, terms, ())
    return justification.render(justification.justify(store, terms, patient, question=question), width=width)


def _read_question(question: str, terms: Ontology, extra: Any) -> Any:
    from ingest.nlp.pipeline import Reader
    from ingest.question import read_question

    return read_question(question, Reader(terms, extra))


def _object(path: Path) -> dict[str, object]:
    mend = "give one JSON object"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise IrkgError("the profile cannot be read", [Problem(str(path), str(error), mend=mend)]) from error
    if not isinstance(found, dict):
        raise IrkgError("the profile cannot be read", [Problem(str(path), "no JSON object", mend=mend)])
    return found


def sparql(
    query: Annotated[str, typer.Argument(help="A SPARQL 1.1 query; - reads standard input, @FILE a file.")],
    form: Annotated[
        str,
        typer.Option(
            "--format", "-f", help="table; json, xml, csv, tsv for SELECT and ASK; turtle, ntriples else."
        ),
    ] = _TABLE,
    data: DataOption = None,
) -> None:
    """Ask the graph in SPARQL. The default graph is the union of all; the project's prefixes are declared."""
    from kg.store import OxigraphStore
    from ontology.iris import PREFIXES

    known = (_TABLE, "json", "xml", "csv", "tsv", "turtle", "ntriples")
    if form not in known:
        raise IrkgError("unknown format", [Problem("--format", repr(form), mend=", ".join(known))])
    text = _text_of(query)
    prefixes = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
    # A query runs outside of Python, where Ctrl-C would wait for its end; nothing is written here.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    with OxigraphStore.read_only(settings(data).store_folder) as store:
        try:
            result = store.query(f"{prefixes}\n{text}")
            _print_result(result, form)
        except SyntaxError as error:
            problem = Problem(query if query.startswith("@") else "query", _own_line(str(error)))
            raise IrkgError("this is no SPARQL 1.1 query", [problem]) from error
        finally:
            signal.signal(signal.SIGINT, before)


def _text_of(query: str) -> str:
    if query == "-":
        return sys.stdin.read()
    return Path(query[1:]).read_text(encoding="utf-8") if query.startswith("@") else query


def _own_line(message: str) -> str:
    """A syntax error with the line as the person counts it, without the line of prefixes before it."""
    return re.sub(r"error at (\d+):", lambda found: f"error at {int(found[1]) - 1}:", message)


def _print_result(result: QueryResult, form: str) -> None:
    from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

    from ontology.iris import PREFIXES

    formats = {
        "json": QueryResultsFormat.JSON,
        "xml": QueryResultsFormat.XML,
        "csv": QueryResultsFormat.CSV,
        "tsv": QueryResultsFormat.TSV,
    }
    if not isinstance(result, QuerySolutions | QueryBoolean):
        if form in formats:
            raise IrkgError(
                "unknown format",
                [Problem("--format", f"{form} is not for triples", mend="turtle or ntriples")],
            )
        chosen = RdfFormat.N_TRIPLES if form == "ntriples" else RdfFormat.TURTLE
        prefixes = PREFIXES if chosen is RdfFormat.TURTLE else None
        serialize(result, sys.stdout.buffer, chosen, prefixes=prefixes)
    elif form in formats:
        result.serialize(sys.stdout.buffer, formats[form])
        print()
    elif form != _TABLE:
        raise IrkgError(
            "unknown format",
            [Problem("--format", f"{form} is for triples", mend="table, json, xml, csv or tsv")],
        )
    elif isinstance(result, QueryBoolean):
        print("yes" if result else "no")
    else:
        _print_table(result)
    sys.stdout.flush()


def _print_table(solutions: Any) -> None:
    from ontology.iris import compact

    table = Table(*(variable.value for variable in solutions.variables))
    for solution in solutions:
        cells = ("" if node is None else compact(getattr(node, "value", str(node))) for node in solution)
        table.add_row(*(_plain(cell) for cell in cells))
    out.print(table, soft_wrap=False)
    out.print(f"{table.row_count:,} row{'' if table.row_count == 1 else 's'}")


def _plain(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)
