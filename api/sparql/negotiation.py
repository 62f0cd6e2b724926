"""Choosing a media type by the ``Accept`` header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["choose"]


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range with its weight, 0 to 1."""

    kind: str
    subtype: str
    weight: float

    def fits(self, media_type: str) -> int:
        """How exactly the range names the type: 0 not at all, 1 by ``*/*``, 2 by ``text/*``, 3 by name."""
        kind, _, subtype = media_type.partition("/")
        if self.kind == "*":
            return 1
        if self.kind != kind:
            return 0
        if self.subtype == "*":
            return 2
        return 3 if self.subtype == subtype else 0


def choose(accept: str | None, offered: Iterable[str]) -> str | None:
    """The offered media type that the client likes best; None when it accepts none of them.

    Each offered type has the weight of the most exact range that names it; of equal weights the earlier
    offer wins. Without a header, or with one that holds no range, everything is accepted. Parameters other
    than ``q`` are ignored.

    >>> choose("text/csv;q=0.5, application/*", ["text/csv", "application/json"])
    'application/json'
    """
    ranges = [found for part in (accept or "").split(",") if (found := _read(part)) is not None]
    if not ranges:
        ranges = [_Range("*", "*", 1.0)]
    best: tuple[float, str] | None = None
    for media_type in offered:
        exactness, weight = max((one.fits(media_type), one.weight) for one in ranges)
        if exactness and weight > 0 and (best is None or weight > best[0]):
            best = (weight, media_type)
    return None if best is None else best[1]


def _read(part: str) -> _Range | None:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    kind, slash, subtype = name.partition("/")
    if not (kind and slash and subtype) or (kind == "*" and subtype != "*"):
        return None
    weight = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                weight = float(value.strip())
            except ValueError:
                return None
            if not 0 <= weight <= 1:  # also refuses nan
                return None
    return _Range(kind, subtype, weight)
