"""What is wrong with the tables of scores: gaps, overlaps, sums, unknown names, missing sources.

Rows are tried against the patients that matter: for a number, every threshold of its rows, a step to both
sides of it, and the ends of its range; for a word, every word. Between two thresholds nothing can change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Final

from ontology.problems import Problem
from ontology.scoring.conditions import Condition, Tests
from ontology.scoring.formulas import FormulaError, formula
from ontology.scoring.model import Catalog, Grade, Row, Score
from ontology.scoring.reading import read
from ontology.scoring.units import FOLDER, UnitError, convert, substances

__all__ = ["check"]

_MOST: Final = 200_000  # patients that the rules of one score are tried against


def check(folder: Path = FOLDER) -> list[Problem]:
    """Every problem of the tables in a folder; empty when there is none."""
    catalog, problems = read(folder)
    problems += _names(catalog)
    problems += _inputs(catalog)
    problems += _substances(folder)
    for one in catalog.scores.values():
        problems += _score(one)
        problems += _unknown(one, catalog)
        if not any(p.field == "when" and p.file in ("points.tsv", "rules.tsv") for p in problems):
            problems += _points(one, catalog) if one.kind == "points" else ()
            problems += _rules(one, catalog) if one.kind == "rules" else ()
        problems += _grades(one)
    problems += _cycles(catalog)
    return problems


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def _names(catalog: Catalog) -> Iterator[Problem]:
    """A name that belongs to two inputs, or to the characteristics of two scores."""
    owners: dict[str, str] = {}
    for one in catalog.inputs.values():
        for name in {_folded(n): n for n in (one.name, *one.names)}.values():
            other = owners.setdefault(_folded(name), one.name)
            if other != one.name:
                yield Problem(
                    "inputs.tsv", f"{name!r} is a name of {other!r} too", field="names", mend="keep it at one"
                )
    for score in catalog.scores.values():
        for name in {n for n in (score.name, score.value_name, score.class_name) if n}:
            other = owners.setdefault(_folded(name), score.name)
            if other != score.name:
                yield Problem(
                    "scores.tsv",
                    f"{name!r} is a name of {other!r} too",
                    score.row,
                    "class name",
                    "rename one",
                )


def _inputs(catalog: Catalog) -> Iterator[Problem]:
    for one in catalog.inputs.values():
        if one.substance and one.substance not in substances():
            mend = "one of: " + ", ".join(substances())
            yield Problem("inputs.tsv", f"{one.substance!r} is no substance", field="substance", mend=mend)
        if not one.source:
            yield Problem(
                "inputs.tsv", f"{one.name!r} has no source for its range", field="source", mend="name one"
            )
        for _, unit in one.unitless:
            try:
                convert(1, unit, one.unit, one.substance)
            except UnitError as error:
                yield Problem("inputs.tsv", f"{one.name!r}: {error.problems[0].what}", field="unitless")


def _substances(folder: Path) -> Iterator[Problem]:
    """Each substance has a source, and something to convert by."""
    try:
        known = substances(folder)
    except UnitError as error:
        yield from error.problems
        return
    for one in known.values():
        if not one.source:
            said = f"{one.name!r} has no source"
            yield Problem("substances.tsv", said, field="source", mend="where its numbers are from")
        if one.molar_mass is None and one.valence is None and one.per_unit is None:
            said = f"{one.name!r} converts nothing"
            yield Problem("substances.tsv", said, field="molar mass", mend="give one of the three")


def _rows(one: Score) -> Iterable[Row]:
    yield from one.rules
    for item in one.items:
        yield from item.rows


def _score(one: Score) -> Iterator[Problem]:
    def problem(what: str, field: str, mend: str) -> Problem:
        return Problem("scores.tsv", f"{one.name}: {what}", one.row, field, mend)

    if not one.source:
        yield problem("no source", "source", "the paper or guideline that defines it")
    if not one.checked:
        yield problem("not said where it was checked", "checked in", "where the numbers were compared")
    if not (one.value_name or one.class_name):
        yield problem("gives nothing", "value name", "name the number or the class that it gives")
    if (one.kind == "formula") != bool(one.formula):
        yield problem(
            f"kind {one.kind} and formula do not fit", "formula", "a formula goes with kind formula"
        )
    if (one.kind == "points") != bool(one.items):
        yield problem(
            f"kind {one.kind} and rows of points.tsv do not fit", "kind", "points go with kind points"
        )
    if (one.kind == "rules") != bool(one.rules):
        yield problem(f"kind {one.kind} and rows of rules.tsv do not fit", "kind", "rules go with kind rules")
    if one.value_name and (one.low is None or one.high is None or one.low >= one.high):
        yield problem("a number needs its range", "low", "give low and high")
    seen: dict[str, str] = {}
    for grade in one.grades:
        for name in {n.casefold() for n in (grade.value, *grade.names)}:
            if name in seen:
                said = f"{one.name}: {name!r} names {seen[name]} too"
                yield Problem("values.tsv", said, grade.row, "names", "keep it at one value")
            seen[name] = grade.value
    if one.class_name and not one.grades:
        yield problem("a class without values", "class name", "give its values in values.tsv")


def _unknown(one: Score, catalog: Catalog) -> Iterator[Problem]:
    files = [("rules.tsv", row) for row in one.rules]
    files += [("points.tsv", row) for item in one.items for row in item.rows]
    for file, row in files:
        for condition in row.conditions:
            yield from _condition(file, row, condition, catalog)
    for row in one.rules:
        if row.outcome not in one.values:
            mend = "one of: " + ", ".join(one.values)
            yield Problem(
                "rules.tsv", f"{row.outcome!r} is no value of the {one.name}", row.row, "value", mend
            )
    if one.formula:
        try:
            variables = formula(one.formula).variables.values()
        except FormulaError:
            return
        for variable in variables:
            known = catalog.inputs.get(variable.input)
            if known is None and catalog.source_of(variable.input) is None:
                said = f"{one.name}: {variable.input!r} is no input and no score"
                yield Problem("scores.tsv", said, one.row, "formula", "add it to inputs.tsv")
            elif known is not None and variable.unit:
                try:
                    convert(1, known.unit, variable.unit, known.substance)
                except UnitError as error:
                    yield Problem("scores.tsv", f"{one.name}: {error.problems[0].what}", one.row, "formula")


def _condition(file: str, row: Row, condition: Condition, catalog: Catalog) -> Iterator[Problem]:
    name = condition.input
    known, source = catalog.inputs.get(name), catalog.source_of(name)
    if known is None and source is None:
        mend = "add it to inputs.tsv, or write its name as there"
        yield Problem(file, f"{name!r} is no input and no score", row.row, "when", mend)
        return
    words = known.values if known is not None else _words_of(source, name)
    low, high = (
        (known.low, known.high)
        if known is not None
        else (source.low, source.high)
        if source
        else (None, None)
    )
    for test in condition.tests:
        if words and test.operator in ("=", "!="):
            for word in test.words:
                if word not in words:
                    yield Problem(
                        file, f"{word!r} is no value of {name!r}", row.row, "when", ", ".join(words)
                    )
        elif words:
            yield Problem(
                file, f"{name!r} has words, not numbers", row.row, "when", "use = and " + ", ".join(words)
            )
        elif (
            test.number is not None
            and low is not None
            and high is not None
            and not low <= test.number <= high
        ):
            said = f"{test.number:g} is outside the range of {name!r}"
            yield Problem(file, said, row.row, "when", f"{low:g} to {high:g}")


def _words_of(source: Score | None, name: str) -> tuple[str, ...]:
    return source.values if source is not None and name == source.class_name else ()


def _samples(name: str, tests: Iterable[Tests], catalog: Catalog) -> list[float | str]:
    """The values of an input that rows can tell apart."""
    known, source = catalog.inputs.get(name), catalog.source_of(name)
    words = known.values if known is not None else _words_of(source, name)
    if words:
        vague = known.vague if known is not None else frozenset()
        return [word for word in words if word not in vague]
    low = (known.low if known is not None else source.low if source else None) or 0.0
    high = (known.high if known is not None else source.high if source else None) or 0.0
    whole = known.whole if known is not None else source is not None and source.decimals == 0
    step = 1.0 if whole else 1e-6
    edges = {low, high}
    for group in tests:
        for test in group:
            if test.number is not None:
                edges |= {test.number, test.number - step, test.number + step}
    return sorted(edge for edge in edges if low <= edge <= high)


def _patients(rows: Iterable[Row], catalog: Catalog) -> tuple[list[str], list[list[float | str]]]:
    tests: dict[str, list[Tests]] = {}
    for row in rows:
        for condition in row.conditions:
            tests.setdefault(condition.input, []).append(condition.tests)
    names = list(tests)
    return names, [_samples(name, tests[name], catalog) for name in names]


def _met(row: Row, patient: Mapping[str, float | str]) -> bool:
    return all(all(test(patient[c.input]) for test in c.tests) for c in row.conditions)


def _said(patient: Mapping[str, float | str]) -> str:
    return ", ".join(f"{n} {v:g}" if isinstance(v, float) else f"{n} {v}" for n, v in patient.items())


def _points(one: Score, catalog: Catalog) -> Iterator[Problem]:
    """Every item gives points to every patient, once; the sums reach from low to high."""
    low = high = 0.0
    for item in one.items:
        outcomes = [float(row.outcome) for row in item.rows]
        low, high = low + min(outcomes), high + max(outcomes)
        names, values = _patients(item.rows, catalog)
        for combination in product(*values):
            patient = dict(zip(names, combination, strict=True))
            met = [row for row in item.rows if _met(row, patient)]
            if len(met) == 1:
                continue
            what = "no row fits" if not met else "rows " + ", ".join(str(r.row) for r in met) + " all fit"
            mend = "close the gap" if not met else "let them not overlap"
            where = met[-1] if met else item.rows[0]
            yield Problem(
                "points.tsv", f"{one.name}, {item.name}: {what} {_said(patient)}", where.row, "when", mend
            )
            break
    if one.low is not None and one.high is not None and (low, high) != (one.low, one.high):
        said = f"{one.name}: the points sum up to {low:g} to {high:g}, not {one.low:g} to {one.high:g}"
        yield Problem("scores.tsv", said, one.row, "low", "mend the points, or low and high")


def _rules(one: Score, catalog: Catalog) -> Iterator[Problem]:
    """Some rule fits every patient, and every rule is the first for some patient."""
    names, values = _patients(one.rules, catalog)
    if prod(len(v) for v in values) > _MOST:
        said = f"{one.name}: the rules tell more than {_MOST} patients apart and were not tried"
        yield Problem("rules.tsv", said, one.rules[0].row, "when", "split the score into two")
        return
    reached: set[int] = set()
    gap = None
    for combination in product(*values):
        patient = dict(zip(names, combination, strict=True))
        first = next((row for row in one.rules if _met(row, patient)), None)
        if first is None:
            gap = gap or patient
        else:
            reached.add(first.row)
    if gap is not None:
        said = f"{one.name}: no rule fits {_said(gap)}"
        yield Problem(
            "rules.tsv", said, one.rules[-1].row, "when", "add a rule, or a last one with an empty cell"
        )
    for row in one.rules:
        if row.row not in reached:
            said = f"{one.name}: the rule is never reached"
            yield Problem(
                "rules.tsv", said, row.row, "when", "rules before it decide already; remove or move it"
            )


def _grades(one: Score) -> Iterator[Problem]:
    """Every number has one class."""
    graded = [g for g in one.grades if g.tests]
    if not graded or one.low is None or one.high is None:
        return
    step = 10.0 ** -(one.decimals if one.decimals is not None else 6)
    edges = {one.low, one.high}
    for grade in graded:
        for test in grade.tests:
            if test.number is not None:
                edges |= {test.number, round(test.number - step, 9), round(test.number + step, 9)}
    for edge in sorted(e for e in edges if one.low <= e <= one.high):
        met: list[Grade] = [g for g in graded if all(test(edge) for test in g.tests)]
        if len(met) != 1:
            what = "has no value" if not met else "is " + " and ".join(g.value for g in met)
            where = met[-1] if met else graded[0]
            mend = "close the gap" if not met else "let them not overlap"
            yield Problem("values.tsv", f"{one.name}: {edge:g} {what}", where.row, "when", mend)


def _needs(one: Score, catalog: Catalog) -> set[str]:
    names = {c.input for row in _rows(one) for c in row.conditions}
    if one.formula:
        try:
            names |= {v.input for v in formula(one.formula).variables.values()}
        except FormulaError:
            return set()
    sources = (catalog.source_of(name) for name in names if name not in catalog.inputs)
    return {source.name for source in sources if source is not None}


def _cycles(catalog: Catalog) -> Iterator[Problem]:
    """A score that needs itself."""
    needs = {name: _needs(one, catalog) for name, one in catalog.scores.items()}
    for name in needs:
        todo, seen = list(needs[name]), set[str]()
        while todo:
            here = todo.pop()
            if here == name:
                row = catalog.scores[name].row
                yield Problem("scores.tsv", f"{name} needs itself", row, "score", "break the cycle")
                break
            if here not in seen:
                seen.add(here)
                todo += needs.get(here, ())
