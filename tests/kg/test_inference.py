from __future__ import annotations

from typing import Any

from kg.claims import refresh
from kg.identity import Relation
from kg.inference import INFERRED, Chain, chains, infer, inferences, inverses, refresh_inferred
from kg.lookup import claim
from kg.model import Predicate
from kg.store import OxigraphStore
from kg.store.load import load_ontology
from kg.vocabulary import IRKG
from tests.kg.factories import HCC, SORAFENIB, TACE, TURTLE, VEGFR, relation_reading, store_of, write

USES_TARGETS = Chain("targets", ("uses", "targets"))
MECHANISM = Chain("has_mechanism_for", ("targets", "associated_with"))


def facts(*some: str) -> dict[Relation, bool]:
    return {Relation(a, b, c): True for a, b, c in (text.split() for text in some)}


def found(rules: list[Chain], *some: str, **options: Any) -> dict[str, tuple[str, ...]]:
    def text(relation: Relation) -> str:
        return f"{relation.subject} {relation.predicate} {relation.object}"

    every = infer(facts(*some), rules, **options)
    return {text(one.relation): tuple(text(p) for p in one.premises) for one in every}


def test_one_chain() -> None:
    assert found([USES_TARGETS], "a uses b", "b targets c") == {"a targets c": ("a uses b", "b targets c")}
    assert found([USES_TARGETS], "a uses b", "c targets d") == {}


def test_chains_of_three_steps() -> None:
    rule = Chain("x", ("p", "q", "r"))
    assert found([rule], "a p b", "b q c", "c r d") == {"a x d": ("a p b", "b q c", "c r d")}


def test_the_second_round_uses_the_first() -> None:
    rules, some = [USES_TARGETS, MECHANISM], ("a uses b", "b targets c", "c associated_with d")
    assert found(rules, *some, rounds=1).keys() == {"a targets c", "b has_mechanism_for d"}
    both = found(rules, *some)
    assert both["a has_mechanism_for d"] == ("a targets c", "c associated_with d")


def test_what_is_known_is_not_inferred() -> None:
    assert found([USES_TARGETS], "a uses b", "b targets c", "a targets c") == {}
    assert found([USES_TARGETS], "a uses b", "b targets a") == {}


def test_the_first_of_several_ways_is_kept() -> None:
    some = ("a uses b", "a uses z", "z targets c", "b targets c")
    assert found([USES_TARGETS], *some) == {"a targets c": ("a uses b", "b targets c")}
    assert found([USES_TARGETS], *some[::-1]) == found([USES_TARGETS], *some)


def test_a_subject_has_a_cap() -> None:
    some = ["a uses b", *(f"b targets t{i}" for i in range(9))]
    assert list(found([USES_TARGETS], *some, cap=3)) == ["a targets t0", "a targets t1", "a targets t2"]


def test_circles_end() -> None:
    rule = Chain("p", ("p", "p"))
    assert len(found([rule], "a p b", "b p c", "c p a", rounds=10)) == 3


def test_a_step_along_an_inverse() -> None:
    rule = Chain("may_contraindicate", ("contraindicates", "used_by"))
    inverse = {"uses": "used_by", "used_by": "uses"}
    (one,) = infer(facts("c contraindicates d", "p uses d"), [rule], inverse)
    assert one.relation == Relation("c", "may_contraindicate", "p")
    assert one.premises == (Relation("c", "contraindicates", "d"), Relation("p", "uses", "d"))
    assert infer(facts("c contraindicates d", "p uses d"), [rule]) == []


def test_inverses_are_read_both_ways() -> None:
    store = OxigraphStore.memory()
    load_ontology(store, TURTLE + b"irkg:uses owl:inverseOf irkg:used_by .")
    assert inverses(store) == {"uses": "used_by", "used_by": "uses"}


def test_chains_are_read_from_the_ontology() -> None:
    store = OxigraphStore.memory()
    load_ontology(store, TURTLE)
    assert chains(store) == [MECHANISM, USES_TARGETS]


def mechanism_store() -> OxigraphStore:
    store = store_of(
        relation_reading("pmid:1", SORAFENIB, Predicate.TARGETS, VEGFR),
        relation_reading("pmid:2", VEGFR, Predicate.ASSOCIATED_WITH, HCC),
    )
    load_ontology(store, TURTLE)
    refresh(store)
    return store


def test_claims_and_the_ontology_together() -> None:
    store = mechanism_store()
    assert refresh_inferred(store) == 3
    record = claim(store, Relation(TACE.term or "", "has_mechanism_for", HCC.term or "").iri)
    assert record is not None
    assert record.inferred
    assert record.axiom == "targets o associated_with -> has_mechanism_for"
    assert len(record.premises) == 2
    read, inferred = claim(store, claim_of_vegfr()), claim(store, claim_of_tace())
    assert {one.iri for one in (read, inferred) if one is not None} == set(record.premises)
    assert read is not None
    assert inferred is not None
    assert (read.origin, read.supporting) == ("evidence", 1)
    assert (inferred.origin, inferred.predicate, inferred.object) == ("inferred", "targets", VEGFR.term)
    axiom = claim(store, Relation(TACE.term or "", "uses", SORAFENIB.term or "").iri)
    assert axiom is not None
    assert axiom.origin == "ontology"


def claim_of_tace() -> str:
    return Relation(TACE.term or "", "targets", VEGFR.term or "").iri


def claim_of_vegfr() -> str:
    return Relation(VEGFR.term or "", "associated_with", HCC.term or "").iri


def test_the_graph_is_replaced_and_fixed() -> None:
    store = mechanism_store()
    refresh_inferred(store)
    before = set(store.quads(graph=INFERRED))
    refresh_inferred(store)
    assert set(store.quads(graph=INFERRED)) == before
    write(store, relation_reading("pmid:3", VEGFR, Predicate.ASSOCIATED_WITH, HCC, negated=True))
    refresh(store)  # as many dispute as support: no fact any more
    assert [str(one.chain) for one in inferences(store)] == ["uses o targets -> targets"]
    refresh_inferred(store)
    assert list(store.quads(None, IRKG.has_mechanism_for, None, graph=INFERRED)) == []
