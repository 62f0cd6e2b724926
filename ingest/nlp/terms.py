"""Component `irkg_terms`.

Names of the ontology's lexicon in the text, and the choice of sentences worth parsing.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Sentence, notes_of
from ingest.nlp.language import shared
from ingest.nlp.tables import one_of
from kg.model import Publication
from ontology.lexicon import Lexicon

__all__ = ["Terms"]


class Terms:
    """See the module's docstring. In a body, a sentence must name two things, or one and a result."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def __call__(self, doc: Doc) -> Doc:
        """Leave `candidates` (lexicon hits) on the document and mark the sentences to parse."""
        notes = notes_of(doc)
        publication: Publication = notes.publication
        for section in publication.sections:
            notes.candidates += self.lexicon.find(notes.text, section.start, section.end)
        self._mark(doc, publication)
        return doc

    def _mark(self, doc: Doc, publication: Publication) -> None:
        """One pass over sentences and hits, both in order of offset."""
        notes = notes_of(doc)
        position = 0
        hits = notes.candidates
        for sentence in notes.sentences:
            while position < len(hits) and hits[position].start < sentence.start:
                position += 1
            count = 0
            while position < len(hits) and hits[position].end <= sentence.end:
                count += 1
                position += 1
            sentence.parsed = self._worth(notes.text, sentence, count, publication)

    @staticmethod
    def _worth(text: str, sentence: Sentence, hits: int, publication: Publication) -> bool:
        if publication.sections[sentence.section].part != "body":
            return sentence.last - sentence.first > 2
        return hits >= 2 and (
            hits >= 3 or bool(one_of("result_cues", "{}", 0).search(text, sentence.start, sentence.end))
        )


@Language.factory("irkg_terms")
def _make(nlp: Language, name: str) -> Terms:
    return Terms(shared(nlp).lexicon)
