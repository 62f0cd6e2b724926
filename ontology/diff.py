"""What changed between two editions of the ontology: terms, their fields and places, mappings, and what the
reasoner infers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from ontology.editions import Edition
from ontology.terms import Ontology, Synonym, Term, Xref

__all__ = ["Changed", "Diff", "Gone", "Moved", "Named", "Subsumption", "diff"]


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """A term by id and label."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of a term that changed: its values before and after."""

    term: Named
    field: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A term with other parents than before."""

    term: Named
    old: tuple[Named, ...]
    new: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Gone:
    """A term that became obsolete, what replaces it (None: nothing), and why."""

    term: Named
    replaced_by: Named | None
    reason: str


@dataclass(frozen=True, slots=True)
class Subsumption:
    """An inferred subsumption."""

    child: Named
    parent: Named


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that changed; each list in the order of ids."""

    old: str
    new: str
    added: tuple[Named, ...] = ()
    removed: tuple[Named, ...] = ()
    """Terms that are gone without a trace, which no release should have."""
    obsoleted: tuple[Gone, ...] = ()
    restored: tuple[Named, ...] = ()
    moved: tuple[Moved, ...] = ()
    changed: tuple[Changed, ...] = ()
    gained: tuple[Subsumption, ...] = ()
    lost: tuple[Subsumption, ...] = ()
    mappings_added: tuple[Xref, ...] = ()
    mappings_removed: tuple[Xref, ...] = ()
    mappings_changed: tuple[tuple[Xref, Xref], ...] = ()
    imported: tuple[Named, ...] = ()
    no_longer_imported: tuple[Named, ...] = ()

    def __bool__(self) -> bool:
        return any(value for name, value in self.to_json().items() if name not in ("old", "new"))

    def to_json(self) -> dict[str, object]:
        """The difference as a JSON object."""
        return asdict(self)


def diff(old: Edition, new: Edition) -> Diff:
    """What changed from `old` to `new`."""
    before, after = old.ontology, new.ontology
    both = sorted(before.terms.keys() & after.terms.keys())
    return Diff(
        old.name,
        new.name,
        added=_named(after, (after.terms.keys() - before.terms.keys()) - before.obsolete.keys()),
        removed=_named(before, (before.terms.keys() - after.terms.keys()) - after.obsolete.keys()),
        obsoleted=tuple(
            _gone(after, term) for term in sorted(after.obsolete.keys() - before.obsolete.keys())
        ),
        restored=_named(after, after.terms.keys() & before.obsolete.keys()),
        moved=tuple(
            Moved(
                _name(after, term), _named(before, before[term].parents), _named(after, after[term].parents)
            )
            for term in both
            if set(before[term].parents) != set(after[term].parents)
        ),
        changed=tuple(change for term in both for change in _fields(before, after, term)),
        gained=_subsumptions(new, old),
        lost=_subsumptions(old, new),
        **_mappings(before, after),  # type: ignore[arg-type]
        imported=_imports(new, old),
        no_longer_imported=_imports(old, new),
    )


def _name(ontology: Ontology, term: str) -> Named:
    found = ontology.terms.get(term)
    if found is None and term in ontology.obsolete:
        found = ontology.obsolete[term].term
    return Named(term, found.label if found else "")


def _named(ontology: Ontology, terms: object) -> tuple[Named, ...]:
    return tuple(_name(ontology, term) for term in sorted(terms))  # type: ignore[call-overload]


def _gone(after: Ontology, term: str) -> Gone:
    current = after.current(term)
    return Gone(_name(after, term), _name(after, current) if current else None, after.obsolete[term].reason)


def _fields(before: Ontology, after: Ontology, term: str) -> Iterator[Changed]:
    one, other = _cells(before, before[term]), _cells(after, after[term])
    for field in dict.fromkeys((*one, *other)):
        old, new = one.get(field, ()), other.get(field, ())
        if set(old) != set(new):
            yield Changed(_name(after, term), field, old, new)


def _cells(ontology: Ontology, term: Term) -> dict[str, tuple[str, ...]]:
    """A term's fields but its parents, as a curator sees them: other terms by label."""
    found: dict[str, tuple[str, ...]] = {
        name: (value,)
        for name, value in (
            ("label", term.label),
            ("definition", term.definition),
            ("source", term.definition_source),
            ("comment", term.comment),
        )
        if value
    }
    for synonym in term.synonyms:
        field = _column(synonym)
        found[field] = (*found.get(field, ()), synonym.text)
    for slot, values in term.slots.items():
        found[slot] = tuple(ontology[v].label if v in ontology else v for v in values)
    return found


def _column(synonym: Synonym) -> str:
    return "abbreviations" if synonym.abbreviation else synonym.scope


def _subsumptions(here: Edition, there: Edition) -> tuple[Subsumption, ...]:
    """What is inferred here, and neither inferred nor stated there."""
    labels = {t.id: t.label for t in here.imported}

    def name(term: str) -> Named:
        return Named(term, labels[term]) if term in labels else _name(here.ontology, term)

    return tuple(
        Subsumption(name(child), name(parent))
        for child, parent in sorted(here.subsumptions - there.subsumptions)
        if parent not in there.ontology.ancestors(child)
    )


def _mappings(before: Ontology, after: Ontology) -> dict[str, object]:
    old = {(m.subject_id, m.object_id): m for m in before.mappings}
    new = {(m.subject_id, m.object_id): m for m in after.mappings}
    return {
        "mappings_added": tuple(new[key] for key in sorted(new.keys() - old.keys())),
        "mappings_removed": tuple(old[key] for key in sorted(old.keys() - new.keys())),
        "mappings_changed": tuple(
            (old[key], new[key]) for key in sorted(old.keys() & new.keys()) if old[key] != new[key]
        ),
    }


def _imports(here: Edition, there: Edition) -> tuple[Named, ...]:
    have: Mapping[str, Term] = {t.id: t for t in there.imported}
    return tuple(Named(t.id, t.label) for t in here.imported if t.id not in have)
