"""From what the graph says of a node to the frozen value that stands for it; the inverse of :mod:`kg.rdf`."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import NamedNode

from kg.model import Design, Direction, Effect, Favors, Measure, Retraction, Stance
from kg.model.claim import (
    Citation,
    ClaimRecord,
    DocumentRecord,
    EvidenceRecord,
    MentionRecord,
    ResultRecord,
    SectionRecord,
)
from kg.queries import Node
from kg.vocabulary import DCTERMS, FABIO, IRKG, OA, PRISM, PROV, RDF, RDFS
from ontology.iris import VOCAB, compact

__all__ = ["About", "citation_of", "claim_of", "document_of", "evidence_of"]


class About:
    """What is said of one subject, with the conversions that records need."""

    def __init__(self, said: Mapping[str, list[Node]]) -> None:
        self._said = said

    def all(self, predicate: NamedNode) -> tuple[str, ...]:
        """Every value as text, sorted."""
        return tuple(sorted(node.value for node in self._said.get(predicate.value, ())))

    def text(self, predicate: NamedNode) -> str | None:
        """The value as text; the first in order when there are several."""
        return next(iter(self.all(predicate)), None)

    def node(self, predicate: NamedNode) -> NamedNode | None:
        """The value when it is an IRI."""
        return next((n for n in self._said.get(predicate.value, ()) if isinstance(n, NamedNode)), None)

    def term(self, predicate: NamedNode) -> str | None:
        """The value as a term id."""
        found = self.node(predicate)
        return None if found is None else compact(found.value)

    def whole(self, predicate: NamedNode) -> int | None:
        """The value as an integer."""
        found = self.text(predicate)
        return None if found is None else int(found)

    def real(self, predicate: NamedNode) -> float | None:
        """The value as a float."""
        found = self.text(predicate)
        return None if found is None else float(found)

    def flag(self, predicate: NamedNode) -> bool | None:
        """The value as a boolean."""
        found = self.text(predicate)
        return None if found is None else found == "true"

    def is_a(self, kind: NamedNode) -> bool:
        """True when the subject has this type."""
        return kind.value in self.all(RDF.type)


def citation_of(about: About) -> Citation:
    """A document's citation."""
    return Citation(
        id=about.text(DCTERMS.identifier) or "",
        title=about.text(DCTERMS.term("title")) or "",
        authors=about.text(IRKG.authors) or "",
        journal=about.text(PRISM.publicationName) or "",
        year=about.whole(IRKG.year),
        pmid=about.text(FABIO.hasPubMedId),
        pmcid=about.text(FABIO.hasPubMedCentralId),
        doi=about.text(PRISM.doi),
        study=about.text(IRKG.study) or "",
        design=Design(about.text(IRKG.design) or Design.OTHER),
        size=about.whole(IRKG.size),
        retraction=Retraction(about.text(IRKG.retraction) or Retraction.NONE),
        digest=about.is_a(IRKG.Digest),
    )


def evidence_of(iri: str, about: About, quote: About, position: About, citation: Citation) -> EvidenceRecord:
    """An assertion or a finding with its quote."""
    finding = about.is_a(IRKG.Finding)
    predicate = about.node(RDF.predicate)
    return EvidenceRecord(
        iri=iri,
        kind="finding" if finding else "assertion",
        document=citation,
        claim=about.text(IRKG.claim),
        stance=Stance(about.text(IRKG.stance) or Stance.NEUTRAL),
        quote=quote.text(OA.exact) or "",
        prefix=quote.text(OA.prefix) or "",
        suffix=quote.text(OA.suffix) or "",
        start=position.whole(OA.start) or 0,
        end=position.whole(OA.end) or 0,
        section=about.text(IRKG.section) or "",
        confidence=about.real(IRKG.confidence) or 0.0,
        negated=about.flag(IRKG.negated) or False,
        hedged=about.flag(IRKG.hedged) or False,
        subject=about.term(RDF.subject),
        predicate=None if predicate is None else predicate.value.removeprefix(VOCAB),
        object=about.term(RDF.object),
        result=_result_of(about) if finding else None,
    )


def _result_of(about: About) -> ResultRecord:
    measure = about.text(IRKG.measure)
    return ResultRecord(
        intervention_text=about.text(IRKG.interventionText) or "",
        comparator_text=about.text(IRKG.comparatorText),
        outcome_text=about.text(IRKG.outcomeText) or "",
        population_text=about.text(IRKG.populationText),
        intervention=about.term(IRKG.intervention),
        comparator=about.term(IRKG.comparator),
        outcome=about.term(IRKG.outcome),
        disease=about.term(IRKG.disease),
        direction=Direction(about.text(IRKG.direction) or Direction.REPORTED),
        favors=Favors(about.text(IRKG.favors) or Favors.UNCLEAR),
        significant=about.flag(IRKG.significant),
        effect=Effect(
            measure=None if measure is None else Measure(measure),
            value=about.real(IRKG.value),
            ci_low=about.real(IRKG.ciLow),
            ci_high=about.real(IRKG.ciHigh),
            p=about.text(IRKG.p),
            intervention_value=about.text(IRKG.interventionValue),
            comparator_value=about.text(IRKG.comparatorValue),
        ),
    )


def claim_of(iri: str, about: About) -> ClaimRecord:
    """A claim, an inferred claim, or an axiom of the ontology that one rests on."""
    predicate, design = about.node(RDF.predicate), about.text(IRKG.bestDesign)
    comparison, result = about.is_a(IRKG.Comparison), about.is_a(IRKG.Result)
    # A claim that evidence supports may be an axiom of the ontology too, and the other way round: evidence
    # goes first.
    counted = about.text(IRKG.supporting) is not None
    inferred, axiom = about.is_a(IRKG.InferredClaim), about.is_a(IRKG.OntologyAxiom)
    return ClaimRecord(
        iri=iri,
        kind="comparison" if comparison else "result" if result else "relation",
        label=about.text(RDFS.label) or "",
        subject=about.term(RDF.subject),
        predicate=None if predicate is None else predicate.value.removeprefix(VOCAB),
        object=about.term(RDF.object),
        intervention=about.term(IRKG.intervention),
        comparator=about.term(IRKG.comparator),
        outcome=about.term(IRKG.outcome),
        disease=about.term(IRKG.disease),
        supporting=about.whole(IRKG.supporting) or 0,
        disputing=about.whole(IRKG.disputing) or 0,
        neutral=about.whole(IRKG.neutral) or 0,
        best_design=None if design is None else Design(design),
        first_year=about.whole(IRKG.firstYear),
        last_year=about.whole(IRKG.lastYear),
        origin="evidence" if counted else "inferred" if inferred else "ontology" if axiom else "evidence",
        premises=about.all(IRKG.premise),
        axiom=about.text(IRKG.axiom),
    )


def document_of(iri: str, by_subject: Mapping[str, Mapping[str, list[Node]]]) -> DocumentRecord:
    """A document from everything that its graph says, by subject IRI."""
    about = About(by_subject[iri])
    citation = citation_of(about)
    sections, mentions, evidence = [], [], []
    for subject, said in by_subject.items():
        one = About(said)
        if one.is_a(IRKG.Section):
            sections.append(_section_of(one))
        elif one.is_a(IRKG.Mention):
            mentions.append(_mention_of(one))
        elif one.is_a(IRKG.Assertion) or one.is_a(IRKG.Finding):
            quote, position = (
                About(by_subject.get(f"{subject}#{part}", {})) for part in ("quote", "position")
            )
            evidence.append(evidence_of(subject, one, quote, position, citation))
    return DocumentRecord(
        citation=citation,
        text=about.text(IRKG.text) or "",
        date=about.text(DCTERMS.date) or "",
        language=about.text(DCTERMS.language) or "",
        licence=about.text(DCTERMS.license) or "",
        publication_types=about.all(IRKG.publicationType),
        mesh=about.all(IRKG.mesh),
        trials=about.all(IRKG.trial),
        topics=tuple(compact(topic) for topic in about.all(IRKG.topic)),
        content_hash=about.text(IRKG.contentHash) or "",
        pipeline=about.text(PROV.wasGeneratedBy) or "",
        sections=tuple(sorted(sections, key=lambda s: s.index)),
        mentions=tuple(sorted(mentions, key=lambda m: (m.start, m.end))),
        evidence=tuple(sorted(evidence, key=lambda e: (e.start, e.end, e.iri))),
    )


def _section_of(about: About) -> SectionRecord:
    return SectionRecord(
        index=about.whole(IRKG.term("index")) or 0,
        label=about.text(RDFS.label) or "",
        kind=about.text(IRKG.kind) or "",
        part=about.text(IRKG.part) or "",
        start=about.whole(OA.start) or 0,
        end=about.whole(OA.end) or 0,
    )


def _mention_of(about: About) -> MentionRecord:
    return MentionRecord(
        start=about.whole(OA.start) or 0,
        end=about.whole(OA.end) or 0,
        text=about.text(OA.exact) or "",
        terms=tuple(compact(term) for term in about.all(IRKG.term("term"))),
        branch=about.text(IRKG.branch),
    )
