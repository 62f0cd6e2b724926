"""Reading what people filled in a spreadsheet program: tab-separated text or XLSX.

What such programs do to a table is told and refused: another character encoding, quotation marks that they
add or bend, dates and formulas made of text, merged cells, moved columns.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ontology.problems import IrkgError, Problem
from ontology.slots import columns, table_name
from ontology.terms import ID_RANGES, Branch
from ontology.workspace import EditError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Sheet", "file_suffix", "openpyxl_module", "read_sheet"]

_PLAIN: Final = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\ufeff": ""}
_SMART: Final = re.compile("[" + "".join(_PLAIN) + "]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a spreadsheet with their numbers, and what was made plain on the way."""

    file: str
    branch: Branch
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    notes: tuple[Problem, ...] = ()


def file_suffix(path: Path) -> str:
    """The ending of a spreadsheet's name, in lower case.

    Raises:
        EditError: it is neither .tsv nor .xlsx.
    """
    if path.suffix.lower() not in (".tsv", ".xlsx"):
        mend = "save it as XLSX, or as tab-separated text with the ending .tsv"
        wrong = Problem(
            path.name,
            f"{path.suffix or 'no ending'} is no spreadsheet that is read",
            mend=mend,
            rule="file_format",
        )
        raise EditError("nothing was written", [wrong])
    return path.suffix.lower()


def openpyxl_module() -> Any:
    """The library for XLSX, imported when it is needed.

    Raises:
        IrkgError: it is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise IrkgError("XLSX needs openpyxl; install it: pip install openpyxl") from error
    return openpyxl


def read_sheet(path: Path, branch: Branch | None = None, *, tidy: bool = False) -> Sheet:
    """The rows of a spreadsheet that :func:`ontology.template.export` wrote and people filled.

    Args:
        path: the file.
        branch: the branch; None: as the sheet's name, the file's name or the ids say.
        tidy: make smart quotes, no-break spaces and quotation marks of spreadsheet programs plain instead of
            refusing them; `notes` says where.

    Raises:
        EditError: the file cannot be read, or has cells that no table may hold.
        FileNotFoundError: there is no such file.
    """
    content = path.read_bytes()
    notes: list[Problem] = []
    if file_suffix(path) == ".xlsx":
        grid, title = _grid(path.name, content)
    else:
        grid, title = _lines(path.name, content, notes, tidy=tidy), ""
    branch = branch or _branch(path, title, grid)
    header = columns(branch)
    _check_header(path.name, grid, header)
    problems: list[Problem] = []
    rows: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in enumerate(grid[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            said, column = f"{len(cells)} cells, {len(header)} columns", f"column {len(header) + 1}"
            problems.append(Problem(path.name, said, number, column, "remove the stray tab", "stray_tab"))
            continue
        row = dict.fromkeys(header, "")
        for name, cell in zip(header, cells, strict=False):
            row[name] = _cell(path.name, number, name, cell, problems, notes, tidy=tidy)
        rows.append((number, row))
    if problems:
        raise EditError("the spreadsheet is refused, nothing was written", problems)
    return Sheet(path.name, branch, tuple(rows), tuple(notes))


def _cell(
    file: str, row: int, column: str, text: str, problems: list[Problem], notes: list[Problem], *, tidy: bool
) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"' and ('""' in text or text.count('"') == 2):
        said = f"a spreadsheet program put quotation marks around {text}"
        told = Problem(file, said, row, column, "save as XLSX, or import with --tidy", "added_quotes")
        (notes if tidy else problems).append(told)
        text = text[1:-1].replace('""', '"')
    if _SMART.search(text):
        said = f"smart quote or no-break space in {text!r}"
        told = Problem(
            file, said, row, column, "type ' or \" or a plain space, or import with --tidy", "smart_quote"
        )
        (notes if tidy else problems).append(told)
        text = _SMART.sub(lambda found: _PLAIN[found.group()], text).strip()
    return text


def _lines(file: str, content: bytes, notes: list[Problem], *, tidy: bool) -> list[list[str]]:
    """The cells of tab-separated text."""

    def refuse(
        what: str, mend: str, rule: str, row: int | None = None, column: str | None = None
    ) -> EditError:
        wrong = Problem(file, what, row, column, mend, rule)
        return EditError("the spreadsheet is refused, nothing was written", [wrong])

    as_utf8 = "save it as XLSX or as UTF-8 text"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("this is UTF-16 text", as_utf8, "not_utf8", 1)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refuse(
            "this is a workbook, not text", "give it the ending .xlsx, or save it as XLSX", "file_format"
        )
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
        notes.append(Problem(file, "the byte order mark was left out", 1, rule="byte_order_mark"))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        lines = re.split(b"\r\n|\r|\n", content[: error.start])
        names = re.split(b"\r\n|\r|\n", content)[0].decode("latin-1").split("\t")
        at = lines[-1].count(b"\t")
        shown = content[error.start : error.start + 1].decode("cp1252", "replace")
        said = f"no UTF-8: the table was saved as Latin-1 or Windows-1252, where this byte is {shown!r}"
        column = names[at] if at < len(names) else None
        raise refuse(said, as_utf8, "not_utf8", len(lines), column) from error
    return [line.split("\t") for line in re.split("\r\n|\r|\n", text)]


def _grid(file: str, content: bytes) -> tuple[list[list[str]], str]:
    """The cells of a workbook's sheet as text, and the sheet's name."""
    openpyxl = openpyxl_module()
    try:
        return _cells(file, openpyxl.load_workbook(io.BytesIO(content)))
    except EditError:
        raise
    except (
        Exception
    ) as error:  # a damaged file makes openpyxl raise almost anything (zlib.error, KeyError ...)
        mend = "open it in a spreadsheet program and save it as XLSX"
        wrong = Problem(file, f"no XLSX workbook ({type(error).__name__})", mend=mend, rule="file_format")
        raise EditError("the spreadsheet is refused, nothing was written", [wrong]) from error


def _cells(file: str, book: Any) -> tuple[list[list[str]], str]:
    branches = [name for name in book.sheetnames if name in set(Branch)]
    if len(branches) > 1 or (not branches and len(book.sheetnames) > 1):
        mend = "leave one, named after its branch"
        wrong = Problem(file, "several sheets: " + ", ".join(book.sheetnames), mend=mend, rule="file_format")
        raise EditError("the spreadsheet is refused, nothing was written", [wrong])
    sheet = book[branches[0] if branches else book.sheetnames[0]]
    names = {at: str(cell.value or "") for at, cell in enumerate(sheet[1], 1)} if sheet.max_row else {}
    problems = [
        Problem(
            file,
            f"merged cells {area.coord}",
            area.min_row,
            names.get(area.min_col),
            "unmerge them",
            "merged_cells",
        )
        for area in sheet.merged_cells.ranges
    ]
    grid = list(_texts(file, sheet, names, problems))
    if problems:
        raise EditError("the spreadsheet is refused, nothing was written", problems)
    return grid, str(sheet.title)


def _texts(
    file: str, sheet: Worksheet, names: Mapping[int, str], problems: list[Problem]
) -> Iterator[list[str]]:
    as_text = "format the column as text and type it again"
    wrong: Mapping[str, tuple[str, str, str]] = {
        "f": ("a formula", "copy the column and paste it as values", "formula"),
        "e": ("an error of the spreadsheet program", "type what is meant", "formula"),
        "d": ("a date that the program made", as_text, "date"),
        "b": ("a truth value that the program made", as_text, "date"),
    }
    for number, cells in enumerate(sheet.iter_rows(), 1):
        found: list[str] = []
        for at, cell in enumerate(cells, 1):
            value = cell.value
            if cell.data_type in wrong and value is not None:
                what, mend, rule = wrong[cell.data_type]
                problems.append(Problem(file, f"{what}: {value}", number, names.get(at), mend, rule))
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            found.append("" if value is None else str(value))
        while found and not found[-1]:
            found.pop()
        yield found


def _branch(path: Path, title: str, grid: list[list[str]]) -> Branch:
    """The branch that a sheet is of: by its name, the file's name, its first id, or its own columns."""
    for branch in Branch:
        if title == branch or path.name.lower().startswith(table_name(branch).removesuffix(".tsv") + "."):
            return branch
    for cells in grid[1:]:
        number = cells[0].strip().removeprefix("IRKG:") if cells else ""
        for branch, (low, high) in ID_RANGES.items():
            if number.isdigit() and low <= int(number) <= high:
                return branch
    fitting = [branch for branch in Branch if grid and tuple(grid[0]) == columns(branch)]
    if len(fitting) == 1:
        return fitting[0]
    wrong = Problem(
        path.name, "which branch it is of is not clear", mend="say it with --branch", rule="unknown_branch"
    )
    raise EditError("the spreadsheet is refused, nothing was written", [wrong])


def _check_header(file: str, grid: list[list[str]], header: tuple[str, ...]) -> None:
    found = [name.strip() for name in grid[0]] if grid else []
    while found and not found[-1]:
        found.pop()
    if tuple(found) == header:
        return
    missing = [name for name in header if name not in found]
    extra = [name for name in found if name not in header]
    said = [f"column {name!r} is missing" for name in missing] + [
        f"column {name!r} is unknown" for name in extra
    ]
    what = "; ".join(said) or "the columns are in another order"
    column = next(iter(extra or missing), None)
    mend = "expected: " + ", ".join(header)
    wrong = Problem(file, what, 1, column, mend, "changed_header")
    raise EditError("the spreadsheet is refused, nothing was written", [wrong])
