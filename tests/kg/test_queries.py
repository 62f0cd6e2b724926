from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

import kg.queries
from kg.queries import bind, rows
from kg.store import Change, OxigraphStore


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_bound_as_itself(text: str) -> None:
    store = OxigraphStore.memory()
    store.apply(
        Change(add=(Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal(text), NamedNode("urn:g")),))
    )
    found = list(
        rows(store, bind("SELECT ?s ?o { GRAPH ?g { ?s ?p ?o } FILTER(?o = $text) }", text=Literal(text)))
    )
    assert [row["o"].value for row in found] == [text]


def test_places_and_values_must_match() -> None:
    with pytest.raises(KeyError):
        bind("ASK { ?s ?p $object }")
    with pytest.raises(ValueError, match="no place"):
        bind("ASK { ?s ?p ?o }", object=Literal(1))


def test_a_value_is_not_a_template() -> None:
    assert "$b" in bind("ASK { ?s ?p $a }", a=Literal("$b"))


def test_rows_wants_a_select() -> None:
    with pytest.raises(TypeError):
        list(rows(OxigraphStore.memory(), "ASK {}"))


def test_everything_public_exists() -> None:
    assert all(hasattr(kg.queries, name) for name in kg.queries.__all__)
