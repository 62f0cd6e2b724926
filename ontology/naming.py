"""Checks of names as the lexicon uses them: a surface form should lead to one term of its branch, and no
abbreviation should be a word of everyday English.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from ontology import rules
from ontology.findings import Finding, Level
from ontology.spelling import fold_name
from ontology.tables import ROOT
from ontology.terms import Branch, Term

__all__ = ["WORDS", "common_words", "naming"]

WORDS: Final = ROOT / "common_words.txt"


@cache
def common_words(path: Path = WORDS) -> frozenset[str]:
    """Short words of everyday English, lower case."""
    return frozenset(row["pattern"] for row in rules.lines(path))


def naming(terms: Iterable[Term]) -> Iterator[Finding]:
    """Names that two terms of one branch own, names that a term has twice, and abbreviations that are words.

    Abbreviations are compared as written, other names after folding (:mod:`ontology.spelling`), as they are
    matched in text. One name may belong to terms of different branches: `bleeding` is a disease, an outcome
    and an adverse event. An abbreviation in capitals is told from the word by its case (INFO); one written as
    the word is (`Met`) is not (WARN).
    """
    owners: dict[tuple[Branch, str], dict[str, tuple[Term, str]]] = {}
    for term in terms:
        seen: set[str] = {term.label}
        for synonym in term.synonyms:
            if synonym.text in seen:
                what = f"{term.label!r} has the name {synonym.text!r} twice"
                yield _find(Level.ERROR, "name_twice", term, what, synonym.scope, "once is enough")
            seen.add(synonym.text)
            if synonym.abbreviation and synonym.text.lower() in common_words():
                level = Level.INFO if synonym.text.isupper() else Level.WARN
                what = f"the abbreviation {synonym.text!r} is a word of everyday English"
                mend = "leave it out unless texts write it so"
                yield _find(level, "abbreviation_is_word", term, what, "abbreviations", mend)
        names = [
            (term.label, False),
            *((s.text, s.abbreviation) for s in term.synonyms if s.scope == "exact"),
        ]
        for name, abbreviation in names:
            key = name if abbreviation else " ".join(fold_name(name))
            owners.setdefault((term.branch, key), {}).setdefault(term.id, (term, name))
    for having in owners.values():
        if len(having) > 1:
            said = " and ".join(f"{name!r} of {term.label!r} ({term.id})" for term, name in having.values())
            first = next(iter(having.values()))[0]
            mend = "keep it at one, or make it a broad or related synonym"
            yield _find(
                Level.ERROR, "name_of_two_terms", first, f"one name for two terms: {said}", "exact", mend
            )


def _find(level: Level, check: str, term: Term, what: str, field: str, mend: str) -> Finding:
    return Finding(level, check, what, term.id, term.label, field=field, mend=mend)
