"""Claims as aggregates over documents, kept up to date by looking only at what changed.

Whoever writes a document graph passes the change through :func:`with_marks`: the same atomic write then marks
the touched claims as dirty in graph `meta`. :func:`refresh` recomputes marked claims in atomic chunks that
clear their marks with them, so that a killed run goes on where it stopped, and the claims in the end depend
on nothing but the document graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.identity import ClaimKey, Comparison, Relation, Result
from kg.labels import Labels, label_of_claim
from kg.model import Design, Retraction, Stance
from kg.queries import CITATIONS, OF_CLAIMS, VOID_STUDIES, Node, bind, properties, rows
from kg.rdf import term_node
from kg.store.base import Change, Store
from kg.vocabulary import IRKG, RDF, RDFS
from ontology.iris import compact as curie
from ontology.iris import document_graph, expand, graph

__all__ = [
    "CLAIMS",
    "DESIGN_ORDER",
    "META",
    "all_dirty",
    "dirty",
    "is_dirty",
    "key_of",
    "refresh",
    "with_marks",
]

CLAIMS: Final = graph("claims")
META: Final = graph("meta")
CHUNK: Final = 500  # claims in one atomic write: some ten thousand quads at the most
_CACHED: Final = 50_000  # documents whose year, design and study are kept in memory during a refresh

# From the design least open to bias to the one most open to it, after the OCEBM Levels of Evidence (Oxford
# Centre for Evidence-Based Medicine, 2011); guidelines and narrative reviews report no patients of their own
# and stand behind.
DESIGN_ORDER: Final[tuple[Design, ...]] = (
    Design.META_ANALYSIS,
    Design.SYSTEMATIC_REVIEW,
    Design.RCT,
    Design.DIAGNOSTIC,
    Design.COHORT,
    Design.SINGLE_ARM,
    Design.CASE_CONTROL,
    Design.CASE_SERIES,
    Design.CASE_REPORT,
    Design.GUIDELINE,
    Design.REVIEW,
    Design.PRECLINICAL,
    Design.OTHER,
)
_RANK: Final = {str(design): rank for rank, design in enumerate(DESIGN_ORDER)}
_VOID: Final = (Literal(str(Retraction.RETRACTED)), Literal(str(Retraction.NOTICE)))
_DOCUMENTS: Final = document_graph("")
_DIRTY, _CLAIM = IRKG.dirty, IRKG.claim
_META_NODE, _CLAIMS_NODE, _TRUE = NamedNode(META), NamedNode(CLAIMS), Literal(True)


def dirty(claim: NamedNode) -> Quad:
    """The mark that a claim must be recomputed."""
    return Quad(claim, _DIRTY, _TRUE, _META_NODE)


def all_dirty() -> Quad:
    """The mark that every claim must be recomputed, for instance because the labels of terms changed."""
    return dirty(_CLAIMS_NODE)


def is_dirty(store: Store) -> bool:
    """True when a refresh has something to do."""
    return next(store.quads(None, _DIRTY, None, graph=META), None) is not None


def with_marks(store: Store, change: Change) -> Change:
    """The change, and with it the marks on every claim that it touches.

    Documents are replaced or dropped as whole graphs; single quads of a document graph must not be added or
    removed.
    """
    marked: set[NamedNode] = set()
    touched: dict[str, Iterable[Quad]] = dict.fromkeys(change.drop, ()) | dict(change.replace)
    for name, quads in touched.items():
        if not name.startswith(_DOCUMENTS):
            continue
        marked.update(_claims_in(store, name))
        marked.update(q.object for q in quads if q.predicate == _CLAIM and isinstance(q.object, NamedNode))
        # A retraction takes the whole study with it: its other documents (a digest, a full text) change too.
        for study in _void_studies_touched(store, name, quads):
            for quad in store.quads(None, IRKG.study, study):
                if isinstance(quad.graph_name, NamedNode):
                    marked.update(_claims_in(store, quad.graph_name.value))
    marks = [dirty(claim) for claim in sorted(marked, key=lambda node: node.value)]
    return Change(change.replace, change.drop, (*change.add, *marks), change.remove)


def _claims_in(store: Store, name: str) -> Iterator[NamedNode]:
    for quad in store.quads(None, _CLAIM, None, graph=name):
        if isinstance(quad.object, NamedNode):
            yield quad.object


def _void_studies_touched(store: Store, name: str, quads: Iterable[Quad]) -> set[Literal]:
    def read(predicate: NamedNode) -> tuple[set[object], set[object]]:
        before: set[object] = {quad.object for quad in store.quads(None, predicate, None, graph=name)}
        return before, {quad.object for quad in quads if quad.predicate == predicate}

    old, new = read(IRKG.retraction)
    if not (old | new) & set(_VOID):
        return set()
    studies = read(IRKG.study)
    return {study for both in studies for study in both if isinstance(study, Literal)}


def refresh(store: Store, *, chunk: int = CHUNK, progress: Callable[[int], None] | None = None) -> int:
    """Recompute every marked claim; the number of them. `progress` is told the number after each chunk."""
    _expand(store, chunk)
    studies, labels, done = _Studies(store), Labels(store), 0
    marks = (
        q.subject for q in store.quads(None, _DIRTY, None, graph=META) if isinstance(q.subject, NamedNode)
    )
    while claims := list(islice(marks, chunk)):
        store.apply(_recomputed(store, claims, studies, labels))
        done += len(claims)
        if progress is not None:
            progress(done)
    return done


def _expand(store: Store, chunk: int) -> None:
    """Turn the mark on all claims into marks on each. Killed within, it starts again: marking twice is
    marking once.
    """
    if next(store.quads(_CLAIMS_NODE, _DIRTY, None, graph=META), None) is None:
        return
    known = (q.subject for q in store.quads(None, IRKG.supporting, None, graph=CLAIMS))
    claims = (subject for subject in known if isinstance(subject, NamedNode))
    while some := list(islice(claims, chunk)):
        store.apply(Change(add=tuple(dirty(claim) for claim in some)))
    store.apply(Change(remove=(all_dirty(),)))


@dataclass(frozen=True, slots=True)
class _Document:
    study: str
    design: str | None
    year: int | None


class _Studies:
    """Study, design and year of documents, read in batches and kept while they fit; the studies that count
    for nothing.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, _Document] = {}
        found = rows(store, bind(VOID_STUDIES, states=_VOID))
        self.void = frozenset(row["study"].value for row in found)

    def read(self, documents: set[str]) -> dict[str, _Document]:
        """Those of the documents that the store describes."""
        if len(self._known) > _CACHED:
            self._known.clear()
        unknown = [NamedNode(document) for document in sorted(documents - self._known.keys())]
        for row in rows(self._store, bind(CITATIONS, documents=unknown)) if unknown else ():
            design, year = row.get("design"), row.get("year")
            self._known[row["document"].value] = _Document(
                row["study"].value,
                None if design is None else design.value,
                None if year is None else int(year.value),
            )
        return {d: self._known[d] for d in documents if d in self._known}


@dataclass(slots=True)
class _Tally:
    """What the evidence of one claim amounts to."""

    evidence: NamedNode
    documents: dict[str, set[str]] = field(default_factory=lambda: {str(s): set() for s in Stance})


def _recomputed(store: Store, claims: list[NamedNode], studies: _Studies, labels: Labels) -> Change:
    tallies: dict[str, _Tally] = {}
    for row in rows(store, bind(OF_CLAIMS, claims=claims)):
        evidence = row["evidence"]
        if isinstance(evidence, NamedNode):
            tally = tallies.setdefault(row["claim"].value, _Tally(evidence))
            tally.documents[row["stance"].value].add(row["document"].value)
    wanted = {d for tally in tallies.values() for found in tally.documents.values() for d in found}
    documents = {d: known for d, known in studies.read(wanted).items() if known.study not in studies.void}
    described = properties(store, (tally.evidence for tally in tallies.values())) if tallies else {}
    add: list[Quad] = []
    remove = [dirty(claim) for claim in claims]
    for claim in claims:
        new: set[Quad] = set()
        tally_of = tallies.get(claim.value)
        if tally_of is not None:
            key = key_of(described[tally_of.evidence.value])
            new.update(_claim_quads(claim, key, tally_of, documents, labels))
        old = set(_stored(store, claim))
        add += new - old
        remove += old - new
    return Change(add=tuple(add), remove=tuple(remove))


def _stored(store: Store, claim: NamedNode) -> Iterator[Quad]:
    """What graph `claims` holds of a claim, with its plain triple."""
    about: dict[str, object] = {}
    for quad in store.quads(claim, graph=CLAIMS):
        about[quad.predicate.value] = quad.object
        yield quad
    parts = [about.get(part.value) for part in (RDF.subject, RDF.predicate, RDF.object)]
    if all(isinstance(part, NamedNode) for part in parts):
        yield from store.quads(*parts, graph=CLAIMS)  # type: ignore[arg-type]


def key_of(about: dict[str, list[Node]]) -> ClaimKey:
    """The claim that described evidence (or a described claim) is about."""

    def term(name: NamedNode) -> str | None:
        values = about.get(name.value)
        return None if not values else curie(values[0].value)

    subject, intervention, outcome = term(RDF.subject), term(IRKG.intervention), term(IRKG.outcome)
    object_, predicate = term(RDF.object), term(RDF.predicate)
    if subject and predicate and object_:
        return Relation(subject, predicate.removeprefix("irkg:"), object_)
    if not intervention or not outcome:
        raise ValueError(f"evidence with a claim but without its terms: {sorted(about)}")
    comparator, disease = term(IRKG.comparator), term(IRKG.disease)
    if comparator is None:
        return Result(intervention, outcome, disease)
    first, second = sorted((intervention, comparator))
    return Comparison(first, second, outcome, disease)


def _claim_quads(
    claim: NamedNode, key: ClaimKey, tally: _Tally, documents: dict[str, _Document], labels: Labels
) -> Iterator[Quad]:
    counted = {
        s: {documents[d].study for d in found if d in documents} for s, found in tally.documents.items()
    }
    if not any(counted.values()):
        return
    used = [documents[d] for d in set().union(*tally.documents.values()) if d in documents]
    designs = [document.design for document in used if document.design is not None]
    years = [document.year for document in used if document.year is not None]

    def quad(predicate: NamedNode, value: Node) -> Quad:
        return Quad(claim, predicate, value, _CLAIMS_NODE)

    if isinstance(key, Relation):
        parts = (term_node(key.subject), NamedNode(expand(f"irkg:{key.predicate}")), term_node(key.object))
        yield quad(RDF.type, IRKG.Relation)
        yield quad(RDF.subject, parts[0])
        yield quad(RDF.predicate, parts[1])
        yield quad(RDF.object, parts[2])
        if len(counted[Stance.SUPPORTS]) > len(counted[Stance.DISPUTES]):
            yield Quad(*parts, _CLAIMS_NODE)
    else:
        yield quad(RDF.type, IRKG.Comparison if isinstance(key, Comparison) else IRKG.Result)
        yield quad(IRKG.intervention, term_node(key.intervention))
        if isinstance(key, Comparison):
            yield quad(IRKG.comparator, term_node(key.comparator))
        yield quad(IRKG.outcome, term_node(key.outcome))
        if key.disease is not None:
            yield quad(IRKG.disease, term_node(key.disease))
    yield quad(RDFS.label, Literal(label_of_claim(key, labels)))
    yield quad(IRKG.supporting, Literal(len(counted[Stance.SUPPORTS])))
    yield quad(IRKG.disputing, Literal(len(counted[Stance.DISPUTES])))
    yield quad(IRKG.neutral, Literal(len(counted[Stance.NEUTRAL])))
    if designs:
        yield quad(IRKG.bestDesign, Literal(min(designs, key=lambda d: (_RANK.get(d, len(_RANK)), d))))
    if years:
        yield quad(IRKG.firstYear, Literal(min(years)))
        yield quad(IRKG.lastYear, Literal(max(years)))
