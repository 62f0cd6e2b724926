"""Small publications for the tests of the reader; their sentences are written for these tests."""

from __future__ import annotations

from typing import Literal

from ingest.nlp.pipeline import Reader
from kg.model import Finding, Publication, Reading, Section, SectionKind

Part = Literal["title", "abstract", "body"]


def publication(
    *sections: tuple[SectionKind, str], title: str = "", types: tuple[str, ...] = (), body: bool = False
) -> Publication:
    """A publication with a title (if any) and sections, one under the other."""
    parts: list[tuple[SectionKind, str, Part]] = [(SectionKind.TITLE, title, "title")] if title else []
    parts += [(kind, text, "body" if body else "abstract") for kind, text in sections]
    text = ""
    found: list[Section] = []
    for kind, words, part in parts:
        found.append(Section(kind.value, words, kind, part, len(text)))
        text += words + "\n"
    return Publication(id="test:1", text=text, sections=tuple(found), title=title, publication_types=types)


def read(reader: Reader, *sentences: str, title: str = "", types: tuple[str, ...] = ()) -> Reading:
    """What the reader makes of results under a title."""
    return reader.read(publication((SectionKind.RESULTS, " ".join(sentences)), title=title, types=types))


def relations(reading: Reading) -> set[tuple[str, str, str]]:
    """The relations that are asserted, as printed; those that are denied are marked with ``not``."""
    return {
        (a.subject.text, ("not " if a.negated else "") + a.predicate.value, a.object.text)
        for a in reading.assertions
    }


def finding(reading: Reading, outcome: str) -> Finding:
    """The one finding whose outcome has this name."""
    found = [f for f in reading.findings if f.outcome.text.casefold() == outcome.casefold()]
    told = [(f.outcome.text, f.effect) for f in reading.findings]
    assert len(found) == 1, f"{len(found)} findings on {outcome!r} among {told}"
    return found[0]
