"""The one shape in which anything wrong with an input is told to a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["IrkgError", "Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and how to mend it.

    >>> found = Problem("terms/disease.tsv", "parent 'hepatoma' is no term", 12, "parents", "use a label")
    >>> str(found)
    "terms/disease.tsv, row 12, parents: parent 'hepatoma' is no term (use a label)"
    """

    file: str
    what: str
    row: int | None = None
    field: str | None = None
    mend: str | None = None
    rule: str | None = None
    """The name of the rule that is broken; ROBOT report's name where it has one."""

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.field:
            where += f", {self.field}"
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{where}: {self.what}" + (f" ({self.mend})" if self.mend else "") + rule


class IrkgError(Exception):
    """Base of every error that the project raises on purpose; carries the problems that caused it."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        lines = [message, *(f"  {problem}" for problem in self.problems)]
        super().__init__("\n".join(lines))
