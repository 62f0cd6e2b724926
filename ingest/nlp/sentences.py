"""Component `irkg_sentences`: sentences that never cross a section, split by rules for the language of papers.

The rules look at the character level, so that tokens such as `p<0.05.` or `vs.` cannot mislead them. A full stop ends
a sentence when what follows begins like one and what precedes is not a known abbreviation, an initial or a number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Sentence, notes_of
from kg.model import SectionKind

__all__ = ["Sentences", "split"]

_STOP: Final = re.compile(r"[.?!][\"')\]\u201d]*(?=\s)|\n+")
_ABBREVIATIONS: Final = frozenset(
    [
        "vs",
        "v",
        "fig",
        "figs",
        "ref",
        "refs",
        "et",
        "al",
        "e.g",
        "i.e",
        "eg",
        "ie",
        "cf",
        "approx",
        "ca",
        "dr",
        "prof",
        "st",
        "no",
        "nos",
        "vol",
        "inc",
        "ltd",
        "co",
        "corp",
        "dept",
        "resp",
        "max",
        "min",
        "sp",
        "spp",
        "p.o",
        "i.v",
        "s.c",
        "t.i.d",
        "b.i.d",
        "al.",
        "eq",
        "eqs",
        "tab",
        "sec",
        "ver",
        "jr",
        "sr",
        "mr",
        "mrs",
    ]
)
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
    word = re.search(r"(\S+)$", text[begin:dot])
    last = word.group(1).lstrip("([\"'").casefold() if word else ""
    if last in _ABBREVIATIONS:
        # `et al. The` ends a sentence, `vs. Control` does not; after `al` a capital that is no name begins a new one.
        return last == "al" and bool(re.match(r"\s+(The|In|This|We|A|An|Our|It)\b", text[after:end]))
    return not re.fullmatch(r"[A-Za-z]", last) or bool(
        re.match(r"\s+(The|In|This|We|Our|It|No|There|Of)\b", text[after:end])
    )


def _add(found: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        found.append((begin, end))


_INLINE_KINDS: Final = (
    SectionKind.BACKGROUND,
    SectionKind.OBJECTIVE,
    SectionKind.METHODS,
    SectionKind.RESULTS,
    SectionKind.CONCLUSION,
)
_INLINE: Final = re.compile(
    r"(?:(?P<background>Background(?: and (?:aims?|purpose|objectives?))?|Introduction|Context|Rationale)|(?P<objective>Aims?|Purpose|Objectives?|Goal)|"
    r"(?P<methods>(?:Patients|Materials?|Subjects|Design|Study design|Setting)(?:,? (?:and|&) methods?)?|Methods?(?: and materials?)?|Methodology|Interventions?)|"
    r"(?P<results>Results?(?: and discussion)?|(?:Main )?(?:Outcomes?|Findings))|(?P<conclusion>Conclusions?|Interpretation|Discussion|Clinical relevance))\s*:\s*",
    re.I,
)


class Sentences:
    """See the module's docstring."""

    def __call__(self, doc: Doc) -> Doc:
        """Leave `sentences` on the document."""
        notes = notes_of(doc)
        starts = [token.idx for token in doc]
        for index, section in enumerate(notes.publication.sections):
            kind = section.kind
            for begin, end in split(notes.text, section.start, section.end):
                label = _INLINE.match(notes.text, begin, end) if section.part != "body" else None
                if label:
                    # An unlabelled abstract that carries its headings in the running text.
                    kind = next(k for k in _INLINE_KINDS if label.group(str(k)))
                    begin = label.end()
                first, last = bisect_left(starts, begin), bisect_left(starts, end)
                if first < last:
                    notes.sentences.append(Sentence(begin, end, first, last, index, kind))
        return doc


@Language.factory("irkg_sentences")
def _make(nlp: Language, name: str) -> Sentences:
    return Sentences()
