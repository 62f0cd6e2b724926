"""What reading costs: documents and tokens a second and peak memory of the whole path (files, spaCy, graph,
claims), against the bare model on the same texts in the same run.

    python -m tests.benchmarks.bench_ingest articles.tar.gz --limit 100 --limit 1000

Each measurement is a process of its own. CPU time is told beside wall time: on a shared machine it is the
fairer figure.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Cost", "first_members", "measure"]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Cost:
    """One measurement: seconds of wall and CPU time, peak memory in MB (of this process, of the largest
    worker).
    """

    documents: int
    tokens: int
    wall: float
    cpu: float
    peak: float
    peak_worker: float = 0.0


def measure(kind: str, source: Path, workers: int = 1) -> Cost:
    """Measure ``bare`` or ``whole`` in a new process.

    Raises:
        subprocess.CalledProcessError: the measurement failed.
    """
    command = [sys.executable, "-m", "tests.benchmarks.bench_ingest", str(source), "--child", kind]
    command += ["--workers", str(workers)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return Cost(**json.loads(done.stdout))


def first_members(tar: Path, limit: int, folder: Path) -> Path:
    """A tar with the first `limit` files of another."""
    target = folder / f"first-{limit}.tar"
    with tarfile.open(tar) as source, tarfile.open(target, "w") as out:
        files = (member for member in source if member.isfile())
        for _, member in zip(range(limit), files, strict=False):
            out.addfile(member, source.extractfile(member))
    return target


def _texts(source: Path) -> Iterator[str]:
    from ingest.sources import Read, read

    return (item.publication.text for item in read(source) if isinstance(item, Read))


def _bare(source: Path, workers: int) -> tuple[int, int]:
    import spacy

    from ingest.nlp.parsing import BASE_MODELS

    nlp = spacy.load(next(name for name in BASE_MODELS if spacy.util.is_package(name)))
    documents = tokens = 0
    for doc in nlp.pipe(_texts(source), batch_size=8):
        documents += 1
        tokens += len(doc)
    return documents, tokens


def _whole(source: Path, workers: int) -> tuple[int, int]:
    from ingest.run import ingest
    from kg.store import OxigraphStore
    from ontology.build import load_imports
    from ontology.tables import ROOT as TABLES
    from ontology.tables import load

    terms = load()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with OxigraphStore.open(data / "store") as store:
            extra = load_imports(TABLES, terms)
            report = ingest([source], store, terms, extra=extra, data=data, workers=workers)
    assert report.documents, report.problems
    return report.documents, 0


_KINDS: dict[str, Callable[[Path, int], tuple[int, int]]] = {"bare": _bare, "whole": _whole}


def _child(kind: str, source: Path, workers: int) -> Cost:
    wall = time.monotonic()
    documents, tokens = _KINDS[kind](source, workers)
    wall = time.monotonic() - wall
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in usage)
    return Cost(documents, tokens, wall, cpu, usage[0].ru_maxrss / 1024, usage[1].ru_maxrss / 1024)


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description="Measure the reading against the bare spaCy model.")
    parser.add_argument("source", type=Path, help="a tar of articles")
    parser.add_argument("--limit", type=int, action="append", help="the first N files; may be repeated")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--no-bare", action="store_true", help="measure the whole path only, for its memory")
    parser.add_argument("--child", choices=_KINDS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(asdict(_child(given.child, given.source, given.workers))))
        return
    print("articles  what    wall s   CPU s  articles/s  tokens/s  peak MB  worker MB  CPU to bare")
    with tempfile.TemporaryDirectory() as folder:
        for limit in given.limit or [100]:
            source = first_members(given.source, limit, Path(folder))
            whole = measure("whole", source, given.workers)
            bare = whole if given.no_bare else measure("bare", source)
            for name, cost in (("whole", whole),) if given.no_bare else (("bare", bare), ("whole", whole)):
                print(
                    f"{cost.documents:8}  {name:5} {cost.wall:8.1f}{cost.cpu:8.1f}"
                    f"{cost.documents / cost.wall:12.1f}"
                    f"{bare.tokens / cost.wall:10,.0f}{cost.peak:9.0f}{cost.peak_worker:11.0f}"
                    f"{cost.cpu / bare.cpu:13.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
