"""What several commands share: the settings with the options put over them, and the terms."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from ontology.problems import IrkgError, Problem

if TYPE_CHECKING:
    from kg.settings import Settings
    from ontology.terms import Ontology, Term

__all__ = ["DataOption", "JsonOption", "WorkersOption", "load_terms", "settings", "workers_of"]

DataOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--data", help="Folder for everything that is written; else IRKG_DATA, else ./irkg-data."),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WorkersOption: TypeAlias = Annotated[
    int,
    typer.Option("--workers", "-w", min=0, help="Processes that read; 0: one for each processor, at most 8."),
]


def settings(data: Path | None = None) -> Settings:
    """The settings, with the data folder of the command line put over them.

    Raises:
        IrkgError: an environment variable has a value that cannot be used.
    """
    from pydantic import ValidationError

    from kg.settings import get_settings

    try:
        found = get_settings()
    except ValidationError as error:
        told = [
            Problem("environment", one["msg"], field="IRKG_" + "_".join(map(str, one["loc"])).upper())
            for one in error.errors()
        ]
        raise IrkgError("the settings cannot be used", told) from error
    return found if data is None else found.model_copy(update={"data": data})


def workers_of(asked: int) -> int:
    """The number of reading processes that was asked for, or that this machine is good for."""
    if asked:
        return asked
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, 8)


def load_terms() -> tuple[Ontology, tuple[Term, ...]]:
    """The ontology's own terms and the imported ones.

    Raises:
        TableError: a table has a problem.
    """
    from ontology.build import load_imports
    from ontology.tables import ROOT, load

    terms = load()
    return terms, load_imports(ROOT, terms)
