"""A branch as a spreadsheet, out and in again: tab-separated text or XLSX.

Rows that the sheet does not hold stay as they are; rows without an id are new terms.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ontology.editing import rename
from ontology.minting import add
from ontology.problems import Problem
from ontology.slots import SLOTS, columns, table_name
from ontology.spreadsheet import Sheet, file_suffix, openpyxl_module
from ontology.terms import Branch
from ontology.tsv import split
from ontology.workspace import EditError, Sources

__all__ = ["Imported", "export", "in_sheet", "take"]

_WIDTHS: Final = {"label": 34, "parents": 34, "definition": 60, "source": 24, "exact": 40}
_ROWS_VALIDATED: Final = 5000


@dataclass(frozen=True, slots=True)
class Imported:
    """The ids that a sheet added and changed, and the row of the sheet for each."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    rows: Mapping[str, int]


def export(sources: Sources, branch: Branch, path: Path, below: str = "") -> int:
    """Write the terms in use of a branch as a spreadsheet; gives the number of rows.

    Args:
        sources: the tables.
        branch: the branch.
        path: a file that ends in ``.tsv`` or ``.xlsx``; it is replaced.
        below: only this term (id or label) and what stands below it.

    Raises:
        EditError: the file has another ending, or `below` is no term of the branch.
    """
    file_suffix(path)
    gone = {cells["id"] for _, cells in sources.obsolete}
    found = [cells for _, cells in sources.terms(branch) if cells["id"] not in gone]
    if below:
        where, row = sources.find(below)
        if where is not branch:
            wrong = Problem(
                table_name(where), f"{below!r} is a {where}", row, "id", f"not a {branch}", "wrong_branch"
            )
            raise EditError("nothing was written", [wrong])
        kept = _below(found, sources.terms(branch)[row]["label"])
        found = [cells for cells in found if cells["label"].casefold() in kept]
    header = columns(branch)
    content = (
        _xlsx(branch, header, found)
        if path.suffix.lower() == ".xlsx"
        else "".join(
            "\t".join(row) + "\n" for row in (header, *([c[n] for n in header] for c in found))
        ).encode()
    )
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
    return len(found)


def _below(rows: Iterable[Mapping[str, str]], label: str) -> set[str]:
    children: dict[str, list[str]] = {}
    for cells in rows:
        for parent in split(cells["parents"]):
            children.setdefault(parent.casefold(), []).append(cells["label"].casefold())
    found: set[str] = set()
    queue = [label.casefold()]
    while queue:
        one = queue.pop()
        if one not in found:
            found.add(one)
            queue += children.get(one, ())
    return found


def _xlsx(branch: Branch, header: tuple[str, ...], rows: Sequence[Mapping[str, str]]) -> bytes:
    openpyxl = openpyxl_module()
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = str(branch)
    for number, cells in enumerate([dict(zip(header, header, strict=True)), *rows], 1):
        for at, name in enumerate(header, 1):
            cell = sheet.cell(number, at)
            if cells[name]:
                cell.value = cells[name]
                cell.data_type = "s"  # text that begins with = is no formula
            cell.number_format = "@"  # text: a program must make no date or number of it
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "C2"
    for at, name in enumerate(header, 1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 18)
        sheet.column_dimensions[letter].number_format = "@"
    for slot in SLOTS[branch]:
        listed = ",".join(slot.values)
        if slot.values and len(listed) < 250:  # the format's limit for a list in place
            letter = get_column_letter(header.index(slot.name) + 1)
            choice = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}{max(len(rows) + 100, _ROWS_VALIDATED)}")
            sheet.add_data_validation(choice)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take(sources: Sources, sheet: Sheet, curator: str) -> Imported:
    """Plan what a sheet says: changed cells of rows with an id, new terms of rows without one.

    Raises:
        EditError: an id is used twice, unknown, obsolete or of another branch, or a new id cannot be given.
    """
    table = sources.terms(sheet.branch)
    gone = {cells["id"] for _, cells in sources.obsolete}
    problems: list[Problem] = []
    rows: dict[str, int] = {}
    for number, cells in sheet.rows:
        term_id = cells["id"]
        if term_id and term_id in rows:
            said = f"{term_id} stands in row {rows[term_id]} too"
            problems.append(
                Problem(sheet.file, said, number, "id", "leave the id of a new term empty", "id_reused")
            )
        if term_id in gone:
            said = f"{term_id} is obsolete"
            problems.append(
                Problem(sheet.file, said, number, "id", "take the row out", "deprecated_class_reference")
            )
        if term_id:
            rows[term_id] = number
    if problems:
        raise EditError("the spreadsheet is refused, nothing was written", problems)
    places = {cells["id"]: number for number, cells in table}
    changed: list[str] = []
    renamed: list[tuple[str, str, str]] = []
    for _, cells in sheet.rows:
        if cells["id"] not in places:
            continue
        old = table[places[cells["id"]]]
        new = {name: value for name, value in cells.items() if _differs(name, value, old[name])}
        if new:
            sources.change(sheet.branch, places[cells["id"]], new)
            changed.append(cells["id"])
        if "label" in new:
            renamed.append((cells["id"], old["label"], new["label"]))
    added: list[str] = []
    for number, cells in sheet.rows:  # after the others, for each new row moves those below it
        if cells["id"] in places:
            continue
        try:
            term_id = add(sources, sheet.branch, curator, cells, cells["id"])
        except EditError as error:
            told = [replace(p, file=sheet.file, row=number) for p in error.problems]
            raise EditError("the spreadsheet is refused, nothing was written", told) from error
        rows[term_id] = number
        added.append(term_id)
    for term_id, before, after in renamed:
        rename(sources, term_id, before, after)
    return Imported(tuple(added), tuple(changed), rows)


def _differs(column: str, new: str, old: str) -> bool:
    listed = column not in ("label", "definition", "source", "comment")
    return split(new) != split(old) if listed else new != old


def in_sheet(problem: Problem, sources: Sources, sheet: Sheet, imported: Imported) -> Problem:
    """A problem of the branch's table as one of the sheet, where its row came from there."""
    if problem.file != table_name(sheet.branch) or problem.row is None:
        return problem
    try:
        number = imported.rows.get(sources.terms(sheet.branch)[problem.row]["id"])
    except IndexError:
        return problem
    return problem if number is None else replace(problem, file=sheet.file, row=number)
