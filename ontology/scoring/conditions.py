"""Conditions as curators write them: ``bilirubin >=2 <=3; ascites =mild|moderate; tumor size <=2 cm``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

__all__ = ["Condition", "ConditionError", "Test", "Tests", "conditions", "holds", "tests"]

_TEST: Final = re.compile(r"(<=|>=|!=|<|>|=)\s*([^<>=!]+)")
_LINE: Final = re.compile(r"^\s*([^<>=!]+?)\s*((?:<=|>=|!=|<|>|=).+)$")
_NUMBER: Final = re.compile(r"^([-+]?\d+(?:\.\d+)?)(?:\s+(.+))?$")


class ConditionError(ValueError):
    """A condition is not written as the tables want it."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison: with a number (in `unit`, empty: the input's own) or with one of several words."""

    __test__ = False  # no test case, whatever pytest thinks of the name

    operator: str
    number: float | None
    words: tuple[str, ...] = ()
    unit: str = ""

    def __call__(self, value: float | str) -> bool:
        if self.operator in ("=", "!="):
            if self.number is not None and not isinstance(value, str):
                same = value == self.number
            else:
                text = f"{value:g}" if not isinstance(value, str) else value
                same = text.casefold() in {w.casefold() for w in self.words}
            return same is (self.operator == "=")
        if isinstance(value, str) or self.number is None:
            return False
        return {
            "<": value < self.number,
            "<=": value <= self.number,
            ">": value > self.number,
            ">=": value >= self.number,
        }[self.operator]


Tests = tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Every test holds of the value of an input."""

    input: str
    tests: Tests


def tests(text: str) -> Tests:
    """The comparisons of a text: ``">=2 <=3"``.

    Raises:
        ConditionError: it is not written as comparisons.
    """
    found = []
    rest = _TEST.sub("", text).strip()
    if rest or not text.strip():
        raise ConditionError(f"{text!r} is no comparison such as '>=2 <=3' or '=mild|moderate'")
    for operator, operand in _TEST.findall(text):
        operand = operand.strip()
        number = _NUMBER.match(operand)
        words = tuple(word.strip() for word in operand.split("|"))
        if operator in ("=", "!="):
            found.append(Test(operator, float(number.group(1)) if number else None, words))
        elif number is None:
            raise ConditionError(f"{operator} needs a number, not {operand!r}")
        else:
            found.append(Test(operator, float(number.group(1)), (), number.group(2) or ""))
    return tuple(found)


def conditions(text: str) -> tuple[Condition, ...]:
    """The conditions of a cell, separated by ``;``; an empty cell has none and always holds.

    Raises:
        ConditionError: a part is not "input comparison".
    """
    found = []
    for part in text.split(";"):
        if not part.strip():
            continue
        line = _LINE.match(part)
        if line is None:
            raise ConditionError(f"{part.strip()!r} is no condition such as 'bilirubin >=2 <=3'")
        found.append(Condition(line.group(1), tests(line.group(2))))
    return tuple(found)


def holds(
    row: tuple[Condition, ...], value_of: Callable[[str], float | str | None]
) -> tuple[bool | None, tuple[str, ...]]:
    """Whether all conditions hold, and the inputs that decide it but are unknown (three-valued logic of
    Kleene: false beats unknown, unknown beats true).
    """
    unknown: list[str] = []
    for condition in row:
        value = value_of(condition.input)
        if value is None:
            unknown.append(condition.input)
        elif not all(test(value) for test in condition.tests):
            return False, ()
    return (None, tuple(dict.fromkeys(unknown))) if unknown else (True, ())
