"""The design of a study: from the types that the publication carries, else from its title, else from its
abstract.

The designs are those of the annotation guidelines; `tables/design_cues.tsv` lists their words, the strongest
design first.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ingest.nlp.sizes import size
from ingest.nlp.tables import WORDS, cue, rows
from kg.model import Design, Publication
from ontology import rules

__all__ = ["design"]


@cache
def _publication_types() -> tuple[tuple[str, Design], ...]:
    return tuple(
        (row["type"].casefold(), Design(row.choice("design", Design)))
        for row in rows("publication_types", "type", "design")
    )


@cache
def _design_cues() -> tuple[tuple[Design, re.Pattern[str]], ...]:
    """One pattern for each design, in the order of the table."""
    found = rows("design_cues", "design", "pattern")
    designs = dict.fromkeys(Design(row.choice("design", Design)) for row in found)
    return tuple(
        (design, rules.joined([row for row in found if row["design"] == design], flags=re.I | re.S))
        for design in designs
    )


def _cue(name: str, template: str = WORDS) -> re.Pattern[str]:
    return cue("study_cues", name, template)


def design(publication: Publication) -> Design:
    """The study design of a publication."""
    types = {t.casefold() for t in publication.publication_types}
    for name, found in _publication_types():
        if name in types:
            return found
    title = publication.title or publication.text[:200]
    abstract = _abstract(publication)
    if _cue("guideline_title").search(title) and "random" not in title.casefold():
        return Design.GUIDELINE
    if _cue("case_title", "{}").search(title):
        return Design.CASE_REPORT
    if _NOT_RANDOMISED.search(title) or (_NOT_RANDOMISED.search(abstract) and not _ASSIGNED.search(abstract)):
        return Design.COHORT
    for found, pattern in _design_cues():
        if found not in (Design.COHORT, Design.PRECLINICAL) and pattern.search(title):
            return found
    if _cue("searched", "{}").search(abstract):
        return Design.META_ANALYSIS if _cue("pooled", "{}").search(abstract) else Design.SYSTEMATIC_REVIEW
    for found, pattern in _design_cues():
        if found in (Design.PRECLINICAL, Design.GUIDELINE) and re.search(r"\bpatients\b", abstract, re.I):
            continue
        if found is Design.RCT and not _randomised_here(abstract):
            continue
        if found is Design.COHORT and _cue("cross_sectional").search(abstract):
            return Design.OTHER
        if found is Design.META_ANALYSIS and not re.search(
            r"\b(?:this|our|we|a|perform|conduct)\b.{0,60}\bmeta-?analys", abstract, re.I
        ):
            continue
        if pattern.search(abstract):
            return found
    if _cue("cross_sectional").search(abstract):
        return Design.OTHER
    return Design.COHORT if size(publication) else Design.OTHER


# A comparison that says itself that chance did not form its groups.
_NOT_RANDOMISED: Final = re.compile(r"\bnon-?\s?randomi[sz]ed\b|\bpropensity[- ](?:score|match)", re.I)
_ASSIGNED: Final = re.compile(
    r"\brandomly (?:assigned|allocated)\b|\bwere randomi[sz]ed\b|\bmeta-analysis\b", re.I
)


def _randomised_here(abstract: str) -> bool:
    """True when this study randomised, not one that it mentions or asks for (`a randomised trial is
    needed`).
    """
    for match in re.finditer(r"\brandomi[sz]ed\b|\brandomly\b|\brandomi[sz]ation\b", abstract, re.I):
        start = max(abstract.rfind(". ", 0, match.start()), abstract.rfind("\n", 0, match.start())) + 1
        stop = min(
            x
            for x in (abstract.find(". ", match.end()), abstract.find("\n", match.end()), len(abstract))
            if x >= 0
        )
        if not _cue("elsewhere").search(abstract[start:stop]):
            return True
    return False


def _abstract(publication: Publication) -> str:
    """Title and abstract, or the beginning of the text where these say next to nothing."""
    parts = [s.text for s in publication.sections if s.part != "body"]
    return "\n".join(parts) if len("".join(parts)) > 300 else publication.text[:4000]
