"""A question as a profile, and its answer: options ranked, each with what speaks for and against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

__all__ = [
    "NOTICE",
    "Answer",
    "BiomarkerUse",
    "Characteristic",
    "ComparisonLine",
    "Eligibility",
    "EvidenceLine",
    "Harm",
    "Hop",
    "ImagingUse",
    "OptionAnswer",
    "Profile",
    "Reference",
    "ScoreRow",
    "Sentence",
    "Status",
    "Verdict",
]

NOTICE = (
    "For information. This answer sums up published evidence; it informs a decision and does not make one. "
    "The decision is the patient's and the treating team's."
)

Verdict = Literal["a_better", "b_better", "no_difference", "mixed"]
Status = Literal["met", "failed", "unknown"]
Value = float | str | bool


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One thing known of the patient: the key (``BCLC stage``, a label of the ontology without "of the
    patient"), its value, the unit of a number, and the words that said so.

    >>> Characteristic("tumor size", 6.0, "cm", "6 cm").value
    6.0
    """

    name: str
    value: Value
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A patient as the question tells of them. `disease` and `others` are term ids of the branch Disease,
    `options` ids of therapies that the question asks about, `biomarkers` and `imaging` ids of what else it
    names.

    `unread` holds parts of a JSON profile that nothing is made of; the answer says so.
    """

    disease: str | None = None
    disease_text: str = ""
    others: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    biomarkers: tuple[str, ...] = ()
    imaging: tuple[str, ...] = ()
    characteristics: tuple[Characteristic, ...] = ()
    unread: tuple[str, ...] = ()

    def value(self, name: str) -> Value | None:
        """The value of a characteristic; None when it is not known."""
        return next((c.value for c in self.characteristics if c.name == name), None)


@dataclass(frozen=True, slots=True)
class Reference:
    """A numbered citation. `size` counts patients; `digest` marks a summary written for IR-KG of the cited
    paper.
    """

    n: int
    document: str
    study: str
    pmid: str | None
    doi: str | None
    title: str
    authors: str
    journal: str
    year: int | None
    design: str
    size: int | None
    digest: bool
    retracted: bool = False

    @property
    def links(self) -> tuple[str, ...]:
        """Web addresses of the paper."""
        pubmed = (f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/",) if self.pmid else ()
        return pubmed + ((f"https://doi.org/{self.doi}",) if self.doi else ())


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One study's word on one outcome of an option: quote, grade, and the numbers as printed.

    `versus` is the label of the other arm, empty when there is none; `counted` is False for a study that is
    shown but counts for nothing (retracted).
    """

    citation: int
    quote: str
    grade: str
    outcome: str
    outcome_id: str | None
    numbers: str
    versus: str
    evidence: str
    document: str
    counted: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One row of a score table; the contributions of a table add up exactly to the score."""

    attribute: str
    value: str
    weight: Decimal
    contribution: Decimal
    comment: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A criterion held against the profile. `needed` says what to measure when the status is unknown."""

    criterion: str
    status: Status
    kind: str
    needed: str | None
    source: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Harm:
    """An adverse event of an option; `rate` as printed, with its comparator's where that is given."""

    id: str | None
    label: str
    rate: str | None
    citations: tuple[int, ...]
    quote: str
    versus: str = ""


@dataclass(frozen=True, slots=True)
class ImagingUse:
    """An imaging modality that guides or assesses an option, or assesses the disease. Without citation: the
    ontology's word.
    """

    id: str
    label: str
    relation: str
    object: str
    citations: tuple[int, ...]
    quote: str = ""


@dataclass(frozen=True, slots=True)
class BiomarkerUse:
    """A biomarker that predicts an outcome of an option or marks the disease."""

    id: str
    label: str
    relation: str
    outcome: str
    citations: tuple[int, ...]
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a mechanism path: `citation` of the document that says so, else `axiom` of the ontology."""

    subject: str
    predicate: str
    object: str
    citation: int | None
    quote: str = ""
    axiom: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """Two options on one outcome (``overall`` weighs all outcomes), by one or more studies."""

    a: str
    b: str
    a_id: str | None
    b_id: str | None
    outcome: str
    outcome_id: str | None
    verdict: Verdict
    numbers: str
    citations: tuple[int, ...]
    quotes: tuple[str, ...]
    overall: bool = False


@dataclass(frozen=True, slots=True)
class OptionAnswer:
    """One option: its place, its score and where each point came from, and everything that is known of it."""

    id: str
    label: str
    synonyms: tuple[str, ...]
    rank: int
    score: Decimal
    score_table: tuple[ScoreRow, ...]
    supporting: tuple[EvidenceLine, ...]
    opposing: tuple[EvidenceLine, ...]
    neutral: tuple[EvidenceLine, ...]
    eligibility: tuple[Eligibility, ...]
    harms: tuple[Harm, ...]
    imaging: tuple[ImagingUse, ...]
    biomarkers: tuple[BiomarkerUse, ...]
    mechanism: tuple[tuple[Hop, ...], ...]
    contraindicated: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the narrative with the numbers of its citations; there is none without."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The justification. `missing` says in plain words what is not known; `notice` is printed with every
    answer.
    """

    id: str
    question: str
    profile: Mapping[str, Any]
    options: tuple[OptionAnswer, ...]
    comparisons: tuple[ComparisonLine, ...]
    citations: tuple[Reference, ...]
    narrative: tuple[Sentence, ...]
    missing: tuple[str, ...] = ()
    notice: str = NOTICE

    def to_json(self) -> dict[str, Any]:
        """The answer as the documented JSON object (docs/justification.md)."""
        return {
            "answer_id": self.id,
            "question": self.question,
            "profile": dict(self.profile),
            "options": [_option(option) for option in self.options],
            "comparisons": [_comparison(line) for line in self.comparisons],
            "citations": [_reference(reference) for reference in self.citations],
            "narrative": [{"text": s.text, "citations": list(s.citations)} for s in self.narrative],
            "missing": list(self.missing),
            "notice": self.notice,
        }


def _option(option: OptionAnswer) -> dict[str, Any]:
    return {
        "id": option.id,
        "label": option.label,
        "synonyms": list(option.synonyms),
        "rank": option.rank,
        "score": float(option.score),
        "contraindicated": option.contraindicated,
        "named_in_question": option.named,
        "score_table": [
            {
                "attribute": row.attribute,
                "value": row.value,
                "weight": float(row.weight),
                "contribution": float(row.contribution),
                "comment": row.comment,
            }
            for row in option.score_table
        ],
        "for": [_evidence(line) for line in option.supporting],
        "against": [_evidence(line) for line in option.opposing],
        "neutral": [_evidence(line) for line in option.neutral],
        "eligibility": [
            {
                "criterion": one.criterion,
                "status": one.status,
                "kind": one.kind,
                "needed": one.needed,
                "source": one.source,
                "citations": list(one.citations),
            }
            for one in option.eligibility
        ],
        "harms": [
            {
                "id": h.id,
                "label": h.label,
                "rate": h.rate,
                "versus": h.versus,
                "citations": list(h.citations),
                "quote": h.quote,
            }
            for h in option.harms
        ],
        "imaging": [
            {
                "id": i.id,
                "label": i.label,
                "relation": i.relation,
                "object": i.object,
                "citations": list(i.citations),
                "quote": i.quote,
            }
            for i in option.imaging
        ],
        "biomarkers": [
            {
                "id": b.id,
                "label": b.label,
                "relation": b.relation,
                "outcome": b.outcome,
                "citations": list(b.citations),
                "quote": b.quote,
            }
            for b in option.biomarkers
        ],
        "mechanism": [[_hop(hop) for hop in path] for path in option.mechanism],
    }


def _evidence(line: EvidenceLine) -> dict[str, Any]:
    return {
        "citation": line.citation,
        "quote": line.quote,
        "grade": line.grade,
        "outcome": line.outcome,
        "numbers": line.numbers,
        "versus": line.versus,
        "evidence": line.evidence,
        "document": line.document,
        "counted": line.counted,
        "note": line.note,
    }


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "subject": hop.subject,
        "predicate": hop.predicate,
        "object": hop.object,
        "citation": hop.citation,
        "quote": hop.quote,
        "source": "citation" if hop.citation is not None else "ontology",
        "axiom": hop.axiom,
        "inferred": hop.inferred,
    }


def _comparison(line: ComparisonLine) -> dict[str, Any]:
    return {
        "a": line.a,
        "b": line.b,
        "a_id": line.a_id,
        "b_id": line.b_id,
        "outcome": line.outcome,
        "verdict": line.verdict,
        "numbers": line.numbers,
        "citations": list(line.citations),
        "quotes": list(line.quotes),
        "overall": line.overall,
    }


def _reference(reference: Reference) -> dict[str, Any]:
    return {
        "n": reference.n,
        "pmid": reference.pmid,
        "doi": reference.doi,
        "title": reference.title,
        "authors": reference.authors,
        "journal": reference.journal,
        "year": reference.year,
        "design": reference.design,
        "size": reference.size,
        "digest": reference.digest,
        "retracted": reference.retracted,
        "document": reference.document,
        "links": list(reference.links),
    }
