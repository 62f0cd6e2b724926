"""The SPARQL endpoint: ``/sparql``."""

from __future__ import annotations

import asyncio
import functools
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.problems import MEDIA_TYPE, ApiError
from api.routes.graph import Opened
from api.routes.state import NotModifiedError, State, entity_tag, matches, state_of
from api.sparql.answering import QueryResponse, client_left, problem_of
from api.sparql.engine import QueryError
from api.sparql.formats import GRAPHS, SOLUTIONS
from api.sparql.pool import Answer
from api.sparql.protocol import Operation, read

__all__ = ["router"]

router = APIRouter(tags=["SPARQL"])

# nginx's number for a client that has gone; nobody reads it.
_CLIENT_GONE: Final = 499

_QUERY: Final = {"type": "string", "description": "A SPARQL 1.1 query: SELECT, ASK, CONSTRUCT or DESCRIBE."}
_GRAPH: Final = {"type": "array", "items": {"type": "string", "format": "iri"}}
_OPTIONS: Final[dict[str, Any]] = {
    "default-graph-uri": _GRAPH | {"description": "Graphs whose union is the default graph."},
    "named-graph-uri": _GRAPH | {"description": "Graphs that GRAPH may range over."},
    "timeout": {
        "type": "number",
        "exclusiveMinimum": 0,
        "description": "Seconds after which to stop; at most the server's own.",
    },
}
_PARAMETERS: Final = [
    {"name": name, "in": "query", "required": False, "schema": schema, "description": schema["description"]}
    for name, schema in _OPTIONS.items()
]


def _query_parameter() -> dict[str, Any]:
    said = _QUERY["description"]
    return {"name": "query", "in": "query", "required": True, "schema": _QUERY, "description": said}


_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The result; JSON or Turtle unless the Accept header asks for something else.",
        "content": {name: {"schema": {"type": "string"}} for name in dict.fromkeys((*SOLUTIONS, *GRAPHS))},
    },
    304: {"description": "The client has this answer."},
    **{
        status: {
            "description": description,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
        for status, description in (
            (400, "The query or the request is malformed."),
            (403, "An update, or a query with SERVICE."),
            (406, "The result cannot be written as asked."),
            (413, "The query or the result is too large."),
            (415, "The body has another type than a query."),
        )
    },
}


@router.get(
    "/sparql",
    summary="Ask in SPARQL",
    response_class=Response,
    responses=_ANSWERS,
    openapi_extra={"parameters": [_query_parameter(), *_PARAMETERS]},
)
async def sparql_get(request: Request) -> Response:
    """A SPARQL 1.1 Protocol query by GET."""
    return await _answer(request)


@router.post(
    "/sparql",
    summary="Ask in SPARQL",
    response_class=Response,
    responses=_ANSWERS,
    openapi_extra={
        "parameters": _PARAMETERS,
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": _QUERY},
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "required": ["query"],
                        "properties": {"query": _QUERY, **_OPTIONS},
                    }
                },
            },
        },
    },
)
async def sparql_post(request: Request) -> Response:
    """A SPARQL 1.1 Protocol query by POST, as a form or as the query itself."""
    return await _answer(request)


async def _answer(request: Request) -> Response:
    state = state_of(request)
    operation = await read(request, state.settings.query_timeout)
    opened = await asyncio.to_thread(state.graph.take)
    finish = functools.partial(state.graph.give_back, opened)
    try:
        headers = {"Vary": "Accept"}
        tag = None if operation.volatile or request.method == "POST" else entity_tag(request, opened)
        if tag is not None:
            if matches(request, tag):
                raise NotModifiedError(tag)
            headers |= {"ETag": tag, "Cache-Control": "no-cache"}
        answer = await _run(state, opened, operation, request)
    except BaseException:
        finish()
        raise
    if answer is None:
        finish()
        return Response(status_code=_CLIENT_GONE)
    return QueryResponse(answer, headers, finish)


async def _run(state: State, opened: Opened, operation: Operation, request: Request) -> Answer | None:
    """The answer once its first part is there; None when the client left before."""
    run = asyncio.ensure_future(_start(state, opened, operation))
    left = asyncio.ensure_future(client_left(request.receive))
    try:
        await asyncio.wait({run, left}, return_when=asyncio.FIRST_COMPLETED)
        if run.done():
            return run.result()
        return None
    except QueryError as failure:
        raise problem_of(failure) from failure
    finally:
        for task in (run, left):
            task.cancel()
        await asyncio.gather(run, left, return_exceptions=True)


async def _start(state: State, opened: Opened, operation: Operation) -> Answer:
    if opened.snapshot is None:
        return await state.inline.run(operation.query, operation.seconds, opened.store)
    if state.pool is None:
        raise ApiError(
            503,
            "not-started",
            "Not started",
            "The query processes are not running.",
            mend="run the app with its lifespan, as uvicorn does",
        )
    return await state.pool.run(operation.query, operation.seconds, opened.snapshot)
