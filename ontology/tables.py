"""Reading the tables that curators edit: `terms/*.tsv` and `mappings/*.sssom.tsv`.

A cell that names another term holds its label; several values are separated by ``|``. Every row is checked
before anything is built: a table with a problem is refused as a whole, with file, row, column and how to mend
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ontology.problems import IrkgError, Problem
from ontology.slots import SLOTS, Slot, columns, table_name
from ontology.sssom import MAPPING_COLUMNS, read_mappings
from ontology.terms import ID_RANGES, Branch, Ontology, Scope, Synonym, Term
from ontology.tsv import rows, split

__all__ = [
    "MAPPING_COLUMNS",
    "ROOT",
    "SLOTS",
    "Slot",
    "TableError",
    "columns",
    "load",
    "read_mappings",
    "read_terms",
    "table_name",
]

ROOT: Final = Path(__file__).parent
_ID = re.compile(r"^IRKG:\d{7}$")


class TableError(IrkgError):
    """A table cannot be used; `problems` says where and why."""


def _synonyms(row: Mapping[str, str]) -> tuple[Synonym, ...]:
    scopes: tuple[Scope, ...] = ("exact", "narrow", "broad", "related")
    found = [Synonym(text, scope) for scope in scopes for text in split(row[scope])]
    return (*found, *(Synonym(text, "exact", True) for text in split(row["abbreviations"])))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a branch's table."""

    file: str
    number: int
    branch: Branch
    cells: Mapping[str, str]

    def problem(self, what: str, field: str, mend: str | None = None) -> Problem:
        return Problem(self.file, what, row=self.number, field=field, mend=mend)


def read_terms(folder: Path) -> tuple[dict[str, Term], list[Problem]]:
    """Every term of the branch tables in `folder`, and what is wrong with them.

    References between terms are resolved over all tables together; a missing table counts as empty.
    """
    problems: list[Problem] = []
    raw: list[_Row] = []
    for branch in Branch:
        path = folder / table_name(branch)
        if path.exists():
            cells = rows(path, columns(branch), problems)
            raw += [_Row(path.name, number, branch, row) for number, row in cells]
    labels = _labels(raw, problems)
    terms: dict[str, Term] = {}
    for row in raw:
        term = _term(row, labels, problems)
        terms[term.id] = term
    return terms, [*problems, *_cycles(terms)]


def _labels(raw: Iterable[_Row], problems: list[Problem]) -> dict[str, tuple[str, Branch]]:
    """Id and branch by case-folded label; ids and labels are checked on the way."""
    labels: dict[str, tuple[str, Branch]] = {}
    seen: dict[str, str] = {}
    for row in raw:
        term_id, label = row.cells["id"], row.cells["label"]
        low, high = ID_RANGES[row.branch]
        if not _ID.match(term_id):
            problems.append(row.problem(f"{term_id!r} is no term id", "id", "IRKG: and seven digits"))
        elif not low <= int(term_id[5:]) <= high:
            mend = "mint an id of this branch"
            problems.append(row.problem(f"{term_id} is outside {low}-{high}", "id", mend))
        if term_id in seen:
            problems.append(row.problem(f"{term_id} is used in {seen[term_id]} too", "id", "mint a new id"))
        seen[term_id] = f"{row.file} row {row.number}"
        key = label.casefold()
        if "|" in label:
            problems.append(row.problem("a label holds no |", "label", "| separates values"))
        if not key:
            problems.append(row.problem("a term needs a label", "label"))
        elif key in labels:
            said = f"label {label!r} belongs to {labels[key][0]} too"
            problems.append(row.problem(said, "label", "labels are unique"))
        labels[key] = (term_id, row.branch)
    return labels


def _term(row: _Row, labels: Mapping[str, tuple[str, Branch]], problems: list[Problem]) -> Term:
    """The term of a row; what is wrong with the row goes to `problems`."""
    cells, branch = row.cells, row.branch

    def resolve(column: str, allowed: tuple[Branch, ...]) -> tuple[str, ...]:
        ids = []
        for name in split(cells[column]):
            found = labels.get(name.casefold())
            if found is None:
                mend = "write the label exactly, or add the term"
                problems.append(row.problem(f"{name!r} is the label of no term", column, mend))
            elif found[1] not in allowed:
                mend = "allowed: " + ", ".join(allowed)
                problems.append(row.problem(f"{name!r} is a {found[1]}", column, mend))
            else:
                ids.append(found[0])
        return tuple(ids)

    parents = resolve("parents", (branch,))
    is_root = cells["id"] == f"IRKG:{ID_RANGES[branch][0]:07d}"
    if not cells["parents"] and not is_root:
        problems.append(row.problem("a term needs a parent", "parents", "at least the branch's root"))
    for column in ("definition", "source"):
        if not cells[column]:
            mend = "define in your own words and name a source"
            problems.append(row.problem(f"{column} is empty", column, mend))
    slots: dict[str, tuple[str, ...]] = {}
    for slot in SLOTS[branch]:
        values = resolve(slot.name, slot.branches) if slot.refers else split(cells[slot.name])
        for value in values if slot.values else ():
            if value not in slot.values:
                mend = "one of: " + ", ".join(slot.values)
                problems.append(row.problem(f"{value!r} is not allowed", slot.name, mend))
        if values:
            slots[slot.name] = values
    return Term(
        cells["id"],
        branch,
        cells["label"],
        parents,
        cells["definition"],
        cells["source"],
        _synonyms(cells),
        slots,
        cells["comment"],
    )


def _cycles(terms: Mapping[str, Term]) -> list[Problem]:
    found: list[Problem] = []
    state: dict[str, int] = {}
    for start in terms:
        stack = [(start, iter(terms[start].parents))] if start not in state else []
        while stack:
            node, parents = stack[-1]
            state[node] = 1
            parent = next(parents, None)
            if parent is None:
                state[node] = 2
                stack.pop()
            elif state.get(parent) == 1:
                term = terms[node]
                found.append(
                    Problem(
                        table_name(term.branch),
                        f"{term.label!r} is above itself through {terms[parent].label!r}",
                        field="parents",
                        mend="break the cycle",
                    )
                )
            elif parent not in state and parent in terms:
                stack.append((parent, iter(terms[parent].parents)))
    return found


@cache
def load(root: Path = ROOT) -> Ontology:
    """The ontology of a folder that holds `terms/` and `mappings/`.

    Raises:
        TableError: a table has a problem; nothing is returned.
    """
    terms, problems = read_terms(root / "terms")
    mappings, more = read_mappings(root / "mappings", terms)
    if problems or more:
        raise TableError(
            f"the tables under {root} have {len(problems) + len(more)} problem(s)", [*problems, *more]
        )
    return Ontology(terms, tuple(mappings))
