"""A span of text on its way to becoming a mention."""

from __future__ import annotations

from dataclasses import dataclass

from ontology.lexicon import Entry
from ontology.terms import Branch

__all__ = ["Span"]


@dataclass(slots=True)
class Span:
    """Offsets, the readings that the lexicon has for the name, and the branch when its words tell it
    without a term.
    """

    start: int
    end: int
    entries: tuple[Entry, ...]
    branch: Branch | None = None

    @property
    def kind(self) -> Branch | None:
        """The branch, by the words or else by the first reading."""
        return self.branch or (self.entries[0].branch if self.entries else None)
