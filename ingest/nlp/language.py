"""The spaCy language of the reading pipeline, which carries what several components share."""

from __future__ import annotations

import re
from typing import Final

from spacy.lang.en import English
from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.combinations import Combinations
from ontology.lexicon import Lexicon

__all__ = ["ReadingLanguage", "shared"]

# spaCy's tokenizer takes quadratic time over what no blank breaks; longer runs are cut in pieces.
_MAX_RUN: Final = 200
# A half of a surrogate pair, as broken JSON brings it, is no character that spaCy can store.
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LONG_RUN: Final = re.compile(rf"\S{{{_MAX_RUN}}}")


class ReadingLanguage(English):  # type: ignore[no-untyped-call]
    """English with a lexicon and a base model; the factories of the components take them from it.

    spaCy's configuration holds only JSON, so what is no JSON travels with the language object itself: every
    pipeline has its own, and two in one process do not meet.

    Args:
        base: the model whose tagger and parser are used; this language takes its vocabulary, because
            parsed sentences are written back onto this language's documents.
        lexicon: the names to find.
    """

    def __init__(self, base: Language, lexicon: Lexicon) -> None:
        # spaCy's limit guards models that hold a whole document; here only single sentences reach the model.
        super().__init__(vocab=base.vocab, max_length=2**31)
        self.base = base
        self.lexicon = lexicon
        self.combinations = Combinations(lexicon)

    def make_doc(self, text: str) -> Doc:
        """The tokens of a text, in linear time whatever stands in it."""
        text = _SURROGATE.sub("\ufffd", text)
        if not _LONG_RUN.search(text):
            return super().make_doc(text)
        words: list[str] = []
        spaces: list[bool] = []
        begin = 0
        for run in _LONG_RUN.finditer(text):
            for piece in (text[begin : run.start()], run.group()):
                tokens = super().make_doc(piece) if piece else ()
                words += [token.text for token in tokens]
                spaces += [bool(token.whitespace_) for token in tokens]
            begin = run.end()
        rest = super().make_doc(text[begin:])
        words += [token.text for token in rest]
        spaces += [bool(token.whitespace_) for token in rest]
        return Doc(self.vocab, words=words, spaces=spaces)


def shared(nlp: Language) -> ReadingLanguage:
    """The language of a pipeline that a component is made for.

    Raises:
        ValueError: the component is added to another language.
    """
    if not isinstance(nlp, ReadingLanguage):
        raise ValueError("the components of ingest.nlp work in a pipeline of ingest.nlp.pipeline.Reader only")
    return nlp
