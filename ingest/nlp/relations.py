"""Component `irkg_relations`: relations between mentions of one sentence, by its dependency tree and the
words between.

The patterns are those of :mod:`ingest.nlp.relation_rules`. Coordinated ends share a relation. Every relation
is then kept once for a document, in the sentence that says it best.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import permutations
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc, Token

from ingest.nlp.annotations import Annotations, Sentence, notes_of
from ingest.nlp.arms import find_arms
from ingest.nlp.context import hedged, negated
from ingest.nlp.language import shared
from ingest.nlp.relation_checks import once, plausible
from ingest.nlp.relation_rules import DENIABLE, DOMAINS, patterns
from kg.model import Assertion, Design, Mention, Predicate, SectionKind
from ontology.terms import Branch, Ontology

__all__ = ["Relations"]

# Set on the development set: below it a match is more often wrong than right.
THRESHOLD: Final = 0.6
_COORDINATED: Final = re.compile(
    r"^\s*(?:\([^()]*\)\s*)?(?:,|/|and|or|,\s*and|,\s*or|and/or|as well as|\+|plus|\()"
    r"\s*(?:the |an? |of |in )?$"
)
_MAX_GAP: Final = 160  # characters between two ends; farther apart, words between them say little
_MAX_MENTIONS: Final = 30  # a sentence that names more is a list


class Relations:
    """See the module's docstring."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology

    def __call__(self, doc: Doc) -> Doc:
        """Leave `assertions` on the document."""
        notes = notes_of(doc)
        starts = {token.idx: token.i for token in doc}
        found: list[Assertion] = []
        for sentence in notes.sentences:
            if sentence.parsed:
                found += self._read(doc, notes, sentence, starts)
        found += _of_arms(notes.text, notes)
        found = [a for a in found if plausible(notes.text, notes, self._ontology, a)]
        notes.assertions = once(found, notes)
        return doc

    @staticmethod
    def _read(doc: Doc, notes: Annotations, sentence: Sentence, starts: Mapping[int, int]) -> list[Assertion]:
        mentions = notes.mentions_in(sentence)
        if not 2 <= len(mentions) <= _MAX_MENTIONS:
            return []
        text = notes.text
        groups = _groups(text, mentions)
        found: list[Assertion] = _inside(doc, sentence, mentions)
        for one, other in permutations(mentions, 2):
            if notes.concepts.get(one.text) == notes.concepts.get(other.text) or (
                one.end > other.start and other.end > one.start
            ):
                continue
            for predicate, (domain, reach) in DOMAINS.items():
                if one.branch not in domain or other.branch not in reach:
                    continue
                confidence = _match(doc, text, predicate, one, other, starts, groups)
                if confidence >= THRESHOLD:
                    first, last = min(one.start, other.start), max(one.end, other.end)
                    denied = predicate in DENIABLE and negated(
                        text, sentence.start, sentence.end, first, last
                    )
                    found.append(
                        Assertion(
                            one, predicate, other, denied,
                            hedged(text, sentence.start, sentence.end),
                            sentence.start, sentence.end, round(confidence, 3),
                        )
                    )  # fmt: skip
        return found


def _match(
    doc: Doc,
    text: str,
    predicate: Predicate,
    one: Mention,
    other: Mention,
    starts: Mapping[int, int],
    groups: Mapping[Mention, tuple[int, int]],
) -> float:
    order = "so" if one.start < other.start else "os"
    left, right = (one, other) if order == "so" else (other, one)
    begin, end = groups[left][1], groups[right][0]
    if end < begin or end - begin > _MAX_GAP:
        return 0.0
    between = text[begin:end]
    path: str | None = None
    best = 0.0
    for pattern in patterns().get(predicate, ()):
        if pattern.confidence <= best or pattern.order not in (order, "any"):
            continue
        if pattern.on == "between":
            if pattern.regex.search(between):
                best = pattern.confidence
            continue
        if path is None:
            path = _path(doc, _head(doc, one, starts), _head(doc, other, starts))
        if path and pattern.regex.search(path):
            best = pattern.confidence
    return best


def _of_arms(text: str, notes: Annotations) -> list[Assertion]:
    """The arms of a clinical study treat the condition that the paper is about, where one sentence names
    both.
    """
    if notes.study is None or notes.study.design in (Design.PRECLINICAL, Design.DIAGNOSTIC):
        return []
    arms = {a.concept for a in find_arms(text, notes)}
    found: list[Assertion] = []
    for sentence in notes.sentences:
        if notes.publication.sections[sentence.section].part == "body":
            break
        mentions = notes.mentions_in(sentence)
        diseases = [m for m in mentions if m.branch is Branch.DISEASE and m.term in notes.topics and m.term]
        for mention in mentions:
            if (
                notes.concepts.get(mention.text) in arms
                and diseases
                and mention.branch in (Branch.PROCEDURE, Branch.AGENT)
            ):
                nearest = min(diseases, key=lambda d: abs(d.start - mention.start))
                bonus = 0.05 if sentence.kind is SectionKind.TITLE else 0.0
                found.append(
                    Assertion(
                        mention,
                        Predicate.TREATS,
                        nearest,
                        False,
                        hedged(text, sentence.start, sentence.end),
                        sentence.start,
                        sentence.end,
                        0.6 + bonus,
                    )
                )
    return found


def _inside(doc: Doc, sentence: Sentence, mentions: list[Mention]) -> list[Assertion]:
    """Relations that a name itself states.

    `flow diverter implantation` uses a flow diverter, `anti-EGFR therapy` targets EGFR.
    """
    found: list[Assertion] = []
    for outer in mentions:
        for inner in mentions:
            if inner is outer or not (outer.start <= inner.start and inner.end <= outer.end):
                continue
            predicate = None
            if outer.branch is Branch.PROCEDURE and inner.branch is Branch.AGENT:
                predicate = Predicate.USES
            elif outer.branch in (Branch.PROCEDURE, Branch.AGENT) and inner.branch is Branch.MOLECULAR_TARGET:
                predicate = Predicate.TARGETS
            if predicate is not None:
                found.append(
                    Assertion(outer, predicate, inner, False, False, sentence.start, sentence.end, 0.75)
                )
    return found


def _groups(text: str, mentions: list[Mention]) -> dict[Mention, tuple[int, int]]:
    """For each mention the range of its coordination (`A, B and C`, `long form (SF)`) among mentions of
    its branch.
    """
    ranges: dict[Mention, tuple[int, int]] = {}
    run: list[Mention] = []

    def close() -> None:
        for m in run:
            ranges[m] = (run[0].start, max(r.end for r in run))

    for mention in mentions:
        if (
            run
            and mention.branch is run[-1].branch
            and mention.start >= run[-1].end
            and _COORDINATED.match(text[run[-1].end : mention.start])
        ):
            run.append(mention)
            continue
        close()
        run = [mention]
    close()
    return ranges


def _head(doc: Doc, mention: Mention, starts: Mapping[int, int]) -> Token | None:
    """The token of a mention that governs the others."""
    first = starts.get(mention.start)
    if first is None:
        return None
    best = doc[first]
    i = first
    while i < len(doc) and doc[i].idx < mention.end:
        if not (mention.start <= doc[i].head.idx < mention.end) or doc[i].head.i == i:
            best = doc[i]
        i += 1
    return best


def _path(doc: Doc, one: Token | None, other: Token | None) -> str:
    """The words on the shortest path between two tokens of a tree, ends left out.

    Empty when there is none.
    """
    if one is None or other is None:
        return ""
    up = [one, *one.ancestors]
    ranks = {t.i: k for k, t in enumerate(up)}
    down: list[Token] = []
    for token in (other, *other.ancestors):
        if token.i in ranks:
            words = [t.lower_ for t in up[1 : ranks[token.i] + 1]]
            words += [t.lower_ for t in reversed(down[1:])]
            if token.i == one.i:
                words = [t.lower_ for t in reversed(down[1:])]
            elif token.i == other.i:
                words = [t.lower_ for t in up[1 : ranks[token.i]]]
            return " ".join(words)
        down.append(token)
    return ""


@Language.factory("irkg_relations")
def _make(nlp: Language, name: str) -> Relations:
    return Relations(shared(nlp).lexicon.ontology)
