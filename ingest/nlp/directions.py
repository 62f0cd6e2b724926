"""Which way an outcome went under the intervention, whether that is significant, and who benefits."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ingest.nlp.arm_spans import ArmSpan
from ingest.nlp.clauses import Clause
from ingest.nlp.cues import Cue, Sense
from ingest.nlp.effects import Attribution
from ingest.nlp.figures import Figures
from ingest.nlp.numbers import first_number
from ingest.nlp.sides import Sides
from ingest.nlp.tables import WORDS
from ingest.nlp.tables import cue as table_cue
from kg.model import Direction, Effect, Favors, Measure, Mention

__all__ = ["direction", "favored_arm", "favors", "nearest"]

_RATIO_MEASURES: Final = frozenset({Measure.HR, Measure.OR, Measure.RR})


def nearest(found: list[Cue], outcome: Mention, denied: bool = False) -> Cue | None:
    """The cue that belongs to an outcome: no-difference words reach farther than comparatives."""
    if not found:
        return None
    none = [c for c in found if c.sense is Sense.NONE]
    if none and (len(none) == len(found) or (denied and any(c.tested for c in none))):
        return next((c for c in none if c.tested), none[0])
    return min(found, key=lambda c: min(abs(c.start - outcome.end), abs(outcome.start - c.end)))


def direction(
    cue: Cue | None,
    own: Figures,
    effect: Effect,
    polarity: str | None,
    sides: Sides,
    attribution: Attribution,
) -> tuple[Direction, bool | None, Effect]:
    """The direction of the outcome under the intervention, whether that is significant, and the effect with
    its values in order.

    Values that stand beside their own arms outweigh comparing words, and those outweigh figures whose order
    is guessed.
    """
    compared = sides.comparator is not None
    significant = _significance(own, effect)
    if cue is not None and cue.sense is Sense.NONE and significant is not True:
        if not compared:
            return Direction.REPORTED, significant, effect
        return Direction.NO_DIFFERENCE, False if cue.tested or own.p is not None else None, effect
    if significant is None and cue is not None and cue.tested and cue.sense is not Sense.NONE:
        significant = True
    if not compared and cue is None:
        return Direction.REPORTED, significant, effect
    if significant is False and compared:
        return Direction.NO_DIFFERENCE, False, effect
    first, second = (
        first_number(effect.intervention_value),
        first_number(effect.comparator_value),
    )
    by_value: Direction | None = None
    if compared and first is not None and second is not None and first != second:
        by_value = Direction.HIGHER if first > second else Direction.LOWER
    if by_value is not None and attribution.explicit and len(attribution.arms) >= 2:
        return by_value, significant, effect
    by_cue = _by_cue(cue, polarity)
    if by_cue is not None:
        if by_value is not None and by_value is not by_cue and sides.basis != "implied arms":
            effect = replace(
                effect, intervention_value=effect.comparator_value, comparator_value=effect.intervention_value
            )
        return by_cue, significant, effect
    if by_value is not None:
        return by_value, significant, effect
    if compared and effect.measure in _RATIO_MEASURES and effect.value is not None:
        # A hazard ratio of an outcome such as survival is the hazard of losing it.
        hazard_of_loss = effect.measure is Measure.HR and polarity == "higher"
        return (
            (Direction.HIGHER if (effect.value < 1.0) == hazard_of_loss else Direction.LOWER),
            significant,
            effect,
        )
    return Direction.REPORTED, significant, effect


def _significance(own: Figures, effect: Effect) -> bool | None:
    """By the p value, else by whether the interval holds the value of no effect.

    None when neither is printed.
    """
    if own.p is not None:
        return None if own.p.number == 0.05 and own.p.text[0].isdigit() else own.p.significant
    if effect.ci_low is None or effect.ci_high is None:
        return None
    if effect.measure in _RATIO_MEASURES:
        return not effect.ci_low <= 1.0 <= effect.ci_high
    if effect.measure in (Measure.MD, Measure.RD, Measure.SMD):
        return not effect.ci_low <= 0.0 <= effect.ci_high
    return None


def _by_cue(cue: Cue | None, polarity: str | None) -> Direction | None:
    if cue is None:
        return None
    if cue.sense in (Sense.UP, Sense.DOWN):
        return Direction.HIGHER if cue.sense is Sense.UP else Direction.LOWER
    if cue.sense is Sense.NONE:
        return None
    return Direction.HIGHER if (cue.sense is Sense.BETTER) == (polarity != "lower") else Direction.LOWER


def favored_arm(text: str, clause: Clause, here: list[ArmSpan]) -> ArmSpan | None:
    """The arm that a clause says is favoured (`in favour of A`)."""
    for match in _cue("favored", r"\b{}\s+(?:the\s+)?").finditer(text, clause.start, clause.end):
        arm = next((s for s in here if 0 <= s.mention.start - match.end() <= 4), None)
        if arm is not None:
            return arm
    return None


def favors(direction: Direction, polarity: str | None, cue: Cue | None, compared: bool) -> Favors:
    """Who benefits, from the direction and from which way the outcome is good."""
    if direction is Direction.NO_DIFFERENCE:
        return Favors.NEITHER
    if direction is Direction.REPORTED:
        return Favors.UNCLEAR
    if polarity is None:
        if cue is not None and cue.sense in (Sense.BETTER, Sense.WORSE) and direction is _by_cue(cue, None):
            return (
                Favors.INTERVENTION
                if cue.sense is Sense.BETTER
                else Favors.COMPARATOR
                if compared
                else Favors.UNCLEAR
            )
        return Favors.UNCLEAR
    if (direction is Direction.HIGHER) == (polarity == "higher"):
        return Favors.INTERVENTION
    return Favors.COMPARATOR if compared else Favors.UNCLEAR


def _cue(name: str, template: str = WORDS) -> re.Pattern[str]:
    return table_cue("finding_cues", name, template)
