"""What the slots of a term say in OWL: existential restrictions, and for procedures a logical definition
where they suffice.

A slot that holds one value is an existential restriction. Of several values, those of :data:`ALL_OF` hold
together (a drug acts on each of its targets); those of other slots are alternatives (an ablation is guided by
ultrasonography or by CT), so that the restriction is on their union. A definition is a genus and what sets
the term apart from it, which is how the OBO Foundry writes logical definitions (principle 6, textual
definitions in genus-differentia form).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ontology.problems import Problem
from ontology.spelling import fold_name
from ontology.terms import Branch, Ontology, Term

__all__ = [
    "ALL_OF",
    "GROUP",
    "PROPERTIES",
    "All",
    "AnyOf",
    "Expression",
    "Some",
    "definitions",
    "is_group",
    "primitives",
    "restrictions",
]

# Slot -> property of irkg.ttl (namespace irkg:). Slots that are not named here hold literals.
PROPERTIES: Final[Mapping[str, str]] = {
    "technique": "has_technique",
    "energy": "has_energy",
    "access": "has_access",
    "site": "has_site",
    "intent": "has_intent",
    "guidance": "guided_by",
    "uses": "uses",
    "targets": "targets",
    "located_in": "located_in",
    "part_of": "part_of",
    "associated_with": "associated_with",
    "biomarker_of": "biomarker_of",
}
ALL_OF: Final = frozenset({"technique", "targets", "associated_with", "biomarker_of", "part_of"})
# The kind of a procedure that stands for a question (`procedure on the liver`): see :func:`definitions`.
GROUP: Final = "group"
# A procedure is defined by its technique and at least one of these.
_DIFFERENTIA: Final = ("energy", "site", "uses")
# Words that join the parts of a label and say nothing themselves.
_GLUE: Final = frozenset({"of", "the", "by", "with"})


@dataclass(frozen=True, slots=True)
class Some:
    """An existential restriction on a named class or a union: ``uses some doxorubicin``."""

    property: str
    filler: str | AnyOf

    def __str__(self) -> str:
        return f"irkg:{self.property} some {self.filler}"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A union of named classes."""

    members: tuple[str, ...]

    def __str__(self) -> str:
        return f"({' or '.join(self.members)})"


@dataclass(frozen=True, slots=True)
class All:
    """An intersection of named classes and restrictions.

    >>> str(All(("IRKG:0006001",), (Some("has_technique", "IRKG:0000110"),)))
    'IRKG:0006001 and (irkg:has_technique some IRKG:0000110)'
    """

    genus: tuple[str, ...]
    differentia: tuple[Some, ...]

    def __str__(self) -> str:
        return " and ".join((*self.genus, *(f"({part})" for part in self.differentia)))


Expression = Some | AnyOf | All


def restrictions(term: Term) -> tuple[Some, ...]:
    """The existential restrictions that a term's slots state, in the order of its slots."""
    found: list[Some] = []
    for slot, values in term.slots.items():
        prop = PROPERTIES.get(slot)
        if prop is None or not values:
            continue
        values = tuple(sorted(set(values)))
        if len(values) == 1 or slot in ALL_OF:
            found += [Some(prop, value) for value in values]
        else:
            found.append(Some(prop, AnyOf(values)))
    return tuple(found)


def definitions(ontology: Ontology, primitive: frozenset[str] = frozenset()) -> dict[str, All]:
    """The logical definition of every procedure whose slots suffice, by term id.

    A procedure is defined when all of this holds:

    - it has a parent, a technique, and at least one of energy, site and agent;
    - it has not several agents: they may be alternatives, and what uses one need not be this procedure;
    - its slots say something that no ancestor says, else it would equal its parent;
    - its label says nothing that parents and slots do not say: `renal cryoablation` is cryoablation of the
      kidney, but `distal splenic artery embolization` is more than embolization of the splenic artery;
    - no other procedure would get the same definition;
    - it is not in `primitive`.

    A term of kind :data:`GROUP` is always defined: it is what its slots say and no more. The reasoner finds
    its members; nobody asserts them.
    """
    candidates: dict[str, All] = {}
    for term in ontology.branch(Branch.PROCEDURE):
        slots = term.slots
        if is_group(term):
            if term.parents and restrictions(term):
                candidates[term.id] = All(tuple(sorted(term.parents)), restrictions(term))
            continue
        if (
            term.id in primitive
            or not term.parents
            or not slots.get("technique")
            or not any(slots.get(s) for s in _DIFFERENTIA)
        ):
            continue
        if len(slots.get("uses", ())) > 1 or not _adds(ontology, term) or not _composed(ontology, term):
            continue
        candidates[term.id] = All(tuple(sorted(term.parents)), restrictions(term))
    owners: dict[tuple[tuple[str, ...], frozenset[Some]], int] = {}
    for one in candidates.values():
        owners[_key(one)] = owners.get(_key(one), 0) + 1
    return {
        term_id: one
        for term_id, one in candidates.items()
        if owners[_key(one)] == 1 or is_group(ontology[term_id])
    }


def is_group(term: Term) -> bool:
    """True for a procedure that its slots alone define, such as `procedure on the liver`."""
    return GROUP in term.slots.get("kind", ())


def _key(definition: All) -> tuple[tuple[str, ...], frozenset[Some]]:
    return definition.genus, frozenset(definition.differentia)


def _composed(ontology: Ontology, term: Term) -> bool:
    """True when each word of the label is a word of a name of a parent or of a slot's value."""
    parts = {*term.parents, *(v for slot, values in term.slots.items() if slot in PROPERTIES for v in values)}
    said = {
        word
        for part in parts
        if part in ontology
        for name in ontology[part].names()
        for word in fold_name(name)
    }
    return set(fold_name(term.label)) <= said | _GLUE


def _adds(ontology: Ontology, term: Term) -> bool:
    """True when a slot says more than the same slot of every ancestor; else the term would equal its
    parent."""
    ancestors = [ontology[a] for a in ontology.ancestors(term.id) if a in ontology]
    for slot, values in term.slots.items():
        if slot not in PROPERTIES:
            continue
        inherited = {v for a in ancestors for v in a.slots.get(slot, ())}
        implied = inherited.union(*(ontology.ancestors(v) for v in inherited)) if inherited else inherited
        if not set(values) <= implied:
            return True
    return False


def primitives(path: Path, ontology: Ontology) -> tuple[frozenset[str], list[Problem]]:
    """The reviewed list of procedures whose slots do not suffice to define them (columns id, label, why).

    A missing file is an empty list.
    """
    if not path.exists():
        return frozenset(), []
    found: set[str] = set()
    problems: list[Problem] = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            term_id = row["id"] or ""
            if term_id not in ontology:
                problems.append(Problem(path.name, f"{term_id!r} is no term", row=number, field="id"))
            elif ontology[term_id].label != row["label"]:
                mend = repr(ontology[term_id].label)
                problems.append(
                    Problem(
                        path.name,
                        f"{row['label']!r} is not the label of {term_id}",
                        row=number,
                        field="label",
                        mend=mend,
                    )
                )
            if not row.get("why"):
                problems.append(Problem(path.name, "no reason is given", row=number, field="why"))
            found.add(term_id)
    return frozenset(found), problems
