"""One query run over one store and written in one format; the same in a worker process and in the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias

from pyoxigraph import QueryTriples

from api.sparql.formats import GRAPHS, SOLUTIONS
from api.sparql.text import names_dataset
from kg.store.base import Store, StoreError

__all__ = ["CHUNK", "FailureKind", "Query", "QueryError", "Sink", "execute"]

# Bytes that are gathered before anything is sent. Until then a query that fails can still be answered with a
# problem.
CHUNK: Final = 65_536

FailureKind: TypeAlias = Literal[
    "syntax", "not-acceptable", "timeout", "memory", "too-large", "busy", "refused", "failed"
]


@dataclass(frozen=True, slots=True)
class Query:
    """A query with its dataset and the media types that its result may be written in.

    `default_graphs` and `named_graphs` are IRIs from the protocol; with neither, the default graph is the
    union of all named graphs unless the query says FROM. `solutions` is for SELECT and ASK, `graph` for
    CONSTRUCT and DESCRIBE; None: the client accepts none that there is.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    solutions: str | None = "application/sparql-results+json"
    graph: str | None = "text/turtle"


class QueryError(Exception):
    """A query that got no answer; `kind` says why."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind: FailureKind = kind


class Sink(Protocol):
    """Where a result goes."""

    def start(self, media_type: str) -> None:
        """Called once, before the first chunk."""
        ...

    def chunk(self, data: bytes) -> None:
        """Called with one piece of the result after another."""
        ...


@dataclass(slots=True)
class _Output:
    """A file for the serializer: gathers small pieces to chunks."""

    sink: Sink
    media_type: str
    started: bool = False
    buffer: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> int:
        self.buffer += data
        if len(self.buffer) >= CHUNK:
            self.send()
        return len(data)

    def flush(self) -> None:
        """Chunks are sent when they are full; the serializer's flushes are too many."""

    def send(self) -> None:
        if not self.started:
            self.sink.start(self.media_type)
            self.started = True
        if self.buffer:
            self.sink.chunk(bytes(self.buffer))
            self.buffer.clear()


def execute(store: Store, query: Query, sink: Sink) -> None:
    """Run a query and write its result to the sink.

    Raises:
        QueryError: the query is no SPARQL, cannot be evaluated, or its result has no accepted format.
    """
    given = bool(query.default_graphs or query.named_graphs)
    try:
        result = store.query(
            query.text,
            union=not given and not names_dataset(query.text),
            default_graphs=query.default_graphs,
            named_graphs=query.named_graphs if given else None,
        )
        is_graph = isinstance(result, QueryTriples)
        media_type = query.graph if is_graph else query.solutions
        if media_type is None:
            offered = ", ".join(GRAPHS if is_graph else SOLUTIONS)
            raise QueryError("not-acceptable", f"The result of this query can be had as {offered}.")
        output = _Output(sink, media_type)
        if isinstance(result, QueryTriples):
            result.serialize(output, format=GRAPHS[media_type])  # type: ignore[arg-type, unused-ignore]
        else:
            result.serialize(output, format=SOLUTIONS[media_type])  # type: ignore[arg-type, unused-ignore]
        output.send()
    except SyntaxError as error:
        raise QueryError("syntax", str(error)) from error
    except MemoryError as error:
        raise QueryError("memory", "The query needs more memory than it may use.") from error
    except (ValueError, RuntimeError) as error:  # an unknown function, for example
        raise QueryError("refused", f"The query cannot be evaluated: {error}") from error
    except BrokenPipeError:
        raise
    except (OSError, StoreError) as error:
        raise QueryError("failed", "The graph cannot be read.") from error
