"""Evidence, claims and documents."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from api.problems import bad_parameter, not_found
from api.routes import views
from api.routes.knowledge import Knowledge
from api.routes.models import ClaimDetail, ClaimModel, DocumentModel, EvidenceModel, ListOf
from api.routes.paging import listed
from api.routes.state import Cached, KnowledgeOf, OpenGraph, PageOf
from kg import lookup
from kg.lookup import EvidenceFilter
from kg.model import Design, Predicate, Stance
from kg.rdf import term_node
from ontology.iris import BASE, claim_iri

__all__ = ["router"]

router = APIRouter()

_CLAIM_ID: Final = re.compile(r"[0-9a-f]{32}")
_STANCES: Final = {"for": Stance.SUPPORTS, "against": Stance.DISPUTES, "neutral": Stance.NEUTRAL}
_YEARS: Final = {"ge": 1000, "le": 9999}
_Terms = Annotated[
    list[str],
    Query(max_length=50, description="Ids of terms, any of which it is about.", examples=[["IRKG:0001010"]]),
]
_Narrower = Annotated[bool, Query(description="Also what is about terms below these.")]


@router.get("/evidence", summary="Look evidence up", tags=["Evidence"], dependencies=[Cached])
def evidence(
    request: Request,
    response: Response,
    knowledge: KnowledgeOf,
    opened: OpenGraph,
    paging: PageOf,
    term: _Terms = [],  # noqa: B006  FastAPI copies it
    narrower: _Narrower = False,
    predicate: Annotated[Predicate | None, Query(description="Only assertions with this predicate.")] = None,
    document: Annotated[
        str | None, Query(max_length=500, description="Only this document.", examples=["pmid:12049862"])
    ] = None,
    year_from: Annotated[int | None, Query(**_YEARS, description="Papers of this year or later.")] = None,
    year_to: Annotated[int | None, Query(**_YEARS, description="Papers of this year or earlier.")] = None,
    design: Annotated[Design | None, Query(description="Only studies of this design.")] = None,
    stance: Annotated[
        Literal["for", "against", "neutral"] | None, Query(description="What it says of its claim.")
    ] = None,
    kind: Annotated[
        Literal["assertion", "finding"] | None, Query(description="Only assertions, or only findings.")
    ] = None,
) -> ListOf[EvidenceModel]:
    """Assertions and findings with their exact quotes, newest papers first; every filter must hold."""
    if year_from is not None and year_to is not None and year_from > year_to:
        raise bad_parameter("query.year_from", f"{year_from} is after year_to, {year_to}")
    wanted = EvidenceFilter(
        terms=_terms(knowledge, term, narrower),
        predicate=predicate,
        document=document,
        first_year=year_from,
        last_year=year_to,
        design=design,
        stance=None if stance is None else _STANCES[stance],
        kind=kind,
    )
    page = lookup.evidence(opened.store, wanted, offset=paging.offset, limit=paging.limit)
    items = [views.evidence(record, knowledge.label) for record in page.items]
    return listed(request, response, items, page.total, paging)


@router.get("/claims", summary="Claims about terms", tags=["Claims"], dependencies=[Cached])
def claims(
    request: Request,
    response: Response,
    knowledge: KnowledgeOf,
    opened: OpenGraph,
    paging: PageOf,
    term: Annotated[
        list[str], Query(min_length=1, max_length=50, description="Ids of terms, any of which it is about.")
    ],
    narrower: _Narrower = False,
    predicate: Annotated[
        str | None,
        Query(
            pattern="^[a-z_]{1,40}$", description="Only relations with this predicate.", examples=["treats"]
        ),
    ] = None,
    inferred: Annotated[bool, Query(description="Also inferred claims.")] = False,
) -> ListOf[ClaimModel]:
    """Claims that any of the terms is part of, those with most studies first."""
    page = lookup.claims_about(
        opened.store,
        _terms(knowledge, term, narrower),
        predicate=predicate,
        inferred=inferred,
        offset=paging.offset,
        limit=paging.limit,
    )
    items = [views.claim(record, knowledge.label) for record in page.items]
    return listed(request, response, items, page.total, paging)


@router.get("/claims/{claim_id:path}", summary="One claim", tags=["Claims"], dependencies=[Cached])
def claim(
    request: Request,
    response: Response,
    claim_id: Annotated[str, Path(description="The claim's id (32 hex digits) or its IRI.")],
    knowledge: KnowledgeOf,
    opened: OpenGraph,
    paging: PageOf,
) -> ClaimDetail:
    """A claim with its counts, what it follows from, and a page of the evidence for and against it."""
    digest = claim_id.removeprefix(BASE + "claim/")
    iri = claim_iri(digest)
    record = lookup.claim(opened.store, iri) if _CLAIM_ID.fullmatch(digest) else None
    if record is None:
        raise not_found("claim", claim_id)
    premises = lookup.claims(opened.store, record.premises)
    page = lookup.evidence(opened.store, EvidenceFilter(claim=iri), offset=paging.offset, limit=paging.limit)
    items = [views.evidence(one, knowledge.label) for one in page.items]
    return ClaimDetail(
        **views.claim(record, knowledge.label).model_dump(),
        premises=[views.claim(one, knowledge.label) for one in premises.values()],
        evidence=listed(request, response, items, page.total, paging),
    )


@router.get(
    "/documents/{document_id:path}", summary="One document", tags=["Documents"], dependencies=[Cached]
)
def document(
    document_id: Annotated[
        str, Path(description="The document's id; a DOI keeps its slash.", examples=["pmid:12049862"])
    ],
    knowledge: KnowledgeOf,
    opened: OpenGraph,
) -> DocumentModel:
    """A document with its text, sections, mentions and evidence, each in the order of the text."""
    record = lookup.document(opened.store, document_id)
    if record is None:
        raise not_found("document", document_id)
    return views.document(record, knowledge.label)


def _terms(knowledge: Knowledge, ids: list[str], narrower: bool) -> tuple[str, ...]:
    """Term ids that can be asked for, with those below them when wanted."""
    found: dict[str, None] = {}
    for given in ids:
        name = given.replace("IRKG_", "IRKG:", 1)
        try:
            term_node(name)
        except ValueError as error:
            mend = "give an id such as IRKG:0001010; /terms?q=... finds it"
            raise bad_parameter("query.term", f"{given!r} is no term id", mend=mend) from error
        found[name] = None
        if narrower:
            found.update(dict.fromkeys(sorted(knowledge.ontology.descendants(name))))
    return tuple(found)
