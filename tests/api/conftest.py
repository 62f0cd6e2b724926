"""Clients that many tests share; the graph behind them is only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.api.serving import Server, app_of, client_of, memory, on_disk, serve


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    with client_of(store=memory()) as client:
        yield client


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("graph")
    with serve(app_of(on_disk(folder))) as server:
        server.wait_for_workers(2)
        yield server
