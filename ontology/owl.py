"""The OWL 2 axioms that an RDF graph spells, as values: what the writers of formats, the checks and the
explanations work on.

Reads the mapping of W3C, "OWL 2 Web Ontology Language: Mapping to RDF Graphs" (2012), for the constructs that
the project uses. A triple that it does not understand is an error, so that no format leaves an axiom out.
Blank nodes are known by the names that :mod:`ontology.build` gives them (:data:`GENID`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from ontology.iris import BASE, PREFIXES

__all__ = ["GENID", "Axiom", "Part", "axioms", "named", "signature"]

GENID: Final = BASE + ".well-known/genid/"  # RDF 1.1 Concepts, section 3.5

# An IRI, a literal, or an expression: its constructor's name in functional syntax, then its parts.
Part: TypeAlias = "str | Literal | tuple[Part, ...]"

_OWL, _RDF, _RDFS = PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"]
_TYPE, _FIRST, _REST, _NIL = (_RDF + n for n in ("type", "first", "rest", "nil"))
_ENTITIES: Final = {
    "Class": "Class",
    "ObjectProperty": "ObjectProperty",
    "DatatypeProperty": "DataProperty",
    "AnnotationProperty": "AnnotationProperty",
    "NamedIndividual": "NamedIndividual",
}
_CHARACTERISTICS: Final = frozenset(
    f"{word}Property"
    for word in (
        "Functional",
        "InverseFunctional",
        "Reflexive",
        "Irreflexive",
        "Symmetric",
        "Asymmetric",
        "Transitive",
    )
)
_QUANTIFIERS: Final = {
    "someValuesFrom": "SomeValuesFrom",
    "allValuesFrom": "AllValuesFrom",
    "hasValue": "HasValue",
}
_CARDINALITIES: Final = {
    "minCardinality": "MinCardinality",
    "maxCardinality": "MaxCardinality",
    "cardinality": "ExactCardinality",
    "minQualifiedCardinality": "MinCardinality",
    "maxQualifiedCardinality": "MaxCardinality",
    "qualifiedCardinality": "ExactCardinality",
}
_LISTS: Final = {
    "intersectionOf": "ObjectIntersectionOf",
    "unionOf": "ObjectUnionOf",
    "oneOf": "ObjectOneOf",
}


@dataclass(frozen=True, slots=True)
class Axiom:
    """One axiom in the words of the OWL 2 structural specification.

    ``Axiom("SubClassOf", ("urn:a", ("ObjectSomeValuesFrom", "urn:p", "urn:b")))``. `notes` are annotations
    of the axiom: (property, value). The ontology's own annotations are axioms of kind ``Annotation``.
    """

    kind: str
    parts: tuple[Part, ...]
    notes: tuple[tuple[str, Part], ...] = ()

    @property
    def logical(self) -> bool:
        """True for what a reasoner looks at: neither a declaration nor an annotation."""
        return not (self.kind == "Declaration" or "Annotation" in self.kind)


def named(part: Part) -> bool:
    """True for an IRI."""
    return isinstance(part, str)


def signature(axiom: Axiom) -> frozenset[str]:
    """The IRIs of an axiom's classes, properties and individuals."""
    found: set[str] = set()

    def look(part: Part, head: bool) -> None:
        if isinstance(part, tuple):
            for i, inner in enumerate(part):
                look(inner, i == 0)
        elif isinstance(part, str) and not head:
            found.add(part)

    for part in axiom.parts:
        look(part, False)
    return frozenset(found)


def axioms(triples: Iterable[Triple]) -> Iterator[Axiom]:
    """The axioms of a graph, in the order of its triples.

    Raises:
        ValueError: a triple is part of no axiom that this module knows.
    """
    return _Reader(triples).read()


class _Reader:
    """A graph by subject, read once."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.said: dict[str, list[tuple[str, str | Literal]]] = {}
        for t in triples:
            subject = t.subject
            if not isinstance(subject, NamedNode):
                raise ValueError(f"{subject} is not an IRI")
            object_ = t.object
            value = object_.value if isinstance(object_, NamedNode) else object_
            if not isinstance(value, str | Literal):
                raise ValueError(f"{value} is neither an IRI nor a literal")
            self.said.setdefault(subject.value, []).append((t.predicate.value, value))
        self.types: dict[str, set[str]] = {
            s: {str(o) for p, o in said if p == _TYPE} for s, said in self.said.items()
        }

    def read(self) -> Iterator[Axiom]:
        notes = self._notes()
        for subject, said in self.said.items():
            if subject.startswith(GENID):
                yield from self._unnamed(subject)
                continue
            for predicate, value in said:
                axiom = self._one(subject, predicate, value)
                extra = notes.get((subject, predicate, value), ()) if notes else ()
                yield Axiom(axiom.kind, axiom.parts, extra) if extra else axiom

    def _is(self, subject: str, kind: str) -> bool:
        return _OWL + kind in self.types.get(subject, ())

    def _notes(self) -> dict[tuple[str, str, str | Literal], tuple[tuple[str, Part], ...]]:
        found: dict[tuple[str, str, str | Literal], tuple[tuple[str, Part], ...]] = {}
        for subject, types in self.types.items():
            if _OWL + "Axiom" in types:
                parts = dict(self.said[subject])
                key = tuple(parts[_OWL + f"annotated{n}"] for n in ("Source", "Property", "Target"))
                own = [
                    (p, o)
                    for p, o in self.said[subject]
                    if p != _TYPE and not p.startswith(_OWL + "annotated")
                ]
                found[(str(key[0]), str(key[1]), key[2])] = tuple(own)
        return found

    def _unnamed(self, node: str) -> Iterator[Axiom]:
        """An axiom of its own that hangs from no named subject; other nameless nodes are read where used."""
        for word, kind in (("Classes", "DisjointClasses"), ("Properties", "DisjointObjectProperties")):
            if self._is(node, f"AllDisjoint{word}"):
                (head,) = (o for p, o in self.said[node] if p == _OWL + "members")
                yield Axiom(kind, tuple(self._items(head)))

    def _one(self, subject: str, predicate: str, value: str | Literal) -> Axiom:
        if predicate == _TYPE:
            return self._typed(subject, value)
        if predicate == _RDFS + "subClassOf":
            return Axiom("SubClassOf", (subject, self.expression(value)))
        if predicate == _OWL + "equivalentClass":
            return Axiom("EquivalentClasses", (subject, self.expression(value)))
        if predicate == _OWL + "disjointWith":
            return Axiom("DisjointClasses", (subject, self.expression(value)))
        if predicate == _OWL + "inverseOf":
            return Axiom("InverseObjectProperties", (subject, self.expression(value)))
        if predicate == _OWL + "propertyChainAxiom":
            chain: Part = ("ObjectPropertyChain", *self._items(value))
            return Axiom("SubObjectPropertyOf", (chain, subject))
        if predicate == _OWL + "disjointUnionOf":
            return Axiom("DisjointUnion", (subject, *self._items(value)))
        sort = self._sort(subject)
        if predicate == _RDFS + "subPropertyOf":
            return Axiom(f"Sub{sort}PropertyOf", (subject, self.expression(value)))
        if predicate in (_RDFS + "domain", _RDFS + "range"):
            end = predicate.removeprefix(_RDFS).capitalize()
            return Axiom(f"{sort}Property{end}", (subject, self.expression(value)))
        if self._is(subject, "Ontology"):
            if predicate == _OWL + "versionIRI":
                return Axiom("Ontology", (subject, value))
            if predicate == _OWL + "imports":
                return Axiom("Import", (value,))
            return Axiom("Annotation", (predicate, value))
        if self._is(predicate, "ObjectProperty"):
            return Axiom("ObjectPropertyAssertion", (predicate, subject, value))
        if self._is(predicate, "DatatypeProperty"):
            return Axiom("DataPropertyAssertion", (predicate, subject, value))
        if predicate.startswith(_OWL) and predicate not in (_OWL + "deprecated", _OWL + "versionInfo"):
            raise ValueError(f"<{subject}> <{predicate}> {value} belongs to no known axiom")
        if isinstance(value, str) and value.startswith(GENID):
            raise ValueError(f"<{subject}> <{predicate}>: an annotation without a value")
        return Axiom("AnnotationAssertion", (predicate, subject, value))

    def _sort(self, subject: str) -> str:
        if self._is(subject, "AnnotationProperty"):
            return "Annotation"
        return "Data" if self._is(subject, "DatatypeProperty") else "Object"

    def _typed(self, subject: str, value: str | Literal) -> Axiom:
        kind = str(value).removeprefix(_OWL)
        if kind in _ENTITIES:
            return Axiom("Declaration", ((_ENTITIES[kind], subject),))
        if kind in _CHARACTERISTICS:
            sort = "Data" if self._is(subject, "DatatypeProperty") else "Object"
            return Axiom(kind.removesuffix("Property") + f"{sort}Property", (subject,))
        if kind == "Ontology":
            return Axiom("Ontology", (subject,))
        if value == _RDFS + "Datatype":
            return Axiom("Declaration", (("Datatype", subject),))
        return Axiom("ClassAssertion", (self.expression(value), subject))

    def _items(self, head: str | Literal) -> Iterator[Part]:
        while head != _NIL:
            cell = dict(self.said[str(head)])
            yield self.expression(cell[_FIRST])
            head = cell[_REST]

    def expression(self, value: str | Literal) -> Part:
        """A class or property expression, or the IRI or literal itself."""
        if isinstance(value, Literal) or not value.startswith(GENID):
            return value
        parts = {p.removeprefix(_OWL): o for p, o in self.said.get(value, ())}
        for name, kind in _LISTS.items():
            if name in parts:
                return (kind, *self._items(parts[name]))
        if "complementOf" in parts:
            return ("ObjectComplementOf", self.expression(parts["complementOf"]))
        if "inverseOf" in parts:
            return ("ObjectInverseOf", self.expression(parts["inverseOf"]))
        if "onProperty" in parts:
            prop = self.expression(parts["onProperty"])
            sort = "Data" if isinstance(prop, str) and self._is(prop, "DatatypeProperty") else "Object"
            for name, kind in _QUANTIFIERS.items():
                if name in parts:
                    return (sort + kind, prop, self.expression(parts[name]))
            for name, kind in _CARDINALITIES.items():
                if name in parts:
                    on = [self.expression(parts[n]) for n in ("onClass", "onDataRange") if n in parts]
                    return (sort + kind, str(getattr(parts[name], "value", parts[name])), prop, *on)
        raise ValueError(f"the node {value} spells no known expression: {sorted(parts)}")
