from __future__ import annotations

import pytest

from kg.claims import refresh
from kg.identity import Relation
from kg.inference import refresh_inferred
from kg.lookup import EvidenceFilter, claim, claims, claims_about, document, evidence, term_statistics
from kg.model import Design, Effect, Favors, Measure, Predicate, Retraction, Stance
from kg.store import OxigraphStore
from kg.store.load import load_ontology
from tests.kg.factories import (
    HCC,
    RFA,
    SORAFENIB,
    SURVIVAL,
    TACE,
    TURTLE,
    UNKNOWN,
    VEGFR,
    comparison_reading,
    relation_reading,
    store_of,
)

EFFECT = Effect(Measure.HR, 0.5, 0.3, 0.8, "<0.001", "52%", "40%")


@pytest.fixture(scope="module")
def store() -> OxigraphStore:
    store = store_of(
        relation_reading("pmid:1", TACE, year=2001, design=Design.COHORT),
        relation_reading("pmid:2", TACE, year=2005, negated=True),
        relation_reading("pmid:3", SORAFENIB, Predicate.TARGETS, VEGFR, year=2010),
        comparison_reading("pmid:4", RFA, TACE, year=2015, effect=EFFECT),
        comparison_reading("pmid:5", RFA, UNKNOWN, year=None, retraction=Retraction.RETRACTED),
    )
    load_ontology(store, TURTLE)
    refresh(store)
    refresh_inferred(store)
    return store


@pytest.mark.parametrize(
    ("wanted", "documents"),
    [
        (EvidenceFilter(), ["pmid:4", "pmid:3", "pmid:2", "pmid:1", "pmid:5"]),
        (EvidenceFilter(terms=("IRKG:0006010",)), ["pmid:4", "pmid:2", "pmid:1"]),
        (EvidenceFilter(terms=("IRKG:0008010", "IRKG:0006020")), ["pmid:4", "pmid:3", "pmid:5"]),
        (EvidenceFilter(terms=("IRKG:0009999",)), []),
        (EvidenceFilter(predicate="targets"), ["pmid:3"]),
        (EvidenceFilter(document="pmid:2"), ["pmid:2"]),
        (EvidenceFilter(first_year=2005, last_year=2010), ["pmid:3", "pmid:2"]),
        (EvidenceFilter(last_year=2001), ["pmid:1"]),
        (EvidenceFilter(design=Design.COHORT), ["pmid:1"]),
        (EvidenceFilter(stance=Stance.DISPUTES), ["pmid:4", "pmid:2"]),
        (EvidenceFilter(kind="finding"), ["pmid:4", "pmid:5"]),
        (EvidenceFilter(claim=Relation("IRKG:0006010", "treats", "IRKG:0001010").iri), ["pmid:2", "pmid:1"]),
        (EvidenceFilter(terms=("IRKG:0006010",), stance=Stance.SUPPORTS, first_year=1990), ["pmid:1"]),
    ],
)
def test_filters(store: OxigraphStore, wanted: EvidenceFilter, documents: list[str]) -> None:
    page = evidence(store, wanted)
    assert [record.document.id for record in page.items] == documents
    assert page.total == len(documents)


def test_pages(store: OxigraphStore) -> None:
    seen = [evidence(store, EvidenceFilter(), offset=i, limit=2) for i in (0, 2, 4, 6)]
    assert [len(page.items) for page in seen] == [2, 2, 1, 0]
    assert {page.total for page in seen} == {5}
    assert len({record.iri for page in seen for record in page.items}) == 5


def test_a_finding_in_full(store: OxigraphStore) -> None:
    (record,) = evidence(store, EvidenceFilter(document="pmid:4")).items
    assert record.quote == "With radiofrequency ablation against TACE we measured overall survival."
    assert record.stance is Stance.DISPUTES
    assert (record.section, record.confidence) == ("results", 0.7)
    assert record.result is not None
    assert record.result.effect == EFFECT
    assert record.result.favors is Favors.INTERVENTION
    assert record.result.comparator_text == "TACE"
    assert set(record.terms) == {RFA.term, TACE.term, SURVIVAL.term, HCC.term}


def test_an_assertion_in_full(store: OxigraphStore) -> None:
    (record,) = evidence(store, EvidenceFilter(document="pmid:2")).items
    assert (record.subject, record.predicate, record.object) == (TACE.term, "treats", HCC.term)
    assert record.negated
    assert not record.hedged
    found = document(store, "pmid:2")
    assert found is not None
    assert found.text[record.start : record.end] == record.quote


def test_a_document(store: OxigraphStore) -> None:
    found = document(store, "pmid:4")
    assert found is not None
    assert found.citation.id == "pmid:4"
    assert found.citation.design is Design.RCT
    assert [section.label for section in found.sections] == ["Title", "Results"]
    assert [m.terms for m in found.mentions] == [(RFA.term,), (TACE.term,), (SURVIVAL.term,)]
    assert found.evidence == evidence(store, EvidenceFilter(document="pmid:4")).items
    unlinked = document(store, "pmid:5")
    assert unlinked is not None
    assert unlinked.citation.retraction is Retraction.RETRACTED
    assert [m.branch for m in unlinked.mentions if not m.terms] == ["Procedure"]
    assert document(store, "pmid:404") is None


def test_claims(store: OxigraphStore) -> None:
    iri = Relation("IRKG:0006010", "treats", "IRKG:0001010").iri
    record = claim(store, iri)
    assert record is not None
    assert claim(store, iri.rsplit("/", 1)[1]) == record
    assert (record.supporting, record.disputing, record.studies) == (1, 1, 2)
    assert claim(store, "0" * 32) is None
    assert claims(store, []) == {}


def test_claims_about_terms(store: OxigraphStore) -> None:
    page = claims_about(store, ["IRKG:0006010"])
    assert [record.kind for record in page.items] == ["relation", "comparison"]
    assert page.total == 2
    assert claims_about(store, ["IRKG:0006010"], predicate="treats").total == 1
    assert claims_about(store, ["IRKG:0006010"], limit=1, offset=1).items == page.items[1:]
    more = claims_about(store, ["IRKG:0006010"], inferred=True)
    assert {record.origin for record in more.items} == {"evidence", "inferred", "ontology"}
    assert claims_about(store, []).total == 0


def test_statistics(store: OxigraphStore) -> None:
    counts = term_statistics(store, "IRKG:0006010")
    assert (counts.documents, counts.mentions, counts.evidence, counts.studies, counts.claims) == (
        3,
        3,
        3,
        3,
        2,
    )


@pytest.mark.parametrize(
    "wanted",
    [
        EvidenceFilter(document='pmid:1" } #'),
        EvidenceFilter(document="pmid:1> ?p ?o } #"),
        EvidenceFilter(document="$limit"),
    ],
)
def test_what_a_person_types_is_never_sparql(store: OxigraphStore, wanted: EvidenceFilter) -> None:
    assert evidence(store, wanted).total == 0


def test_names_that_no_iri_can_have_are_refused(store: OxigraphStore) -> None:
    with pytest.raises(ValueError, match=r"IRI|iri"):
        evidence(store, EvidenceFilter(predicate="treats> ?o } #"))
    with pytest.raises(ValueError, match="CURIE"):
        claims_about(store, ["no term"])
