"""The graph as the server holds it: a snapshot for each request, renewed when a newer one is published."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.settings import Settings
from kg.store import OxigraphStore, Store, StoreError
from kg.store.snapshots import newest
from kg.versions import Dataset, dataset
from ontology.problems import Problem

__all__ = ["Graph", "Opened"]

# The part of a snapshot that is written anew each time and never again (RocksDB's pointer to its manifest).
_STAMP: Final = "CURRENT"


class Opened:
    """One state of the graph, held open while anybody uses it.

    `identity` is equal as long as nothing can have changed, and empty when that is not known.
    """

    def __init__(self, store: Store, identity: str = "", snapshot: Path | None = None) -> None:
        self.store = store
        self.identity = identity
        self.snapshot = snapshot
        self.users = 0

    @cached_property
    def _dataset(self) -> Dataset | None:
        return dataset(self.store)

    def dataset(self) -> Dataset | None:
        """The description of the dataset; None when none was written."""
        return self._dataset if self.identity else dataset(self.store)


class Graph:
    """Gives every request the newest state of the graph.

    With a `store` it is that one, for good; else the settings say where it is. Nothing is opened before the
    first :meth:`use`.
    """

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._current: Opened | None = None
        self._owned = store is None
        if store is not None:
            self._current = _given(store)
        elif settings.in_memory:
            self._current = Opened(OxigraphStore.memory())

    @contextmanager
    def use(self) -> Iterator[Opened]:
        """The newest state, kept open until the block ends.

        Raises:
            StoreError: there is no graph yet, or it cannot be opened.
        """
        opened = self.take()
        try:
            yield opened
        finally:
            self.give_back(opened)

    def take(self) -> Opened:
        """The newest state; to be given back. May take some ten milliseconds when a newer one is opened."""
        with self._lock:
            self._renew()
            opened = self._current
            assert opened is not None
            opened.users += 1
            return opened

    def give_back(self, opened: Opened) -> None:
        """Say that a state is not used any longer; the last user of an old one closes it."""
        with self._lock:
            opened.users -= 1
            if opened.users == 0 and opened is not self._current and self._owned:
                opened.store.close()

    def close(self) -> None:
        """Close what is open, when the server ends."""
        with self._lock:
            opened, self._current = self._current, None
            if opened is not None and self._owned and opened.users == 0:
                opened.store.close()

    def _renew(self) -> None:
        if not self._owned or self._settings.in_memory:
            if self._current is None:
                problem = Problem("server", "the server is stopping")
                raise StoreError("the graph was closed", [problem])
            return
        folder = self._settings.store_folder
        if self._current is None:
            store = OxigraphStore.read_only(folder)
            self._current = _snapshot(store)
            return
        there = _newest_identity(folder)
        if there is None or there == self._current.identity:
            return
        # Not `read_only`, which publishes: two servers on one folder would chase each other's snapshots.
        found = newest(folder)
        if found is None:
            return
        try:
            database = ox.Store.read_only(str(found.path))
        except (OSError, ValueError):
            found.release()  # keep answering from what is open
            return
        old, self._current = self._current, _snapshot(OxigraphStore(database, folder=folder, snapshot=found))
        if old.users == 0:
            old.store.close()


def _given(store: Store) -> Opened:
    if isinstance(store, OxigraphStore) and not store.writable:
        return _snapshot(store)
    return Opened(store)


def _snapshot(store: OxigraphStore) -> Opened:
    path = store.location
    assert path is not None  # a snapshot has a place
    return Opened(store, _identity(path) or "", path)


def _identity(path: Path) -> str | None:
    try:
        status = (path / _STAMP).stat()
    except OSError:
        return None
    return f"{path.name}-{status.st_ino}-{status.st_mtime_ns}"


def _newest_identity(folder: Path) -> str | None:
    try:
        found = [path for path in folder.glob("snapshot-*") if path.suffix != ".lock"]
    except OSError:
        return None
    return _identity(max(found)) if found else None
