"""In whom a result was found.

The subgroup that a sentence begins with, and the disease that the result is about.
"""

from __future__ import annotations

import re
from typing import Final

from ingest.nlp.annotations import Annotations, Sentence
from kg.model import Mention
from ontology.terms import Branch

__all__ = ["disease", "population"]

# At the beginning of a sentence: `In patients with portal vein thrombosis, ...`.
_POPULATION: Final = re.compile(
    r"^\W*(?:(?:among|for|in|within)\s+(?:the\s+)?(?P<pop>(?:\d+\s+)?(?:[\w\u2265\u2264<>./-]+\s+){0,5}?"
    r"(?:patients?|subgroups?|women|men|lesions|subjects|participants)"
    r"(?:\s+(?:with|who|aged|without|undergoing|having)\s+[^,;]{3,60}?)?)),",
    re.I,
)
_COUNT: Final = re.compile(r"^\d+\s+")
_EVERYBODY: Final = re.compile(r"(?:all |both )?(?:the )?(?:patients|subjects|participants|women|men)", re.I)


def population(text: str, notes: Annotations, sentence: Sentence) -> Mention | None:
    """The subgroup that a sentence begins with; None for everybody in the study."""
    match = _POPULATION.search(text[sentence.start : sentence.end])
    if not match:
        return None
    start = sentence.start + match.start("pop")
    words = _COUNT.sub("", match.group("pop"))
    start += len(match.group("pop")) - len(words)
    if _EVERYBODY.fullmatch(words):
        return None
    inner = next(
        (
            m
            for m in notes.mentions_in(sentence)
            if m.branch is Branch.DISEASE and start <= m.start and m.end <= start + len(words)
        ),
        None,
    )
    return Mention(start, start + len(words), words, Branch.DISEASE, inner.term if inner else None)


def disease(notes: Annotations, sentence: Sentence) -> str | None:
    """The condition that a result is about.

    The paper's own first, if the sentence does not name another of its topics.
    """
    named = [
        m.term for m in notes.mentions_in(sentence) if m.branch is Branch.DISEASE and m.term in notes.topics
    ]
    return named[0] if named else next(iter(notes.topics), None)
