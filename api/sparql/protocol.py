"""From an HTTP request to a query: SPARQL 1.1 Protocol (W3C Recommendation 2013), section 2.1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from starlette.requests import Request

from api.problems import ApiError
from api.sparql.engine import Query
from api.sparql.formats import GRAPHS, SOLUTIONS
from api.sparql.negotiation import choose
from api.sparql.text import calls_out, is_update, is_volatile

__all__ = ["LARGEST_REQUEST", "Operation", "read"]

LARGEST_REQUEST: Final = 262_144
"""Bytes of a request's body; longer lists of values belong in the graph."""

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"


@dataclass(frozen=True, slots=True)
class Operation:
    """A query, the seconds that it may take, and whether asking again may give something else."""

    query: Query
    seconds: float
    volatile: bool


async def read(request: Request, most_seconds: float) -> Operation:
    """The operation that a request asks for.

    Raises:
        ApiError: 400 for a request that is not right, 403 for an update or a SERVICE clause, 413 for one
            that is too long, 415 for a body of another type.
    """
    parameters = _pairs(request.url.query.encode("latin-1", "replace"))
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == _UPDATE:
            raise _refused_update()
        if kind not in (_FORM, _QUERY):
            raise ApiError(
                415, "unsupported-media-type", "Unsupported media type", f"The body has the type {kind!r}.",
                mend=f"send {_QUERY}, or {_FORM} with a field `query`",
                headers={"Accept-Post": f"{_QUERY}, {_FORM}"},
            )  # fmt: skip
        body = await _body(request)
        if kind == _QUERY:
            if any(name == "query" for name, _ in parameters):
                raise _bad("The query is in the body and in the address.", "send it once")
            parameters.append(("query", _decoded(body)))
        else:
            parameters += _pairs(body)
    return _operation(parameters, request.headers.get("accept"), most_seconds)


def _operation(parameters: Sequence[tuple[str, str]], accept: str | None, most_seconds: float) -> Operation:
    def every(name: str) -> list[str]:
        return [value for key, value in parameters if key == name]

    queries = every("query")
    if every("update"):
        raise _refused_update()
    if len(queries) != 1:
        said = "There is no query." if not queries else "There is more than one query."
        raise _bad(said, "give the parameter `query` once, for example /sparql?query=ASK{}")
    text = queries[0]
    if is_update(text):
        raise _refused_update()
    if calls_out(text):
        raise ApiError(
            403, "service-closed", "SERVICE is closed", "This endpoint does not ask other servers.",
            mend="leave the SERVICE clause out; a prefix whose name contains `service` must be renamed",
        )  # fmt: skip
    query = Query(
        text=text,
        default_graphs=tuple(_iri(value, "default-graph-uri") for value in every("default-graph-uri")),
        named_graphs=tuple(_iri(value, "named-graph-uri") for value in every("named-graph-uri")),
        solutions=choose(accept, SOLUTIONS),
        graph=choose(accept, GRAPHS),
    )
    seconds = min([most_seconds, *(_seconds(value) for value in every("timeout"))])
    return Operation(query, seconds, is_volatile(text))


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except ValueError as error:  # UnicodeDecodeError is one
        raise _bad("The parameters are not URL-encoded UTF-8.", "percent-encode them") from error


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_REQUEST:
            raise ApiError(
                413, "too-large", "Too large", f"The request has more than {LARGEST_REQUEST} bytes."
            )
    return bytes(body)


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise _bad(f"The query is not UTF-8: {error}.", "send it in UTF-8") from error


def _iri(value: str, name: str) -> str:
    try:
        return NamedNode(value).value
    except ValueError as error:
        raise _bad(f"{name}: {value!r} is no absolute IRI.", None) from error


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        raise _bad(f"timeout: {value!r} is no number of seconds above 0.", None)
    return seconds


def _bad(detail: str, mend: str | None) -> ApiError:
    return ApiError(400, "bad-sparql-request", "Bad SPARQL request", detail, mend=mend)


def _refused_update() -> ApiError:
    return ApiError(
        403, "update-refused", "Updates are refused",
        "This endpoint answers queries only; nothing was changed.",
        mend="change the graph with `irkg ingest` and the ontology's tables",
    )  # fmt: skip
