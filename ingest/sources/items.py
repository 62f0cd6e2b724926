"""What reading yields: a publication, a deletion, something left out or broken; and the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.model import Publication
from ontology.problems import IrkgError, Problem

__all__ = [
    "MAX_RECORD",
    "MAX_TEXT",
    "BadRecordError",
    "Deleted",
    "Failed",
    "Item",
    "Origin",
    "Read",
    "Skipped",
    "failed",
]

MAX_RECORD: Final = 32 * 1024 * 1024
"""The largest record that is read, in bytes. The largest articles of PMC are some megabytes."""

MAX_TEXT: Final = 4 * 1024 * 1024
"""The largest plain text file, in bytes: some 600,000 words; an article has 5,000."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item came from: ``Origin("a.xml.gz", 3)`` is its third record; record 0 is the whole file.

    A member of an archive reads ``archive.tar.gz!folder/member.nxml``.
    """

    file: str
    record: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """A publication; `note` tells what a person should know of it ("it has no abstract")."""

    publication: Publication
    origin: Origin
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deleted:
    """The source withdraws the document `id` (``pmid:...``)."""

    id: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Skipped:
    """Not read on purpose, and why."""

    origin: Origin
    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Could not be read. `raw` holds the record's bytes for setting aside; None when they can't be had."""

    problem: Problem
    raw: bytes | None
    origin: Origin


Item = Read | Deleted | Skipped | Failed


class BadRecordError(IrkgError):
    """A record that can't be read; `field` and `mend` go into the problem that is told."""

    def __init__(self, what: str, *, field: str | None = None, mend: str | None = None) -> None:
        super().__init__(what)
        self.what, self.field, self.mend = what, field, mend


def failed(
    origin: Origin, what: str, raw: bytes | None = None, *, field: str | None = None, mend: str | None = None
) -> Failed:
    """A :class:`Failed` whose problem names file and record."""
    return Failed(Problem(origin.file, what, row=origin.record or None, field=field, mend=mend), raw, origin)
