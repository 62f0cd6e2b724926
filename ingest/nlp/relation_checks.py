"""Which of the relations that patterns find a document means, and which of those it says more than once."""

from __future__ import annotations

from typing import Final

from ingest.nlp.annotations import Annotations
from ingest.nlp.tables import cue
from kg.model import Assertion, Mention, Predicate, SectionKind
from ontology.spelling import fold_name
from ontology.terms import Branch, Ontology

__all__ = ["once", "plausible"]

# As sure as this a pattern names a therapy of a disease that is not a topic of the paper.
_SURE: Final = 0.8
_PLANS: Final = (SectionKind.OBJECTIVE, SectionKind.METHODS, SectionKind.TITLE)


def plausible(text: str, notes: Annotations, ontology: Ontology, assertion: Assertion) -> bool:
    """False for what a pattern allows but the document does not mean."""
    sentence = notes.sentence_at(assertion.start)
    words = text[assertion.start : assertion.end]
    if assertion.predicate is Predicate.TREATS:
        if cue("relation_cues", "no_therapy").search(assertion.subject.text):
            return False
        first, last = sorted((assertion.subject, assertion.object))
        if cue("relation_cues", "forbids").search(text, first.end, max(first.end, last.start)):
            return False
        return _is_topic(notes, ontology, assertion.object) or assertion.confidence >= _SURE
    if assertion.predicate is Predicate.PREDICTS:
        if (
            sentence is None
            or sentence.kind in _PLANS
            or words.endswith("?")
            or cue("relation_cues", "no_statement").search(words)
        ):
            return False
        if assertion.subject.branch is Branch.BIOMARKER:
            return True
        return bool(cue("relation_cues", "predictor").search(words)) and not _is_topic(
            notes, ontology, assertion.subject
        )
    if assertion.predicate is Predicate.USES:
        first, last = sorted((assertion.subject, assertion.object))
        if cue("relation_cues", "compares").search(text, first.end, max(first.end, last.start)):
            return False
    if assertion.predicate in (Predicate.ASSESSES, Predicate.USES, Predicate.CAUSES):
        return not words.endswith("?")
    return True


def _is_topic(notes: Annotations, ontology: Ontology, mention: Mention) -> bool:
    """True when a disease is one that the paper is about, or a kind or a cause of it by name or in the
    ontology.
    """
    topics = set(notes.topics)
    if not topics or mention.term in topics:
        return True
    if mention.term is None or mention.term not in ontology:
        return _shares_head(mention.text, topics, ontology)
    own = ontology.ancestors(mention.term)
    return any(t in own or mention.term in ontology.ancestors(t) for t in topics if t in ontology)


def _shares_head(name: str, topics: set[str], ontology: Ontology) -> bool:
    """True when the last word of a disease's name is the last word of a topic's name, or the topic has no
    label to compare.
    """
    words = fold_name(name)
    labels = [fold_name(ontology[t].label) for t in topics if t in ontology]
    return not labels or any(words and label and words[-1] == label[-1] for label in labels)


def once(found: list[Assertion], notes: Annotations) -> list[Assertion]:
    """One assertion for each pair of concepts: the surest, in the fullest words.

    A pair has one predicate a direction.
    """
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
