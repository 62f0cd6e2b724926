"""Finding terms in words and words for terms, as the justification needs it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kg.justify.tables import arm_words, care
from ontology.lexicon import Lexicon
from ontology.spelling import WORD, fold_word
from ontology.terms import Branch, Ontology, Term

__all__ = ["Names", "display"]

THERAPIES = (Branch.PROCEDURE, Branch.AGENT)
_SUFFIX = re.compile(r" as (?:endpoint|adverse event|biomarker|an? outcome)$")
_ARM = re.compile(
    r"\b(?:the|groups?|arms?|cohorts?|patients|recipients|alone|only|first|strategy|additional|added|adjunctive)\b",
    re.I,
)
_ADDED = re.compile(r"\b(?:plus|added to|in addition to|combined with|with)\b|\+", re.I)
_FILLER = frozenset(
    {
        "the",
        "a",
        "of",
        "and",
        "with",
        "for",
        "in",
        "to",
        "artery",
        "arterial",
        "percutaneous",
        "therapy",
        "treatment",
    }
)
_LINKS = frozenset({"of", "the", "artery", "in", "with"})
_STEM = 5  # letters by which `stent` meets `stenting` and `embolise` meets `embolization`


def display(term: Term | None, fallback: str = "") -> str:
    """A term's label for people: "stroke as endpoint" reads "stroke"."""
    return _SUFFIX.sub("", term.label).removeprefix("unspecified ") if term is not None else fallback


def stem(word: str) -> str:
    """The first letters of a folded word; short words stay whole."""
    return fold_word(word)[:_STEM]


def stems(text: str) -> frozenset[str]:
    """The stems of the words of a text."""
    return frozenset(stem(w) for w in WORD.findall(text))


def name_stems(name: str) -> frozenset[str]:
    """The stems of a name as written, by which "varices" meets "variceal"."""
    words = re.findall(r"[^\W\d_]+", name)
    return frozenset(w.casefold()[:_STEM] for w in words if w.casefold() not in _LINKS)


class Names:
    """Look-ups over one ontology; built once for each."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self.lexicon = Lexicon(ontology)
        self._stems: dict[str, frozenset[str]] = {}
        self._below: dict[str, frozenset[str]] = {}
        self._above: dict[str, frozenset[str]] = {}

    def below(self, term: str) -> frozenset[str]:
        """The subclasses of a term, looked up once."""
        if term not in self._below:
            self._below[term] = self.ontology.descendants(term)
        return self._below[term]

    def above(self, term: str) -> frozenset[str]:
        """The superclasses of a term, looked up once."""
        if term not in self._above:
            self._above[term] = self.ontology.ancestors(term)
        return self._above[term]

    def words(self, term: str) -> frozenset[str]:
        """The stems of a label's telling words."""
        if term not in self._stems:
            words = [w for w in WORD.findall(self.ontology[term].label) if w.casefold() not in _FILLER]
            self._stems[term] = frozenset(stem(w) for w in words)
        return self._stems[term]

    def find(self, text: str, branches: tuple[Branch, ...]) -> list[str]:
        """The terms of some branches that a text names, in order, each once."""
        found: dict[str, None] = {}
        for hit in self.lexicon.find(text):
            for entry in hit.entries:
                if entry.branch in branches:
                    found.setdefault(entry.term)
                    break
        return list(found)

    def scattered(self, text: str, found: Iterable[str]) -> list[str]:
        """A disease whose name is scattered over a text ("bleeding ... gastric varices"), when it says more
        than those found; none when two say as much.
        """
        words = name_stems(text)
        own = [name_stems(self.ontology[t].label) for t in found]
        best: list[tuple[int, str]] = []
        for term in self.ontology.branch(Branch.DISEASE):
            for name in term.names():
                made = name_stems(name)
                if len(made) >= 2 and made <= words and any(made & o and len(made) > len(o) for o in own):
                    best.append((len(made), term.id))
        most = max((n for n, _ in best), default=0)
        top = sorted({t for n, t in best if n == most})
        return top if len(top) == 1 else []

    def whole(self, name: str, branches: tuple[Branch, ...]) -> str | None:
        """The term that a whole name means."""
        return next((e.term for e in self.lexicon.lookup(name) if e.branch in branches), None)

    def arm(self, text: str, against: str = "") -> str | None:
        """The therapy that the words of an arm mean: a name, else a name in it, else a usual phrase
        ("simulated procedure"). Of therapies given together the one that the other side (`against`) lacks;
        None when that leaves several, because a result of all of them is a result of none.
        """
        bare = " ".join(_ARM.sub(" ", text).split())
        found = self.whole(bare, THERAPIES) or self.whole(text, THERAPIES)
        if found is not None:
            return found
        inside = self.find(text, THERAPIES)
        if len(inside) > 1 and _ADDED.search(text):
            # "RFA plus systemic treatment": what was added to usual treatment is what the trial is about.
            other = set(self.find(against, THERAPIES))
            apart = [
                t
                for t in inside
                if self.ontology[t].label.casefold() not in against.casefold()
                and not any(t == o or t in self.above(o) or o in self.above(t) for o in other)
            ]
            added = [t for t in apart or inside if self.care_group(t) is None]
            return added[0] if len(added) == 1 else inside[0] if not added else None
        for pattern, label in arm_words():
            if pattern.search(text):
                term = self.ontology.by_label.get(label)
                return term.id if term is not None else None
        return max(inside, key=lambda t: (len(self.ontology[t].label), t), default=None)

    def narrower(self, term: str, context: str, *, own: str = "") -> str | None:
        """The most specific subclass whose label is made of words of the context; None when two are as good.

        `own` are words that the subclass must add nothing to twice: the words of the arm itself always count
        as context.
        """
        around = stems(context) | stems(own)
        best: list[tuple[int, str]] = []
        for child in self.below(term):
            words = self.words(child)
            if len(words) > len(self.words(term)) and words <= around:
                best.append((len(words), child))
        if not best:
            return None
        most = max(size for size, _ in best)
        # Of equally long names, one that is above the other says no less.
        top = sorted(t for size, t in best if size == most)
        free = [t for t in top if not any(o in self.above(t) for o in top)]
        return free[0] if len(free) == 1 else None

    def care_group(self, term: str) -> str | None:
        """The group of usual care that a term belongs to."""
        found = care().get(self.ontology[term].label) if term in self.ontology else None
        return found.group if found else None

    def care_role(self, term: str) -> str | None:
        """``control`` or ``sham`` for terms of usual care."""
        found = care().get(self.ontology[term].label) if term in self.ontology else None
        return found.role if found else None


@lru_cache(maxsize=4)
def _cached(key: int, ontology_holder: _Holder) -> Names:
    return Names(ontology_holder.ontology)


class _Holder:
    """Makes an ontology hashable by identity, so that its look-ups are built once."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology

    def __hash__(self) -> int:
        return id(self.ontology)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.ontology is self.ontology


def names_of(ontology: Ontology) -> Names:
    """The look-ups of an ontology."""
    return _cached(id(ontology), _Holder(ontology))
