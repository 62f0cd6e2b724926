"""Reading the tables of scores and inputs; every cell is checked for its form on the way."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Final, cast

from ontology.problems import Problem
from ontology.scoring.conditions import Condition, ConditionError, Test, Tests, conditions, tests
from ontology.scoring.formulas import FormulaError, formula
from ontology.scoring.model import KINDS, Catalog, Grade, Input, Item, Kind, Row, Score, ScoreError
from ontology.scoring.units import FOLDER, UnitError, convert
from ontology.tsv import rows, split

__all__ = ["COLUMNS", "catalog", "read"]

COLUMNS: Final = {
    "scores.tsv": (
        "score",
        "kind",
        "value name",
        "class name",
        "names",
        "unit",
        "low",
        "high",
        "decimals",
        "worse",
        "bare",
        "formula",
        "source",
        "checked in",
        "comment",
    ),
    "values.tsv": ("score", "value", "when", "names", "meaning"),
    "points.tsv": ("score", "item", "when", "points"),
    "rules.tsv": ("score", "value", "when"),
    "inputs.tsv": (
        "input",
        "unit",
        "low",
        "high",
        "whole",
        "values",
        "names",
        "substance",
        "unitless",
        "source",
    ),
}


@cache
def catalog(folder: Path = FOLDER) -> Catalog:
    """The scores of a folder.

    Raises:
        ScoreError: a table cannot be read.
    """
    found, problems = read(folder)
    if problems:
        raise ScoreError(f"the tables of scores have {len(problems)} problem(s)", problems)
    return found


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def table(self, name: str) -> list[tuple[int, dict[str, str]]]:
        return list(rows(self.folder / name, COLUMNS[name], self.problems))

    def number(self, file: str, row: int, field: str, text: str) -> float | None:
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            self.problems.append(
                Problem(file, f"{text!r} is no number", row, field, "digits and a decimal point")
            )
            return None

    def choice(self, file: str, row: int, field: str, text: str, allowed: tuple[str, ...]) -> str:
        if text not in allowed:
            mend = "one of: " + ", ".join(a or "(empty)" for a in allowed)
            self.problems.append(Problem(file, f"{text!r} is not allowed", row, field, mend))
            return allowed[0]
        return text

    def tests(self, file: str, row: int, field: str, text: str) -> Tests:
        try:
            return tests(text) if text else ()
        except ConditionError as error:
            self.problems.append(Problem(file, str(error), row, field))
            return ()

    def conditions(self, file: str, row: int, text: str, inputs: dict[str, Input]) -> tuple[Condition, ...]:
        try:
            found = conditions(text)
        except ConditionError as error:
            self.problems.append(Problem(file, str(error), row, "when"))
            return ()
        return tuple(
            Condition(c.input, tuple(self.own_unit(file, row, t, inputs.get(c.input)) for t in c.tests))
            for c in found
        )

    def own_unit(self, file: str, row: int, test: Test, of: Input | None) -> Test:
        """A test in the unit of its input, so that nothing is converted when it is asked."""
        if not test.unit or test.number is None or of is None:
            return test
        try:
            number = convert(test.number, test.unit, of.unit, of.substance)
        except UnitError as error:
            self.problems += [Problem(file, p.what, row, "when", p.mend) for p in error.problems]
            return test
        # Twelve digits: a limit of 36 g/L is 3.6 g/dL, not 3.6000000000000005.
        return Test(test.operator, float(f"{number:.12g}"), test.words)


def read(folder: Path) -> tuple[Catalog, list[Problem]]:
    """The scores and inputs of a folder, and what cannot be read."""
    reader = _Reader(folder)
    inputs = _inputs(reader)
    grades: dict[str, list[Grade]] = defaultdict(list)
    for number, row in reader.table("values.tsv"):
        when = reader.tests("values.tsv", number, "when", row["when"])
        grades[row["score"]].append(Grade(row["value"], when, split(row["names"]), row["meaning"], number))
    items: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for number, row in reader.table("points.tsv"):
        points = reader.number("points.tsv", number, "points", row["points"] or "?") or 0
        found = reader.conditions("points.tsv", number, row["when"], inputs)
        items[row["score"]][row["item"]].append(Row(f"{points:g}", found, number))
    rules: dict[str, list[Row]] = defaultdict(list)
    for number, row in reader.table("rules.tsv"):
        found = reader.conditions("rules.tsv", number, row["when"], inputs)
        rules[row["score"]].append(Row(row["value"], found, number))
    scores: dict[str, Score] = {}
    for number, row in reader.table("scores.tsv"):
        name = row["score"]
        if name in scores or not name:
            reader.problems.append(Problem("scores.tsv", f"{name!r} has a row already", number, "score"))
        scores[name] = _score(
            reader,
            number,
            row,
            tuple(Item(i, tuple(found)) for i, found in items.get(name, {}).items()),
            tuple(rules.get(name, ())),
            tuple(grades.get(name, ())),
        )
    for file, used in (("values.tsv", grades), ("points.tsv", items), ("rules.tsv", rules)):
        for name in used:
            if name not in scores:
                mend = "add the score, or write its name as there"
                reader.problems.append(
                    Problem(file, f"{name!r} is not in scores.tsv", field="score", mend=mend)
                )
    return Catalog(scores, inputs), reader.problems


def _score(
    reader: _Reader,
    number: int,
    row: dict[str, str],
    items: tuple[Item, ...],
    rules: tuple[Row, ...],
    grades: tuple[Grade, ...],
) -> Score:
    file = "scores.tsv"
    decimals = reader.number(file, number, "decimals", row["decimals"])
    if row["formula"]:
        try:
            formula(row["formula"])
        except FormulaError as error:
            reader.problems.append(Problem(file, str(error), number, "formula"))
    return Score(
        row["score"],
        cast(Kind, reader.choice(file, number, "kind", row["kind"], KINDS)),
        row["value name"],
        row["class name"],
        split(row["names"]),
        row["unit"],
        reader.number(file, number, "low", row["low"]),
        reader.number(file, number, "high", row["high"]),
        None if decimals is None else int(decimals),
        reader.choice(file, number, "worse", row["worse"], ("", "higher", "lower")),
        reader.choice(file, number, "bare", row["bare"], ("", "yes")) == "yes",
        row["formula"],
        items,
        rules,
        grades,
        row["source"],
        row["checked in"],
        row["comment"],
        number,
    )


def _words(cell: str) -> tuple[tuple[str, ...], dict[str, str], frozenset[str]]:
    """Words of an input, other words for them, and those that say too little:
    ``none (absent, no)|mild (slight)|present?``.
    """
    words: list[str] = []
    aliases: dict[str, str] = {}
    vague: set[str] = set()
    for part in split(cell):
        word, _, others = part.partition("(")
        word = word.strip()
        if word.endswith("?"):
            word = word[:-1]
            vague.add(word)
        words.append(word)
        aliases |= {
            other.strip().casefold(): word for other in others.rstrip(") ").split(",") if other.strip()
        }
    return tuple(words), aliases, frozenset(vague)


def _inputs(reader: _Reader) -> dict[str, Input]:
    found: dict[str, Input] = {}
    file = "inputs.tsv"
    for number, row in reader.table(file):
        unitless = []
        for part in split(row["unitless"]):
            when, _, unit = part.rpartition(":")
            unitless.append((reader.tests(file, number, "unitless", when.strip() or ">=0"), unit.strip()))
        words, aliases, vague = _words(row["values"])
        one = Input(
            row["input"],
            row["unit"],
            reader.number(file, number, "low", row["low"]),
            reader.number(file, number, "high", row["high"]),
            reader.choice(file, number, "whole", row["whole"], ("", "yes")) == "yes",
            words,
            split(row["names"]),
            row["substance"],
            tuple(unitless),
            row["source"],
            aliases,
            vague,
        )
        if one.name in found:
            reader.problems.append(Problem(file, f"{one.name!r} has a row already", number, "input"))
        if one.numeric and (one.low is None or one.high is None or one.low >= one.high):
            mend = "give low and high, or values"
            reader.problems.append(Problem(file, "a number needs its possible range", number, "low", mend))
        found[one.name] = one
    return found
