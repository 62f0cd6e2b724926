"""A reading as the quads of its document graph; the shape is that of docs/data-model.md.

Pure: no blank nodes, no clock, no chance. Equal readings give equal quads in equal order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.identity import assertion_iri, claim_of, finding_iri, stance_of
from kg.model import Assertion, Finding, Mention, Publication, Reading, Retraction, Section
from kg.quotes import check_quotes, evidence_of, mentions_of
from kg.vocabulary import DCTERMS, FABIO, IRKG, OA, PRISM, PROV, RDF, RDFS
from ontology.iris import document_graph, document_iri, expand
from ontology.problems import IrkgError, Problem
from ontology.terms import Ontology

__all__ = ["CONTEXT", "UnknownTermError", "node", "reading_to_quads", "term_node"]

CONTEXT: Final = 32  # characters of prefix and suffix in a text quote selector
_DECIMALS: Final = 4  # confidence is no more exact than this

Value = NamedNode | Literal | str | int | float | bool
Pair = tuple[NamedNode, Value | None]


class UnknownTermError(IrkgError):
    """A reading names a term that the ontology does not have."""


_A: Final = RDF.type
_MENTION, _SECTION, _TARGET = IRKG.Mention, IRKG.Section, OA.SpecificResource
_TERM, _START, _END, _EXACT = IRKG.term("term"), OA.start, OA.end, OA.exact
_HAS_MENTION, _HAS_SECTION = IRKG.hasMention, IRKG.hasSection


def node(iri: str) -> NamedNode:
    """The node of an IRI."""
    return NamedNode(iri)


def term_node(term: str) -> NamedNode:
    """The node of a term id: ``IRKG:0001001``."""
    return NamedNode(expand(term))


def reading_to_quads(reading: Reading, ontology: Ontology | None = None) -> list[Quad]:
    """The document graph of a reading. With an ontology, linked terms are checked against it.

    Raises:
        QuoteError: a quote, mention or section is not in the text where it should be.
        UnknownTermError: a linked term is not in the ontology.
    """
    check_quotes(reading)
    if ontology is not None:
        _check_terms(reading, ontology)
    publication = reading.publication
    graph = NamedNode(document_graph(publication.id))
    document = NamedNode(document_iri(publication.id))
    quads = [
        *_quads(graph, document, _document(reading)),
        *_sections(graph, document, publication.sections),
        *_mentions(graph, document, _all_mentions(reading)),
    ]
    best: dict[str, Assertion | Finding] = {}
    for evidence in evidence_of(reading):
        quote = publication.text[evidence.start : evidence.end]
        if isinstance(evidence, Assertion):
            iri = assertion_iri(publication.id, quote, evidence)
        else:
            iri = finding_iri(publication.id, quote, evidence)
        if iri not in best or best[iri].confidence < evidence.confidence:
            best[iri] = evidence
    for iri in sorted(best):
        quads += _evidence(graph, document, publication, iri, best[iri])
    return quads


def _quads(graph: NamedNode, subject: NamedNode, pairs: Iterable[Pair]) -> Iterator[Quad]:
    for predicate, value in pairs:
        if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
            continue
        node = value if isinstance(value, NamedNode | Literal) else Literal(value)
        yield Quad(subject, predicate, node, graph)


def _document(reading: Reading) -> Iterator[Pair]:
    publication, identifiers = reading.publication, reading.publication.identifiers
    yield _A, FABIO.Expression
    if publication.digest:
        yield _A, IRKG.Digest
    yield DCTERMS.identifier, publication.id
    yield DCTERMS.term("title"), publication.title
    yield IRKG.authors, ", ".join(str(author) for author in publication.authors)
    yield PRISM.publicationName, publication.journal
    yield IRKG.year, publication.year
    yield DCTERMS.date, publication.date
    yield DCTERMS.modified, publication.revised
    yield DCTERMS.language, publication.language
    yield FABIO.hasPubMedId, identifiers.pmid
    yield FABIO.hasPubMedCentralId, identifiers.pmcid
    yield PRISM.doi, identifiers.doi
    yield DCTERMS.license, publication.licence
    yield IRKG.retraction, None if publication.retraction is Retraction.NONE else str(publication.retraction)
    yield IRKG.study, publication.study
    yield IRKG.design, str(reading.study.design)
    yield IRKG.size, reading.study.n
    yield IRKG.contentHash, publication.content_hash
    yield PROV.wasGeneratedBy, reading.pipeline
    yield IRKG.text, publication.text
    yield from ((IRKG.trial, trial) for trial in sorted(set(identifiers.trials)))
    yield from ((IRKG.publicationType, name) for name in sorted(set(publication.publication_types)))
    yield from ((IRKG.mesh, name) for name in sorted(set(publication.mesh)))
    yield from ((IRKG.topic, term_node(term)) for term in sorted(set(reading.topics)))


def _sections(graph: NamedNode, document: NamedNode, sections: tuple[Section, ...]) -> Iterator[Quad]:
    for index, section in enumerate(sections):
        subject = NamedNode(f"{document.value}#section-{index}")
        yield Quad(document, _HAS_SECTION, subject, graph)
        pairs: list[Pair] = [
            (_A, _SECTION),
            (IRKG.term("index"), index),
            (RDFS.label, section.label),
            (IRKG.kind, str(section.kind)),
            (IRKG.part, section.part),
            (_START, section.start),
            (_END, section.end),
        ]
        yield from _quads(graph, subject, pairs)


def _all_mentions(reading: Reading) -> list[Mention]:
    found = set(reading.mentions)
    for evidence in evidence_of(reading):
        found.update(mentions_of(evidence))
    return sorted(found, key=lambda m: (m.start, m.end, m.branch, m.term or ""))


def _mentions(graph: NamedNode, document: NamedNode, mentions: Iterable[Mention]) -> Iterator[Quad]:
    # The hot path: most quads of a document are here, so nothing goes through the general helper.
    terms: dict[str, NamedNode] = {}
    before = (-1, -1)
    for mention in mentions:
        subject = _span_node(document, mention)
        if (mention.start, mention.end) != before:
            before = (mention.start, mention.end)
            yield Quad(document, _HAS_MENTION, subject, graph)
            yield Quad(subject, _A, _MENTION, graph)
            yield Quad(subject, _START, Literal(mention.start), graph)
            yield Quad(subject, _END, Literal(mention.end), graph)
            yield Quad(subject, _EXACT, Literal(mention.text), graph)
        if mention.term is None:
            yield Quad(subject, IRKG.branch, Literal(str(mention.branch)), graph)
        else:
            term = terms.get(mention.term) or terms.setdefault(mention.term, term_node(mention.term))
            yield Quad(subject, _TERM, term, graph)


def _span_node(document: NamedNode, mention: Mention) -> NamedNode:
    return NamedNode(f"{document.value}#char={mention.start},{mention.end}")


def _evidence(
    graph: NamedNode, document: NamedNode, publication: Publication, iri: str, evidence: Assertion | Finding
) -> Iterator[Quad]:
    subject, target = NamedNode(iri), NamedNode(f"{iri}#target")
    quote, position = NamedNode(f"{iri}#quote"), NamedNode(f"{iri}#position")
    claim = claim_of(evidence)
    section = publication.section_at(evidence.start)
    text, start, end = publication.text, evidence.start, evidence.end
    pairs: list[Pair] = [
        (IRKG.claim, None if claim is None else NamedNode(claim.iri)),
        (IRKG.stance, str(stance_of(evidence))),
        (OA.hasTarget, target),
        (IRKG.document, document),
        (IRKG.section, str(publication.sections[section].kind)),
        (IRKG.confidence, round(float(evidence.confidence), _DECIMALS)),
        *(
            _assertion(document, evidence)
            if isinstance(evidence, Assertion)
            else _finding(document, evidence)
        ),
    ]
    yield from _quads(graph, subject, pairs)
    source: list[Pair] = [(_A, _TARGET), (OA.hasSource, document)]
    yield from _quads(graph, target, [*source, (OA.hasSelector, quote), (OA.hasSelector, position)])
    selector: list[Pair] = [
        (_A, OA.TextQuoteSelector),
        (_EXACT, text[start:end]),
        (OA.prefix, text[max(0, start - CONTEXT) : start]),
        (OA.suffix, text[end : end + CONTEXT]),
    ]
    yield from _quads(graph, quote, selector)
    offsets: list[Pair] = [(_A, OA.TextPositionSelector), (_START, start), (_END, end)]
    yield from _quads(graph, position, offsets)


def _about(terms: Iterable[str | None]) -> Iterator[Pair]:
    """One triple for each term of a piece of evidence, so that "all evidence about a term" is one index
    look-up.
    """
    yield from ((IRKG.about, term_node(term)) for term in sorted({t for t in terms if t is not None}))


def _assertion(document: NamedNode, assertion: Assertion) -> Iterator[Pair]:
    first, second = assertion.subject, assertion.object
    yield _A, IRKG.Assertion
    yield RDF.subject, None if first.term is None else term_node(first.term)
    yield RDF.predicate, IRKG.term(str(assertion.predicate))
    yield RDF.object, None if second.term is None else term_node(second.term)
    yield IRKG.subjectMention, _span_node(document, first)
    yield IRKG.objectMention, _span_node(document, second)
    yield IRKG.negated, assertion.negated
    yield IRKG.hedged, assertion.hedged
    yield from _about((first.term, second.term))


def _finding(document: NamedNode, finding: Finding) -> Iterator[Pair]:
    yield _A, IRKG.Finding
    parts = {
        "intervention": finding.intervention,
        "comparator": finding.comparator,
        "outcome": finding.outcome,
        "population": finding.population,
    }
    for name, mention in parts.items():
        if mention is not None:
            yield IRKG.term(f"{name}Text"), mention.text
            yield IRKG.term(f"{name}Mention"), _span_node(document, mention)
            yield IRKG.term(name), None if mention.term is None else term_node(mention.term)
    yield IRKG.disease, None if finding.disease is None else term_node(finding.disease)
    yield IRKG.direction, str(finding.direction)
    yield IRKG.favors, str(finding.favors)
    yield IRKG.significant, finding.significant
    effect = finding.effect
    yield IRKG.measure, None if effect.measure is None else str(effect.measure)
    yield IRKG.value, _number(effect.value)
    yield IRKG.ciLow, _number(effect.ci_low)
    yield IRKG.ciHigh, _number(effect.ci_high)
    yield IRKG.p, effect.p
    yield IRKG.interventionValue, effect.intervention_value
    yield IRKG.comparatorValue, effect.comparator_value
    terms = [mention.term for mention in parts.values() if mention is not None]
    yield from _about([*terms, finding.disease])


def _number(value: float | None) -> float | None:
    """As a double, also when the reader found a whole number."""
    return None if value is None else float(value)


def _check_terms(reading: Reading, ontology: Ontology) -> None:
    used = {mention.term for mention in _all_mentions(reading)} | set(reading.topics)
    used |= {finding.disease for finding in reading.findings}
    unknown = sorted(term for term in used if term is not None and term not in ontology)
    if unknown:
        mend = "the lexicon and the ontology are of different releases"
        problems = [Problem(reading.publication.id, f"{term} is no term", mend=mend) for term in unknown]
        raise UnknownTermError("a reading names terms that the ontology does not have", problems)
