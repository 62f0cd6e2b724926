from __future__ import annotations

import contextlib
import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ontology.slots import columns
from ontology.spreadsheet import read_sheet
from ontology.terms import Branch
from ontology.workspace import EditError

HEADER = columns(Branch.DISEASE)
ROW = ("", "cirrhosis", "disease", "Scarring of the liver.", "test")


def text(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> str:
    return "\n".join("\t".join(row) for row in (header, *rows)) + "\n"


def tsv(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "disease.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def xlsx(tmp_path: Path, change: Callable[[Any], object] = lambda sheet: None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Disease"
    sheet.append(list(HEADER))
    sheet.append(list(ROW))
    change(sheet)
    path = tmp_path / "some.xlsx"
    book.save(path)
    return path


def test_rows_with_their_numbers(tmp_path: Path) -> None:
    sheet = read_sheet(tsv(tmp_path, text(("",), ROW)))
    assert sheet.branch is Branch.DISEASE
    ((number, cells),) = sheet.rows
    assert (number, cells["label"], cells["located_in"]) == (3, "cirrhosis", "")
    ((number, again),) = read_sheet(xlsx(tmp_path)).rows
    assert (number, again) == (2, cells)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            text((*ROW[:3], "na\u00efve", "x")).encode("latin-1"),
            r"row 2, definition: no UTF-8.*is '\xef'.*\[not_utf8\]",
        ),
        (
            text((*ROW[:3], "a \u201cb\u201d", "x")).encode("cp1252"),
            "row 2, definition: no UTF-8.*is '\u201c'",
        ),
        (text(ROW).encode("utf-16"), "row 1: this is UTF-16 text"),
        (
            text((*ROW[:3], "a \u201cb\u201d", "x")),
            r"row 2, definition: smart quote.*--tidy.*\[smart_quote\]",
        ),
        (
            text((*ROW[:2], "", *ROW[2:], *[""] * 6, "x")),
            r"row 2, column 13: 13 cells, 12 columns.*\[stray_tab\]",
        ),
        (
            text(ROW, header=(*HEADER[:3], "meaning", *HEADER[4:])),
            r"row 1, meaning: column 'definition' is missing",
        ),
        (
            text(ROW, header=(HEADER[1], HEADER[0], *HEADER[2:])),
            r"the columns are in another order.*\[changed_header\]",
        ),
        (text((*ROW[:3], '"a ""b"", c"', "x")), r"row 2, definition: .*quotation marks.*\[added_quotes\]"),
        (b"PK\x03\x04", "this is a workbook, not text"),
        (b"", "'id' is missing"),
    ],
)
def test_what_a_program_did_to_text_is_refused(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(EditError, match=told):
        read_sheet(tsv(tmp_path, content), Branch.DISEASE)


def test_tidying_tells_what_it_did(tmp_path: Path) -> None:
    content = text((*ROW[:3], '"a \u201cb\u201d, it\u2019s"', "x\u00a0y"))
    sheet = read_sheet(tsv(tmp_path, b"\xef\xbb\xbf" + content.encode()), tidy=True)
    ((_, cells),) = sheet.rows
    assert (cells["definition"], cells["source"]) == ('a "b", it\'s', "x y")
    assert [note.field for note in sheet.notes] == [None, "definition", "definition", "source"]


def test_quotation_marks_inside_are_text(tmp_path: Path) -> None:
    ((_, cells),) = read_sheet(tsv(tmp_path, text((*ROW[:3], 'the "Milan" criteria', "x")))).rows
    assert cells["definition"] == 'the "Milan" criteria'


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: s.cell(2, 4, "=A1"), r"some.xlsx, row 2, definition: a formula: =A1 .*\[formula\]"),
        (
            lambda s: s.cell(2, 6, datetime.date(2024, 3, 4)),
            r"row 2, exact: a date that the program made.*\[date\]",
        ),
        (lambda s: s.cell(2, 2, True), "row 2, label: a truth value"),
        (
            lambda s: s.merge_cells("B2:B3"),
            r"row 2, label: merged cells B2:B3 \(unmerge them\) \[merged_cells\]",
        ),
        (lambda s: s.cell(1, 2, "name"), r"row 1, name: column 'label' is missing; column 'name' is unknown"),
        (lambda s: s.cell(2, 15, "x"), "15 cells, 12 columns"),
        (lambda s: s.parent.create_sheet("Agent"), "several sheets: Disease, Agent"),
    ],
)
def test_what_a_program_did_to_a_workbook_is_refused(
    tmp_path: Path, change: Callable[[Any], object], told: str
) -> None:
    with pytest.raises(EditError, match=told):
        read_sheet(xlsx(tmp_path, change))


def test_whole_numbers_are_text(tmp_path: Path) -> None:
    ((_, cells),) = read_sheet(xlsx(tmp_path, lambda s: s.cell(2, 6, 5.0))).rows
    assert cells["exact"] == "5"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"id\tlabel"])
def test_no_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "disease.xlsx"
    path.write_bytes(content)
    with pytest.raises(EditError, match=r"no XLSX workbook .*\[file_format\]"):
        read_sheet(path)


def test_another_ending_is_told(tmp_path: Path) -> None:
    (tmp_path / "disease.csv").write_text("id,label")
    with pytest.raises(EditError, match=r"\.csv is no spreadsheet that is read"):
        read_sheet(tmp_path / "disease.csv")


def test_the_branch_may_be_unclear(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(text(ROW))
    assert read_sheet(path).branch is Branch.DISEASE
    path.write_text(text(("IRKG:0001002", *ROW[1:])))
    assert read_sheet(path).branch is Branch.DISEASE
    path.write_text(text(ROW, header=columns(Branch.ADVERSE_EVENT)))  # slot values have the same columns
    with pytest.raises(EditError, match="--branch"):
        read_sheet(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300) | st.text(max_size=200).map(lambda s: (text(ROW) + s).encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("disease.tsv", "disease.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        with contextlib.suppress(EditError):
            read_sheet(path)


def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path) -> None:
    content = xlsx(tmp_path).read_bytes()
    path = tmp_path / "disease.xlsx"
    for at in range(0, len(content), 97):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        with contextlib.suppress(EditError):
            read_sheet(path)
    assert io.BytesIO(content).read(2) == b"PK"
