"""Synthetic publications and readings for tests: every offset is found in the text, never typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kg.claims import refresh, with_marks
from kg.model import (
    Assertion,
    Design,
    Direction,
    Effect,
    Favors,
    Finding,
    Identifiers,
    Mention,
    Predicate,
    Publication,
    Reading,
    Section,
    SectionKind,
    Study,
)
from kg.quotes import mentions_of
from kg.rdf import reading_to_quads
from kg.store import Change, OxigraphStore, Store
from ontology.iris import document_graph
from ontology.terms import Branch, Ontology, Term

PIPELINE = "irkg test 1"


@dataclass(frozen=True)
class Name:
    """A term as it is written in a text; `term` None for something that is not linked."""

    text: str
    term: str | None
    branch: Branch


TACE = Name("TACE", "IRKG:0006010", Branch.PROCEDURE)
RFA = Name("radiofrequency ablation", "IRKG:0006020", Branch.PROCEDURE)
RESECTION = Name("resection", "IRKG:0006030", Branch.PROCEDURE)
SORAFENIB = Name("sorafenib", "IRKG:0008010", Branch.AGENT)
VEGFR = Name("VEGFR", "IRKG:0003010", Branch.MOLECULAR_TARGET)
HCC = Name("hepatocellular carcinoma", "IRKG:0001010", Branch.DISEASE)
SURVIVAL = Name("overall survival", "IRKG:0011010", Branch.OUTCOME)
RECURRENCE = Name("recurrence", "IRKG:0011020", Branch.OUTCOME)
BLEEDING = Name("bleeding", "IRKG:0012010", Branch.ADVERSE_EVENT)
UNKNOWN = Name("cohort therapy", None, Branch.PROCEDURE)
NAMES = (TACE, RFA, RESECTION, SORAFENIB, VEGFR, HCC, SURVIVAL, RECURRENCE, BLEEDING)

# Two chains, and what the ontology itself says: TACE uses sorafenib (synthetic; not a statement about
# medicine).
TURTLE = b"""
@prefix irkg: <https://w3id.org/irkg/vocab#> .
@prefix t: <https://w3id.org/irkg/IRKG_> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
irkg:targets owl:propertyChainAxiom ( irkg:uses irkg:targets ) .
irkg:has_mechanism_for owl:propertyChainAxiom ( irkg:targets irkg:associated_with ) .
t:0006010 a owl:Class ; rdfs:label "chemoembolization" ; irkg:uses t:0008010 .
t:0008010 a owl:Class ; rdfs:label "sorafenib" .
t:0003010 a owl:Class ; rdfs:label "VEGF receptor" .
t:0001010 a owl:Class ; rdfs:label "hepatocellular carcinoma" ;
  rdfs:subClassOf [ a owl:Restriction ; owl:onProperty irkg:located_in ; owl:someValuesFrom t:0010010 ] .
"""


def ontology() -> Ontology:
    """The terms that the factories use."""
    linked = ((name.term, name) for name in NAMES)
    return Ontology({term: Term(term, name.branch, name.text) for term, name in linked if term is not None})


def publication(
    document: str = "pmid:1",
    sentences: Iterable[str] = ("TACE treats hepatocellular carcinoma.",),
    **fields: Any,
) -> Publication:
    """A publication with a title and one results section of the given sentences."""
    title = fields.pop("title", f"A paper called {document}")
    body = " ".join(sentences)
    sections = (
        Section("Title", title, SectionKind.TITLE, "title", 0),
        Section("Results", body, SectionKind.RESULTS, "abstract", len(title) + 2),
    )
    if "identifiers" not in fields and document.startswith("pmid:"):
        fields["identifiers"] = Identifiers(pmid=document.removeprefix("pmid:"))
    return Publication(
        id=document, text=f"{title}\n\n{body}", sections=sections, title=title, **({"year": 2020} | fields)
    )


def mention(paper: Publication, name: Name, start: int = 0) -> Mention:
    """The first mention of a name at or after an offset."""
    at = paper.text.index(name.text, start)
    return Mention(at, at + len(name.text), name.text, name.branch, name.term)


def assertion(
    paper: Publication, quote: str, subject: Name, predicate: Predicate, object: Name, **fields: Any
) -> Assertion:
    """An assertion read in a sentence of the paper."""
    start = paper.text.index(quote)
    return Assertion(
        subject=mention(paper, subject, start),
        predicate=predicate,
        object=mention(paper, object, start),
        start=start,
        end=start + len(quote),
        **({"negated": False, "hedged": False, "confidence": 0.8} | fields),
    )


def finding(
    paper: Publication,
    quote: str,
    intervention: Name,
    comparator: Name | None,
    outcome: Name,
    favors: Favors = Favors.INTERVENTION,
    **fields: Any,
) -> Finding:
    """A finding read in a sentence of the paper."""
    start = paper.text.index(quote)
    defaults: dict[str, Any] = {
        "population": None,
        "disease": HCC.term,
        "direction": Direction.HIGHER,
        "significant": True,
        "effect": Effect(),
        "confidence": 0.7,
    }
    return Finding(
        intervention=mention(paper, intervention, start),
        comparator=None if comparator is None else mention(paper, comparator, start),
        outcome=mention(paper, outcome, start),
        favors=favors,
        start=start,
        end=start + len(quote),
        **(defaults | fields),
    )


def reading(
    paper: Publication,
    assertions: Sequence[Assertion] = (),
    findings: Sequence[Finding] = (),
    *,
    design: Design = Design.RCT,
    size: int | None = 100,
    mentions: Sequence[Mention] = (),
    topics: tuple[str, ...] = (),
    pipeline: str = PIPELINE,
) -> Reading:
    """A reading; its mentions are those of its evidence and those given."""
    evidence: tuple[Assertion | Finding, ...] = (*assertions, *findings)
    found = {part for one in evidence for part in mentions_of(one)}
    return Reading(
        publication=paper,
        study=Study(design, size),
        mentions=tuple(sorted({*mentions, *found}, key=lambda m: (m.start, m.end, m.term or ""))),
        assertions=tuple(assertions),
        findings=tuple(findings),
        aliases=(),
        topics=topics,
        pipeline=pipeline,
    )


def relation_reading(
    document: str = "pmid:1",
    subject: Name = TACE,
    predicate: Predicate = Predicate.TREATS,
    object: Name = HCC,
    *,
    negated: bool = False,
    design: Design = Design.RCT,
    **fields: Any,
) -> Reading:
    """A paper that says one thing."""
    quote = f"We saw that {subject.text} {'never ' if negated else ''}{predicate} {object.text}."
    paper = publication(document, [quote], **fields)
    return reading(
        paper, [assertion(paper, quote, subject, predicate, object, negated=negated)], design=design
    )


def comparison_reading(
    document: str = "pmid:1",
    intervention: Name = TACE,
    comparator: Name | None = RFA,
    outcome: Name = SURVIVAL,
    favors: Favors = Favors.INTERVENTION,
    *,
    design: Design = Design.RCT,
    effect: Effect | None = None,
    **fields: Any,
) -> Reading:
    """A paper that reports one result."""
    arms = intervention.text if comparator is None else f"{intervention.text} against {comparator.text}"
    quote = f"With {arms} we measured {outcome.text}."
    paper = publication(document, [quote], **fields)
    found = finding(paper, quote, intervention, comparator, outcome, favors, effect=effect or Effect())
    return reading(paper, findings=[found], design=design)


def large_reading(number: int, mentions: int = 400, evidence: int = 30) -> Reading:
    """A full text of about 3,000 quads; texts and claims differ with `number`."""
    predicates = list(Predicate)
    sentences, parts = [], []
    for i in range(evidence):
        a, b = NAMES[(number + i) % len(NAMES)], NAMES[(number * 7 + i * 3 + 1) % len(NAMES)]
        predicate = predicates[(number + i) % len(predicates)]
        sentences.append(f"Sentence {i} of {number} says {a.text} {predicate} {b.text}.")
        parts.append((sentences[-1], a, predicate, b))
    filler = [f"{NAMES[(number + i) % len(NAMES)].text} was noted {i}." for i in range(mentions)]
    paper = publication(f"pmid:{number}", [*sentences, *filler], year=1990 + number % 35)
    found, at = [], paper.text.index(filler[0]) if filler else 0
    for i in range(mentions):
        found.append(mention(paper, NAMES[(number + i) % len(NAMES)], at))
        at = found[-1].end
    assertions = [
        assertion(paper, quote, a, predicate, b, negated=(number + i) % 5 == 0)
        for i, (quote, a, predicate, b) in enumerate(parts)
    ]
    return reading(paper, assertions, mentions=found, design=list(Design)[number % len(Design)])


def write(store: Store, *readings: Reading) -> None:
    """Write readings, each in one atomic change with the marks on its claims."""
    for one in readings:
        change = Change(replace={document_graph(one.publication.id): reading_to_quads(one)})
        store.apply(with_marks(store, change))


def store_of(*readings: Reading) -> OxigraphStore:
    """A store in memory with readings and their claims."""
    store = OxigraphStore.memory()
    write(store, *readings)
    refresh(store)
    return store
