"""What the short forms of a document mean in it.

Each has the reading of its long form, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ingest.nlp.annotations import Abbreviation, Annotations
from ingest.nlp.spans import Span
from ingest.nlp.typing_tables import head_type
from ontology.lexicon import Entry, Lexicon
from ontology.terms import Branch

__all__ = ["read_short_forms"]

# A name that makes up this share of a long form tells its type; set on the development set.
_MOST: Final = 0.45
# A bracketed form that does not spell the name before it counts as its short form when it is used this often.
_USES: Final = 3
_BRACKETED: Final = re.compile(r"^\s*\(([A-Z][\w+-]{1,9})[);,]")


def read_short_forms(text: str, notes: Annotations, spans: list[Span], lexicon: Lexicon) -> list[Span]:
    """Give each short form the reading of its long form, everywhere in the document."""
    readings: dict[str, tuple[tuple[Entry, ...], Branch | None]] = {}
    for short in notes.abbreviations:
        entries, branch = _reading(short, spans, lexicon)
        readings[short.short] = (entries, branch)
        if entries or branch:
            spans = [s for s in spans if not (short.long_start <= s.start and s.end <= short.long_end)]
            spans.append(Span(short.long_start, short.long_end, entries, branch))
    for name, span in _bracketed(text, notes, spans):
        readings.setdefault(name, (span.entries, span.kind))
    if not readings:
        return spans
    names = "|".join(re.escape(s) for s in sorted(readings, key=len, reverse=True))
    # `SB-RFA`: a short form with a prefix is a kind of what the short form names.
    pattern = re.compile(rf"(?<![\w-])(?:[A-Za-z0-9]{{1,6}}[-\u2010\u2011])?({names})(s?)(?![\w])")
    found: list[Span] = []
    for section in notes.publication.sections:
        for match in pattern.finditer(text, section.start, section.end):
            entries, branch = readings[match.group(1)]
            found.append(Span(match.start(), match.end(), entries, branch))
    taken = sorted((f.start, f.end) for f in found)
    kept: list[Span] = []
    index = 0
    for span in sorted(spans, key=lambda s: s.start):
        while index < len(taken) and taken[index][1] <= span.start:
            index += 1
        clash = index < len(taken) and taken[index][0] < span.end
        # A longer name that holds the short form stays (`HCC recurrence`, `high bleeding risk (HBR)`).
        if not clash or span.end - span.start > taken[index][1] - taken[index][0]:
            kept.append(span)
    return kept + [f for f in found if f.entries or f.branch]


def _reading(
    short: Abbreviation, spans: list[Span], lexicon: Lexicon
) -> tuple[tuple[Entry, ...], Branch | None]:
    """What a long form names.

    The term of its whole name, else of the name that makes up most of it, else the type of its head.
    """
    entries = lexicon.lookup(short.long)
    if entries:
        return entries, entries[0].branch
    size = short.long_end - short.long_start
    inside = [
        s
        for s in spans
        if s.end >= short.long_end
        and s.start < short.long_end
        and min(s.end, short.long_end) - max(s.start, short.long_start) >= size * _MOST
    ]
    if inside:
        best = max(inside, key=lambda s: min(s.end, short.long_end) - max(s.start, short.long_start))
        return best.entries, best.branch
    head = re.findall(r"[^\W\d_]+", re.split(r"\s(?:of|to|for|in|with|by|from|on)\s", short.long)[0])
    kind = head_type(head[-1]) if head else None
    return (), kind.branch if kind else None


def _bracketed(text: str, notes: Annotations, spans: list[Span]) -> Iterable[tuple[str, Span]]:
    """Short forms in brackets behind a name whose letters do not spell them (`Endeavor Sprint stent
    (E-ZES)`), if used again.
    """
    known = {a.short for a in notes.abbreviations}
    for span in spans:
        match = _BRACKETED.match(text[span.end : span.end + 16])
        if match is None or match.group(1) in known:
            continue
        name = match.group(1)
        if (
            sum(c.isupper() for c in name) >= 2
            and text.count(name) >= _USES
            and len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text)) >= _USES
        ):
            yield name, span
