"""Figures and their test told in two sentences are one result.

`Overall survival was 36 months with A and 31 months with B. The difference was not significant (HR 0.86,
...).` The first sentence alone would make A better; the second says that this was not shown.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.nlp.annotations import Annotations
from kg.model import Direction, Favors, Finding, Mention
from ontology.spelling import fold_name

__all__ = ["settled"]


def settled(findings: list[Finding], notes: Annotations) -> list[Finding]:
    """The findings with an untested difference joined to the test of it, where a later sentence gives one."""
    kept = list(findings)
    for tested in findings:
        if tested.significant is None or tested.effect.intervention_value is not None:
            continue
        for untested in findings:
            if not _belongs(untested, tested, notes) or untested not in kept or tested not in kept:
                continue
            if tested.direction is not Direction.NO_DIFFERENCE and tested.favors is not untested.favors:
                continue
            joined = _joined(untested, tested, notes)
            kept[kept.index(untested)] = joined
            if joined.end >= tested.end:
                kept.remove(tested)
            break
    return kept


def _belongs(untested: Finding, tested: Finding, notes: Annotations) -> bool:
    return (
        untested.start < tested.start
        and untested.significant is None
        and untested.comparator is not None
        and untested.effect.comparator_value is not None
        and untested.effect.p is None
        and _name(untested.outcome, notes) == _name(tested.outcome, notes)
        and _arms(untested, notes) == _arms(tested, notes)
        and (untested.population and untested.population.text)
        == (tested.population and tested.population.text)
    )


def _joined(untested: Finding, tested: Finding, notes: Annotations) -> Finding:
    """The values of the first with the test of the second.

    Quoted whole when the two sentences stand side by side.
    """
    beside = notes.text[untested.end : tested.start].strip() == ""
    same = notes.publication.section_at(untested.start) == notes.publication.section_at(tested.end - 1)
    effect = replace(
        untested.effect,
        measure=tested.effect.measure or untested.effect.measure,
        value=tested.effect.value if tested.effect.value is not None else untested.effect.value,
        ci_low=tested.effect.ci_low,
        ci_high=tested.effect.ci_high,
        p=tested.effect.p,
    )
    none = tested.direction is Direction.NO_DIFFERENCE
    return replace(
        untested,
        direction=Direction.NO_DIFFERENCE if none else untested.direction,
        favors=Favors.NEITHER if none else untested.favors,
        significant=tested.significant,
        effect=effect if beside and same else untested.effect,
        end=tested.end if beside and same else untested.end,
    )


def _name(mention: Mention, notes: Annotations) -> str:
    found = mention.term or notes.concepts.get(mention.text, mention.text)
    return notes.arm_names.get(found, found if ":" in found else " ".join(fold_name(found)))


def _arms(finding: Finding, notes: Annotations) -> frozenset[str]:
    return frozenset(_name(m, notes) for m in (finding.intervention, finding.comparator) if m is not None)
