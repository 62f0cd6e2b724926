"""Axioms gathered by the entity that they describe, as OBO and OBO Graphs see them.

Both know `is_a`, existential restrictions on one class, and definitions of genus and differentia. What says
more (a union, a class that is disjoint from several) stays an axiom: :attr:`Frames.rest`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal

from ontology.iris import PREFIXES
from ontology.owl import Axiom, Part

__all__ = ["Definition", "Frame", "Frames", "Note", "frames"]

_LABEL: Final = PREFIXES["rdfs"] + "label"


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation: predicate, value, and the annotations of the annotation."""

    predicate: str
    value: str | Literal
    notes: tuple[tuple[str, Part], ...] = ()

    @property
    def text(self) -> str:
        """The value without its datatype."""
        return self.value if isinstance(self.value, str) else self.value.value


@dataclass(frozen=True, slots=True)
class Definition:
    """A logical definition: the classes and the restrictions (property, class) that together suffice."""

    genus: tuple[str, ...]
    differentia: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Frame:
    """What is said about one entity; `kind` is ``Class``, ``ObjectProperty``, ``AnnotationProperty`` ..."""

    iri: str
    kind: str
    notes: list[Note] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    relations: list[tuple[str, str]] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    equivalent: list[str] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    chains: list[tuple[str, ...]] = field(default_factory=list)
    inverses: list[str] = field(default_factory=list)
    characteristics: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The first label, or the empty string."""
        return next((n.text for n in self.notes if n.predicate == _LABEL), "")


@dataclass(frozen=True, slots=True)
class Frames:
    """An ontology's frames by IRI, its own annotations, and the axioms that no frame can hold."""

    iri: str
    version: str
    notes: tuple[Note, ...]
    entities: dict[str, Frame]
    rest: tuple[Axiom, ...]


def _restriction(part: Part) -> tuple[str, str] | None:
    if isinstance(part, tuple) and part[0] == "ObjectSomeValuesFrom":
        prop, filler = part[1:]
        if isinstance(prop, str) and isinstance(filler, str):
            return prop, filler
    return None


def _definition(part: Part) -> Definition | None:
    if not isinstance(part, tuple) or part[0] != "ObjectIntersectionOf":
        return None
    genus = tuple(p for p in part[1:] if isinstance(p, str))
    differentia = [_restriction(p) for p in part[1:] if not isinstance(p, str)]
    known = tuple(d for d in differentia if d is not None)
    return Definition(genus, known) if len(known) == len(differentia) else None


def frames(axioms: Iterable[Axiom]) -> Frames:
    """The axioms by entity.

    Raises:
        ValueError: no ontology is declared.
    """
    entities: dict[str, Frame] = {}
    own: list[Note] = []
    iris: list[tuple[Part, ...]] = []
    rest: list[Axiom] = []
    later: list[Axiom] = []
    for axiom in axioms:
        if axiom.kind == "Declaration":
            (declared,) = axiom.parts
            kind, iri = map(str, declared) if isinstance(declared, tuple) else ("", "")
            entities.setdefault(iri, Frame(iri, kind))
        elif axiom.kind == "Ontology":
            iris.append(axiom.parts)
        elif axiom.kind == "Annotation":
            prop, value = axiom.parts
            own.append(Note(str(prop), value))  # type: ignore[arg-type]
        else:
            later.append(axiom)
    if not iris:
        raise ValueError("the graph has no owl:Ontology")
    rest = [axiom for axiom in later if not _place(axiom, entities)]
    best = max(iris, key=len)
    return Frames(str(best[0]), str(best[1]) if len(best) > 1 else "", tuple(own), entities, tuple(rest))


def _place(axiom: Axiom, entities: dict[str, Frame]) -> bool:
    """Put an axiom into its frame; False when none can hold it."""
    parts, kind = axiom.parts, axiom.kind
    if kind == "AnnotationAssertion":
        prop, subject, value = parts
        frame = entities.get(str(subject))
        if frame is None or isinstance(value, tuple):
            return False
        frame.notes.append(Note(str(prop), value, axiom.notes))
        return True
    if kind == "SubObjectPropertyOf" and isinstance(parts[0], tuple):
        frame = entities.get(str(parts[1]))
        if frame is None or parts[0][0] != "ObjectPropertyChain":
            return False
        frame.chains.append(tuple(map(str, parts[0][1:])))
        return True
    frame = entities.get(parts[0]) if isinstance(parts[0], str) else None
    if frame is None:
        return False
    if kind.endswith("ObjectProperty") and len(parts) == 1:
        frame.characteristics.append(kind.removesuffix("ObjectProperty"))
        return True
    value = parts[1] if len(parts) == 2 else ()
    if kind == "SubClassOf" and (found := _restriction(value)):
        frame.relations.append(found)
        return True
    if kind == "EquivalentClasses" and (definition := _definition(value)):
        frame.definitions.append(definition)
        return True
    if not isinstance(value, str):
        return False
    target = {
        "SubClassOf": frame.parents,
        "SubObjectPropertyOf": frame.parents,
        "SubAnnotationPropertyOf": frame.parents,
        "EquivalentClasses": frame.equivalent,
        "InverseObjectProperties": frame.inverses,
        "ObjectPropertyDomain": frame.domains,
        "ObjectPropertyRange": frame.ranges,
    }.get(kind)
    if target is None:
        return False
    target.append(value)
    return True
