from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples

from kg.store import Change, OxigraphStore, Store, StoreError, StoreLockedError

G, H = "https://w3id.org/irkg/graph/g", "https://w3id.org/irkg/graph/h"


def quad(value: object, graph: str = G) -> Quad:
    node = value if isinstance(value, Literal | NamedNode | BlankNode) else Literal(value)  # type: ignore[arg-type]
    return Quad(NamedNode("urn:s"), NamedNode("urn:p"), node, NamedNode(graph))


def held(store: Store, graph: str = G) -> set[str]:
    return {q.object.value for q in store.quads(graph=graph)}  # type: ignore[union-attr]


def test_is_a_store() -> None:
    assert isinstance(OxigraphStore.memory(), Store)


def test_query_answers_each_form() -> None:
    store = OxigraphStore.memory()
    store.apply(Change(add=(quad(1), quad(2, H))))
    assert isinstance(store.query("ASK { ?s ?p 2 }"), QueryBoolean)
    assert bool(store.query("ASK { ?s ?p 2 }"))
    assert not bool(store.query("ASK { ?s ?p 2 }", union=False))
    assert not bool(store.query("ASK { ?s ?p 2 }", default_graphs=[G]))
    assert bool(store.query("ASK { ?s ?p 2 }", default_graphs=[H]))
    assert not bool(store.query("ASK { GRAPH ?g { ?s ?p 2 } }", named_graphs=[G]))
    assert isinstance(store.query("SELECT * { ?s ?p ?o }"), QuerySolutions)
    assert isinstance(store.query("CONSTRUCT WHERE { ?s ?p ?o }"), QueryTriples)
    assert isinstance(store.query("DESCRIBE <urn:s>"), QueryTriples)


def test_size_and_graphs() -> None:
    store = OxigraphStore.memory()
    store.apply(Change(add=(quad(1), quad(2), quad(1, H))))
    assert (store.size(), store.size(G), store.size(H)) == (3, 2, 1)
    assert set(store.graphs()) == {G, H}
    store.apply(Change(remove=(quad(1, H),)))
    assert set(store.graphs()) == {G}
    assert not store.contains_graph(H)


def test_replace_writes_the_whole_graph() -> None:
    store = OxigraphStore.memory()
    store.apply(Change(add=(quad("a"), quad("b"), quad("x", H))))
    store.apply(Change(replace={G: [quad("b"), quad("c")]}))
    assert held(store) == {"b", "c"}
    assert held(store, H) == {"x"}
    store.apply(Change(replace={G: []}))
    assert not store.contains_graph(G)


def test_replace_of_a_graph_with_blank_nodes() -> None:
    store = OxigraphStore.memory()
    store.apply(Change(add=(quad(BlankNode("b")), quad("a"))))
    store.apply(Change(replace={G: [quad("c")]}))
    assert held(store) == {"c"}


def test_order_of_one_change() -> None:
    store = OxigraphStore.memory()
    store.apply(Change(add=(quad("a"),)))
    store.apply(
        Change(
            drop=(G,), replace={G: [quad("b"), quad("c")]}, remove=(quad("c"), quad("d")), add=(quad("d"),)
        )
    )
    assert held(store) == {"b", "d"}


values = st.sampled_from(["a", "b", "c", "d"])
changes = st.builds(
    Change,
    replace=st.dictionaries(st.just(G), st.lists(values.map(quad))),
    drop=st.lists(st.just(G), max_size=1).map(tuple),
    add=st.lists(values.map(quad)).map(tuple),
    remove=st.lists(values.map(quad)).map(tuple),
)


@given(st.lists(changes, max_size=6))
def test_a_change_is_its_four_steps(some: list[Change]) -> None:
    store, expected = OxigraphStore.memory(), set[Quad]()
    for change in some:
        store.apply(change)
        if change.drop:
            expected.clear()
        if G in change.replace:
            expected = set(change.replace[G])
        expected = expected - set(change.remove) | set(change.add)
        assert set(store.quads()) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_an_update(old: str, new: str) -> None:
    store = OxigraphStore.memory()
    store.apply(Change(add=(quad(old), quad("other" + old))))
    store.apply(Change(replace={G: [quad(new)]}))
    assert held(store) == {new}


def test_a_failed_change_changes_nothing(tmp_path: Path) -> None:
    with OxigraphStore.open(tmp_path) as store:
        store.apply(Change(add=(quad("a"),)))
        with pytest.raises((ValueError, StoreError)):
            store.apply(Change(replace={G: [quad("b")]}, drop=("no iri",)))
        assert held(store) == {"a"}


def test_an_iterator_keeps_its_state(tmp_path: Path) -> None:
    with OxigraphStore.open(tmp_path) as store:
        store.apply(Change(add=tuple(quad(i) for i in range(10))))
        found = store.quads(graph=G)
        next(found)
        store.apply(Change(drop=(G,)))
        assert sum(1 for _ in found) == 9


def run(code: str, *arguments: object, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3])


WRITER = """
import sys; from pathlib import Path
from pyoxigraph import Literal, NamedNode, Quad
from kg.store import Change, OxigraphStore
store = OxigraphStore.open(Path(sys.argv[1])); print("open", flush=True)
g, p = "https://w3id.org/irkg/graph/g", NamedNode("urn:p")
for turn in range(1000000):
    quads = [Quad(NamedNode(f"urn:{i}"), p, Literal(turn), NamedNode(g)) for i in range(500)]
    marks = [Quad(NamedNode("urn:turn"), p, Literal(turn), NamedNode("urn:meta"))]
    store.apply(Change(replace={g: quads, "urn:meta": marks}))
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_leaves_all_of_a_change_or_none(tmp_path: Path, seed: int) -> None:
    writer = run(WRITER, tmp_path)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "open\n"
    time.sleep(0.3 + random.Random(seed).random() * 0.5)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    with OxigraphStore.open(tmp_path) as store:
        turn = held(store, "urn:meta")
        assert len(turn) == 1
        assert held(store) == turn
        assert store.size(G) == 500


def test_a_second_writer_is_told_so(tmp_path: Path) -> None:
    with OxigraphStore.open(tmp_path), pytest.raises(StoreLockedError, match="another process is writing"):
        OxigraphStore.open(tmp_path)


def test_a_reader_needs_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no graph here"):
        OxigraphStore.read_only(tmp_path)


def test_a_reader_sees_what_was_published(tmp_path: Path) -> None:
    with OxigraphStore.open(tmp_path) as writer:
        writer.apply(Change(add=(quad("a"),)))
        with pytest.raises(StoreLockedError, match="no snapshot yet"):
            OxigraphStore.read_only(tmp_path)
        writer.publish()
        writer.apply(Change(add=(quad("b"),)))
        reader = OxigraphStore.read_only(tmp_path)
        assert held(reader) == {"a"}
        with pytest.raises(StoreError, match="reading only"):
            reader.apply(Change(add=(quad("c"),)))
        for i in range(5):  # more snapshots come and go; this reader's stays
            writer.apply(Change(replace={G: [quad(i)]}))
            writer.publish()
        assert reader.location is not None
        assert reader.location.exists()
        assert held(reader) == {"a"}
        reader.close()
        writer.publish()
        assert len([p for p in tmp_path.iterdir() if p.is_dir() and p.name.startswith("snapshot")]) == 1


def test_a_reader_without_a_writer_sees_the_last_state(tmp_path: Path) -> None:
    for value in ("a", "b"):
        with OxigraphStore.open(tmp_path) as writer:
            writer.apply(Change(add=(quad(value),)))
    with OxigraphStore.read_only(tmp_path) as reader:
        assert held(reader) == {"a", "b"}
        assert not reader.writable
        with OxigraphStore.open(tmp_path) as writer:  # a reader does not keep a writer out
            writer.apply(Change(add=(quad("c"),)))
        assert held(reader) == {"a", "b"}


def test_a_closed_store_says_so() -> None:
    store = OxigraphStore.memory()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.size()


@settings(max_examples=5)
@given(st.integers(1, 3))
def test_empty_changes_are_nothing(times: int) -> None:
    store = OxigraphStore.memory()
    assert Change().empty
    for _ in range(times):
        store.apply(Change())
    assert store.size() == 0
