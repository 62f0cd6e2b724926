"""Reading tab-separated tables that curators edit: criteria, weights, words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from ontology.problems import IrkgError, Problem

__all__ = ["TableFileError", "table"]


class TableFileError(IrkgError):
    """A table cannot be used."""


def table(path: Path, header: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated table.

    Raises:
        TableFileError: the header is another one, or a row has too many cells.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, cells in enumerate(reader, 1):
            if number == 1:
                if tuple(cells) != header:
                    problem = Problem(
                        path.name, "the columns are not those expected", row=1, mend="\t".join(header)
                    )
                    raise TableFileError("a table cannot be used", [problem])
                continue
            if len(cells) > len(header):
                raise TableFileError(
                    "a table cannot be used", [Problem(path.name, "too many cells", row=number)]
                )
            if any(cells):
                yield dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=True))
