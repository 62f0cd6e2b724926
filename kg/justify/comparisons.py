"""Comparisons: for each pair of options and each outcome what the studies found, and one verdict for the
pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.justify.observations import Observation, Outcome
from kg.justify.options import Option
from kg.justify.tables import designs
from kg.model.justification import Verdict

__all__ = ["Comparison", "compare", "overall", "verdict_of"]

# Below this share of the weight, what speaks for one side is no verdict for it.
_CLEAR = 0.2
# With at least this share of the weight on each side, the studies disagree.
_BOTH = 0.2


@dataclass(frozen=True)
class Comparison:
    """Option `a` against `b` (None: words that are no term) on an outcome; observations are from the side of
    `a`.
    """

    a: Option
    b: Option | None
    b_text: str
    outcome: Outcome | None
    verdict: Verdict
    observations: tuple[Observation, ...]

    @property
    def b_label(self) -> str:
        """What the other side is called."""
        return self.b.label if self.b is not None else self.b_text


def verdict_of(weighted: Sequence[tuple[int, float]]) -> Verdict:
    """The verdict over signed results with weights: mixed when both sides carry a fifth of all weight or
    more.
    """
    total = sum(w for _, w in weighted)
    if total <= 0:
        return "no_difference"
    plus = sum(w for s, w in weighted if s > 0) / total
    minus = sum(w for s, w in weighted if s < 0) / total
    if plus >= _BOTH and minus >= _BOTH:
        return "mixed"
    if plus - minus >= _CLEAR:
        return "a_better"
    if minus - plus >= _CLEAR:
        return "b_better"
    return "no_difference"


def weight_of(observation: Observation) -> float:
    """What one observation weighs in a verdict: design, directness, outcome and test."""
    design = designs()[observation.record.document.design].weight
    return (
        design
        * observation.paper.relative.directness
        * observation.outcome.weight
        * max(observation.strength, 0.01)
    )


def compare(observations: Sequence[Observation], options: Mapping[str, Option]) -> list[Comparison]:
    """Comparisons by pair and outcome, in a fixed order. Retracted papers are left out; papers of this very
    population alone decide where there are any.
    """
    grouped: dict[tuple[str, str, str], list[Observation]] = {}
    for one in observations:
        if one.other is None or one.arm.term is None or one.paper.retracted:
            continue
        a = options.get(one.arm.term)
        b = options.get(one.other.term) if one.other.term is not None else None
        if a is None or a is b:
            continue
        if b is not None and b.term < a.term:
            continue  # the same result is there from the other side
        other = b.term if b is not None else f"text:{one.other.text.casefold()}"
        grouped.setdefault((a.term, other, one.outcome.term or one.outcome.label.casefold()), []).append(one)
    found = []
    for (_, other, _), group in sorted(grouped.items()):
        first = group[0]
        assert first.arm.term is not None
        assert first.other is not None
        a = options[first.arm.term]
        b = None if other.startswith("text:") else options[first.other.term or ""]
        decisive = most_direct(group)
        verdict = verdict_of([(o.sign, weight_of(o)) for o in decisive])
        ordered = tuple(sorted(group, key=lambda o: (-weight_of(o), o.record.document.study, o.record.iri)))
        found.append(Comparison(a, b, first.other.text, first.outcome, verdict, ordered))
    return found


def most_direct(group: Sequence[Observation]) -> list[Observation]:
    """The observations in this population or a narrower one; all of them when there is none."""
    direct = [o for o in group if o.paper.relative.kinship in ("same", "narrower")]
    return direct or list(group)


def overall(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """One comparison for each pair, over all its outcomes; critical outcomes decide by their weight."""
    pairs: dict[tuple[str, str], list[Comparison]] = {}
    for one in comparisons:
        if one.b is not None:
            pairs.setdefault((one.a.term, one.b.term), []).append(one)
    found = []
    for _, group in sorted(pairs.items()):
        observations = [o for c in group for o in c.observations]
        decisive = most_direct(observations)
        critical = [o for o in decisive if o.outcome.importance == "critical" and o.tested]
        # What a critical outcome says is what the pair comes to; lesser outcomes decide only where none was
        # tested.
        verdict = verdict_of([(o.sign, weight_of(o)) for o in critical or decisive])
        ordered = tuple(
            sorted(observations, key=lambda o: (-weight_of(o), o.record.document.study, o.record.iri))
        )
        found.append(Comparison(group[0].a, group[0].b, "", None, verdict, ordered))
    return found


def numbers(comparison: Comparison) -> str:
    """The numbers of a comparison from the side of `a`, of its weightiest study."""
    return next((one.numbers for one in comparison.observations if one.numbers), "")
