"""The score of an option: rows that add up exactly to it, each rounded once.

Within a study the outcomes share the study's weight by their importance, so that a paper with many outcomes
counts once. Studies of the same two options share that comparison: each counts by one over the root of their
number, so that a much studied pair does not outweigh what was studied once. A result that favours an option
over another gives it points and takes as many from the other; no difference gives none. A retracted study has
a row that says so, with nothing in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from kg.justify.observations import Observation
from kg.justify.options import Option
from kg.justify.tables import designs, weights
from kg.model.claim import Citation, EvidenceRecord
from kg.model.justification import ScoreRow

__all__ = ["fixed_row", "score", "score_rows", "short_name", "stated_rows"]

_PLACES: Final = Decimal("0.0001")


def exact(value: float) -> Decimal:
    """A number with four decimals."""
    return Decimal(repr(value)).quantize(_PLACES, rounding=ROUND_HALF_EVEN)


def score(rows: Sequence[ScoreRow]) -> Decimal:
    """The sum of the contributions."""
    return sum((row.contribution for row in rows), Decimal(0)).quantize(_PLACES)


def short_name(citation: Citation) -> str:
    """How a paper is called in running text: ``Llovet 2002``."""
    first = citation.authors.split(",")[0].strip()
    family = " ".join(w for w in first.split() if not (w.isupper() and len(w) <= 3)) or first
    if not family:
        words = citation.title.split()
        family = f'"{" ".join(words[:5])}{" ..." if len(words) > 5 else ""}"' if words else citation.id
    return f"{family} {citation.year}" if citation.year else family


def score_rows(observations: Sequence[Observation], options: Mapping[str, Option]) -> list[ScoreRow]:
    """The rows of one option's observations, by study, each study's outcomes in the order of their weight."""
    studies: dict[str, list[Observation]] = {}
    for one in observations:
        studies.setdefault(one.record.document.study, []).append(one)
    factor, rows = weights()["indirect beside direct"], []
    direct = {
        _pair(o, options)
        for o in observations
        if o.paper.relative.kinship in ("same", "narrower") and not o.paper.retracted
    }
    sharing: dict[tuple[str, str], set[str]] = {}
    for one in observations:
        if not one.paper.retracted:
            sharing.setdefault(_pair(one, options), set()).add(one.record.document.study)
    for _, group in sorted(studies.items(), key=lambda item: (-_study_weight(item[1]), item[0])):
        total = sum(o.outcome.weight for o in group)
        for one in sorted(group, key=lambda o: (-o.outcome.weight, o.outcome.label, o.record.iri)):
            design = designs()[one.record.document.design]
            name, directness = short_name(one.record.document), one.paper.relative.directness
            beside = one.paper.relative.kinship in ("wider", "sibling") and _pair(one, options) in direct
            weight = (
                design.weight
                * directness
                * one.outcome.weight
                / total
                * one.strength
                * (factor if beside else 1)
            )
            same = len(sharing.get(_pair(one, options), ()))
            if same > 1 and one.other is not None:
                weight /= math.sqrt(same)
            value = {1: "better", 0: "no different", -1: "worse"}[one.sign] + _against(one, options)
            comment = [
                design.grade,
                f"{one.outcome.importance} outcome, {one.outcome.weight:g} of {total:g} in this study",
            ]
            if directness < 1:
                comment.append(f"population {one.paper.relative.kinship}, directness {directness:g}")
            if beside:
                comment.append(f"counts {factor:g} beside trials in this population")
            comment.append(
                {
                    "tested": "tested",
                    "no difference": "no difference shown",
                    "chance": "not tested; within chance for the size of the study",
                    "untested": "difference not tested",
                }[one.basis]
            )
            if same > 1 and one.other is not None:
                comment.append(f"one of {same} studies of this pair, divided by the root of {same}")
            if one.other is None:
                comment.append("without comparator")
            if one.paper.retracted:
                weight, comment = 0.0, ["RETRACTED: counts for nothing"]
            rows.append(
                ScoreRow(
                    f"{name}: {one.outcome.label}",
                    value,
                    exact(weight),
                    exact(weight * one.sign),
                    "; ".join(comment),
                )
            )
    return rows


def _study_weight(group: Sequence[Observation]) -> float:
    return max(designs()[o.record.document.design].weight * o.paper.relative.directness for o in group)


def _pair(one: Observation, options: Mapping[str, Option]) -> tuple[str, str]:
    def key(term: str | None) -> str:
        option = options.get(term) if term is not None else None
        return option.term if option is not None else ""

    return key(one.arm.term), key(one.other.term if one.other is not None else None)


def _against(one: Observation, options: Mapping[str, Option]) -> str:
    if one.other is None:
        return ""
    option = options.get(one.other.term) if one.other.term is not None else None
    label = option.label if option is not None else one.other.text
    return f" than {label}" if one.sign else f" from {label}"


def stated_rows(statements: Sequence[tuple[EvidenceRecord, float]]) -> list[ScoreRow]:
    """Rows for papers that only say that the option treats the disease: record and directness, each study
    once.
    """
    rows = []
    for record, directness in statements:
        design = designs()[record.document.design]
        weight = design.weight * directness * weights()["stated" if record.result is None else "reported"]
        sign = -1 if record.negated else 1
        value = "said not to treat the disease" if record.negated else "said to treat the disease"
        if record.result is not None:
            value = "results reported without a comparison"
        rows.append(
            ScoreRow(
                f"{short_name(record.document)}: statement",
                value,
                exact(weight),
                exact(weight * sign),
                f"{design.grade}; no comparison of this option in the paper",
            )
        )
    return rows


def fixed_row(attribute: str, value: str, weight: str, comment: str) -> ScoreRow:
    """A row whose contribution is a named weight of the table."""
    points = exact(weights()[weight])
    return ScoreRow(attribute, value, points, points, comment)
