"""The number of patients that a paper studied, by the patterns of `tables/size_patterns.tsv`."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ingest.nlp.tables import cue, number_words, rows
from kg.model import Publication, SectionKind

__all__ = ["size"]

_SPELLED: Final = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|ten|eleven|twelve|\w+teen|two|three|four|five|six|seven|eight|nine)"
)
_COUNT: Final = rf"(?P<n>\d{{1,3}}(?:[, \u2009]\d{{3}})+|\d+|{_SPELLED})"
_ARM_N: Final = re.compile(r"\(\s*n\s?=\s?(\d+)\s*[);,]|\bn\s?=\s?(\d+)\b", re.I)
_MEASURED: Final = re.compile(r"\s?[-\u2013]?\s?(?:%|years?|months?|days?|mm|cm)")
_YEARS: Final = range(1900, 2031)
# No study counts more digits; `int` refuses thousands of them.
_MAX_DIGITS: Final = 9
# A number in the background or the conclusion counts less than any in methods and results.
_ASIDE: Final = frozenset({SectionKind.BACKGROUND, SectionKind.OBJECTIVE, SectionKind.CONCLUSION})
_ASIDE_PENALTY: Final = 4
# Below this weight a pattern is so loose that the sizes of the arms, if given, are believed first.
_SURE: Final = 3


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], int], ...]:
    def words(name: str) -> str:
        return cue("study_cues", name, "{}").pattern

    meaning = {
        "COUNT": _COUNT,
        "PEOPLE": words("people"),
        "ENROLLED": words("enrolled"),
        "FILL": rf"(?:(?!{words('no_fill')}\b)[A-Za-z][\w,/()-]*\s+)",
    }
    names = re.compile("|".join(meaning))
    return tuple(
        (re.compile(names.sub(lambda m: meaning[m.group()], row["pattern"]), re.I), int(row["weight"]))
        for row in rows("size_patterns", "weight", "pattern")
    )


def _int(text: str) -> int | None:
    plain = re.sub(r"[, \u2009]", "", text)
    if plain.isdigit():
        return int(plain) if len(plain) <= _MAX_DIGITS else None
    parts = [number_words().get(p) for p in re.split(r"[- ]", text.casefold())]
    return sum(p for p in parts if p is not None) if all(p is not None for p in parts) else None


def size(publication: Publication) -> int | None:
    """The number of patients enrolled or analysed, None when the text does not say."""
    best: tuple[int, int] | None = None
    found: int | None = None
    sections = [section for section in publication.sections if section.part != "body"]
    for order, section in enumerate(sections):
        penalty = _ASIDE_PENALTY if section.kind in _ASIDE else 0
        for pattern, weight in _patterns():
            for match in pattern.finditer(section.text):
                number = _int(match.group("n"))
                if number is None or number < 2 or number in _YEARS:
                    continue
                if _MEASURED.match(section.text, match.end("n")):
                    continue
                rank = (weight - penalty, -order)
                if best is None or rank > best:
                    best, found = rank, number
    if best is not None and best[0] >= _SURE:
        return found
    for section in sections:
        arms = [_int(a or b) for a, b in _ARM_N.findall(section.text)]
        if len(arms) >= 2:
            return sum(n for n in arms[:2] if n is not None)
    return found
