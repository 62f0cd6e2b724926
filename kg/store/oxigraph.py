"""The store as an embedded Oxigraph database, on disk or in memory.

Oxigraph promises that one `extend` and one `update` is a transaction each (its Python reference,
`Store.extend` and `Store.update`); `bulk_load` is none and is not used. A change that only adds goes through
`extend`, which is about twice as fast as the same quads in an update text; a change that also removes goes
through one update text with nothing in it but the difference to what is stored (`tests/benchmarks` has the
figures).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from kg.store.base import Change, QueryResult, Resource, StoreError, StoreLockedError
from kg.store.snapshots import DATABASE, Snapshot, newest, publish
from ontology.problems import Problem

__all__ = ["OxigraphStore"]

# Oxigraph keeps what was written in memory until a buffer of each of its indexes is full, a gigabyte in all.
# Flushing after this many quads keeps a long ingest at some 150 MB, and is faster too (measured,
# tests/kg/store/test_throughput.py).
_FLUSH_EVERY: Final = 100_000


class OxigraphStore:
    """An implementation of :class:`kg.store.base.Store`; open it with `open`, `read_only` or `memory`.

    >>> from ontology.iris import graph
    >>> store = OxigraphStore.memory()
    >>> fact = Quad(NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:c"), NamedNode(graph("meta")))
    >>> store.apply(Change(add=(fact,)))
    >>> store.size(graph("meta"))
    1
    """

    def __init__(
        self, database: ox.Store, *, folder: Path | None = None, snapshot: Snapshot | None = None
    ) -> None:
        self._database: ox.Store | None = database
        self._folder = folder
        self._snapshot = snapshot
        self._writing = threading.Lock()
        self._unflushed = 0

    @classmethod
    def memory(cls) -> OxigraphStore:
        """A store that lives as long as the process."""
        return cls(ox.Store())

    @classmethod
    def open(cls, folder: Path) -> OxigraphStore:
        """The store in `folder` for reading and writing; made when it is not there.

        Raises:
            StoreLockedError: another process has it open for writing.
            StoreError: the folder cannot be used.
        """
        return cls(_open(folder), folder=folder)

    @classmethod
    def read_only(cls, folder: Path) -> OxigraphStore:
        """The state of the store in `folder` as a frozen snapshot, also while another process writes.

        Oxigraph must not read files that another process is changing, so this opens the snapshot that the
        writer published last (hard links to immutable files, made in milliseconds). When nobody writes, a
        fresh one is made.

        Raises:
            StoreError: there is no store, or a writer holds it and has published nothing yet.
        """
        if not (folder / DATABASE).exists():
            problem = Problem(str(folder), "no graph here", mend="run `irkg build` or `irkg ingest` first")
            raise StoreError("the graph cannot be opened", [problem])
        try:
            writer = _open(folder)
            publish(writer, folder)
            del writer
        except StoreLockedError:
            pass
        snapshot = newest(folder)
        if snapshot is None:
            problem = Problem(
                str(folder), "is being written and has no snapshot yet", mend="try again in a moment"
            )
            raise StoreLockedError("the graph cannot be read yet", [problem])
        try:
            return cls(ox.Store.read_only(str(snapshot.path)), folder=folder, snapshot=snapshot)
        except (OSError, ValueError) as error:
            snapshot.release()
            raise StoreError(
                "the graph cannot be opened", [Problem(str(snapshot.path), str(error))]
            ) from error

    @property
    def writable(self) -> bool:
        """True unless this is a snapshot."""
        return self._snapshot is None

    @property
    def location(self) -> Path | None:
        """The folder of the database files that are read; None in memory. Worker processes may open it
        read-only.
        """
        if self._snapshot is not None:
            return self._snapshot.path
        return None if self._folder is None else self._folder / DATABASE

    def optimize(self) -> None:
        """Compact the files; worth it after a large ingest. Takes seconds for each million quads."""
        self._raw.optimize()

    def publish(self) -> None:
        """Let readers opened from now on see the present state; does nothing in memory."""
        if self._folder is not None and self.writable:
            publish(self._raw, self._folder)

    def query(
        self,
        sparql: str,
        *,
        union: bool = True,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] | None = None,
    ) -> QueryResult:
        """See :meth:`kg.store.base.Store.query`."""
        try:
            return self._raw.query(
                sparql,
                use_default_graph_as_union=union and not default_graphs,
                default_graph=[NamedNode(g) for g in default_graphs] or None,
                named_graphs=None if named_graphs is None else [NamedNode(g) for g in named_graphs],
            )
        except OSError as error:
            raise self._broken(error) from error

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: Resource | None = None,
        *,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """See :meth:`kg.store.base.Store.quads`."""
        name = None if graph is None else NamedNode(graph)
        return self._raw.quads_for_pattern(subject, predicate, object, name)

    def graphs(self) -> Iterator[str]:
        """See :meth:`kg.store.base.Store.graphs`."""
        for name in self._raw.named_graphs():
            if isinstance(name, NamedNode) and self.contains_graph(name.value):
                yield name.value

    def contains_graph(self, graph: str) -> bool:
        """See :meth:`kg.store.base.Store.contains_graph`."""
        return next(self.quads(graph=graph), None) is not None

    def size(self, graph: str | None = None) -> int:
        """See :meth:`kg.store.base.Store.size`."""
        return len(self._raw) if graph is None else sum(1 for _ in self.quads(graph=graph))

    def apply(self, change: Change) -> None:
        """See :meth:`kg.store.base.Store.apply`."""
        if not self.writable:
            raise StoreError(
                "the graph was opened for reading only", [Problem(str(self._folder), "not writable")]
            )
        with self._writing:
            dropped, removed, added = self._difference(change)
            try:
                if dropped or removed:
                    self._raw.update(_update(dropped, removed, added))
                elif added:
                    self._raw.extend(added)
                self._unflushed += len(removed) + len(added)
                if self._folder is not None and self._unflushed > _FLUSH_EVERY:
                    self._raw.flush()
                    self._unflushed = 0
            except OSError as error:
                raise self._broken(error) from error

    def close(self) -> None:
        """See :meth:`kg.store.base.Store.close`; the lock goes with the last iterator still in use."""
        self._database = None
        if self._snapshot is not None:
            self._snapshot.release()

    def __enter__(self) -> OxigraphStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _raw(self) -> ox.Store:
        if self._database is None:
            raise StoreError("the graph was closed", [Problem(str(self._folder), "closed")])
        return self._database

    def _difference(self, change: Change) -> tuple[list[str], list[Quad], list[Quad]]:
        """What must really be dropped, removed and added."""
        dropped = [graph for graph in change.drop if self.contains_graph(graph)]
        removed: list[Quad] = []
        added: list[Quad] = []
        for graph, quads in change.replace.items():
            if not self.contains_graph(graph) or graph in change.drop:
                added += quads
            elif not quads:
                dropped.append(graph)
            else:
                new, old = set(quads), set(self.quads(graph=graph))
                if any(_blank(quad) for quad in old - new):  # DELETE DATA cannot name a blank node
                    dropped.append(graph)
                    added += new
                else:
                    removed += old - new
                    added += new - old
        kept = set(change.add)
        removed += (quad for quad in change.remove if quad not in kept and quad in self._raw)
        # What was removed one by one must also go when it came with a replaced graph.
        gone = set(change.remove) - kept
        if gone:
            added = [quad for quad in added if quad not in gone]
        return dropped, removed, [*added, *change.add]

    def _broken(self, error: OSError) -> StoreError:
        return StoreError("the graph cannot be used", [Problem(str(self._folder or "memory"), str(error))])


def _open(folder: Path) -> ox.Store:
    path = folder / DATABASE
    try:
        path.mkdir(parents=True, exist_ok=True)
        return ox.Store(str(path))
    except OSError as error:
        if "lock" in str(error).casefold():
            problem = Problem(
                str(folder), "another process is writing it", mend="wait for it, or stop it, then try again"
            )
            raise StoreLockedError("the graph is locked", [problem]) from error
        raise StoreError("the graph cannot be opened", [Problem(str(folder), str(error))]) from error


def _blank(quad: Quad) -> bool:
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)


def _update(dropped: Iterable[str], removed: Iterable[Quad], added: Iterable[Quad]) -> str:
    """One SPARQL 1.1 update request; Oxigraph runs it as one transaction."""
    steps = [f"DROP SILENT GRAPH {NamedNode(graph)}" for graph in dropped]
    for verb, quads in (("DELETE DATA", removed), ("INSERT DATA", added)):
        by_graph: dict[object, list[Quad]] = {}
        for quad in quads:
            by_graph.setdefault(quad.graph_name, []).append(quad)
        blocks = [f"GRAPH {name} {{\n{_triples(group)}}}" for name, group in by_graph.items()]
        if blocks:
            steps.append(f"{verb} {{\n" + "\n".join(blocks) + "\n}")
    return " ;\n".join(steps)


def _triples(quads: Iterable[Quad]) -> str:
    text = ox.serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    assert text is not None  # no output was given
    return text.decode()
