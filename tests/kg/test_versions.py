from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kg.store import OxigraphStore
from kg.store.load import load_ontology
from kg.versions import Run, compute_dataset, dataset, record_run, runs, update_dataset
from tests.kg.factories import RFA, TURTLE, relation_reading, store_of

ONE, TWO = relation_reading("pmid:1"), relation_reading("pmid:2")


def version(store: OxigraphStore) -> str:
    return compute_dataset(store).version


def test_the_order_of_documents_makes_no_difference() -> None:
    assert version(store_of(ONE, TWO)) == version(store_of(TWO, ONE))


def test_every_part_makes_a_difference() -> None:
    other = relation_reading("pmid:2", RFA)
    loaded = store_of(ONE, TWO)
    load_ontology(loaded, TURTLE)
    seen = [store_of(), store_of(ONE), store_of(TWO), store_of(ONE, TWO), store_of(ONE, other), loaded]
    assert len({version(store) for store in seen}) == len(seen)


def test_the_description_is_written_and_replaced() -> None:
    store = store_of(ONE)
    assert dataset(store) is None
    first = update_dataset(store)
    assert dataset(store) == first
    assert (first.documents, first.claims, first.inferred, first.pipelines) == (1, 1, 0, ("irkg test 1",))
    load_ontology(store, TURTLE)
    second = update_dataset(store)
    assert second.version != first.version
    assert dataset(store) == second


def test_runs() -> None:
    store = store_of()
    start = datetime(2024, 5, 1, 12, tzinfo=UTC)
    some = [
        Run(
            "ingest",
            start + timedelta(days=i),
            start + timedelta(days=i, hours=1),
            {"read": i, "failed": 0},
            "p",
        )
        for i in range(3)
    ]
    for run in some:
        record_run(store, run)
    assert runs(store) == some[::-1]
    assert runs(store, limit=1) == some[-1:]
    assert runs(OxigraphStore.memory()) == []
