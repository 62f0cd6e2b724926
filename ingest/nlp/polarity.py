"""Which way an outcome is good: more survival, less mortality."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ingest.nlp.annotations import Annotations
from ingest.nlp.tables import WORDS, rows
from ingest.nlp.typing_tables import MeasureKind, changes, measures
from kg.model import Mention
from ontology import rules
from ontology.spelling import fold_word
from ontology.terms import Branch, Ontology

__all__ = ["better"]

# A Rankin score is worse when higher; a share of patients with a score of 0 to 2 is better when higher.
_RANKIN: Final = re.compile(r"\b(?:mRS|modified Rankin|Rankin)", re.I)
_INDEPENDENT: Final = re.compile(r"\b0\s?(?:-|\u2013|to|or)\s?[123]\b|[<\u2264]\s?[23]\b")
_FREE_OF: Final = re.compile(r"\bfree(?:dom)? (?:of|from)\s+(?:\w+\s+){0,3}$", re.I)


@cache
def _by_better() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words of outcomes that are better when lower, and of those better when higher."""
    found = rows("polarity", "pattern", "better")
    for row in found:
        row.choice("better", ("lower", "higher"))
    low, high = (
        rules.joined([row for row in found if row["better"] == way], template=WORDS)
        for way in ("lower", "higher")
    )
    return low, high


@cache
def _change() -> re.Pattern[str]:
    names = "|".join(sorted(changes()))
    return re.compile(rf"(?:mean |median )?(?P<word>{names})s? (?:in|of|from baseline in) (?P<what>.+)", re.I)


# `pain was below 4/10 in 44%`: the share of patients under a bound is good where the value is bad.
_BELOW: Final = re.compile(
    r"\s*(?:scores?\s+)?(?:was|were|of|had fallen|fell)?"
    r"\s*(?:below|under|less than|[<\u2264]|by at least)\s?\d",
    re.I,
)
_FREE: Final = re.compile(r"\bfree(?:dom)?\b|\bsurviv|\balive\b", re.I)


def better(text: str, outcome: Mention, ontology: Ontology, notes: Annotations) -> str | None:
    """``"higher"`` or ``"lower"``: the direction that benefits patients; None when the name does not tell."""
    name = outcome.text
    for short in notes.abbreviations:
        if short.short in name:
            name = re.sub(rf"(?<![\w-]){re.escape(short.short)}(?!\w)", short.long, name)
    if _FREE.search(name):
        return "higher"
    if "utility-weighted" in name or _FREE_OF.search(text[max(0, outcome.start - 40) : outcome.start]):
        return "higher"
    change = _change().match(name)
    if change:
        of = _by_words(change.group("what"))
        kind = measures()[fold_word(change.group("word"))]
        if kind is MeasureKind.IMPROVEMENT:
            return "higher"
        if of is None or kind is MeasureKind.GAIN:
            return of
        return "lower" if of == "higher" else "higher"
    known = _known(text, outcome, name, ontology)
    if known and _BELOW.match(text[outcome.end : outcome.end + 28]):
        return "lower" if known == "higher" else "higher"
    return known


# `the time until the abscess had shrunk`: what is waited for is good.
_GOOD_EVENT: Final = re.compile(
    r"\s+(?:had |has |was |were )?(?:completely )?"
    r"(?:shrunk|shrank|resolved|healed|closed|improved|recovered|normali[sz]ed|discharged)\b",
    re.I,
)


def _known(text: str, outcome: Mention, name: str, ontology: Ontology) -> str | None:
    if _RANKIN.search(name) and _INDEPENDENT.search(text[outcome.end : outcome.end + 34]):
        return "higher"
    timed = re.match(r"(?:median |mean )?time (?:to|until|till) (?:the |overall |tumou?r )?(.+)", name, re.I)
    if timed and not (outcome.term and outcome.term in ontology):
        good = _by_better()[1].search(timed.group(1)) or _GOOD_EVENT.match(
            text[outcome.end : outcome.end + 40]
        )
        return "lower" if good else "higher"
    if outcome.term and outcome.term in ontology:
        slot = ontology[outcome.term].slots.get("better")
        if slot:
            return slot[0]
    if outcome.branch in (Branch.ADVERSE_EVENT, Branch.DISEASE):
        return "lower"
    return _by_words(name)


def _by_words(name: str) -> str | None:
    lower, higher = _by_better()
    low, high = list(lower.finditer(name)), list(higher.finditer(name))
    if low and (not high or low[-1].end() >= high[-1].end()):
        return "lower"
    return "higher" if high else None
