from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ontology.problems import Problem
from ontology.tsv import rows, split

SMART = "\u2018\u2019\u201c\u201d\u00a0\ufeff"
CELL = st.text(st.characters(exclude_characters="\t\r\n" + SMART, exclude_categories=["Cs"]))
Found = tuple[list[tuple[int, dict[str, str]]], list[Problem]]


def read(content: bytes) -> Found:
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.tsv"
        path.write_bytes(content)
        return list(rows(path, ("a", "b"), problems)), problems


@given(st.lists(st.tuples(CELL, CELL), max_size=8), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_is_written_is_read_with_its_row(table: list[tuple[str, str]], newline: str) -> None:
    found, problems = read(newline.join(["a\tb", *("\t".join(row) for row in table)]).encode())
    expected = [
        (n, {"a": a.strip(), "b": b.strip()}) for n, (a, b) in enumerate(table, 2) if a.strip() or b.strip()
    ]
    assert found == expected
    assert not problems


@given(st.binary(max_size=80))
def test_any_bytes_give_rows_or_problems(content: bytes) -> None:
    found, problems = read(content)
    assert all(set(row) == {"a", "b"} for _, row in found)
    assert problems or content.replace(b"\r", b"\n").split(b"\n")[0] == b"a\tb"


def test_short_rows_are_filled_and_long_ones_told() -> None:
    found, problems = read(b"a\tb\nx\n\n1\t2\t3\n")
    assert found == [(2, {"a": "x", "b": ""})]
    assert [str(p) for p in problems] == [
        "t.tsv, row 4, column 3: 3 cells, 2 columns (remove the stray tab) [stray_tab]"
    ]


def test_split_leaves_nothing_empty() -> None:
    assert split(" a | b||") == ("a", "b")
    assert split("") == ()
