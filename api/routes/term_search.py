"""Finding terms by what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ontology.spelling import fold_name
from ontology.terms import Branch, Ontology, Term

__all__ = ["Hit", "TermIndex"]

# How well a name fits, best first; a name other than the label comes just behind it.
_EXACT: Final = 0
_BEGINS: Final = 2
_WORD: Final = 4
_WITHIN: Final = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """A term and the name of it that was found."""

    term: Term
    matched: str


class TermIndex:
    """All names of all terms, folded (case, plural, UK and US spelling, Greek letters); made once."""

    def __init__(self, ontology: Ontology) -> None:
        self._terms = sorted(ontology.terms.values(), key=lambda term: term.id)
        self._names = [
            (term, name, " ".join(fold_name(name)), int(name != term.label))
            for term in self._terms
            for name in (term.label, *(synonym.text for synonym in term.synonyms))
        ]

    def search(self, text: str = "", branch: Branch | None = None) -> list[Hit]:
        """Terms with a name that holds the text, best first: the whole name, its beginning, the beginning of
        a word in it, anywhere; labels before synonyms, short names before long ones. Without a text, every
        term, by id.
        """
        wanted = " ".join(fold_name(text))
        if not text.strip():
            return [Hit(t, t.label) for t in self._terms if branch is None or t.branch is branch]
        if not wanted:  # nothing but punctuation
            return []
        best: dict[str, tuple[int, int, str, Hit]] = {}
        for term, name, folded, is_synonym in self._names:
            at = folded.find(wanted)
            if at < 0 or (branch is not None and term.branch is not branch):
                continue
            fit = _WORD if f" {wanted}" in folded else _WITHIN
            if at == 0:
                fit = _EXACT if folded == wanted else _BEGINS
            rank = (fit + is_synonym, len(folded), term.id, Hit(term, name))
            if term.id not in best or rank[:2] < best[term.id][:2]:
                best[term.id] = rank
        return [rank[3] for rank in sorted(best.values(), key=lambda rank: rank[:3])]
