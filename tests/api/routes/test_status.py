from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from kg.settings import Settings
from kg.versions import compute_dataset
from tests.api.serving import client_of, memory, on_disk
from tests.kg.factories import NAMES


def test_health_tells_version_and_counts(client: TestClient) -> None:
    found = client.get("/health").json()
    about = compute_dataset(memory())
    assert found["status"] == "ok"
    assert (found["dataset"], found["documents"], found["claims"]) == (about.version, 7, about.claims)
    assert found["inferred"] > 0
    assert found["terms"] == len(NAMES)
    assert found["query_processes"] == 0


def test_health_counts_query_processes(tmp_path: Path) -> None:
    with client_of(on_disk(tmp_path, query_workers=1)) as client:
        assert client.get("/sparql?query=ASK{}").status_code == 200
        assert client.get("/health").json()["query_processes"] == 1


def test_an_empty_graph_in_memory_is_healthy_and_says_that_it_holds_nothing() -> None:
    with client_of(Settings(store="memory")) as client:
        found = client.get("/health").json()
    assert (found["status"], found["dataset"], found["documents"]) == ("ok", None, None)
