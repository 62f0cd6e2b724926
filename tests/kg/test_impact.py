from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kg.impact import impact, renamed, touched_claims
from kg.model.justification import Profile
from kg.store import OxigraphStore
from ontology.diff import Diff, diff
from ontology.editions import Edition
from ontology.iris import expand, graph
from ontology.terms import Obsolete, Ontology
from tests.kg.factories import store_of
from tests.kg.justify.worlds import HCC, MWA, ONTOLOGY, PEI, RFA, trial


@pytest.fixture
def store() -> OxigraphStore:
    return store_of(trial("pmid:1", RFA, PEI), trial("pmid:2", RFA, MWA))


def without(term: str, replaced_by: str) -> Ontology:
    """The world's ontology with one term made obsolete."""
    terms = {i: t for i, t in ONTOLOGY.terms.items() if i != term}
    return Ontology(terms, (), {term: Obsolete(ONTOLOGY[term], replaced_by, "test")})


def change(new: Ontology) -> Diff:
    return diff(Edition("old", ONTOLOGY), Edition("new", new))


def read(question: str, ontology: Ontology) -> Profile:
    return Profile(disease=HCC.term)


def test_claims_on_an_obsolete_term_are_found(store: OxigraphStore) -> None:
    assert PEI.term
    assert MWA.term
    (claim,) = {c.claim: c for c in touched_claims(store, change(without(PEI.term, MWA.term)))}.values()
    assert (claim.term, claim.what, claim.to) == (PEI.term, "renamed", (MWA.term,))
    assert claim.role == "comparator"
    assert PEI.term in claim.label  # this graph has no labels of terms
    assert {c.what for c in touched_claims(store, change(without(PEI.term, "")))} == {"orphaned"}


def test_claims_on_a_moved_term_are_found(store: OxigraphStore) -> None:
    assert PEI.term
    moved = replace(ONTOLOGY[PEI.term], parents=("IRKG:0006010",))
    found = touched_claims(store, change(Ontology({**ONTOLOGY.terms, PEI.term: moved})))
    assert {(c.what, c.to) for c in found} == {("moved", ("IRKG:0006010",))}


def test_a_copy_has_other_names_and_the_graph_is_as_it_was(store: OxigraphStore) -> None:
    assert PEI.term
    assert MWA.term
    size = store.size()
    copy = renamed(store, {PEI.term: MWA.term})
    told = {str(q.object) for q in copy.quads()}
    assert f"<{expand(PEI.term)}>" not in told
    assert store.size() == size
    assert any(f"<{expand(PEI.term)}>" == str(q.object) for q in store.quads())
    assert set(copy.graphs()) == set(store.graphs())
    assert graph("claims") in set(copy.graphs())


def test_answers_that_change_are_told(store: OxigraphStore) -> None:
    assert PEI.term
    new = without(PEI.term, MWA.term or "")
    found = impact(store, change(new), ONTOLOGY, new, ["HCC"], read)
    assert found.asked == 1
    (answer,) = found.answers
    assert answer.question == "HCC"
    assert MWA.term in {o.id for o in answer.options}
    json.dumps(found.to_json())


def test_an_equal_ontology_changes_nothing(store: OxigraphStore) -> None:
    found = impact(store, change(ONTOLOGY), ONTOLOGY, ONTOLOGY, ["HCC"], read)
    assert (found.claims, found.answers, found.asked) == ((), (), 1)
