"""Of what a clause speaks: the outcomes that its figures and comparing words are about."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from spacy.tokens import Doc

from ingest.nlp.annotations import Annotations, Phrase
from ingest.nlp.arm_spans import ArmSpan, is_needed
from ingest.nlp.clauses import Clause
from ingest.nlp.tables import WORDS, cue, lines, rows
from kg.model import Mention
from ontology import rules
from ontology.spelling import fold_word
from ontology.terms import Branch, Ontology

__all__ = ["carried", "outcomes_of"]

_IN: Final = (
    r"\b{}\b[^.;]{0,50}?"
    r"\b(?:in|regarding|for|with (?:respect|regard) to|in terms of|concerning|of|on)\s+(?:the\s+)?"
)
# A sentence about the outcome of the one before it: `It was 77% ...`, `The hazard ratio was ...`, `At 1 year
# Pronouns, and the names of figures, that stand for an outcome named before.
_CARRIED: Final = re.compile(
    r"^(?:(?:At|By|After|During|In|For|With)\b[^,]{0,40},?\s+)?(?:it|this|these|they|the "
    r"(?:adjusted |unadjusted |pooled )?(?:hazard|odds|risk|rate)? ?"
    r"(?:ratio|difference|median|rates?|figures?|values?|proportions?))\b",
    re.I,
)


@cache
def _events() -> re.Pattern[str]:
    """Verbs that name an outcome by themselves, but for those of a relative clause (`patients who died`)."""
    return rules.joined(rows("outcome_events", "pattern", "label"), template=r"(?<!who )\b{}\b")


def _event_term(verb: str, ontology: Ontology) -> str | None:
    """The term of the outcome that a verb names."""
    for row in rows("outcome_events", "pattern", "label"):
        if row.pattern().match(verb):
            term = ontology.by_label.get(row["label"].casefold())
            return term.id if term else None
    return None


def carried(text: str, start: int, end: int) -> bool:
    """True for a sentence about the outcome of the one before it.

    `It was 77% ...`, `The hazard ratio was ...`.
    """
    return bool(_CARRIED.match(text[start:end]))


def outcomes_of(
    doc: Doc,
    notes: Annotations,
    clause: Clause,
    mentions: list[Mention],
    arm_spans: list[ArmSpan],
    ontology: Ontology,
) -> list[Mention]:
    """The outcomes of a clause.

    Mentions of outcomes and harms, else what the clause says a value or a difference of.
    """
    inside = [m for m in mentions if clause.start <= m.start and m.end <= clause.end]
    armed = [(s.mention.start, s.mention.end) for s in arm_spans]
    free = [m for m in inside if not any(a <= m.start and m.end <= b for a, b in armed)]
    found = [m for m in free if m.branch in (Branch.OUTCOME, Branch.ADVERSE_EVENT)]
    for event in _events().finditer(notes.text, clause.start, clause.end):
        if not any(m.start < event.end() and event.start() < m.end for m in inside):
            # `57% were alive (HR for death 0.51)`: the verb names the outcome, the bracket only its ratio.
            found = [m for m in found if not _in_bracket(notes.text, clause, m)]
            found.append(
                Mention(
                    event.start(),
                    event.end(),
                    event.group(),
                    Branch.OUTCOME,
                    _event_term(event.group(), ontology),
                )
            )
    sentence = notes.sentence_at(clause.start)
    if sentence is not None:
        found += [m for m in inside if m.branch is Branch.PROCEDURE and is_needed(notes.text, sentence, m)]
        found.sort()
    found = [m for m in found if not any(o is not m and o.start <= m.start and m.end <= o.end for o in found)]
    if not found:
        named = _named(doc, notes, clause, armed)
        found = [m for m in free if m.branch is Branch.BIOMARKER and (not named or m.start <= named[0].end)][
            :2
        ] or named
    # A name inside a bracket that explains another (`overall survival (OS)`) is the same outcome.
    distinct: list[Mention] = []
    for mention in found:
        concept = notes.concepts.get(mention.text, mention.text)
        if not any(notes.concepts.get(d.text, d.text) == concept for d in distinct):
            distinct.append(mention)
    return distinct


def _in_bracket(text: str, clause: Clause, mention: Mention) -> bool:
    return text.count("(", clause.start, mention.start) > text.count(")", clause.start, mention.start)


def _named(doc: Doc, notes: Annotations, clause: Clause, armed: list[tuple[int, int]]) -> list[Mention]:
    """What a clause speaks of when no outcome of the lexicon is in it.

    The phrase behind `difference in`, or its subject.
    """
    text = notes.text
    phrases = [
        p
        for p in notes.phrases
        if clause.start <= p.start
        and p.end <= clause.end
        and not any(a < p.end and p.start < b for a, b in armed)
    ]
    phrases = [
        p
        for p in phrases
        if fold_word(text[p.head_start : p.head_end]) not in lines("no_outcomes")
        and len(text[p.start : p.end]) > 1
        and not text[p.start].isdigit()
    ]
    for match in _cue("difference", _IN).finditer(text, clause.start, clause.end):
        behind = [p for p in phrases if match.end() <= p.start <= match.end() + 4]
        if behind:
            return [_phrase_mention(text, behind[0].start, _of_end(text, behind[0].end, phrases))]
    subjects = {t.idx for t in doc[0:0]} | {
        t.idx
        for s in (doc.char_span(clause.start, clause.end, alignment_mode="contract"),)
        if s is not None
        for t in s
        if t.dep_ in ("nsubj", "nsubjpass")
    }
    for phrase in phrases:
        if phrase.head_start in subjects:
            return [_phrase_mention(text, phrase.start, _of_end(text, phrase.end, phrases))]
    return []


def _of_end(text: str, end: int, phrases: list[Phrase]) -> int:
    gap = re.match(r"\s+of\s+(?:the\s+|an?\s+)?", text[end : end + 12])
    follower = next((p for p in phrases if gap and p.start == end + gap.end()), None)
    return follower.end if follower else end


def _phrase_mention(text: str, start: int, end: int) -> Mention:
    return Mention(start, end, text[start:end], Branch.OUTCOME, None)


def _cue(name: str, template: str = WORDS) -> re.Pattern[str]:
    return cue("finding_cues", name, template)
