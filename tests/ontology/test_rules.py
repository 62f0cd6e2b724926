"""Tables of words and patterns: what is read, and how what is wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ontology.rules import RuleError, joined, lines, rows


def written(folder: Path, text: str, name: str = "cues.tsv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


def test_rows_with_their_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, "# what for\ncue\tpattern\n# group\nup\trose\ndown\tfell\n")
    assert [(r.number, r["cue"], r["pattern"]) for r in rows(path, "cue", "pattern")] == [
        (4, "up", "rose"),
        (5, "down", "fell"),
    ]


def test_missing_cells_are_empty(tmp_path: Path) -> None:
    path = written(tmp_path, "cue\tpattern\nup\n")
    assert next(iter(rows(path, "cue", "pattern")))["pattern"] == ""


def test_rows_joined_match_as_alternatives(tmp_path: Path) -> None:
    path = written(tmp_path, "# words\nrose\nfell|sank\n", "cues.txt")
    pattern = joined(lines(path), template=r"\b{}\b")
    assert [m.group() for m in pattern.finditer("It rose, sank and felled.")] == ["rose", "sank"]


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ("cue\tpattern\nup\t(rose\n", 2, "no regular expression"),
        ("cue\tpattern\n\nup\ta)|(b\n", 3, "no regular expression"),
        ("cue\tpattern\nup\t\n", 2, "empty"),
        ("cue\tpattern\nup\trose\tmore\n", 2, "3 cells"),
        ("cue\twords\nup\trose\n", 1, "columns"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_row(tmp_path: Path, text: str, row: int, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(RuleError) as error:
        joined(rows(path, "cue", "pattern"))
    problem = error.value.problems[0]
    assert (problem.file, problem.row) == ("cues.tsv", row)
    assert said in problem.what


def test_a_value_that_is_not_allowed(tmp_path: Path) -> None:
    row = next(iter(rows(written(tmp_path, "better\nsideways\n"), "better")))
    with pytest.raises(RuleError, match="one of: lower, higher"):
        row.choice("better", ("lower", "higher"))


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "cues.txt"
    path.write_bytes(b"caf\xe9\n")
    with pytest.raises(RuleError, match="not UTF-8"):
        list(lines(path))
