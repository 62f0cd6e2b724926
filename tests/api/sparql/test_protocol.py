from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph

from api.sparql.protocol import LARGEST_REQUEST
from ontology.iris import document_graph, graph

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}
TEXT = {"Content-Type": "text/plain"}
UPDATE = {"Content-Type": "application/sparql-update"}
BAD = "bad-sparql-request"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
DOCUMENT = document_graph("pmid:1")


def count(client: TestClient, query: str = COUNT, **parameters: object) -> int:
    response = client.get("/sparql", params={"query": query, **parameters})  # type: ignore[dict-item]
    assert response.status_code == 200, response.text
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_the_three_ways_to_send_a_query_give_the_same(client: TestClient) -> None:
    by_get = client.get("/sparql", params={"query": COUNT})
    assert by_get.headers["content-type"] == "application/sparql-results+json"
    assert client.post("/sparql", data={"query": COUNT}).json() == by_get.json()
    assert client.post("/sparql", content=COUNT, headers=QUERY).json() == by_get.json()
    with_charset = {"Content-Type": "application/sparql-query; charset=utf-8"}
    assert client.post("/sparql", content=COUNT, headers=with_charset).json() == by_get.json()


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/csv;q=0.2, application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/turtle, */*;q=0.1", "application/sparql-results+json"),
    ],
)
def test_select_and_ask_in_the_format_that_is_asked_for(
    client: TestClient, accept: str | None, content_type: str
) -> None:
    for query in ("SELECT ?a ?b { VALUES (?a ?b) { (<urn:x> 'y,z') } }", "ASK {}"):
        headers = {"Accept": accept} if accept else {"Accept": ""}
        response = client.get("/sparql", params={"query": query}, headers=headers)
        assert (response.status_code, response.headers["content-type"]) == (200, content_type)
        assert response.headers["vary"].startswith("Accept")
        if "xml" in content_type:
            assert "<sparql" in response.text
        elif "json" in content_type:
            assert json.loads(response.content)["head"] is not None
        elif "csv" in content_type and "SELECT" in query:
            assert response.text == 'a,b\r\nurn:x,"y,z"\r\n'


@pytest.mark.parametrize(
    ("accept", "content_type", "rdflib_format"),
    [
        ("*/*", "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("text/csv, text/turtle;q=0.1", "text/turtle; charset=utf-8", "turtle"),
    ],
)
def test_construct_and_describe_in_the_format_that_is_asked_for(
    client: TestClient, accept: str, content_type: str, rdflib_format: str
) -> None:
    for query in ("CONSTRUCT WHERE { ?s ?p ?o }", f"DESCRIBE <{DOCUMENT.replace('graph/', '')}>"):
        response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
        assert (response.status_code, response.headers["content-type"]) == (200, content_type)
        assert len(Graph().parse(data=response.content, format=rdflib_format)) > 5


@pytest.mark.parametrize(("query", "accept"), [("ASK {}", "text/turtle"), (COUNT, "image/png"),
                                               ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv")])  # fmt: skip
def test_what_cannot_be_written_as_asked_is_not_acceptable(
    client: TestClient, query: str, accept: str
) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert response.status_code == 406
    assert response.json()["type"].endswith("not-acceptable")


def test_the_default_graph_is_all_graphs_together(client: TestClient) -> None:
    # Oxigraph counts a triple once for each graph that it stands in; docs/api.md says so.
    everything = count(client, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert count(client) == everything > 100


def test_the_dataset_of_the_protocol(client: TestClient) -> None:
    named = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    one = count(client, **{"default-graph-uri": DOCUMENT})
    assert 0 < one < count(client)
    both = count(client, **{"default-graph-uri": [DOCUMENT, graph("claims")]})
    assert both == one + count(client, **{"default-graph-uri": graph("claims")})
    assert count(client, named, **{"default-graph-uri": DOCUMENT}) == 0
    assert count(client, named, **{"named-graph-uri": [DOCUMENT, graph("claims")]}) == 2
    assert count(client, **{"named-graph-uri": DOCUMENT}) == 0
    posted = client.post(
        f"/sparql?default-graph-uri={DOCUMENT}", content=COUNT, headers=QUERY
    ).json()["results"]["bindings"][0]["n"]["value"]  # fmt: skip
    assert int(posted) == one


def test_from_in_the_query_is_honoured_and_the_protocol_goes_first(client: TestClient) -> None:
    said = COUNT.replace("WHERE", f"FROM <{DOCUMENT}> WHERE")
    assert count(client, said) == count(client, **{"default-graph-uri": DOCUMENT})
    claims = {"default-graph-uri": graph("claims")}
    assert count(client, said, **claims) == count(client, **claims)


@pytest.mark.parametrize(
    ("request_", "status", "kind"),
    [
        ({"params": {}}, 400, BAD),
        ({"params": {"query": ["ASK {}", "ASK {}"]}}, 400, BAD),
        ({"params": {"query": "SELECT * WHERE { ?s"}}, 400, "malformed-query"),
        ({"params": {"query": ""}}, 400, "malformed-query"),
        ({"params": {"query": "ASK {}", "default-graph-uri": "not an iri"}}, 400, BAD),
        ({"params": {"query": "ASK {}", "timeout": "soon"}}, 400, BAD),
        ({"params": {"query": "ASK {}", "timeout": "nan"}}, 400, BAD),
        ({"params": {"query": "ASK {}", "timeout": "-1"}}, 400, BAD),
        ({"method": "POST", "content": b"query=%FF", "headers": FORM}, 400, BAD),
        ({"method": "POST", "content": b"\xff", "headers": QUERY}, 400, BAD),
        ({"method": "POST", "content": b"", "headers": QUERY}, 400, "malformed-query"),
        ({"method": "POST", "content": b"ASK {}", "headers": TEXT}, 415, "unsupported-media-type"),
        ({"method": "POST", "content": b"ASK {}"}, 415, "unsupported-media-type"),
        ({"method": "POST", "content": b"ASK {}", "headers": QUERY, "params": {"query": "ASK {}"}}, 400, BAD),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 403, "update-refused"),
        ({"params": {"update": "CLEAR ALL"}}, 403, "update-refused"),
        ({"params": {"query": "CLEAR ALL"}}, 403, "update-refused"),
        ({"method": "POST", "content": b"CLEAR ALL", "headers": UPDATE}, 403, "update-refused"),
        ({"params": {"query": "ASK { SERVICE <http://127.0.0.1/> {} }"}}, 403, "service-closed"),
        ({"method": "PUT", "content": b"ASK {}", "headers": QUERY}, 405, "method-not-allowed"),
        ({"method": "POST", "content": b"#" * (LARGEST_REQUEST + 1), "headers": QUERY}, 413, "too-large"),
    ],
)  # fmt: skip
def test_requests_that_are_refused(
    client: TestClient, request_: dict[str, object], status: int, kind: str
) -> None:
    before = count(client)
    response = client.request(**{"method": "GET", "url": "/sparql"} | request_)  # type: ignore[arg-type]
    assert (response.status_code, response.json()["type"].rsplit("/", 1)[1]) == (status, kind), response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert count(client) == before


def test_a_malformed_query_is_told_where(client: TestClient) -> None:
    assert "1:7" in client.get("/sparql?query=SELECT").json()["detail"]


def test_a_query_in_memory_is_given_up_at_its_deadline_and_its_number_is_bounded() -> None:
    from api.sparql.inline import THREADS
    from tests.api.serving import client_of
    from tests.kg.factories import large_reading, store_of

    # Long against the deadline, but the threads that nobody stops must not burden the tests after this one.
    parts = " ".join(f"{{ SELECT ?{name} {{ ?{name} ?p ?o }} LIMIT 200 }}" for name in "abc")
    endless = f"SELECT (COUNT(*) AS ?n) {{ {parts} }}"
    with client_of(store=store_of(large_reading(1, 120, 10))) as client:
        kinds = []
        for _ in range(THREADS + 1):
            response = client.get("/sparql", params={"query": endless, "timeout": 0.05})
            assert response.status_code == 503
            kinds.append(response.json()["type"].rsplit("/", 1)[1])
        assert kinds == ["query-timeout"] * THREADS + ["busy"]
