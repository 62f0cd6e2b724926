"""The part of the graph around a disease: its documents, their evidence, and the graph of terms that these
span.

Only index look-ups and bounded queries: what is read depends on the disease, not on the size of the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import networkx as nx
from pyoxigraph import NamedNode, Quad

from kg.claims import DESIGN_ORDER
from kg.justify.names import Names
from kg.justify.records import evidence_records
from kg.justify.relatives import Relative, closest
from kg.model import Design, Retraction
from kg.model.claim import Citation, EvidenceRecord
from kg.queries import properties
from kg.rdf import term_node
from kg.records import About, citation_of
from kg.store.base import Store
from kg.vocabulary import IRKG, RDF
from ontology.iris import compact, document_graph, document_id
from ontology.terms import Branch

__all__ = ["Neighbourhood", "Paper", "TermGraph", "neighbourhood", "object_of", "term_graph"]

TermGraph: TypeAlias = "nx.MultiDiGraph[str]"

MOST_PAPERS: Final = (
    150  # the most direct and best designed ones; more would not change a ranking but cost time
)
MOST_EVIDENCE: Final = 30  # of one paper: a full text has hundreds of sentences, its results a few dozen
MOST_READ: Final = 1200  # of all papers; less direct and weaker papers are left out when these are full
_DOCUMENTS: Final = document_graph("")
_RANK: Final = {design: rank for rank, design in enumerate(DESIGN_ORDER)}
_TREATS: Final = IRKG.treats


@dataclass(frozen=True)
class Paper:
    """One study as the neighbourhood holds it: its citation, what else documents it, whom it is about, and
    its evidence.

    `relative` says how near its patients are to the disease asked about; `digest` documents and the paper
    itself are one.
    """

    citation: Citation
    topics: tuple[str, ...]
    relative: Relative
    evidence: tuple[EvidenceRecord, ...]

    @property
    def retracted(self) -> bool:
        """True when nothing of it counts."""
        return self.citation.retraction in (Retraction.RETRACTED, Retraction.NOTICE)


@dataclass(frozen=True)
class Neighbourhood:
    """The papers around a disease, best first, and the multigraph of terms: an edge for each assertion and
    result.
    """

    disease: str
    relatives: Mapping[str, Relative]
    papers: tuple[Paper, ...]
    graph: TermGraph


def neighbourhood(store: Store, names: Names, disease: str, near: Mapping[str, Relative]) -> Neighbourhood:
    """What the store holds around a disease, of which `near` are the relatives."""
    about: dict[str, set[str]] = {}
    for term in sorted(near):
        is_disease = term not in names.ontology or names.ontology[term].branch is Branch.DISEASE
        for document in _documents_about(store, term, disease=is_disease):
            about.setdefault(document, set()).add(term)
    described = (
        {iri: About(said) for iri, said in properties(store, map(NamedNode, sorted(about))).items()}
        if about
        else {}
    )
    candidates = []
    for iri, said in described.items():
        citation = citation_of(said)
        topics = tuple(compact(topic) for topic in said.all(IRKG.topic))
        relative = _whom(near, names.find(citation.title, (Branch.DISEASE,)), topics, about[iri])
        if relative is not None and citation.id:
            candidates.append((iri, citation, topics, relative))
    candidates.sort(
        key=lambda c: (-c[3].directness, _RANK[c[1].design], -(c[1].year or 0), c[1].study, c[1].digest, c[0])
    )
    kept = candidates[:MOST_PAPERS]
    void = _void_studies(kept)
    papers = []
    by_document = _evidence(store, {iri: citation for iri, citation, *_ in kept})
    for iri, citation, topics, relative in kept:
        if citation.study in void and citation.retraction is Retraction.NONE:
            # A retraction takes every document of the study with it.
            citation = void[citation.study]
        papers.append(Paper(citation, topics, relative, by_document.get(iri, ())))
    return Neighbourhood(disease, near, tuple(papers), term_graph(papers))


def _whom(
    near: Mapping[str, Relative], title: Iterable[str], topics: Iterable[str], rest: Iterable[str]
) -> Relative | None:
    """Whom a paper is about: its title says so, else its topics, else its evidence; a wider word there yields
    to a closer one.
    """
    found: Relative | None = None
    for diseases in (title, topics, rest):
        relative = closest(near, diseases)
        if relative is not None and (
            found is None or (found.kinship == "wider" and relative.kinship != "wider")
        ):
            found = relative
    return found


def _void_studies(kept: Iterable[tuple[str, Citation, tuple[str, ...], Relative]]) -> dict[str, Citation]:
    return {c.study: c for _, c, _, _ in kept if c.retraction in (Retraction.RETRACTED, Retraction.NOTICE)}


def _documents_about(store: Store, term: str, *, disease: bool = True) -> set[str]:
    """The documents with a term among their topics, as the disease of a result, or as what something treats.

    For what is no `disease` (an organ, a marker), those with any evidence about it.
    """
    node, found = term_node(term), set[str]()
    for quad in store.quads(None, IRKG.topic, node):
        if isinstance(quad.subject, NamedNode):
            found.add(quad.subject.value)
    evidence: list[NamedNode] = []
    if not disease:
        evidence += [
            q.subject for q in store.quads(None, IRKG.about, node) if isinstance(q.subject, NamedNode)
        ]
    for quad in store.quads(None, IRKG.disease, node):
        if isinstance(quad.subject, NamedNode) and in_document(quad):
            evidence.append(quad.subject)
    for quad in store.quads(None, RDF.object, node):
        if isinstance(quad.subject, NamedNode) and in_document(quad) and _treats(store, quad):
            evidence.append(quad.subject)
    for subject in evidence:
        found.update(iri for quad in store.quads(subject, IRKG.document, None) if (iri := object_of(quad)))
    return found


def _treats(store: Store, quad: Quad) -> bool:
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
    said = (
        store.quads(quad.subject, RDF.predicate, _TREATS, graph=graph)
        if isinstance(quad.subject, NamedNode)
        else iter(())
    )
    return next(said, None) is not None


def _evidence(store: Store, documents: Mapping[str, Citation]) -> dict[str, tuple[EvidenceRecord, ...]]:
    """The evidence of documents in the order of the text: findings first when there is too much."""
    chosen: list[str] = []
    for document in documents:
        node = NamedNode(document)
        found = sorted(
            q.subject.value
            for q in store.quads(None, IRKG.document, node)
            if isinstance(q.subject, NamedNode)
        )
        if len(found) > MOST_EVIDENCE:
            kind = {
                iri: next(store.quads(NamedNode(iri), RDF.type, IRKG.Finding), None) is None for iri in found
            }
            found = sorted(found, key=lambda iri: (kind[iri], iri))[:MOST_EVIDENCE]
        if len(chosen) + len(found) > MOST_READ:
            break
        chosen += found
    by_document: dict[str, list[EvidenceRecord]] = {}
    for record in evidence_records(store, chosen, documents).values():
        by_document.setdefault(record.document.id, []).append(record)
    return {
        document: tuple(
            sorted(by_document.get(document_id(document), ()), key=lambda e: (e.start, e.end, e.iri))
        )
        for document in documents
    }


def object_of(quad: Quad) -> str:
    """The IRI of a quad's object; empty when it is none."""
    return quad.object.value if isinstance(quad.object, NamedNode) else ""


def in_document(quad: Quad) -> bool:
    """True when the quad stands in the graph of a document."""
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(_DOCUMENTS)


def term_graph(papers: Iterable[Paper]) -> TermGraph:
    """Terms joined by what papers say of them; every edge carries its evidence."""
    graph: TermGraph = nx.MultiDiGraph()
    for paper in papers:
        if paper.retracted:
            continue
        for record in paper.evidence:
            if record.subject and record.object and record.predicate and not record.negated:
                graph.add_edge(
                    record.subject, record.object, key=record.iri, predicate=record.predicate, evidence=record
                )
            elif record.result is not None and record.result.intervention and record.result.outcome:
                graph.add_edge(
                    record.result.intervention,
                    record.result.outcome,
                    key=record.iri,
                    predicate="result",
                    evidence=record,
                )
    return graph


def design_rank(design: Design) -> int:
    """The place of a design in the order of trust, 0 the best."""
    return _RANK[design]
