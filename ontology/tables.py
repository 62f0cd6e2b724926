"""Reading the tables that curators edit: `terms/*.tsv`, `mappings/*.sssom.tsv` and `obsolete.tsv`.

A cell that names another term holds its label; several values are separated by ``|``. Every row is checked
before anything is built: a table with a problem is refused as a whole, with file, row, column and how to mend
it.

A term that is no longer used keeps its row, so that its id is never given away, and has a row in
`obsolete.tsv`: id, label, the id that replaces it (may be empty), and the reason.
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
from ontology.terms import ID_RANGES, Branch, Obsolete, Ontology, Scope, Synonym, Term
from ontology.tsv import rows, split

__all__ = [
    "MAPPING_COLUMNS",
    "OBSOLETE_COLUMNS",
    "ROOT",
    "SLOTS",
    "Slot",
    "TableError",
    "Tables",
    "columns",
    "load",
    "read",
    "read_mappings",
    "read_terms",
    "table_name",
]

ROOT: Final = Path(__file__).parent
OBSOLETE_COLUMNS: Final = ("id", "label", "replaced_by", "reason")
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

    def problem(self, what: str, field: str, mend: str | None = None, rule: str | None = None) -> Problem:
        return Problem(self.file, what, row=self.number, field=field, mend=mend, rule=rule)


@dataclass(frozen=True, slots=True)
class Tables:
    """What the branch tables and `obsolete.tsv` hold, with all that is wrong with them."""

    terms: dict[str, Term]
    obsolete: dict[str, Obsolete]
    places: dict[str, tuple[str, int]]
    """The file and row of every id, obsolete ones too."""
    problems: list[Problem]


def read_terms(folder: Path) -> tuple[dict[str, Term], list[Problem]]:
    """Every term in use of the branch tables in `folder`, and what is wrong with them: see :func:`read`."""
    found = read(folder.parent, folder)
    return found.terms, found.problems


def read(root: Path, folder: Path | None = None) -> Tables:
    """Every term of the branch tables in `root/terms` (or `folder`), and what is wrong with them.

    References between terms are resolved over all tables together; a missing table counts as empty.
    """
    problems: list[Problem] = []
    raw: list[_Row] = []
    for branch in Branch:
        path = (folder or root / "terms") / table_name(branch)
        if path.exists():
            cells = rows(path, columns(branch), problems)
            raw += [_Row(path.name, number, branch, row) for number, row in cells]
    _check_ids(raw, problems)
    by_id = {row.cells["id"]: row for row in raw}
    obsolete = _obsolete(root / "obsolete.tsv", by_id, problems)
    live = [row for row in raw if row.cells["id"] not in obsolete]
    labels = _labels(live, problems)
    gone = {one.term.label.casefold(): one for one in obsolete.values()}
    terms: dict[str, Term] = {}
    for row in live:
        term = _term(row, labels, gone, problems)
        terms[term.id] = term
    places = {row.cells["id"]: (row.file, row.number) for row in raw}
    return Tables(terms, obsolete, places, [*problems, *_cycles(terms, places)])


def _obsolete(path: Path, by_id: Mapping[str, _Row], problems: list[Problem]) -> dict[str, Obsolete]:
    """The obsolete terms by id; a missing table is empty."""
    if not path.exists():
        return {}
    found: dict[str, Obsolete] = {}
    numbers: dict[str, int] = {}
    for number, cells in rows(path, OBSOLETE_COLUMNS, problems):
        term_id, new = cells["id"], cells["replaced_by"]

        def tell(what: str, field: str, mend: str, number: int = number) -> None:
            problems.append(Problem(path.name, what, number, field, mend, "obsolete_table"))

        row = by_id.get(term_id)
        if row is None:
            tell(f"{term_id!r} is no term", "id", "an obsolete term keeps its row in terms/")
            continue
        if term_id in found:
            tell(f"{term_id} stands in row {numbers[term_id]} too", "id", "once is enough")
        if cells["label"] != row.cells["label"]:
            tell(f"{cells['label']!r} is not the label of {term_id}", "label", repr(row.cells["label"]))
        if not cells["reason"]:
            tell("no reason is given", "reason", "say why the term is no longer used")
        if new and new not in by_id:
            tell(f"{new!r} is no term", "replaced_by", "the id of the term to use instead")
        elif new and by_id[new].branch is not row.branch:
            tell(f"{new} is a {by_id[new].branch}", "replaced_by", f"{term_id} is a {row.branch}")
        term = Term(
            term_id,
            row.branch,
            row.cells["label"],
            definition=row.cells["definition"],
            definition_source=row.cells["source"],
            synonyms=_synonyms(row.cells),
            comment=row.cells["comment"],
        )
        found[term_id], numbers[term_id] = Obsolete(term, new, cells["reason"]), number
    for start in found:
        at, seen = found[start].replaced_by, {start}
        while at in found and at not in seen:
            seen.add(at)
            at = found[at].replaced_by
        if at == start:
            said, mend = f"{start} is replaced by itself in the end", "name a term that is in use"
            problems.append(Problem(path.name, said, numbers[start], "replaced_by", mend, "obsolete_table"))
    return found


def _check_ids(raw: Iterable[_Row], problems: list[Problem]) -> None:
    seen: dict[str, str] = {}
    for row in raw:
        term_id = row.cells["id"]
        low, high = ID_RANGES[row.branch]
        if not _ID.match(term_id):
            said = f"{term_id!r} is no term id"
            problems.append(row.problem(said, "id", "IRKG: and seven digits", "invalid_id"))
        elif not low <= int(term_id[5:]) <= high:
            said, mend = f"{term_id} is outside {low}-{high}", "mint an id of this branch"
            problems.append(row.problem(said, "id", mend, "id_out_of_range"))
        if term_id in seen:
            said = f"{term_id} is used in {seen[term_id]} too"
            problems.append(row.problem(said, "id", "mint a new id", "id_reused"))
        seen[term_id] = f"{row.file} row {row.number}"


def _labels(raw: Iterable[_Row], problems: list[Problem]) -> dict[str, tuple[str, Branch]]:
    """Id and branch by case-folded label; labels are checked on the way."""
    labels: dict[str, tuple[str, Branch]] = {}
    for row in raw:
        term_id, label = row.cells["id"], row.cells["label"]
        key = label.casefold()
        if "|" in label:
            said, mend = "a label holds no |", "| separates values"
            problems.append(row.problem(said, "label", mend, "label_formatting"))
        if not key:
            problems.append(row.problem("a term needs a label", "label", "give it one", "missing_label"))
        elif key in labels:
            said = f"label {label!r} belongs to {labels[key][0]} too"
            problems.append(row.problem(said, "label", "labels are unique", "duplicate_label"))
        labels[key] = (term_id, row.branch)
    return labels


def _term(
    row: _Row,
    labels: Mapping[str, tuple[str, Branch]],
    gone: Mapping[str, Obsolete],
    problems: list[Problem],
) -> Term:
    """The term of a row; what is wrong with the row goes to `problems`."""
    cells, branch = row.cells, row.branch

    def resolve(column: str, allowed: tuple[Branch, ...]) -> tuple[str, ...]:
        ids = []
        for name in split(cells[column]):
            found = labels.get(name.casefold())
            if found is None and name.casefold() in gone:
                new = gone[name.casefold()].replaced_by
                mend = f"name what replaces it, {new}" if new else "nothing replaces it: take it out"
                said = f"{name!r} is obsolete"
                problems.append(row.problem(said, column, mend, "deprecated_class_reference"))
            elif found is None:
                mend = "write the label exactly, or add the term"
                said = f"{name!r} is the label of no term"
                problems.append(row.problem(said, column, mend, "unknown_term"))
            elif found[1] not in allowed:
                mend = "allowed: " + ", ".join(allowed)
                problems.append(row.problem(f"{name!r} is a {found[1]}", column, mend, "wrong_branch"))
            else:
                ids.append(found[0])
        return tuple(ids)

    parents = resolve("parents", (branch,))
    is_root = cells["id"] == f"IRKG:{ID_RANGES[branch][0]:07d}"
    if not cells["parents"] and not is_root:
        mend = "at least the branch's root"
        problems.append(row.problem("a term needs a parent", "parents", mend, "missing_parent"))
    for column, rule in (("definition", "missing_definition"), ("source", "missing_definition_source")):
        if not cells[column]:
            mend = "define in your own words and name a source"
            problems.append(row.problem(f"{column} is empty", column, mend, rule))
    slots: dict[str, tuple[str, ...]] = {}
    for slot in SLOTS[branch]:
        values = resolve(slot.name, slot.branches) if slot.refers else split(cells[slot.name])
        for value in values if slot.values else ():
            if value not in slot.values:
                mend = "one of: " + ", ".join(slot.values)
                problems.append(
                    row.problem(f"{value!r} is not allowed", slot.name, mend, "value_not_allowed")
                )
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


def _cycles(terms: Mapping[str, Term], places: Mapping[str, tuple[str, int]]) -> list[Problem]:
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
                        row=places[term.id][1],
                        field="parents",
                        mend="break the cycle",
                        rule="hierarchy_cycle",
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
    found = read(root)
    mappings, more = read_mappings(root / "mappings", found.terms)
    problems = [*found.problems, *more]
    if problems:
        raise TableError(f"the tables under {root} have {len(problems)} problem(s)", problems)
    return Ontology(found.terms, tuple(mappings), found.obsolete)
