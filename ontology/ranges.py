"""The ranges of ids that curators own: `ranges.tsv` with curator, branch, from and to (both included)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ontology.problems import Problem
from ontology.terms import ID_RANGES, Branch
from ontology.tsv import rows

__all__ = ["RANGE_COLUMNS", "Range", "read_ranges"]

RANGE_COLUMNS: Final = ("curator", "branch", "from", "to")


@dataclass(frozen=True, slots=True)
class Range:
    """The ids of a branch that one curator gives; `low` and `high` are included."""

    curator: str
    branch: Branch
    low: int
    high: int
    row: int = 0

    def __contains__(self, term_id: object) -> bool:
        number = str(term_id).removeprefix("IRKG:")
        return number.isdigit() and self.low <= int(number) <= self.high


def read_ranges(path: Path) -> tuple[tuple[Range, ...], list[Problem]]:
    """The ranges of `ranges.tsv`, and what is wrong with them; a missing file is empty."""
    problems: list[Problem] = []
    found: list[Range] = []
    for number, cells in rows(path, RANGE_COLUMNS, problems) if path.exists() else ():

        def tell(what: str, field: str, mend: str, row: int = number) -> None:
            problems.append(Problem(path.name, what, row, field, mend, "id_ranges"))

        if not cells["curator"]:
            tell("a range has no curator", "curator", "write the name that --curator gives")
        if cells["branch"] not in set(Branch):
            tell(f"{cells['branch']!r} is no branch", "branch", ", ".join(Branch))
            continue
        if not (cells["from"].isdigit() and cells["to"].isdigit()):
            tell(f"{cells['from']!r} to {cells['to']!r} is no range", "from", "two numbers without IRKG:")
            continue
        one = Range(cells["curator"], Branch(cells["branch"]), int(cells["from"]), int(cells["to"]), number)
        low, high = ID_RANGES[one.branch]
        if one.low > one.high:
            tell(f"{one.low} is above {one.high}", "from", "the lower number comes first")
        elif not (low < one.low and one.high <= high):
            tell(f"{one.low}-{one.high} is not within {low + 1}-{high}", "from", f"the ids of {one.branch}")
        for other in found:
            if one.low <= other.high and other.low <= one.high:
                others = f"{other.low}-{other.high} of {other.curator} (row {other.row})"
                tell(f"{one.low}-{one.high} overlaps with {others}", "from", "each id belongs to one range")
        found.append(one)
    return tuple(found), problems
