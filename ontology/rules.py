"""Tables of words and patterns that decide how text is read, with the file and row of whatever is wrong in them.

A table is a tab-separated file that people edit. Lines that begin with ``#`` say what the table is for; the first
other line names the columns; a row with fewer cells is filled up. A `.txt` table has one column without a name.
Patterns are regular expressions of Python's `re`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ontology.problems import IrkgError, Problem

__all__ = ["Row", "RuleError", "joined", "rows", "words"]


class RuleError(IrkgError):
    """A table of words or patterns cannot be used."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `number` counts lines from 1, as an editor does."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def error(self, what: str, column: str, mend: str | None = None) -> RuleError:
        """The error that tells what is wrong with a cell of this row."""
        problem = Problem(self.file, what, row=self.number, field=column or None, mend=mend)
        return RuleError("a table of reading rules cannot be used", [problem])

    def pattern(
        self, column: str = "pattern", template: str = "{}", flags: int = re.IGNORECASE
    ) -> re.Pattern[str]:
        """The compiled pattern of a cell, put into `template` in place of ``{}``.

        Raises:
            RuleError: the cell is empty or no regular expression.
        """
        try:
            re.compile(self[column])
            compiled = re.compile(template.replace("{}", self[column]), flags)
        except re.error as error:
            raise self.error(f"no regular expression: {error}", column, "see Python's re") from error
        if not self[column]:
            raise self.error("the pattern is empty", column, "write a pattern or remove the row")
        return compiled

    def choice(self, column: str, allowed: Iterable[str]) -> str:
        """A cell that holds one of a few values.

        Raises:
            RuleError: it holds another.
        """
        values = tuple(allowed)
        if self[column] not in values:
            raise self.error(f"{self[column]!r} is not allowed", column, "one of: " + ", ".join(values))
        return self[column]


def rows(path: Path, *columns: str) -> Iterator[Row]:
    """The rows of a table.

    Raises:
        RuleError: the header is another one, a row has too many cells, or the file is not UTF-8.
    """
    header = columns
    seen = False
    for number, line in _lines(path):
        cells = line.split("\t")
        row = Row(
            path.name, number, dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))
        )
        if not seen:
            seen = True
            if tuple(cells) != header:
                raise row.error("the columns are not the expected ones", "", "expected: " + ", ".join(header))
            continue
        if len(cells) > len(header):
            raise row.error(f"{len(cells)} cells, {len(header)} columns", "", "remove the stray tab")
        yield row


@cache
def words(path: Path) -> tuple[str, ...]:
    """The lines of a `.txt` table.

    Raises:
        RuleError: the file is not UTF-8.
    """
    return tuple(line for _, line in _lines(path))


def joined(
    found: Iterable[Row], column: str = "pattern", template: str = "{}", flags: int = re.IGNORECASE
) -> re.Pattern[str]:
    """One pattern that matches what any of the rows matches, the first row first.

    Raises:
        RuleError: a row holds no regular expression.
    """
    parts = []
    for row in found:
        row.pattern(column, flags=flags)
        parts.append(row[column])
    return re.compile(template.replace("{}", "(?:" + "|".join(parts) + ")"), flags)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        problem = Problem(path.name, f"byte {error.start} is not UTF-8", mend="save the table as UTF-8")
        raise RuleError("a table of reading rules cannot be used", [problem]) from error
    # Not splitlines(): it also breaks at form feeds and at U+2028, which would shift the row numbers.
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line
