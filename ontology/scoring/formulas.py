"""Formulas as curators write them: ``0.66 * log10([bilirubin | umol/L]) - 0.085 * [albumin | g/L]``.

Only arithmetic, comparisons, ``a if condition else b`` and a few functions are allowed; nothing else of
Python is.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

__all__ = ["Formula", "FormulaError", "Variable", "formula"]

_VARIABLE: Final = re.compile(r"\[([^\[\]|]+?)\s*(?:\|\s*([^\[\]]+?)\s*)?\]")
_BINARY: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARE: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def _round(value: float, places: float = 0) -> float:
    """Rounding half up, as clinical formulas mean it; Python's own rounds half to even."""
    scale = 10 ** int(places)
    return float(math.floor(value * scale + 0.5) / scale)


_FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {
    "ln": math.log,
    "log10": math.log10,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "min": min,
    "max": max,
    "round": _round,
}


class FormulaError(ValueError):
    """A formula cannot be read, or has no value for these inputs."""


@dataclass(frozen=True, slots=True)
class Variable:
    """An input in a formula and the unit in which the formula wants it (empty: the input's own)."""

    input: str
    unit: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that can be computed; `variables` by the name they have in its tree."""

    text: str
    variables: Mapping[str, Variable]
    tree: ast.expr

    def __call__(self, values: Mapping[Variable, float | str]) -> float:
        """The value for the variables' values.

        Raises:
            FormulaError: it has none (a logarithm of zero).
        """
        try:
            return float(_value(self.tree, {name: values[v] for name, v in self.variables.items()}))
        except (ArithmeticError, ValueError, TypeError) as error:
            raise FormulaError(f"{self.text} has no value: {error}") from error


@cache
def formula(text: str) -> Formula:
    """A formula from its text.

    Raises:
        FormulaError: it is not written in the allowed language.
    """
    variables: dict[str, Variable] = {}

    def name(found: re.Match[str]) -> str:
        variable = Variable(found.group(1).strip(), found.group(2) or "")
        key = next((k for k, v in variables.items() if v == variable), f"v{len(variables)}")
        variables[key] = variable
        return key

    try:
        tree = ast.parse(_VARIABLE.sub(name, text).strip(), mode="eval").body
    except SyntaxError as error:
        raise FormulaError(f"{text!r} cannot be read: {error.msg}") from error
    for node in ast.walk(tree):
        _allowed(node, variables, text)
    return Formula(text, variables, tree)


_NODES: Final = (
    ast.Load,
    ast.BinOp,
    ast.UnaryOp,
    ast.USub,
    ast.Compare,
    ast.IfExp,
    ast.BoolOp,
    ast.And,
    ast.Or,
    *_BINARY,
    *_COMPARE,
)


def _allowed(node: ast.AST, variables: Mapping[str, Variable], text: str) -> None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        allowed = node.func.id in _FUNCTIONS
    elif isinstance(node, ast.Name):
        allowed = node.id in variables or node.id in _FUNCTIONS
    elif isinstance(node, ast.Constant):
        allowed = isinstance(node.value, int | float | str) and not isinstance(node.value, bool)
    else:
        allowed = isinstance(node, _NODES)
    if not allowed:
        known = ", ".join(_FUNCTIONS)
        raise FormulaError(
            f"{text!r}: {ast.unparse(node) or type(node).__name__!r} is not allowed; functions: {known}"
        )


def _value(node: ast.expr, values: Mapping[str, float | str]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return values[node.id]
        case ast.BinOp():
            return _BINARY[type(node.op)](_value(node.left, values), _value(node.right, values))
        case ast.UnaryOp():
            return -_value(node.operand, values)
        case ast.Compare():
            left = _value(node.left, values)
            for comparison, comparator in zip(node.ops, node.comparators, strict=True):
                right = _value(comparator, values)
                if not _COMPARE[type(comparison)](left, right):
                    return False
                left = right
            return True
        case ast.BoolOp():
            parts = (bool(_value(part, values)) for part in node.values)
            return all(parts) if isinstance(node.op, ast.And) else any(parts)
        case ast.IfExp():
            return _value(node.body if _value(node.test, values) else node.orelse, values)
        case ast.Call(func=ast.Name(id=name)):
            return _FUNCTIONS[name](*(_value(argument, values) for argument in node.args))
    raise FormulaError(f"{ast.unparse(node)} is not allowed")
