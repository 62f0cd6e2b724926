"""Clients that people have, against a real server."""

from __future__ import annotations

from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from ontology.iris import document_graph, document_iri
from tests.api.serving import DOI, Server

LABEL = URIRef("http://purl.org/dc/terms/identifier")


def test_rdflib_reads_the_graph_through_the_protocol(server: Server) -> None:
    for method in ("GET", "POST", "POST_FORM"):
        graph = Graph(SPARQLStore(f"{server.url}/sparql", method=method))
        document = URIRef(document_iri(DOI))
        assert graph.value(document, LABEL) == Literal(DOI)
        assert (document, LABEL, Literal("something else")) not in graph
        rows = list(
            graph.query("SELECT ?id WHERE { ?d <http://purl.org/dc/terms/identifier> ?id } ORDER BY ?id")
        )
        assert [str(row[0]) for row in rows] == [DOI, *(f"pmid:{n}" for n in range(1, 7))]  # type: ignore[index]
        assert graph.query("ASK { ?s ?p ?o }").askAnswer
        found = graph.query(f"CONSTRUCT {{ <{document}> ?p ?o }} WHERE {{ <{document}> ?p ?o }}").graph
        assert found is not None
        assert (document, LABEL, Literal(DOI)) in found


def test_rdflib_asks_one_named_graph(server: Server) -> None:
    store = SPARQLStore(f"{server.url}/sparql")
    graph = Graph(store, identifier=URIRef(document_graph(DOI)))
    documents = {str(o) for o in graph.objects(None, LABEL)}
    assert documents == {DOI}
