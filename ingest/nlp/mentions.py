"""Component `irkg_mentions`: which spans name a concept, of which branch, and which term it is.

Three sources are joined: names of the lexicon, abbreviations that the document defines, and noun phrases whose head
word tells their type. A surface form has one type in one document; where the lexicon leaves a choice (a stroke is a
disease, an endpoint or a harm), the words around its occurrences decide.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Abbreviation, Annotations, notes_of
from ingest.nlp.terms import LEXICONS
from ingest.nlp.typing_tables import generic_words, head_type, statistic_names
from kg.model import Mention, SectionKind
from ontology.lexicon import Entry, Hit, Lexicon
from ontology.spelling import WORD, fold_name, fold_word
from ontology.terms import Branch

__all__ = ["Mentions", "choose_branch"]

_HARM: Final = re.compile(
    r"\b(complicat\w+|adverse|side effects?|toxicit\w+|occurr\w+|develop\w+|experienc\w+|incidence|safety|harms?|died|fatal|morbidity|events?|serious|grade [345])\b",
    re.I,
)
_ENDPOINT: Final = re.compile(
    r"\b(end ?-?points?|outcomes?|rates?|composite|free from|freedom|risk of|time to|probability|reduction|cumulative|months?|days?|years?)\b|%",
    re.I,
)
_TREATED: Final = re.compile(
    r"\b(patients? with|patients? (?:who|that) had|treat(?:ment|ed|ing)? (?:of|for)|therapy (?:of|for)|for|diagnos\w+|due to|suffering|history of|with)\s+(?:\S+\s+){0,3}$",
    re.I,
)


@dataclass(slots=True)
class _Span:
    start: int
    end: int
    entries: tuple[Entry, ...]
    branch: Branch | None = None


class Mentions:
    """See the module's docstring."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def __call__(self, doc: Doc) -> Doc:
        """Leave `mentions` (sorted, not overlapping) and `concepts` (surface form -> concept) on the document."""
        notes = notes_of(doc)
        text = notes.text
        spans = self._expanded(text, notes)
        spans = self._abbreviated(text, notes, spans)
        spans = _measures_of(text, notes, spans, self._lexicon)
        notes.mentions = self._typed(text, notes, spans)
        notes.concepts = _concepts(notes)
        return doc

    def _expanded(self, text: str, notes: Annotations) -> list[_Span]:
        """Lexicon hits widened to their noun phrase, and phrases typed by their head."""
        spans: list[_Span] = []
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
                spans.append(_Span(begin, max(hit.end, phrase.head_end), hit.entries))
                covered.update(i for i in inside if hits[i].start >= begin)
                # A shorter name inside the phrase stays a mention when it is of another branch.
                spans += [
                    _Span(hits[i].start, hits[i].end, hits[i].entries)
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
            if len(text[begin : phrase.end].split()) <= 7:
                spans.append(_Span(begin, phrase.end, (), kind.branch))
        spans += [_Span(h.start, h.end, h.entries) for i, h in enumerate(hits) if i not in covered]
        return spans

    @staticmethod
    def _begin(text: str, start: int, hit: Hit, inside: Iterable[Hit]) -> int:
        """Where the widened mention begins: behind the last name of a kind that does not qualify (an arm, a statistic)."""
        begin = start
        branch = hit.entries[0].branch
        for other in inside:
            if (
                other.end <= hit.start
                and other.entries[0].branch is not branch
                and branch in (Branch.OUTCOME, Branch.ADVERSE_EVENT)
            ):
                begin = max(begin, other.end)
        while begin < hit.start and not text[begin].isalnum():
            begin += 1
        if len(text[begin : hit.start].split()) > 4:
            return hit.start
        return begin

    def _abbreviated(self, text: str, notes: Annotations, spans: list[_Span]) -> list[_Span]:
        """Give each short form the reading of its long form, everywhere in the document."""
        readings: dict[str, tuple[tuple[Entry, ...], Branch | None]] = {}
        for short in notes.abbreviations:
            entries, branch = self._reading(text, notes, short, spans)
            readings[short.short] = (entries, branch)
            if entries or branch:
                spans = [s for s in spans if not (short.long_start <= s.start and s.end <= short.long_end)]
                spans.append(_Span(short.long_start, short.long_end, entries, branch))
        for name, span in _bracketed(text, notes, spans):
            readings.setdefault(
                name, (span.entries, span.branch or (span.entries[0].branch if span.entries else None))
            )
        if not readings:
            return spans
        names = "|".join(re.escape(s) for s in sorted(readings, key=len, reverse=True))
        # `SB-RFA`: a short form with a prefix is a kind of what the short form names.
        pattern = re.compile(rf"(?<![\w-])(?:[A-Za-z0-9]{{1,6}}[-\u2010\u2011])?({names})(s?)(?![\w])")
        found: list[_Span] = []
        for section in notes.publication.sections:
            for match in pattern.finditer(text, section.start, section.end):
                entries, branch = readings[match.group(1)]
                found.append(_Span(match.start(), match.end(), entries, branch))
        taken = sorted((f.start, f.end) for f in found)
        kept: list[_Span] = []
        index = 0
        for span in sorted(spans, key=lambda s: s.start):
            while index < len(taken) and taken[index][1] <= span.start:
                index += 1
            clash = index < len(taken) and taken[index][0] < span.end
            # A longer name that holds the short form stays (`HCC recurrence`, `high bleeding risk (HBR)`).
            if not clash or span.end - span.start > taken[index][1] - taken[index][0]:
                kept.append(span)
        return kept + [f for f in found if f.entries or f.branch]

    def _reading(
        self, text: str, notes: Annotations, short: Abbreviation, spans: list[_Span]
    ) -> tuple[tuple[Entry, ...], Branch | None]:
        """What a long form names: the term of its whole name, else of the name that makes up most of it, else the type of its head."""
        entries = self._lexicon.lookup(short.long)
        if entries:
            return entries, entries[0].branch
        size = short.long_end - short.long_start
        inside = [
            s
            for s in spans
            if s.end >= short.long_end
            and s.start < short.long_end
            and min(s.end, short.long_end) - max(s.start, short.long_start) >= size * 0.45
        ]
        if inside:
            best = max(inside, key=lambda s: min(s.end, short.long_end) - max(s.start, short.long_start))
            return best.entries, best.branch
        head = re.findall(r"[^\W\d_]+", re.split(r"\s(?:of|to|for|in|with|by|from|on)\s", short.long)[0])
        kind = head_type(head[-1]) if head else None
        return (), kind.branch if kind else None

    def _typed(self, text: str, notes: Annotations, spans: list[_Span]) -> list[Mention]:
        by_surface: dict[str, list[_Span]] = defaultdict(list)
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
            if branch in (Branch.ANATOMICAL_SITE, Branch.PATIENT_CHARACTERISTIC, Branch.SLOT_VALUE):
                continue
            mentions.update(Mention(s.start, s.end, text[s.start : s.end], branch, term) for s in same)
        return _without_overlap(mentions)


_OF: Final = re.compile(r"^\s+(?:of|in|to|for)\s+(?:the\s+|a\s+|an\s+)?$", re.I)
# Words that measure something: `number of ablations`, `length of stay`, `risk of death` are one concept.
_MEASURE_WORDS: Final = frozenset(
    [
        "number",
        "amount",
        "rate",
        "incidence",
        "risk",
        "duration",
        "length",
        "size",
        "diameter",
        "volume",
        "degree",
        "severity",
        "extent",
        "frequency",
        "quality",
        "quantity",
        "percentage",
        "proportion",
        "probability",
        "prevalence",
        "likelihood",
        "use",
        "time",
        "rates",
        "levels",
        "level",
        "occurrence",
        "need",
        "thickness",
        "grade",
        "presence",
        "count",
    ]
)


_CHANGES: Final = frozenset(
    ["fall", "drop", "decline", "decrease", "reduction", "loss", "rise", "increase", "gain", "improvement", "change"]
)


def _measures_of(text: str, notes: Annotations, spans: list[_Span], lexicon: Lexicon) -> list[_Span]:
    """Join a measuring word with what it measures: `number` + `of` + `ablations` is one outcome or biomarker."""
    ends = {s.start: s for s in sorted(spans, key=lambda s: s.end)}
    phrases = {p.start: p for p in notes.phrases}
    joined: list[_Span] = []
    for phrase in notes.phrases:
        head = fold_word(text[phrase.head_start : phrase.head_end])
        if head not in _MEASURE_WORDS and head not in _CHANGES:
            continue
        joint = "(?:to|until)" if head == "time" else "(?:in|of)" if head in _CHANGES else "of"
        rest = text[phrase.end : phrase.end + 40]
        gap = re.match(rf"\s+{joint}\s+(?:the\s+|an?\s+)?", rest, re.I)
        if not gap:
            continue
        # The measured name may begin behind words that its phrase leaves out (`time to overall progression`).
        further = re.match(r"(?:overall\s+|first\s+|any\s+|radiographic\s+|radiologic(?:al)?\s+|tumou?r\s+)*", rest[gap.end() :], re.I)
        places = (phrase.end + gap.end(), phrase.end + gap.end() + (further.end() if further else 0))
        measured = next((ends[p] for p in places if p in ends), None)
        end = measured.end if measured else next((phrases[p].end for p in places if p in phrases), None)
        at = measured.start if measured else places[0]
        if end is None or "\n" in text[phrase.start : end] or len(text[phrase.start : end].split()) > 9:
            continue
        if measured is None and not re.search(
            r"procedure|stay|treatment|session|day|visit|operation|stent|hospital", text[at:end], re.I
        ):
            continue
        branch = (
            measured.branch or (measured.entries[0].branch if measured and measured.entries else None)
            if measured
            else Branch.OUTCOME
        )
        kind = (
            Branch.BIOMARKER
            if head in ("size", "diameter", "thickness", "grade", "extent", "count", "level")
            and branch in (Branch.DISEASE, Branch.BIOMARKER)
            else Branch.OUTCOME
        )
        if branch is Branch.ADVERSE_EVENT:
            kind = Branch.ADVERSE_EVENT
        whole = tuple(e for e in lexicon.lookup(text[phrase.start : end]) if e.branch is kind)
        # A rate of death is about death; the time to it, or a change of it, is another outcome.
        inner = tuple(e for e in measured.entries if e.branch is kind) if measured and head not in _CHANGES and head != "time" else ()
        entries = whole or inner
        joined.append(_Span(phrase.start, end, entries, kind))
    covered = [(j.start, j.end) for j in joined]
    return [
        s
        for s in spans
        if not any(
            a <= s.start and s.end <= b and (s.start, s.end) != (a, b) and not s.entries for a, b in covered
        )
    ] + joined


_BRACKETED: Final = re.compile(r"^\s*\(([A-Z][\w+-]{1,9})[);,]")


def _bracketed(text: str, notes: Annotations, spans: list[_Span]) -> Iterable[tuple[str, _Span]]:
    """Short forms in brackets behind a name whose letters do not spell them (`Endeavor Sprint stent (E-ZES)`), if used again."""
    known = {a.short for a in notes.abbreviations}
    for span in spans:
        match = _BRACKETED.match(text[span.end : span.end + 16])
        if match is None or match.group(1) in known:
            continue
        name = match.group(1)
        if (
            sum(c.isupper() for c in name) >= 2
            and len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text)) >= 3
        ):
            yield name, span


def _other(inner: Hit, outer: Hit) -> bool:
    return inner.entries[0].branch is not outer.entries[0].branch


def _modifier_names(text: str, start: int, end: int) -> bool:
    words = [fold_word(m.group()) for m in WORD.finditer(text, start, end)]
    return any(w not in generic_words() and not w[0].isdigit() for w in words)


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
    event = {Branch.DISEASE, Branch.OUTCOME, Branch.ADVERSE_EVENT}
    if len(branches) == 1:
        return branches[0]
    if not set(branches) <= event:
        return branches[0]
    votes: Counter[Branch] = Counter()
    for start, end in spans:
        sentence = notes.sentence_at(start)
        if sentence is None:
            continue
        around = text[sentence.start : sentence.end]
        before = text[max(sentence.start, start - 60) : start]
        if sentence.kind is SectionKind.TITLE:
            votes[Branch.DISEASE] += 3
        if _TREATED.search(before):
            votes[Branch.DISEASE] += 1
        if _HARM.search(around):
            votes[Branch.ADVERSE_EVENT] += 1
        if _ENDPOINT.search(around):
            votes[Branch.OUTCOME] += 1
    return max(branches, key=lambda b: (votes[b], -branches.index(b)))


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
    """Surface form (folded) -> concept key: the term, else the long form of an abbreviation, else the folded words."""
    expansion = {a.short: a.long for a in notes.abbreviations}
    concepts: dict[str, str] = {}
    for mention in notes.mentions:
        name = expansion.get(mention.text) or expansion.get(mention.text.removesuffix("s")) or mention.text
        prefixed = re.match(r"[A-Za-z0-9]{1,6}[-\u2010\u2011](.+)", mention.text)
        if prefixed and prefixed.group(1).removesuffix("s") in expansion:
            concepts[mention.text] = " ".join(fold_name(mention.text))
        else:
            concepts[mention.text] = mention.term or " ".join(fold_name(name))
    return concepts


@Language.factory("irkg_mentions", default_config={"lexicon": "default"})
def _make(nlp: Language, name: str, lexicon: str) -> Mentions:
    return Mentions(LEXICONS[lexicon])
