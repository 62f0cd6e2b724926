"""Laboratory values and sizes in a text: ``platelets 22 x 10^9/L, INR 2.4, AFP 620``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from ontology.problems import Problem
from ontology.scoring.lookup import input_named, inputs, quantity
from ontology.scoring.model import Quantity, ScoreError
from ontology.scoring.units import spellings
from ontology.scoring.written import LIMIT

__all__ = ["Measurement", "measurements"]

_NUMBER: Final = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)(?:[.,]\d+)?"
_POWER: Final = (
    r"(?:(?:[x\u00d7*]\s*)?10\s*(?:\^|\*\*|[eE])?\s*(?:\(?\d{1,2}\)?|[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+)"
    r"\s*/\s*(?:[u\u00b5\u03bc]?[lL]|mm3))"
)
_BETWEEN: Final = r"(?:\s*(?:[:=~]|\b(?:of|is|was|at|level|count|value|about|approximately|total)\b))*\s*"
_AGED: Final = re.compile(r"\b(?P<number>\d{1,3})[\s-]*(?:years?|y|yo|y/o)(?:[\s-]*(?:old|of age)|\b)")


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value of an input as it stands in a text; `quantity` is None when `problem` says why it is none."""

    input: str
    quantity: Quantity | None
    text: str
    start: int
    end: int
    problem: Problem | None = None


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(
        {name for one in inputs().values() if one.numeric for name in (one.name, *one.names)},
        key=len,
        reverse=True,
    )
    named = "|".join(re.sub(r"(?:\\ |\\-|\s)+", r"[\\s\\-]+", re.escape(name)) for name in names)
    units = "|".join(_unit(u) for u in sorted(spellings(), key=len, reverse=True))
    return re.compile(
        rf"\b(?P<name>{named})s?{_BETWEEN}(?P<limit>(?:{LIMIT})\s*)?(?P<number>{_NUMBER})(?![\d])"
        rf"(?P<unit>\s*(?:{_POWER}|{units})(?![A-Za-z0-9]))?",
        re.I,
    )


def _unit(text: str) -> str:
    """The pattern of a unit's spelling, with either sign for micro."""
    return re.sub(r"(?<![a-z])u(?=[lLmgM])", "[u\u00b5\u03bc]", re.escape(text))


def measurements(text: str) -> tuple[Measurement, ...]:
    """Every value of an input with its name, in order.

    A number behind "<", "above" and the like is a limit, no value, and is left out; so is a range.
    """
    found = [
        _measurement(match.group("name"), match.group("number"), match.group("unit") or "", match)
        for match in _pattern().finditer(text)
        if not match.group("limit") and not re.match(r"\s*(?:-|\u2013|to)\s*\d", text[match.end() :])
    ]
    taken = {one.input for one in found}
    if "age" not in taken and "age" in inputs():
        found += [_measurement("age", m.group("number"), "years", m) for m in [_AGED.search(text)] if m]
    return tuple(sorted(found, key=lambda one: one.start))


def _measurement(name: str, number: str, unit: str, match: re.Match[str]) -> Measurement:
    one = input_named(name) or input_named(name.rstrip("s"))
    label = one.name if one is not None else name
    try:
        value: Quantity | None = quantity(label, f"{number} {unit}".strip())
        problem = None
    except ScoreError as error:
        value, problem = None, error.problems[0]
    return Measurement(label, value, match.group(), match.start(), match.end(), problem)
