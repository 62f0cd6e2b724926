"""The web application: ``create_app`` puts routes, errors and middleware together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import RESPONSES, ProblemDetails, install
from api.routes import evidence, justify, paths, sparql, status, terms
from api.routes.graph import Graph
from api.routes.knowledge import Knowledge
from api.routes.state import NotModifiedError, State
from api.sparql.pool import Pool
from kg.model.justification import NOTICE
from kg.settings import Settings, get_settings
from kg.store import OxigraphStore, Store
from ontology.terms import Ontology

__all__ = ["create_app"]

_STATIC: Final = Path(__file__).parent / "static"
_DESCRIPTION: Final = f"""An evidence knowledge graph for interventional radiology:
justified therapy choices, with citations.

{NOTICE}

Errors are problem details (RFC 9457). Lists are paged with `offset` and `limit`; the `Link` header leads on.
Answers carry an `ETag` that changes with the graph."""


def create_app(
    settings: Settings | None = None, store: Store | None = None, *, ontology: Ontology | None = None
) -> FastAPI:
    """The application over the graph that the settings name, or over an open `store`.

    Nothing is opened before the first request that needs it, so the app also starts while there is no
    graph. With an `ontology`, that one answers for the tables of the package. SPARQL queries run in processes
    of their own when the graph is a snapshot on disk, else inside the server (:mod:`api.sparql.inline`).
    """
    settings = settings or get_settings()
    state = State(settings, Graph(settings, store), Knowledge(ontology))
    in_processes = not settings.in_memory if store is None else _is_snapshot(store)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if in_processes:
            state.pool = Pool(settings.query_workers)
            state.pool.warm()
        try:
            yield
        finally:
            if state.pool is not None:
                await state.pool.close()
                state.pool = None
            state.graph.close()

    app = FastAPI(
        title="IR-KG",
        version=status.program_version(),
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=RESPONSES,
    )
    app.state.irkg = state
    install(app)
    app.add_exception_handler(NotModifiedError, _not_modified)
    for module in (status, terms, evidence, paths, justify, sparql):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    _offline_docs(app)
    _describe_problems(app)
    app.add_middleware(_Head)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=["ETag", "Link", "Retry-After", "X-Total-Count"],
        max_age=86_400,
    )
    return app


def _is_snapshot(store: Store) -> bool:
    return isinstance(store, OxigraphStore) and not store.writable


async def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModifiedError)
    headers = {"ETag": error.tag, "Cache-Control": "no-cache", "Vary": "Accept"}
    return Response(status_code=304, headers=headers)


def _offline_docs(app: FastAPI) -> None:
    """``/docs`` from the files under ``static``; the page asks no other server for anything."""

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        root = request.scope.get("root_path", "").rstrip("/")
        return get_swagger_ui_html(
            openapi_url=f"{root}/openapi.json",
            title="IR-KG API",
            swagger_js_url=f"{root}/static/swagger-ui/swagger-ui-bundle.js",
            swagger_css_url=f"{root}/static/swagger-ui/swagger-ui.css",
            swagger_favicon_url=f"{root}/static/swagger-ui/favicon-32x32.png",
            # The validator is a service on the internet.
            swagger_ui_parameters={"validatorUrl": None, "defaultModelsExpandDepth": 0},
        )


def _describe_problems(app: FastAPI) -> None:
    """Put the schema that :data:`api.problems.RESPONSES` refers to into the OpenAPI document."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title, version=app.version, description=app.description, routes=app.routes
            )
            parts = schema.setdefault("components", {}).setdefault("schemas", {})
            problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
            parts |= problem.pop("$defs", {})
            parts["ProblemDetails"] = problem
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


class _Head:
    """Answers HEAD as GET without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_head)
