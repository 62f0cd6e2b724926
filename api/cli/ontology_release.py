"""Commands that judge the ontology and hand it out: `ontology check`, `ontology diff`, `ontology release`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.ontology_options import RootOption
from api.cli.options import DataOption, settings

__all__ = ["check", "register"]


class ReportFormat(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def check(
    root: RootOption = None,
    vocab: Annotated[
        Path | None,
        typer.Option(
            "--vocab", "--vocabulary", help="A folder with snapshots to check the mappings against."
        ),
    ] = None,
    reason: Annotated[bool, typer.Option("--reason/--no-reason", help="Ask the reasoner too.")] = True,
    format: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="How to write it.")
    ] = ReportFormat.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; else it is printed.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Findings of one check in text; 0: all.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    data: DataOption = None,
) -> None:
    """Check tables, names, structure, shapes, logic and mappings; ends with 1 when something is an ERROR."""
    import json

    from ontology import report as write
    from ontology.quality import report
    from ontology.tables import ROOT

    found = report(root or ROOT, vocabulary=vocab, reason=reason, cache=settings(data).data / "cache")
    if as_json or format is ReportFormat.JSON:
        told = json.dumps(write.to_json(found), ensure_ascii=False, indent=2) + "\n"
    else:
        told = write.html(found) if format is ReportFormat.HTML else write.text(found, limit)
    _write(told, output)
    if not found.passed:
        raise typer.Exit(1)


def _write(told: str, output: Path | None) -> None:
    if output is None:
        typer.echo(told, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(told, encoding="utf-8")


def register(app: typer.Typer) -> None:
    """Put the commands into the group `ontology`."""
    app.command()(check)
