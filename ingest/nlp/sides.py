"""Who is compared with whom in a clause.

The arms that it names, or those of the study that it leaves implicit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.nlp.annotations import Annotations, Sentence
from ingest.nlp.arm_spans import Arm, ArmSpan, is_combined
from ingest.nlp.clauses import Clause
from ingest.nlp.cues import Cue, Sense
from ingest.nlp.effects import Attribution
from ingest.nlp.figures import Figures
from ingest.nlp.tables import WORDS
from ingest.nlp.tables import cue as table_cue
from kg.model import Design, Mention

__all__ = ["ClauseContext", "Sides", "sides"]


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a comparison; `basis` says what they rest on, and so how sure they are."""

    intervention: ArmSpan | None
    comparator: ArmSpan | None
    basis: str


@dataclass(frozen=True, slots=True)
class ClauseContext:
    """One clause with what stands in it and around it."""

    sentence: Sentence
    clause: Clause
    outcomes: list[Mention]
    here: list[ArmSpan]
    around: list[ArmSpan]
    cues: list[Cue]
    figures: Figures
    population: Mention | None
    told_before: tuple[ArmSpan, ArmSpan] | None = None


def sides(
    text: str,
    notes: Annotations,
    context: ClauseContext,
    cue: Cue | None,
    own: Figures,
    attribution: Attribution,
    comparative: bool,
) -> Sides:
    """Who is compared with whom in a clause."""
    clause, here = context.clause, context.here
    if context.told_before is not None and comparative:
        return Sides(*context.told_before, "implied arms")
    arms = [ArmSpan(a.mention, a.concept, a.control) for a in notes.arms]
    implied = comparative and len(arms) >= 2 and _compares(notes)
    stated = _stated(text, clause, here, context.around, arms if _compares(notes) else [])
    if stated:
        return Sides(*stated, "both arms")
    if len(attribution.arms) >= 2:
        first, second = attribution.arms[:2]
        # What is added is under test (`36 months with A plus B and 31 months with A`), else the study's
        # order.
        added = is_combined(second) - is_combined(first)
        if added > 0 or (not added and _rank(second, notes.arms) < _rank(first, notes.arms)):
            first, second = second, first
        return Sides(first, second, "both arms")
    different: list[ArmSpan] = []
    for span in here:
        if all(span.concept != d.concept for d in different):
            different.append(span)
    if len(different) >= 2 and own.pair is None:
        # `delayed progression after TACE`: a therapy that only sets the scene is no arm.
        different = [
            s
            for i, s in enumerate(different)
            if not i or not _cue("scene", r"\b{}\s+(?:the\s+)?$").search(text[clause.start : s.mention.start])
        ]
    if len(different) >= 2 and comparative:
        first, second = different[0], different[1]
        if _rank(second, notes.arms) < _rank(first, notes.arms) and not (cue and cue.sense is not Sense.NONE):
            first, second = second, first
        return Sides(first, second, "both arms")
    if len(different) == 1:
        known = any(a.concept == different[0].concept for a in notes.arms[:3])
        if implied and not known and _cue("groups", "{}").search(text[clause.start : clause.end]):
            return Sides(arms[0], arms[1], "implied arms")
        other = _other(notes, different[0], arms) if comparative and _compares(notes) else None
        if other is not None and not _shown(own, cue) and other.concept in different[0].concept.split(" + "):
            other = None
        if other is None or (own.pair is None and own.ratio is None and len(notes.arms) < 2):
            return Sides(different[0], None, "single")
        return Sides(different[0], other, "one arm")
    # A comparison that names no arm is believed when it shows figures or denies a difference, or speaks of
    # "the groups".
    if implied and (_shown(own, cue) or _cue("groups", "{}").search(text[clause.start : clause.end])):
        return Sides(arms[0], arms[1], "implied arms")
    if context.around:
        return Sides(context.around[0], None, "single")
    return Sides(arms[0] if arms else None, None, "single")


def _compares(notes: Annotations) -> bool:
    """True when the study set arms against each other, so that a comparison without arms means these."""
    return notes.study is None or notes.study.design not in (
        Design.REVIEW,
        Design.GUIDELINE,
        Design.CASE_REPORT,
        Design.CASE_SERIES,
        Design.SINGLE_ARM,
    )


def _other(notes: Annotations, one: ArmSpan, arms: list[ArmSpan]) -> ArmSpan | None:
    """The arm of the study that `one` is compared with, where the clause names only `one`.

    A name that contains it or is a kind of it (`thrombolysis`, `catheter-directed thrombolysis plus heparin`)
    rather means the same arm, so any other comes first.
    """
    different = [a for a in arms if a.concept != one.concept]
    related = notes.combinations.related if notes.combinations else lambda a, b: False
    apart = [
        a
        for a in different
        if not any(part == one.concept or related(part, one.concept) for part in a.concept.split(" + "))
        and not (a.mention.term and one.mention.term and related(a.mention.term, one.mention.term))
    ]
    return next(iter([*apart, *different]), None)


def _rank(span: ArmSpan, arms: list[Arm]) -> int:
    return next((i for i, a in enumerate(arms) if a.concept == span.concept), 9 if span.control else 5)


def _shown(own: Figures, cue: Cue | None) -> bool:
    """True when a comparison is shown by figures, or a difference is denied."""
    return (
        own.p is not None
        or own.pair is not None
        or own.ratio is not None
        or (cue is not None and cue.sense is Sense.NONE)
    )


def _stated(
    text: str, clause: Clause, here: list[ArmSpan], around: list[ArmSpan], arms: list[ArmSpan]
) -> tuple[ArmSpan, ArmSpan] | None:
    """The two arms of an explicit comparison: what follows `than`, `compared with`, `versus` is the
    comparator.

    The other arm stands before it, behind it in `compared with B, A ...`, elsewhere in the sentence, or is
    the study's other arm.
    """
    for cue in _cue("than").finditer(text, clause.start, clause.end):
        after = [s for s in here if s.mention.start >= cue.end() and s.mention.start - cue.end() <= 45]
        if not after:
            continue
        comparator = after[0]
        before = [s for s in here if s.mention.end <= cue.start() and s.concept != comparator.concept]
        later = [
            s for s in here if s.mention.start >= comparator.mention.end and s.concept != comparator.concept
        ]
        if before:
            return before[-1], comparator
        if later and cue.start() - clause.start < 25:
            return later[0], comparator
        others = [s for s in [*around, *arms] if s.concept != comparator.concept]
        if others:
            return others[0], comparator
    return None


def _cue(name: str, template: str = WORDS) -> re.Pattern[str]:
    return table_cue("finding_cues", name, template)
