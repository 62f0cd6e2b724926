"""Component `irkg_abbreviations`: short forms that the document itself defines, `long form (SF)` and `SF
(long form)`.

Method: Schwartz & Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text",
Pac Symp Biocomput 2003:451-62, with the short form read from right to left through the long form, its first
letter at the beginning of a word. The document's own expansion decides what an abbreviation means in it.
"""

from __future__ import annotations

import re
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Abbreviation, notes_of

__all__ = ["Abbreviations", "define"]

_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]")
_SHORT: Final = re.compile(
    r"^[A-Za-z0-9][\w+./\u2010-\u2013\u0391-\u03c9-]{0,11}(?: [A-Z0-9+-][\w+-]{0,6})?$"
)


def define(text: str, start: int = 0, end: int | None = None) -> list[Abbreviation]:
    """The abbreviations defined in ``text[start:end]``."""
    found: list[Abbreviation] = []
    stop = len(text) if end is None else end
    for bracket in _BRACKETS.finditer(text, start, stop):
        inner = bracket.group(1)
        offset = bracket.start(1)
        short = re.split(r"[;,:=]", inner)[0].strip()
        lead = inner.find(short)
        if _is_short(short):
            before_start = max(text.rfind("\n", start, bracket.start()) + 1, start)
            long = _long_form(short, text, before_start, bracket.start())
            if long:
                found.append(
                    Abbreviation(
                        short, text[long[0] : long[1]], *long, offset + lead, offset + lead + len(short)
                    )
                )
                continue
        # `SF (long form)`
        before = re.search(r"(\S+)\s*$", text[max(start, bracket.start() - 16) : bracket.start()])
        if before and _is_short(before.group(1)) and len(inner) > len(before.group(1)):
            long = _long_form(before.group(1), text, offset, offset + len(inner))
            if long and long[0] == offset:
                at = max(start, bracket.start() - 16) + before.start(1)
                found.append(
                    Abbreviation(
                        before.group(1), text[long[0] : long[1]], *long, at, at + len(before.group(1))
                    )
                )
    return found


def _is_short(text: str) -> bool:
    return (
        bool(_SHORT.match(text))
        and 2 <= len(text) <= 14
        and any(c.isupper() for c in text)
        and text[0].isalnum()
        and not text[0].isdigit()
    ) or bool(re.fullmatch(r"\d{0,3}[A-Z]{1,2}\d{0,2}-[A-Z]{2,6}", text))


def _long_form(short: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Offsets of the long form that ends at `end`, by matching the short form's characters from the right."""
    chars = [c.casefold() for c in short if c.isalnum()]
    if short.endswith("s") and len(chars) > 2 and short[:-1].isupper():
        chars = chars[:-1]
    while end > start and not text[end - 1].isalnum():
        end -= 1
    limit = max(start, _words_back(text, start, end, min(len(chars) + 5, len(chars) * 2) + 1))
    position = end - 1
    for index in range(len(chars) - 1, -1, -1):
        while position >= limit and (
            text[position].casefold() != chars[index]
            or (index == 0 and position > limit and text[position - 1].isalnum())
        ):
            position -= 1
        if position < limit:
            return None
        position -= 1
    begin = position + 1
    long = text[begin:end]
    if (
        len(long) <= len(short)
        or len(long.split()) < 1
        or long.casefold() == short.casefold()
        or re.search(r"[.;:?]\s", long)
    ):
        return None
    # The first word may be hyphenated to what stands before (`drug-eluting`): take the whole token.
    while (
        begin > limit
        and text[begin - 1] in "-\u2010\u2011"
        and begin - 2 >= limit
        and text[begin - 2].isalnum()
    ):
        back = begin - 1
        while back > limit and not text[back - 1].isspace():
            back -= 1
        if text[back].casefold() == chars[0]:
            begin = back
        else:
            break
    return begin, end


def _words_back(text: str, start: int, end: int, count: int) -> int:
    position = end
    for _ in range(count):
        blank = max(text.rfind(" ", start, position), text.rfind("\n", start, position))
        if blank < 0:
            return start
        position = blank
    return position + 1


class Abbreviations:
    """See the module's docstring."""

    def __call__(self, doc: Doc) -> Doc:
        """Leave `abbreviations` on the document; of several definitions of one short form the first stays."""
        notes = notes_of(doc)
        seen: set[str] = set()
        for section in notes.publication.sections:
            for found in define(notes.text, section.start, section.end):
                if found.short not in seen:
                    seen.add(found.short)
                    notes.abbreviations.append(found)
        return doc


@Language.factory("irkg_abbreviations")
def _make(nlp: Language, name: str) -> Abbreviations:
    return Abbreviations()
