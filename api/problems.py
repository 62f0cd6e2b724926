"""Errors over HTTP: one shape, RFC 9457 problem details (``application/problem+json``), for every error."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from kg.store import StoreError, StoreLockedError
from ontology.iris import BASE
from ontology.problems import IrkgError

__all__ = [
    "MEDIA_TYPE",
    "RESPONSES",
    "ApiError",
    "ParameterError",
    "ProblemDetails",
    "bad_parameter",
    "busy",
    "install",
    "not_found",
    "problem_response",
]

MEDIA_TYPE: Final = "application/problem+json"
_TYPES: Final = BASE + "problems/"
_log = logging.getLogger(__name__)


class ParameterError(BaseModel):
    """What is wrong with one parameter."""

    parameter: str = Field(description="Where it is: `query.limit`, `path.term_id`, `body.profile`.")
    detail: str = Field(description="What is wrong with it.")


class ProblemDetails(BaseModel):
    """A problem as RFC 9457 describes it; `mend` and `errors` are extensions."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="An IRI that names the kind of problem; docs/api.md lists them.")
    title: str = Field(description="The kind of problem in words; the same for every occurrence.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What went wrong this time.")
    instance: str = Field(description="The path that was asked for.")
    mend: str | None = Field(default=None, description="What to do about it.")
    errors: list[ParameterError] | None = Field(default=None, description="One entry for each bad parameter.")


class ApiError(Exception):
    """Raised anywhere below a route to answer with a problem.

    Args:
        status: the HTTP status.
        slug: the last part of the problem's type, ``not-found``.
        title, detail, mend: see :class:`ProblemDetails`.
        headers: further headers of the answer.
        extra: further members of the problem.
    """

    def __init__(
        self,
        status: int,
        slug: str,
        title: str,
        detail: str,
        *,
        mend: str | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.slug, self.title, self.detail, self.mend = status, slug, title, detail, mend
        self.headers, self.extra = dict(headers or {}), dict(extra or {})


def not_found(kind: str, name: str) -> ApiError:
    """404: the graph or the ontology knows no such thing."""
    return ApiError(404, "not-found", "Not found", f"There is no {kind} {name!r}.")


def bad_parameter(parameter: str, detail: str, *, mend: str | None = None) -> ApiError:
    """422: a parameter that cannot be used; `parameter` such as ``query.term``."""
    error = ParameterError(parameter=parameter, detail=detail)
    return ApiError(
        422, "bad-parameter", "Bad parameter", detail, mend=mend, extra={"errors": [error.model_dump()]}
    )


def busy(detail: str) -> ApiError:
    """503: too much is asked at once."""
    return ApiError(
        503, "busy", "Too busy", detail, mend="try again in a moment", headers={"Retry-After": "1"}
    )


def problem_response(problem: ApiError, instance: str) -> Response:
    """The answer that tells a problem."""
    body = {
        "type": _TYPES + problem.slug,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
    }
    if problem.mend:
        body["mend"] = problem.mend
    headers = {"Cache-Control": "no-store", **problem.headers}
    return JSONResponse(body | problem.extra, problem.status, headers=headers, media_type=MEDIA_TYPE)


def _from_store(error: StoreError) -> ApiError:
    mend = next((p.mend for p in error.problems if p.mend), None)
    detail = "; ".join(p.what for p in error.problems) or str(error)
    if isinstance(error, StoreLockedError):
        return ApiError(
            503,
            "graph-locked",
            "The graph cannot be read yet",
            detail,
            mend=mend or "try again in a moment",
            headers={"Retry-After": "5"},
        )
    return ApiError(
        503,
        "graph-missing",
        "The graph cannot be opened",
        detail,
        mend=mend or "run `irkg build`, or set IRKG_DATA or IRKG_STORE to where the graph is",
    )


def _from_validation(error: RequestValidationError) -> ApiError:
    errors = [
        ParameterError(parameter=".".join(str(part) for part in one["loc"]), detail=str(one["msg"]))
        for one in error.errors()
    ]
    detail = "; ".join(f"{one.parameter}: {one.detail}" for one in errors)
    return ApiError(
        422, "bad-parameter", "Bad parameter", detail, extra={"errors": [one.model_dump() for one in errors]}
    )


def _from_http(error: HTTPException) -> ApiError:
    phrase = HTTPStatus(error.status_code).phrase.capitalize()
    slug = phrase.lower().replace(" ", "-")
    detail = {404: "There is nothing at this address.", 405: "This address has other methods."}
    said = detail.get(error.status_code, str(error.detail))
    return ApiError(error.status_code, slug, phrase, said, mend="see /docs", headers=error.headers)


def install(app: FastAPI) -> None:
    """Let the app answer every error with a problem."""

    async def api_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        return problem_response(error, request.url.path)

    async def store(request: Request, error: Exception) -> Response:
        assert isinstance(error, StoreError)
        return problem_response(_from_store(error), request.url.path)

    async def validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(_from_validation(error), request.url.path)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = {"Allow": ", ".join(_methods(request))}
            if request.method == "OPTIONS":
                return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)
            error.headers = allowed  # the framework names those of the first route at this address only
        return problem_response(_from_http(error), request.url.path)

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, IrkgError)
        return problem_response(
            ApiError(422, "bad-request-content", "The request cannot be used", str(error)), request.url.path
        )

    async def unknown(request: Request, error: Exception) -> Response:
        # The server logs the traceback; it may name files and values, so the answer keeps quiet about it.
        _log.error("%s %s failed: %s", request.method, request.url.path, type(error).__name__)
        problem = ApiError(
            500,
            "internal-error",
            "Internal error",
            "Something went wrong on the server.",
            mend="the server's log says what",
        )
        return problem_response(problem, request.url.path)

    app.add_exception_handler(ApiError, api_problem)
    app.add_exception_handler(StoreError, store)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(IrkgError, known)
    app.add_exception_handler(Exception, unknown)


def _methods(request: Request) -> list[str]:
    """The methods of an address, by asking every route."""

    def answers(method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)

    found = [method for method in ("GET", "POST") if answers(method)]
    return [*found, *(["HEAD"] if "GET" in found else []), "OPTIONS"]


def _documented(description: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": reference}}}


# What every route may answer beside its own; `app.py` puts the schema of ProblemDetails into the OpenAPI
# document.
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    404: _documented("No such thing."),
    422: _documented("A parameter cannot be used."),
    500: _documented("Internal error."),
    503: _documented("The graph is not there, is locked, or the server is busy."),
}
