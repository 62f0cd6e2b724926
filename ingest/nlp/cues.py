"""Words that compare: more, less, better, worse, or no difference; from the table `direction_cues.tsv`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ingest.nlp.tables import WORDS, rows

__all__ = ["Cue", "Sense", "cues"]


class Sense(StrEnum):
    """What a comparing word says of the outcome's value, or of who does better."""

    UP = "up"
    DOWN = "down"
    BETTER = "better"
    WORSE = "worse"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Cue:
    """A comparing word at its place; `tested` when the words speak of significance."""

    sense: Sense
    start: int
    end: int
    tested: bool


_THRESHOLD = re.compile(r"\s+than\s+(?:or equal to\s+)?\d")


@cache
def _patterns() -> list[tuple[Sense, re.Pattern[str]]]:
    return [
        (Sense(row.choice("sense", Sense)), row.pattern("pattern", WORDS))
        for row in rows("direction_cues", "sense", "pattern")
    ]


def cues(text: str, start: int, end: int, names: Sequence[tuple[int, int]] = ()) -> list[Cue]:
    """The comparing words of ``text[start:end]`` in order; where two overlap, the one that stands first in
    the table.

    Words inside `names` belong to the name of an outcome (`clinical deterioration`), and `larger than 3 cm`
    sizes a lesion.
    """
    found: list[Cue] = []
    for sense, pattern in _patterns():
        for match in pattern.finditer(text, start, end):
            if any(c.start < match.end() and match.start() < c.end for c in found):
                continue
            if any(a <= match.start() and match.end() <= b for a, b in names) or _THRESHOLD.match(
                text[match.end() : match.end() + 16]
            ):
                continue
            around = text[max(start, match.start() - 25) : min(end, match.end() + 25)]
            tested = bool(re.search(r"significan", around, re.I))
            found.append(Cue(sense, match.start(), match.end(), tested))
    return sorted(found, key=lambda c: c.start)
