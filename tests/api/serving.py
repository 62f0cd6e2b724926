"""Synthetic graphs served in three ways: in memory, from a folder, and by a real uvicorn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes.state import State
from kg.claims import refresh
from kg.inference import refresh_inferred
from kg.model import Favors, Predicate
from kg.settings import Settings
from kg.store import OxigraphStore, Store
from kg.store.load import load_ontology
from kg.versions import update_dataset
from tests.kg import factories
from tests.kg.factories import BLEEDING, HCC, RFA, SORAFENIB, TACE, VEGFR

DOI = "doi:10.1000/x(1)/y;2-z"


def fill(store: Store) -> None:
    """A small graph: for and against, a comparison, two chains, a document with a DOI for its id."""
    load_ontology(store, factories.TURTLE)
    factories.write(
        store,
        factories.relation_reading("pmid:1", TACE, Predicate.TREATS, HCC, year=2001),
        factories.relation_reading("pmid:2", TACE, Predicate.TREATS, HCC, negated=True, year=2002),
        factories.relation_reading("pmid:3", TACE, Predicate.USES, SORAFENIB, year=2003),
        factories.relation_reading("pmid:4", SORAFENIB, Predicate.TARGETS, VEGFR, year=2004),
        factories.relation_reading("pmid:5", VEGFR, Predicate.ASSOCIATED_WITH, HCC, year=2005),
        factories.comparison_reading("pmid:6", TACE, RFA, favors=Favors.COMPARATOR, year=2006),
        factories.relation_reading(DOI, TACE, Predicate.CAUSES, BLEEDING, year=2007),
    )
    refresh(store)
    refresh_inferred(store)
    update_dataset(store)


def memory() -> OxigraphStore:
    """The small graph in memory."""
    store = OxigraphStore.memory()
    fill(store)
    return store


def on_disk(folder: Path, **settings: Any) -> Settings:
    """The small graph in a folder, with a published snapshot."""
    chosen = Settings(data=folder, **settings)
    with OxigraphStore.open(chosen.store_folder) as store:
        fill(store)
        store.publish()
    return chosen


def app_of(settings: Settings | None = None, store: Store | None = None) -> FastAPI:
    """The app over the terms of the factories."""
    return create_app(settings or Settings(), store, ontology=factories.ontology())


@contextmanager
def client_of(settings: Settings | None = None, store: Store | None = None) -> Iterator[TestClient]:
    """A client that gets the answers that a server's clients get, errors included."""
    with TestClient(app_of(settings, store), raise_server_exceptions=False) as client:
        yield client


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    state: State
    client: httpx.Client

    @property
    def workers(self) -> list[int]:
        """The process ids of its query processes."""
        assert self.state.pool is not None
        return self.state.pool.processes

    def ask(self, query: str, **parameters: Any) -> httpx.Response:
        """One query."""
        return self.client.get("/sparql", params={"query": query, **parameters})

    def wait_for_workers(self, number: int, seconds: float = 5) -> None:
        """Return when so many processes are there."""
        wait_until(lambda: len(self.workers) == number, seconds)


def wait_until(holds: Any, seconds: float = 5) -> None:
    """Return when `holds()`; fail when it does not within the time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@contextmanager
def serve(app: FastAPI) -> Iterator[Server]:
    """The app in a real uvicorn on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started, 10)
        port = server.servers[0].sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=30, verify=False) as client:  # certificates take time to load
            yield Server(url, app.state.irkg, client)
    finally:
        server.should_exit = True
        thread.join(10)
