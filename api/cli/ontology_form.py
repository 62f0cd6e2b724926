"""A term as a form in the editor that the environment names (VISUAL, EDITOR): one line for each column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from ontology.problems import IrkgError, Problem

if TYPE_CHECKING:
    from ontology.editing import Edit
    from ontology.terms import Branch
    from ontology.workspace import Sources

__all__ = ["changed", "fill", "form", "parse"]


def form(branch: Branch, cells: Mapping[str, str], title: str) -> str:
    """The text that the editor shows."""
    from ontology.slots import SLOTS, columns

    lines = [f"# {title}", "# Several values are separated by |. Lines that begin with # are left out.", ""]
    allowed = {slot.name: ", ".join(slot.values or slot.branches) for slot in SLOTS[branch]}
    for name in columns(branch)[1:]:
        if allowed.get(name):
            lines.append(f"# {name} takes: {allowed[name]}")
        lines.append(f"{name}: {cells.get(name, '')}".rstrip())
    return "\n".join(lines) + "\n"


def parse(branch: Branch, text: str) -> dict[str, str]:
    """The cells of a filled form.

    Raises:
        IrkgError: a line has no column's name, or a column stands twice.
    """
    from ontology.slots import columns

    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, value = line.partition(":")
        if not colon or name.strip() not in columns(branch)[1:] or name.strip() in found:
            mend = "each line is one column, a colon and its value"
            raise IrkgError("the form cannot be read", [Problem("form", repr(line), number, mend=mend)])
        found[name.strip()] = value.strip()
    return found


def fill(branch: Branch, cells: Mapping[str, str], title: str) -> dict[str, str]:
    """Let a person fill a form; gives the cells.

    Raises:
        IrkgError: the editor was left without saving, or the form cannot be read.
    """
    text = click.edit(form(branch, cells, title), extension=".txt")
    if text is None:
        raise IrkgError("left without saving; nothing was written")
    return parse(branch, text)


def changed(sources: Sources, term: str, *, keep_name: bool) -> Edit:
    """Let a person change a term's row; gives the difference.

    Raises:
        IrkgError: see :func:`fill`.
    """
    from ontology.editing import SYNONYM_COLUMNS, Edit
    from ontology.slots import SLOTS
    from ontology.tsv import split

    branch, row = sources.find(term)
    old = sources.terms(branch)[row]
    cells = fill(branch, old, f"{old['id']} {old['label']}")
    new = {**old, **cells}
    names = [(c, n) for c in SYNONYM_COLUMNS for n in split(new[c]) if n not in split(old[c])]
    gone = [n for c in SYNONYM_COLUMNS for n in split(old[c]) if n not in split(new[c])]
    return Edit(
        label=new["label"],
        definition=new["definition"],
        source=new["source"],
        comment=new["comment"],
        parents=split(new["parents"]),
        add_names=tuple(names),
        remove_names=tuple(gone),
        slots=tuple((s.name, new[s.name]) for s in SLOTS[branch] if new[s.name] != old[s.name]),
        keep_name=keep_name,
    )
