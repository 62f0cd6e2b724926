"""The branch of a name that can be a disease, an endpoint or a harm, from the words around it."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ingest.nlp.annotations import Annotations
from ingest.nlp.tables import cue
from kg.model import SectionKind
from ontology.lexicon import Entry
from ontology.terms import Branch

__all__ = ["choose_branch"]

_EVENT: Final = frozenset({Branch.DISEASE, Branch.OUTCOME, Branch.ADVERSE_EVENT})
_BEFORE: Final = r"\b{}\s+(?:\S+\s+){0,3}$"
_OR_PERCENT: Final = r"\b{}\b|%"
# What a title names is what the paper is about, unless nearly everything else speaks against it.
_TITLE_VOTES: Final = 3
_REACH: Final = 60  # characters before a name in which patients or a treatment make it a disease


def choose_branch(
    text: str,
    notes: Annotations,
    spans: list[tuple[int, int]],
    entries: tuple[Entry, ...],
    typed: Branch | None,
) -> Branch:
    """The one branch of a surface form in a document, from the words around its occurrences."""
    branches = list(dict.fromkeys(e.branch for e in entries))
    if not branches:
        assert typed is not None
        return typed
    if len(branches) == 1 or not _EVENT.issuperset(branches):
        return branches[0]
    votes: Counter[Branch] = Counter()
    told: dict[int, list[Branch]] = {}  # by sentence: a long one may hold a name a thousand times
    for start, _ in spans:
        sentence = notes.sentence_at(start)
        if sentence is None:
            continue
        before = text[max(sentence.start, start - _REACH) : start]
        if sentence.start not in told:
            told[sentence.start] = _votes(text[sentence.start : sentence.end])
        votes.update(told[sentence.start])
        if sentence.kind is SectionKind.TITLE:
            votes[Branch.DISEASE] += _TITLE_VOTES
        if cue("mention_cues", "treated", _BEFORE).search(before):
            votes[Branch.DISEASE] += 1
    return max(branches, key=lambda b: (votes[b], -branches.index(b)))


def _votes(sentence: str) -> list[Branch]:
    """What the words of a sentence say of every such name in it."""
    found: list[Branch] = []
    if cue("mention_cues", "harm").search(sentence):
        found.append(Branch.ADVERSE_EVENT)
    if cue("mention_cues", "endpoint", _OR_PERCENT).search(sentence):
        found.append(Branch.OUTCOME)
    return found
