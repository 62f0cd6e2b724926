"""What answering needs beside the graph: the ontology, names to search it by, and the reader of questions."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from api.routes.term_search import TermIndex
from kg.model.justification import Profile
from ontology import tables
from ontology.terms import Ontology, Xref

if TYPE_CHECKING:
    from ingest.nlp.pipeline import Reader

__all__ = ["Knowledge"]

_log = logging.getLogger(__name__)


class Knowledge:
    """Everything is made when it is first needed, once; safe to use from several threads."""

    def __init__(self, ontology: Ontology | None = None) -> None:
        self._given = ontology
        self._lock = threading.RLock()
        self._reader: Reader | None = None

    @property
    def ontology(self) -> Ontology:
        """The terms."""
        with self._lock:
            return self._ontology

    @cached_property
    def _ontology(self) -> Ontology:
        if self._given is not None:
            return self._given
        try:
            return tables.load()
        except tables.TableError as error:
            _log.warning("answering from tables with problems; `irkg ontology check` tells them: %s", error)
            return Ontology(tables.read_terms(tables.ROOT / "terms")[0])

    @property
    def index(self) -> TermIndex:
        """The terms by their names."""
        with self._lock:
            return self._index

    @cached_property
    def _index(self) -> TermIndex:
        return TermIndex(self._ontology)

    @property
    def mappings(self) -> Mapping[str, tuple[Xref, ...]]:
        """Mappings to other vocabularies by term id."""
        with self._lock:
            return self._mappings

    @cached_property
    def _mappings(self) -> Mapping[str, tuple[Xref, ...]]:
        found: dict[str, list[Xref]] = {}
        for mapping in self._ontology.mappings:
            found.setdefault(mapping.subject_id, []).append(mapping)
        return {term: tuple(mappings) for term, mappings in found.items()}

    def label(self, term: str) -> str:
        """The label of a term; its id when it has none."""
        ontology = self.ontology
        return ontology[term].label if term in ontology else term

    def read_question(self, question: str) -> Profile:
        """A question as a profile. The first call loads the language model, which takes seconds."""
        from ingest.question import read_question

        with self._lock:  # spaCy's vocabulary is shared and not made for several threads
            if self._reader is None:
                from ingest.nlp.pipeline import Reader

                self._reader = Reader(self.ontology)
            return read_question(question, self._reader)
