from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

from kg.claims import is_dirty, refresh
from kg.store import OxigraphStore, StoreError
from kg.store.load import load_ontology, loaded_hash
from kg.store.skolem import skolemize
from ontology.iris import graph
from tests.kg.factories import TURTLE

G = NamedNode("urn:g")


def test_loads_once() -> None:
    store = OxigraphStore.memory()
    assert loaded_hash(store) is None
    assert load_ontology(store, TURTLE)
    size = store.size()
    assert not load_ontology(store, TURTLE)
    assert store.size() == size
    assert load_ontology(store, TURTLE + b"<urn:a> <urn:b> <urn:c> .")
    assert store.size() == size + 1


def test_a_changed_ontology_marks_the_claims() -> None:
    store = OxigraphStore.memory()
    load_ontology(store, TURTLE)
    refresh(store)
    assert not is_dirty(store)
    load_ontology(store, b"<urn:a> <urn:b> <urn:c> .", "ontology/inferred")
    assert not is_dirty(store)
    load_ontology(store, b"<urn:a> <urn:b> <urn:c> .")
    assert is_dirty(store)


def test_broken_turtle_changes_nothing() -> None:
    store = OxigraphStore.memory()
    load_ontology(store, TURTLE)
    size = store.size(graph("ontology"))
    with pytest.raises(StoreError, match="ontology"):
        load_ontology(store, b"<urn:a> <urn:b> .")
    assert store.size(graph("ontology")) == size


def test_blank_nodes_get_names_from_their_content() -> None:
    one = skolemize(parse(b"<urn:a> <urn:b> [ <urn:c> 1 ; <urn:d> [] ] .", format=RdfFormat.TURTLE), G)
    two = skolemize(parse(b"<urn:a> <urn:b> _:x . _:x <urn:d> _:y ; <urn:c> 1 .", format=RdfFormat.TURTLE), G)
    other = skolemize(parse(b"<urn:a> <urn:b> [ <urn:c> 2 ; <urn:d> [] ] .", format=RdfFormat.TURTLE), G)
    assert set(one) == set(two)
    assert set(one) != set(other)
    assert not any(isinstance(node, BlankNode) for q in one for node in (q.subject, q.object))


def test_deep_lists_are_no_problem() -> None:
    text = f"<urn:a> <urn:b> ( {'1 ' * 5000} ) ."
    assert len(skolemize(parse(text, format=RdfFormat.TURTLE), G)) == 10_001


def test_a_circle_of_blank_nodes_is_refused() -> None:
    with pytest.raises(StoreError, match="below itself"):
        skolemize(parse("_:a <urn:b> _:c . _:c <urn:b> _:a .", format=RdfFormat.TURTLE), G)
