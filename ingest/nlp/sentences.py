"""Component `irkg_sentences`: sentences that never cross a section, split by rules for the language of
papers.

The rules look at the character level, so that tokens such as `p<0.05.` or `vs.` cannot mislead them. A full
stop ends a sentence when what follows begins like one and what precedes is not a known abbreviation, an
initial or a number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Sentence, notes_of
from ingest.nlp.tables import lines, rows
from kg.model import SectionKind
from ontology import rules

__all__ = ["Sentences", "split"]

# Longer than this is no sentence but a table or a list; it is cut, so that what compares the parts of a
# sentence with each other stays fast. The longest sentence of the development set has 475 characters.
MAX_LENGTH: Final = 2000
_STOP: Final = re.compile(r"[.?!][\"')\]\u201d]*(?=\s)|\n+")
_LOOK: Final = 30  # characters around a full stop that tell whether it ends a sentence
_BEGIN: Final = re.compile(
    r"\s*[\"'(\[\u201c]*([A-Z0-9\u0391-\u03a9<>\u2265\u2264]|[a-z]{0,3}[A-Z]|[\u03b1-\u03c9]|\d)"
)


def split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of ``text[start:end]`` as offsets without surrounding blanks."""
    found: list[tuple[int, int]] = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.group()[0] != "\n" and not _ends(text, begin, stop.start(), stop.end(), end):
            continue
        _add(found, text, begin, stop.end())
        begin = stop.end()
    _add(found, text, begin, end)
    return found


def _ends(text: str, begin: int, dot: int, after: int, end: int) -> bool:
    if not _BEGIN.match(text, after, end):
        return False
    if text[dot] != ".":
        return True
    words = text[max(begin, dot - _LOOK) : dot].split()
    last = words[-1].lstrip("([\"'").casefold() if words and not text[dot - 1].isspace() else ""
    if last in lines("full_stops"):
        # `et al. The` ends a sentence, `vs. Control` does not; after `al` a capital that is no name begins a
        # new one.
        return last == "al" and bool(
            re.match(r"\s+(The|In|This|We|A|An|Our|It)\b", text[after : after + _LOOK])
        )
    return not re.fullmatch(r"[A-Za-z]", last) or bool(
        re.match(r"\s+(The|In|This|We|Our|It|No|There|Of)\b", text[after : after + _LOOK])
    )


def _add(found: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    while end - begin > MAX_LENGTH:
        blank = text.rfind(" ", begin + 1, begin + MAX_LENGTH)
        cut = blank if blank > 0 else begin + MAX_LENGTH
        found.append((begin, cut))
        begin = cut
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        found.append((begin, end))


@cache
def _inline_headings() -> tuple[tuple[SectionKind, re.Pattern[str]], ...]:
    found = rows("inline_headings", "kind", "pattern")
    kinds = dict.fromkeys(SectionKind(row.choice("kind", SectionKind)) for row in found)
    return tuple(
        (kind, rules.joined([row for row in found if row["kind"] == kind], template=r"{}\s*:\s*"))
        for kind in kinds
    )


def _inline_heading(text: str, start: int, end: int) -> tuple[SectionKind, int] | None:
    """The kind of section that a heading at the beginning of a sentence opens, and where the heading ends."""
    for kind, pattern in _inline_headings():
        match = pattern.match(text, start, end)
        if match:
            return kind, match.end()
    return None


class Sentences:
    """See the module's docstring."""

    def __call__(self, doc: Doc) -> Doc:
        """Leave `sentences` on the document."""
        notes = notes_of(doc)
        starts = [token.idx for token in doc]
        for index, section in enumerate(notes.publication.sections):
            kind = section.kind
            for begin, end in split(notes.text, section.start, section.end):
                # An unlabelled abstract carries its headings in the running text.
                heading = _inline_heading(notes.text, begin, end) if section.part != "body" else None
                if heading:
                    kind, begin = heading
                first, last = bisect_left(starts, begin), bisect_left(starts, end)
                if first < last:
                    notes.sentences.append(Sentence(begin, end, first, last, index, kind))
        return doc


@Language.factory("irkg_sentences")
def _make(nlp: Language, name: str) -> Sentences:
    return Sentences()
