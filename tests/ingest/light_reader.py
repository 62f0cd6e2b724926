"""A reader without spaCy for tests of the run; as a program it ingests a file and tells its progress."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from ingest.report import Progress
from ingest.run import ingest
from kg.model import Assertion, Design, Mention, Predicate, Publication, Reading, Study
from kg.store import OxigraphStore
from tests.kg.factories import NAMES, ontology

_NAME = re.compile("|".join(re.escape(name.text) for name in NAMES))
_BY_TEXT = {name.text: name for name in NAMES}


@dataclass(frozen=True)
class LightReader:
    """Reads "A <predicate> B." in each sentence; some words bring it down. `pause`: seconds for each
    document.
    """

    version: str = "light 1"
    pause: float = 0.0

    def __call__(self) -> LightReader:
        return self

    def read(self, publication: Publication) -> Reading:
        time.sleep(self.pause)
        if "RAISE" in publication.text:
            raise ValueError("no such sentence")
        if "DIE" in publication.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "HANG" in publication.text:
            time.sleep(3600)
        found = list(_assertions(publication))
        mentions = tuple(sorted({part for one in found for part in (one.subject, one.object)}))
        if "MISQUOTE" in publication.text:
            mentions = tuple(replace(one, start=one.start + 1, end=one.end + 1) for one in mentions)
        return Reading(
            publication=publication,
            study=Study(Design.COHORT, 10),
            mentions=mentions,
            assertions=tuple(found),
            findings=(),
            aliases=(),
            topics=(),
            pipeline=self.version,
        )


def _assertions(publication: Publication) -> Iterator[Assertion]:
    sentence_of = re.compile(r"[^.\n]+\.")
    spans = (sentence_of.finditer(publication.text, s.start, s.end) for s in publication.sections)
    for sentence in chain.from_iterable(spans):
        names = list(_NAME.finditer(publication.text, *sentence.span()))
        verb = next((p for p in Predicate if f" {p} " in sentence.group()), None)
        if len(names) == 2 and verb is not None:
            first, second = (
                Mention(m.start(), m.end(), m.group(), _BY_TEXT[m.group()].branch, _BY_TEXT[m.group()].term)
                for m in names
            )
            start = sentence.start() + len(sentence.group()) - len(sentence.group().lstrip())
            negated = " never " in sentence.group()
            yield Assertion(first, verb, second, negated, False, start, sentence.end(), 0.9)


def main() -> None:
    """Arguments: input, data folder, number of workers."""
    source, data, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

    def tell(progress: Progress) -> None:
        print(progress.stage, progress.done, flush=True)

    with OxigraphStore.open(data / "store") as store:
        report = ingest(
            [source],
            store,
            ontology(),
            data=data,
            reader=LightReader(pause=0.003),
            workers=workers,
            refresh_every=15,
            on_progress=tell,
        )
    sys.exit(0 if report.ok else 1)


if __name__ == "__main__":
    main()
