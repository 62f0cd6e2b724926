"""Cutting a result sentence into clauses, each with its own outcome and figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

__all__ = ["Clause", "clauses"]

# `52% v 44%; P = 0.003`: what follows belongs to the figures before it.
_STATISTIC: Final = r"\s*(?:[Pp]\b(?:[ -]?values?)?\s?[=<>\u2264]|(?:9[059]\s?%\s?)?CI\b|(?:a?HR|a?OR|RR)\b)"
_VERB: Final = r"(?:was|were|had|did|showed|decreased|increased|improved|occurred|needed)"
# A new clause begins at a semicolon or colon, at a conjunction that contrasts, and at `, and` or `, with`
# before a verb of its own.
_CUT: Final = re.compile(
    rf"[;:]\s(?!{_STATISTIC})"
    r"|,?\s(?:whereas|while|although|though|but|however)\s"
    rf"|,\s(?:and|with)\s(?=[^,;]{{3,80}}\b{_VERB}\b)"
    r"|,\s(?:as well as)\s"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence by character offsets."""

    start: int
    end: int


def clauses(text: str, start: int, end: int) -> list[Clause]:
    """The clauses of ``text[start:end]``; a cut inside brackets is not made."""
    cuts: list[int] = []
    depth, position = 0, start
    for match in _CUT.finditer(text, start, end):
        depth += text.count("(", position, match.start()) - text.count(")", position, match.start())
        position = match.start()
        if depth <= 0:
            cuts.append(position)
    edges = [start, *cuts, end]
    return [Clause(begin, finish) for begin, finish in pairwise(edges)]
