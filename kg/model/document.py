"""A publication as a value: identifiers, citation, labelled sections and retraction state."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

__all__ = ["Author", "Identifiers", "Publication", "Retraction", "Section", "SectionKind", "study_key"]


class SectionKind(StrEnum):
    """What a section is for, whatever its printed label."""

    TITLE = "title"
    ABSTRACT = "abstract"
    BACKGROUND = "background"
    OBJECTIVE = "objective"
    METHODS = "methods"
    RESULTS = "results"
    DISCUSSION = "discussion"
    CONCLUSION = "conclusion"
    CASE = "case"
    OTHER = "other"


class Retraction(StrEnum):
    """The editorial state of a publication."""

    NONE = "none"
    RETRACTED = "retracted"
    CONCERN = "expression of concern"
    NOTICE = "retraction notice"


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a publication is known by: bare values without prefix or URL.

    >>> Identifiers(pmid="12049862").doi is None
    True
    """

    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    trials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """A person or a group; for a group `family` holds its name."""

    family: str
    given: str = ""

    def __str__(self) -> str:
        return f"{self.family} {self.given}".strip()


@dataclass(frozen=True, slots=True)
class Section:
    """One labelled part of a document.

    `start` is the offset of `text` in the document's text; `part` tells the title and abstract from the body.
    A nested label reads ``Methods > Study population``.
    """

    label: str
    text: str
    kind: SectionKind
    part: Literal["title", "abstract", "body"]
    start: int

    @property
    def end(self) -> int:
        """The offset behind the section's last character."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Publication:
    """A document of DESIGN's words: one publication with its text.

    `id` is a CURIE-like name: ``pmid:12049862`` (a PubMed record), ``pmcid:PMC2275230`` (a full text),
    ``doi:...``, ``digest:pmid:12049862`` (our own summary of that paper), ``text:<hash>``, or the id that a
    JSON line brought. `text` is the whole text; every offset in the project counts its characters (Python
    ``str`` indices, from 0).
    `digest` marks a summary written for IR-KG of the publication that the identifiers name.
    """

    id: str
    text: str
    sections: tuple[Section, ...]
    title: str = ""
    identifiers: Identifiers = field(default_factory=Identifiers)
    journal: str = ""
    year: int | None = None
    date: str = ""
    authors: tuple[Author, ...] = ()
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    licence: str = ""
    language: str = ""
    retraction: Retraction = Retraction.NONE
    digest: bool = False
    revised: str = ""

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over everything that reading depends on; equal for equal documents on every machine."""
        written = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()

    @property
    def study(self) -> str:
        """The key under which this publication's study is counted."""
        return study_key(self.identifiers, self.id)

    def section_at(self, offset: int) -> int:
        """The index of the section that holds `offset`; -1 when it lies between sections."""
        return next((i for i, s in enumerate(self.sections) if s.start <= offset < s.end), -1)


def study_key(identifiers: Identifiers, fallback: str) -> str:
    """One name for all documents of one paper: its PMID, else its DOI, else its PMCID, else `fallback`."""
    if identifiers.pmid:
        return f"pmid:{identifiers.pmid}"
    if identifiers.doi:
        return f"doi:{identifiers.doi.lower()}"
    return f"pmcid:{identifiers.pmcid}" if identifiers.pmcid else fallback
