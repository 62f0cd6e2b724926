"""Scores and inputs by any of their names, and values in the form of the tables."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from ontology.problems import Problem
from ontology.scoring.model import Grade, Input, Known, Quantity, Score, ScoreError
from ontology.scoring.reading import catalog
from ontology.scoring.units import UnitError, convert

__all__ = [
    "grade_of",
    "input_named",
    "inputs",
    "number",
    "order",
    "quantity",
    "rounded",
    "score",
    "scores",
    "worse",
]

_VALUE: Final = re.compile(
    r"^\s*([-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:[.,]\d+)?)(?:[eE](\d{1,2}))?\s*(.*?)\s*$", re.S
)
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}


def folded(name: str) -> str:
    """A name without case, punctuation and spaces: ``"Child-Pugh"`` -> ``"childpugh"``."""
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def scores() -> Mapping[str, Score]:
    """All scores by name."""
    return catalog().scores


def inputs() -> Mapping[str, Input]:
    """All inputs by name."""
    return catalog().inputs


@cache
def _score_names() -> Mapping[str, Score]:
    found: dict[str, Score] = {}
    for one in scores().values():
        for name in (one.name, one.value_name, one.class_name, *one.names):
            if name:
                found.setdefault(folded(name), one)
    return found


@cache
def _input_names() -> Mapping[str, Input]:
    return {folded(name): one for one in inputs().values() for name in (one.name, *one.names)}


def score(name: str) -> Score:
    """A score by its name, by that of a characteristic it gives, or by another name.

    Raises:
        ScoreError: there is none.
    """
    found = _score_names().get(folded(name))
    if found is None:
        raise ScoreError("a score is not known", [Problem("score", f"no score is named {name!r}")])
    return found


def input_named(name: str) -> Input | None:
    """An input by any of its names; None when there is none."""
    return _input_names().get(folded(name))


def number(text: str) -> tuple[float, str] | None:
    """The number at the start of a text and what follows it; None when there is none.

    A comma before exactly three digits separates thousands, any other comma is a decimal point.

    >>> number("40,000 /uL")
    (40000.0, '/uL')
    >>> number("2,4 mg/dL")
    (2.4, 'mg/dL')
    """
    found = _VALUE.match(text)
    if found is None:
        return None
    digits = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", found.group(1)).replace(",", ".")
    value = float(digits) * 10 ** int(found.group(2) or 0)
    return value, found.group(3)


def _refuse(name: str, what: str, mend: str, kind: type[ScoreError] = ScoreError) -> ScoreError:
    return kind("a value makes no sense", [Problem("value", what, field=name, mend=mend)])


def quantity(name: str, value: Known, unit: str = "") -> Quantity:
    """A value of an input, or of a characteristic that a score gives, in the unit and words of the tables.

    >>> quantity("platelet count", "22 x 10^9/L")
    Quantity(value=22.0, unit='10^9/L')

    Raises:
        ScoreError: the value is impossible, or the name not known.
        UnitError: the unit does not fit, or has to be said.
    """
    if isinstance(value, Quantity):
        return quantity(name, value.value, value.unit or unit)
    one = input_named(name)
    if one is None:
        return _of_score(score(name), name, value, unit)
    if not one.numeric:
        return Quantity(_word(one, value))
    if isinstance(value, bool):
        raise _refuse(one.name, f"{value!r} is no number", one.range)
    if isinstance(value, str):
        found = number(value)
        if found is None:
            raise _refuse(one.name, f"{value!r} is no number", one.range)
        value, unit = found[0], found[1] or unit
    return Quantity(_checked(one, _canonical(one, float(value), unit)), one.unit)


def _canonical(one: Input, value: float, unit: str) -> float:
    if unit:
        try:
            return float(f"{convert(value, unit, one.unit, one.substance):.10g}")
        except UnitError as error:
            raise UnitError(
                "a unit does not fit",
                [Problem("value", p.what, field=one.name, mend=p.mend) for p in error.problems],
            ) from error
    if not one.unitless or not math.isfinite(value):
        return value
    for when, assumed in one.unitless:
        if all(test(value) for test in when):
            return float(f"{convert(value, assumed, one.unit, one.substance):.10g}")
    choices = ", ".join(dict.fromkeys((one.unit, *(u for _, u in one.unitless))))
    raise _refuse(one.name, f"{value:g} needs its unit: it may be one of several", choices, UnitError)


def _checked(one: Input, value: float) -> float:
    low, high = one.low, one.high
    if not math.isfinite(value) or low is None or high is None or not low <= value <= high:
        raise _refuse(one.name, f"{value:g} {one.unit}".strip() + " is impossible", f"possible: {one.range}")
    if one.whole and value != int(value):
        raise _refuse(one.name, f"{value:g} is no whole number", f"possible: {one.range}")
    return value


# What a yes or a no of a form means among the words of an input.
_YES: Final = ("present", "yes")
_NO: Final = ("absent", "no", "none", "not pregnant")


def _word(one: Input, value: float | str | bool) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    key = text.strip().casefold()
    for choice in one.values:
        if choice.casefold() == key:
            return choice
    if key in one.aliases:
        return one.aliases[key]
    yes = value is True or key in ("yes", "present", "true")
    no = value is False or key in ("no", "absent", "none", "false")
    if yes or no:
        kin = [choice for choice in one.values if choice in (_YES if yes else _NO)]
        if len(kin) == 1:
            return kin[0]
    raise _refuse(one.name, f"{text!r} is not known", f"one of: {one.range}")


def _of_score(one: Score, name: str, value: float | str | bool, unit: str) -> Quantity:
    """A value of a score that is itself an input: its number or its class, whichever the name names."""
    wants_class = bool(one.class_name) and (
        not one.value_name or folded(name) == folded(one.class_name) or isinstance(value, str)
    )
    text = f"{value:g}" if isinstance(value, float | int) and not isinstance(value, bool) else str(value)
    if wants_class and (grade := grade_of(one, text)) is not None:
        return Quantity(grade.value)
    found = number(text) if one.value_name and not isinstance(value, bool) else None
    if found is None or (wants_class and folded(name) == folded(one.class_name)):
        raise _refuse(name, f"{text!r} is no value of the {one.name}", "one of: " + ", ".join(one.values))
    low, high = one.low, one.high
    if (low is not None and found[0] < low) or (high is not None and found[0] > high):
        raise _refuse(name, f"{found[0]:g} is impossible", f"possible: {low:g} to {high:g}")
    graded = [grade for grade in one.grades if grade.tests]
    if one.kind == "scale" and graded and not any(all(t(found[0]) for t in g.tests) for g in graded):
        raise _refuse(name, f"{found[0]:g} is no step of the scale", "one of: " + ", ".join(one.values))
    return Quantity(found[0], one.unit)


def grade_of(one: Score, text: str) -> Grade | None:
    """The grade that a text names; Roman and Arabic numerals both do (``"2b"`` for ``IIb``)."""
    found = one.grade(text)
    if found is not None:
        return found
    key = _arabic(text)
    kin = [grade for grade in one.grades if _arabic(grade.value) == key]
    return kin[0] if len(kin) == 1 else None


def _arabic(text: str) -> str:
    found = re.match(r"^\s*(vi|iv|v|i{1,3})(?![a-z]{2})([a-d]?)\s*$", text.casefold())
    return f"{_ROMAN[found.group(1)]}{found.group(2)}" if found else text.strip().casefold()


def rounded(value: float, decimals: int | None) -> float:
    """Half up, as the tables mean it; not at all without `decimals`."""
    if decimals is None:
        return value
    scale = 10.0**decimals
    return float(math.floor(value * scale + 0.5 + 1e-9) / scale)


def _rank(one: Score, value: float | str) -> float:
    """Where a value stands: its place among the grades, or the number itself.

    Raises:
        ScoreError: it is no value of the score.
    """
    text = f"{value:g}" if isinstance(value, float | int) else value
    grade = grade_of(one, text)
    if grade is not None:
        return one.grades.index(grade)
    found = number(text)
    if one.value_name and found is not None and not found[1]:
        if any(g.tests for g in one.grades):
            for place, kin in enumerate(one.grades):
                if kin.tests and all(test(found[0]) for test in kin.tests):
                    return place
        elif not one.grades:
            return found[0]
    raise _refuse(one.name, f"{text!r} is no value of the {one.name}", "one of: " + ", ".join(one.values))


def order(name: str, a: float | str, b: float | str) -> int:
    """-1, 0 or 1 as `a` stands before, at or behind `b` in the order of the score.

    >>> order("Child-Pugh", "B", "A")
    1

    Raises:
        ScoreError: the score or a value is not known.
    """
    one = score(name)
    # Two numbers are compared as numbers: 7 and 9 points are both class B.
    numbers = [number(f"{v:g}" if isinstance(v, float | int) else v) for v in (a, b)]
    plain = [n[0] for n in numbers if n is not None and not n[1]]
    if one.value_name and len(plain) == 2 and not all(grade_of(one, str(v)) for v in (a, b)):
        left, right = plain
    else:
        left, right = _rank(one, a), _rank(one, b)
    return (left > right) - (left < right)


def worse(name: str, a: float | str, b: float | str) -> bool:
    """True when `a` is worse for the patient than `b`.

    Raises:
        ScoreError: a value is not known, or the score says of no value that it is worse.
    """
    one = score(name)
    if not one.worse:
        raise ScoreError(f"the values of the {one.name} are not better or worse")
    # A number's class may stand in the opposite order: the better the filtration, the lower the stage.
    falling = one.worse == "lower"
    grades = [grade_of(one, f"{v:g}" if isinstance(v, float | int) else v) for v in (a, b)]
    if all(grades) and one.value_name and _descending(one):
        falling = not falling
    found = order(name, a, b)
    return found < 0 if falling else found > 0


def _descending(one: Score) -> bool:
    """True when the grades stand from the highest numbers down."""
    first = next((t.number for g in one.grades[:1] for t in g.tests if t.number is not None), None)
    last = next((t.number for g in one.grades[-1:] for t in g.tests if t.number is not None), None)
    return first is not None and last is not None and first > last
