"""Measuring words joined with what they measure.

`number` + `of` + `ablations` is one outcome or biomarker.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ingest.nlp.annotations import Annotations
from ingest.nlp.spans import Span
from ingest.nlp.tables import cue
from ingest.nlp.typing_tables import MeasureKind, changes, measures
from ontology.lexicon import Lexicon
from ontology.spelling import fold_word
from ontology.terms import Branch

__all__ = ["join_measures"]

_TIME: Final = "time"
_REACH: Final = 40  # characters behind the measuring word in which what is measured must begin
_MAX_WORDS: Final = 9  # a longer name is a clause


@cache
def _joint(head: str) -> re.Pattern[str]:
    """What stands between a measuring word and what it measures."""
    word = "(?:to|until)" if head == _TIME else "(?:in|of)" if head in changes() else "of"
    return re.compile(rf"\s+{word}\s+(?:the\s+|an?\s+)?", re.I)


def join_measures(text: str, notes: Annotations, spans: list[Span], lexicon: Lexicon) -> list[Span]:
    """Join a measuring word with what it measures.

    `number` + `of` + `ablations` is one outcome or biomarker.
    """
    ends = {s.start: s for s in sorted(spans, key=lambda s: s.end)}
    phrases = {p.start: p for p in notes.phrases}
    joined: list[Span] = []
    for phrase in notes.phrases:
        head = fold_word(text[phrase.head_start : phrase.head_end])
        measure = measures().get(head)
        if measure is None:
            continue
        rest = text[phrase.end : phrase.end + _REACH]
        gap = _joint(head).match(rest)
        if not gap:
            continue
        # The measured name may begin behind words that its phrase leaves out (`time to overall progression`).
        further = cue("mention_cues", "unnamed", r"(?:{}\s+)*").match(rest, gap.end())
        places = (phrase.end + gap.end(), phrase.end + (further.end() if further else gap.end()))
        measured = next((ends[p] for p in places if p in ends), None)
        end = measured.end if measured else next((phrases[p].end for p in places if p in phrases), None)
        at = measured.start if measured else places[0]
        if (
            end is None
            or "\n" in text[phrase.start : end]
            or len(text[phrase.start : end].split()) > _MAX_WORDS
        ):
            continue
        if measured is None and not cue("mention_cues", "counted", "{}").search(text, at, end):
            continue
        branch = measured.kind if measured else Branch.OUTCOME
        kind = Branch.OUTCOME
        if branch is Branch.ADVERSE_EVENT:
            kind = branch
        elif measure is MeasureKind.SIZE and branch in (Branch.DISEASE, Branch.BIOMARKER):
            kind = Branch.BIOMARKER
        whole = tuple(e for e in lexicon.lookup(text[phrase.start : end]) if e.branch is kind)
        # A rate of death is about death; the time to it, or a change of it, is another outcome.
        about = measured is not None and head not in changes() and head != _TIME
        inner = tuple(e for e in measured.entries if e.branch is kind) if measured and about else ()
        entries = whole or inner
        joined.append(Span(phrase.start, end, entries, kind))
    covered = [(j.start, j.end) for j in joined]
    return [
        s
        for s in spans
        if not any(
            a <= s.start and s.end <= b and (s.start, s.end) != (a, b) and not s.entries for a, b in covered
        )
    ] + joined
