"""The one interface to the graph, whatever server or file holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable

from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples

from ontology.problems import IrkgError

__all__ = ["Change", "QueryResult", "Resource", "Store", "StoreError", "StoreLockedError"]

QueryResult: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples
Resource: TypeAlias = NamedNode | Literal


class StoreError(IrkgError):
    """The store cannot be opened, read or written."""


class StoreLockedError(StoreError):
    """Another process is writing the store."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one atomic write does, in this order: drop graphs, replace graphs, remove quads, add quads.

    A quad that is both removed and added stays. `replace` maps a graph's IRI to everything it holds
    afterwards; each of those quads names that graph. A graph replaced by nothing is dropped.

    >>> Change(drop=("https://w3id.org/irkg/graph/document/pmid:1",)).empty
    False
    """

    replace: Mapping[str, Sequence[Quad]] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    add: tuple[Quad, ...] = ()
    remove: tuple[Quad, ...] = ()

    @property
    def empty(self) -> bool:
        """True when nothing is asked for."""
        return not (self.replace or self.drop or self.add or self.remove)


@runtime_checkable
class Store(Protocol):
    """A set of named graphs that can be asked in SPARQL 1.1 and changed in atomic units.

    Purpose: the rest of the project (claims, inference, look-up, export, HTTP) knows nothing of where the
    graph is. An embedded database and a SPARQL server both fit: everything but `apply` can be said as one
    SPARQL query, `apply` as one SPARQL update request, and the result types of pyoxigraph are also what
    `pyoxigraph.parse_query_results` makes of a server's answer.

    An implementation may be faster than SPARQL in `quads`, `size` and `contains_graph` (index look-ups), and
    in `apply` may write only the difference to what is there. It must keep two promises: after `apply`
    returns, or the process is killed within it, all of the change is there or none of it; and an iterator
    that was handed out goes on over the state at which it was made, also when the store is written meanwhile.
    One process writes at a time.
    """

    def query(
        self,
        sparql: str,
        *,
        union: bool = True,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] | None = None,
    ) -> QueryResult:
        """The result of a SELECT, ASK, CONSTRUCT or DESCRIBE query.

        `union`: the default graph is the union of all named graphs. `default_graphs`: the default graph is
        the union of these instead. `named_graphs`: what ``GRAPH`` may range over; None for all.

        Raises:
            SyntaxError: the query is no SPARQL 1.1.
            StoreError: the store cannot be read.
        """
        ...

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: Resource | None = None,
        *,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """The quads that match; None matches everything."""
        ...

    def graphs(self) -> Iterator[str]:
        """The IRIs of the named graphs that hold at least one quad, in no order."""
        ...

    def contains_graph(self, graph: str) -> bool:
        """True when the graph holds a quad."""
        ...

    def size(self, graph: str | None = None) -> int:
        """The number of quads in a graph, or in the whole store."""
        ...

    def apply(self, change: Change) -> None:
        """Write a change: all of it or none of it.

        Raises:
            StoreError: the store is read-only or cannot be written; nothing has changed.
        """
        ...

    def close(self) -> None:
        """Give the store back; it cannot be used afterwards."""
        ...
