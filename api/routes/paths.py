"""Paths between two terms, each step with its claims and quotes."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.problems import bad_parameter
from api.routes import views
from api.routes.knowledge import Knowledge
from api.routes.models import HopModel, PathModel, PathsModel
from api.routes.path_search import MOST_HOPS, Hop, explore, ways
from api.routes.state import Cached, KnowledgeOf, OpenGraph
from api.routes.terms import known_term
from kg.lookup import EvidenceFilter, evidence
from kg.model.claim import EvidenceRecord
from kg.store import Store

__all__ = ["router"]

router = APIRouter(tags=["Paths"])

_CLAIMS_SHOWN: Final = 3
_QUOTES_SHOWN: Final = 2


@router.get("/paths", summary="Paths between two terms", dependencies=[Cached])
def paths(
    knowledge: KnowledgeOf,
    opened: OpenGraph,
    source: Annotated[
        str, Query(alias="from", description="The id of the first term.", examples=["IRKG:0006010"])
    ],
    target: Annotated[
        str, Query(alias="to", description="The id of the second term.", examples=["IRKG:0001010"])
    ],
    hops: Annotated[int, Query(ge=1, le=MOST_HOPS, description="The most steps of a path.")] = 3,
    limit: Annotated[int, Query(ge=1, le=50, description="The most paths.")] = 10,
    inferred: Annotated[bool, Query(description="Also over inferred claims.")] = True,
    narrower: Annotated[bool, Query(description="Also from and to terms below the two.")] = True,
) -> PathsModel:
    """How two terms hang together: chains of claims, the shortest and best supported first, with quotes.

    Claims are followed in both directions. The neighbourhood that is searched is bounded; `complete` says
    whether all of it was seen.
    """
    first, last = known_term(knowledge, source).id, known_term(knowledge, target).id
    if first == last:
        raise bad_parameter("query.to", "the two terms are the same")

    def below(term: str) -> list[str]:
        return sorted(knowledge.ontology.descendants(term)) if narrower else []

    starts, ends = [first, *below(first)], [last, *below(last)]
    # One term above the other: what is below both would be a path of no steps.
    starts = [term for term in starts if term == first or term not in ends]
    ends = [term for term in ends if term == last or term not in starts]
    around = explore(opened.store, first, last, hops=hops, inferred=inferred, narrower=below)
    quotes: dict[str, tuple[EvidenceRecord, ...]] = {}
    found = [
        PathModel(
            hops=[_hop(opened.store, hop, knowledge, quotes) for hop in way],
            inferred=any(all(claim.origin != "evidence" for claim in hop.claims) for hop in way),
        )
        for way in ways(around.claims, starts, ends, hops=hops, limit=limit)
    ]
    return PathsModel(
        source=views.term_ref(first, knowledge.label),
        target=views.term_ref(last, knowledge.label),
        paths=found,
        terms_seen=around.terms,
        complete=around.complete,
    )


def _hop(
    store: Store, hop: Hop, knowledge: Knowledge, quotes: dict[str, tuple[EvidenceRecord, ...]]
) -> HopModel:
    shown = hop.claims[:_CLAIMS_SHOWN]
    for claim in shown:
        if claim.iri not in quotes:
            quotes[claim.iri] = evidence(store, EvidenceFilter(claim=claim.iri), limit=_QUOTES_SHOWN).items
    return HopModel(
        source=views.term_ref(hop.source, knowledge.label),
        target=views.term_ref(hop.target, knowledge.label),
        claims=[views.claim(claim, knowledge.label) for claim in shown],
        evidence=[views.evidence(one, knowledge.label) for claim in shown for one in quotes[claim.iri]],
    )
