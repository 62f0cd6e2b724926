"""The check that every offset of a reading points at what it says, made before anything is written."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model import Assertion, Finding, Mention, Publication, Reading
from ontology.problems import IrkgError, Problem

__all__ = ["QuoteError", "check_quotes", "evidence_of", "mentions_of"]

_SHOWN = 60  # characters of a quote in an error message


class QuoteError(IrkgError):
    """A quote, mention or section is not where its offsets say; `problems` name document, offsets and the
    quote.
    """


def evidence_of(reading: Reading) -> tuple[Assertion | Finding, ...]:
    """Every piece of evidence of a reading."""
    return (*reading.assertions, *reading.findings)


def mentions_of(evidence: Assertion | Finding) -> Iterator[Mention]:
    """The mentions that a piece of evidence is made of."""
    if isinstance(evidence, Assertion):
        yield from (evidence.subject, evidence.object)
    else:
        parts = (evidence.intervention, evidence.comparator, evidence.outcome, evidence.population)
        yield from (part for part in parts if part is not None)


def check_quotes(reading: Reading) -> None:
    """Check sections, mentions and evidence against the document's text.

    Sections and mentions must equal the text at their offsets; the sentence of evidence must hold words and
    lie within one section; an assertion's two mentions must lie within its sentence.

    Raises:
        QuoteError: something is not where it should be; everything wrong is named.
    """
    problems = list(_problems(reading))
    if problems:
        raise QuoteError(
            f"{reading.publication.id} has {len(problems)} quote(s) that are not in its text", problems
        )


def _problems(reading: Reading) -> Iterator[Problem]:
    publication = reading.publication
    text = publication.text
    for section in publication.sections:
        if not _holds(text, section.start, section.end, section.text):
            yield _problem(publication, section.start, section.end, f"section {section.label!r} is not here")
    seen: set[Mention] = set()
    for mention in reading.mentions:
        seen.add(mention)
        yield from _mention(publication, mention)
    for evidence in evidence_of(reading):
        yield from _sentence(publication, evidence)
        for mention in mentions_of(evidence):
            if mention not in seen:
                seen.add(mention)
                yield from _mention(publication, mention)


def _mention(publication: Publication, mention: Mention) -> Iterator[Problem]:
    if not mention.text or not _holds(publication.text, mention.start, mention.end, mention.text):
        yield _problem(publication, mention.start, mention.end, f"mention {mention.text!r} is not here")


def _sentence(publication: Publication, evidence: Assertion | Finding) -> Iterator[Problem]:
    start, end = evidence.start, evidence.end
    if not 0 <= start < end <= len(publication.text) or not publication.text[start:end].strip():
        yield _problem(publication, start, end, "evidence quotes nothing")
        return
    section = publication.section_at(start)
    if section < 0 or end > publication.sections[section].end:
        yield _problem(publication, start, end, "evidence is not within one section")
    if isinstance(evidence, Assertion):
        for mention in mentions_of(evidence):
            if not start <= mention.start <= mention.end <= end:
                where = f"{mention.text!r} at {mention.start}-{mention.end} is outside the quoted sentence"
                yield _problem(publication, start, end, where)


def _holds(text: str, start: int, end: int, expected: str) -> bool:
    return 0 <= start <= end <= len(text) and text[start:end] == expected


def _problem(publication: Publication, start: int, end: int, what: str) -> Problem:
    found = publication.text[max(start, 0) : max(end, 0)]
    shown = found if len(found) <= _SHOWN else found[: _SHOWN - 1] + "…"
    return Problem(
        publication.id,
        f"{what}; the text there is {shown!r}",
        field=f"characters {start}-{end}",
        mend="offsets count the characters of the document's text from 0",
    )
