"""Reading a tab-separated table that people edit, with the row numbers they see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from ontology.problems import Problem

__all__ = ["rows", "split"]


def rows(
    path: Path, header: tuple[str, ...], problems: list[Problem]
) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows of a tab-separated table with their numbers (the header is row 1); what is wrong goes to
    `problems`.

    A row with too many cells is left out; a row with too few is filled up, because editors strip trailing
    tabs.
    """
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        at, column = _place(content, error.start, header)
        said = f"byte {error.start} is not UTF-8"
        problems.append(Problem(path.name, said, at, column, mend="save the table as UTF-8", rule="not_utf8"))
        return
    # Not splitlines(): it also breaks at form feeds and at U+2028, which would shift the row numbers.
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        cells = line.split("\t")
        if number == 1:
            if tuple(cells) != header:
                problems.append(
                    Problem(
                        path.name,
                        _header_problem(cells, header),
                        row=1,
                        mend="expected: " + "\t".join(header),
                        rule="changed_header",
                    )
                )
                return
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            problems.append(
                Problem(
                    path.name,
                    f"{len(cells)} cells, {len(header)} columns",
                    row=number,
                    field=f"column {len(header) + 1}",
                    mend="remove the stray tab",
                    rule="stray_tab",
                )
            )
            continue
        cells += [""] * (len(header) - len(cells))
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        for name, cell in row.items():
            if re.search("[\u2018\u2019\u201c\u201d\u00a0\ufeff]", cell):
                problems.append(
                    Problem(
                        path.name,
                        "smart quote or no-break space",
                        row=number,
                        field=name,
                        mend="type ' or \" or a plain space",
                        rule="smart_quote",
                    )
                )
        yield number, row


def _place(content: bytes, at: int, header: tuple[str, ...]) -> tuple[int, str | None]:
    """The row and column of a byte."""
    row = len(re.split(b"\r\n|\r|\n", content[:at]))
    column = re.split(b"\r\n|\r|\n", content[:at])[-1].count(b"\t")
    return row, header[column] if column < len(header) else None


def _header_problem(cells: list[str], header: tuple[str, ...]) -> str:
    if cells and cells[0].startswith("\ufeff"):
        return "the file begins with a byte order mark"
    missing, extra = [h for h in header if h not in cells], [c for c in cells if c not in header]
    said = [f"column {', '.join(missing)} is missing"] * bool(missing) + [
        f"column {', '.join(extra)} is unknown"
    ] * bool(extra)
    return "; ".join(said) or "the columns are in another order"


def split(cell: str) -> tuple[str, ...]:
    """The values of a cell, without empty ones: ``"a | b|"`` -> ``("a", "b")``."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())
