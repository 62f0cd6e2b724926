from __future__ import annotations

from pathlib import Path

import pytest

from api.routes.graph import Graph
from kg.settings import Settings
from kg.store import OxigraphStore, StoreError
from tests.api.serving import memory, on_disk
from tests.kg.factories import relation_reading, write


def snapshots(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("snapshot-????????")}


def test_the_same_state_is_shared_until_a_newer_one_is_published(tmp_path: Path) -> None:
    settings = on_disk(tmp_path)
    graph = Graph(settings)
    first = graph.take()
    second = graph.take()
    assert first is second
    with OxigraphStore.open(settings.store_folder) as writer:
        write(writer, relation_reading("pmid:50"))
        writer.publish()
        third = graph.take()
        assert third is not first
        assert (third.store.size(), first.store.size()) == (writer.size(), second.store.size())
        graph.give_back(first)
        assert second.store.size() > 0  # one user is left
        graph.give_back(second)
        with pytest.raises(StoreError):
            second.store.size()  # closed behind the last one
        graph.give_back(third)
        assert third.store.size() > 0  # the newest stays open
        graph.close()


def test_two_servers_on_one_folder_do_not_chase_each_other(tmp_path: Path) -> None:
    settings = on_disk(tmp_path)
    one, other = Graph(settings), Graph(settings)
    for _ in range(5):
        for graph in (one, other):
            with graph.use():
                pass
    before = snapshots(settings.store_folder)
    for _ in range(5):
        for graph in (one, other):
            with graph.use():
                pass
    assert snapshots(settings.store_folder) == before
    assert one.take().identity == other.take().identity


def test_a_graph_that_is_made_anew_is_noticed(tmp_path: Path) -> None:
    import shutil

    settings = on_disk(tmp_path)
    graph = Graph(settings)
    old = graph.take()
    graph.give_back(old)
    shutil.rmtree(settings.store_folder)
    with graph.use() as opened:
        assert opened is old  # nothing better is there
    on_disk(tmp_path)
    with graph.use() as opened:
        assert opened is not old


def test_a_given_store_is_not_closed() -> None:
    store = memory()
    graph = Graph(Settings(), store)
    with graph.use() as opened:
        assert opened.store is store
        assert opened.identity == ""
    graph.close()
    assert store.size() > 0


def test_after_the_end_nothing_is_opened_again() -> None:
    graph = Graph(Settings(), memory())
    graph.close()
    with pytest.raises(StoreError, match="stopping"):
        graph.take()
