from __future__ import annotations

import io

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from kg.claims import META
from kg.export import ExportError, Format, export
from kg.store import Change, OxigraphStore, Store
from ontology.iris import document_graph, graph
from tests.kg.factories import large_reading, relation_reading, store_of


def written(store: Store, form: Format = Format.NQUADS, **options: object) -> bytes:
    output = io.BytesIO()
    export(store, output, form, **options)  # type: ignore[arg-type]
    return output.getvalue()


@pytest.fixture
def store() -> OxigraphStore:
    store = store_of(relation_reading("pmid:1"), large_reading(2, mentions=5, evidence=3))
    store.apply(Change(add=(Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("now"), NamedNode(META)),)))
    return store


@pytest.mark.parametrize(
    ("form", "rdf"),
    [(Format.NQUADS, RdfFormat.N_QUADS), (Format.TRIG, RdfFormat.TRIG), (Format.JSONLD, RdfFormat.JSON_LD)],
)
def test_every_format_holds_everything(store: OxigraphStore, form: Format, rdf: RdfFormat) -> None:
    assert set(parse(written(store, form), format=rdf)) == set(store.quads())


def test_turtle_is_one_graph(store: OxigraphStore) -> None:
    name = document_graph("pmid:1")
    triples = {q.triple for q in parse(written(store, Format.TURTLE, graph=name), format=RdfFormat.TURTLE)}
    assert triples == {q.triple for q in store.quads(graph=name)}
    with pytest.raises(ExportError, match="one graph"):
        written(store, Format.TURTLE)


def test_the_canonical_form(store: OxigraphStore) -> None:
    text = written(store, canonical=True)
    lines = text.splitlines(keepends=True)
    assert lines == sorted(set(lines))
    assert META.encode() not in text
    assert len(lines) == store.size() - store.size(META)
    with pytest.raises(ExportError, match="N-Quads"):
        written(store, Format.TRIG, canonical=True)


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_the_size_of_chunks_makes_no_difference(store: OxigraphStore, chunk: int) -> None:
    assert written(store, canonical=True, chunk=chunk) == written(store, canonical=True)


def test_odd_text_stays_on_its_line() -> None:
    store = OxigraphStore.memory()
    odd = "a\nb\r\u2028\u0085_:x \x00"
    store.apply(
        Change(add=(Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal(odd), NamedNode(graph("claims"))),))
    )
    text = written(store, canonical=True)
    assert text.count(b"\n") == 1
    assert [q.object for q in parse(text, format=RdfFormat.N_QUADS)] == [Literal(odd)]


def test_a_blank_node_has_no_canonical_form() -> None:
    store = OxigraphStore.memory()
    store.apply(
        Change(add=(Quad(BlankNode("x"), NamedNode("urn:b"), Literal(1), NamedNode(graph("curation"))),))
    )
    with pytest.raises(ExportError, match="blank"):
        written(store, canonical=True)
