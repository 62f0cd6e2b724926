"""What follows from the ontology beyond what its tables say: graph `ontology/inferred`.

Four rules, each sound in OWL 2 (direct semantics): the reasoner's subsumptions; what holds of every member of
a class holds of its subclasses (only for slots that are existential restrictions on one class, see
:mod:`ontology.definitions`, and only where the subclass does not fill the slot itself); property chains,
subproperties and transitivity; inverse properties. The property axioms are read from `irkg.ttl`, so that
there is one place for them. A plain triple says something about the term itself, which OWL treats as an
individual of the same name (punning).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple, parse

from ontology.build import AXIOMS, GENID
from ontology.definitions import ALL_OF, PROPERTIES
from ontology.iris import PREFIXES, VOCAB, expand
from ontology.terms import Ontology, Term

__all__ = ["Axioms", "Chain", "Fact", "Inference", "infer", "read_axioms", "triples"]

SUBCLASS: Final = "rdfs:subClassOf"
_OWL, _RDF, _RDFS = PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"]


class Fact(NamedTuple):
    """One triple between terms; the predicate is a name of namespace `irkg:`, or ``rdfs:subClassOf``."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True, order=True)
class Chain:
    """A property chain; transitivity is the chain of a property with itself.

    >>> str(Chain("targets", ("uses", "targets")))
    'uses o targets -> targets'
    """

    gives: str
    steps: tuple[str, str]

    def __str__(self) -> str:
        return f"{' o '.join(self.steps)} -> {self.gives}"


@dataclass(frozen=True, slots=True)
class Axioms:
    """The property axioms of `irkg.ttl`, names without prefix."""

    chains: tuple[Chain, ...] = ()
    inverses: tuple[tuple[str, str], ...] = ()
    """(property, inverse), in both directions."""
    subproperties: tuple[tuple[str, str], ...] = ()
    """(narrower, wider)."""


@dataclass(frozen=True, slots=True)
class Inference:
    """A fact that follows, the axiom by which it does, and the stated facts that it rests on, in the order of
    the walk.

    A subsumption that the reasoner found has no premises: it follows from the classes' definitions.
    """

    fact: Fact
    axiom: str
    premises: tuple[Fact, ...] = ()


def read_axioms(path: Path = AXIOMS) -> Axioms:
    """The property axioms of a Turtle file.

    Raises:
        ValueError: a chain does not have two steps.
    """
    said: dict[object, dict[str, list[object]]] = {}
    for quad in parse(path=str(path)):
        said.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    chains: set[Chain] = set()
    inverses: set[tuple[str, str]] = set()
    subproperties: set[tuple[str, str]] = set()
    for subject, properties in said.items():
        if not isinstance(subject, NamedNode) or not subject.value.startswith(VOCAB):
            continue
        name = _local(subject)
        for head in properties.get(_OWL + "propertyChainAxiom", ()):
            steps = tuple(_local(step) for step in _list(said, head))
            if len(steps) != 2:
                raise ValueError(f"{path.name}: the chain {' o '.join(steps)} -> {name} has not two steps")
            chains.add(Chain(name, (steps[0], steps[1])))
        if NamedNode(_OWL + "TransitiveProperty") in properties.get(_RDF + "type", ()):
            chains.add(Chain(name, (name, name)))
        for other in properties.get(_OWL + "inverseOf", ()):
            inverses |= {(name, _local(other)), (_local(other), name)}
        for wider in properties.get(_RDFS + "subPropertyOf", ()):
            subproperties.add((name, _local(wider)))
    return Axioms(tuple(sorted(chains)), tuple(sorted(inverses)), tuple(sorted(subproperties)))


def _local(node: object) -> str:
    return node.value.removeprefix(VOCAB) if isinstance(node, NamedNode) else str(node)


def _list(said: Mapping[object, Mapping[str, list[object]]], head: object) -> Iterator[object]:
    while head in said:
        yield from said[head][_RDF + "first"]
        head = said[head][_RDF + "rest"][0]


class _Facts:
    """Known facts by predicate and subject, with the stated facts behind each."""

    def __init__(self) -> None:
        self.premises: dict[Fact, tuple[Fact, ...]] = {}
        self._objects: dict[tuple[str, str], list[str]] = {}

    def add(self, fact: Fact, premises: tuple[Fact, ...]) -> bool:
        if fact in self.premises:
            return False
        self.premises[fact] = premises
        self._objects.setdefault((fact.predicate, fact.subject), []).append(fact.object)
        return True

    def objects(self, predicate: str, subject: str) -> list[str]:
        return self._objects.get((predicate, subject), [])


def infer(
    ontology: Ontology,
    subsumptions: Iterable[tuple[str, str]] = (),
    imported: Iterable[Term] = (),
    axioms: Axioms | None = None,
) -> tuple[Inference, ...]:
    """Everything that follows, in a fixed order, without what is stated and without facts of a term about
    itself.

    Of several ways to one fact the one found first is kept: fewest steps, then by name.

    Args:
        ontology: the terms.
        subsumptions: (child, parent) pairs from :func:`ontology.reasoning.classify`.
        imported: terms of other vocabularies; they have no slots.
        axioms: the property axioms; None: those of `irkg.ttl`.
    """
    axioms = axioms or read_axioms()
    terms = {t.id: t for t in (*ontology.terms.values(), *imported)}
    extra: dict[str, list[str]] = {}
    found: list[Inference] = []
    for child, parent in sorted(subsumptions):
        extra.setdefault(child, []).append(parent)
        found.append(Inference(Fact(child, SUBCLASS, parent), "classification"))
    facts = _Facts()
    for term_id in sorted(terms):
        for slot, values in terms[term_id].slots.items():
            for value in values if slot in PROPERTIES else ():
                fact = Fact(term_id, PROPERTIES[slot], value)
                facts.add(fact, (fact,))
    new = _inherit(terms, extra)
    for inference in new:
        facts.add(inference.fact, inference.premises)
    found += new
    fresh = list(facts.premises)
    while fresh:
        step: list[Inference] = []
        for inference in sorted(
            _follow(fresh, facts, axioms), key=lambda i: (len(i.premises), i.fact, i.axiom)
        ):
            if inference.fact.subject != inference.fact.object and facts.add(
                inference.fact, inference.premises
            ):
                step.append(inference)
        found += step
        fresh = [inference.fact for inference in step]
    return tuple(sorted(found, key=lambda i: i.fact))


def _inherit(terms: Mapping[str, Term], extra: Mapping[str, list[str]]) -> list[Inference]:
    """What each term has from the nearest ancestors that fill a slot which it leaves empty."""
    found: list[Inference] = []
    for term_id in sorted(terms):
        for slot, prop in PROPERTIES.items():
            if not terms[term_id].slots.get(slot):
                given: dict[str, tuple[Fact, ...]] = {}
                for value, premises in _from_above(term_id, slot, prop, terms, extra):
                    given.setdefault(value, premises)
                found += [
                    Inference(Fact(term_id, prop, v), "inheritance", p) for v, p in sorted(given.items())
                ]
    return found


def _from_above(
    start: str, slot: str, prop: str, terms: Mapping[str, Term], extra: Mapping[str, list[str]]
) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    paths: dict[str, tuple[Fact, ...]] = {start: ()}
    level = [start]
    while level:
        above: list[str] = []
        for node in level:
            for parent in sorted({*terms[node].parents, *extra.get(node, ())}):
                if parent in paths or parent not in terms:
                    continue
                paths[parent] = (*paths[node], Fact(node, SUBCLASS, parent))
                values = terms[parent].slots.get(slot, ())
                if not values:
                    above.append(parent)
                elif len(values) == 1 or slot in ALL_OF:
                    for value in values:
                        yield value, (*paths[parent], Fact(parent, prop, value))
        level = above


def _follow(fresh: Iterable[Fact], facts: _Facts, axioms: Axioms) -> Iterator[Inference]:
    """What follows in one step in which a fresh fact takes part."""
    back: dict[tuple[str, str], list[str]] = {}
    for fact in facts.premises:
        back.setdefault((fact.predicate, fact.object), []).append(fact.subject)
    for fact in fresh:
        premises = facts.premises[fact]
        for name, other in axioms.inverses:
            if name == fact.predicate:
                yield Inference(
                    Fact(fact.object, other, fact.subject), f"{name} inverse of {other}", premises
                )
        for name, wider in axioms.subproperties:
            if name == fact.predicate:
                yield Inference(Fact(fact.subject, wider, fact.object), f"{name} -> {wider}", premises)
        for chain in axioms.chains:
            first, second = chain.steps
            if first == fact.predicate:
                for end in facts.objects(second, fact.object):
                    more = facts.premises[Fact(fact.object, second, end)]
                    yield Inference(Fact(fact.subject, chain.gives, end), str(chain), _joined(premises, more))
            if second == fact.predicate:
                for start in back.get((first, fact.subject), ()):
                    before = facts.premises[Fact(start, first, fact.subject)]
                    yield Inference(
                        Fact(start, chain.gives, fact.object), str(chain), _joined(before, premises)
                    )


def _joined(first: tuple[Fact, ...], second: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def triples(inferences: Iterable[Inference]) -> tuple[Triple, ...]:
    """The triples of graph `ontology/inferred`: each fact, and for a fact by a chain or by classification a
    node ``a irkg:InferredAxiom`` with `rdf:subject`, `rdf:predicate`, `rdf:object`, `irkg:axiom` and
    `irkg:premise` (nodes of the stated facts, ``a rdf:Statement``). No blank nodes.
    """
    found: dict[Triple, None] = {}
    for inference in inferences:
        found[_triple(inference.fact)] = None
        if inference.axiom == "inheritance" or " inverse of " in inference.axiom:
            continue
        node = _statement(inference.fact, "InferredAxiom", VOCAB, found)
        found[Triple(node, NamedNode(VOCAB + "axiom"), Literal(inference.axiom))] = None
        for premise in inference.premises:
            found[
                Triple(node, NamedNode(VOCAB + "premise"), _statement(premise, "Statement", _RDF, found))
            ] = None
    return tuple(found)


def _triple(fact: Fact) -> Triple:
    predicate = _RDFS + "subClassOf" if fact.predicate == SUBCLASS else VOCAB + fact.predicate
    return Triple(NamedNode(expand(fact.subject)), NamedNode(predicate), NamedNode(expand(fact.object)))


def _statement(fact: Fact, kind: str, namespace: str, found: dict[Triple, None]) -> NamedNode:
    triple = _triple(fact)
    node = NamedNode(GENID + hashlib.sha256("\x1f".join((kind, *fact)).encode()).hexdigest()[:32])
    found[Triple(node, NamedNode(_RDF + "type"), NamedNode(namespace + kind))] = None
    for name, value in (
        ("subject", triple.subject),
        ("predicate", triple.predicate),
        ("object", triple.object),
    ):
        found[Triple(node, NamedNode(_RDF + name), value)] = None
    return node
