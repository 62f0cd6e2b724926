from __future__ import annotations

from dataclasses import replace

import pytest

from kg.identity import Comparison, Relation, Result, assertion_iri, claim_of, digest, finding_iri, stance_of
from kg.model import Favors, Predicate, Stance
from tests.kg.factories import HCC, RFA, SURVIVAL, TACE, UNKNOWN, comparison_reading, relation_reading


def test_digest_is_that_of_canonical_json() -> None:
    assert digest({"b": 1, "a": "é"}) == digest({"a": "é", "b": 1})
    # Pinned: claim IRIs are stable names that others may cite.
    assert Relation("IRKG:0006010", "treats", "IRKG:0001001").iri.endswith(
        "/0924111d9eba3242f565c9dbcbd7f73d"
    )


def test_a_relation_needs_both_terms() -> None:
    linked = relation_reading().assertions[0]
    assert claim_of(linked) == Relation(TACE.term or "", "treats", HCC.term or "")
    assert claim_of(relation_reading(subject=UNKNOWN).assertions[0]) is None
    assert claim_of(relation_reading(object=UNKNOWN).assertions[0]) is None


def test_negation_disputes() -> None:
    assert stance_of(relation_reading().assertions[0]) is Stance.SUPPORTS
    assert stance_of(relation_reading(negated=True).assertions[0]) is Stance.DISPUTES


@pytest.mark.parametrize(
    ("favors", "first", "swapped"),
    [
        (Favors.INTERVENTION, Stance.SUPPORTS, Stance.DISPUTES),
        (Favors.COMPARATOR, Stance.DISPUTES, Stance.SUPPORTS),
        (Favors.NEITHER, Stance.NEUTRAL, Stance.NEUTRAL),
        (Favors.UNCLEAR, Stance.NEUTRAL, Stance.NEUTRAL),
    ],
)
def test_both_orders_of_the_arms_are_one_claim(favors: Favors, first: Stance, swapped: Stance) -> None:
    one = comparison_reading(intervention=TACE, comparator=RFA, favors=favors).findings[0]
    other = comparison_reading(intervention=RFA, comparator=TACE, favors=favors).findings[0]
    assert claim_of(one) == claim_of(other)
    assert claim_of(one) == Comparison(TACE.term or "", RFA.term or "", SURVIVAL.term or "", HCC.term)
    assert (stance_of(one), stance_of(other)) == (first, swapped)


def test_findings_without_what_a_claim_needs() -> None:
    assert claim_of(comparison_reading(comparator=UNKNOWN).findings[0]) is None
    assert claim_of(comparison_reading(intervention=UNKNOWN).findings[0]) is None
    assert claim_of(comparison_reading(outcome=UNKNOWN).findings[0]) is None
    assert claim_of(comparison_reading(intervention=TACE, comparator=TACE).findings[0]) is None
    result = claim_of(comparison_reading(comparator=None).findings[0])
    assert result == Result(TACE.term or "", SURVIVAL.term or "", HCC.term)


def test_evidence_is_named_by_content_but_not_by_confidence() -> None:
    one = relation_reading(predicate=Predicate.TREATS).assertions[0]
    iri = assertion_iri("pmid:1", "q", one)
    assert assertion_iri("pmid:1", "q", replace(one, confidence=0.1)) == iri
    assert assertion_iri("pmid:2", "q", one) != iri
    assert assertion_iri("pmid:1", "q", replace(one, negated=True)) != iri
    found = comparison_reading().findings[0]
    assert finding_iri("pmid:1", "q", replace(found, confidence=0.1)) == finding_iri("pmid:1", "q", found)
    assert finding_iri("pmid:1", "q", replace(found, significant=None)) != finding_iri("pmid:1", "q", found)
