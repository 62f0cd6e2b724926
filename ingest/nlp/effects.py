"""The numbers of one finding: which value belongs to which arm, and the effect with its interval and p value.

Papers set values and arms side by side in few ways: `12% after A and 65% after B`, `A 12%, B 65%`, `(12%
versus 65%)` behind a comparison, and lists closed by `respectively`. Which one a clause uses is told by the
order of its parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.nlp.arm_spans import ArmSpan
from ingest.nlp.clauses import Clause
from ingest.nlp.figures import Figures
from ingest.nlp.numbers import Value
from kg.model import Effect, Measure

__all__ = ["Attribution", "attribute", "effect_of"]

_MAX_REACH: Final = 75  # characters between a value and the arm that it belongs to


@dataclass(frozen=True, slots=True)
class Attribution:
    """Values by arm, in the order of the text; `explicit` when each value stands beside its own arm."""

    pairs: tuple[tuple[Value, ArmSpan], ...] = ()
    explicit: bool = False

    def of(self, span: ArmSpan | None) -> Value | None:
        """The value of an arm."""
        return next((v for v, s in self.pairs if span is not None and s.concept == span.concept), None)

    @property
    def arms(self) -> list[ArmSpan]:
        """The different arms that have a value, in order."""
        found: list[ArmSpan] = []
        for _, span in self.pairs:
            if all(span.concept != f.concept for f in found):
                found.append(span)
        return found


def attribute(text: str, own: Figures, here: Sequence[ArmSpan]) -> Attribution:
    """Give each value of an outcome to an arm of its clause, by where they stand."""
    values = [v for v in own.own_values if telling(v)]
    if not values or not here:
        return Attribution()
    start = values[0].start
    after = [s for s in here if s.mention.start >= start]
    if (
        len(values) >= 2
        and len(after) >= 2
        and not any(values[0].end <= s.mention.start < values[1].start for s in after)
    ):
        # `90% and 82% in A and B`: two values, then two arms.
        if (
            re.search(r"\brespectively\b", text[values[1].end : values[1].end + 160])
            or after[0].mention.start - values[1].end < 30
        ):
            return Attribution(((values[0], after[0]), (values[1], after[1])))
        return Attribution()
    paired: list[tuple[Value, ArmSpan]] = []
    for index, value in enumerate(values):
        limit = values[index + 1].start if index + 1 < len(values) else 10**9
        behind = [
            s
            for s in here
            if value.end <= s.mention.start < limit and s.mention.start - value.end <= _MAX_REACH
        ]
        if behind and all(behind[0].concept != s.concept for _, s in paired):
            paired.append((value, behind[0]))
    if len(paired) >= 2:
        # `rose from 8% with A to 12% with B`: B is what made the change.
        if re.search(r"\bfrom\s+(?:a median of\s+|an? \w+ of\s+)?$", text[: values[0].start][-24:]):
            paired.reverse()
        return Attribution(tuple(paired), True)
    before: list[tuple[Value, ArmSpan]] = []
    for index, value in enumerate(values):
        floor = values[index - 1].end if index else 0
        ahead = [
            s
            for s in here
            if floor <= s.mention.end <= value.start and value.start - s.mention.end <= _MAX_REACH
        ]
        if ahead and all(ahead[-1].concept != s.concept for _, s in before):
            before.append((value, ahead[-1]))
    if len(before) >= 2:
        return Attribution(tuple(before), True)
    return Attribution(tuple(paired or before), True)


def telling(value: Value) -> bool:
    """A figure that reports something: a percentage, a unit, a decimal or a spread."""
    return bool(re.search(r"[%\u00b1.]|[A-Za-z]", value.text))


def effect_of(
    text: str,
    clause: Clause,
    own: Figures,
    attribution: Attribution,
    intervention: ArmSpan,
    comparator: ArmSpan | None,
) -> Effect:
    """The effect of a finding, its values in the order intervention, comparator."""
    first, second = attribution.of(intervention), attribution.of(comparator)
    if comparator is None:
        usable = sorted(
            (v for v in own.own_values if telling(v)),
            key=lambda v: bool(re.search("patients?|cases?", v.text)),
        )
        if first is None and len(usable) > 1 and clause.start <= intervention.mention.start < clause.end:
            # Of several figures the one beside the therapy's name; the others tell of something else.
            usable.sort(
                key=lambda v: min(
                    abs(v.start - intervention.mention.end), abs(intervention.mention.start - v.end)
                )
            )
        first = first or (usable[0] if usable else None)
    elif (first is None or second is None) and own.pair is not None:
        first, second = own.pair.first, own.pair.second
        if own.pair.joined == "to":
            # `raised it from 35% to 60%, compared with B` tells of two arms; without a comparator, of before
            # and after.
            compares = re.search(
                r"\b(?:compared with|compared to|versus|than|relative to)\b",
                text[clause.start : clause.end],
                re.I,
            )
            first, second = (second, first) if compares else (second, None)
        # `B ... A (b versus a)`: figures follow the arms when both are named before them, the comparator
        # first.
        if (
            clause.start <= comparator.mention.start < intervention.mention.start
            and intervention.mention.end <= own.pair.start
            and not _than_between(text, intervention, comparator)
        ):
            first, second = second, first
    measure: Measure | None = None
    value: float | None = None
    interval = own.interval
    if own.ratio is not None:
        measure, value = own.ratio.measure, own.ratio.value
    elif first is not None:
        measure = _measure(text, clause, first)
        if measure is Measure.RATE and interval is not None and comparator is None:
            value = first.number
    return Effect(
        measure=measure,
        value=value,
        ci_low=interval.low if interval else None,
        ci_high=interval.high if interval else None,
        p=own.p.text if own.p else None,
        intervention_value=first.text if first else None,
        comparator_value=second.text if second else None,
    )


def _than_between(text: str, intervention: ArmSpan, comparator: ArmSpan) -> bool:
    """True for `compared with B, A ...`.

    The comparator stands first but the figures still begin with the intervention.
    """
    before = text[max(0, comparator.mention.start - 30) : comparator.mention.start]
    return bool(re.search(r"\b(?:compared (?:with|to)|versus|than|relative to)\s+(?:the\s+)?$", before, re.I))


def _measure(text: str, clause: Clause, value: Value) -> Measure | None:
    before = text[clause.start : value.start]
    if "%" in value.text and "\u00b1" not in value.text:
        return Measure.RATE
    if "\u00b1" in value.text or re.search(r"\b(?:mean|average)\b", before, re.I):
        return Measure.MEAN
    if re.search(r"\bmedian\b", before, re.I):
        return Measure.MEDIAN
    return None
