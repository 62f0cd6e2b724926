"""The promises of the reading on what a test may take: its cost beside the bare model, and its memory."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from ingest import corpus
from tests.benchmarks.bench_ingest import ROOT, first_members, measure
from tests.kg.factories import NAMES

MOST = 1.5  # times the CPU time of the bare parse
FIXED = (
    6.0  # seconds of CPU time to load the terms and write the first claims, which a large run does not feel
)


def test_the_first_members_of_a_tar(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "all.tar", "w") as tar:
        for path in corpus.bundled():
            tar.add(path, path.name)
    with tarfile.open(first_members(tmp_path / "all.tar", 2, tmp_path)) as tar:
        assert tar.getnames() == [path.name for path in corpus.bundled()[:2]]


@pytest.mark.slow
def test_the_whole_path_costs_at_most_half_more_than_the_bare_parse(tmp_path: Path) -> None:
    articles = ROOT / ".." / "shared" / "literature" / "jats"
    if not articles.is_dir():
        pytest.skip("the real articles beside the checkout are not there")
    bare, whole = measure("bare", articles), measure("whole", articles)
    assert whole.documents == bare.documents > 10
    assert whole.cpu < MOST * bare.cpu + FIXED


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_documents(tmp_path: Path) -> None:
    """A light reader, so that the run itself, the graph and the claims are what is measured."""
    peaks = [_peak(tmp_path / str(number), number) for number in (100, 1000)]
    assert peaks[1] < 1.35 * peaks[0]


def _peak(folder: Path, documents: int) -> float:
    """Peak memory in MB of a run over that many documents, in a process of its own."""
    folder.mkdir()
    chance = random.Random(documents)
    lines = []
    for number in range(documents):
        sentences = [f"{a.text} treats {b.text}." for a, b in (chance.sample(NAMES, 2) for _ in range(5))]
        text = " ".join([*sentences, "Nothing is said here. " * 500])
        lines.append(
            json.dumps({"id": f"d{number}", "title": f"Paper {number}", "sections": [{"text": text}]})
        )
    (folder / "a.jsonl").write_text("\n".join(lines))
    command = [sys.executable, "-m", "tests.benchmarks.test_ingest", str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


def _main() -> None:
    from ingest.run import ingest
    from kg.store import OxigraphStore
    from tests.ingest.light_reader import LightReader
    from tests.kg.factories import ontology

    folder = Path(sys.argv[1])
    with OxigraphStore.open(folder / "store") as store:
        report = ingest([folder / "a.jsonl"], store, ontology(), data=folder, reader=LightReader())
    assert report.ok
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _main()
