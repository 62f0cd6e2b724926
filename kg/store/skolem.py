"""Names for blank nodes, from what is said of them.

RDF 1.1 (section 3.5) allows a system to replace blank nodes by IRIs. Ours are the hash of the node's own
triples, so that the same ontology gives the same graph on every machine and a canonical export needs no blank
nodes. Two nodes of which the same is said become one, which changes nothing in OWL: class expressions and
annotations are what they say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad

from kg.store.base import StoreError
from ontology.iris import BASE
from ontology.problems import Problem

__all__ = ["GENID", "skolemize"]

GENID: Final = BASE + ".well-known/genid/"


def skolemize(quads: Iterable[Quad], graph: NamedNode) -> list[Quad]:
    """The quads with IRIs in place of blank nodes, all in one graph, without repetition, in no order.

    Raises:
        StoreError: blank nodes refer to each other in a circle.
    """
    plain = list(quads)
    said: dict[BlankNode, list[Quad]] = {}
    for quad in plain:
        if isinstance(quad.subject, BlankNode):
            said.setdefault(quad.subject, []).append(quad)
    names: dict[BlankNode, NamedNode] = {}
    for start in said:
        _name(start, said, names)

    def named(node: object) -> object:
        if not isinstance(node, BlankNode):
            return node
        if node not in names:  # nothing is said of it
            _name(node, said, names)
        return names[node]

    return list(
        {Quad(named(q.subject), q.predicate, named(q.object), graph) for q in plain}  # type: ignore[arg-type]
    )


def _name(start: BlankNode, said: dict[BlankNode, list[Quad]], names: dict[BlankNode, NamedNode]) -> None:
    """Name a node and everything below it; a loop instead of recursion, for RDF lists are deep."""
    stack, open_ = [start], set[BlankNode]()
    while stack:
        node = stack[-1]
        if node in names:
            stack.pop()
            continue
        below = [q.object for q in said.get(node, ()) if isinstance(q.object, BlankNode)]
        missing = [one for one in below if one not in names]
        if missing and node in open_:
            problem = Problem("blank nodes", f"{node} is below itself", mend="give the node an IRI")
            raise StoreError("the graph cannot be loaded", [problem])
        open_.add(node)
        if missing:
            stack += missing
            continue
        lines = sorted(
            f"{q.predicate} {names[q.object] if isinstance(q.object, BlankNode) else q.object}"
            for q in said.get(node, ())
        )
        names[node] = NamedNode(GENID + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32])
        stack.pop()
