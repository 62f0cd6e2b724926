"""Options that the commands of curators share, and the folder that they may change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from ontology.problems import IrkgError, Problem

__all__ = ["CuratorOption", "DryRunOption", "ReasonOption", "RootOption", "folder", "writable_folder"]

RootOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--root",
        envvar="IRKG_ONTOLOGY",
        help="The folder with terms/, mappings/ and imports/; else that of the installed program.",
    ),
]
CuratorOption: TypeAlias = Annotated[
    str,
    typer.Option("--curator", envvar="IRKG_CURATOR", help="Whose range of ids new ones come from."),
]
ReasonOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--reason", "--reasoner", help="Let the reasoner look for contradictions before anything is written."
    ),
]
DryRunOption: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Check and show the change; write nothing.")
]


def folder(root: Path | None) -> Path:
    """The ontology's folder that was asked for, or that of the program."""
    from ontology.tables import ROOT

    return ROOT if root is None else root


def writable_folder(root: Path | None) -> Path:
    """The ontology's folder when it may be changed.

    Raises:
        IrkgError: it is part of an installation, or may not be written.
    """
    found = folder(root).resolve()
    installed = {"site-packages", "dist-packages"} & set(found.parts)
    places = [found, found / "terms"] if (found / "terms").is_dir() else [found]
    if installed or (found.is_dir() and not all(map(_writable, places))):
        what = "belongs to an installed program" if installed else "cannot be written"
        mend = "give a folder of your own with --root, such as the folder ontology of a git clone"
        raise IrkgError("the ontology cannot be changed", [Problem(str(found), what, mend=mend)])
    return found


def _writable(place: Path) -> bool:
    return os.access(place, os.W_OK)
