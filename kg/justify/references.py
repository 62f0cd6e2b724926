"""Numbering of citations in the order in which the answer uses them."""

from __future__ import annotations

from kg.model import Retraction
from kg.model.claim import Citation
from kg.model.justification import Reference

__all__ = ["References"]


class References:
    """Gives each document a number at its first use."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._cited: dict[str, Citation] = {}

    def number(self, citation: Citation) -> int:
        """The number of a document."""
        if citation.id not in self._numbers:
            self._numbers[citation.id] = len(self._numbers) + 1
            self._cited[citation.id] = citation
        return self._numbers[citation.id]

    def all(self) -> tuple[Reference, ...]:
        """Every document that was cited, in the order of numbers."""
        return tuple(_reference(n, self._cited[document]) for document, n in self._numbers.items())


def _reference(n: int, c: Citation) -> Reference:
    return Reference(
        n=n,
        document=c.id,
        study=c.study,
        pmid=c.pmid,
        doi=c.doi,
        title=c.title,
        authors=c.authors,
        journal=c.journal,
        year=c.year,
        design=str(c.design),
        size=c.size,
        digest=c.digest,
        retracted=c.retraction in (Retraction.RETRACTED, Retraction.NOTICE),
    )
