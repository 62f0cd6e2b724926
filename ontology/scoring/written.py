"""Values of scores as people write them: ``Child-Pugh B7``, ``BCLC-B``, ``mRS 0-2``, ``T1a``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from ontology.problems import Problem
from ontology.scoring.lookup import grade_of, number, order, scores
from ontology.scoring.model import Score, ScoreError

__all__ = ["Written", "among", "find", "parse"]

_FILLER: Final = (
    r"(?:[\s:=,\-\u2013\u2010\u2011(]|\b(?:of|is|was|score[ds]?|class|stage|grade|category|type|at|classification"
    r"|PS|performance status|points?|no|disease)\b){0,6}?"
)
_RANGE: Final = r"\s*(?:-|\u2013|\u2010|\u2011|/|\bto\b|\bor\b|\band\b|\bthrough\b)\s*"
_END: Final = r"(?![A-Za-z0-9]|\.\d)"
_NUMERALS: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
_TNM: Final = re.compile(r"\b(?:[cpyr]{1,2})?(T[0-4x][a-d]?)\s?(N[0-3x][a-c]?)(?:\s?(M[01x][a-c]?))?\b")
# Marks that make a number a limit and no value: "platelets below 50" says nothing of the patient's count.
LIMIT: Final = r"[<>\u2264\u2265]|\b(?:above|below|under|over|less than|more than|at least|at most|up to)\b"


@dataclass(frozen=True, slots=True)
class Written:
    """One value of a score as it stands in a text; `low` and `high` when a range is written."""

    score: str
    grade: str | None
    value: float | None
    low: float | str | None
    high: float | str | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Hit:
    written: Written
    exact: bool
    rank: int


def _name(name: str) -> str:
    parts = [re.escape(p) for p in re.split(r"[\s\-]+", name) if p]
    text = r"[\s\-\u2013\u2010\u2011]*".join(parts)
    return (r"\b" if name[0].isalnum() else "") + text


def _forms(one: Score) -> list[str]:
    """Every way to write a grade of a score, the longest first."""
    forms: set[str] = set()
    for grade in one.grades:
        forms |= {grade.value, *grade.names}
        numeral = re.match(r"^(vi|iv|v|i{1,3})([a-d]?)$", grade.value.casefold())
        if numeral:
            forms.add(_NUMERALS[numeral.group(1)] + numeral.group(2))
        arabic = re.match(r"^([1-6])([a-d]?)$", grade.value.casefold())
        if arabic and one.worse != "lower":
            forms.add(next(r for r, a in _NUMERALS.items() if a == arabic.group(1)).upper() + arabic.group(2))
    return sorted(forms, key=len, reverse=True)


@cache
def _patterns() -> tuple[tuple[Score, re.Pattern[str]], ...]:
    found = []
    for one in scores().values():
        names = {n for n in (one.name, one.value_name, one.class_name, *one.names) if n}
        named = "|".join(_name(n) for n in sorted(names, key=len, reverse=True))
        grades = "|".join(re.escape(form) for form in _forms(one))
        pieces = []
        digits = r"-?\d{1,3}(?:\.\d+)?" if one.low is not None and one.low < 0 else r"\d{1,3}(?:\.\d+)?"
        # Class and points together ("B7"); a class that is a number itself cannot be told from its points.
        lettered = "|".join(re.escape(f) for f in _forms(one) if not f[0].isdigit())
        if lettered and one.value_name and one.class_name:
            pieces.append(
                rf"(?P<both>{lettered})[\s\-]*[\(,]?\s*(?:score\s*)?(?P<points>{digits})\s*(?:points?|p)?\)?{_END}"
            )
        if grades:
            pieces.append(rf"(?P<g1>{grades})(?:{_RANGE}(?P<g2>{grades}))?{_END}")
        if one.value_name:
            pieces.append(rf"(?P<n1>{digits})(?:{_RANGE}(?P<n2>{digits}))?{_END}(?!\s*(?:cm|mm|mg)\b)")
        if pieces:
            # Names are matched without regard to case, but "A" as a class is never the article "a".
            body = f"(?i:{named})(?i:{_FILLER})(?:{'|'.join(pieces)})"
            found.append((one, re.compile(body)))
    return tuple(found)


def _hit(one: Score, match: re.Match[str], rank: int) -> _Hit | None:
    groups = match.groupdict()
    text, start, end = match.group(), match.start(), match.end()
    both, points = groups.get("both"), groups.get("points")
    g1, g2, n1, n2 = (groups.get(key) for key in ("g1", "g2", "n1", "n2"))
    if both and points:
        grade = grade_of(one, both)
        if grade is None or not _possible(one, float(points)):
            return None
        written = Written(one.name, grade.value, float(points), None, None, text, start, end)
        return _Hit(written, one.grade(both) is not None, rank)
    if g1 and _is_number(one, g1, g2, text):
        n1, n2, g1 = g1, g2, None
    if g1:
        grade = grade_of(one, g1)
        if grade is None:
            return None
        value = _alone(one, grade.value)
        if g2:
            last = grade_of(one, g2)
            if last is None:
                return None
            ends = (value, _alone(one, last.value)) if value is not None else (grade.value, last.value)
            if one.grades.index(grade) >= one.grades.index(last):
                return None
            return _Hit(Written(one.name, None, None, ends[0], ends[1], text, start, end), True, rank)
        written = Written(one.name, grade.value, value, None, None, text, start, end)
        return _Hit(written, one.grade(g1) is not None, rank)
    if n1:
        low = float(n1)
        if n2:
            high = float(n2)
            if not (_possible(one, low) and _possible(one, high) and low < high):
                return None
            return _Hit(Written(one.name, None, None, low, high, text, start, end), True, rank)
        if not _possible(one, low):
            return None
        grades = [g.value for g in one.grades if g.tests and all(test(low) for test in g.tests)]
        grade_value = grades[0] if len(grades) == 1 else None
        return _Hit(Written(one.name, grade_value, low, None, None, text, start, end), True, rank)
    return None


def _is_number(one: Score, first: str, last: str | None, text: str) -> bool:
    """True when what looks like a class is the score's number: ``eGFR 5``, but not ``CKD stage 5``."""
    if not (one.value_name and one.class_name) or re.search(r"grade|stage|class", text, re.I):
        return False
    return all(re.fullmatch(r"\d+", n) and _possible(one, float(n)) for n in (first, last) if n)


def _possible(one: Score, value: float) -> bool:
    low = one.low if one.low is not None else float("-inf")
    high = one.high if one.high is not None else float("inf")
    return low <= value <= high


def _alone(one: Score, grade: str) -> float | None:
    """The number of a grade that is a number itself: ECOG 1."""
    if not one.value_name or one.class_name:
        return None
    found = number(grade)
    return None if found is None or found[1] else found[0]


def _bare(text: str) -> Iterator[_Hit]:
    """Values that stand without the name of their score: T1a, cT2, LR-5, T2N0M0."""
    for rank, one in enumerate(scores().values()):
        if not one.bare:
            continue
        forms = [f for f in _forms(one) if any(c.isalpha() for c in f) and len(f) > 1]
        # A value of two characters ("T2") also names vertebrae and MRI sequences: only behind c or p.
        long, short = [f for f in forms if len(f) > 2], [f for f in forms if len(f) == 2]
        pieces = ["(?:[cpyr]{1,2})?(?P<a>" + "|".join(map(re.escape, long)) + ")"] if long else []
        pieces += ["[cpyr]{1,2}(?P<b>" + "|".join(map(re.escape, short)) + ")"] if short else []
        for match in re.finditer(rf"(?<![\w-])(?:{'|'.join(pieces)}){_END}", text):
            said = match.groupdict().get("a") or match.groupdict().get("b") or ""
            grade = grade_of(one, said)
            if grade is not None:
                yield _Hit(
                    Written(
                        one.name, grade.value, None, None, None, match.group(), match.start(), match.end()
                    ),
                    True,
                    rank,
                )
    kinds = ("T category", "N category", "M category")
    for match in _TNM.finditer(text):
        for group, name in enumerate(kinds, 1):
            one_score = scores().get(name)
            said = match.group(group)
            grade = grade_of(one_score, said) if one_score is not None and said else None
            if grade is not None:
                span = match.span(group)
                yield _Hit(Written(name, grade.value, None, None, None, said, *span), True, -1)


def find(text: str) -> tuple[Written, ...]:
    """Every written value of a score in a text, in order; where two readings overlap, the longer one.

    A number behind "above", "<" and the like is no value and is left out.
    """
    hits = list(_bare(text))
    for rank, (one, pattern) in enumerate(_patterns()):
        for match in pattern.finditer(text):
            hit = _hit(one, match, rank)
            if hit is not None and not re.search(LIMIT, match.group(), re.I):
                hits.append(hit)
    # Longest first; then the reading without change of numerals; then the order of the table.
    hits.sort(key=lambda h: (-(h.written.end - h.written.start), not h.exact, h.rank))
    kept: list[Written] = []
    for hit in hits:
        span = hit.written
        if not any(span.start < k.end and k.start < span.end for k in kept):
            kept.append(span)
    return tuple(sorted(kept, key=lambda w: w.start))


def parse(text: str) -> Written:
    """The one value that a text writes.

    Raises:
        ScoreError: it writes none, several, or one that contradicts itself (``Child-Pugh A9``).
    """
    found = find(text)
    if len(found) != 1:
        what = "no value of a score" if not found else "several values: " + ", ".join(w.text for w in found)
        raise ScoreError("a score cannot be read", [Problem("text", f"{text!r} has {what}")])
    problem = contradiction(found[0])
    if problem is not None:
        raise ScoreError("a score contradicts itself", [problem])
    return found[0]


def contradiction(written: Written) -> Problem | None:
    """What is wrong with a class and points written together; None when nothing is."""
    one = scores()[written.score]
    if written.grade is None or written.value is None:
        return None
    grade = grade_of(one, written.grade)
    if grade is None or not grade.tests or all(test(written.value) for test in grade.tests):
        return None
    fits = [g.value for g in one.grades if g.tests and all(test(written.value) for test in g.tests)]
    what = f"{written.text!r}: {written.value:g} is {', '.join(fits) or 'no class'}, not {written.grade}"
    return Problem("text", what, field=one.name, mend="say which of the two is right")


def among(written: Written, low: float | str, high: float | str) -> bool | None:
    """Whether what is written lies within two values of its score; None when it may.

    >>> among(parse("mRS 0-2"), 0, 3)
    True
    """
    name = written.score
    said: list[float | str] = [v for v in (written.low, written.high) if v is not None]
    if not said:
        said = [written.grade if written.grade is not None else written.value or 0.0]
    inside = [order(name, v, low) >= 0 and order(name, v, high) <= 0 for v in said]
    if all(inside):
        return True
    outside = order(name, said[-1], low) < 0 or order(name, said[0], high) > 0
    return False if outside else None
