"""Claims that follow from the ontology's property chains (OWL 2, ObjectPropertyChain in SubObjectPropertyOf).

A chain ``uses o targets -> targets`` says: what uses an agent that targets a molecule, targets that molecule.
Chains are read from graph `ontology` and applied to the relations that more studies support than dispute, and
to what the ontology itself says of its terms. Each result names the claims that it rests on; it stands in
graph `claims/inferred` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.claims import CLAIMS
from kg.identity import Relation
from kg.labels import Labels, label_of_claim
from kg.rdf import term_node
from kg.store.base import Change, Store
from kg.vocabulary import IRKG, RDF, RDFS
from ontology.iris import PREFIXES, VOCAB, expand, graph

__all__ = [
    "CAP",
    "INFERRED",
    "ROUNDS",
    "Chain",
    "Inference",
    "chains",
    "infer",
    "inferences",
    "inverses",
    "refresh_inferred",
]

INFERRED: Final = graph("claims/inferred")
ROUNDS: Final = 2  # a chain over what a chain gave; more steps say little about a patient
CAP: Final = 200  # inferred claims of one subject; a term with more would drown what was read
_ONTOLOGY: Final = (graph("ontology"), graph("ontology/inferred"))
_CHAIN: Final = NamedNode(PREFIXES["owl"] + "propertyChainAxiom")
_INVERSE: Final = NamedNode(PREFIXES["owl"] + "inverseOf")
_TERMS: Final = PREFIXES["IRKG"]

# subject -> object -> the relation, for one predicate
Facts = dict[str, dict[str, dict[str, Relation]]]


@dataclass(frozen=True, slots=True, order=True)
class Chain:
    """A property chain; names without prefix.

    >>> str(Chain("targets", ("uses", "targets")))
    'uses o targets -> targets'
    """

    gives: str
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' o '.join(self.steps)} -> {self.gives}"


@dataclass(frozen=True, slots=True)
class Inference:
    """A relation that follows from others by one chain; `premises` in the order of the chain's steps."""

    relation: Relation
    premises: tuple[Relation, ...]
    chain: Chain


def chains(store: Store) -> list[Chain]:
    """The property chains of the loaded ontology over its own properties, in a fixed order."""
    found = set()
    for quad in store.quads(None, _CHAIN, None, graph=_ONTOLOGY[0]):
        steps = [node.value for node in _list(store, quad.object)]
        names = [quad.subject.value if isinstance(quad.subject, NamedNode) else "", *steps]
        if len(names) > 2 and all(name.startswith(VOCAB) for name in names):
            gives, *rest = (name.removeprefix(VOCAB) for name in names)
            found.add(Chain(gives, tuple(rest)))
    return sorted(found)


def _list(store: Store, head: object) -> Iterator[NamedNode]:
    """The members of an RDF list that are IRIs."""
    seen: set[object] = set()
    while isinstance(head, NamedNode) and head != RDF.nil and head not in seen:
        seen.add(head)
        members = (q.object for q in store.quads(head, RDF.first, None, graph=_ONTOLOGY[0]))
        yield from (member for member in members if isinstance(member, NamedNode))
        head = next((q.object for q in store.quads(head, RDF.rest, None, graph=_ONTOLOGY[0])), None)


def inverses(store: Store) -> dict[str, str]:
    """The inverse of each property that has one (owl:inverseOf, read both ways); names without prefix."""
    found: dict[str, str] = {}
    for quad in store.quads(None, _INVERSE, None, graph=_ONTOLOGY[0]):
        ends = [end.value for end in (quad.subject, quad.object) if isinstance(end, NamedNode)]
        if len(ends) == 2 and all(end.startswith(VOCAB) for end in ends):
            one, other = (end.removeprefix(VOCAB) for end in ends)
            found |= {one: other, other: one}
    return found


def infer(
    facts: Mapping[Relation, bool],
    rules: list[Chain],
    inverse: Mapping[str, str] = MappingProxyType({}),
    *,
    rounds: int = ROUNDS,
    cap: int = CAP,
) -> list[Inference]:
    """What follows from `facts` by `rules`, without what is a fact already; pure, in a fixed order.

    Of several ways to the same relation the one found in the earliest round, with the fewest premises, first
    in order, is kept. A relation of a term to itself is dropped. A step may go along the `inverse` of a
    property; its premise is then the relation that was said, the other way round.
    """
    known: Facts = {}
    for relation in sorted(facts, key=_order):
        _learn(known, relation, inverse)
    found: dict[str, dict[Relation, Inference]] = {}
    for _ in range(rounds):
        new: dict[Relation, Inference] = {}
        for rule in rules:
            for subject in known.get(rule.steps[0], ()):
                for end, premises in _walk(known, subject, rule.steps):
                    relation = Relation(subject, rule.gives, end)
                    if end == subject or end in known.get(rule.gives, {}).get(subject, ()):
                        continue
                    candidate = Inference(relation, premises, rule)
                    if relation not in new or _rank(candidate) < _rank(new[relation]):
                        new[relation] = candidate
        kept = False
        for relation in sorted(new, key=_order):
            of_subject = found.setdefault(relation.subject, {})
            if len(of_subject) < cap:
                of_subject[relation] = new[relation]
                _learn(known, relation, inverse)
                kept = True
        if not kept:
            break
    everything = (one for of_subject in found.values() for one in of_subject.values())
    return sorted(everything, key=lambda one: _order(one.relation))


def _learn(known: Facts, relation: Relation, inverse: Mapping[str, str]) -> None:
    known.setdefault(relation.predicate, {}).setdefault(relation.subject, {})[relation.object] = relation
    other = inverse.get(relation.predicate)
    if other is not None:  # what is said outright stays the premise where both are said
        known.setdefault(other, {}).setdefault(relation.object, {}).setdefault(relation.subject, relation)


def _order(relation: Relation) -> tuple[str, str, str]:
    return relation.subject, relation.predicate, relation.object


def _rank(inference: Inference) -> tuple[int, list[tuple[str, str, str]], Chain]:
    return len(inference.premises), [_order(premise) for premise in inference.premises], inference.chain


def _walk(known: Facts, start: str, steps: tuple[str, ...]) -> Iterator[tuple[str, tuple[Relation, ...]]]:
    for end, relation in known.get(steps[0], {}).get(start, {}).items():
        if len(steps) == 1:
            yield end, (relation,)
        else:
            yield from ((last, (relation, *rest)) for last, rest in _walk(known, end, steps[1:]))


def _facts(store: Store, rules: list[Chain], inverse: Mapping[str, str]) -> dict[Relation, bool]:
    """Relations between terms that the chains can use; True when documents, not only the ontology, say so."""
    facts: dict[Relation, bool] = {}
    used = {name for rule in rules for name in (*rule.steps, rule.gives)}
    for name in sorted(used | {inverse[name] for name in used if name in inverse}):
        for where in (*_ONTOLOGY, CLAIMS):
            for quad in store.quads(None, IRKG.term(name), None, graph=where):
                subject, object_ = quad.subject, quad.object
                if isinstance(subject, NamedNode) and isinstance(object_, NamedNode):
                    ends = [_term(subject.value), _term(object_.value)]
                    if ends[0] and ends[1]:
                        facts[Relation(ends[0], name, ends[1])] = where == CLAIMS
    return facts


def _term(iri: str) -> str | None:
    return "IRKG:" + iri[len(_TERMS) :] if iri.startswith(_TERMS) else None


def inferences(store: Store) -> list[Inference]:
    """What follows from the claims and the ontology as they are in the store."""
    rules, inverse = chains(store), inverses(store)
    return infer(_facts(store, rules, inverse), rules, inverse)


def refresh_inferred(store: Store) -> int:
    """Write graph `claims/inferred` anew in one atomic change; the number of inferred claims.

    Memory grows with the number of distinct relations between terms, not with documents.
    """
    rules, inverse = chains(store), inverses(store)
    facts = _facts(store, rules, inverse)
    found, labels = infer(facts, rules, inverse), Labels(store)
    quads: dict[Quad, None] = {}
    for one in found:
        claim = NamedNode(one.relation.iri)
        quads.update(dict.fromkeys(_described(claim, IRKG.InferredClaim, one.relation, labels)))
        quads[Quad(claim, IRKG.axiom, Literal(str(one.chain)), NamedNode(INFERRED))] = None
        for premise in one.premises:
            node = NamedNode(premise.iri)
            quads[Quad(claim, IRKG.premise, node, NamedNode(INFERRED))] = None
            if facts.get(premise) is False:
                quads.update(dict.fromkeys(_described(node, IRKG.OntologyAxiom, premise, labels)))
        triple = (
            term_node(one.relation.subject),
            IRKG.term(one.relation.predicate),
            term_node(one.relation.object),
        )
        quads[Quad(*triple, NamedNode(INFERRED))] = None
    store.apply(Change(replace={INFERRED: list(quads)}))
    return len(found)


def _described(node: NamedNode, kind: NamedNode, relation: Relation, labels: Labels) -> Iterator[Quad]:
    name = NamedNode(INFERRED)
    yield Quad(node, RDF.type, kind, name)
    yield Quad(node, RDF.subject, term_node(relation.subject), name)
    yield Quad(node, RDF.predicate, NamedNode(expand(f"irkg:{relation.predicate}")), name)
    yield Quad(node, RDF.object, term_node(relation.object), name)
    yield Quad(node, RDFS.label, Literal(label_of_claim(relation, labels)), name)
