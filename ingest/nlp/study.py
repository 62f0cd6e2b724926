"""Component `irkg_study`.

The study's design and number of patients, and the diseases that the paper is about.
"""

from __future__ import annotations

from collections import Counter

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Annotations, notes_of
from ingest.nlp.designs import design
from ingest.nlp.sizes import size
from kg.model import Design, Publication, SectionKind, Study
from ontology.terms import Branch

__all__ = ["StudyReader", "topics"]


def topics(notes: Annotations, limit: int = 3) -> tuple[str, ...]:
    """The diseases that the paper is about.

    Those of its title, else those it names most, most named first.
    """
    title = [
        m
        for m in notes.mentions
        if m.branch is Branch.DISEASE and m.term and _kind(notes, m.start) is SectionKind.TITLE
    ]
    counts = Counter(
        m.term
        for m in notes.mentions
        if m.branch is Branch.DISEASE and m.term and _part(notes, m.start) != "body"
    )
    named = list(dict.fromkeys(m.term for m in title if m.term))
    common = [t for t, n in counts.most_common(limit) if t and n >= 2]
    return tuple(dict.fromkeys([*named, *(common if not named else common[:1])]))[:limit]


def _kind(notes: Annotations, offset: int) -> SectionKind:
    index = notes.publication.section_at(offset)
    return notes.publication.sections[index].kind if index >= 0 else SectionKind.OTHER


def _part(notes: Annotations, offset: int) -> str:
    index = notes.publication.section_at(offset)
    return notes.publication.sections[index].part if index >= 0 else "body"


class StudyReader:
    """See the module's docstring."""

    def __call__(self, doc: Doc) -> Doc:
        """Leave `study` and `topics` on the document."""
        notes = notes_of(doc)
        found = design(notes.publication)
        notes.study = Study(found, _size(found, notes.publication))
        notes.topics = topics(notes)
        return doc


def _size(found: Design, publication: Publication) -> int | None:
    if found in (Design.REVIEW, Design.GUIDELINE):
        return None
    return 1 if found is Design.CASE_REPORT else size(publication)


@Language.factory("irkg_study")
def _make(nlp: Language, name: str) -> StudyReader:
    return StudyReader()
