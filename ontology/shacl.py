"""The SHACL shapes of `shapes.ttl` over the built ontology (W3C SHACL, 2017), by pyshacl.

The shapes of terms and properties look at nothing but the node's own properties, so that each table's terms
are validated apart: in two processes when there are many, and not at all when the table is unchanged since
the last time (cache by content).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from ontology.findings import Finding, Level
from ontology.iris import PREFIXES, compact
from ontology.owl import GENID
from ontology.problems import IrkgError
from ontology.tables import ROOT

__all__ = ["SHAPES", "ShaclError", "shapes", "validate"]

SHAPES: Final = ROOT / "shapes.ttl"
_SH: Final = "http://www.w3.org/ns/shacl#"
_FORMAT: Final = "1"  # of the cached results
_SMALL: Final = 3_000  # statements that are validated faster here than in another process
_MOST: Final = 8_000  # statements of one piece of work
_SEVERITY: Final = {"Violation": Level.ERROR, "Warning": Level.WARN, "Info": Level.INFO}

# A statement that another process can take: subject, predicate, object, and the object's datatype or "".
_Row = tuple[str, str, str, str]


class ShaclError(IrkgError):
    """The shapes cannot be checked."""


def shapes(
    triples: Iterable[Triple],
    tables: Mapping[str, str],
    cache: Path | None = None,
    workers: int | None = None,
    path: Path = SHAPES,
) -> list[Finding]:
    """What does not conform to the shapes.

    Args:
        triples: the graph, with IRIs for nameless nodes.
        tables: the table of each subject IRI; subjects that are not in it go together.
        cache: a folder for results by content, made if missing; None: no cache.
        workers: processes; None: one for each processor, at most 4.
        path: the shapes.

    Raises:
        ShaclError: pyshacl is not installed.
    """
    text = path.read_bytes()
    used = _used(path)
    groups: dict[str, list[_Row]] = {}
    for triple in triples:
        subject, predicate = triple.subject, triple.predicate.value
        if predicate in used and isinstance(subject, NamedNode) and not subject.value.startswith(GENID):
            value = triple.object
            kind = value.datatype.value if isinstance(value, Literal) else ""
            if isinstance(value, Literal | NamedNode):
                row = (subject.value, predicate, value.value, kind)
                groups.setdefault(tables.get(subject.value, ""), []).append(row)
    parts = [part for _, rows in sorted(groups.items()) for part in _pieces(sorted(rows))]
    keys = [hashlib.sha256(text + repr(part).encode()).hexdigest()[:32] for part in parts]
    files = [cache / f"shacl-{_FORMAT}-{key}.json" if cache else None for key in keys]
    known = [_read(file) for file in files]
    missing = [i for i, found in enumerate(known) if found is None]
    for i, found in zip(missing, _run([parts[i] for i in missing], path, workers), strict=True):
        known[i] = found
        if file := files[i]:
            file.parent.mkdir(parents=True, exist_ok=True)
            part_file = file.with_suffix(f".{os.getpid()}.part")
            part_file.write_text(json.dumps([asdict(f) for f in found]), encoding="utf-8")
            part_file.replace(file)
    return [finding for found in known for finding in found or ()]


def _pieces(rows: list[_Row]) -> Iterable[list[_Row]]:
    """The rows in pieces of about equal size; the rows of one subject stay together."""
    start = 0
    for i in range(1, len(rows) + 1):
        ends = i == len(rows)
        if ends or (i - start >= _MOST and rows[i][0] != rows[i - 1][0]):
            yield rows[start:i]
            start = i


def _run(parts: Sequence[list[_Row]], path: Path, workers: int | None) -> list[list[Finding]]:
    number = min(workers or min(os.cpu_count() or 1, 4), len(parts))
    if number < 2 or sum(map(len, parts)) < _SMALL:
        return [validate(part, path) for part in parts]
    # Not forked: the caller may have threads (a server, a progress bar).
    with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as pool:
        return list(pool.map(validate, parts, [path] * len(parts)))


def _used(path: Path) -> frozenset[str]:
    """The properties that the shapes look at: paths and targets."""
    from rdflib import Graph, URIRef

    graph = Graph().parse(path, format="turtle")
    names = ("path", "targetSubjectsOf", "targetObjectsOf", "lessThan", "equals", "disjoint")
    found = {str(o) for name in names for o in graph.objects(None, URIRef(_SH + name))}
    return frozenset({*found, PREFIXES["rdf"] + "type"})


def validate(rows: Sequence[_Row], path: Path = SHAPES) -> list[Finding]:
    """What of some statements does not conform.

    Raises:
        ShaclError: pyshacl is not installed.
    """
    try:
        import pyshacl
    except ImportError as error:
        raise ShaclError("pyshacl is not installed; install it: pip install irkg[curation]") from error
    from rdflib import Graph, URIRef
    from rdflib import Literal as RdfLiteral

    graph = Graph()
    nodes: dict[str, URIRef] = {}

    def iri(value: str) -> URIRef:
        return nodes.setdefault(value, URIRef(value))

    plain = (PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString")
    for subject, predicate, value, kind in rows:
        literal = RdfLiteral(value, datatype=None if kind in plain else URIRef(kind)) if kind else iri(value)
        graph.add((iri(subject), iri(predicate), literal))
    _, report, _ = pyshacl.validate(graph, shacl_graph=Graph().parse(path, format="turtle"))
    return [_finding(report, node) for node in report.subjects(None, URIRef(_SH + "ValidationResult"))]


def _finding(report: Any, node: Any) -> Finding:
    from rdflib import URIRef

    def said(name: str) -> str:
        return str(report.value(node, URIRef(_SH + name)) or "")

    path, value = compact(said("resultPath")), said("value")
    message = said("resultMessage").splitlines()[0] if said("resultMessage") else "does not conform"
    what = message + (f" ({path}{': ' + repr(value[:80]) if value else ''})" if path else "")
    level = _SEVERITY.get(said("resultSeverity").removeprefix(_SH), Level.ERROR)
    subject = said("focusNode")
    mend = "give it what the shape asks for: ontology/shapes.ttl"
    return Finding(level, "shacl", what, compact(subject), field=path, mend=mend)


def _read(file: Path | None) -> list[Finding] | None:
    if file is None:
        return None
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return [
            Finding(**{**one, "level": Level(one["level"]), "because": tuple(one["because"])}) for one in raw
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None
