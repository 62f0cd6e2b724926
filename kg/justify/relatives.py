"""A disease and its relatives in the ontology, each with how directly evidence about it speaks to the disease asked about.

Indirectness of the population is a reason to trust evidence less (GRADE guidelines 8: Guyatt et al., J Clin Epidemiol
2011;64:1303-1310, doi 10.1016/j.jclinepi.2011.04.014); the factors are those of `tables/weights.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kg.justify.tables import weights
from ontology.terms import Ontology

__all__ = ["Kinship", "Relative", "closest", "relatives"]

Kinship = Literal["same", "narrower", "wider", "sibling"]
_ORDER: tuple[Kinship, ...] = ("same", "narrower", "sibling", "wider")


@dataclass(frozen=True, slots=True)
class Relative:
    """A disease near the one asked about; `directness` is 1 for the disease itself."""

    term: str
    kinship: Kinship
    directness: float
    steps: int


def relatives(ontology: Ontology, disease: str) -> Mapping[str, Relative]:
    """The disease, what is below it, what is above it while that is not too wide, and other forms of a narrow superclass."""
    w = weights()
    least, widest = w["least direct"], int(w["widest"])
    found = {disease: Relative(disease, "same", 1.0, 0)}

    def add(term: str, kinship: Kinship, directness: float, steps: int) -> bool:
        directness = round(directness, 6)
        if directness < least or (term in found and found[term].directness >= directness):
            return False
        found[term] = Relative(term, kinship, directness, steps)
        return True

    def down(start: str, kinship: Kinship, directness: float, steps: int, factor: float) -> None:
        for child in ontology.children.get(start, ()):
            if add(child, kinship, directness * factor, steps + 1):
                down(child, kinship, directness * factor, steps + 1, factor)

    down(disease, "narrower", 1.0, 0, w["subclass"])
    level, directness = [disease], 1.0
    for step in range(1, int(w["steps up"]) + 1):
        parents = sorted({p for t in level for p in ontology[t].parents} if all(t in ontology for t in level) else set())
        level = [p for p in parents if ontology[p].parents and len(ontology.descendants(p)) <= widest]
        directness *= w["superclass"]
        for parent in level:
            add(parent, "wider", directness, step)
    for parent in ontology[disease].parents if disease in ontology else ():
        if parent in found and found[parent].kinship == "wider":
            for child in ontology.children.get(parent, ()):
                if add(child, "sibling", w["sibling"], 2):
                    down(child, "sibling", w["sibling"], 2, w["subclass"])
    return found


def closest(near: Mapping[str, Relative], diseases: Iterable[str]) -> Relative | None:
    """The relative that says whom a study is about.

    A study of the disease itself or of a narrower one is direct. A study that names another form of the disease is about
    that form, also when it names the wider disease too.
    """
    known = [near[d] for d in sorted(set(diseases)) if d in near]
    return min(known, key=lambda r: (_ORDER.index(r.kinship), -r.directness, r.term), default=None)
