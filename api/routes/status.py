"""The state of the server, and the page at its root."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from api.routes.models import HealthModel
from api.routes.state import KnowledgeOf, OpenGraph, state_of
from api.sparql.negotiation import choose
from kg.model.justification import NOTICE

__all__ = ["program_version", "router"]

router = APIRouter()

_PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"), autoescape=select_autoescape()
)
# What the root page leads to: path, and what it is for.
_ROUTES: Final = (
    ("/docs", "interactive documentation"),
    ("/terms?q=chemoembolization", "search the terms of the ontology"),
    ("/justify?question=HCC, BCLC B, Child-Pugh A, 6 cm", "ask for therapies, with the evidence"),
    ("/evidence?stance=against", "look evidence up, with its quotes"),
    ("/sparql?query=SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }", "ask in SPARQL 1.1"),
    ("/health", "state of the graph"),
    ("/openapi.json", "description of this API"),
)


def program_version() -> str:
    """The version of the installed package."""
    try:
        return version("irkg")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


@router.get("/health", summary="State of the server", tags=["Status"])
def health(request: Request, knowledge: KnowledgeOf, opened: OpenGraph) -> HealthModel:
    """That the graph is open, and what it holds; 503 with what to do when it is not."""
    state, about = state_of(request), opened.dataset()
    return HealthModel(
        status="ok",
        version=program_version(),
        dataset=about.version if about else None,
        documents=about.documents if about else None,
        claims=about.claims if about else None,
        inferred=about.inferred if about else None,
        ontology=about.ontology if about else None,
        pipelines=list(about.pipelines) if about else [],
        terms=len(knowledge.ontology.terms),
        query_processes=len(state.pool.processes) if state.pool is not None else 0,
    )


@router.get("/", include_in_schema=False)
def landing(request: Request) -> Response:
    """What there is, as a page or as JSON."""
    links = [{"href": quote(path, safe="/?=&"), "path": path, "what": what} for path, what in _ROUTES]
    content: dict[str, Any] = {
        "name": "IR-KG",
        "version": program_version(),
        "notice": NOTICE,
        "links": links,
    }
    headers = {"Vary": "Accept"}
    if choose(request.headers.get("accept"), ["application/json", "text/html"]) == "text/html":
        page = _PAGES.get_template("landing.html").render(content, root=request.scope.get("root_path", ""))
        return HTMLResponse(page, headers=headers)
    return JSONResponse(content, headers=headers)
