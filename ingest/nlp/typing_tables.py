"""The tables that type a noun phrase by its head word, and the words that never stand for a concept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from ingest.nlp.tables import folded_words, lines, rows
from ontology.spelling import fold_word
from ontology.terms import Branch

__all__ = ["Head", "MeasureKind", "changes", "generic_words", "head_type", "measures", "statistic_names"]

# A suffix types a word only when enough of the word is left before it.
_MIN_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class Head:
    """What a head word says.

    The branch of the phrase, and whether the word needs a modifier to name anything.
    """

    branch: Branch
    needs_modifier: bool


class MeasureKind(StrEnum):
    """What a measuring word measures: a number or a time, the size of a thing, or how something changed."""

    MEASURE = "measure"
    SIZE = "size"
    LOSS = "loss"
    GAIN = "gain"
    IMPROVEMENT = "improvement"


@cache
def _heads() -> tuple[dict[str, Head], tuple[tuple[str, Head], ...]]:
    words: dict[str, Head] = {}
    suffixes: list[tuple[str, Head]] = []
    for row in rows("heads", "word", "branch", "needs_modifier"):
        needs = row.choice("needs_modifier", ("yes", "no")) == "yes"
        head = Head(Branch(row.choice("branch", Branch)), needs)
        if row["word"].startswith("-"):
            suffixes.append((row["word"][1:], head))
        else:
            words[fold_word(row["word"])] = head
    suffixes.sort(key=lambda pair: -len(pair[0]))
    return words, tuple(suffixes)


@cache
def measures() -> Mapping[str, MeasureKind]:
    """Words that measure something and make one concept with it (`number of ablations`), folded."""
    return {
        fold_word(row["word"]): MeasureKind(row.choice("kind", MeasureKind))
        for row in rows("measure_words", "word", "kind")
    }


@cache
def changes() -> frozenset[str]:
    """The measuring words that tell of a change (`fall`, `improvement`)."""
    kept = (MeasureKind.MEASURE, MeasureKind.SIZE)
    return frozenset(word for word, kind in measures().items() if kind not in kept)


def generic_words() -> frozenset[str]:
    """Words that name no concept on their own (`patient`, `group`, `procedure`), folded."""
    return folded_words("generic_words")


def statistic_names() -> frozenset[str]:
    """Names of statistics, which are never entities (`hazard ratio`)."""
    return lines("statistic_names")


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
