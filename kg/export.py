"""Writing the graph out as a stream: N-Quads, TriG, JSON-LD, one graph as Turtle, and a canonical form to
compare.

The canonical form is sorted N-Quads without graph `meta` (which holds times and marks), so that two graphs
with the same knowledge are equal byte for byte. It is sorted in chunks on disk that are then merged: memory
does not grow with the graph.
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat

from kg.claims import META
from kg.store.base import Store
from ontology.iris import PREFIXES
from ontology.problems import IrkgError, Problem

__all__ = ["CHUNK", "ExportError", "Format", "export"]

CHUNK: Final = 200_000  # lines sorted at once, about 60 MB
_FAN_IN: Final = 64  # files merged at once, well under the usual limit of open files


class ExportError(IrkgError):
    """The graph cannot be written in the form that was asked for."""


class Format(StrEnum):
    """The forms that the graph can be written in."""

    NQUADS = "nquads"
    TRIG = "trig"
    TURTLE = "turtle"
    JSONLD = "jsonld"


_FORMATS: Final = {
    Format.NQUADS: RdfFormat.N_QUADS,
    Format.TRIG: RdfFormat.TRIG,
    Format.TURTLE: RdfFormat.TURTLE,
    Format.JSONLD: RdfFormat.JSON_LD,
}


def export(
    store: Store,
    output: IO[bytes],
    form: Format = Format.NQUADS,
    *,
    graph: str | None = None,
    canonical: bool = False,
    chunk: int = CHUNK,
) -> None:
    """Write the whole store, or one graph (an IRI), to a binary file.

    Raises:
        ExportError: Turtle without a graph, a canonical form that is not N-Quads, or a blank node in
        canonical form.
    """
    if canonical:
        if form is not Format.NQUADS:
            raise ExportError(
                "the canonical form is N-Quads", [Problem("--format", str(form), mend="nquads")]
            )
        _canonical(store, output, graph, chunk)
        return
    quads = store.quads(graph=graph)
    if form is Format.TURTLE:
        if graph is None:
            raise ExportError(
                "Turtle holds one graph", [Problem("--graph", "is missing", mend="name a graph, or use trig")]
            )
        ox.serialize((quad.triple for quad in quads), output, _FORMATS[form], prefixes=PREFIXES)
    elif form is Format.NQUADS:
        ox.serialize(quads, output, _FORMATS[form])
    else:
        ox.serialize(_by_graph(store, graph), output, _FORMATS[form], prefixes=PREFIXES)


def _by_graph(store: Store, only: str | None) -> Iterator[Quad]:
    """Quads graph by graph, so that formats with a block for each graph open it once."""
    for name in (only,) if only is not None else sorted(store.graphs()):
        yield from store.quads(graph=name)


def _canonical(store: Store, output: IO[bytes], graph: str | None, chunk: int) -> None:
    meta = NamedNode(META)
    quads = (quad for quad in store.quads(graph=graph) if quad.graph_name != meta)
    with tempfile.TemporaryDirectory(prefix="irkg-export-") as folder:
        files: list[Path] = []
        while some := list(islice(quads, chunk)):
            files.append(Path(folder) / f"{len(files)}.nq")
            with files[-1].open("wb") as file:
                file.writelines(sorted(_lines(some)))
        while len(files) > _FAN_IN:
            merged = Path(folder) / f"merged-{files[0].name}"
            with merged.open("wb") as file:
                _merge(files[:_FAN_IN], file)
            files = [*files[_FAN_IN:], merged]
        _merge(files, output)


def _lines(quads: Sequence[Quad]) -> Iterator[bytes]:
    text = ox.serialize(quads, format=RdfFormat.N_QUADS) or b""
    # Line breaks within literals are escaped in N-Quads, so every line break ends a quad.
    for line in text.split(b"\n"):
        if b"_:" in line and _has_blank(line):
            shown = line[:200].decode(errors="replace")
            raise ExportError(
                "the canonical form has no blank nodes",
                [Problem("graph", shown, mend="give the node an IRI")],
            )
        if line:
            yield line + b"\n"


def _has_blank(line: bytes) -> bool:
    quad = next(iter(ox.parse(line, format=RdfFormat.N_QUADS)))
    return any(isinstance(node, ox.BlankNode) for node in (quad.subject, quad.object, quad.graph_name))


def _merge(files: Sequence[Path], output: IO[bytes]) -> None:
    opened = [file.open("rb") for file in files]
    try:
        output.writelines(heapq.merge(*opened))
    finally:
        for file in opened:
            file.close()
        for path in files:
            path.unlink()
