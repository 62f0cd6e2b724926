"""Whatever is put into parameters, the answer is one that the documentation names."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kg.factories import NAMES

SETTINGS = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HARD = st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "'",
        '"',
        "\\",
        "<",
        ">",
        "}",
        "$terms",
        "?x",
        "IRKG:",
        "IRKG:0006010> . ?s ?p ?o",
        "urn:a",
        "irkg:treats",
        "https://w3id.org/irkg/claim/",
        "../../etc/passwd",
        "%00",
        "%2e%2e%2f",
        "\ud7ff",
        "𝔘",
        "NaN",
        "-1",
        "1e9",
        "9" * 30,
        "true",
        "None",
        "doi:10.1/a/b",
        "pmid:1",
        "#",
        "a" * 3000,
        "\r\nX: y",
        "null",
        "[]",
    ]
)
IDS = st.sampled_from([str(name.term) for name in NAMES])
VALUE = st.one_of(HARD, IDS, st.text(max_size=20), st.integers().map(str), st.floats().map(str))
NAME = st.sampled_from(
    [
        "term",
        "q",
        "branch",
        "predicate",
        "document",
        "year_from",
        "year_to",
        "design",
        "stance",
        "kind",
        "offset",
        "limit",
        "from",
        "to",
        "hops",
        "inferred",
        "narrower",
    ]
)
PATH = st.sampled_from(["/terms", "/evidence", "/claims", "/paths", "/health", "/"])
LIKELY = st.fixed_dictionaries(
    {},
    optional={
        "term": st.lists(IDS, max_size=3),
        "from": IDS,
        "to": IDS,
        "limit": st.integers(-1, 250),
        "offset": st.integers(-1, 2**70),
        "year_from": st.integers(-10, 12_000),
        "stance": st.sampled_from(["for", "against", "neutral", "both"]),
        "predicate": st.sampled_from(["treats", "uses", "a", "x" * 50]),
        "inferred": st.booleans(),
        "narrower": st.booleans(),
        "hops": st.integers(0, 5),
    },
)


def check(client: TestClient, path: str, parameters: Any = None) -> None:
    response = client.get(path, params=parameters)
    assert response.status_code in (200, 404, 422), (response.status_code, response.text)
    if response.status_code != 200:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == response.status_code


@SETTINGS
@given(path=PATH, parameters=st.dictionaries(NAME, VALUE, max_size=5))
def test_any_value_of_any_parameter(client: TestClient, path: str, parameters: dict[str, str]) -> None:
    check(client, path, parameters)


@SETTINGS
@given(path=PATH, parameters=LIKELY)
def test_values_near_the_edge(client: TestClient, path: str, parameters: dict[str, Any]) -> None:
    check(client, path, parameters)


@SETTINGS
@given(kind=st.sampled_from(["terms", "claims", "documents"]), name=VALUE, quoted=st.booleans())
def test_any_id(client: TestClient, kind: str, name: str, quoted: bool) -> None:
    from urllib.parse import quote

    check(client, f"/{kind}/" + quote(name, safe="" if quoted else "/:", errors="replace"))


@SETTINGS
@given(
    query=st.one_of(HARD, st.text(max_size=40), st.sampled_from(["ASK {}", "SELECT * { ?s ?p ?o } LIMIT 1"])),
    accept=st.one_of(
        st.none(), st.sampled_from(["*/*", "text/csv", "text/turtle;q=2", "image/*", ";;,", "a/b;q=x"])
    ),
    graph=st.one_of(st.none(), VALUE),
    timeout=st.one_of(st.none(), st.sampled_from(["1", "0", "x", "inf", "1e400"])),
)
def test_any_sparql_request(
    client: TestClient, query: str, accept: str | None, graph: str | None, timeout: str | None
) -> None:
    parameters = {"query": query, "default-graph-uri": graph, "timeout": timeout}
    given_ = {name: value for name, value in parameters.items() if value is not None}
    for response in (
        client.get("/sparql", params=given_, headers={"Accept": accept} if accept else {}),
        client.post("/sparql", data=given_, headers={"Accept": accept} if accept else {}),
    ):
        assert response.status_code in (200, 400, 403, 406), (response.status_code, response.text)


@SETTINGS
@given(
    body=st.binary(max_size=60),
    kind=st.sampled_from(
        [
            "application/sparql-query",
            "text/html",
            "",
            "x" * 99,
            "application/x-www-form-urlencoded",
            "application/json",
        ]
    ),
)
def test_any_sparql_body(client: TestClient, body: bytes, kind: str) -> None:
    response = client.post("/sparql", content=body, headers={"Content-Type": kind})
    assert response.status_code in (200, 400, 403, 406, 415), (response.status_code, response.text)
