"""What makes two claims or two pieces of evidence the same: their content, hashed.

A hash is SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8), cut to 32 hex digits: 128 bits, so that
a collision among a billion claims has a chance below 1e-20 (birthday bound).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal, TypeAlias

from kg.model import Assertion, Favors, Finding, Mention, Stance
from ontology.iris import claim_iri, evidence_iri

__all__ = [
    "ClaimKey",
    "Comparison",
    "Relation",
    "Result",
    "assertion_iri",
    "claim_of",
    "digest",
    "finding_iri",
    "stance_of",
]

_DIGITS: Final = 32


def digest(content: Mapping[str, object]) -> str:
    """The first 32 hex digits of the SHA-256 of the content's canonical JSON."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Relation:
    """The claim that a relation holds between two terms (ids such as ``IRKG:0006010``; `predicate` without
    prefix).

    >>> Relation("IRKG:0006010", "treats", "IRKG:0001001").iri
    'https://w3id.org/irkg/claim/0924111d9eba3242f565c9dbcbd7f73d'
    """

    subject: str
    predicate: str
    object: str
    kind: Literal["relation"] = "relation"

    @property
    def iri(self) -> str:
        """The claim's IRI."""
        return claim_iri(digest(asdict(self)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The claim that the first arm is better than the second on an outcome; the arms stand in the order of
    their ids.
    """

    intervention: str
    comparator: str
    outcome: str
    disease: str | None
    kind: Literal["comparison"] = "comparison"

    @property
    def iri(self) -> str:
        """The claim's IRI."""
        return claim_iri(digest(asdict(self)))


@dataclass(frozen=True, slots=True)
class Result:
    """The claim that an intervention is good for an outcome, from results without a comparator."""

    intervention: str
    outcome: str
    disease: str | None
    kind: Literal["result"] = "result"

    @property
    def iri(self) -> str:
        """The claim's IRI."""
        return claim_iri(digest(asdict(self)))


ClaimKey: TypeAlias = Relation | Comparison | Result


def claim_of(evidence: Assertion | Finding) -> ClaimKey | None:
    """The claim that a piece of evidence speaks to; None when a term that it needs is not linked, or both
    arms are one.
    """
    if isinstance(evidence, Assertion):
        if evidence.subject.term is None or evidence.object.term is None:
            return None
        return Relation(evidence.subject.term, str(evidence.predicate), evidence.object.term)
    intervention, outcome = evidence.intervention.term, evidence.outcome.term
    if intervention is None or outcome is None:
        return None
    if evidence.comparator is None:
        return Result(intervention, outcome, evidence.disease)
    comparator = evidence.comparator.term
    if comparator is None or comparator == intervention:
        return None
    first, second = sorted((intervention, comparator))
    return Comparison(first, second, outcome, evidence.disease)


def stance_of(evidence: Assertion | Finding) -> Stance:
    """What a piece of evidence says of its claim.

    A relation is disputed when it is negated. A comparison is supported when its first arm (by id) is
    favored, disputed when the second is; a result when the intervention or the other side is. Neither and
    unclear are neutral.
    """
    if isinstance(evidence, Assertion):
        return Stance.DISPUTES if evidence.negated else Stance.SUPPORTS
    if evidence.favors not in (Favors.INTERVENTION, Favors.COMPARATOR):
        return Stance.NEUTRAL
    claim = claim_of(evidence)
    swapped = isinstance(claim, Comparison) and claim.intervention != evidence.intervention.term
    first_is_better = (evidence.favors is Favors.INTERVENTION) != swapped
    return Stance.SUPPORTS if first_is_better else Stance.DISPUTES


def assertion_iri(document: str, quote: str, assertion: Assertion) -> str:
    """The IRI of an assertion as read in a document. Confidence is no part of it: a better reader keeps the
    IRI.
    """
    content = {
        "document": document,
        "quote": [assertion.start, assertion.end, quote],
        "subject": _span(assertion.subject),
        "predicate": str(assertion.predicate),
        "object": _span(assertion.object),
        "negated": assertion.negated,
        "hedged": assertion.hedged,
    }
    return evidence_iri(digest(content))


def finding_iri(document: str, quote: str, finding: Finding) -> str:
    """The IRI of a finding as read in a document; confidence is no part of it."""
    content = {
        "document": document,
        "quote": [finding.start, finding.end, quote],
        "intervention": _span(finding.intervention),
        "comparator": _span(finding.comparator),
        "outcome": _span(finding.outcome),
        "population": _span(finding.population),
        "disease": finding.disease,
        "direction": str(finding.direction),
        "favors": str(finding.favors),
        "significant": finding.significant,
        "effect": asdict(finding.effect),
    }
    return evidence_iri(digest(content))


def _span(mention: Mention | None) -> list[object] | None:
    return None if mention is None else [mention.start, mention.end, mention.term]
