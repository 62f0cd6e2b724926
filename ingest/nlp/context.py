"""Negation and hedging of what lies between and around two mentions.

Cue lists after NegEx (Chapman et al., J Biomed Inform 2001) and the BioScope categories of speculation (Vincze et al.,
BMC Bioinformatics 2008), in tables; a negation counts when it governs the words that state the relation.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["hedged", "negated"]

_HERE: Final = Path(__file__).parent
# Words that look like negations and are none.
_PSEUDO: Final = re.compile(
    r"\bnot only\b|\bno longer than\b|\bnot necessarily\b|\bno increase in the (?:number|amount)\b|\bcannot be excluded\b|\bwith or without\b|\bnon-?small\b",
    re.I,
)


@cache
def _cues(name: str) -> re.Pattern[str]:
    words = [
        w for w in (_HERE / name).read_text(encoding="utf-8").splitlines() if w and not w.startswith("#")
    ]
    return re.compile(r"\b(?:" + "|".join(words) + r")\b", re.I)


def negated(text: str, start: int, end: int, first: int, last: int) -> bool:
    """True when the relation stated in ``text[start:end]`` between the spans that begin at `first` and end at `last` is denied.

    A cue counts inside the stretch from shortly before the first to shortly behind the second mention, within one
    clause: `there was no association between A and B`, `A did not predict B`, `A was not associated with B`.
    """
    begin = max(start, first - 60)
    clause = max(
        (text.rfind(mark, begin, first) for mark in (";", ", but", ", whereas", ", while", ". ")), default=-1
    )
    begin = max(begin, clause + 1)
    stretch = _PSEUDO.sub(lambda m: "_" * len(m.group()), text[begin : min(end, last + 40)])
    found = _cues("negation_cues.txt").search(stretch)
    if not found:
        return False
    # A cue behind both mentions counts only when it closes their clause (`was not significant`).
    return begin + found.start() < last or bool(
        re.match(r"\W*(?:\w+\s+){0,3}(?:was|were|is|did|not|no)\b", stretch[last - begin :])
    )


def hedged(text: str, start: int, end: int) -> bool:
    """True when the sentence speaks of what may be, or suggests."""
    return bool(_cues("hedging_cues.txt").search(text, start, end))
