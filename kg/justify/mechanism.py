"""How an option works: paths procedure -> agent -> target -> disease over claims and the ontology's own
relations.

Paths are ranked so that hubs do not win: the information content of a node falls with the number of relations
that it takes part in (after Resnik, J Artif Intell Res 1999;11:95-130: content is -log of frequency), then
shorter ones first.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from itertools import islice
from typing import Final

import networkx as nx
from pyoxigraph import NamedNode

from kg.claims import CLAIMS
from kg.identity import Relation
from kg.inference import INFERRED
from kg.justify.names import Names, display
from kg.justify.neighbourhood import TermGraph, object_of
from kg.justify.options import Option
from kg.justify.records import evidence_records
from kg.justify.references import References
from kg.justify.relatives import Relative
from kg.model import Retraction, Stance
from kg.model.claim import EvidenceRecord
from kg.model.justification import Hop
from kg.rdf import term_node
from kg.store.base import Store
from kg.vocabulary import IRKG
from ontology.iris import compact
from ontology.terms import Branch

__all__ = ["mechanism", "mechanism_graph"]

PREDICATES: Final = ("uses", "targets", "associated_with")
MOST_PATHS: Final = 3
MOST_HOPS: Final = 4
_FAN: Final = 40  # relations of one kind that are followed from one node
_NODES: Final = 400  # bound on the graph around one option
_EVIDENCE: Final = 3


def mechanism_graph(
    store: Store, names: Names, starts: frozenset[str], apart: Collection[str] = ()
) -> TermGraph:
    """Everything that some terms use, what that targets, and what those are associated with, at most three
    steps away.
    """
    graph: TermGraph = nx.MultiDiGraph()
    level = sorted(starts)
    for _ in range(MOST_HOPS - 1):
        following: set[str] = set()
        for term in level:
            for predicate, object_, source in _relations(store, names, term):
                if source == "claim" and predicate == "uses" and object_ in apart and object_ not in starts:
                    continue  # a therapy of its own that was given beside
                if graph.number_of_nodes() < _NODES and not graph.has_edge(term, object_, key=predicate):
                    graph.add_edge(term, object_, key=predicate, source=source)
                    following.add(object_)
        level = sorted(following)
    return graph


def _relations(store: Store, names: Names, term: str) -> list[tuple[str, str, str]]:
    """Predicate, object and source (``claim``, ``inferred``, or the axiom) of what is said of a term; claims
    go first.
    """
    found: dict[tuple[str, str], str] = {}
    for source, graph in (("claim", CLAIMS), ("inferred", INFERRED)):
        for predicate in PREDICATES:
            objects = sorted(
                compact(object_of(q))
                for q in islice(store.quads(term_node(term), IRKG.term(predicate), None, graph=graph), _FAN)
            )
            for object_ in objects:
                found.setdefault((predicate, object_), source)
    ontology = names.ontology
    for one in (term, *sorted(ontology.ancestors(term))) if term in ontology else ():
        for predicate in PREDICATES:
            for object_ in ontology[one].slots.get(predicate, ()) if one in ontology else ():
                inherited = "" if one == term else f", as every {ontology[one].label}"
                said = f"{predicate.replace('_', ' ')} some {display(ontology.terms.get(object_), object_)}"
                axiom = f"{ontology[term].label} {said}{inherited}"
                found.setdefault((predicate, object_), axiom)
    return [(p, o, s) for (p, o), s in sorted(found.items())]


def mechanism(
    store: Store,
    names: Names,
    option: Option,
    near: Mapping[str, Relative],
    references: References,
    apart: Collection[str] = (),
) -> tuple[tuple[Hop, ...], ...]:
    """The most telling paths from an option to the disease or its close relatives; empty when nothing leads
    there.
    """
    graph = mechanism_graph(store, names, option.members, apart)
    goals = {t for t, r in near.items() if r.kinship != "sibling" and t in graph}
    paths: list[list[tuple[str, str, str]]] = []
    for start in sorted(option.members & set(graph)):
        for goal in sorted(goals):
            for found in islice(nx.all_simple_edge_paths(graph, start, goal, cutoff=MOST_HOPS), 50):
                path = [(edge[0], edge[1], str(edge[-1])) for edge in found]
                if len(path) > 1 and names.ontology[path[-1][0]].branch is Branch.MOLECULAR_TARGET:
                    paths.append(path)
    content = {n: information(store, n) for path in paths for _, n, _ in path[:-1]}

    def rank(path: list[tuple[str, str, str]]) -> tuple[object, ...]:
        inner = [content[n] for _, n, _ in path[:-1]]
        near_goal = near[path[-1][1]].directness
        return (-round(sum(inner) / len(inner), 6), -near_goal, len(path), path)

    chosen: list[list[tuple[str, str, str]]] = []
    for path in sorted(paths, key=rank):
        if not any(p[0][1] == path[0][1] and p[-1][0] == path[-1][0] for p in chosen):
            chosen.append(path)
        if len(chosen) == MOST_PATHS:
            break
    hops = {edge for path in chosen for edge in path if graph.edges[edge]["source"] == "claim"}
    evidence = _evidence(store, hops)
    return tuple(tuple(_hop(names, graph, edge, evidence, references) for edge in path) for path in chosen)


def information(store: Store, term: str) -> float:
    """The information content of a term: high when few relations name it. Counted up to a bound."""
    bound = 200
    node, n = term_node(term), 0
    for predicate in PREDICATES:
        n += sum(1 for _ in islice(store.quads(None, IRKG.term(predicate), node, graph=CLAIMS), bound))
        n += sum(1 for _ in islice(store.quads(node, IRKG.term(predicate), None, graph=CLAIMS), bound))
    return -math.log2((1 + n) / (1 + 2 * len(PREDICATES) * bound))


def _evidence(store: Store, hops: set[tuple[str, str, str]]) -> dict[tuple[str, str, str], EvidenceRecord]:
    wanted: dict[tuple[str, str, str], list[str]] = {}
    for subject, object_, predicate in sorted(hops):
        claim = NamedNode(Relation(subject, predicate, object_).iri)
        quads = islice(store.quads(None, IRKG.claim, claim), 5 * _EVIDENCE)
        wanted[subject, object_, predicate] = sorted(
            q.subject.value for q in quads if isinstance(q.subject, NamedNode)
        )[:_EVIDENCE]
    records = evidence_records(store, (iri for iris in wanted.values() for iri in iris))
    found = {}
    for edge, iris in wanted.items():
        usable = [
            records[i]
            for i in iris
            if i in records
            and records[i].stance is Stance.SUPPORTS
            and records[i].document.retraction is Retraction.NONE
        ]
        if usable:
            found[edge] = min(usable, key=lambda e: (e.document.digest, -e.confidence, e.document.id, e.iri))
    return found


def _hop(
    names: Names,
    graph: TermGraph,
    edge: tuple[str, str, str],
    evidence: Mapping[tuple[str, str, str], EvidenceRecord],
    references: References,
) -> Hop:
    subject, object_, predicate = edge
    source, record = graph.edges[edge]["source"], evidence.get(edge)
    labels = [display(names.ontology[t], t) if t in names.ontology else t for t in (subject, object_)]
    if record is not None:
        return Hop(labels[0], predicate, labels[1], references.number(record.document), record.quote)
    inferred = source in ("claim", "inferred")
    return Hop(
        labels[0],
        predicate,
        labels[1],
        None,
        "",
        "inferred by a property chain" if inferred else source,
        inferred,
    )
