"""New ids from the range that a curator owns, so that two curators never give the same id to two things.

An id that was ever given is not given again: the next one is above every id of the range that has a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ontology.editing import refuse_unclean, slot_cells
from ontology.problems import Problem
from ontology.ranges import Range, read_ranges
from ontology.slots import table_name
from ontology.terms import ID_RANGES, Branch
from ontology.tsv import split
from ontology.workspace import EditError, Sources

__all__ = ["SIZE", "add", "branch_of", "claim", "mint"]

SIZE: Final = 50  # ids of a range when nothing else is asked for: a year of one curator's terms


def branch_of(name: str) -> Branch:
    """A branch by its name in any spelling: ``Molecular target``, ``molecular_target``, ``MolecularTarget``.

    Raises:
        EditError: there is no such branch.
    """
    key = "".join(c for c in name.casefold() if c.isalnum())
    for branch in Branch:
        if key == branch.value.casefold():
            return branch
    wrong = Problem(
        "terms", f"{name!r} is no branch", None, None, "one of: " + ", ".join(Branch), "unknown_branch"
    )
    raise EditError("nothing was written", [wrong])


def _ranges(sources: Sources) -> tuple[Range, ...]:
    found, problems = read_ranges(sources.root / "ranges.tsv")
    if problems:
        raise EditError("ranges.tsv cannot be used, nothing was written", problems)
    return found


def mint(sources: Sources, curator: str, branch: Branch) -> str:
    """The next free id of a curator in a branch.

    Raises:
        EditError: the curator owns no range there, or all its ids are given.
    """
    table = sources.terms(branch)
    used = {int(c["id"][5:]) for _, c in table if c["id"][5:].isdigit()}
    every = _ranges(sources)
    own = [r for r in every if r.branch is branch and r.curator.casefold() == curator.strip().casefold()]
    for one in sorted(own, key=lambda r: r.low):
        free = max((n for n in used if one.low <= n <= one.high), default=one.low - 1) + 1
        if free <= one.high:
            return f"IRKG:{free:07d}"
    said = f"all ids of {curator} for {branch} are given" if own else f"{curator!r} owns no ids of {branch}"
    having = sorted({r.curator for r in every if r.branch is branch})
    mend = f"irkg ontology range {branch} --curator {curator!r} takes a free range"
    mend += f"; ranges there: {', '.join(having)}" if having and not own else ""
    raise EditError("nothing was written", [Problem("ranges.tsv", said, None, "curator", mend, "id_ranges")])


def claim(sources: Sources, curator: str, branch: Branch, size: int = SIZE) -> Range:
    """Plan a new range for a curator: the first free ids behind those given and owned.

    Raises:
        EditError: the branch has too few free ids, or a cell cannot be used.
    """
    curator = curator.strip()
    low, high = ID_RANGES[branch]
    used = [low, *(r.high for r in _ranges(sources) if r.branch is branch)]
    used += [int(c["id"][5:]) for _, c in sources.terms(branch) if c["id"][5:].isdigit()]
    start = max(used) // 10 * 10 + 10
    cells = {"curator": curator, "branch": str(branch), "from": str(start), "to": str(start + size - 1)}
    refuse_unclean(cells, {}, "ranges.tsv", None)
    if start + size - 1 > high or size < 1:
        mend = f"--size of at most {high - start + 1}"
        wrong = Problem(
            "ranges.tsv", f"{branch} has no {size} free ids together", None, "to", mend, "id_ranges"
        )
        raise EditError("nothing was written", [wrong])
    row = sources.ranges.insert(cells)
    return Range(curator, branch, start, start + size - 1, row)


def add(sources: Sources, branch: Branch, curator: str, cells: Mapping[str, str], term_id: str = "") -> str:
    """Plan a new term in the table of its branch, in the order of ids; gives its id.

    Args:
        sources: the tables.
        branch: where the term belongs.
        curator: whose range the id comes from.
        cells: the row by column; terms in it are named by label or id.
        term_id: an id that was given outside; empty: the next one of the curator.

    Raises:
        EditError: no id can be given, or a cell or column cannot be used.
    """
    table, file = sources.terms(branch), table_name(branch)
    term_id = term_id or mint(sources, curator, branch)
    numbers = [(n, c["id"]) for n, c in table]
    taken = [n for n, one in numbers if one == term_id]
    if taken:
        wrong = Problem(
            file,
            f"{term_id} has row {taken[0]}",
            None,
            "id",
            "leave the id empty: one is minted",
            "id_reused",
        )
        raise EditError("refused, nothing was written", [wrong])
    own = [r for r in _ranges(sources) if r.branch is branch and r.curator.casefold() == curator.casefold()]
    if not any(term_id in r for r in own):
        mend = ", ".join(f"{r.low}-{r.high}" for r in own) or "none; see `irkg ontology range`"
        wrong = Problem(
            file,
            f"{term_id} is outside the ranges of {curator}",
            None,
            "id",
            f"ranges: {mend}",
            "id_out_of_range",
        )
        raise EditError("refused, nothing was written", [wrong])
    row = {name: value.strip() for name, value in cells.items() if name != "id"}
    unknown = [name for name in row if name not in table.header]
    if unknown:
        mend = "columns: " + ", ".join(table.header)
        wrong = Problem(file, f"no column {unknown[0]!r}", None, unknown[0], mend, "unknown_column")
        raise EditError("refused, nothing was written", [wrong])
    row["parents"] = "|".join(map(sources.label, split(row.get("parents", ""))))
    slots = [(name, value) for name, value in row.items() if name in _slots(table.header) and value]
    row.update(slot_cells(sources, branch, slots, file, None))
    after = max((n for n, one in numbers if one < term_id), default=None)
    refuse_unclean(row, {}, file, (after or 1) + 1)
    table.insert({**row, "id": term_id}, after)
    sources.touched.add(term_id)
    return term_id


def _slots(header: tuple[str, ...]) -> tuple[str, ...]:
    return header[header.index("comment") + 1 :]
