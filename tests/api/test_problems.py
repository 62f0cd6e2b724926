from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.problems import MEDIA_TYPE, ProblemDetails
from kg.settings import Settings
from kg.store import OxigraphStore
from tests.api.serving import app_of, client_of, memory

PROBLEMS = [
    ("/nowhere", 404, "not-found"),
    ("/terms/IRKG:9999999", 404, "not-found"),
    ("/terms/a/b", 404, "not-found"),
    ("/documents/pmid:99", 404, "not-found"),
    ("/claims/0123456789abcdef0123456789abcdef", 404, "not-found"),
    ("/claims/https://example.org/x", 404, "not-found"),
    ("/claims/x'%20y", 404, "not-found"),
    ("/evidence?limit=0", 422, "bad-parameter"),
    ("/evidence?limit=201", 422, "bad-parameter"),
    ("/evidence?offset=-1", 422, "bad-parameter"),
    ("/evidence?year_from=soon", 422, "bad-parameter"),
    ("/evidence?year_from=2010&year_to=2009", 422, "bad-parameter"),
    ("/evidence?design=wishful", 422, "bad-parameter"),
    ("/evidence?term=hepatoma", 422, "bad-parameter"),
    ("/evidence?term=IRKG:a%20b", 422, "bad-parameter"),
    ("/claims", 422, "bad-parameter"),
    ("/terms?branch=Wood", 422, "bad-parameter"),
    ("/paths?from=IRKG:0006010", 422, "bad-parameter"),
    ("/paths?from=IRKG:0006010&to=IRKG:0006010", 422, "bad-parameter"),
    ("/paths?from=IRKG:0006010&to=IRKG:9999999", 404, "not-found"),
    ("/paths?from=IRKG:0006010&to=IRKG:0001010&hops=9", 422, "bad-parameter"),
    ("/justify", 422, "bad-parameter"),
    ("/sparql", 400, "bad-sparql-request"),
    ("/sparql?query=SELECT", 400, "malformed-query"),
]


@pytest.mark.parametrize(("path", "status", "kind"), PROBLEMS)
def test_an_error_is_told_as_problem_details(client: TestClient, path: str, status: int, kind: str) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA_TYPE
    problem = ProblemDetails.model_validate(response.json())
    assert problem.type.endswith(f"/problems/{kind}")
    assert problem.status == status
    assert problem.title
    assert problem.detail
    assert problem.instance == response.request.url.path


def test_each_bad_parameter_is_named(client: TestClient) -> None:
    errors = client.get("/evidence?limit=x&offset=y").json()["errors"]
    assert {one["parameter"] for one in errors} == {"query.limit", "query.offset"}


def test_a_wrong_method_is_told_which_are_right(client: TestClient) -> None:
    response = client.delete("/terms")
    assert (response.status_code, response.headers["content-type"]) == (405, MEDIA_TYPE)
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.delete("/sparql").headers["allow"] == "GET, POST, HEAD, OPTIONS"
    assert client.post("/terms/a").headers["allow"] == "GET, HEAD, OPTIONS"
    options = client.options("/sparql")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, POST, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["/health", "/evidence", "/terms/IRKG:0006010", "/sparql?query=ASK{}"])
def test_without_a_graph_the_answer_says_how_to_make_one(tmp_path: Path, path: str) -> None:
    with client_of(Settings(data=tmp_path / "nothing")) as client:
        response = client.get(path)
        assert (response.status_code, response.headers["content-type"]) == (503, MEDIA_TYPE)
        assert "irkg build" in response.json()["mend"]
        assert client.get("/terms?q=tace").status_code == 200
    assert not (tmp_path / "nothing").exists()


def test_a_graph_that_is_made_later_is_found(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with client_of(settings) as client:
        assert client.get("/health").status_code == 503
        with OxigraphStore.open(settings.store_folder) as store:
            assert client.get("/health").status_code == 503  # being written, nothing published
            assert client.get("/health").json()["type"].endswith("graph-locked")
            assert client.get("/health").headers["retry-after"]
            store.publish()
            assert client.get("/health").status_code == 200


def test_an_internal_error_shows_nothing_of_the_inside() -> None:
    app = app_of(store=memory())

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("the password is secret")

    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/broken")
    assert (response.status_code, response.headers["content-type"]) == (500, MEDIA_TYPE)
    assert "secret" not in response.text
    assert "Traceback" not in response.text
