from __future__ import annotations

from kg.justify.records import evidence_records
from kg.lookup import evidence_by_iri
from kg.model import Predicate
from kg.vocabulary import IRKG, RDF
from tests.kg.factories import store_of
from tests.kg.justify.worlds import HCC, PEI, RATIO, RFA, trial


def test_the_same_records_as_by_query() -> None:
    paper = trial("pmid:1", RFA, PEI, effect=RATIO, said=((RFA, Predicate.TREATS, HCC),))
    store = store_of(paper, trial("pmid:2", PEI, None))
    iris = [
        quad.subject.value  # type: ignore[union-attr]
        for kind in (IRKG.Finding, IRKG.Assertion)
        for quad in store.quads(None, RDF.type, kind)
    ]
    assert len(iris) == 3
    assert evidence_records(store, iris) == evidence_by_iri(store, iris)
    assert evidence_records(store, ["https://w3id.org/irkg/evidence/none"]) == {}
