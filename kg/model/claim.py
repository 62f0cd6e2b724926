"""What the graph gives back: citations, evidence, claims, documents and counts, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from kg.model.document import Retraction
from kg.model.evidence import Design, Direction, Effect, Favors, Stance

__all__ = [
    "Citation",
    "ClaimRecord",
    "DocumentRecord",
    "EvidenceRecord",
    "MentionRecord",
    "Page",
    "ResultRecord",
    "SectionRecord",
    "TermStatistics",
]

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of the things that were found; `total` counts all of them."""

    items: tuple[Item, ...]
    total: int
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A document as it is cited. `id` is the document's id (``pmid:12049862``); `authors` one string
    (``"Llovet JM, Real MI"``).

    `study` is the key under which all documents of one paper are counted once; `size` the number of patients;
    `digest` marks a summary of the paper that the identifiers name.
    """

    id: str
    title: str
    authors: str
    journal: str
    year: int | None
    pmid: str | None
    pmcid: str | None
    doi: str | None
    study: str
    design: Design
    size: int | None
    retraction: Retraction
    digest: bool


@dataclass(frozen=True, slots=True)
class ResultRecord:
    """What a finding reports: its parts as printed, the terms that they are linked to (ids or None), and the
    numbers.
    """

    intervention_text: str
    comparator_text: str | None
    outcome_text: str
    population_text: str | None
    intervention: str | None
    comparator: str | None
    outcome: str | None
    disease: str | None
    direction: Direction
    favors: Favors
    significant: bool | None
    effect: Effect


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """An assertion or a finding with its quote. `start` and `end` count characters of the document's text,
    from 0.

    `subject`, `predicate` (without prefix) and `object` are an assertion's; `result` is a finding's; `claim`
    is an IRI, None when a term is not linked; `section` is the kind of section that the quote stands in.
    """

    iri: str
    kind: Literal["assertion", "finding"]
    document: Citation
    claim: str | None
    stance: Stance
    quote: str
    prefix: str
    suffix: str
    start: int
    end: int
    section: str
    confidence: float
    negated: bool = False
    hedged: bool = False
    subject: str | None = None
    predicate: str | None = None
    object: str | None = None
    result: ResultRecord | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """The ids of the terms that this evidence is about."""
        found: tuple[str | None, ...] = (self.subject, self.object)
        if self.result is not None:
            found += (
                self.result.intervention,
                self.result.comparator,
                self.result.outcome,
                self.result.disease,
            )
        return tuple(term for term in found if term is not None)


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim and how many distinct studies support it, dispute it, or are neutral; terms are ids.

    A relation has `subject`, `predicate` (without prefix), `object`; a comparison `intervention` (the arm
    with the lower id: the one that `supporting` studies found better), `comparator`, `outcome` and maybe
    `disease`; a result the same without a comparator. An inferred claim and an axiom of the ontology are
    relations without counts; `premises` are the IRIs of claims, `chain` the properties that were chained and
    `axiom` its name.
    """

    iri: str
    kind: Literal["relation", "comparison", "result"]
    label: str
    subject: str | None = None
    predicate: str | None = None
    object: str | None = None
    intervention: str | None = None
    comparator: str | None = None
    outcome: str | None = None
    disease: str | None = None
    supporting: int = 0
    disputing: int = 0
    neutral: int = 0
    best_design: Design | None = None
    first_year: int | None = None
    last_year: int | None = None
    origin: Literal["evidence", "inferred", "ontology"] = "evidence"
    premises: tuple[str, ...] = ()
    axiom: str | None = None

    @property
    def inferred(self) -> bool:
        """True when no document says so, but property chains over what documents say do."""
        return self.origin == "inferred"

    @property
    def studies(self) -> int:
        """The sum of the three counts; a study that says two things is in it twice."""
        return self.supporting + self.disputing + self.neutral


@dataclass(frozen=True, slots=True)
class SectionRecord:
    """A section of a document, offsets in its text."""

    index: int
    label: str
    kind: str
    part: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MentionRecord:
    """A mention in a document, offsets in its text; `terms` is empty when it is not linked, `branch` then
    says what it is.
    """

    start: int
    end: int
    text: str
    terms: tuple[str, ...]
    branch: str | None


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """Everything that the graph holds of one document."""

    citation: Citation
    text: str
    date: str
    language: str
    licence: str
    publication_types: tuple[str, ...]
    mesh: tuple[str, ...]
    trials: tuple[str, ...]
    topics: tuple[str, ...]
    content_hash: str
    pipeline: str
    sections: tuple[SectionRecord, ...]
    mentions: tuple[MentionRecord, ...]
    evidence: tuple[EvidenceRecord, ...]


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """How often a term occurs: documents and mentions of it, evidence about it, the studies behind that, and
    claims.
    """

    term: str
    documents: int
    mentions: int
    evidence: int
    studies: int
    claims: int
