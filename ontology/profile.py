"""Which axioms of the ontology stay in OWL 2 EL, and why the others do not.

OWL 2 EL is the profile in which classification takes polynomial time; W3C, "OWL 2 Web Ontology Language
Profiles (Second Edition)" (2012), section 2. An EL reasoner reads the axioms inside and misses what follows
from those outside: here alternatives of a slot, domains and ranges over several branches, and inverses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ontology.build import Built
from ontology.iris import compact
from ontology.owl import Axiom, Part, axioms, signature

__all__ = ["Outside", "Profile", "check", "report"]

# Section 2.2.4 (axioms) and 2.2.3 (class expressions) of the recommendation.
_AXIOMS: Final = frozenset(
    {
        "SubClassOf",
        "EquivalentClasses",
        "DisjointClasses",
        "SubObjectPropertyOf",
        "EquivalentObjectProperties",
        "TransitiveObjectProperty",
        "ReflexiveObjectProperty",
        "ObjectPropertyDomain",
        "ObjectPropertyRange",
        "SubDataPropertyOf",
        "EquivalentDataProperties",
        "DataPropertyDomain",
        "DataPropertyRange",
        "FunctionalDataProperty",
        "SameIndividual",
        "DifferentIndividuals",
        "ClassAssertion",
        "ObjectPropertyAssertion",
        "DataPropertyAssertion",
        "HasKey",
    }
)
_EXPRESSIONS: Final = frozenset(
    {
        "ObjectPropertyChain",
        "ObjectIntersectionOf",
        "ObjectSomeValuesFrom",
        "ObjectHasValue",
        "ObjectHasSelf",
        "DataSomeValuesFrom",
        "DataHasValue",
    }
)
_WHY: Final[Mapping[str, str]] = {
    "ObjectUnionOf": "a union",
    "DisjointUnion": "a union",
    "ObjectComplementOf": "a complement",
    "ObjectAllValuesFrom": "a universal restriction",
    "ObjectOneOf": "an enumeration of several individuals",
    "ObjectInverseOf": "an inverse property",
    "InverseObjectProperties": "an inverse property",
    "FunctionalObjectProperty": "a functional property",
    "InverseFunctionalObjectProperty": "an inverse functional property",
    "SymmetricObjectProperty": "a symmetric property",
    "AsymmetricObjectProperty": "an asymmetric property",
    "IrreflexiveObjectProperty": "an irreflexive property",
    "DisjointObjectProperties": "disjoint properties",
}
_RANGE: Final = "a range that the last step of a chain lacks"


@dataclass(frozen=True, slots=True)
class Outside:
    """An axiom that is not in OWL 2 EL, and the first construct that keeps it out."""

    axiom: Axiom
    why: str

    def __str__(self) -> str:
        names = ", ".join(sorted(map(compact, signature(self.axiom))))
        return f"{self.axiom.kind} with {self.why}: {names}"


@dataclass(frozen=True)
class Profile:
    """What :func:`report` found over the logical axioms."""

    inside: tuple[Axiom, ...]
    outside: tuple[Outside, ...]

    @cached_property
    def reasons(self) -> Mapping[tuple[str, str], int]:
        """How many axioms are outside by (kind of axiom, construct), the most frequent first."""
        return dict(Counter((one.axiom.kind, one.why) for one in self.outside).most_common())

    def __str__(self) -> str:
        total = len(self.inside) + len(self.outside)
        share = len(self.inside) / total if total else 1.0
        lines = [f"{len(self.inside)} of {total} logical axioms are in OWL 2 EL ({share:.1%})."]
        lines += [f"outside: {n} {kind} with {why}" for (kind, why), n in self.reasons.items()]
        return "\n".join(lines)


def report(built: Built) -> Profile:
    """The profile of a built ontology.

    Raises:
        ValueError: a triple of it belongs to no known axiom.
    """
    return check(axioms(built.triples))


def check(found: Iterable[Axiom]) -> Profile:
    """Sort logical axioms into those of OWL 2 EL and the others, without declarations and annotations."""
    inside: list[Axiom] = []
    outside: list[Outside] = []
    for axiom in found:
        if not axiom.logical or axiom.kind in ("Ontology", "Import"):
            continue
        why = _why(axiom)
        if why:
            outside.append(Outside(axiom, why))
        else:
            inside.append(axiom)
    for axiom in _unranged(inside):
        inside.remove(axiom)
        outside.append(Outside(axiom, _RANGE))
    return Profile(tuple(inside), tuple(outside))


def _why(axiom: Axiom) -> str | None:
    if axiom.kind not in _AXIOMS:
        return _WHY.get(axiom.kind, axiom.kind)
    return next((why for part in axiom.parts for why in _constructs(part)), None)


def _constructs(part: Part) -> Iterator[str]:
    """The constructs of an expression that are not in EL, outermost first."""
    if not isinstance(part, tuple):
        return
    name, *inner = part
    if name == "ObjectOneOf" and len(inner) == 1:
        return
    if name not in _EXPRESSIONS:
        yield _WHY.get(str(name), "a number restriction" if "Cardinality" in str(name) else str(name))
    for one in inner:
        yield from _constructs(one)


def _unranged(found: Iterable[Axiom]) -> list[Axiom]:
    """Chains that break section 2.2.6: what is the range of the property that a chain gives must be one of
    its last step, too."""
    every = list(found)
    wider: dict[Part, set[Part]] = {}
    ranges: dict[Part, set[Part]] = {}
    chains: list[tuple[Axiom, Part, Part]] = []
    for axiom in every:
        if axiom.kind == "ObjectPropertyRange":
            ranges.setdefault(axiom.parts[0], set()).add(axiom.parts[1])
        elif axiom.kind == "SubObjectPropertyOf":
            narrow, wide = axiom.parts
            if isinstance(narrow, tuple):
                chains.append((axiom, narrow[-1], wide))
            else:
                wider.setdefault(narrow, set()).add(wide)

    def imposed(prop: Part) -> set[Part]:
        seen: set[Part] = set()
        queue = [prop]
        while queue:
            one = queue.pop()
            if one not in seen:
                seen.add(one)
                queue.extend(wider.get(one, ()))
        return {given for one in seen for given in ranges.get(one, ())}

    return [axiom for axiom, last, gives in chains if not imposed(gives) <= imposed(last)]
