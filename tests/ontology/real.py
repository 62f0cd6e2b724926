"""The real ontology, built and classified once in a process; the reasoner's result is kept between runs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pyoxigraph import Store

from ontology.build import Built, build_root, load_imports
from ontology.inferred import infer
from ontology.questions import store
from ontology.reasoning import Classification, classify
from ontology.tables import ROOT, load
from ontology.terms import Ontology

# By content hash: a changed table is classified anew.
_RESULTS = Path(__file__).parents[2] / ".pytest_cache" / "reasoner"


@cache
def ontology() -> Ontology:
    return load()


@cache
def built() -> Built:
    return build_root()


@cache
def classified() -> Classification:
    return classify(built(), _RESULTS)


@cache
def graph() -> Store:
    found = infer(ontology(), classified().subsumptions, load_imports(ROOT, ontology()))
    return store(built(), found)
