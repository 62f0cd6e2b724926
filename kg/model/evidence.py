"""What reading a publication yields: mentions, assertions, findings, and the study's design and size."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kg.model.document import Publication
from ontology.terms import Branch

__all__ = [
    "Assertion",
    "Design",
    "Direction",
    "Effect",
    "Favors",
    "Finding",
    "Measure",
    "Mention",
    "Predicate",
    "Reading",
    "Stance",
    "Study",
]


class Predicate(StrEnum):
    """The relations that are read from sentences; domains and ranges stand in the ontology."""

    TREATS = "treats"
    TARGETS = "targets"
    ASSOCIATED_WITH = "associated_with"
    BIOMARKER_OF = "biomarker_of"
    PREDICTS = "predicts"
    ASSESSES = "assesses"
    GUIDES = "guides"
    USES = "uses"
    CAUSES = "causes"
    CONTRAINDICATES = "contraindicates"


class Design(StrEnum):
    """Study designs as the annotation guidelines name them."""

    RCT = "RCT"
    META_ANALYSIS = "meta-analysis"
    SYSTEMATIC_REVIEW = "systematic review"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CASE_SERIES = "case series"
    SINGLE_ARM = "single-arm trial"
    CASE_REPORT = "case report"
    GUIDELINE = "guideline"
    REVIEW = "review"
    PRECLINICAL = "preclinical"
    DIAGNOSTIC = "diagnostic accuracy"
    OTHER = "other"


class Direction(StrEnum):
    """The outcome under the intervention, relative to the comparator."""

    HIGHER = "higher"
    LOWER = "lower"
    NO_DIFFERENCE = "no_difference"
    REPORTED = "reported"


class Favors(StrEnum):
    """Who benefits from a finding."""

    INTERVENTION = "intervention"
    COMPARATOR = "comparator"
    NEITHER = "neither"
    UNCLEAR = "unclear"


class Measure(StrEnum):
    """Effect measures: ratios, differences, and plain values of an arm."""

    HR = "HR"
    OR = "OR"
    RR = "RR"
    RD = "RD"
    MD = "MD"
    SMD = "SMD"
    RATE = "rate"
    MEDIAN = "median"
    MEAN = "mean"
    OTHER = "other"


class Stance(StrEnum):
    """What a piece of evidence says of its claim."""

    SUPPORTS = "supports"
    DISPUTES = "disputes"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A span of a document, offsets in ``Publication.text``; `term` is None when no term fits."""

    start: int
    end: int
    text: str
    branch: Branch
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Numbers as printed; None for what is not given.

    `p` and the values of the arms keep their printed form (``"<0.001"``, ``"52%"``).
    """

    measure: Measure | None = None
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p: str | None = None
    intervention_value: str | None = None
    comparator_value: str | None = None


@dataclass(frozen=True, slots=True)
class Assertion:
    """One relation read in one sentence; `start` and `end` delimit that sentence in the document's text."""

    subject: Mention
    predicate: Predicate
    object: Mention
    negated: bool
    hedged: bool
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One reported result. The named parts are mentions (their term may be None).

    `disease` is a term id: the condition that the result is about (of the sentence, else of the document).
    `start`, `end` delimit the quoted sentence, or the two that tell a result and its test.
    """

    intervention: Mention
    comparator: Mention | None
    outcome: Mention
    population: Mention | None
    disease: str | None
    direction: Direction
    favors: Favors
    significant: bool | None
    effect: Effect
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Study:
    """Design and number of patients, as judged from the text."""

    design: Design
    n: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read in one publication.

    `aliases` maps a surface form to the other forms of the same concept in it.
    """

    publication: Publication
    study: Study
    mentions: tuple[Mention, ...]
    assertions: tuple[Assertion, ...]
    findings: tuple[Finding, ...]
    aliases: tuple[tuple[str, tuple[str, ...]], ...]
    topics: tuple[str, ...]
    pipeline: str
