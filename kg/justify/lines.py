"""Observations, statements and comparisons as the lines of an answer, with numbered citations and quotes."""

from __future__ import annotations

from collections.abc import Mapping

from kg.justify.comparisons import Comparison, numbers
from kg.justify.observations import Observation
from kg.justify.options import Option
from kg.justify.references import References
from kg.justify.tables import designs
from kg.model.claim import EvidenceRecord
from kg.model.justification import ComparisonLine, EvidenceLine

__all__ = ["comparison_line", "evidence_line", "statement_line"]


def evidence_line(one: Observation, options: Mapping[str, Option], references: References) -> EvidenceLine:
    """One study's word on an outcome of an option."""
    other = None if one.other is None else options.get(one.other.term or "")
    notes = []
    if one.paper.relative.kinship not in ("same", "narrower"):
        notes.append(
            f"population: {one.paper.relative.kinship} disease, directness {one.paper.relative.directness:g}"
        )
    if one.basis == "untested":
        notes.append("the difference was not tested")
    if one.basis == "chance":
        notes.append("not tested; within chance for the size of the study")
    if not one.comparative:
        notes.append("reported without a comparison")
    if one.paper.retracted:
        notes.append("RETRACTED: counts for nothing")
    return EvidenceLine(
        citation=references.number(one.record.document),
        quote=one.record.quote,
        grade=designs()[one.record.document.design].grade,
        outcome=one.outcome.label,
        outcome_id=one.outcome.term,
        numbers=one.numbers,
        versus=other.label if other is not None else one.other.text if one.other is not None else "",
        evidence=one.record.iri,
        document=one.record.document.id,
        counted=not one.paper.retracted,
        note="; ".join(notes),
    )


def statement_line(record: EvidenceRecord, references: References) -> EvidenceLine:
    """A paper that says that the option treats the disease, and no more."""
    return EvidenceLine(
        citation=references.number(record.document),
        quote=record.quote,
        grade=designs()[record.document.design].grade,
        outcome="",
        outcome_id=None,
        numbers="",
        versus="",
        evidence=record.iri,
        document=record.document.id,
        note="says that it treats the disease; no result for it was read",
    )


def comparison_line(one: Comparison, references: References) -> ComparisonLine:
    """Two options on one outcome or over all."""
    return ComparisonLine(
        a=one.a.label,
        b=one.b_label,
        a_id=one.a.term,
        b_id=one.b.term if one.b is not None else None,
        outcome=one.outcome.label if one.outcome is not None else "overall",
        outcome_id=one.outcome.term if one.outcome is not None else None,
        verdict=one.verdict,
        numbers=numbers(one) if one.outcome is not None else "",
        citations=tuple(dict.fromkeys(references.number(o.record.document) for o in one.observations)),
        quotes=tuple(dict.fromkeys(o.record.quote for o in one.observations)),
        overall=one.outcome is None,
    )
