"""What each study observed of each option, once per option, other option and outcome: better, worse, or no
different.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.justify.names import Names, display
from kg.justify.neighbourhood import Paper
from kg.justify.options import Arm
from kg.justify.tables import outcome_rules, weights
from kg.model import Effect, Favors, Measure
from kg.model.claim import EvidenceRecord, ResultRecord
from ontology.terms import Branch

__all__ = ["Observation", "Outcome", "distinct", "judge", "numbers_text", "observe", "outcome_of"]

_NULL: Final = {
    Measure.HR: 1.0,
    Measure.OR: 1.0,
    Measure.RR: 1.0,
    Measure.RD: 0.0,
    Measure.MD: 0.0,
    Measure.SMD: 0.0,
}
_P: Final = re.compile(r"^\s*([<>]=?|=)?\s*(\d*\.?\d+)")
_LEVEL: Final = 0.05
_Z: Final = 1.96  # the two-sided 5% point of the normal distribution
_SMALLEST: Final = 20  # below this the reader may have taken another number for the study's size
_PERCENT: Final = re.compile(r"^\s*(\d+(?:\.\d+)?)\s?%")
# What the reader takes for an outcome when it finds only the name of a measure.
_NO_OUTCOME: Final = re.compile(
    r"^(?:hazard ratio|odds ratio|(?:relative )?risk(?: ratio)?|HR|OR|RR|time|points?|change|benefits?"
    r"|difference|percentage points)$",
    re.I,
)
_SECTIONS: Final = {"results": 0, "abstract": 1, "case": 1, "conclusion": 2, "other": 3, "discussion": 3}


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome with its weight and importance (critical, important, limited); `term` is None when it is not
    linked.
    """

    term: str | None
    label: str
    weight: float
    importance: str


@dataclass(frozen=True, slots=True)
class Observation:
    """A study's result for `arm` against `other` on an outcome: `sign` is 1 when `arm` did better, -1 worse,
    0 no different.

    `strength` is the factor of `tables/weights.tsv`: tested, untested, or without comparator. `basis` is
    ``tested``, ``no difference``, ``untested``, or ``reported`` for a figure of one arm that says nothing of
    another.
    """

    paper: Paper
    record: EvidenceRecord
    arm: Arm
    other: Arm | None
    outcome: Outcome
    sign: int
    strength: float
    basis: str
    reverse: bool = False

    @property
    def numbers(self) -> str:
        """The numbers of the result, those of `arm` first; a ratio stays as printed."""
        return (
            numbers_text(self.record.result, reverse=self.reverse) if self.record.result is not None else ""
        )

    @property
    def comparative(self) -> bool:
        """True when it says how the arm did, not only what was measured in it."""
        return self.basis != "reported"

    @property
    def tested(self) -> bool:
        """True when the paper tested the difference."""
        return self.basis in ("tested", "no difference", "chance")


def outcome_of(names: Names, result: ResultRecord) -> Outcome:
    """The outcome of a result with its weight."""
    branches = (Branch.OUTCOME, Branch.ADVERSE_EVENT, Branch.BIOMARKER)
    term = result.outcome
    if term is None or term not in names.ontology:
        term = names.whole(result.outcome_text, branches)
    if term is None:
        inside = names.find(result.outcome_text, branches)
        term = max(inside, key=lambda t: (len(names.ontology[t].label), t), default=None)
    label = display(names.ontology[term]) if term is not None else result.outcome_text
    return weigh(names, term, label)


def weigh(names: Names, term: str | None, label: str) -> Outcome:
    """The weight of an outcome by the first rule of the table that fits."""
    if term is not None:
        ontology = names.ontology
        line = {term, *names.above(term)}
        kinds = ontology[term].slots.get("kind", ())
        for rule in outcome_rules():
            if rule.match == "below":
                top = ontology.by_label.get(rule.value.casefold())
                if top is not None and top.id in line:
                    return Outcome(term, label, rule.weight, rule.importance)
            elif rule.match == "kind" and rule.value in kinds:
                return Outcome(term, label, rule.weight, rule.importance)
    default = next(rule for rule in outcome_rules() if rule.match == "default")
    return Outcome(term, label, default.weight, default.importance)


def judge(result: ResultRecord, size: int | None = None) -> tuple[int | None, str]:
    """Who did better: 1 the intervention, -1 the comparator, 0 neither, None when the text does not tell; and
    on what basis.

    A difference whose p value is 0.05 or more, or whose interval holds the null value, is no difference,
    whatever the words. Two percentages that differ without a test are held to a two-proportion z test with
    the study's `size` in equal arms (Altman, Practical Statistics for Medical Research, 1991, 10.3); within
    chance they are no difference either.
    """
    effect = result.effect
    p = p_value(effect.p)
    if result.significant is False or result.favors is Favors.NEITHER or (p is not None and p >= _LEVEL):
        return 0, "no difference"
    if _holds_null(effect) and not (p is not None and p < _LEVEL):
        return 0, "no difference"
    if result.favors is Favors.UNCLEAR:
        return None, "reported"
    sign = 1 if result.favors is Favors.INTERVENTION else -1
    if result.significant is True or p is not None or effect.ci_low is not None:
        return sign, "tested"
    return (0, "chance") if _within_chance(effect, size) else (sign, "untested")


def _holds_null(effect: Effect) -> bool:
    """True when the interval holds the value of no effect. An interval without a measure is taken for one of
    a difference.
    """
    if effect.ci_low is None or effect.ci_high is None:
        return False
    null = 0.0 if effect.measure is None else _NULL.get(effect.measure)
    if null is None or (effect.measure is None and null in (effect.ci_low, effect.ci_high)):
        return False
    return effect.ci_low <= null <= effect.ci_high


def _within_chance(effect: Effect, size: int | None) -> bool:
    first, second = _share(effect.intervention_value), _share(effect.comparator_value)
    if first is None or second is None or not size or size < _SMALLEST:
        return False
    pooled = (first + second) / 2
    error = math.sqrt(pooled * (1 - pooled) * 4 / size)
    return error > 0 and abs(first - second) < _Z * error


def _share(text: str | None) -> float | None:
    found = _PERCENT.match(text or "")
    value = float(found.group(1)) / 100 if found else None
    return value if value is not None and 0 <= value <= 1 else None


def p_value(text: str | None) -> float | None:
    """The number of a printed p value; a ``<`` bound counts as just below it."""
    found = _P.match(text or "")
    if not found:
        return None
    value = float(found.group(2))
    return value - 1e-9 if (found.group(1) or "").startswith("<") else value


def numbers_text(result: ResultRecord, *, reverse: bool = False) -> str:
    """The numbers of a result as one line: ``53.0% against 29.3%; OR 2.6 (95% CI 1.7 to 3.8); p <0.001``."""
    effect, parts = result.effect, list[str]()
    own, other = effect.intervention_value, effect.comparator_value
    if reverse:
        own, other = other, own
    if own and other and alike(own, other):
        parts.append(f"{own} against {other}")
    elif own:
        parts.append(own)
    interval = (
        f"95% CI {_plain(effect.ci_low)} to {_plain(effect.ci_high)}"
        if effect.ci_low is not None and effect.ci_high is not None
        else ""
    )
    if effect.value is not None and effect.measure is not None:
        parts.append(f"{effect.measure} {_plain(effect.value)}" + (f" ({interval})" if interval else ""))
    elif interval:
        parts.append(interval)
    if effect.p:
        parts.append(
            f"p {effect.p}"
            if effect.p[0] in "<>"
            else f"p = {effect.p}"
            if effect.p[0].isdigit() or effect.p[0] == "."
            else f"p {effect.p}"
        )
    return "; ".join(parts)


def alike(first: str, second: str) -> bool:
    """False when one printed value is a percentage and the other has another unit: they are of different
    things.
    """
    units = [re.sub(r"[\d.,\s()/-]", "", text.split("(")[0]) for text in (first, second)]
    return units[0] == units[1] or "" in units


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def observe(
    names: Names, paper: Paper, record: EvidenceRecord, first: Arm | None, second: Arm | None
) -> Iterator[Observation]:
    """The observations of one result: one for each arm that is a therapy we know."""
    result = record.result
    if result is None or (
        _NO_OUTCOME.match(result.outcome_text.strip())
        and result.outcome is None
        and not _both_known(first, second)
    ):
        return
    sign, basis = judge(result, record.document.size)
    if first is None:
        return
    w, outcome = weights(), outcome_of(names, result)
    if sign is None:
        if first.term is not None and result.effect.intervention_value:
            yield Observation(paper, record, first, None, outcome, 0, 0.0, "reported")
        return
    compared = second is not None
    strength = w["tested"] if basis in ("tested", "no difference", "chance") else w["untested"]
    if not compared:
        if sign == 0:
            return
        strength *= w["no comparator"]
    if first.term is not None:
        yield Observation(paper, record, first, second, outcome, sign, strength, basis)
    if second is not None and second.term is not None:
        yield Observation(paper, record, second, first, outcome, -sign, strength, basis, True)


def _both_known(first: Arm | None, second: Arm | None) -> bool:
    return first is not None and second is not None and first.term is not None and second.term is not None


def distinct(names: Names, found: Iterable[Observation]) -> list[Observation]:
    """Each study once per arm, other arm and outcome.

    Of several sentences on one outcome (also a narrower or wider one) the one that carries the test counts,
    then that of the results section, then the surest reading, then the first of the text. A digest yields to
    the paper.
    """

    def rank(o: Observation) -> tuple[object, ...]:
        result = o.record.result
        has_numbers = result is not None and numbers_text(result) != ""
        return (
            not o.comparative,
            o.other is None,
            not o.tested,
            not has_numbers,
            _SECTIONS.get(o.record.section, 4),
            o.record.document.digest,
            -o.record.confidence,
            o.record.start,
            o.record.iri,
        )

    everything = list(found)
    unclear = _contradicted(everything)
    kept: list[Observation] = []
    for one in sorted((o for o in everything if _figures(o) not in unclear), key=rank):
        if not any(_same_result(names, one, other) for other in kept):
            kept.append(one)
    return kept


def _figures(one: Observation) -> tuple[object, ...] | None:
    """What tells the figures of one clause apart: the sentence, the arm, and the ratio or p value; None
    without figures.
    """
    effect = one.record.result.effect if one.record.result is not None else None
    if effect is None or (effect.value is None and effect.p is None):
        return None
    return one.record.document.id, one.record.start, one.arm.term, effect.value, effect.ci_low, effect.p


def _contradicted(found: Iterable[Observation]) -> set[tuple[object, ...] | None]:
    """Figures that were read both for and against the same arm: the reader did not understand them, so they
    say nothing.
    """
    signs: dict[tuple[object, ...], set[int]] = {}
    for one in found:
        figures = _figures(one)
        if figures is not None:
            signs.setdefault(figures, set()).add(one.sign)
    return {figures for figures, seen in signs.items() if {1, -1} <= seen}


def _same_result(names: Names, a: Observation, b: Observation) -> bool:
    if a.record.document.study != b.record.document.study or a.arm.term != b.arm.term:
        return False
    if a.other is not None and b.other is not None and a.other.term != b.other.term:
        return False
    if a.outcome.term is None or b.outcome.term is None:
        return a.outcome.label.casefold() == b.outcome.label.casefold() or (
            a.record.start == b.record.start and a.sign == b.sign
        )
    if a.outcome.term == b.outcome.term:
        return True
    up = names.above
    if a.outcome.term in up(b.outcome.term) or b.outcome.term in up(a.outcome.term):
        return True
    # Two readings of one clause ("mRS", "function") on the same figures are one result.
    ra, rb = a.record.result, b.record.result
    same_figures = ra is not None and rb is not None and ra.effect == rb.effect and numbers_text(ra) != ""
    return same_figures and a.record.start == b.record.start and a.record.document.id == b.record.document.id
