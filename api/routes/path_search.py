"""Ways between two terms through the claims of the graph, found in a bounded neighbourhood of both.

The neighbourhood grows breadth first from both ends until they can have met, so that its size depends on
the bounds below and not on the graph. The ways are the loopless shortest ones (Yen, Management Science 17,
1971, as networkx implements it), a step costing less the more studies support it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from typing import Final

import networkx as nx
from pyoxigraph import Literal, NamedNode, Quad

from kg.claims import CLAIMS
from kg.inference import INFERRED
from kg.model.claim import ClaimRecord
from kg.rdf import term_node
from kg.records import About, claim_of
from kg.store import Store
from kg.vocabulary import IRKG, RDF

__all__ = ["MOST_HOPS", "Found", "Hop", "Neighbourhood", "explore", "ways"]

MOST_HOPS: Final = 4
# Terms from which the search goes on after the first round, and claims read for them.
_FRONTIER: Final = 40
_CLAIMS: Final = 600
# Claims whose studies are counted to find the best of them: a bound for terms that everything is about.
_CONSIDERED: Final = 20_000
# The parts of a claim by which it joins terms; the disease of a result joins nothing: it says where it holds.
_PARTS: Final = (RDF.subject, RDF.object, IRKG.intervention, IRKG.comparator, IRKG.outcome)
_COUNTS: Final = (IRKG.supporting, IRKG.disputing, IRKG.neutral)
# Candidates looked at for ways of few enough steps.
_CANDIDATES: Final = 200


@dataclass(frozen=True, slots=True)
class Hop:
    """A step between two terms with the claims that join them, those with most studies first."""

    source: str
    target: str
    claims: tuple[ClaimRecord, ...]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The claims around two terms; `complete` is False when a bound cut it."""

    claims: tuple[ClaimRecord, ...]
    terms: int
    complete: bool


Found = tuple[Hop, ...]


def _pairs(claim: ClaimRecord) -> list[tuple[str, str]]:
    """The pairs of terms that a claim joins: subject and object, or the arms and the outcome of a result."""
    if claim.kind == "relation":
        parts: tuple[str | None, ...] = (claim.subject, claim.object)
    else:
        parts = (claim.intervention, claim.comparator, claim.outcome)
    terms = [term for term in parts if term is not None]
    return [(a, b) for a, b in combinations(terms, 2) if a != b]


def explore(
    store: Store,
    source: str,
    target: str,
    *,
    hops: int,
    inferred: bool,
    narrower: Callable[[str], Iterable[str]],
) -> Neighbourhood:
    """The claims on ways of at most `hops` steps from `source` to `target`, within this module's bounds.

    `narrower` gives the terms below a term; they stand in for the two ends, because a paper on a subtype is
    one on the type.
    """
    claims: dict[str, ClaimRecord] = {}
    seen: set[str] = set()
    complete = True
    # Rounds from both ends: each claim that a way needs touches a term within hops/2 of one end.
    frontiers = [[source, *narrower(source)], [target, *narrower(target)]]
    for step in range((hops + 1) // 2):
        for side in (0, 1):
            if step * 2 + side >= hops:
                break
            frontier = [term for term in frontiers[side] if term not in seen]
            if step and len(frontier) > _FRONTIER:
                frontier, complete = frontier[:_FRONTIER], False
            seen.update(frontier)
            found, all_found = _claims_of(store, frontier, inferred)
            complete = complete and all_found
            claims.update((claim.iri, claim) for claim in found)
            reached = (term for claim in found for pair in _pairs(claim) for term in pair)
            frontiers[side] = list(dict.fromkeys(reached))
    terms = {term for claim in claims.values() for pair in _pairs(claim) for term in pair}
    return Neighbourhood(tuple(claims.values()), len(terms), complete)


def _claims_of(store: Store, terms: Iterable[str], inferred: bool) -> tuple[list[ClaimRecord], bool]:
    """The claims that join the terms to others, those with most studies first; False when there are more.

    Index look-ups, which here are some ten times faster than one query with all the terms.
    """
    graphs = (CLAIMS, INFERRED) if inferred else (CLAIMS,)
    quads = (
        quad
        for term in terms
        for graph in graphs
        for part in _PARTS
        for quad in store.quads(None, part, term_node(term), graph=graph)
    )
    where = {
        quad.subject.value: quad.graph_name.value
        for quad in islice(quads, _CONSIDERED)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode)
    }
    complete = next(quads, None) is None and len(where) <= _CLAIMS
    best = sorted(where, key=lambda iri: (-_studies(store, iri, where[iri]), iri))[:_CLAIMS]
    return [claim_of(iri, _said(store.quads(NamedNode(iri), graph=where[iri]))) for iri in best], complete


def _studies(store: Store, iri: str, graph: str) -> int:
    counts = (store.quads(NamedNode(iri), count, graph=graph) for count in _COUNTS)
    return sum(
        int(quad.object.value) for found in counts for quad in found if isinstance(quad.object, Literal)
    )


def _said(quads: Iterable[Quad]) -> About:
    said: dict[str, list[NamedNode | Literal]] = {}
    for quad in quads:
        if isinstance(quad.object, NamedNode | Literal):
            said.setdefault(quad.predicate.value, []).append(quad.object)
    return About(said)


def ways(
    claims: Sequence[ClaimRecord], sources: Iterable[str], targets: Iterable[str], *, hops: int, limit: int
) -> list[Found]:
    """The best ways over the claims from any source to any target, each of at most `hops` steps.

    A way goes through no other source or target. Pure: the same claims give the same ways.
    """
    starts, ends = dict.fromkeys(sources), dict.fromkeys(targets)
    joined: dict[tuple[str, str], list[ClaimRecord]] = {}
    for claim in sorted(claims, key=lambda one: (-one.studies, one.iri)):
        for a, b in _pairs(claim):
            joined.setdefault((min(a, b), max(a, b)), []).append(claim)
    graph: nx.Graph[str] = nx.Graph()
    for (a, b), between in joined.items():
        # 1 < cost <= 2, so that fewer steps win unless they are much worse supported.
        graph.add_edge(a, b, cost=1 + 1 / (1 + sum(claim.supporting for claim in between)))
    for name, group in (("from", starts), ("to", ends)):
        for term in group:
            if term in graph:
                graph.add_edge(name, term, cost=0.0)
    if "from" not in graph or "to" not in graph or not nx.has_path(graph, "from", "to"):
        return []
    found = []
    edges = {*starts, *ends}
    for nodes in islice(nx.shortest_simple_paths(graph, "from", "to", weight="cost"), _CANDIDATES):
        terms = nodes[1:-1]
        inner = set(terms[1:-1])
        if len(terms) - 1 > hops or len(terms) < 2 or inner & edges or {"from", "to"} & inner:
            continue
        pairs = pairwise(terms)
        found.append(tuple(Hop(a, b, tuple(joined[min(a, b), max(a, b)])) for a, b in pairs))
        if len(found) == limit:
            break
    return found
