"""Commands that judge the ontology and hand it out: `ontology check`, `ontology diff`, `ontology release`."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.ontology_options import RootOption, folder
from api.cli.options import DataOption, settings
from api.cli.output import out
from ontology.problems import IrkgError, Problem

if TYPE_CHECKING:
    from kg.impact import Impact, Read
    from kg.model.justification import Profile
    from ontology.diff import Diff
    from ontology.editions import Edition
    from ontology.terms import Ontology

__all__ = ["check", "diff", "register", "release"]

_Output = Annotated[Path | None, typer.Option("--output", "-o", help="A file; else it is printed.")]


class ReportFormat(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


class DiffFormat(StrEnum):
    """How a difference is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def check(
    root: RootOption = None,
    vocab: Annotated[
        Path | None,
        typer.Option("--vocab", "--vocabulary", help="A folder with vocabularies to check mappings against."),
    ] = None,
    reason: Annotated[bool, typer.Option("--reason/--no-reason", help="Ask the reasoner too.")] = True,
    format: Annotated[ReportFormat, typer.Option("--format", "-f", help="How to write it.")] = (
        ReportFormat.TEXT
    ),
    output: _Output = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Findings of one check in text; 0: all.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    data: DataOption = None,
) -> None:
    """Check tables, names, structure, shapes, logic and mappings; ends with 1 when something is an ERROR."""
    from ontology import report as write
    from ontology.quality import report

    found = report(folder(root), vocabulary=vocab, reason=reason, cache=settings(data).data / "cache")
    if as_json or format is ReportFormat.JSON:
        told = json.dumps(write.to_json(found), ensure_ascii=False, indent=2) + "\n"
    else:
        told = write.html(found) if format is ReportFormat.HTML else write.text(found, limit)
    _write(told, output)
    if not found.passed:
        raise typer.Exit(1)


def diff(
    old: Annotated[str, typer.Argument(help="A folder, or REV: or REV:FOLDER for a git revision.")],
    new: Annotated[str, typer.Argument(help="The same; else the program's own ontology.")] = "",
    graph: Annotated[
        Path | None, typer.Option("--graph", help="A graph's data folder: tell of its claims and answers.")
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option("--questions", help="A file with one question a line, to be answered with both."),
    ] = None,
    reason: Annotated[bool, typer.Option("--reason/--no-reason", help="Compare what is inferred.")] = True,
    format: Annotated[DiffFormat, typer.Option("--format", "-f", help="How to write it.")] = DiffFormat.TEXT,
    output: _Output = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Lines of one section in text; 0: all.")] = 50,
    data: DataOption = None,
) -> None:
    """Tell what changed between two editions, and what that does to a graph."""
    from ontology import changelog
    from ontology.diff import diff as compare
    from ontology.editions import edition

    if questions and not graph:
        raise typer.BadParameter("--questions needs --graph", param_hint="--questions")
    cache = settings(data).data / "cache"
    before = edition(old, reason=reason, cache=cache)
    after = edition(new or str(folder(None)), reason=reason, cache=cache)
    found = compare(before, after)
    touched = _impact(graph, found, before, after, questions) if graph else None
    if format is DiffFormat.JSON:
        value = found.to_json() | ({"graph": touched.to_json()} if touched else {})
        told = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    else:
        markdown = format is DiffFormat.MARKDOWN
        told = changelog.markdown(found) if markdown else changelog.text(found, limit)
        if touched:
            told += changelog.listed(_told(touched), limit=limit, markdown=markdown)
    _write(told, output)


def release(
    version: Annotated[str, typer.Argument(help="Such as 0.2.0.")],
    out_folder: Annotated[Path, typer.Option("--out", help="A new folder for the files.")],
    root: RootOption = None,
    day: Annotated[str, typer.Option("--date", help="The release's date, YYYY-MM-DD; else today.")] = "",
    since: Annotated[
        str,
        typer.Option("--since", help="What to compare with; else the last release beside the new folder."),
    ] = "",
    data: DataOption = None,
) -> None:
    """Write a release: files in every format, changelog, mappings, checksums; refused when the check has an
    ERROR.
    """
    from datetime import date

    from ontology.release import release as make

    try:
        when = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--date") from error
    done = make(
        version, out_folder, root=folder(root), day=when, since=since, cache=settings(data).data / "cache"
    )
    out.print(f"{done.iri}: {len(done.sums)} files in {done.folder}", markup=False)


def _impact(data: Path, found: Diff, before: Edition, after: Edition, questions: Path | None) -> Impact:
    from kg.impact import impact
    from kg.store import OxigraphStore

    asked = [line.strip() for line in questions.read_text(encoding="utf-8").splitlines()] if questions else []
    place = data / "store" if (data / "store").is_dir() else data
    if not place.is_dir():
        mend = "the folder that `irkg build --data` was given"
        raise IrkgError("there is no graph", [Problem(str(data), "no such folder", mend=mend)])
    with OxigraphStore.read_only(place) as store:
        wanted = [q for q in asked if q and not q.startswith("#")]
        read = _reader(before, after) if wanted else None
        return impact(store, found, before.ontology, after.ontology, wanted, read)


def _reader(*editions: Edition) -> Read:
    """Reads a question with the terms of either edition; a line that is a JSON object is a profile."""
    from ingest.nlp.pipeline import Reader
    from ingest.question import read_question
    from kg.justify import profile_from_json

    readers = {id(e.ontology): Reader(e.ontology, e.imported) for e in editions}

    def read(question: str, ontology: Ontology) -> Profile:
        if question.startswith("{"):
            return profile_from_json(json.loads(question), ontology)
        return read_question(question, readers[id(ontology)])

    return read


def _told(touched: Impact) -> list[tuple[str, list[str]]]:
    """The impact as sections of lines."""
    claims = [
        f"{c.label or c.claim}: {c.role} {c.term} is {c.what}" + (f" to {', '.join(c.to)}" if c.to else "")
        for c in touched.claims
    ]
    answers = []
    for answer in touched.answers:
        for o in answer.options:
            place = f"{o.old_rank or 'none'} -> {o.new_rank or 'none'}"
            score = f"{'none' if o.old_score is None else o.old_score} -> " + (
                f"{'none' if o.new_score is None else o.new_score}"
            )
            answers.append(f"{answer.question}: {o.label} ({o.id}): rank {place}, score {score}")
        if answer.disease[0] != answer.disease[1]:
            answers.append(f"{answer.question}: disease {answer.disease[0]} -> {answer.disease[1]}")
    asked = f"Answers that change ({len(touched.answers)} of {touched.asked} questions)"
    return [("Claims touched", claims)] + ([(asked, answers)] if touched.asked else [])


def _write(told: str, output: Path | None) -> None:
    if output is None:
        typer.echo(told, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(told, encoding="utf-8")


def register(app: typer.Typer) -> None:
    """Put the commands into the group `ontology`."""
    app.command()(check)
    app.command()(diff)
    app.command()(release)
