"""Words that compare: more, less, better, worse, or no difference; from the table `direction_cues.tsv`."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

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


@cache
def _patterns() -> list[tuple[Sense, re.Pattern[str]]]:
    found = []
    with (Path(__file__).parent / "direction_cues.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            found.append((Sense(row["sense"]), re.compile(rf"\b(?:{row['pattern']})\b", re.I)))
    return found


def cues(text: str, start: int, end: int) -> list[Cue]:
    """The comparing words of ``text[start:end]`` in order; where two overlap, the one that stands first in the table."""
    found: list[Cue] = []
    for sense, pattern in _patterns():
        for match in pattern.finditer(text, start, end):
            if any(c.start < match.end() and match.start() < c.end for c in found):
                continue
            around = text[max(start, match.start() - 25) : min(end, match.end() + 25)]
            tested = bool(re.search(r"significan", around, re.I))
            found.append(Cue(sense, match.start(), match.end(), tested))
    return sorted(found, key=lambda c: c.start)
