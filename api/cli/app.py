"""The commands put together, and what a person sees when one of them fails.

Modules of commands import the library inside their functions, so that ``irkg --help`` does not wait for
spaCy.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from api.cli import asking, graphs, ontologies, reading, serving
from ontology.problems import IrkgError

__all__ = ["INTERRUPTED", "app", "main"]

INTERRUPTED: Final = 130  # what a shell makes of SIGINT

app = typer.Typer(
    name="irkg",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="An evidence knowledge graph for interventional radiology: justified therapy choices, "
    "with citations. It informs a decision; it does not make one.",
)
app.command()(graphs.demo)
app.command()(graphs.build)
app.command()(reading.ingest)
app.command()(reading.extract)
app.command()(asking.justify)
app.command()(asking.sparql)
app.command()(graphs.export)
app.command()(graphs.info)
app.command()(serving.serve)
app.add_typer(ontologies.app, name="ontology")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"irkg {version('irkg')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; always ends in SystemExit.

    Exit codes: 0 all went well, 1 something failed, 2 the command was not understood, 130 interrupted.
    """
    try:
        app(args=None if arguments is None else list(arguments))
    except IrkgError as error:
        _end(str(error))
    except OSError as error:  # a folder that cannot be written, a model that is not installed
        where = f": {error.filename}" if error.filename else ""
        _end(f"{error.strerror or error}{where}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _end(message: str) -> None:
    typer.echo(f"irkg: {message}", err=True)
    sys.exit(1)
