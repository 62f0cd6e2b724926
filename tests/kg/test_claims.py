from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.claims import CLAIMS, all_dirty, is_dirty, refresh, with_marks
from kg.export import export
from kg.identity import claim_of
from kg.lookup import claim
from kg.model import Design, Favors, Identifiers, Predicate, Reading, Retraction
from kg.model.claim import ClaimRecord
from kg.quotes import evidence_of
from kg.store import Change, OxigraphStore, Store
from kg.store.load import load_ontology
from ontology.iris import document_graph
from tests.kg.factories import (
    HCC,
    RFA,
    SORAFENIB,
    TACE,
    TURTLE,
    comparison_reading,
    large_reading,
    relation_reading,
    store_of,
    write,
)


def only_claim(store: Store, one: Reading) -> ClaimRecord | None:
    key = claim_of(evidence_of(one)[0])
    assert key is not None
    return claim(store, key.iri)


def canonical(store: Store) -> bytes:
    output = io.BytesIO()
    export(store, output, canonical=True)
    return output.getvalue()


def remove(store: Store, document: str) -> None:
    store.apply(with_marks(store, Change(drop=(document_graph(document),))))


def counts(record: ClaimRecord | None) -> tuple[int, int, int]:
    assert record is not None
    return record.supporting, record.disputing, record.neutral


def test_counts_years_and_best_design() -> None:
    one = relation_reading("pmid:1", design=Design.COHORT, year=2001)
    store = store_of(
        one,
        relation_reading("pmid:2", design=Design.RCT, year=2010),
        relation_reading("pmid:3", design=Design.CASE_REPORT, year=1990, negated=True),
    )
    record = only_claim(store, one)
    assert record is not None
    assert counts(record) == (2, 1, 0)
    assert (record.best_design, record.first_year, record.last_year) == (Design.RCT, 1990, 2010)
    assert record.label == "IRKG:0006010 treats IRKG:0001010"


def plain_triple(store: Store) -> bool:
    text = "ASK { GRAPH <%s> { ?s <https://w3id.org/irkg/vocab#treats> ?o } }"
    return bool(store.query(text % CLAIMS))


def test_the_plain_triple_needs_more_support_than_dispute() -> None:
    store = store_of(relation_reading("pmid:1"))
    assert plain_triple(store)
    write(store, relation_reading("pmid:2", negated=True))
    refresh(store)
    assert not plain_triple(store)
    write(store, relation_reading("pmid:3"))
    refresh(store)
    assert plain_triple(store)
    remove(store, "pmid:1")
    remove(store, "pmid:3")
    refresh(store)
    assert not plain_triple(store)


def test_a_digest_and_its_paper_are_one_study() -> None:
    paper = relation_reading("pmid:1")
    digest = relation_reading("digest:pmid:1", digest=True, identifiers=Identifiers(pmid="1"))
    full = relation_reading("pmcid:PMC1", identifiers=Identifiers(pmid="1", pmcid="PMC1"))
    assert counts(only_claim(store_of(paper, digest, full), paper)) == (1, 0, 0)


def test_a_retracted_paper_counts_for_nothing() -> None:
    one = relation_reading("pmid:1")
    other = relation_reading("pmid:2")
    store = store_of(one, other)
    write(store, relation_reading("pmid:2", retraction=Retraction.RETRACTED))
    refresh(store)
    assert counts(only_claim(store, one)) == (1, 0, 0)
    write(store, relation_reading("pmid:1", retraction=Retraction.RETRACTED))
    refresh(store)
    assert only_claim(store, one) is None
    assert store.contains_graph(document_graph("pmid:1"))
    write(store, one)
    refresh(store)
    assert counts(only_claim(store, one)) == (1, 0, 0)


def test_a_retraction_takes_the_digest_with_it() -> None:
    digest = relation_reading("digest:pmid:1", digest=True, identifiers=Identifiers(pmid="1"))
    store = store_of(digest)
    # The paper itself says something else, so the digest's claim is touched only through the study.
    write(store, relation_reading("pmid:1", subject=RFA, retraction=Retraction.RETRACTED))
    refresh(store)
    assert only_claim(store, digest) is None
    remove(store, "pmid:1")
    refresh(store)
    assert counts(only_claim(store, digest)) == (1, 0, 0)


def test_concern_still_counts() -> None:
    one = relation_reading("pmid:1", retraction=Retraction.CONCERN)
    assert counts(only_claim(store_of(one), one)) == (1, 0, 0)


def test_a_comparison_counts_both_orders() -> None:
    one = comparison_reading("pmid:1", TACE, RFA, favors=Favors.INTERVENTION)
    store = store_of(
        one,
        comparison_reading("pmid:2", RFA, TACE, favors=Favors.INTERVENTION),
        comparison_reading("pmid:3", RFA, TACE, favors=Favors.COMPARATOR),
        comparison_reading("pmid:4", TACE, RFA, favors=Favors.NEITHER),
    )
    assert counts(only_claim(store, one)) == (2, 1, 1)


def test_only_touched_claims_are_recomputed() -> None:
    store = store_of(relation_reading("pmid:1"), relation_reading("pmid:2", SORAFENIB))
    assert not is_dirty(store)
    assert refresh(store) == 0
    write(store, relation_reading("pmid:2", SORAFENIB, negated=True))
    assert refresh(store) == 1


def test_labels_follow_the_ontology() -> None:
    one = relation_reading()
    store = store_of(one)
    load_ontology(store, TURTLE)
    refresh(store, chunk=1)
    record = only_claim(store, one)
    assert record is not None
    assert record.label == "chemoembolization treats hepatocellular carcinoma"


def test_progress_is_told() -> None:
    store, seen = OxigraphStore.memory(), list[int]()
    write(
        store,
        relation_reading("pmid:1"),
        relation_reading("pmid:2", RFA),
        relation_reading("pmid:3", SORAFENIB),
    )
    assert refresh(store, chunk=2, progress=seen.append) == 3
    assert seen == [2, 3]


subjects = st.sampled_from([TACE, RFA, SORAFENIB])
states = st.sampled_from([Retraction.NONE, Retraction.NONE, Retraction.RETRACTED])
documents = st.sampled_from(["pmid:1", "pmid:2", "pmid:3", "digest:pmid:1"])


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    document = draw(documents)
    fields: dict[str, Any] = {
        "identifiers": Identifiers(pmid=document[-1]),
        "retraction": draw(states),
        "year": draw(st.integers(2000, 2002)),
    }
    design = draw(st.sampled_from([Design.RCT, Design.COHORT]))
    if draw(st.booleans()):
        return relation_reading(
            document,
            draw(subjects),
            Predicate.TREATS,
            HCC,
            negated=draw(st.booleans()),
            design=design,
            **fields,
        )
    return comparison_reading(
        document, draw(subjects), draw(st.sampled_from([None, TACE, RFA])),
        favors=draw(st.sampled_from(Favors)), design=design, **fields,
    )  # fmt: skip


steps = st.lists(st.one_of(readings(), documents, st.just("refresh"), st.just("all")), max_size=12)


@settings(max_examples=200, deadline=None)
@given(steps)
def test_claims_depend_on_the_documents_only(some: list[Reading | str]) -> None:
    store, present = OxigraphStore.memory(), dict[str, Reading]()
    for step in some:
        if isinstance(step, Reading):
            write(store, step)
            present[step.publication.id] = step
        elif step == "refresh":
            refresh(store, chunk=1)
        elif step == "all":
            store.apply(Change(add=(all_dirty(),)))
        else:
            remove(store, step)
            present.pop(step, None)
    refresh(store)
    assert canonical(store) == canonical(store_of(*(present[name] for name in sorted(present, reverse=True))))


INGEST = """
import sys; from pathlib import Path
from kg.claims import refresh
from kg.store import OxigraphStore
from ontology.iris import document_graph
from tests.kg.factories import large_reading, write
store = OxigraphStore.open(Path(sys.argv[1])); print("open", flush=True)
for i in range(40):
    if not store.contains_graph(document_graph(f"pmid:{i}")):  # a resumed run skips what is there
        write(store, large_reading(i, mentions=20, evidence=12))
    if i % 4 == 3:
        print("refresh", flush=True)
        refresh(store, chunk=5)
print("done", flush=True)
"""


def small(number: int) -> Reading:
    return large_reading(number, mentions=20, evidence=12)


@pytest.mark.slow
def test_killed_at_any_point_and_run_again(tmp_path: Path) -> None:
    expected = canonical(store_of(*(small(i) for i in range(40))))
    chance, kills = random.Random(11), 0
    for _ in range(10):
        process = subprocess.Popen(
            [sys.executable, "-c", INGEST, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            process.wait(chance.uniform(0.0, 0.15))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
    assert kills >= 3
    with OxigraphStore.open(tmp_path) as store:
        write(store, *(small(i) for i in range(40) if not store.contains_graph(document_graph(f"pmid:{i}"))))
        refresh(store)
        assert not is_dirty(store)
        assert canonical(store) == expected


def test_a_kill_between_marking_and_refreshing_loses_nothing() -> None:
    store, one = OxigraphStore.memory(), relation_reading()
    write(store, one)  # the process ends here: the marks are in the store
    assert is_dirty(store)
    refresh(store)
    assert counts(only_claim(store, one)) == (1, 0, 0)


class Stopped(BaseException):
    """The process ends here."""


class StoppingStore(OxigraphStore):
    """A store whose process ends right after its n-th write."""

    left = 0

    def apply(self, change: Change) -> None:
        super().apply(change)
        self.left -= 1
        if self.left == 0:
            raise Stopped


def resumed_run(store: Store) -> None:
    for i in range(4):
        if not store.contains_graph(document_graph(f"pmid:{i}")):
            write(store, small(i))
        if i == 1:
            refresh(store, chunk=3)
    refresh(store, chunk=3)


def test_stopped_after_any_write_and_run_again() -> None:
    undisturbed = OxigraphStore.memory()
    resumed_run(undisturbed)
    expected = canonical(undisturbed)
    for writes in range(1, 1000):
        store = StoppingStore.memory()
        assert isinstance(store, StoppingStore)
        store.left = writes
        try:
            resumed_run(store)
        except Stopped:
            resumed_run(store)
            assert canonical(store) == expected
        else:
            assert writes > 10
            return
