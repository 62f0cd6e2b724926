"""Terms of the ontology as values: branch, label, synonyms, slots, and the hierarchy over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal

__all__ = ["ID_RANGES", "Branch", "Obsolete", "Ontology", "Scope", "Synonym", "Term", "Xref"]


class Branch(StrEnum):
    """The ten branches of the ontology, and the values that procedure slots take."""

    DISEASE = "Disease"
    MOLECULAR_TARGET = "MolecularTarget"
    BIOMARKER = "Biomarker"
    IMAGING_MODALITY = "ImagingModality"
    PROCEDURE = "Procedure"
    AGENT = "Agent"
    ANATOMICAL_SITE = "AnatomicalSite"
    OUTCOME = "Outcome"
    ADVERSE_EVENT = "AdverseEvent"
    PATIENT_CHARACTERISTIC = "PatientCharacteristic"
    SLOT_VALUE = "SlotValue"


# The first id of each range is the branch's root class.
ID_RANGES: Final[Mapping[Branch, tuple[int, int]]] = {
    Branch.SLOT_VALUE: (100, 999),
    Branch.DISEASE: (1000, 2999),
    Branch.MOLECULAR_TARGET: (3000, 3999),
    Branch.BIOMARKER: (4000, 4999),
    Branch.IMAGING_MODALITY: (5000, 5999),
    Branch.PROCEDURE: (6000, 7999),
    Branch.AGENT: (8000, 9999),
    Branch.ANATOMICAL_SITE: (10000, 10999),
    Branch.OUTCOME: (11000, 11999),
    Branch.ADVERSE_EVENT: (12000, 12999),
    Branch.PATIENT_CHARACTERISTIC: (13000, 13999),
}

Scope = Literal["exact", "narrow", "broad", "related"]


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another name of a term with its oboInOwl scope; abbreviations are exact synonyms of their own type."""

    text: str
    scope: Scope = "exact"
    abbreviation: bool = False


@dataclass(frozen=True, slots=True)
class Xref:
    """One row of a SSSOM table: an xref with its predicate and justification (https://w3id.org/sssom)."""

    subject_id: str
    predicate_id: str
    object_id: str
    object_label: str
    justification: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A class of the ontology.

    ``slots`` maps a slot's name to term ids (``uses``, ``site``, ``targets`` ...) or to literals
    (``polarity``, ``kind``, ``unit``); which is which stands in :mod:`ontology.tables`.

    >>> Term("IRKG:0006010", Branch.PROCEDURE, "transarterial chemoembolization").label
    'transarterial chemoembolization'
    """

    id: str
    branch: Branch
    label: str
    parents: tuple[str, ...] = ()
    definition: str = ""
    definition_source: str = ""
    synonyms: tuple[Synonym, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    comment: str = ""

    def names(self) -> Iterable[str]:
        """The label and every exact synonym."""
        yield self.label
        yield from (s.text for s in self.synonyms if s.scope == "exact")


@dataclass(frozen=True, slots=True)
class Obsolete:
    """A term that is no longer used: its row without parents and slots, the id to use instead (empty: none),
    and why."""

    term: Term
    replaced_by: str
    reason: str


@dataclass(frozen=True)
class Ontology:
    """All terms of a release with their hierarchy; immutable, cheap to share between components.

    `obsolete` holds the terms that are kept only so that their IRIs stay resolvable; they are not in `terms`.
    """

    terms: Mapping[str, Term]
    mappings: tuple[Xref, ...] = ()
    obsolete: Mapping[str, Obsolete] = field(default_factory=dict)

    def __getitem__(self, term_id: str) -> Term:
        return self.terms[term_id]

    def __contains__(self, term_id: object) -> bool:
        return term_id in self.terms

    def current(self, term_id: str) -> str | None:
        """The id to use for an id: itself, or what replaced it at last; None when nothing did."""
        seen: set[str] = set()
        while term_id in self.obsolete and term_id not in seen:
            seen.add(term_id)
            term_id = self.obsolete[term_id].replaced_by
        return term_id if term_id in self.terms else None

    @cached_property
    def by_label(self) -> Mapping[str, Term]:
        """Terms by case-folded label."""
        return {t.label.casefold(): t for t in self.terms.values()}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Direct subclasses by parent id."""
        found: dict[str, list[str]] = {}
        for term in self.terms.values():
            for parent in term.parents:
                found.setdefault(parent, []).append(term.id)
        return {parent: tuple(sorted(ids)) for parent, ids in found.items()}

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        return {}

    def ancestors(self, term_id: str) -> frozenset[str]:
        """Every proper superclass of a term, as asserted in the tables."""
        found = self._ancestors.get(term_id)
        if found is None:
            found = self._closure(term_id, lambda t: self.terms[t].parents if t in self.terms else ())
            self._ancestors[term_id] = found
        return found

    def descendants(self, term_id: str) -> frozenset[str]:
        """Every proper subclass of a term, as asserted in the tables."""
        return self._closure(term_id, lambda t: self.children.get(t, ()))

    @staticmethod
    def _closure(start: str, step: object) -> frozenset[str]:
        seen: set[str] = set()
        queue = list(step(start))  # type: ignore[operator]
        while queue:
            current = queue.pop()
            if current not in seen:
                seen.add(current)
                queue.extend(step(current))  # type: ignore[operator]
        return frozenset(seen)

    def branch(self, branch: Branch) -> list[Term]:
        """The terms of one branch, by id."""
        return sorted((t for t in self.terms.values() if t.branch is branch), key=lambda t: t.id)
