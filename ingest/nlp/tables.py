"""The tables of `tables/`, each read once: words and patterns that a curator can read and extend.

A table of cues has two columns, `cue` and `pattern`: all rows of one cue are alternatives, the first that
fits wins. How a cue is bounded (whole words, the end of what stands before) is said here in code, where the
cue is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from ontology import rules
from ontology.spelling import fold_word

__all__ = ["FOLDER", "WORDS", "cue", "folded_words", "lines", "number_words", "one_of", "rows"]

FOLDER: Final = Path(__file__).parent / "tables"
# Bounds of a cue: whole words.
WORDS: Final = r"\b{}\b"


def rows(table: str, *columns: str) -> tuple[rules.Row, ...]:
    """The rows of ``tables/<table>.tsv``."""
    return tuple(rules.rows(FOLDER / f"{table}.tsv", *columns))


@cache
def cue(table: str, name: str, template: str = WORDS, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """One pattern for all rows of a cue, put into `template` in place of ``{}``.

    Raises:
        RuleError: the table has no such cue, or a row holds no regular expression.
    """
    found = [row for row in rows(table, "cue", "pattern") if row["cue"] == name]
    if not found:
        raise rules.missing(FOLDER / f"{table}.tsv", f"there is no row for the cue {name!r}")
    return rules.joined(found, "pattern", template, flags)


@cache
def one_of(table: str, template: str = WORDS, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    """One pattern for all lines of ``tables/<table>.txt``, each a regular expression."""
    return rules.joined(rules.lines(FOLDER / f"{table}.txt"), "pattern", template, flags)


@cache
def lines(table: str) -> frozenset[str]:
    """The lines of ``tables/<table>.txt`` as they are written."""
    return frozenset(row["pattern"] for row in rules.lines(FOLDER / f"{table}.txt"))


@cache
def folded_words(table: str) -> frozenset[str]:
    """The words of ``tables/<table>.txt``, one a line, folded."""
    return frozenset(fold_word(word) for word in lines(table))


@cache
def number_words() -> Mapping[str, int]:
    """Numbers that are spelled out (``"twelve"`` -> 12)."""
    found: dict[str, int] = {}
    for row in rows("number_words", "word", "number"):
        if not row["number"].isdecimal():
            raise row.error(f"{row['number']!r} is no number", "number", "write digits")
        found[row["word"]] = int(row["number"])
    return found
