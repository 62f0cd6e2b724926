"""From a running query to an HTTP answer: streamed in chunks, never cut short behind a status 200."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.problems import ApiError
from api.sparql.engine import FailureKind, QueryError
from api.sparql.pool import Answer

__all__ = ["QueryResponse", "client_left", "problem_of"]

_log = logging.getLogger(__name__)

_PROBLEMS: Final[Mapping[FailureKind, tuple[int, str, str, str | None]]] = {
    "syntax": (400, "malformed-query", "Malformed query", "see https://www.w3.org/TR/sparql11-query/"),
    "not-acceptable": (406, "not-acceptable", "Not acceptable", "name one of these in the Accept header"),
    "timeout": (503, "query-timeout", "Query stopped", "ask for less: more specific patterns, a LIMIT"),
    "memory": (503, "query-memory", "Query stopped", "ask for less: avoid joins without a shared variable"),
    "too-large": (413, "result-too-large", "Result too large", "ask for less, with LIMIT and OFFSET"),
    "busy": (503, "busy", "Too busy", "try again in a moment"),
    "refused": (400, "query-refused", "Query cannot be evaluated", None),
    "failed": (500, "query-failed", "Query failed", None),
}


def problem_of(failure: QueryError) -> ApiError:
    """The problem that tells a failure to the client."""
    status, slug, title, mend = _PROBLEMS[failure.kind]
    headers = {"Retry-After": "1"} if failure.kind == "busy" else {}
    return ApiError(status, slug, title, str(failure), mend=mend, headers=headers)


async def client_left(receive: Receive) -> None:
    """Returns when the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


class QueryResponse(Response):
    """Sends a result as it comes.

    When the query fails or the client leaves, the response is not ended: the server then closes the
    connection without the last chunk, which clients tell from a complete answer (RFC 9112, section 8).
    """

    def __init__(self, answer: Answer, headers: Mapping[str, str], finish: Callable[[], None]) -> None:
        super().__init__(status_code=200, headers=dict(headers), media_type=answer.media_type)
        del self.headers["content-length"]
        self._answer = answer
        self._finish = finish

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response; gives the worker back whatever happens."""
        left = asyncio.ensure_future(client_left(receive))
        chunks = self._answer.chunks()
        try:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            while (chunk := await _unless(left, chunks)) is not None:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if not left.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except QueryError as failure:
            _log.warning("a result was broken off (%s): %s", failure.kind, failure)
        finally:
            left.cancel()
            await self._answer.close()
            self._finish()


async def _unless(left: asyncio.Future[None], chunks: AsyncIterator[bytes]) -> bytes | None:
    """The next chunk; None at the end, or when the client leaves first."""
    following: asyncio.Future[bytes | None] = asyncio.ensure_future(anext(chunks, None))
    waited: set[asyncio.Future[Any]] = {following, left}
    try:
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        return following.result() if following.done() else None
    finally:
        if not following.done():
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
