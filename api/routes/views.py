"""From the records of the graph to the shapes of the answers: terms get their labels, papers their links."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from api.routes.models import (
    CitationModel,
    ClaimModel,
    DocumentModel,
    EffectModel,
    EvidenceModel,
    MentionModel,
    ResultModel,
    SectionModel,
    TermModel,
    TermRef,
)
from kg.model.claim import Citation, ClaimRecord, DocumentRecord, EvidenceRecord, ResultRecord
from ontology.terms import Term

__all__ = ["Labels", "citation", "claim", "document", "evidence", "term", "term_ref"]

Labels = Callable[[str], str]
_CLAIM_TERMS = ("subject", "object", "intervention", "comparator", "outcome", "disease")


def term(one: Term) -> TermModel:
    """A term in a list."""
    return TermModel(id=one.id, label=one.label, branch=one.branch, definition=one.definition)


def term_ref(term_id: str, labels: Labels) -> TermRef:
    """A term by name."""
    return TermRef(id=term_id, label=labels(term_id))


def _maybe(term_id: str | None, labels: Labels) -> TermRef | None:
    return None if term_id is None else term_ref(term_id, labels)


def citation(record: Citation) -> CitationModel:
    """A document as it is cited, with links to the paper."""
    return CitationModel.model_validate({**_shallow(record), "links": _links(record)})


def _links(record: Citation) -> list[str]:
    links = []
    if record.pmid:
        links.append(f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/")
    if record.pmcid:
        links.append(f"https://pmc.ncbi.nlm.nih.gov/articles/{record.pmcid}/")
    if record.doi:
        links.append(f"https://doi.org/{record.doi}")
    return links


def claim(record: ClaimRecord, labels: Labels) -> ClaimModel:
    """A claim with the labels of its terms."""
    values = {name: value for name, value in _shallow(record).items() if name != "premises"}
    terms = {name: _maybe(getattr(record, name), labels) for name in _CLAIM_TERMS}
    return ClaimModel.model_validate({**values, **terms, "id": record.iri.rsplit("/", 1)[-1]})


def evidence(record: EvidenceRecord, labels: Labels) -> EvidenceModel:
    """Evidence with its citation and the labels of its terms."""
    return EvidenceModel.model_validate(
        _shallow(record)
        | {
            "document": citation(record.document),
            "subject": _maybe(record.subject, labels),
            "object": _maybe(record.object, labels),
            "result": None if record.result is None else _result(record.result, labels),
        }
    )


def _result(record: ResultRecord, labels: Labels) -> ResultModel:
    names = ("intervention", "comparator", "outcome", "disease")
    terms = {name: _maybe(getattr(record, name), labels) for name in names}
    effect = EffectModel.model_validate(record.effect)
    return ResultModel.model_validate({**_shallow(record), **terms, "effect": effect})


def document(record: DocumentRecord, labels: Labels) -> DocumentModel:
    """A document with everything that was read in it."""
    cited = record.citation
    values = {name: value for name, value in _shallow(record).items() if name != "citation"}
    return DocumentModel.model_validate(
        _shallow(cited)
        | values
        | {
            "links": _links(cited),
            "topics": [term_ref(one, labels) for one in record.topics],
            "sections": [SectionModel.model_validate(one) for one in record.sections],
            "mentions": [
                MentionModel.model_validate(
                    _shallow(one) | {"terms": [term_ref(name, labels) for name in one.terms]}
                )
                for one in record.mentions
            ],
            "evidence": [evidence(one, labels) for one in record.evidence],
        }
    )


def _shallow(record: object) -> dict[str, object]:
    """The fields of a dataclass as they are; `asdict` would copy what lies deeper."""
    return {one.name: getattr(record, one.name) for one in fields(record)}  # type: ignore[arg-type]
