"""The tables that type a noun phrase by its head word, and the words that never stand for a concept."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ontology.spelling import fold_word
from ontology.terms import Branch

__all__ = ["Head", "generic_words", "head_type", "statistic_names"]

_HERE: Final = Path(__file__).parent
# A suffix types a word only when enough of the word is left before it.
_MIN_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class Head:
    """What a head word says: the branch of the phrase, and whether the word needs a modifier to name anything."""

    branch: Branch
    needs_modifier: bool


@cache
def _heads() -> tuple[dict[str, Head], tuple[tuple[str, Head], ...]]:
    words: dict[str, Head] = {}
    suffixes: list[tuple[str, Head]] = []
    with (_HERE / "heads.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            head = Head(Branch(row["branch"]), row["needs_modifier"] == "yes")
            if row["word"].startswith("-"):
                suffixes.append((row["word"][1:], head))
            else:
                words[fold_word(row["word"])] = head
    suffixes.sort(key=lambda pair: -len(pair[0]))
    return words, tuple(suffixes)


@cache
def generic_words() -> frozenset[str]:
    """Words that name no concept on their own (`patient`, `group`, `procedure`)."""
    return frozenset(fold_word(w) for w in (_HERE / "generic_words.txt").read_text(encoding="utf-8").split())


@cache
def statistic_names() -> frozenset[str]:
    """Names of statistics, which are never entities (`hazard ratio`)."""
    return frozenset((_HERE / "statistic_names.txt").read_text(encoding="utf-8").splitlines())


@cache
def head_type(word: str) -> Head | None:
    """What the head word of a phrase says of its type; None when it says nothing."""
    words, suffixes = _heads()
    folded = fold_word(word)
    if folded in words:
        return words[folded]
    if not word.isalpha() or word.isupper():
        return None
    for suffix, head in suffixes:
        if folded.endswith(suffix) and len(folded) - len(suffix) >= _MIN_STEM:
            return head
    return None
