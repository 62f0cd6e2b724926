"""The spaCy language of the reading pipeline, which carries what several components share."""

from __future__ import annotations

from spacy.lang.en import English
from spacy.language import Language

from ingest.nlp.combinations import Combinations
from ontology.lexicon import Lexicon

__all__ = ["ReadingLanguage", "shared"]


class ReadingLanguage(English):
    """English with a lexicon and a base model, which the factories of the components take from it.

    spaCy's configuration holds only JSON, so what is no JSON travels with the language object itself: every pipeline has
    its own, and two in one process do not meet.

    Args:
        base: the model whose tagger and parser are used; its vocabulary becomes that of this language, because parsed
            sentences are written back onto this language's documents.
        lexicon: the names to find.
    """

    def __init__(self, base: Language, lexicon: Lexicon) -> None:
        # spaCy's limit guards models that hold a whole document; here only single sentences reach the model.
        super().__init__(vocab=base.vocab, max_length=2**31)
        self.base = base
        self.lexicon = lexicon
        self.combinations = Combinations(lexicon)


def shared(nlp: Language) -> ReadingLanguage:
    """The language of a pipeline that a component is made for.

    Raises:
        ValueError: the component is added to another language.
    """
    if not isinstance(nlp, ReadingLanguage):
        raise ValueError("the components of ingest.nlp work in a pipeline of ingest.nlp.pipeline.Reader only")
    return nlp
