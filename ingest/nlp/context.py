"""Negation and hedging of what lies between and around two mentions.

Cue lists after NegEx (Chapman et al., J Biomed Inform 2001) and the BioScope categories of speculation
(Vincze et al., BMC Bioinformatics 2008), in tables; a negation counts when it governs the words that state
the relation.
"""

from __future__ import annotations

import re

from ingest.nlp.tables import one_of

__all__ = ["hedged", "negated"]


def negated(text: str, start: int, end: int, first: int, last: int) -> bool:
    """True when the relation stated in ``text[start:end]`` between the spans that begin at `first` and end at
    `last` is denied.

    A cue counts inside the stretch from shortly before the first to shortly behind the second mention, within
    one clause: `there was no association between A and B`, `A did not predict B`.
    """
    begin = max(start, first - 60)
    clause = max(
        (text.rfind(mark, begin, first) for mark in (";", ", but", ", whereas", ", while", ". ")), default=-1
    )
    begin = max(begin, clause + 1)
    stretch = one_of("pseudo_negations").sub(
        lambda m: "_" * len(m.group()), text[begin : min(end, last + 40)]
    )
    found = one_of("negation_cues").search(stretch)
    if not found:
        return False
    # A cue behind both mentions counts only when it closes their clause (`was not significant`).
    return begin + found.start() < last or bool(
        re.match(r"\W*(?:\w+\s+){0,3}(?:was|were|is|did|not|no)\b", stretch[last - begin :])
    )


def hedged(text: str, start: int, end: int) -> bool:
    """True when the sentence speaks of what may be, or suggests."""
    return bool(one_of("hedging_cues").search(text, start, end))
