"""The shapes of the answers; every field says what it is."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from kg.model import Design, Direction, Favors, Measure, Retraction, Stance
from ontology.terms import Branch, Scope

__all__ = [
    "CitationModel",
    "ClaimDetail",
    "ClaimModel",
    "DocumentModel",
    "EffectModel",
    "EvidenceModel",
    "HealthModel",
    "HitModel",
    "HopModel",
    "ListOf",
    "MappingModel",
    "MentionModel",
    "PathModel",
    "PathsModel",
    "PredicateCount",
    "ResultModel",
    "SectionModel",
    "StatisticsModel",
    "SynonymModel",
    "TermDetail",
    "TermModel",
    "TermRef",
]

Item = TypeVar("Item")


class _Model(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class ListOf(_Model, Generic[Item]):
    """One page of a list; the header `Link` leads to the others."""

    items: list[Item] = Field(description="The items of this page.")
    total: int = Field(description="How many items there are on all pages together.")
    offset: int = Field(description="How many items stand before this page.")
    limit: int = Field(description="The most items on a page.")


class TermRef(_Model):
    """A term by name."""

    id: str = Field(description="The term's id.", examples=["IRKG:0001010"])
    label: str = Field(description="The term's label.")


class TermModel(TermRef):
    """A term in a list."""

    branch: Branch = Field(description="The branch of the ontology that the term belongs to.")
    definition: str = Field(description="What the term means.")


class HitModel(TermModel):
    """A term that was found."""

    matched: str = Field(description="The name of the term that fits the search: its label or a synonym.")


class SynonymModel(_Model):
    """Another name of a term."""

    text: str = Field(description="The name.")
    scope: Scope = Field(description="How it relates to the term, in oboInOwl's words.")
    abbreviation: bool = Field(description="True for an abbreviation.")


class MappingModel(_Model):
    """A term of another vocabulary, as a row of a SSSOM table."""

    predicate_id: str = Field(description="How the two relate.", examples=["skos:exactMatch"])
    object_id: str = Field(description="The id there.", examples=["MONDO:0007256"])
    object_label: str = Field(description="The label there.")
    justification: str = Field(description="What the mapping rests on (semapv).")


class PredicateCount(_Model):
    """How many claims of one kind a term is part of."""

    kind: Literal["relation", "comparison", "result"] = Field(description="The kind of claim.")
    predicate: str | None = Field(description="The relation's predicate; null for other kinds.")
    role: str = Field(description="What the term is in the claim.", examples=["subject", "outcome"])
    claims: int = Field(description="The number of claims.")


class StatisticsModel(_Model):
    """How often a term occurs in the graph."""

    documents: int = Field(description="Documents that mention the term.")
    mentions: int = Field(description="Mentions of the term.")
    evidence: int = Field(description="Pieces of evidence about the term.")
    studies: int = Field(description="Studies behind that evidence.")
    claims: int = Field(description="Claims that the term is part of.")


class TermDetail(TermModel):
    """Everything about a term."""

    definition_source: str = Field(description="What the definition rests on.")
    comment: str = Field(description="A curator's remark.")
    synonyms: list[SynonymModel] = Field(description="Other names.")
    parents: list[TermRef] = Field(description="Terms directly above it.")
    children: list[TermRef] = Field(description="Terms directly below it.")
    slots: dict[str, list[TermRef | str]] = Field(
        description="What it is defined by: terms, or plain values."
    )
    mappings: list[MappingModel] = Field(description="Terms of other vocabularies.")
    statistics: StatisticsModel = Field(description="How often it occurs.")
    claims: list[PredicateCount] = Field(description="Claims it is part of, by predicate and role.")
    deprecated: bool = Field(default=False, description="True for a term that is no longer used.")
    replaced_by: TermRef | None = Field(default=None, description="The term to use instead of it.")
    reason: str = Field(default="", description="Why it is no longer used.")


class CitationModel(_Model):
    """A document as it is cited."""

    id: str = Field(description="The document's id; see /documents/{id}.", examples=["pmid:12049862"])
    title: str = Field(description="Its title.")
    authors: str = Field(description="Its authors in one line.")
    journal: str = Field(description="Where it appeared.")
    year: int | None = Field(description="The year in which it appeared.")
    pmid: str | None = Field(description="Its PubMed id.")
    pmcid: str | None = Field(description="Its PubMed Central id.")
    doi: str | None = Field(description="Its DOI.")
    study: str = Field(description="The key under which all documents of one paper count once.")
    design: Design = Field(description="The design of the study.")
    size: int | None = Field(description="The number of patients.")
    retraction: Retraction = Field(description="Whether it was retracted.")
    digest: bool = Field(description="True for a summary, written for IR-KG, of the paper that is cited.")
    links: list[str] = Field(description="Web addresses of the paper.")


class EffectModel(_Model):
    """The numbers of a finding, as printed."""

    measure: Measure | None = Field(description="What is measured.")
    value: float | None = Field(description="The effect.")
    ci_low: float | None = Field(description="The lower bound of its confidence interval.")
    ci_high: float | None = Field(description="The upper bound.")
    p: str | None = Field(description="The p value as printed.")
    intervention_value: str | None = Field(description="The value in the intervention's arm.")
    comparator_value: str | None = Field(description="The value in the comparator's arm.")


class ResultModel(_Model):
    """What a finding reports: parts as printed, the terms they are linked to, numbers."""

    intervention_text: str = Field(description="The intervention as printed.")
    comparator_text: str | None = Field(description="What it was compared with, as printed.")
    outcome_text: str = Field(description="The outcome as printed.")
    population_text: str | None = Field(description="The patients as printed.")
    intervention: TermRef | None = Field(description="The intervention as a term.")
    comparator: TermRef | None = Field(description="The comparator as a term.")
    outcome: TermRef | None = Field(description="The outcome as a term.")
    disease: TermRef | None = Field(description="The disease that the result is about.")
    direction: Direction = Field(description="The outcome under the intervention, against the comparator.")
    favors: Favors = Field(description="Who benefits.")
    significant: bool | None = Field(description="Whether the paper calls it significant.")
    effect: EffectModel = Field(description="The numbers.")


class EvidenceModel(_Model):
    """An assertion or a finding with its exact quote and its document."""

    iri: str = Field(description="The evidence's IRI.")
    kind: Literal["assertion", "finding"] = Field(description="Which of the two.")
    document: CitationModel = Field(description="Where it stands.")
    claim: str | None = Field(description="The IRI of the claim that it speaks to.")
    stance: Stance = Field(description="What it says of the claim.")
    quote: str = Field(description="The exact words.")
    prefix: str = Field(description="The words before the quote.")
    suffix: str = Field(description="The words after it.")
    start: int = Field(description="Where the quote begins in the document's text, in characters from 0.")
    end: int = Field(description="Where it ends.")
    section: str = Field(description="The kind of section that it stands in.")
    confidence: float = Field(
        description="How sure the reading is, 0 to 1; says nothing of the study's quality."
    )
    negated: bool = Field(description="An assertion that is denied.")
    hedged: bool = Field(description="An assertion that is put with caution.")
    subject: TermRef | None = Field(description="An assertion's subject.")
    predicate: str | None = Field(description="An assertion's predicate.")
    object: TermRef | None = Field(description="An assertion's object.")
    result: ResultModel | None = Field(description="A finding's result.")


class ClaimModel(_Model):
    """A claim and how many studies stand on each side."""

    id: str = Field(description="The claim's id: a hash of its content.")
    iri: str = Field(description="The claim's IRI.")
    kind: Literal["relation", "comparison", "result"] = Field(description="The kind of claim.")
    label: str = Field(description="The claim in words.")
    origin: Literal["evidence", "inferred", "ontology"] = Field(description="Who says so.")
    subject: TermRef | None = Field(description="A relation's subject.")
    predicate: str | None = Field(description="A relation's predicate.")
    object: TermRef | None = Field(description="A relation's object.")
    intervention: TermRef | None = Field(description="The therapy, of two the one with the lower id.")
    comparator: TermRef | None = Field(description="What it is compared with.")
    outcome: TermRef | None = Field(description="The outcome.")
    disease: TermRef | None = Field(description="The disease.")
    supporting: int = Field(description="Distinct studies that support it (find the intervention better).")
    disputing: int = Field(description="Distinct studies that dispute it.")
    neutral: int = Field(description="Distinct studies that do neither.")
    best_design: Design | None = Field(description="The strongest design among them.")
    first_year: int | None = Field(description="The year of the first of them.")
    last_year: int | None = Field(description="The year of the last of them.")
    axiom: str | None = Field(description="The axiom by which an inferred claim follows.")


class ClaimDetail(ClaimModel):
    """A claim with what it rests on."""

    premises: list[ClaimModel] = Field(description="What an inferred claim follows from.")
    evidence: ListOf[EvidenceModel] = Field(description="Evidence for and against; `Link` leads to more.")


class SectionModel(_Model):
    """A section of a document."""

    index: int = Field(description="Its place, from 0.")
    label: str = Field(description="Its heading.")
    kind: str = Field(description="What it is for.")
    part: str = Field(description="Title, abstract or body.")
    start: int = Field(description="Where it begins in the text.")
    end: int = Field(description="Where it ends.")


class MentionModel(_Model):
    """A mention in a document."""

    start: int = Field(description="Where it begins in the text.")
    end: int = Field(description="Where it ends.")
    text: str = Field(description="The words.")
    terms: list[TermRef] = Field(description="The terms it may stand for.")
    branch: str | None = Field(description="What it is when no term fits.")


class DocumentModel(CitationModel):
    """A document with its text and what was read in it."""

    text: str = Field(description="The whole text; offsets count its characters from 0.")
    date: str = Field(description="When it appeared.")
    language: str = Field(description="Its language.")
    licence: str = Field(description="Its licence.")
    publication_types: list[str] = Field(description="Its publication types.")
    mesh: list[str] = Field(description="Its MeSH headings.")
    trials: list[str] = Field(description="Trial registrations that it names.")
    topics: list[TermRef] = Field(description="Diseases that it is about.")
    content_hash: str = Field(description="SHA-256 of what was read.")
    pipeline: str = Field(description="The version of the reader.")
    sections: list[SectionModel] = Field(description="Its sections.")
    mentions: list[MentionModel] = Field(description="The terms in it.")
    evidence: list[EvidenceModel] = Field(description="What it says.")


class HopModel(_Model):
    """One step of a path; claims may run in either direction."""

    source: TermRef = Field(description="Where the step begins.")
    target: TermRef = Field(description="Where it ends.")
    claims: list[ClaimModel] = Field(description="Claims that join the two, those with most studies first.")
    evidence: list[EvidenceModel] = Field(description="Quotes for these claims.")


class PathModel(_Model):
    """A way from one term to another."""

    hops: list[HopModel] = Field(description="The steps.")
    inferred: bool = Field(description="True when a step rests on inferred claims only.")


class PathsModel(_Model):
    """Ways between two terms, the shortest and best supported first."""

    source: TermRef = Field(description="From.")
    target: TermRef = Field(description="To.")
    paths: list[PathModel] = Field(description="The ways.")
    terms_seen: int = Field(description="Terms in the neighbourhood that was searched.")
    complete: bool = Field(description="False when the neighbourhood was cut at its largest size.")


class HealthModel(_Model):
    """The state of the server and its graph."""

    status: Literal["ok"] = Field(description="The graph is open.")
    version: str = Field(description="The version of the program.")
    dataset: str | None = Field(description="The dataset's version; null before the first ingest is done.")
    documents: int | None = Field(description="Documents in the graph.")
    claims: int | None = Field(description="Claims.")
    inferred: int | None = Field(description="Inferred claims.")
    terms: int = Field(description="Terms of the ontology.")
    ontology: str | None = Field(description="The hash of the ontology that the graph holds.")
    pipelines: list[str] = Field(description="Versions of the reader that its documents were read with.")
    query_processes: int = Field(description="Processes that answer SPARQL queries.")
