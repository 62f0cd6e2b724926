"""What the app carries, and the dependencies through which routes get at it; there is no other state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Query, Request, Response

from api.problems import bad_parameter
from api.routes.graph import Graph, Opened
from api.routes.knowledge import Knowledge
from api.sparql.inline import Inline
from api.sparql.pool import Pool
from kg.settings import Settings

__all__ = [
    "Cached",
    "KnowledgeOf",
    "NotModifiedError",
    "OpenGraph",
    "PageOf",
    "Paging",
    "State",
    "entity_tag",
    "matches",
    "state_of",
]

# Oxigraph counts solutions in 64 bits; nobody pages this far.
_FURTHEST = 1_000_000_000
_USUAL_PAGE = 50


@dataclass
class State:
    """Lives at ``app.state.irkg`` from the making of the app to its end."""

    settings: Settings
    graph: Graph
    knowledge: Knowledge
    inline: Inline = field(default_factory=Inline)
    pool: Pool | None = None


class NotModifiedError(Exception):
    """Raised to answer 304: the client has what it asks for."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted."""

    offset: int
    limit: int


def state_of(request: Request) -> State:
    """The app's state."""
    return cast(State, request.app.state.irkg)


def _knowledge(request: Request) -> Knowledge:
    return state_of(request).knowledge


def _opened(request: Request) -> Iterator[Opened]:
    with state_of(request).graph.use() as opened:
        yield opened


KnowledgeOf = Annotated[Knowledge, Depends(_knowledge)]
OpenGraph = Annotated[Opened, Depends(_opened)]


def entity_tag(request: Request, opened: Opened) -> str | None:
    """A weak validator for the answer to this request; None when the graph can change unseen.

    It names the snapshot, not only the dataset's version, because a snapshot made during an ingest still
    carries the version before it.
    """
    if not opened.identity:
        return None
    parts = (opened.identity, request.url.path, request.url.query, request.headers.get("accept", ""))
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
    return f'W/"{digest}"'


def matches(request: Request, tag: str) -> bool:
    """True when ``If-None-Match`` names the tag."""
    given = request.headers.get("if-none-match", "")
    return tag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in given.split(",")}


def _cached(request: Request, response: Response, opened: OpenGraph) -> None:
    tag = entity_tag(request, opened)
    if tag is not None:
        if matches(request, tag):
            raise NotModifiedError(tag)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "no-cache"  # may be kept, must be asked for


Cached = Depends(_cached)
"""For routes whose answer depends on nothing but the request, the graph and the installed release."""


def _paging(
    request: Request,
    offset: Annotated[int, Query(ge=0, le=_FURTHEST, description="How many items to leave out.")] = 0,
    limit: Annotated[
        int | None,
        Query(ge=1, description="The most items wanted; 50 unless told, and no more than the server allows."),
    ] = None,
) -> Paging:
    most = state_of(request).settings.page_limit
    if limit is not None and limit > most:
        raise bad_parameter("query.limit", f"at most {most}", mend="follow the Link header to the next page")
    return Paging(offset, min(_USUAL_PAGE, most) if limit is None else limit)


PageOf = Annotated[Paging, Depends(_paging)]
