"""Terms: search and detail."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from pyoxigraph import NamedNode

from api.problems import not_found
from api.routes import views
from api.routes.knowledge import Knowledge
from api.routes.models import (
    HitModel,
    ListOf,
    MappingModel,
    PredicateCount,
    StatisticsModel,
    SynonymModel,
    TermDetail,
    TermRef,
)
from api.routes.paging import listed
from api.routes.state import Cached, KnowledgeOf, OpenGraph, PageOf
from kg.lookup import term_statistics
from kg.queries import bind, rows
from kg.rdf import term_node
from kg.store import Store
from ontology.iris import VOCAB, graph
from ontology.terms import Branch, Term

__all__ = ["router"]

router = APIRouter(tags=["Terms"])

# Claims of a term by kind, predicate and the part that the term has in them.
_COUNTS: Final = """
SELECT ?kind ?predicate ?part (COUNT(DISTINCT ?claim) AS ?n) WHERE {
  VALUES ?part { rdf:subject rdf:object irkg:intervention irkg:comparator irkg:outcome irkg:disease }
  VALUES ?kind { irkg:Relation irkg:Comparison irkg:Result }
  GRAPH $graph { ?claim ?part $term ; a ?kind OPTIONAL { ?claim rdf:predicate ?predicate } }
} GROUP BY ?kind ?predicate ?part ORDER BY DESC(?n) ?kind ?predicate ?part"""


@router.get("/terms", summary="Search terms")
def terms(
    request: Request,
    response: Response,
    knowledge: KnowledgeOf,
    paging: PageOf,
    q: Annotated[
        str, Query(max_length=200, description="Part of a name; empty lists every term.", examples=["HCC"])
    ] = "",
    branch: Annotated[Branch | None, Query(description="Only terms of this branch.")] = None,
) -> ListOf[HitModel]:
    """Terms whose label or synonym holds the text, best first."""
    hits = knowledge.index.search(q, branch)
    page = hits[paging.offset : paging.offset + paging.limit]
    items = [HitModel(**views.term(hit.term).model_dump(), matched=hit.matched) for hit in page]
    return listed(request, response, items, len(hits), paging)


@router.get("/terms/{term_id}", summary="One term", dependencies=[Cached])
def term(
    term_id: Annotated[str, Path(description="The term's id.", examples=["IRKG:0001010"])],
    knowledge: KnowledgeOf,
    opened: OpenGraph,
) -> TermDetail:
    """A term with its names, place in the hierarchy, slots, mappings, and counts in the graph.

    An obsolete term is found too, with what replaces it and why.
    """
    retired = knowledge.ontology.obsolete.get(_curie(term_id))
    found = retired.term if retired else known_term(knowledge, term_id)
    instead = knowledge.ontology.current(found.id) if retired else None
    statistics = term_statistics(opened.store, found.id)
    return TermDetail(
        deprecated=retired is not None,
        replaced_by=views.term_ref(instead, knowledge.label) if instead else None,
        reason=retired.reason if retired else "",
        **views.term(found).model_dump(),
        definition_source=found.definition_source,
        comment=found.comment,
        synonyms=[SynonymModel.model_validate(one) for one in found.synonyms],
        parents=[views.term_ref(one, knowledge.label) for one in found.parents],
        children=[
            views.term_ref(one, knowledge.label) for one in knowledge.ontology.children.get(found.id, ())
        ],
        slots={name: [_slot(value, knowledge) for value in values] for name, values in found.slots.items()},
        mappings=[MappingModel.model_validate(one) for one in knowledge.mappings.get(found.id, ())],
        statistics=StatisticsModel.model_validate(statistics),
        claims=_counts(opened.store, found.id),
    )


def known_term(knowledge: Knowledge, term_id: str) -> Term:
    """The term of an id, ``IRKG:0001010`` or ``IRKG_0001010``; for an obsolete one what replaces it.

    Raises:
        ApiError: 404, there is none.
    """
    name = knowledge.ontology.current(_curie(term_id))
    if name is None:
        raise not_found("term", term_id)
    return knowledge.ontology[name]


def _curie(term_id: str) -> str:
    return term_id.replace("IRKG_", "IRKG:", 1)


def _slot(value: str, knowledge: Knowledge) -> TermRef | str:
    return views.term_ref(value, knowledge.label) if value in knowledge.ontology else value


def _counts(store: Store, term_id: str) -> list[PredicateCount]:
    query = bind(_COUNTS, term=term_node(term_id), graph=NamedNode(graph("claims")))
    found = []
    for row in rows(store, query):
        predicate = row.get("predicate")
        found.append(
            PredicateCount.model_validate(
                {
                    "kind": row["kind"].value.removeprefix(VOCAB).lower(),
                    "predicate": None if predicate is None else predicate.value.removeprefix(VOCAB),
                    "role": row["part"].value.rsplit("#", 1)[-1],
                    "claims": int(row["n"].value),
                }
            )
        )
    return found
