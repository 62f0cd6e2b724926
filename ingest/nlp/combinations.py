"""Which term of the ontology is the combination of two therapies (`chemoembolization plus sorafenib`)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ontology.lexicon import Lexicon
from ontology.terms import Branch

__all__ = ["Combinations"]


class Combinations:
    """The combination terms of an ontology by their parts, read from labels of the form `A plus B`.

    A part also stands for its kinds: conventional chemoembolization with sorafenib is chemoembolization plus
    sorafenib.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._ontology = lexicon.ontology
        self._parts: list[tuple[str, tuple[frozenset[str], ...]]] = []
        for term in lexicon.ontology.branch(Branch.PROCEDURE):
            names = re.sub(r"\s+(?:chemo)?therapy$", "", term.label).split(" plus ")
            if len(names) > 1:
                parts = tuple(
                    frozenset(e.term for n in (name, f"{name} therapy") for e in lexicon.lookup(n))
                    for name in names
                )
                if all(parts):
                    self._parts.append((term.id, parts))

    def find(self, terms: Iterable[str | None]) -> str | None:
        """The combination of some therapies, the most specific one that fits.

        None when the ontology has none.
        """
        wanted = list(terms)
        best: tuple[int, str] | None = None
        for combination, parts in self._parts:
            if len(parts) != len(wanted):
                continue
            distance = self._distance(parts, wanted)
            if distance is not None and (best is None or (distance, combination) < best):
                best = (distance, combination)
        return best[1] if best else None

    def _distance(self, parts: tuple[frozenset[str], ...], terms: list[str | None]) -> int | None:
        left = list(terms)
        total = 0
        for part in parts:
            match = next((t for t in left if t in part), None)
            if match is None:
                match = next(
                    (t for t in left if t and t in self._ontology and self._ontology.ancestors(t) & part),
                    None,
                )
                total += 1
            if match is None:
                return None
            left.remove(match)
        return total

    def knows(self, concept: str) -> bool:
        """True for a term of the ontology; other concepts are related to nothing."""
        return concept in self._ontology

    def related(self, one: str, other: str) -> bool:
        """True when one term is a kind of the other."""
        if one not in self._ontology or other not in self._ontology:
            return False
        return one in self._ontology.ancestors(other) or other in self._ontology.ancestors(one)
