"""One reader over the real ontology for all tests of a worker: it takes seconds to make."""

from __future__ import annotations

import pytest

from ingest.nlp.pipeline import Reader
from ontology.tables import ROOT, read_terms
from ontology.terms import Ontology


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    terms, problems = read_terms(ROOT / "terms")
    assert not problems
    return Ontology(terms)


@pytest.fixture(scope="session")
def reader(ontology: Ontology) -> Reader:
    return Reader(ontology)
