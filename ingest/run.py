"""The resumable run: from paths to a graph with claims, whatever happens on the way.

Documents are read in a bounded window and written in the order in which they came, each as one atomic change
that also marks the claims it touches. All that a run has done therefore stands in the graph itself: a run
that was killed is taken up by starting it again, which skips what is there and recomputes what is still
marked. The result depends on nothing but the input; not on the number of workers, nor on where an earlier run
was stopped.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import kg
from ingest.document import to_json
from ingest.ledger import Decision, Ledger
from ingest.report import OnProgress, Progress, Report, Stage
from ingest.set_aside import SetAside
from ingest.sources import Deleted, Failed, Item, Origin, Read, Skipped, read
from ingest.workers import Executor, InProcess, Outcome, ReadsFactory, SpacyReader, Workers
from kg.claims import refresh, with_marks
from kg.inference import refresh_inferred
from kg.model import Publication
from kg.store import Change, OxigraphStore, Store
from kg.versions import Run, record_run, update_dataset
from ontology.iris import document_graph
from ontology.problems import Problem
from ontology.terms import Ontology, Term

__all__ = ["DEADLINE", "REFRESH_EVERY", "ingest", "ontology_version"]

DEADLINE: Final = 120.0
"""Seconds that reading one document may take in a worker; the longest articles of PMC take some ten."""

REFRESH_EVERY: Final = 1000
"""Documents written between two refreshes of the claims: a killed run then loses little, readers see new
claims.
"""

_WINDOW: Final = 6  # documents under way for each worker
_WINDOW_TEXT: Final = 8_000_000  # characters of text under way


@dataclass(slots=True)
class _Slot:
    """An item's place in the order of writing; ready when it has an outcome."""

    item: Item
    outcome: Outcome | None = None
    suffix: str = ".raw"  # of what is set aside


def ingest(
    paths: Iterable[Path],
    store: Store,
    ontology: Ontology,
    *,
    data: Path,
    extra: Iterable[Term] = (),
    reader: ReadsFactory | None = None,
    workers: int = 1,
    deadline: float = DEADLINE,
    refresh_every: int = REFRESH_EVERY,
    on_progress: OnProgress | None = None,
) -> Report:
    """Read everything below `paths` into the graph; see the module's docstring.

    A record that cannot be read is set aside under ``<data>/set-aside`` and the rest goes on. Ctrl-C ends the
    run between two writes; the report then says that it was interrupted.

    Args:
        paths: files, folders and archives, see :func:`ingest.sources.read`.
        store: the graph; its ontology should be loaded, for the labels of claims.
        ontology: the terms to read for.
        data: the folder for what is set aside.
        extra: imported terms, matched where no own term has the name.
        reader: makes the reader; None: the spaCy pipeline. Picklable when `workers` is more than one.
        workers: processes that read; 1 reads in this process, without deadline.
        deadline: seconds that one document may take.
        refresh_every: documents between two refreshes of the claims.
        on_progress: told of every document, and of every step at the end.

    Raises:
        WorkerError: the reader cannot be started.
        StoreError: the graph cannot be written; what was written before stays.
        OSError: the data folder cannot be written, or no spaCy model is installed.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    imported = tuple(extra)
    factory = reader or SpacyReader(ontology, imported)
    terms = Ontology({**{term.id: term for term in imported}, **ontology.terms})
    suffix = f" ontology {ontology_version(terms)} graph {_graph_version()}"
    executor: Executor = (
        InProcess(factory, terms, suffix)
        if workers <= 1
        else Workers(factory, terms, suffix, count=workers, deadline=deadline)
    )
    run = _Run(store, executor, SetAside(data / "set-aside"), on_progress or _ignore)
    try:
        items = (item for path in paths for item in read(path))
        for _ in run.through(items, window=_WINDOW * max(1, workers)):
            if run.report.documents % refresh_every == 0:
                run.refresh()
                _publish(store)
        executor.close()
        run.refresh()
        run.report.inferred = refresh_inferred(store)
        run.tell("inference", run.report.inferred)
        update_dataset(store)
    except KeyboardInterrupt:
        run.report.interrupted = True
    finally:
        executor.close()
        run.ledger.close()
    run.report.seconds = time.monotonic() - clock
    record_run(store, Run("ingest", started, datetime.now(UTC), run.report.counts, run.pipeline))
    _publish(store)
    return run.report


class _Run:
    """What the steps of one run share."""

    def __init__(self, store: Store, executor: Executor, aside: SetAside, tell: OnProgress) -> None:
        self.store, self.executor, self.aside = store, executor, aside
        self.report = Report()
        self.pipeline = executor.version
        self.ledger = Ledger(store, self.pipeline)
        self._tell = tell
        self._seen = 0
        self._slots: deque[_Slot] = deque()
        self._reading: dict[int, _Slot] = {}

    def tell(self, stage: Stage, done: int, name: str = "") -> None:
        """Report progress."""
        self._tell(Progress(stage, done, name))

    def refresh(self) -> None:
        """Bring the claims up to date."""
        before = self.report.claims
        self.report.claims += refresh(self.store, progress=lambda done: self.tell("claims", before + done))

    def through(self, items: Iterable[Item], window: int) -> Iterator[None]:
        """Bring every item to its end, in order, at most `window` under way; yields after each document
        written.
        """
        for key, item in enumerate(items):
            self._take(key, item)
            yield from self._write()
            while len(self._slots) >= window or self._text() > _WINDOW_TEXT:
                self._wait()
                yield from self._write()
        while self._slots:
            self._wait()
            yield from self._write()

    def _text(self) -> int:
        return sum(len(s.item.publication.text) for s in self._slots if isinstance(s.item, Read))

    def _take(self, key: int, item: Item) -> None:
        if isinstance(item, Deleted):
            self.ledger.withdraw(item.id)
        if not isinstance(item, Read):
            self._slots.append(_Slot(item, Outcome()))
            return
        publication, origin = item.publication, item.origin
        decision = self.ledger.decide(publication)
        if decision is Decision.READ:
            slot = self._reading[key] = _Slot(item)
            self._slots.append(slot)
            self.executor.submit(key, publication)
        elif decision is Decision.CONFLICT:
            what = (
                f"{publication.id} came before in this run with another text, and neither is marked as newer"
            )
            mend = "keep one of the two, or ingest the right one alone afterwards"
            problem = _problem(origin, what, mend)
            self._slots.append(_Slot(Failed(problem, _raw(publication), origin), Outcome(), ".jsonl"))
        elif decision is Decision.OLDER:
            why = f"{publication.id} is known in a version that was revised later"
            self._slots.append(_Slot(Skipped(origin, why), Outcome()))
        else:
            self.aside.clear(origin)
            self._finish("unchanged", origin)

    def _wait(self) -> None:
        self._collect(block=bool(self._slots) and self._slots[0].outcome is None)

    def _collect(self, *, block: bool) -> None:
        for key, outcome in self.executor.done(block=block):
            self._reading.pop(key).outcome = outcome

    def _write(self) -> Iterator[None]:
        """Write what is ready at the head of the line."""
        self._collect(block=False)
        while self._slots and (outcome := self._slots[0].outcome) is not None:
            slot = self._slots.popleft()
            item = slot.item
            if isinstance(item, Read):
                if self._written(item, outcome):
                    yield
            elif isinstance(item, Deleted):
                self._delete(item)
            elif isinstance(item, Skipped):
                self.report.note(_problem(item.origin, item.why))
                self._finish("skipped", item.origin)
            else:
                self._fail(item.problem, item.raw, item.origin, slot.suffix)

    def _written(self, item: Read, outcome: Outcome) -> bool:
        publication, origin = item.publication, item.origin
        if outcome.failure:
            mend = "nothing of it is in the graph; it is tried again in the next run"
            what = f"{publication.id}: {outcome.failure}"
            self._fail(_problem(origin, what, mend), _raw(publication), origin, ".jsonl")
            return False
        graph = document_graph(publication.id)
        known = self.store.contains_graph(graph)
        self.store.apply(with_marks(self.store, Change(replace={graph: outcome.quads()})))
        self.aside.clear(origin)
        note = item.note
        if not outcome.linked:
            note = f"{note}; " if note else ""
            note += "no known term is in it: it is kept, but no claim can rest on it"
        if note:
            self.report.note(_problem(origin, f"{publication.id}: {note}"))
        self._finish("replaced" if known else "read", origin, publication.id)
        return True

    def _delete(self, item: Deleted) -> None:
        graph = document_graph(item.id)
        if self.store.contains_graph(graph):
            self.store.apply(with_marks(self.store, Change(drop=(graph,))))
            self._finish("deleted", item.origin, item.id)

    def _fail(self, problem: Problem, raw: bytes | None, origin: Origin, suffix: str) -> None:
        self.aside.put(origin, problem, raw, suffix)
        self.report.fail(problem)
        self._seen += 1
        self.tell("reading", self._seen, str(problem))

    def _finish(self, what: str, origin: Origin, name: str = "") -> None:
        self.report.count(what)
        self._seen += 1
        self.tell("reading", self._seen, name or origin.file)


def _problem(origin: Origin, what: str, mend: str | None = None) -> Problem:
    return Problem(origin.file, what, row=origin.record or None, mend=mend)


def _raw(publication: Publication) -> bytes:
    return to_json(publication).encode() + b"\n"


def _ignore(progress: Progress) -> None:
    pass


def _publish(store: Store) -> None:
    """Let readers of an on-disk graph see the present state."""
    if isinstance(store, OxigraphStore):
        store.publish()


def ontology_version(ontology: Ontology) -> str:
    """A hash over what reading takes from the terms: ids, branches, names, parents and slots. A definition
    that is worded anew makes no document be read again.
    """
    digest = hashlib.sha256()
    for term in sorted(ontology.terms.values(), key=lambda term: term.id):
        slots = sorted(term.slots.items())
        digest.update(repr((term.id, term.branch, term.label, term.parents, term.synonyms, slots)).encode())
    return digest.hexdigest()[:12]


@cache
def _graph_version() -> str:
    """A hash over the code that decides how a reading is written."""
    folder = Path(kg.__file__).parent
    digest = hashlib.sha256()
    for name in ("rdf.py", "identity.py", "vocabulary.py"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:12]
