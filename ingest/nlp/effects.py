"""The numbers of one finding: which value belongs to which arm, and the effect with its interval and p value."""

from __future__ import annotations

import re
from typing import Final

from ingest.nlp.arms import ArmSpan
from ingest.nlp.clauses import Clause
from ingest.nlp.numbers import Figures, Value
from kg.model import Effect, Measure, Mention

__all__ = ["effect_of"]

_OF_ARM: Final = re.compile(
    r"^[\s,]*(?:\([^)]*\)\s*)?(?:of (?:the )?(?:patients|cases|lesions|subjects|participants)\s+)?(?:in|with|for|of|among|after|under|on|receiving|treated with|undergoing|in those)\s+(?:the\s+|those\s+|patients\s+|receiving\s+|treated\s+|with\s+|who\s+)*$",
    re.I,
)
_THEN_VALUE: Final = re.compile(
    r"^\s*(?:group|arm|patients)?\s*(?:was|were|had|:|,|=|\(|of|showed|achieved|reached|is)*\s*(?:an?\s+|median\s+|mean\s+|of\s+|was\s+|survival\s+)*$",
    re.I,
)


def effect_of(
    text: str,
    clause: Clause,
    own: Figures,
    intervention: Mention,
    comparator: Mention | None,
    here: list[ArmSpan],
) -> tuple[Effect, bool]:
    """The effect of a finding; True when its two values stand in the order comparator, intervention."""
    first, second, swapped = _arm_values(text, own, intervention, comparator, here)
    measure: Measure | None = None
    value: float | None = None
    if own.ratio is not None:
        measure, value = own.ratio.measure, own.ratio.value
    elif first is not None:
        measure = _measure(text, clause, first)
    interval = own.interval
    if (
        measure is Measure.RATE
        and own.ratio is None
        and interval is not None
        and comparator is None
        and first is not None
    ):
        value = first.number
    return (
        Effect(
            measure=measure,
            value=value,
            ci_low=interval.low if interval else None,
            ci_high=interval.high if interval else None,
            p=own.p.text if own.p else None,
            intervention_value=first.text if first else None,
            comparator_value=second.text if second else None,
        ),
        swapped,
    )


def _measure(text: str, clause: Clause, value: Value) -> Measure | None:
    before = text[clause.start : value.start]
    if "%" in value.text and "\u00b1" not in value.text:
        return Measure.RATE
    if "\u00b1" in value.text or re.search(r"\b(?:mean|average)\b", before, re.I):
        return Measure.MEAN
    if re.search(r"\bmedian\b", before, re.I):
        return Measure.MEDIAN
    return None


def _arm_values(
    text: str, own: Figures, intervention: Mention, comparator: Mention | None, here: list[ArmSpan]
) -> tuple[Value | None, Value | None, bool]:
    if comparator is None:
        usable = sorted((v for v in own.own_values if _telling(v)), key=lambda v: "patients" in v.text)
        return (usable[0] if usable else None), None, False
    attributed = _attributed(text, own.own_values, here)
    mine = next((v for v, s in attributed if _is(s, intervention, here)), None)
    theirs = next((v for v, s in attributed if _is(s, comparator, here)), None)
    if mine is not None and theirs is not None:
        return mine, theirs, False
    if own.pair is not None:
        # `A 8%, B 5%` order: figures follow the order in which the clause names the arms, unless a `than` reads otherwise.
        order = [s.mention.start for s in here]
        backwards = (
            comparator.start in order
            and intervention.start in order
            and comparator.start < intervention.start
            and own.pair.start > intervention.start
        )
        return own.pair.first, own.pair.second, backwards
    if mine is not None:
        return mine, theirs, False
    usable = [v for v in own.own_values if _telling(v)]
    if len(usable) >= 2 and "respectively" in text[usable[0].start : usable[0].start + 200]:
        return usable[0], usable[1], False
    return None, None, False


def _is(span: ArmSpan, mention: Mention, here: list[ArmSpan]) -> bool:
    if span.mention.start == mention.start:
        return True
    other = next((s for s in here if s.mention.start == mention.start), None)
    return other is not None and other.concept == span.concept


def _telling(value: Value) -> bool:
    """A figure that reports something: a percentage, a unit, a decimal or a spread."""
    return bool(re.search(r"[%\u00b1.]|[A-Za-z]", value.text))


def _attributed(text: str, values: tuple[Value, ...], here: list[ArmSpan]) -> list[tuple[Value, ArmSpan]]:
    """Values with the arm whose name they stand beside: `52% in the TACE group`, `TACE: 52%`, `TACE (52%)`."""
    found: list[tuple[Value, ArmSpan]] = []
    for value in values:
        for span in here:
            after = text[value.end : span.mention.start] if value.end <= span.mention.start else None
            before = text[span.mention.end : value.start] if span.mention.end <= value.start else None
            if (after is not None and len(after) < 60 and _OF_ARM.match(after)) or (
                before is not None and len(before) < 30 and _THEN_VALUE.match(before)
            ):
                found.append((value, span))
                break
    return found
