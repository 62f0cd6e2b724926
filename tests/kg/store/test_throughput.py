"""Speed and memory of writing; the figures of README and docs come from here (`-s` prints them)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import json, sys, time
from pathlib import Path
import psutil
from kg.claims import refresh, with_marks
from kg.rdf import reading_to_quads
from kg.store import Change, OxigraphStore
from ontology.iris import document_graph
from tests.kg.factories import large_reading
number, store = int(sys.argv[1]), OxigraphStore.open(Path(sys.argv[2]))
quads, writing, most = 0, 0.0, 0
for i in range(number):
    reading = large_reading(i)
    start = time.perf_counter()
    graph = reading_to_quads(reading)
    store.apply(with_marks(store, Change(replace={document_graph(reading.publication.id): graph})))
    writing += time.perf_counter() - start
    quads += len(graph)
    most = max(most, psutil.Process().memory_info().rss)
start = time.perf_counter()
claims = refresh(store)
done = time.perf_counter() - start
most = max(most, psutil.Process().memory_info().rss)
print(json.dumps({"quads": quads, "writing": writing, "claims": claims, "refresh": done, "rss": most / 1e6}))
"""


def measure(number: int, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-c", RUN, str(number), str(folder)]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    figures: dict[str, float] = json.loads(done.stdout)
    print(number, "documents:", figures)
    return figures


@pytest.mark.slow
def test_memory_is_flat_and_a_document_is_cheap(tmp_path: Path) -> None:
    few, many = measure(60, tmp_path / "few"), measure(300, tmp_path / "many")
    # Reading a full text takes spaCy about 0.3 s; writing it must stay well under that, also on a busy
    # machine.
    assert many["writing"] / 300 < 0.2
    # Five times the documents, at most what Oxigraph's buffers and caches differ by (megabytes).
    assert many["rss"] < few["rss"] + 100
