"""Tables of words and patterns that decide how text is read, with file and row of what is wrong in them.

A table is a file that people edit. Lines that begin with ``#`` say what it is for. A `.tsv` table names its
columns in the first other line, and a row with fewer cells is filled up; a `.txt` table holds one pattern or
word a line. Patterns are regular expressions of Python's `re`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ontology.problems import IrkgError, Problem

__all__ = ["Row", "RuleError", "joined", "lines", "missing", "rows"]

_MESSAGE = "a table of reading rules cannot be used"


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

    def error(self, what: str, column: str | None = None, mend: str | None = None) -> RuleError:
        """The error that tells what is wrong with this row."""
        return RuleError(_MESSAGE, [Problem(self.file, what, row=self.number, field=column, mend=mend)])

    def pattern(
        self, column: str = "pattern", template: str = "{}", flags: int = re.IGNORECASE
    ) -> re.Pattern[str]:
        """The compiled pattern of a cell, put into `template` in place of ``{}``.

        Raises:
            RuleError: the cell is empty or no regular expression.
        """
        if not self[column]:
            raise self.error("the pattern is empty", column, "write a pattern or remove the row")
        try:
            re.compile(self[column], flags)  # alone too: `a)|(b` is a pattern in brackets only
            return re.compile(template.replace("{}", f"(?:{self[column]})"), flags)
        except re.error as error:
            raise self.error(f"no regular expression: {error}", column, "see Python's re") from error

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
    """The rows of a `.tsv` table.

    Raises:
        RuleError: the header is another one, a row has too many cells, or the file is not UTF-8.
    """
    header: tuple[str, ...] | None = None
    for number, line in _lines(path):
        cells = line.split("\t")
        if header is None:
            header = tuple(cells)
            if header != columns:
                mend = "expected: " + ", ".join(columns)
                raise Row(path.name, number, {}).error("the columns are not the expected ones", mend=mend)
            continue
        cells += [""] * (len(header) - len(cells))
        row = Row(path.name, number, dict(zip(header, cells, strict=False)))
        if len(cells) > len(header):
            raise row.error(f"{len(cells)} cells, {len(header)} columns", mend="remove the stray tab")
        yield row


def lines(path: Path) -> Iterator[Row]:
    """The lines of a `.txt` table as rows with one cell, `pattern`.

    Raises:
        RuleError: the file is not UTF-8.
    """
    for number, line in _lines(path):
        yield Row(path.name, number, {"pattern": line})


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


def missing(path: Path, what: str) -> RuleError:
    """The error of a table that lacks something."""
    return RuleError(_MESSAGE, [Problem(path.name, what)])


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        mend = "save the table as UTF-8"
        raise RuleError(
            _MESSAGE, [Problem(path.name, f"byte {error.start} is not UTF-8", mend=mend)]
        ) from error
    # Not splitlines(): it also breaks at form feeds and at U+2028, which would shift the row numbers.
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line
