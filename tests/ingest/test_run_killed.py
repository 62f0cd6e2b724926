"""A run that is killed at any point and started again ends in the graph of an undisturbed run."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from time import sleep

import pytest

from ingest.document import to_json
from ingest.run import ingest
from ingest.sources import Read, read
from kg.export import export
from kg.store import OxigraphStore
from tests.kg.factories import NAMES

ROOT = Path(__file__).parents[2]
VERBS = ("treats", "targets", "uses", "causes")


def corpus(path: Path, documents: int) -> Path:
    """Documents whose claims overlap, one that fails, one that comes twice."""
    chance = random.Random(7)
    lines = []
    for number in range(documents):
        said = [
            f"{a.text} {chance.choice(['', 'never '])}{chance.choice(VERBS)} {b.text}."
            for a, b in (chance.sample(NAMES, 2) for _ in range(4))
        ]
        lines.append({"id": f"d{number}", "title": f"Paper {number}", "sections": [{"text": " ".join(said)}]})
    lines[5]["sections"] = [{"text": "RAISE."}]
    lines.append({**lines[3], "title": "Another text"})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def start(source: Path, data: Path, workers: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.ingest.light_reader", str(source), str(data), str(workers)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)


def canonical(data: Path) -> bytes:
    out = BytesIO()
    with OxigraphStore.open(data / "store") as store:
        export(store, out, canonical=True)
    return out.getvalue()


@dataclass(frozen=True)
class Point:
    """Where a run is killed: after a number of messages, and some milliseconds later."""

    messages: int
    milliseconds: float


def kill_at(process: subprocess.Popen[str], point: Point) -> bool:
    """Kill the process at a point; False when it had ended before."""
    assert process.stdout is not None
    for _, _line in zip(range(point.messages), process.stdout, strict=False):
        pass
    sleep(point.milliseconds / 1000)
    process.kill()
    return process.wait() == -9


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_at_random_points_it_ends_in_the_same_graph(tmp_path: Path, workers: int) -> None:
    source = corpus(tmp_path / "corpus.jsonl", 60)
    assert start(source, tmp_path / "calm", 1).wait() == 1  # 1: two documents failed
    chance = random.Random(workers)
    killed = 0
    for _ in range(7):
        point = Point(chance.randint(1, 70), chance.uniform(0, 40))
        killed += kill_at(start(source, tmp_path / "killed", workers), point)
    assert killed >= 3  # else the test shows nothing
    assert start(source, tmp_path / "killed", workers).wait() == 1
    assert canonical(tmp_path / "killed") == canonical(tmp_path / "calm")


def test_the_real_reader_gives_the_same_graph_with_workers_and_after_a_stop(tmp_path: Path) -> None:
    from ontology.build import load_imports
    from ontology.tables import ROOT as TABLES
    from ontology.tables import load

    terms = load()
    extra = load_imports(TABLES, terms)
    digests = [
        item.publication
        for item in read(ROOT / "ingest" / "corpus" / "hepatology.xml")
        if isinstance(item, Read)
    ]
    source = tmp_path / "digests.jsonl"
    source.write_text("".join(to_json(one) + "\n" for one in digests[:6]))
    part = tmp_path / "part.jsonl"
    part.write_text("".join(to_json(replace(one)) + "\n" for one in digests[2:4]))
    graphs = []
    for name, paths, workers in (("one", [source], 1), ("two", [part, source], 2)):
        with OxigraphStore.open(tmp_path / name / "store") as store:
            for path in paths:
                assert ingest([path], store, terms, extra=extra, data=tmp_path / name, workers=workers).ok
        graphs.append(canonical(tmp_path / name))
    assert graphs[0] == graphs[1]
    assert graphs[0].count(b"vocab#Finding>") >= 3
