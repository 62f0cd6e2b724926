"""Changing a term: label, definition, names, parents and slots, and every row that names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ontology.problems import Problem
from ontology.slots import SLOTS
from ontology.terms import Branch
from ontology.tsv import split
from ontology.workspace import EditError, Sources

__all__ = ["SYNONYM_COLUMNS", "Edit", "clean", "edit", "references", "refuse_unclean", "rename", "slot_cells"]

SYNONYM_COLUMNS: Final = ("exact", "abbreviations", "narrow", "broad", "related")
_SMART: Final = re.compile("[\u2018\u2019\u201c\u201d\u00a0\ufeff]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def clean(value: str, file: str, row: int | None, column: str) -> list[Problem]:
    """What is wrong with the text of one cell, whatever the column: tabs, line breaks, smart quotes."""
    if _CONTROL.search(value):
        what = (
            "a tab"
            if "\t" in value
            else "a line break"
            if re.search(r"[\r\n]", value)
            else "a control character"
        )
        mend = "remove the stray tab" if what == "a tab" else "one cell is one line of text"
        return [
            Problem(
                file, f"{what} in {value!r}", row, column, mend, "stray_tab" if "\t" in value else "not_plain"
            )
        ]
    if _SMART.search(value):
        said = f"smart quote or no-break space in {value!r}"
        return [Problem(file, said, row, column, "type ' or \" or a plain space", "smart_quote")]
    return []


@dataclass(frozen=True, slots=True)
class Edit:
    """What to change in a term's row; None or empty: leave it. Terms are named by label or id."""

    label: str | None = None
    definition: str | None = None
    source: str | None = None
    comment: str | None = None
    parents: tuple[str, ...] = ()
    add_parents: tuple[str, ...] = ()
    remove_parents: tuple[str, ...] = ()
    add_names: tuple[tuple[str, str], ...] = ()
    """Pairs of a column of `SYNONYM_COLUMNS` and a name."""
    remove_names: tuple[str, ...] = ()
    slots: tuple[tuple[str, str], ...] = ()
    """Pairs of a slot and its new value: ``("site", "liver|kidney")``; empty text clears it."""
    keep_name: bool = True
    """Keep the old label as an exact synonym when the label changes."""


def edit(sources: Sources, name: str, change: Edit) -> str:
    """Plan a change of one term, and of every row that names it by its label; gives its id.

    Raises:
        EditError: the term is unknown or obsolete, or a cell or column cannot be used.
    """
    branch, row = sources.find(name)
    table = sources.terms(branch)
    cells, file = table[row], table.path.name
    term_id = cells["id"]
    if any(one["id"] == term_id for _, one in sources.obsolete):
        wrong = Problem(
            file, f"{term_id} is obsolete", row, "id", "edit what replaces it", "deprecated_class_reference"
        )
        raise EditError("refused, nothing was written", [wrong])
    new = dict(cells)
    for column in ("label", "definition", "source", "comment"):
        value = getattr(change, column)
        if value is not None:
            new[column] = value.strip()
    parents = [sources.label(p) for p in change.parents] or list(split(cells["parents"]))
    taken = {sources.label(p).casefold() for p in change.remove_parents}
    parents = [p for p in parents if p.casefold() not in taken] + [
        sources.label(p) for p in change.add_parents
    ]
    new["parents"] = "|".join(dict.fromkeys(parents))
    added = list(change.add_names)
    if change.keep_name and new["label"].casefold() != cells["label"].casefold():
        added.append(("exact", cells["label"]))
    for column in SYNONYM_COLUMNS:
        names = [n for n in split(cells[column]) if n not in change.remove_names and n != new["label"]]
        new[column] = "|".join(dict.fromkeys([*names, *(n.strip() for c, n in added if c == column)]))
    missing = [n for n in change.remove_names if all(n not in split(cells[c]) for c in SYNONYM_COLUMNS)]
    if missing:
        mend = "its names: " + ", ".join(n for c in SYNONYM_COLUMNS for n in split(cells[c]))
        wrong = Problem(
            file, f"{term_id} has no synonym {missing[0]!r}", row, "exact", mend, "unknown_synonym"
        )
        raise EditError("refused, nothing was written", [wrong])
    new.update(slot_cells(sources, branch, change.slots, file, row))
    refuse_unclean(new, cells, file, row)
    # A cell whose values are the same keeps its bytes, however they are spaced.
    changed = {
        c: v
        for c, v in new.items()
        if v != cells[c]
        and (c in ("label", "definition", "source", "comment") or split(v) != split(cells[c]))
    }
    sources.change(branch, row, changed)
    if "label" in changed:
        rename(sources, term_id, cells["label"], new["label"])
    return term_id


def slot_cells(
    sources: Sources, branch: Branch, slots: Iterable[tuple[str, str]], file: str, row: int | None
) -> dict[str, str]:
    """The cells of slots with terms named by label.

    Raises:
        EditError: the branch has no such slot.
    """
    known = {slot.name: slot for slot in SLOTS[branch]}
    found: dict[str, str] = {}
    for name, value in slots:
        if name not in known:
            mend = "its slots: " + ", ".join(known)
            wrong = Problem(file, f"{branch} has no slot {name!r}", row, name, mend, "unknown_column")
            raise EditError("refused, nothing was written", [wrong])
        values = split(value)
        found[name] = "|".join(map(sources.label, values) if known[name].refers else values)
    return found


def refuse_unclean(new: Mapping[str, str], old: Mapping[str, str], file: str, row: int | None) -> None:
    """Refuse cells that hold tabs, line breaks or smart quotes and did not before.

    Raises:
        EditError: a cell does.
    """
    wrong = [p for c, v in new.items() if v != old.get(c) for p in clean(v, file, row, c)]
    if wrong:
        raise EditError("refused, nothing was written", wrong)


def rename(sources: Sources, term_id: str, old: str, new: str) -> None:
    """Let every row that names a term by its old label name it by the new one."""
    for branch, row, column in references(sources, term_id, old):
        values = split(sources.terms(branch)[row][column])
        put = "|".join(new if v.casefold() == old.casefold() else v for v in values)
        sources.change(branch, row, {column: put})
    for table in sources.mappings():
        for number, cells in list(table):
            if cells["subject_id"] == term_id:
                table.set(number, "subject_label", new)
    for number, cells in list(sources.primitive):
        if cells["id"] == term_id:
            sources.primitive.set(number, "label", new)


def references(sources: Sources, term_id: str, label: str) -> list[tuple[Branch, int, str]]:
    """Branch, row and column of every cell that names a term by label: parents and slots of terms in use."""
    gone = {cells["id"] for _, cells in sources.obsolete}
    found: list[tuple[Branch, int, str]] = []
    own, _ = sources.find(term_id)
    for branch in Branch:
        wanted = [s.name for s in SLOTS[branch] if own in s.branches]
        for number, cells in sources.terms(branch):
            if cells["id"] in gone:
                continue
            for column in (*(["parents"] if branch is own else []), *wanted):
                if label.casefold() in (v.casefold() for v in split(cells[column])):
                    found.append((branch, number, column))
    return found
