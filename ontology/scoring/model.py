"""What a score is: its values in order, its inputs, and the rows that make one from the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from ontology.problems import IrkgError
from ontology.scoring.conditions import Condition, Tests

__all__ = [
    "KINDS",
    "Catalog",
    "Grade",
    "Input",
    "Item",
    "Kind",
    "Known",
    "Quantity",
    "Result",
    "Row",
    "Score",
    "ScoreError",
    "Value",
]

Value = float | str
Kind = Literal["points", "formula", "rules", "scale"]
KINDS: Final[tuple[Kind, ...]] = ("points", "formula", "rules", "scale")


class ScoreError(IrkgError):
    """A score or a value that is not known, impossible, or contradicts itself."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit; a word (``"mild"``) has none.

    >>> Quantity(2.4, "mg/dL")
    Quantity(value=2.4, unit='mg/dL')
    """

    value: Value | bool
    unit: str = ""


# What `compute` takes for an input: a number or word without unit is read by the rules of `inputs.tsv`.
Known = Quantity | float | str | bool


@dataclass(frozen=True, slots=True)
class Input:
    """Something measured or observed: its unit and range, or the words it may be.

    `unitless` holds (tests, unit) pairs: which unit a bare number is taken to be in. `whole` is True for
    counts. `aliases` are other words for its words; `vague` words say something, but too little to decide
    ("ascites present" does not say how much).
    """

    name: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    whole: bool = False
    values: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    substance: str = ""
    unitless: tuple[tuple[Tests, str], ...] = ()
    source: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)
    vague: frozenset[str] = frozenset()

    @property
    def numeric(self) -> bool:
        """True when its values are numbers."""
        return not self.values

    @property
    def range(self) -> str:
        """The possible values for people: ``0.05 to 80 mg/dL`` or ``none, mild, moderate``."""
        if self.values:
            return ", ".join(self.values)
        return f"{self.low:g} to {self.high:g} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Grade:
    """One value of a score in its order: the numbers it stands for (empty: none), other names, meaning."""

    value: str
    tests: Tests = ()
    names: tuple[str, ...] = ()
    meaning: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """All conditions met give the outcome: a grade of a score by rules, or the points of an item."""

    outcome: str
    conditions: tuple[Condition, ...]
    row: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a score by points: exactly one of its rows applies to a patient."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A score, stage or class.

    `value_name` and `class_name` are the names of the patient's characteristics that it gives
    (``Child-Pugh points``, ``Child-Pugh class``); `worse` says whether the ``higher`` or the ``lower`` value
    is the worse for the patient (empty: neither).
    """

    name: str
    kind: Kind
    value_name: str = ""
    class_name: str = ""
    names: tuple[str, ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None
    decimals: int | None = None
    worse: str = ""
    bare: bool = False
    formula: str = ""
    items: tuple[Item, ...] = ()
    rules: tuple[Row, ...] = ()
    grades: tuple[Grade, ...] = ()
    source: str = ""
    checked: str = ""
    comment: str = ""
    row: int = 0

    @property
    def values(self) -> tuple[str, ...]:
        """The grades in their order."""
        return tuple(grade.value for grade in self.grades)

    def grade(self, text: str) -> Grade | None:
        """The grade that a text names, by value or other name, without regard to case."""
        key = text.strip().casefold()
        return next(
            (g for g in self.grades if key == g.value.casefold() or key in map(str.casefold, g.names)), None
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of a score from the inputs given.

    `value` is the number and `grade` the class, None when not known; `possible` are the grades that what is
    not known leaves open; `missing` names the inputs to measure. `inputs` are those used, in the score's
    units.
    """

    score: str
    value: float | None
    grade: str | None
    possible: tuple[str, ...]
    missing: tuple[str, ...]
    inputs: Mapping[str, Quantity]
    formula: str
    source: str
    unit: str = ""

    @property
    def known(self) -> bool:
        """True when nothing is missing that could change the result."""
        return not self.missing

    def __str__(self) -> str:
        number = "" if self.value is None else f"{round(self.value, 2):g} {self.unit}".strip()
        said = ", ".join(part for part in (self.grade, number) if part)
        if not self.missing:
            return f"{self.score}: {said}"
        needs = "needs: " + ", ".join(self.missing)
        if said:
            return f"{self.score}: {said} ({needs})"
        return f"{self.score}: unknown, {needs}"


@dataclass(frozen=True)
class Catalog:
    """All scores and inputs of a folder of tables."""

    scores: Mapping[str, Score]
    inputs: Mapping[str, Input]

    def source_of(self, name: str) -> Score | None:
        """The score that gives a characteristic: ``Child-Pugh class`` -> the score ``Child-Pugh score``."""
        return next((s for s in self.scores.values() if name in (s.value_name, s.class_name)), None)
