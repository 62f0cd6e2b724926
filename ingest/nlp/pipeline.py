"""The reading pipeline put together: publications in, readings out, one after another in constant memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Final

from spacy.tokens import Doc

from ingest.nlp import abbreviations, findings, mentions, parsing, phrases, relations, sentences, study
from ingest.nlp import terms as terms_component
from ingest.nlp.annotations import Annotations, notes_of
from ingest.nlp.language import ReadingLanguage
from kg.model import Design, Publication, Reading, Study
from ontology.lexicon import Lexicon
from ontology.terms import Ontology, Term

__all__ = ["CODE", "COMPONENTS", "ROOT", "Reader", "code_version"]

ROOT: Final = Path(__file__).parents[2]
# The files below :data:`ROOT` that decide how a text is read.
CODE: Final = (
    "ingest/nlp/*.py",
    "ingest/nlp/tables/*",
    "ontology/lexicon.py",
    "ontology/spelling.py",
    "ontology/rules.py",
    "ontology/folding/*",
)

COMPONENTS: Final = (
    "irkg_sentences",
    "irkg_abbreviations",
    "irkg_terms",
    "irkg_parse",
    "irkg_phrases",
    "irkg_mentions",
    "irkg_study",
    "irkg_relations",
    "irkg_findings",
)
# The modules register their factories when they are imported.
_REGISTERED: Final = (
    sentences,
    abbreviations,
    terms_component,
    parsing,
    phrases,
    mentions,
    study,
    relations,
    findings,
)
# spaCy's memory zone frees the strings of a batch; larger batches only help the parser's padding.
_BATCH: Final = 32


class Reader:
    """Reads publications with spaCy.

    Args:
        ontology: the terms to read for.
        extra: imported terms, matched where no own term has the name.
        model: the spaCy model; None takes the first installed of :data:`ingest.nlp.parsing.BASE_MODELS`.

    Raises:
        OSError: no spaCy model is installed.
    """

    def __init__(self, ontology: Ontology, extra: Iterable[Term] = (), model: str | None = None) -> None:
        self.ontology = ontology
        self.lexicon = Lexicon(ontology, extra)
        base = parsing.load_base(model)
        self.base_name = f"{base.meta['lang']}_{base.meta['name']} {base.meta['version']}"
        self._nlp = ReadingLanguage(base, self.lexicon)
        for component in COMPONENTS:
            self._nlp.add_pipe(component)

    @cached_property
    def version(self) -> str:
        """A hash over everything that decides a reading.

        Code and tables of the reader, the model, and spaCy.
        """
        return code_version(ROOT, self.base_name)

    @property
    def components(self) -> list[str]:
        """The names of the components in the order in which they work."""
        return list(self._nlp.pipe_names)

    def read(self, publication: Publication) -> Reading:
        """Read one publication."""
        return next(self.read_many([publication]))

    def read_many(self, publications: Iterable[Publication]) -> Iterator[Reading]:
        """Read publications in order, a batch at a time."""
        batch: list[Publication] = []
        for publication in publications:
            batch.append(publication)
            if len(batch) >= _BATCH or sum(len(p.text) for p in batch) > 400_000:
                yield from self._batch(batch)
                batch = []
        if batch:
            yield from self._batch(batch)

    def annotate(self, publication: Publication) -> Doc:
        """One publication with everything that the components leave on it, to see how it was read."""
        return next(iter(self._annotated([publication])))

    def _batch(self, batch: list[Publication]) -> list[Reading]:
        with self._nlp.memory_zone():
            return [self._reading(notes_of(doc)) for doc in self._annotated(batch)]

    def _annotated(self, batch: Iterable[Publication]) -> Iterable[Doc]:
        docs: Iterable[Doc] = (self._doc(p) for p in batch)
        for _, component in self._nlp.pipeline:
            docs = component.pipe(docs) if isinstance(component, parsing.Parse) else map(component, docs)
        return docs

    def _doc(self, publication: Publication) -> Doc:
        doc = self._nlp.make_doc(publication.text)
        doc._.irkg = Annotations(publication, self._nlp.combinations)
        return doc

    def _reading(self, notes: Annotations) -> Reading:
        return Reading(
            publication=notes.publication,
            study=notes.study or Study(Design.OTHER, None),
            mentions=tuple(notes.mentions),
            assertions=tuple(notes.assertions),
            findings=tuple(notes.findings),
            aliases=_aliases(notes),
            topics=notes.topics,
            pipeline=self.version,
        )


def _aliases(notes: Annotations) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Surface forms of the same concept in the document, for every form that has others."""
    forms: dict[str, list[str]] = {}
    for surface, concept in notes.concepts.items():
        forms.setdefault(concept, []).append(surface)
    return tuple(
        (surface, tuple(sorted(set(same) - {surface})))
        for same in forms.values()
        if len(same) > 1
        for surface in sorted(same)
    )


def code_version(root: Path, base: str) -> str:
    """The version of the reader whose code lies under `root` and whose model is `base`: 16 hex digits."""
    digest = hashlib.sha256(f"{version('spacy')} {base}".encode())
    files = [path for place in CODE for path in root.glob(place) if path.is_file()]
    for path in sorted(files, key=lambda path: path.relative_to(root).as_posix()):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
