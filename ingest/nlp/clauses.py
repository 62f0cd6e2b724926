"""Cutting a result sentence into clauses, each with its own outcome and figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Clause", "clauses"]

_CUT: Final = re.compile(
    r"[;:]\s|,?\s(?:whereas|while|although|though|but|however)\s|,\s(?:and|with)\s(?=[^,;]{3,80}\b(?:was|were|had|did|showed|decreased|increased|improved|occurred|needed)\b)|,\s(?:as well as)\s"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence by character offsets."""

    start: int
    end: int


def clauses(text: str, start: int, end: int) -> list[Clause]:
    """The clauses of ``text[start:end]``; a cut inside brackets is not made."""
    cuts: list[int] = []
    for match in _CUT.finditer(text, start, end):
        depth = text.count("(", start, match.start()) - text.count(")", start, match.start())
        if depth > 0:
            continue
        cuts.append(match.start())
    edges = [start, *cuts, end]
    return [Clause(begin, finish) for begin, finish in zip(edges, edges[1:], strict=False)]
