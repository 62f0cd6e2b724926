"""A disease and its relatives in the ontology, each with how directly evidence about it speaks to the disease
asked about.

Indirectness of the population is a reason to trust evidence less (GRADE guidelines 8: Guyatt et al., J Clin
Epidemiol 2011;64:1303-1310, doi 10.1016/j.jclinepi.2011.04.014); the factors are those of
`tables/weights.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kg.justify.tables import weights
from ontology.spelling import WORD, fold_word
from ontology.terms import Branch, Ontology

__all__ = ["Kinship", "Relative", "aspects", "closest", "facets", "relatives"]

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
    """The disease, what is below it, what is above it while that is not too wide, and other forms of a narrow
    superclass.
    """
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
        parents = sorted(
            {p for t in level for p in ontology[t].parents} if all(t in ontology for t in level) else set()
        )
        level = [p for p in parents if ontology[p].parents and len(ontology.descendants(p)) <= widest]
        directness *= w["superclass"]
        for parent in level:
            add(parent, "wider", directness, step)
    for term, kinship in _by_words(ontology, disease):
        add(term, kinship, w["superclass"] if kinship == "wider" else w["subclass"], 1)
    for parent in ontology[disease].parents if disease in ontology else ():
        if parent in found and found[parent].kinship == "wider":
            for child in ontology.children.get(parent, ()):
                if add(child, "sibling", w["sibling"], 2):
                    down(child, "sibling", w["sibling"], 2, w["subclass"])
    return found


def facets(ontology: Ontology, disease: str, others: Iterable[str]) -> tuple[str, ...]:
    """The disease and those of the others that are forms of the same thing in the same patient.

    A hepatocellular carcinoma may be unresectable and of intermediate stage: both are below it, and studies
    of either are of this patient.
    """
    widest = int(weights()["widest"])
    narrow = {
        p for p in ontology[disease].parents if ontology[p].parents and len(ontology.descendants(p)) <= widest
    }
    return (disease, *(o for o in others if o in ontology and narrow & ontology.ancestors(o)))


@lru_cache(maxsize=64)
def _word_sets(branch: _Words) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((t.id, _words(t.label)) for t in branch.ontology.branch(Branch.DISEASE))


class _Words:
    """An ontology as a key of a cache, by identity."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology

    def __hash__(self) -> int:
        return id(self.ontology)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Words) and other.ontology is self.ontology


def _words(label: str) -> frozenset[str]:
    return frozenset(fold_word(w) for w in WORD.findall(label))


def _by_words(ontology: Ontology, disease: str) -> list[tuple[str, Kinship]]:
    """Diseases whose label holds all words of this one's and more (narrower), or is held in it so (wider).

    Tables of diseases are never complete: "bleeding peptic ulcer" is a peptic ulcer whether or not they say
    so. One word alone proves nothing.
    """
    own = _words(ontology[disease].label) if disease in ontology else frozenset[str]()
    found: list[tuple[str, Kinship]] = []
    for term, words in _word_sets(_Words(ontology)):
        if min(len(words), len(own)) >= 2 and term != disease:
            if words < own:
                found.append((term, "wider"))
            elif own < words:
                found.append((term, "narrower"))
    return found


def aspects(ontology: Ontology, disease: str) -> Mapping[str, Relative]:
    """What is no disease but is named like this one ("hypertrophy of the future liver remnant" for a small
    future liver remnant).

    A last resort for a disease that no paper is about: its name without the first word, of two words or more,
    stands in the name.
    """
    words = WORD.findall(ontology[disease].label)
    core = frozenset(fold_word(w) for w in words[1:])
    if len(core) < 2:
        return {}
    factor = weights()["superclass"]
    branches = (Branch.OUTCOME, Branch.BIOMARKER, Branch.ANATOMICAL_SITE)
    found = [t.id for branch in branches for t in ontology.branch(branch) if core <= _words(t.label)]
    return {term: Relative(term, "wider", factor, 1) for term in found}


def closest(near: Mapping[str, Relative], diseases: Iterable[str]) -> Relative | None:
    """The relative that says whom a study is about.

    A study of the disease itself or of a narrower one is direct. A study that names another form of the
    disease is about that form, also when it names the wider disease too.
    """
    known = [near[d] for d in sorted(set(diseases)) if d in near]
    return min(known, key=lambda r: (_ORDER.index(r.kinship), -r.directness, r.term), default=None)
