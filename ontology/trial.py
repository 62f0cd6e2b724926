"""Trying a change on a copy of the tables: what would be wrong, with the file and row of each problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from ontology import quality
from ontology.build import build_root
from ontology.explain import clash, roots, words
from ontology.iris import PREFIXES, compact, expand
from ontology.owl import axioms
from ontology.problems import Problem
from ontology.reasoning import classify
from ontology.reasoning import problems as contradictions
from ontology.spelling import fold_name
from ontology.tables import Tables, load, read
from ontology.terms import Branch, Term

__all__ = ["problems"]

_EXPLAINED: Final = 2  # classes without members whose reason is looked for; each takes seconds
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
    wrong = _cycles(found, touched) or found.problems or _clashes(found, touched, known)
    wrong = wrong or quality.check(root)
    if reason and not wrong:
        wrong = _contradictions(root, touched, cache)
    return [_located(problem, found, touched) for problem in wrong]


def _contradictions(root: Path, touched: set[str], cache: Path | None) -> list[Problem]:
    """What the reasoner finds; for the first classes without members, the axioms that clash."""
    built = build_root(root)
    result = classify(built, cache)
    every = tuple(axioms(built.triples))
    labels = {
        str(one.parts[1]): getattr(one.parts[2], "value", "")
        for one in every
        if one.kind == "AnnotationAssertion" and one.parts[0] == PREFIXES["rdfs"] + "label"
    }
    first = roots(every, map(expand, result.unsatisfiable)) if result.unsatisfiable else ()
    ordered = sorted(first, key=lambda iri: (compact(iri) not in touched, iri))[:_EXPLAINED]
    reasons = {compact(iri): "; ".join(words(a, labels) for a in clash(every, iri)) for iri in ordered}
    found: list[Problem] = []
    for problem in contradictions(result, load(root)):
        curie = next((one for one in _TERM_ID.findall(problem.what) if one in reasons), "")
        if problem.field == "subClassOf":
            problem = replace(problem, rule="unsatisfiable")
        if curie:
            what, mend = f"{problem.what}; these axioms clash: {reasons[curie]}", "change one of them"
            found.append(replace(problem, what=what, mend=mend))
        else:
            found.append(problem)
    return sorted(found, key=lambda one: "these axioms clash" not in one.what)


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
