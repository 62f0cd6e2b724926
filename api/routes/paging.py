"""Pages and the headers that lead from one to another (RFC 8288)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from fastapi import Request, Response

from api.routes.models import ListOf
from api.routes.state import Paging

__all__ = ["listed", "offsets"]

Item = TypeVar("Item")


def offsets(paging: Paging, total: int) -> dict[str, int]:
    """Where the other pages begin, by link relation. Pages are counted from the one that is shown.

    >>> offsets(Paging(20, 10), 45)
    {'first': 0, 'prev': 10, 'next': 30, 'last': 40}
    """
    offset, limit = paging.offset, paging.limit
    found = {"first": 0}
    if offset > 0:
        found["prev"] = max(0, offset - limit)
    if offset + limit < total:
        found["next"] = offset + limit
    last = offset + max(0, (total - 1 - offset) // limit) * limit if total else 0
    if offset < total or not total:
        found["last"] = last
    return found


def listed(
    request: Request, response: Response, items: Sequence[Item], total: int, paging: Paging
) -> ListOf[Item]:
    """One page as the answer; sets the headers ``Link`` and ``X-Total-Count``."""
    links = [
        f'<{request.url.include_query_params(offset=offset, limit=paging.limit)}>; rel="{relation}"'
        for relation, offset in offsets(paging, total).items()
    ]
    response.headers["Link"] = ", ".join(links)
    response.headers["X-Total-Count"] = str(total)
    return ListOf[Item](items=list(items), total=total, offset=paging.offset, limit=paging.limit)
