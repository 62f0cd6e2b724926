"""Component `irkg_mentions`: which spans name a concept, of which branch, and which term it is.

Three sources are joined: names of the lexicon, abbreviations that the document defines, and noun phrases
whose head word tells their type. A surface form has one type in one document; where the lexicon leaves a
choice (a stroke is a disease, an endpoint or a harm), the words around its occurrences decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Annotations, notes_of
from ingest.nlp.branches import choose_branch
from ingest.nlp.language import shared
from ingest.nlp.measures import join_measures
from ingest.nlp.short_forms import read_short_forms
from ingest.nlp.spans import Span
from ingest.nlp.tables import lines
from ingest.nlp.typing_tables import generic_words, head_type, statistic_names
from kg.model import Mention
from ontology.lexicon import Hit, Lexicon
from ontology.spelling import WORD, fold_name, fold_word
from ontology.terms import Branch

__all__ = ["Mentions"]

_MAX_WORDS: Final = 7  # a longer phrase without a name in it is a description
_MAX_MODIFIERS: Final = 4  # a name with more words before it stands alone
# Branches that the guidelines do not annotate.
_SILENT: Final = (Branch.ANATOMICAL_SITE, Branch.PATIENT_CHARACTERISTIC, Branch.SLOT_VALUE)
_PREFIXED: Final = re.compile(r"[A-Za-z0-9]{1,6}[-\u2010\u2011](.+)")


class Mentions:
    """See the module's docstring."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def __call__(self, doc: Doc) -> Doc:
        """Leave `mentions` (sorted, not overlapping) and `concepts` (surface form -> concept) on the
        document.
        """
        notes = notes_of(doc)
        text = notes.text
        spans = self._expanded(text, notes)
        spans = read_short_forms(text, notes, spans, self._lexicon)
        spans = join_measures(text, notes, spans, self._lexicon)
        notes.mentions = self._typed(text, notes, spans)
        notes.concepts = _concepts(notes)
        return doc

    def _expanded(self, text: str, notes: Annotations) -> list[Span]:
        """Lexicon hits widened to their noun phrase, and phrases typed by their head."""
        spans: list[Span] = []
        hits: list[Hit] = notes.candidates
        covered: set[int] = set()
        position = 0
        for phrase in notes.phrases:
            while position < len(hits) and hits[position].end <= phrase.start:
                position += 1
            inside: list[int] = []
            i = position
            while i < len(hits) and hits[i].start < phrase.end:
                inside.append(i)
                i += 1
            at_head = [
                i for i in inside if hits[i].end >= phrase.head_end and hits[i].start <= phrase.head_start
            ]
            if at_head:
                hit = hits[at_head[0]]
                begin = min(hit.start, self._begin(text, phrase.start, hit, [hits[i] for i in inside]))
                spans.append(Span(begin, max(hit.end, phrase.head_end), hit.entries))
                covered.update(i for i in inside if hits[i].start >= begin)
                # A shorter name inside the phrase stays a mention when it is of another branch.
                spans += [
                    Span(hits[i].start, hits[i].end, hits[i].entries)
                    for i in inside
                    if i != at_head[0] and _other(hits[i], hit)
                ]
                continue
            head = text[phrase.head_start : phrase.head_end]
            kind = head_type(head)
            if kind is None or (kind.needs_modifier and phrase.start == phrase.head_start):
                continue
            begin = phrase.start
            if fold_word(head) in generic_words() and not _modifier_names(text, begin, phrase.head_start):
                continue
            if len(text[begin : phrase.end].split()) <= _MAX_WORDS:
                spans.append(Span(begin, phrase.end, (), kind.branch))
        spans += [Span(h.start, h.end, h.entries) for i, h in enumerate(hits) if i not in covered]
        return spans

    @staticmethod
    def _begin(text: str, start: int, hit: Hit, inside: Iterable[Hit]) -> int:
        """Where the widened mention begins.

        Behind the last name of a kind that does not qualify (an arm, a statistic).
        """
        begin = start
        branch = hit.entries[0].branch
        for other in inside:
            if (
                other.end <= hit.start
                and other.entries[0].branch is not branch
                and branch in (Branch.OUTCOME, Branch.ADVERSE_EVENT)
            ):
                begin = max(begin, other.end)
        while begin < hit.start:
            word = re.match(r"[^\W_]+(?:-[^\W_]+)*", text[begin : hit.start])
            if word and fold_word(word.group()) not in lines("vague_words"):
                break
            # What is left before the name says how it changed, or how much of it there was.
            begin += word.end() if word else 1
        if len(text[begin : hit.start].split()) > _MAX_MODIFIERS:
            return hit.start
        return begin

    def _typed(self, text: str, notes: Annotations, spans: list[Span]) -> list[Mention]:
        by_surface: dict[str, list[Span]] = defaultdict(list)
        for span in spans:
            surface = " ".join(text[span.start : span.end].casefold().split())
            by_surface[surface].append(span)
        mentions: set[Mention] = set()
        for surface, same in by_surface.items():
            entries = tuple(dict.fromkeys(e for s in same for e in s.entries))
            typed = next((s.branch for s in same if s.branch), None)
            if not entries and typed is None:
                continue
            if len(surface) < 2 or surface in generic_words() or surface in statistic_names():
                continue
            branch = choose_branch(text, notes, [(s.start, s.end) for s in same], entries, typed)
            term = next((e.term for e in entries if e.branch is branch), None)
            if branch in _SILENT:
                continue
            mentions.update(Mention(s.start, s.end, text[s.start : s.end], branch, term) for s in same)
        return _without_overlap(mentions)


def _other(inner: Hit, outer: Hit) -> bool:
    return inner.entries[0].branch is not outer.entries[0].branch


def _modifier_names(text: str, start: int, end: int) -> bool:
    words = [fold_word(m.group()) for m in WORD.finditer(text, start, end)]
    return any(w not in generic_words() and not w[0].isdigit() for w in words)


def _without_overlap(mentions: Iterable[Mention]) -> list[Mention]:
    """The longest mentions; a shorter one inside a longer is kept when it is linked and of another branch."""
    kept: list[Mention] = []
    last_end = -1
    for mention in sorted(mentions, key=lambda m: (m.start, -(m.end - m.start))):
        if mention.start >= last_end:
            kept.append(mention)
            last_end = mention.end
        elif mention.end <= last_end and kept and mention.term and mention.branch is not kept[-1].branch:
            kept.append(mention)
    return kept


def _concepts(notes: Annotations) -> dict[str, str]:
    """Surface form (folded) -> concept key.

    The term, else the long form of an abbreviation, else the folded words.
    """
    expansion = {a.short: a.long for a in notes.abbreviations}
    concepts: dict[str, str] = {}
    for mention in notes.mentions:
        name = expansion.get(mention.text) or expansion.get(mention.text.removesuffix("s")) or mention.text
        prefixed = _PREFIXED.match(mention.text)
        if prefixed and prefixed.group(1).removesuffix("s") in expansion:
            concepts[mention.text] = " ".join(fold_name(mention.text))
        else:
            concepts[mention.text] = mention.term or " ".join(fold_name(name))
    return concepts


@Language.factory("irkg_mentions")
def _make(nlp: Language, name: str) -> Mentions:
    return Mentions(shared(nlp).lexicon)
