"""Reading documents here or in worker processes, with one answer for each: its graph, or what went wrong.

A worker is handed one document after another over a pipe. A document that brings its worker down, or that
takes longer than the deadline, is answered with a failure and costs no other document anything: what waited
behind it goes to the worker that takes the place. Documents are read alone, so the answer does not depend on
how many workers there are.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final, Protocol, TypeAlias

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.model import Publication, Reading
from kg.rdf import reading_to_quads
from ontology.problems import IrkgError
from ontology.terms import Ontology, Term

__all__ = [
    "Executor",
    "InProcess",
    "Outcome",
    "Reads",
    "ReadsFactory",
    "SpacyReader",
    "WorkerError",
    "Workers",
]

_AHEAD: Final = 2  # documents handed to a worker at a time, so that it does not wait for the next one
_STARTUP: Final = 180.0  # seconds until a worker must be ready: a cold disk loads the model in ten


class WorkerError(IrkgError):
    """No worker can be started."""


class Reads(Protocol):
    """What reads a publication; `version` names everything that its readings depend on."""

    @property
    def version(self) -> str: ...

    def read(self, publication: Publication) -> Reading: ...


ReadsFactory: TypeAlias = Callable[[], Reads]


@dataclass(frozen=True)
class SpacyReader:
    """Makes the real reader, in whatever process it is called; it can be pickled."""

    ontology: Ontology
    extra: tuple[Term, ...] = ()
    model: str | None = None

    def __call__(self) -> Reads:
        from ingest.nlp.pipeline import Reader  # spaCy takes a second to import

        return Reader(self.ontology, self.extra, self.model)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one document: its graph (N-Quads when it came from another process), or `failure` in
    words.
    """

    graph: tuple[Quad, ...] | bytes = ()
    linked: int = 0
    failure: str = ""

    def quads(self) -> list[Quad]:
        """The graph's quads."""
        if isinstance(self.graph, bytes):
            return list(parse(self.graph, format=RdfFormat.N_QUADS))
        return list(self.graph)


class Executor(Protocol):
    """Takes documents and gives an outcome for each, in any order."""

    @cached_property
    def version(self) -> str: ...

    def submit(self, key: int, publication: Publication) -> None: ...

    def done(self, *, block: bool) -> Iterator[tuple[int, Outcome]]: ...

    def close(self) -> None: ...


def _outcome(reader: Reads, terms: Ontology, pipeline: str, publication: Publication) -> Outcome:
    """Read one document; whatever goes wrong with it becomes a failure."""
    try:
        reading = replace(reader.read(publication), pipeline=pipeline)
        quads = reading_to_quads(reading, terms)
    except IrkgError as error:
        return Outcome(failure=str(error.problems[0]) if error.problems else str(error))
    except Exception as error:  # one document must never end a run
        return Outcome(failure=f"{type(error).__name__} while it was read: {error}")
    return Outcome(tuple(quads), sum(mention.term is not None for mention in reading.mentions))


class InProcess:
    """Reads in this process; there is no deadline, for nothing here could end a reading from outside.

    Args:
        factory: makes the reader, once.
        terms: every term that a reading may name.
        suffix: what is appended to the reader's version to name the pipeline.
    """

    def __init__(self, factory: ReadsFactory, terms: Ontology, suffix: str = "") -> None:
        self._reader, self._terms, self._suffix = factory(), terms, suffix
        self._done: deque[tuple[int, Outcome]] = deque()

    @cached_property
    def version(self) -> str:
        """The pipeline's version."""
        return self._reader.version + self._suffix

    def submit(self, key: int, publication: Publication) -> None:
        """Read the document now."""
        self._done.append((key, _outcome(self._reader, self._terms, self.version, publication)))

    def done(self, *, block: bool) -> Iterator[tuple[int, Outcome]]:
        """The outcomes since the last call."""
        while self._done:
            yield self._done.popleft()

    def close(self) -> None:
        """Nothing to give back."""


@dataclass(frozen=True, slots=True)
class _Job:
    key: int
    publication: Publication


@dataclass(frozen=True, slots=True)
class _Ready:
    version: str = ""
    failure: str = ""


class _Worker:
    """One process and the documents it has been handed, the one being read first."""

    def __init__(self, factory: ReadsFactory, terms: Ontology, suffix: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_serve, args=(theirs, factory, terms, suffix), daemon=True, name="irkg-reader"
        )
        self.process.start()
        theirs.close()
        self.jobs: deque[_Job] = deque()
        self.ready = False
        self.since = time.monotonic()

    def hand(self, job: _Job) -> None:
        """Hand over a document; that a process is gone is told by its pipe, not here."""
        if not self.jobs:
            self.since = time.monotonic()
        self.jobs.append(job)
        with suppress(OSError):
            self.pipe.send(job.publication)

    def stop(self) -> int | None:
        """End the process at once; its exit code when it had ended by itself."""
        self.process.join(0.2)
        code = self.process.exitcode
        self.process.kill()
        self.process.join()
        self.pipe.close()
        return code


class Workers:
    """Reads in `count` processes of its own; they are started when there is work for them.

    Args:
        factory: makes the reader in each process; it and what it holds must be picklable.
        terms: every term that a reading may name.
        suffix: what is appended to the reader's version to name the pipeline.
        count: the number of processes.
        deadline: seconds that one document may take.
    """

    def __init__(
        self, factory: ReadsFactory, terms: Ontology, suffix: str = "", *, count: int = 2, deadline: float
    ) -> None:
        self._arguments = (factory, terms, suffix)
        self._count, self._deadline = count, deadline
        self._workers: list[_Worker] = []
        self._waiting: deque[_Job] = deque()
        self._version = ""

    @cached_property
    def version(self) -> str:
        """The pipeline's version, as the first worker tells it.

        Raises:
            WorkerError: no worker can be started.
        """
        if not self._workers:
            self._start()
        while not self._version:
            self._poll(None)
        return self._version

    @property
    def processes(self) -> list[int]:
        """The ids of the processes that run now."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def submit(self, key: int, publication: Publication) -> None:
        """Hand a document to a worker that is free, or let it wait for one."""
        self._waiting.append(_Job(key, publication))
        self._assign()

    def done(self, *, block: bool) -> Iterator[tuple[int, Outcome]]:
        """Outcomes that are there; with `block`, wait for one when documents are being read."""
        found = self._poll(0.0)
        while block and not found and (self._waiting or any(worker.jobs for worker in self._workers)):
            found = self._poll(None)
        yield from found

    def close(self) -> None:
        """End every process."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def _start(self) -> None:
        self._workers.append(_Worker(*self._arguments))

    def _assign(self) -> None:
        while self._waiting:
            ready = [w for w in self._workers if w.ready and len(w.jobs) < _AHEAD]
            free = min(ready, key=lambda worker: len(worker.jobs), default=None)
            if (free is None or free.jobs) and len(self._workers) < self._count:
                self._start()
            if free is None:
                return
            free.hand(self._waiting.popleft())

    def _poll(self, timeout: float | None) -> list[tuple[int, Outcome]]:
        """Wait once for workers to tell something, to die, or to come to their deadline; the outcomes of
        that.
        """
        found: list[tuple[int, Outcome]] = []
        left = min((self._end(w) for w in self._workers), default=0.0) - time.monotonic()
        pipes = wait(
            [w.pipe for w in self._workers], max(0.0, left if timeout is None else min(left, timeout))
        )
        for worker in list(self._workers):
            if worker.pipe in pipes:
                try:
                    answer = worker.pipe.recv()
                except (EOFError, OSError):
                    found += self._replace(worker, "the process that read it died")
                    continue
                worker.since = time.monotonic()
                if isinstance(answer, _Ready):
                    self._begin(worker, answer)
                else:
                    found.append((worker.jobs.popleft().key, answer))
            elif time.monotonic() > self._end(worker):
                found += self._replace(worker, f"it took longer than {self._deadline:g} seconds to read")
        self._assign()
        return found

    def _end(self, worker: _Worker) -> float:
        if worker.ready and not worker.jobs:
            return math.inf
        return worker.since + (self._deadline if worker.ready else _STARTUP)

    def _begin(self, worker: _Worker, told: _Ready) -> None:
        if told.failure:
            raise WorkerError(f"the reader cannot be started: {told.failure}")
        worker.ready, self._version = True, told.version

    def _replace(self, worker: _Worker, why: str) -> list[tuple[int, Outcome]]:
        """End a worker; the document that it was reading has failed, those behind it wait for another."""
        self._workers.remove(worker)
        code = worker.stop()
        if not worker.ready:
            raise WorkerError(f"a reading process ended before it was ready (exit code {code})")
        if not worker.jobs:
            return []
        key = worker.jobs.popleft().key
        self._waiting.extendleft(reversed(worker.jobs))
        return [(key, Outcome(failure=why if code is None else f"{why} (exit code {code})"))]


def _serve(pipe: Connection, factory: ReadsFactory, terms: Ontology, suffix: str) -> None:
    """The life of a worker: one answer for each document, until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the main process decides
    try:
        reader = factory()
        version = reader.version + suffix
    except Exception as error:
        pipe.send(_Ready(failure=str(error) or type(error).__name__))
        return
    pipe.send(_Ready(version))
    # Documents are taken from the pipe while another is read: a sender that blocks on a full pipe would wait
    # for a reader that itself blocks on sending its answer.
    inbox: queue.SimpleQueue[Publication] = queue.SimpleQueue()
    threading.Thread(target=_fill, args=(pipe, inbox), daemon=True).start()
    while True:
        outcome = _outcome(reader, terms, version, inbox.get())
        graph = serialize(outcome.quads(), format=RdfFormat.N_QUADS) or b""
        pipe.send(replace(outcome, graph=graph))


def _fill(pipe: Connection, inbox: queue.SimpleQueue[Publication]) -> None:
    try:
        while True:
            inbox.put(pipe.recv())
    except (EOFError, OSError):
        os._exit(0)  # the main process is gone, also when it was killed
