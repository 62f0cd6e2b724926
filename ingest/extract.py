"""`irkg extract`: readings as JSON lines in the schema of the annotation guidelines, plus `aliases`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.model import Finding, Mention, Reading

__all__ = ["to_line"]


def to_line(reading: Reading) -> dict[str, Any]:
    """One reading as a JSON object.

    `id`, `study`, `entities` (distinct surface forms), `relations`, `findings`, `aliases`.
    """
    text = reading.publication.text
    entities: dict[tuple[str, str], None] = {}
    for mention in reading.mentions:
        entities.setdefault((mention.text, mention.branch.value))
    return {
        "id": reading.publication.id,
        "study": {"design": reading.study.design.value, "n": reading.study.n},
        "entities": [{"text": t, "type": b} for t, b in entities],
        "relations": [
            {
                "subject": a.subject.text,
                "predicate": a.predicate.value,
                "object": a.object.text,
                "negated": a.negated,
                "hedged": a.hedged,
                "evidence": text[a.start : a.end],
                "confidence": a.confidence,
            }
            for a in reading.assertions
        ],
        "findings": [_finding(f, text) for f in reading.findings],
        "aliases": {surface: list(others) for surface, others in reading.aliases},
    }


def _finding(finding: Finding, text: str) -> Mapping[str, Any]:
    def words(mention: Mention | None) -> str | None:
        return None if mention is None else mention.text

    effect = finding.effect
    return {
        "intervention": finding.intervention.text,
        "comparator": words(finding.comparator),
        "outcome": finding.outcome.text,
        "population": words(finding.population),
        "direction": finding.direction.value,
        "favors": finding.favors.value,
        "significant": finding.significant,
        "effect": {
            "measure": effect.measure.value if effect.measure else None,
            "value": effect.value,
            "ci_low": effect.ci_low,
            "ci_high": effect.ci_high,
            "p": effect.p,
            "intervention_value": effect.intervention_value,
            "comparator_value": effect.comparator_value,
        },
        "evidence": text[finding.start : finding.end],
        "confidence": finding.confidence,
    }
