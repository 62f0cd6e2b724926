"""What the graph was made from and when: the dataset's version, and the runs that changed it; all in graph
`meta`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.claims import CLAIMS, META
from kg.inference import INFERRED
from kg.queries import VERSIONED, bind, properties, rows
from kg.records import About
from kg.store.base import Change, Store
from kg.store.load import loaded_hash
from kg.vocabulary import DCTERMS, IRKG, PROV, RDF, XSD
from ontology.iris import BASE, PREFIXES, VOCAB

__all__ = ["Dataset", "Run", "compute_dataset", "dataset", "record_run", "runs", "update_dataset"]

_META: Final = NamedNode(META)
_DATASET: Final = NamedNode(BASE + "dataset")
_VERSION: Final = NamedNode(PREFIXES["owl"] + "versionInfo")
_KIND: Final = NamedNode(PREFIXES["void"] + "Dataset")
_COUNT: Final = VOCAB + "count-"
_MODULUS: Final = 2**256


@dataclass(frozen=True, slots=True)
class Dataset:
    """The state of the graph. `version` is equal for equal documents, ontology and pipelines, in whatever
    order they came.
    """

    version: str
    documents: int
    claims: int
    inferred: int
    ontology: str
    pipelines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One run that changed the graph: what it was, when (aware datetimes), and what it counted."""

    kind: str
    started: datetime
    ended: datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    pipeline: str = ""


def compute_dataset(store: Store) -> Dataset:
    """The dataset's description from the graph as it is, in one pass and constant memory.

    The version hashes a sum of hashes of the documents (an additive multiset hash: Bellare & Micciancio 1997,
    "AdHash"), which needs no sorting, with the ontology's hash.
    """
    total, documents, pipelines = 0, 0, set()
    for row in rows(store, bind(VERSIONED)):
        parts = (row["id"].value, row["hash"].value, row["pipeline"].value)
        total += int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest())
        pipelines.add(parts[2])
        documents += 1
    ontology = loaded_hash(store) or ""
    version = hashlib.sha256(f"{documents} {total % _MODULUS:064x} {ontology}".encode()).hexdigest()[:16]
    return Dataset(
        version=version,
        documents=documents,
        claims=sum(1 for _ in store.quads(None, IRKG.supporting, None, graph=CLAIMS)),
        inferred=sum(1 for _ in store.quads(None, RDF.type, IRKG.InferredClaim, graph=INFERRED)),
        ontology=ontology,
        pipelines=tuple(sorted(pipelines)),
    )


def update_dataset(store: Store) -> Dataset:
    """Compute the description and write it to `meta`."""
    state = compute_dataset(store)
    pairs: list[tuple[NamedNode, NamedNode | Literal]] = [
        (RDF.type, _KIND),
        (_VERSION, Literal(state.version)),
        (IRKG.documents, Literal(state.documents)),
        (IRKG.claims, Literal(state.claims)),
        (IRKG.inferred, Literal(state.inferred)),
        (IRKG.ontologyHash, Literal(state.ontology)),
        *((IRKG.pipeline, Literal(name)) for name in state.pipelines),
    ]
    new = tuple(Quad(_DATASET, predicate, value, _META) for predicate, value in pairs)
    store.apply(Change(add=new, remove=tuple(store.quads(_DATASET, graph=META))))
    return state


def dataset(store: Store) -> Dataset | None:
    """The description that was written last; None before the first."""
    said = properties(store, [_DATASET]).get(_DATASET.value)
    if said is None:
        return None
    about = About(said)
    return Dataset(
        version=about.text(_VERSION) or "",
        documents=about.whole(IRKG.documents) or 0,
        claims=about.whole(IRKG.claims) or 0,
        inferred=about.whole(IRKG.inferred) or 0,
        ontology=about.text(IRKG.ontologyHash) or "",
        pipelines=about.all(IRKG.pipeline),
    )


def record_run(store: Store, run: Run) -> None:
    """Add a run to `meta`."""
    name = hashlib.sha256(
        f"{run.kind} {run.started.isoformat()} {run.ended.isoformat()}".encode()
    ).hexdigest()[:16]
    node = NamedNode(f"{BASE}run/{name}")
    pairs: list[tuple[NamedNode, NamedNode | Literal]] = [
        (RDF.type, PROV.Activity),
        (DCTERMS.type, Literal(run.kind)),
        (PROV.startedAtTime, Literal(run.started.isoformat(), datatype=XSD.dateTime)),
        (PROV.endedAtTime, Literal(run.ended.isoformat(), datatype=XSD.dateTime)),
        (IRKG.pipeline, Literal(run.pipeline)),
        *((NamedNode(_COUNT + name), Literal(number)) for name, number in run.counts.items()),
    ]
    store.apply(Change(add=tuple(Quad(node, predicate, value, _META) for predicate, value in pairs)))


def runs(store: Store, limit: int = 10) -> list[Run]:
    """The latest runs, the last one first."""
    nodes = [q.subject for q in store.quads(None, RDF.type, PROV.Activity, graph=META)]
    named = [node for node in nodes if isinstance(node, NamedNode)]
    found = [_run(said) for said in properties(store, named).values()] if named else []
    return sorted(found, key=lambda run: run.started, reverse=True)[:limit]


def _run(said: Mapping[str, list[NamedNode | Literal]]) -> Run:
    about = About(said)
    counts = {p.removeprefix(_COUNT): int(v[0].value) for p, v in said.items() if p.startswith(_COUNT)}
    return Run(
        kind=about.text(DCTERMS.type) or "",
        started=datetime.fromisoformat(about.text(PROV.startedAtTime) or ""),
        ended=datetime.fromisoformat(about.text(PROV.endedAtTime) or ""),
        counts=counts,
        pipeline=about.text(IRKG.pipeline) or "",
    )
