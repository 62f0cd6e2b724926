"""Component `irkg_phrases`: base noun phrases of the parsed sentences, from tags and modifier arcs.

A phrase runs from its first modifier that changes the concept (`unresectable`, `drug-eluting`) to its head
noun; articles, numbers of patients and comparing or vague adjectives are left out, as the annotation
guidelines ask.
"""

from __future__ import annotations

from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Phrase, Sentence, notes_of
from ingest.nlp.tables import lines
from ontology.spelling import fold_word

__all__ = ["Phrases"]

_NOUN: Final = frozenset({"NN", "NNS", "NNP", "NNPS"})
_INSIDE: Final = _NOUN | {
    "JJ",
    "FW",
    "AFX",
    "HYPH",
    "POS",
    "VBN",
    "VBG",
    "CD",
    "RB",
    "ADD",
    "SYM",
    "JJR",
    "JJS",
}
_HYPHENS: Final = frozenset({"-", "\u2010", "\u2011", "\u2013", "/", "+"})


class Phrases:
    """See the module's docstring."""

    def __call__(self, doc: Doc) -> Doc:
        """Leave `phrases` on the document."""
        notes = notes_of(doc)
        for sentence in notes.sentences:
            if sentence.parsed:
                notes.phrases += _phrases(doc, sentence)
        return doc


def _phrases(doc: Doc, sentence: Sentence) -> list[Phrase]:
    found: list[Phrase] = []
    i = sentence.last - 1
    while i >= sentence.first:
        if doc[i].tag_ not in _NOUN or _glued(doc, i + 1, sentence):
            i -= 1
            continue
        head = i
        first = i
        while first - 1 >= sentence.first and _belongs(doc, first - 1, first, sentence):
            first -= 1
        begin = _trim(doc, first, head)
        found.append(
            Phrase(
                doc[begin].idx, doc[head].idx + len(doc[head]), doc[head].idx, doc[head].idx + len(doc[head])
            )
        )
        i = first - 1
    found.reverse()
    return found


def _glued(doc: Doc, i: int, sentence: Sentence) -> bool:
    """True when token `i` is a hyphen stuck to both neighbours: the noun before it is a modifier."""
    return (
        i + 1 < sentence.last
        and doc[i].text in _HYPHENS
        and not doc[i - 1].whitespace_
        and not doc[i].whitespace_
    )


def _belongs(doc: Doc, i: int, right: int, sentence: Sentence) -> bool:
    token = doc[i]
    if token.lower_ in lines("phrase_breaks"):
        return False
    if token.text in _HYPHENS:
        return i > sentence.first and not token.whitespace_ and not doc[i - 1].whitespace_
    if doc[right].text in _HYPHENS:
        return not token.is_punct or token.text == "%"
    if token.tag_ not in _INSIDE or token.text in "()[],;:":
        return False
    if token.tag_ in ("VBN", "VBG"):
        return token.dep_ in ("amod", "compound", "nmod") and token.head.i > i
    if token.tag_ == "RB":
        return token.head.tag_.startswith("JJ") and token.head.i == right and token.text.endswith("ly")
    if token.tag_ == "CD":
        return doc[right].tag_ in _NOUN and not token.like_num
    return True


def _trim(doc: Doc, first: int, head: int) -> int:
    """The first token that belongs to the concept's name."""
    loose = lines("vague_words") | lines("leading_words")
    while first < head:
        token = doc[first]
        following = doc[first + 1]
        hyphenated = following.text in _HYPHENS and not token.whitespace_
        if (
            token.text in _HYPHENS
            or (
                not hyphenated
                and (fold_word(token.text) in loose or token.tag_ in ("JJR", "JJS", "RB", "POS", "SYM"))
            )
            or (token.tag_ == "CD" and not hyphenated and token.text[0].isdigit())
        ):
            first += 1
        else:
            break
    return first


@Language.factory("irkg_phrases")
def _make(nlp: Language, name: str) -> Phrases:
    return Phrases()
