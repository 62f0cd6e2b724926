"""Reading the graph as typed values: evidence, claims, documents, and counts for a term."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kg.model import Design, Stance
from kg.model.claim import ClaimRecord, DocumentRecord, EvidenceRecord, Page, TermStatistics
from kg.queries import (
    CLAIMS_ABOUT,
    COUNT_ABOUT,
    EVIDENCE_COUNT,
    EVIDENCE_FILTERS,
    EVIDENCE_PAGE,
    STATISTICS,
    Node,
    bind,
    properties,
    rows,
)
from kg.rdf import term_node
from kg.records import About, citation_of, claim_of, document_of, evidence_of
from kg.store.base import Store
from kg.vocabulary import IRKG
from ontology.iris import BASE, document_graph, document_iri, expand, graph

__all__ = [
    "EvidenceFilter",
    "claim",
    "claims",
    "claims_about",
    "document",
    "evidence",
    "evidence_by_iri",
    "term_statistics",
]

_CLAIMS: Final = graph("claims")
_INFERRED: Final = graph("claims/inferred")
_RELATION_PARTS: Final = frozenset({"subject", "object"})


@dataclass(frozen=True, slots=True)
class EvidenceFilter:
    """Which evidence is wanted; every field that is set must hold.

    `terms`: ids, any of which the evidence is about; `predicate` without prefix (``treats``); `claim` an IRI;
    `document` an id; `first_year` and `last_year` are inclusive; `kind` is ``assertion`` or ``finding``.
    """

    terms: tuple[str, ...] = ()
    predicate: str | None = None
    claim: str | None = None
    document: str | None = None
    first_year: int | None = None
    last_year: int | None = None
    design: Design | None = None
    stance: Stance | None = None
    kind: str | None = None


def evidence(
    store: Store, wanted: EvidenceFilter, *, offset: int = 0, limit: int = 50
) -> Page[EvidenceRecord]:
    """A page of evidence, newest papers first.

    Raises:
        ValueError: a term, predicate or claim is not a name that an IRI can be made of.
    """
    values = _bindings(wanted)
    filters = "\n    ".join(EVIDENCE_FILTERS[name] for name in EVIDENCE_FILTERS if name in values)
    # Filters on ?year and ?document need them bound, which the template does after the place for filters.
    found = rows(
        store, bind(EVIDENCE_PAGE.replace("#FILTERS#", filters), **values, limit=limit, offset=offset)
    )
    order = [row["evidence"].value for row in found]
    total = _number(store, bind(EVIDENCE_COUNT.replace("#FILTERS#", filters), **values))
    records = evidence_by_iri(store, order)
    return Page(tuple(records[iri] for iri in order if iri in records), total, offset, limit)


def _bindings(wanted: EvidenceFilter) -> dict[str, Node | Sequence[Node]]:
    values: dict[str, Node | Sequence[Node] | None] = {
        "terms": [term_node(term) for term in wanted.terms] or None,
        "predicate": None if wanted.predicate is None else NamedNode(expand(f"irkg:{wanted.predicate}")),
        "claim": None if wanted.claim is None else NamedNode(wanted.claim),
        "document": None if wanted.document is None else NamedNode(document_iri(wanted.document)),
        "stance": None if wanted.stance is None else Literal(str(wanted.stance)),
        "kind": None if wanted.kind is None else NamedNode(expand(f"irkg:{wanted.kind.capitalize()}")),
        "design": None if wanted.design is None else Literal(str(wanted.design)),
        "first_year": None if wanted.first_year is None else Literal(wanted.first_year),
        "last_year": None if wanted.last_year is None else Literal(wanted.last_year),
    }
    return {name: value for name, value in values.items() if value is not None}


def evidence_by_iri(store: Store, iris: Iterable[str]) -> dict[str, EvidenceRecord]:
    """Evidence with quotes and citations, by IRI; what is not in the graph is left out. Two queries, however
    many.
    """
    wanted = list(dict.fromkeys(iris))
    if not wanted:
        return {}
    nodes = [NamedNode(iri + part) for iri in wanted for part in ("", "#quote", "#position")]
    about = properties(store, nodes)
    found = {iri: About(about[iri]) for iri in wanted if iri in about}
    documents = {node for one in found.values() if (node := one.node(IRKG.document)) is not None}
    cited = properties(store, documents) if documents else {}
    citations = {iri: citation_of(About(said)) for iri, said in cited.items()}
    records = {}
    for iri, one in found.items():
        document = one.node(IRKG.document)
        if document is not None and document.value in citations:
            quote, position = About(about.get(f"{iri}#quote", {})), About(about.get(f"{iri}#position", {}))
            records[iri] = evidence_of(iri, one, quote, position, citations[document.value])
    return records


def claim(store: Store, claim_id: str) -> ClaimRecord | None:
    """One claim by its IRI or its hash, asserted or inferred; None when there is none."""
    return claims(store, [claim_id]).get(_claim_iri(claim_id))


def claims(store: Store, claim_ids: Iterable[str]) -> dict[str, ClaimRecord]:
    """Claims by IRI, from IRIs or hashes; what is not in the graph is left out."""
    nodes = [NamedNode(_claim_iri(one)) for one in claim_ids]
    if not nodes:
        return {}
    return {iri: claim_of(iri, About(said)) for iri, said in properties(store, nodes).items()}


def _claim_iri(claim_id: str) -> str:
    return claim_id if claim_id.startswith(BASE) else f"{BASE}claim/{claim_id}"


def claims_about(
    store: Store,
    terms: Sequence[str],
    *,
    predicate: str | None = None,
    inferred: bool = False,
    offset: int = 0,
    limit: int = 100,
) -> Page[ClaimRecord]:
    """A page of the claims that any of the terms is part of, those with most studies first.

    `predicate` (without prefix) keeps relations of that kind only; `inferred` adds inferred claims.
    """
    values: dict[str, Node | Sequence[Node]] = {
        "terms": [term_node(term) for term in terms],
        "inferred": [NamedNode(_INFERRED)] if inferred else [],
    }
    filters = ""
    if predicate is not None:
        values["predicate"] = NamedNode(expand(f"irkg:{predicate}"))
        filters = "; rdf:predicate $predicate"
    if not terms:
        return Page((), 0, offset, limit)
    found = rows(
        store, bind(CLAIMS_ABOUT.replace("#FILTERS#", filters), **values, limit=limit, offset=offset)
    )
    order = [row["claim"].value for row in found]
    total = _number(store, bind(COUNT_ABOUT.replace("#FILTERS#", filters), **values))
    records = claims(store, order)
    return Page(tuple(records[iri] for iri in order), total, offset, limit)


def document(store: Store, document_id: str) -> DocumentRecord | None:
    """One document with its text, sections, mentions and evidence, each in the order of the text; None when
    unknown.
    """
    by_subject: dict[str, dict[str, list[Node]]] = {}
    for quad in store.quads(graph=document_graph(document_id)):
        _add(by_subject, quad)
    iri = document_iri(document_id)
    return document_of(iri, by_subject) if iri in by_subject else None


def _add(by_subject: dict[str, dict[str, list[Node]]], quad: Quad) -> None:
    if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
        said = by_subject.setdefault(quad.subject.value, {})
        said.setdefault(quad.predicate.value, []).append(quad.object)


def term_statistics(store: Store, term: str) -> TermStatistics:
    """How often a term (id) occurs in the graph."""
    counts: Mapping[str, int] = {
        name: _number(store, bind(query, term=term_node(term))) for name, query in STATISTICS.items()
    }
    return TermStatistics(term, **counts)


def _number(store: Store, sparql: str) -> int:
    return int(next(rows(store, sparql))["n"].value)
