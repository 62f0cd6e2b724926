"""What a change of the ontology does to a graph: which claims it touches, and which justified answers change.

The answers are made twice: over the graph as it is, and over a copy in memory in which every obsolete term is
its replacement. Claims in the copy are those of the graph with other terms, not weighed anew, and inferred
claims stay as they are; re-ingestion or a refresh of the claims is what settles them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from kg.claims import CLAIMS
from kg.justify import justify
from kg.model.justification import Answer, Profile
from kg.rdf import term_node
from kg.store import Change, OxigraphStore, Store
from kg.vocabulary import IRKG, RDF, RDFS
from ontology.diff import Diff
from ontology.iris import graph
from ontology.terms import Ontology

__all__ = [
    "ChangedAnswer",
    "ChangedOption",
    "Impact",
    "TouchedClaim",
    "changed_answers",
    "impact",
    "renamed",
    "touched_claims",
]

# Reads a question with the terms of one edition.
Read: TypeAlias = Callable[[str, Ontology], Profile]

_ROLES: Final = (
    (RDF.subject, "subject"),
    (RDF.object, "object"),
    (IRKG.intervention, "intervention"),
    (IRKG.comparator, "comparator"),
    (IRKG.outcome, "outcome"),
    (IRKG.disease, "disease"),
)
_KEPT: Final = frozenset({graph("ontology"), graph("ontology/inferred")})


@dataclass(frozen=True, slots=True)
class TouchedClaim:
    """A claim that names a term which became obsolete, was moved, or is gone.

    `what` is ``renamed`` (the term has a replacement, `to`), ``orphaned`` (it has none) or ``moved`` (the
    term stands elsewhere in the hierarchy, so that questions on `to`, its new parents, find the claim).
    """

    claim: str
    label: str
    term: str
    role: str
    what: str
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangedOption:
    """An option whose place, score or contraindication changed; None: it was, or is, no option."""

    id: str
    label: str
    old_rank: int | None
    new_rank: int | None
    old_score: Decimal | None
    new_score: Decimal | None
    contraindicated: bool | None = None


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A question that is answered otherwise."""

    question: str
    options: tuple[ChangedOption, ...]
    disease: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that a change of the ontology does to a graph."""

    claims: tuple[TouchedClaim, ...] = ()
    answers: tuple[ChangedAnswer, ...] = ()
    asked: int = 0

    def to_json(self) -> dict[str, object]:
        """The impact as a JSON object; scores as numbers."""
        found = asdict(self)
        for answer in found["answers"]:
            for option in answer["options"]:
                for name in ("old_score", "new_score"):
                    option[name] = None if option[name] is None else float(option[name])
        return found


def impact(
    store: Store,
    change: Diff,
    old: Ontology,
    new: Ontology,
    questions: Sequence[str] = (),
    read: Read | None = None,
) -> Impact:
    """What a change does to the claims and answers of a graph.

    Args:
        store: the graph; it is only read.
        change: what changed between the two editions.
        old: the edition that the graph was made with.
        new: the edition that may take its place.
        questions: what is asked of both.
        read: reads a question; without it none is asked.
    """
    answers = changed_answers(store, old, new, questions, read) if read and questions else ()
    return Impact(touched_claims(store, change), answers, len(questions) if read else 0)


def touched_claims(store: Store, change: Diff) -> tuple[TouchedClaim, ...]:
    """The claims about terms that are obsolete, moved or gone, by label."""
    what: dict[str, tuple[str, tuple[str, ...]]] = {t.id: ("orphaned", ()) for t in change.removed}
    for moved in change.moved:
        what[moved.term.id] = ("moved", tuple(parent.id for parent in moved.new))
    for gone in change.obsoleted:
        to = gone.replaced_by
        what[gone.term.id] = ("renamed", (to.id,)) if to else ("orphaned", ())
    found = [
        TouchedClaim(quad.subject.value, _label(store, quad.subject), term, role, kind, to)
        for term, (kind, to) in what.items()
        for predicate, role in _ROLES
        for quad in store.quads(None, predicate, term_node(term), graph=CLAIMS)
        if isinstance(quad.subject, NamedNode)
    ]
    return tuple(sorted(found, key=lambda c: (c.what, c.term, c.label, c.claim, c.role)))


def _label(store: Store, claim: NamedNode) -> str:
    found = (q.object for q in store.quads(claim, RDFS.label, None, graph=CLAIMS))
    return next((label.value for label in found if isinstance(label, Literal)), "")


def renamed(store: Store, names: Mapping[str, str]) -> OxigraphStore:
    """A copy of a graph in memory in which some terms have other ids; `names` gives the new id for the old.

    The ontology's own graphs are copied as they are.
    """
    nodes = {term_node(old): term_node(new) for old, new in names.items()}
    copy = OxigraphStore.memory()
    for name in sorted(store.graphs()):
        copy.apply(Change(replace={name: tuple(_renamed(store, name, {} if name in _KEPT else nodes))}))
    return copy


def _renamed(store: Store, name: str, nodes: Mapping[NamedNode, NamedNode]) -> Iterator[Quad]:
    for quad in store.quads(graph=name):
        subject, object_ = quad.subject, quad.object
        if isinstance(subject, NamedNode):
            subject = nodes.get(subject, subject)
        if isinstance(object_, NamedNode):
            object_ = nodes.get(object_, object_)
        yield Quad(subject, quad.predicate, object_, quad.graph_name)


def changed_answers(
    store: Store, old: Ontology, new: Ontology, questions: Sequence[str], read: Read
) -> tuple[ChangedAnswer, ...]:
    """The questions that are answered otherwise with the new edition, in the order of the questions."""
    names = {term: to for term in new.obsolete if term in old.terms and (to := new.current(term))}
    copy = renamed(store, names) if names else None
    try:
        found = []
        for question in questions:
            before = justify(store, old, read(question, old), question=question)
            after = justify(copy or store, new, read(question, new), question=question)
            changed = _compare(question, before, after, names)
            if changed is not None:
                found.append(changed)
        return tuple(found)
    finally:
        if copy is not None:
            copy.close()


def _compare(question: str, before: Answer, after: Answer, names: Mapping[str, str]) -> ChangedAnswer | None:
    one = {names.get(option.id, option.id): option for option in before.options}
    other = {option.id: option for option in after.options}
    options = []
    for term in dict.fromkeys((*other, *one)):
        old, new = one.get(term), other.get(term)
        known = (old.rank, old.score, old.contraindicated) if old else None
        now = (new.rank, new.score, new.contraindicated) if new else None
        if known != now:
            options.append(
                ChangedOption(
                    term,
                    new.label if new else old.label if old else "",
                    old.rank if old else None,
                    new.rank if new else None,
                    old.score if old else None,
                    new.score if new else None,
                    new.contraindicated if new else None,
                )
            )
    diseases = (_disease(before), _disease(after))
    if not options and diseases[0] == diseases[1]:
        return None
    return ChangedAnswer(question, tuple(options), diseases)


def _disease(answer: Answer) -> str | None:
    found = answer.profile.get("disease")
    return str(found) if found else None
