from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from kg.settings import Settings
from tests.api.serving import app_of, client_of, on_disk

STATIC = Path(__file__).parents[2] / "api" / "static" / "swagger-ui"


def test_the_docs_page_asks_no_other_server(client: TestClient) -> None:
    page = client.get("/docs").text
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)
    files = re.findall(r"""(?:src|href)=["'](/static/[^"']+)""", page)
    assert len(files) == 3
    for file in files:
        assert client.get(file).status_code == 200


def test_the_licence_of_the_vendored_files_is_beside_them() -> None:
    assert "Apache License" in (STATIC / "LICENSE").read_text()
    assert "5.35.0" in (STATIC / "README.md").read_text()


def references(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["$ref"]} if isinstance(schema.get("$ref"), str) else set()
        return own.union(*(references(value) for value in schema.values()))
    return set().union(*(references(value) for value in schema)) if isinstance(schema, list) else set()


def test_the_description_is_whole(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()
    names = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert references(schema) <= names
    assert "#/components/schemas/ProblemDetails" in names
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert "application/problem+json" in operation["responses"]["422"]["content"]
            for parameter in operation.get("parameters", []):
                assert parameter.get("description"), (method, path, parameter["name"])


def test_every_field_of_every_answer_is_described(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    bare = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, said in schema.get("properties", {}).items()
        if not said.get("description")
    ]
    assert not bare


def test_the_root_is_a_page_for_people_and_json_for_programs(client: TestClient) -> None:
    page = client.get("/", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    assert "does not make one" in page.text
    assert client.get("/").json()["name"] == "IR-KG"
    for link in client.get("/").json()["links"]:
        if not link["path"].startswith("/justify"):  # loads the language model
            assert client.get(link["href"]).status_code == 200, link


def test_other_origins_may_read_answers_and_their_headers(client: TestClient) -> None:
    response = client.get("/evidence?limit=1", headers={"Origin": "https://example.org"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert "Link" in response.headers["access-control-expose-headers"]
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    assert client.options("/sparql", headers=asked).status_code == 200


def test_large_answers_are_compressed(client: TestClient) -> None:
    response = client.get("/evidence", headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert response.json()["total"] == 7


def test_head_has_the_headers_of_get_and_no_body(client: TestClient) -> None:
    for path in ("/evidence", "/sparql?query=ASK{}", "/health"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == get.headers["content-type"]


def test_an_unchanged_graph_is_not_sent_again(tmp_path: Path) -> None:
    with client_of(on_disk(tmp_path)) as client:
        for path in ("/evidence", "/terms/IRKG:0006010", "/sparql?query=ASK{}"):
            tag = client.get(path).headers["etag"]
            again = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        tag = client.get("/sparql?query=ASK{}").headers["etag"]
        as_csv = {"If-None-Match": tag, "Accept": "text/csv"}
        assert client.get("/sparql?query=ASK{}", headers=as_csv).status_code == 200
        assert "etag" not in client.get("/sparql?query=SELECT(NOW() AS ?n){}").headers


def test_a_graph_in_memory_has_no_tag_because_it_may_change_unseen(client: TestClient) -> None:
    assert "etag" not in client.get("/evidence").headers


def test_making_the_app_loads_no_language_model_and_opens_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; "
        "from api.app import create_app; from kg.settings import Settings;"
        f"create_app(Settings(data=Path({str(tmp_path / 'none')!r})));"
        "assert not {'spacy', 'owlready2', 'rdflib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
    assert not (tmp_path / "none").exists()


def test_two_apps_share_nothing() -> None:
    one, other = app_of(Settings(page_limit=1)), app_of(Settings(page_limit=2))
    with TestClient(one) as first, TestClient(other) as second:
        assert first.get("/terms?limit=2").status_code == 422
        assert second.get("/terms?limit=2").status_code == 200
