"""The promises of the reading on what a test may take: its cost beside the bare model, and its memory."""

from __future__ import annotations

import gc
import json
import sys
import tarfile
from pathlib import Path

import pytest

from ingest import corpus
from ingest.report import Progress
from ingest.run import ingest
from kg.store import OxigraphStore
from tests.benchmarks.bench_ingest import ROOT, first_members, measure
from tests.ingest.light_reader import LightReader
from tests.kg.factories import ontology

MOST = 1.5  # times the CPU time of the bare parse
FIXED = (
    6.0  # seconds of CPU time to load the terms and write the first claims, which a large run does not feel
)

FIRST, LAST = 100, 300  # documents after which the memory held by Python is counted
KEPT = 5  # blocks of memory a document may leave behind: 1 as measured, 16 when its publication is held


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


def test_no_document_is_kept_in_memory(tmp_path: Path) -> None:
    """A light reader, so that the run itself is measured. The database's caches fill up to a bound and are no
    part of this; `bench_ingest` tells peak memory with them.
    """
    lines = []
    for number in range(LAST):
        text = " ".join(f"TACE treats hepatocellular carcinoma in {number} of {n}." for n in range(20))
        lines.append(
            json.dumps({"id": f"d{number}", "title": f"Paper {number}", "sections": [{"text": text}]})
        )
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    held: dict[int, int] = {}

    def count(progress: Progress) -> None:
        if progress.stage == "reading" and progress.done in (FIRST, LAST):
            gc.collect()
            held[progress.done] = sys.getallocatedblocks()

    ingest(
        [tmp_path / "a.jsonl"],
        OxigraphStore.memory(),
        ontology(),
        data=tmp_path,
        reader=LightReader(),
        refresh_every=50,
        on_progress=count,
    )
    assert (held[LAST] - held[FIRST]) / (LAST - FIRST) < KEPT
