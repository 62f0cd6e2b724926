"""Harms as relations.

A reported adverse event under an arm says that the arm's therapy causes it, or did not.
"""

from __future__ import annotations

from ingest.nlp.annotations import Annotations
from ingest.nlp.arm_spans import spans_in
from kg.model import Assertion, Finding, Mention, Predicate
from ontology.terms import Branch

__all__ = ["with_harms"]

_CONFIDENCE = 0.65
_THERAPY = frozenset({Branch.PROCEDURE, Branch.AGENT})


def with_harms(text: str, notes: Annotations) -> list[Assertion]:
    """The document's assertions and those that its findings on adverse events imply, each pair of concepts
    once.
    """
    known = {
        (notes.concepts.get(a.subject.text), notes.concepts.get(a.object.text))
        for a in notes.assertions
        if a.predicate is Predicate.CAUSES
    }
    added: list[Assertion] = []
    for finding in notes.findings:
        if finding.outcome.branch is not Branch.ADVERSE_EVENT:
            continue
        for arm, value in (
            (finding.intervention, finding.effect.intervention_value),
            (finding.comparator, finding.effect.comparator_value),
        ):
            therapy = _therapy(text, notes, finding, arm)
            if therapy is None or not (
                finding.start <= finding.outcome.start and finding.outcome.end <= finding.end
            ):
                continue
            key = (notes.concepts.get(therapy.text), notes.concepts.get(finding.outcome.text))
            if key in known:
                continue
            known.add(key)
            none = value is not None and value.split()[0].casefold() in ("no", "0", "0%")
            added.append(
                Assertion(
                    therapy,
                    Predicate.CAUSES,
                    finding.outcome,
                    none,
                    False,
                    finding.start,
                    finding.end,
                    _CONFIDENCE,
                )
            )
    return sorted(
        [*notes.assertions, *added],
        key=lambda a: (a.start, a.subject.start, a.object.start, a.predicate.value),
    )


def _therapy(text: str, notes: Annotations, finding: Finding, arm: Mention | None) -> Mention | None:
    """The mention of the therapy behind an arm, in the finding's own sentence."""
    sentence = notes.sentence_at(finding.start)
    if arm is None or sentence is None or not (finding.start <= arm.start and arm.end <= finding.end):
        return None
    for span in spans_in(text, notes, sentence, notes.arms):
        if (
            span.mention.start <= arm.start < span.mention.end
            and span.named is not None
            and span.named.branch in _THERAPY
        ):
            return span.named
    return None
