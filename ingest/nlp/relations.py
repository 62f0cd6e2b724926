"""Component `irkg_relations`: relations between mentions of one sentence, over the dependency parse and the words between.

Patterns live in the table `relation_patterns.tsv`: each names a predicate, the order of its ends, what it looks at (the
words between the ends, or the words on the shortest path between their heads in the dependency tree: Bunescu & Mooney,
HLT-EMNLP 2005) and how sure a match is. Coordinated ends share a relation. Every relation is then kept once for a
document, in the sentence that says it best.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc, Token

from ingest.nlp.annotations import Annotations, Sentence, notes_of
from ingest.nlp.arms import find_arms
from ingest.nlp.context import hedged, negated
from ingest.nlp.terms import LEXICONS
from kg.model import Assertion, Design, Mention, Predicate, SectionKind
from ontology.lexicon import Lexicon
from ontology.spelling import fold_name
from ontology.terms import Branch, Ontology

__all__ = ["DOMAINS", "Relations"]

_P, _B = Predicate, Branch
DOMAINS: Final[Mapping[Predicate, tuple[frozenset[Branch], frozenset[Branch]]]] = {
    _P.TREATS: (frozenset({_B.PROCEDURE, _B.AGENT}), frozenset({_B.DISEASE})),
    _P.TARGETS: (frozenset({_B.AGENT, _B.PROCEDURE}), frozenset({_B.MOLECULAR_TARGET})),
    _P.ASSOCIATED_WITH: (frozenset({_B.MOLECULAR_TARGET}), frozenset({_B.DISEASE})),
    _P.BIOMARKER_OF: (frozenset({_B.BIOMARKER}), frozenset({_B.DISEASE})),
    _P.PREDICTS: (
        frozenset({_B.BIOMARKER, _B.DISEASE, _B.IMAGING_MODALITY}),
        frozenset({_B.OUTCOME, _B.ADVERSE_EVENT}),
    ),
    _P.ASSESSES: (
        frozenset({_B.IMAGING_MODALITY}),
        frozenset({_B.DISEASE, _B.OUTCOME, _B.BIOMARKER, _B.MOLECULAR_TARGET, _B.PROCEDURE}),
    ),
    _P.GUIDES: (frozenset({_B.IMAGING_MODALITY}), frozenset({_B.PROCEDURE})),
    _P.USES: (frozenset({_B.PROCEDURE}), frozenset({_B.AGENT})),
    _P.CAUSES: (frozenset({_B.PROCEDURE, _B.AGENT}), frozenset({_B.ADVERSE_EVENT})),
    _P.CONTRAINDICATES: (frozenset({_B.DISEASE, _B.BIOMARKER}), frozenset({_B.PROCEDURE, _B.AGENT})),
}
# Set on the development set: below it a match is more often wrong than right.
THRESHOLD: Final = 0.6
_COORDINATED: Final = re.compile(
    r"^\s*(?:\([^()]*\)\s*)?(?:,|/|and|or|,\s*and|,\s*or|and/or|as well as|\+|plus|\()\s*(?:the |an? |of |in )?$"
)
_MAX_GAP: Final = 160


@dataclass(frozen=True, slots=True)
class _Pattern:
    predicate: Predicate
    order: str
    on: str
    confidence: float
    regex: re.Pattern[str]


@cache
def _patterns() -> Mapping[Predicate, tuple[_Pattern, ...]]:
    found: dict[Predicate, list[_Pattern]] = defaultdict(list)
    with (Path(__file__).parent / "relation_patterns.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            predicate = Predicate(row["predicate"])
            found[predicate].append(
                _Pattern(
                    predicate,
                    row["order"],
                    row["on"],
                    float(row["confidence"]),
                    re.compile(row["pattern"], re.I),
                )
            )
    return {p: tuple(rows) for p, rows in found.items()}


class Relations:
    """See the module's docstring."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._ontology: Ontology = lexicon.ontology

    def __call__(self, doc: Doc) -> Doc:
        """Leave `assertions` on the document."""
        notes = notes_of(doc)
        starts = {token.idx: token.i for token in doc}
        found: list[Assertion] = []
        for sentence in notes.sentences:
            if sentence.parsed:
                found += self._read(doc, notes, sentence, starts)
        found += self._of_arms(notes.text, notes)
        found = [a for a in found if self._plausible(notes.text, notes, a)]
        notes.assertions = _once(found, notes)
        return doc

    def _read(
        self, doc: Doc, notes: Annotations, sentence: Sentence, starts: Mapping[int, int]
    ) -> list[Assertion]:
        mentions = notes.mentions_in(sentence)
        if not 2 <= len(mentions) <= 30:
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
                confidence = self._match(doc, text, predicate, one, other, starts, groups)
                if confidence >= THRESHOLD:
                    first, last = min(one.start, other.start), max(one.end, other.end)
                    found.append(
                        Assertion(
                            one, predicate, other,
                            negated(text, sentence.start, sentence.end, first, last) if predicate in _DENIABLE else False,
                            hedged(text, sentence.start, sentence.end),
                            sentence.start, sentence.end, round(confidence, 3),
                        )
                    )  # fmt: skip
        return found

    def _plausible(self, text: str, notes: Annotations, assertion: Assertion) -> bool:
        """False for what a pattern allows but the document does not mean."""
        sentence = notes.sentence_at(assertion.start)
        words = text[assertion.start : assertion.end]
        if assertion.predicate is Predicate.TREATS:
            if _NO_THERAPY.search(assertion.subject.text):
                return False
            return self._is_topic(notes, assertion.object) or assertion.confidence >= _SURE
        if assertion.predicate is Predicate.PREDICTS:
            silent = (SectionKind.OBJECTIVE, SectionKind.METHODS, SectionKind.TITLE)
            if sentence is None or sentence.kind in silent or _NO_STATEMENT.search(words):
                return False
            if assertion.subject.branch is Branch.BIOMARKER:
                return True
            return bool(_PREDICTOR.search(words)) and not self._is_topic(notes, assertion.subject)
        if assertion.predicate in (Predicate.ASSESSES, Predicate.USES, Predicate.CAUSES):
            return not words.endswith("?")
        return True

    def _is_topic(self, notes: Annotations, mention: Mention) -> bool:
        """True when a disease is one that the paper is about, or a kind or a cause of it by name or in the ontology."""
        topics = set(notes.topics)
        if not topics or mention.term in topics:
            return True
        if mention.term is None or mention.term not in self._ontology:
            return _shares_head(mention.text, topics, self._ontology)
        own = self._ontology.ancestors(mention.term)
        return any(
            t in own or mention.term in self._ontology.ancestors(t) for t in topics if t in self._ontology
        )

    def _match(
        self,
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
        for pattern in _patterns().get(predicate, ()):
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

    def _of_arms(self, text: str, notes: Annotations) -> list[Assertion]:
        """The arms of a clinical study treat the condition that the paper is about, where one sentence names both."""
        if notes.study is None or notes.study.design in (Design.PRECLINICAL, Design.DIAGNOSTIC):
            return []
        arms = {a.concept for a in find_arms(text, notes)}
        found: list[Assertion] = []
        for sentence in notes.sentences:
            if notes.publication.sections[sentence.section].part == "body":
                break
            mentions = notes.mentions_in(sentence)
            diseases = [
                m for m in mentions if m.branch is Branch.DISEASE and m.term in notes.topics and m.term
            ]
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


_DENIABLE: Final = frozenset({_P.PREDICTS, _P.ASSOCIATED_WITH, _P.BIOMARKER_OF, _P.TARGETS, _P.ASSESSES})


# Care that finds or follows a disease does not treat it; a sham or placebo treats nothing.
_NO_THERAPY: Final = re.compile(
    r"\b(?:screening|surveillance|biops\w+|staging|techniques?|methods?|measurements?|follow-?up|diagnos\w+|examinations?|sham\w*|electrodes?|protocol)\b|^placebo$|^laparoscopy$|^laparotomy$",
    re.I,
)
_NO_STATEMENT: Final = re.compile(
    r"\?$|\b(?:we (?:aimed|sought|investigated|assessed|evaluated|examined|analy[sz]ed)|aim of|aimed to|to (?:determine|assess|evaluate|investigate|identify)|was (?:assessed|analy[sz]ed|defined)|were (?:assessed|analy[sz]ed|defined)|defined as|whether)\b",
    re.I,
)
_PREDICTOR: Final = re.compile(r"\b(?:predict\w*|(?:risk|prognostic) factors?|independent\w*)\b", re.I)
_SURE: Final = 0.8


def _shares_head(name: str, topics: set[str], ontology: Ontology) -> bool:
    """True when the last word of a disease's name is the last word of a topic's name, or the topic has no label to compare."""
    words = fold_name(name)
    labels = [fold_name(ontology[t].label) for t in topics if t in ontology]
    return not labels or any(words and label and words[-1] == label[-1] for label in labels)


def _inside(doc: Doc, sentence: Sentence, mentions: list[Mention]) -> list[Assertion]:
    """Relations that a name itself states: `flow diverter implantation` uses a flow diverter, `anti-EGFR therapy` targets EGFR."""
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
    """For each mention the range of its coordination (`A, B and C`, `long form (SF)`) among mentions of its branch."""
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
    """The words on the shortest path between two tokens of a tree, ends left out; empty when there is none."""
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


def _once(found: list[Assertion], notes: Annotations) -> list[Assertion]:
    """One assertion for each pair of concepts: the surest, in the fullest words; a pair has one predicate a direction."""
    best: dict[tuple[str, Predicate, str], Assertion] = {}
    for assertion in found:
        key = (
            notes.concepts.get(assertion.subject.text, ""),
            assertion.predicate,
            notes.concepts.get(assertion.object.text, ""),
        )
        held = best.get(key)
        if held is None or _rank(assertion) > _rank(held):
            best[key] = assertion
    kept = list(best.values())
    for assertion in list(kept):
        # `treats CAD` beside `treats de novo small vessel CAD` in one document says the same once more.
        if assertion.predicate is Predicate.TREATS and any(_says_more(o, assertion, notes) for o in kept):
            kept.remove(assertion)
    return sorted(kept, key=lambda a: (a.start, a.subject.start, a.object.start, a.predicate.value))


def _says_more(other: Assertion, one: Assertion, notes: Annotations) -> bool:
    """True when `other` says the same of a disease with a fuller name."""
    if other is one or other.predicate is not one.predicate:
        return False
    same_subject = notes.concepts.get(other.subject.text) == notes.concepts.get(one.subject.text)
    long = {a.short: a.long for a in notes.abbreviations}
    mine = set(fold_name(long.get(one.object.text, one.object.text)))
    theirs = set(fold_name(long.get(other.object.text, other.object.text)))
    return same_subject and mine < theirs


def _rank(assertion: Assertion) -> tuple[float, int]:
    return assertion.confidence, len(assertion.subject.text) + len(assertion.object.text)


@Language.factory("irkg_relations", default_config={"lexicon": "default"})
def _make(nlp: Language, name: str, lexicon: str) -> Relations:
    return Relations(LEXICONS[lexicon])
