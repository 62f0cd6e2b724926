"""What the components leave on a spaCy `Doc`: sentences, names found, mentions, relations, findings.

Components read what earlier ones left and add their own; all offsets count characters of the document's text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from spacy.tokens import Doc

from kg.model import Assertion, Finding, Mention, Publication, SectionKind, Study
from ontology.lexicon import Hit

if TYPE_CHECKING:
    from ingest.nlp.arm_spans import Arm
    from ingest.nlp.combinations import Combinations

__all__ = ["Abbreviation", "Annotations", "Phrase", "Sentence", "notes_of", "register"]

_KEY: Final = "irkg"


@dataclass(slots=True)
class Sentence:
    """A sentence: character and token range, the kind of its section, and whether it was parsed."""

    start: int
    end: int
    first: int
    last: int
    section: int
    kind: SectionKind
    parsed: bool = False

    def holds(self, start: int, end: int) -> bool:
        """True when the span lies within the sentence."""
        return self.start <= start and end <= self.end


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form defined in the document, with the offsets of its long form and of its definition."""

    short: str
    long: str
    long_start: int
    long_end: int
    short_start: int
    short_end: int


@dataclass(slots=True)
class Phrase:
    """A noun phrase of a parsed sentence as character offsets, with the offsets of its head word."""

    start: int
    end: int
    head_start: int
    head_end: int


@dataclass(slots=True)
class Annotations:
    """Everything the pipeline knows of one document."""

    publication: Publication
    combinations: Combinations | None = None
    sentences: list[Sentence] = field(default_factory=list)
    abbreviations: list[Abbreviation] = field(default_factory=list)
    candidates: list[Hit] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    concepts: dict[str, str] = field(default_factory=dict)
    arms: list[Arm] = field(default_factory=list)
    arm_names: dict[str, str] = field(default_factory=dict)
    assertions: list[Assertion] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    topics: tuple[str, ...] = ()
    study: Study | None = None

    @property
    def text(self) -> str:
        """The document's text; ``Doc.text`` would join its tokens anew at every use."""
        return self.publication.text

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds an offset."""
        index = bisect_right(self.sentences, offset, key=lambda s: s.start) - 1
        return self.sentences[index] if index >= 0 and offset < self.sentences[index].end else None

    def mentions_in(self, sentence: Sentence) -> list[Mention]:
        """The mentions inside a sentence, in order."""
        first = bisect_left(self.mentions, sentence.start, key=lambda m: m.start)
        last = bisect_left(self.mentions, sentence.end, key=lambda m: m.start)
        return [m for m in self.mentions[first:last] if m.end <= sentence.end]


def register() -> None:
    """Make the extension attribute known to spaCy; safe to call again."""
    if not Doc.has_extension(_KEY):
        Doc.set_extension(_KEY, default=None)


def notes_of(doc: Doc) -> Annotations:
    """The annotations of a document that came through the pipeline."""
    found = doc._.irkg
    if not isinstance(found, Annotations):
        raise ValueError("this Doc did not come from ingest.nlp.pipeline")
    return found


register()
