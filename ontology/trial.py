"""Trying a change on a copy of the tables: what would be wrong, with the file and row of each problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from ontology import quality
from ontology.problems import Problem
from ontology.ranges import read_ranges
from ontology.spelling import fold_name
from ontology.tables import Tables, read
from ontology.terms import Branch, Term

__all__ = ["problems"]

_TERM_ID: Final = re.compile(r"\bIRKG:\d{7}\b")


def problems(
    root: Path, touched: set[str], known: Mapping[str, set[str]], *, reason: bool, cache: Path | None
) -> list[Problem]:
    """What is wrong with the tables under `root`.

    Args:
        root: the folder.
        touched: ids of the terms that a change concerns.
        known: the names that these terms had before it, by id.
        reason: let the reasoner look for contradictions too, when nothing else is wrong.
        cache: a folder for the reasoner's results.
    """
    found = read(root)
    wrong = (
        _cycles(found, touched)
        or found.problems
        or _clashes(found, touched, known)
        or read_ranges(root / "ranges.tsv")[1]
    )
    if not wrong:
        wrong = quality.check(root, reason=reason, cache=cache)
    return [_located(problem, found, touched) for problem in wrong]


def _cycles(found: Tables, touched: set[str]) -> list[Problem]:
    """Touched terms that would be above themselves, at their own rows and with the way round."""
    wrong: list[Problem] = []
    for start in sorted(touched & found.terms.keys()):
        below: dict[str, str] = {}
        queue = [start]
        while queue and start not in below:
            child = queue.pop()
            for parent in found.terms[child].parents if child in found.terms else ():
                if parent not in below:
                    below[parent] = child
                    queue.append(parent)
        if start not in below:
            continue
        way = [start]
        while (child := below[way[-1]]) != start:
            way.append(child)
        names = " is below ".join(repr(found.terms[one].label) for one in [start, *reversed(way[1:]), start])
        file, row = found.places[start]
        mend = "give it a parent that is not below it"
        wrong.append(Problem(file, names, row, "parents", mend, "hierarchy_cycle"))
    return wrong


def _clashes(found: Tables, touched: set[str], known: Mapping[str, set[str]]) -> list[Problem]:
    """Names of the touched terms that were not there before and belong to another term of the branch."""
    exact: dict[tuple[Branch, tuple[str, ...]], set[str]] = {}
    labels: dict[tuple[Branch, tuple[str, ...]], set[str]] = {}
    for term in found.terms.values():
        labels.setdefault((term.branch, fold_name(term.label)), set()).add(term.id)
        for synonym in term.synonyms:
            if synonym.scope == "exact" and not synonym.abbreviation:
                exact.setdefault((term.branch, fold_name(synonym.text)), set()).add(term.id)
    wrong: list[Problem] = []
    for term_id in sorted(touched & found.terms.keys()):
        term = found.terms[term_id]
        for column, name in _names(term):
            if name in known.get(term_id, ()):
                continue
            key = (term.branch, fold_name(name))
            others = [(one, "the label") for one in sorted(labels.get(key, set()) - {term_id})]
            if column in ("label", "exact"):
                others += [(one, "an exact synonym") for one in sorted(exact.get(key, set()) - {term_id})]
            for other, what in others[:1]:
                file, row = found.places[term_id]
                said = f"{name!r} is {what} of {found.terms[other].label!r} ({other})"
                mend = "keep it at one of the two" + (
                    "" if column == "label" else ", or make it broad or related"
                )
                rule = (
                    "duplicate_exact_synonym"
                    if what != "the label" and column != "label"
                    else "duplicate_label_synonym"
                )
                wrong.append(Problem(file, said, row, column, mend, rule))
    return wrong


def _names(term: Term) -> Iterator[tuple[str, str]]:
    yield "label", term.label
    for synonym in term.synonyms:
        if synonym.scope in ("exact", "narrow"):
            yield "abbreviations" if synonym.abbreviation else synonym.scope, synonym.text


def _located(problem: Problem, found: Tables, touched: set[str]) -> Problem:
    """The problem with a file and row where it names a term and has none."""
    if problem.row is not None:
        return problem
    named = [one for one in _TERM_ID.findall(str(problem)) if one in found.places]
    named.sort(key=lambda one: one not in touched)
    if not named:
        return problem
    file, row = found.places[named[0]]
    column = "parents" if problem.field == "subClassOf" else problem.field
    return replace(problem, file=file, row=row, field=column)
