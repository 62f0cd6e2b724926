"""Terms that are no longer used: what still names them, what takes their place, and merging two into one.

After the OBO Foundry's practice ("Obsoleting an existing ontology term"): the id and IRI stay for ever, the
label gets the prefix `obsolete`, no axiom is left, and `IAO:0100001` (term replaced by) names the term to use
instead. The row stays in `terms/`, and `obsolete.tsv` gets one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ontology.editing import SYNONYM_COLUMNS, references, refuse_unclean
from ontology.problems import Problem
from ontology.slots import table_name
from ontology.tables import load
from ontology.terms import ID_RANGES, Branch
from ontology.tsv import split
from ontology.workspace import EditError, Sources

__all__ = ["Meaning", "Retired", "mentions", "merge", "obsolete", "replacements"]

Meaning: TypeAlias = Literal["exact", "narrow", "none"]
"""What the old term is to its replacement: the same, a kind of it, or something else."""

_SUFFIXES: Final = {".tsv", ".ttl", ".rq", ".txt"}
_PREDICATE: Final = {"exact": "skos:exactMatch", "narrow": "skos:narrowMatch"}


@dataclass(frozen=True, slots=True)
class Retired:
    """What was done with a term: its id and label, the replacement's (empty: none), and what used it, a line
    for each."""

    id: str
    label: str
    replacement: str
    used: tuple[str, ...]


def replacements(root: Path) -> dict[str, str]:
    """For every obsolete term that something in use replaces, the id of that: ``{old: new}``.

    Raises:
        TableError: a table has a problem.
    """
    ontology = load(root)
    pairs = ((old, ontology.current(old)) for old in ontology.obsolete)
    return {old: new for old, new in pairs if new}


def merge(sources: Sources, name: str, into: str, reason: str = "") -> Retired:
    """Plan to make one term of two that mean the same: names, mappings, children and references move."""
    return obsolete(sources, name, into, reason or "merged: both mean the same", meaning="exact", move=True)


def obsolete(
    sources: Sources,
    name: str,
    replacement: str | None,
    reason: str,
    *,
    meaning: Meaning = "narrow",
    move: bool = False,
) -> Retired:
    """Plan to take a term out of use.

    Args:
        sources: the tables.
        name: the term, by id or label.
        replacement: the term to use instead, by id or label.
        reason: why, for people.
        meaning: what the old term is to the replacement. Its names and mappings become those of the
            replacement, exact or narrow, so that texts which use them are still read; `none` drops them.
        move: let what names the term name the replacement; without one its children go to its parents.

    Raises:
        EditError: something still names the term and may not be moved, or a term cannot be used.
    """
    branch, row = sources.find(name)
    table = sources.terms(branch)
    cells, file = table[row], table.path.name
    term_id, label = cells["id"], cells["label"]

    def refuse(what: str, column: str, mend: str, rule: str) -> EditError:
        return EditError("refused, nothing was written", [Problem(file, what, row, column, mend, rule)])

    gone = {one["id"] for _, one in sources.obsolete}
    if term_id in gone:
        raise refuse(f"{term_id} is obsolete already", "id", "nothing is left to do", "obsolete_table")
    if term_id == f"IRKG:{ID_RANGES[branch][0]:07d}":
        raise refuse(f"{label!r} is the root of its branch", "id", "a root stays", "obsolete_table")
    if not reason.strip():
        raise refuse("no reason is given", "reason", "say why with --reason", "obsolete_table")
    new_id = new_label = ""
    if replacement:
        new_branch, new_row = sources.find(replacement)
        new = sources.terms(new_branch)[new_row]
        new_id, new_label = new["id"], new["label"]
        if new_id == term_id or new_id in gone:
            what = "the term itself" if new_id == term_id else f"{new_id} is obsolete too"
            raise refuse(what, "replaced_by", "name a term that is in use", "deprecated_class_reference")
        if new_branch is not branch:
            said, mend = f"{new_label!r} is a {new_branch}", f"{label!r} is a {branch}"
            raise refuse(said, "replaced_by", mend, "wrong_branch")
    used = _move(sources, branch, row, new_label, move=move)
    used += _move_ids(sources, term_id, new_id, new_label, meaning)
    if new_id:
        _give_names(sources, branch, row, new_id, meaning)
    sources.obsolete.insert(
        _clean({"id": term_id, "label": label, "replaced_by": new_id, "reason": reason.strip()})
    )
    sources.touched.add(term_id)
    used += [f"{place}: look at it" for place in mentions(sources.root, term_id, label)]
    return Retired(term_id, label, new_id, tuple(used))


def mentions(root: Path, term_id: str, label: str) -> list[str]:
    """Where other files under a folder name a term, for people to look at: axioms, scores, queries.

    An id counts anywhere, a label as a whole cell or between quotation marks. The tables that these commands
    keep themselves are left out.
    """
    own = {"obsolete.tsv", "primitive.tsv"}
    name = re.compile(rf"(?<![\w/]){re.escape(term_id)}\b|(?:^|[\t|\"]){re.escape(label)}(?:$|[\t|\"@])")
    found: list[str] = []
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root)
        if path.suffix not in _SUFFIXES or place.parts[0] in {*own, "terms", "mappings", "imports"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if name.search(line):
                found.append(f"{place.as_posix()}, row {number}")
    return found


def _clean(cells: dict[str, str]) -> dict[str, str]:
    refuse_unclean(cells, {}, "obsolete.tsv", None)
    return cells


def _move(sources: Sources, branch: Branch, row: int, new: str, *, move: bool) -> list[str]:
    """Let parents and slots that name the term name the replacement; what they were, a line for each."""
    cells = sources.terms(branch)[row]
    label, told, wrong = cells["label"], [], []
    above = _with_ancestors(sources, branch, new) if new else frozenset()
    for where, number, column in references(sources, cells["id"], label):
        table = sources.terms(where)
        user = table[number]
        child = column == "parents"
        # What is above the replacement must not come below it.
        if new and user["label"].casefold() not in above:
            put: tuple[str, ...] = (new,)
        else:
            put = split(cells["parents"]) if child else ()
        values = split(user[column])
        if not move or (not put and len(values) == 1):
            what = "a child of it" if child else f"its {column} names it"
            mend = "--move-children lets it name the replacement" + (
                "" if new or child else "; give --replaced-by"
            )
            said = f"{user['label']!r} ({user['id']}): {what}"
            wrong.append(Problem(table_name(where), said, number, column, mend, "deprecated_class_reference"))
            continue
        at = next(i for i, v in enumerate(values) if v.casefold() == label.casefold())
        cell = "|".join(dict.fromkeys([*values[:at], *put, *values[at + 1 :]]))
        sources.change(where, number, {column: cell})
        told.append(f"{user['label']} ({user['id']}), {column}: now {cell or 'empty'}")
    if wrong:
        raise EditError(f"{label!r} is still in use, nothing was written", wrong)
    return told


def _with_ancestors(sources: Sources, branch: Branch, label: str) -> frozenset[str]:
    """The case-folded labels of a term and of all above it."""
    parents = {c["label"].casefold(): split(c["parents"].casefold()) for _, c in sources.terms(branch)}
    found: set[str] = set()
    queue = [label.casefold()]
    while queue:
        one = queue.pop()
        if one not in found:
            found.add(one)
            queue.extend(parents.get(one, ()))
    return frozenset(found)


def _move_ids(sources: Sources, old: str, new: str, label: str, meaning: Meaning) -> list[str]:
    """Let mappings and imports that name the id name the replacement's; what they were, a line for each."""
    told: list[str] = []
    for table in sources.mappings():
        mapped = {c["object_id"] for _, c in table if c["subject_id"] == new}
        for number, cells in reversed(list(table)):
            if cells["subject_id"] != old:
                continue
            exact = cells["predicate_id"] == "skos:exactMatch"
            if (
                not new
                or meaning == "none"
                or cells["object_id"] in mapped
                or not (exact or meaning == "exact")
            ):
                table.remove(number)
                told.append(f"mapping to {cells['object_id']}: taken out")
                continue
            table.set(number, "subject_id", new)
            table.set(number, "subject_label", label)
            if exact:
                table.set(number, "predicate_id", _PREDICATE[meaning])
            told.append(f"mapping to {cells['object_id']}: now of {label} ({new})")
    for table in sources.imports():
        for number, cells in table:
            parents = split(cells["parents"])
            if old in parents:
                table.set(
                    number,
                    "parents",
                    "|".join(dict.fromkeys(new if p == old else p for p in parents)).strip("|"),
                )
                told.append(
                    f"{cells['label']} ({cells['id']}), parents: now {table[number]['parents'] or 'the root'}"
                )
    for number, cells in reversed(list(sources.primitive)):
        if cells["id"] == old:
            sources.primitive.remove(number)
            told.append("primitive.tsv: taken out")
    return told


def _give_names(sources: Sources, branch: Branch, row: int, new_id: str, meaning: Meaning) -> None:
    """Give the term's names to the replacement; a merged term keeps none of its own but the label."""
    if meaning == "none":
        return
    table = sources.terms(branch)
    old = table[row]
    _, at = sources.find(new_id)
    new = table[at]
    having = {new["label"].casefold()} | {n.casefold() for c in SYNONYM_COLUMNS for n in split(new[c])}
    for column in SYNONYM_COLUMNS:
        if meaning == "narrow" and column in ("broad", "related"):
            continue  # what was wider than the old term need not be wider than the new one
        to = column if meaning == "exact" else "narrow"
        names = [*([old["label"]] if column == "exact" else []), *split(old[column])]
        given = [n for n in dict.fromkeys(names) if n.casefold() not in having]
        having |= {n.casefold() for n in given}
        if given:
            sources.change(branch, at, {to: "|".join([*split(table[at][to]), *given])})
        if meaning == "exact":
            table.set(row, column, "")
