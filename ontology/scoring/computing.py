"""Scores from what is known of a patient, by points, formula or rules; what is missing is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from ontology.problems import Problem
from ontology.scoring.conditions import holds
from ontology.scoring.formulas import Formula, FormulaError, Variable, formula
from ontology.scoring.lookup import folded, input_named, quantity, rounded, score, scores
from ontology.scoring.model import Item, Known, Quantity, Result, Score, ScoreError
from ontology.scoring.units import convert

if TYPE_CHECKING:
    from ontology.scoring.written import Written

__all__ = ["characteristics", "compute", "contradictions", "derive", "describe"]


@dataclass
class _Known:
    """What is known, in the units of the tables; scores that are inputs are computed when asked for."""

    values: dict[str, Quantity]
    used: dict[str, Quantity] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, name: str) -> float | str | None:
        found = self.values.get(name)
        if found is None and name not in self.open and input_named(name) is None:
            found = self._computed(name)
        one = input_named(name)
        if found is None or (one is not None and found.value in one.vague):
            return None
        self.used[name] = found
        return found.value if isinstance(found.value, str) else float(found.value)

    def _computed(self, name: str) -> Quantity | None:
        one = score(name)
        inner = _Known(self.values, open=self.open | {name, one.value_name, one.class_name})
        result = _compute(one, inner)
        value = result.grade if name == one.class_name else result.value
        if value is None:
            self.lacking[name] = result.missing
            return None
        return Quantity(value, "" if isinstance(value, str) else one.unit)

    def to_measure(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The inputs behind what is missing: for a Child-Pugh class those of its points that are missing.

        A score of which nothing is known is named itself: it may be known as a whole.
        """
        found: list[str] = []
        for name in names:
            inner = self.lacking.get(name, ())
            one = scores().get(score(name).name) if inner else None
            whole = one is not None and len(inner) >= len(_inputs_of(one))
            found += [name] if not inner or whole else inner
        return tuple(dict.fromkeys(found))


def _known(known: Mapping[str, Known]) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    for name, value in known.items():
        one = input_named(name)
        if one is not None:
            found[one.name] = quantity(name, value)
            continue
        source = score(name)
        given = quantity(name, value)
        is_class = isinstance(given.value, str)
        found[(source.class_name if is_class else source.value_name) or source.name] = given
    return found


def compute(name: str, known: Mapping[str, Known]) -> Result:
    """A score from what is known; inputs that it does not need are left aside.

    Raises:
        ScoreError: the score is not known, or a value of its inputs is impossible.
        UnitError: a unit does not fit.
    """
    one = score(name)
    wanted = _behind(one)
    needed = {key: v for key, v in known.items() if folded(key) in wanted}
    return _compute(one, _Known(_known(needed)))


def _behind(one: Score) -> frozenset[str]:
    """The folded names of everything that may go into a score."""
    found: set[str] = set()
    todo = [one]
    seen: set[str] = set()
    while todo:
        here = todo.pop()
        if here.name in seen:
            continue
        seen.add(here.name)
        found |= {folded(n) for n in (here.name, here.value_name, here.class_name, *here.names) if n}
        for need in _inputs_of(here):
            known = input_named(need)
            if known is not None:
                found |= {folded(n) for n in (known.name, *known.names)}
            else:
                todo.append(score(need))
    return frozenset(found)


def _inputs_of(one: Score) -> tuple[str, ...]:
    """What a score asks for, in the order of its rows."""
    rows = chain(one.rules, *(item.rows for item in one.items))
    names = [c.input for row in rows for c in row.conditions]
    if one.formula:
        names += [v.input for v in formula(one.formula).variables.values()]
    return tuple(dict.fromkeys(names))


def _compute(one: Score, known: _Known) -> Result:
    given, named = known.values.get(one.value_name), known.values.get(one.class_name)
    if given is not None and one.value_name:
        return _from_value(one, float(given.value), known, {one.value_name: given})
    if named is not None and one.class_name:
        text = str(named.value)
        return _result(one, None, text, (text,), (), {one.class_name: named})
    if one.kind == "points":
        return _points(one, known)
    if one.kind == "formula":
        return _formula(one, known)
    if one.kind == "rules":
        return _rules(one, known)
    return _result(one, None, None, one.values, (one.class_name or one.value_name,), {})


def _from_value(one: Score, value: float, known: _Known, used: Mapping[str, Quantity]) -> Result:
    value = rounded(value, one.decimals)
    grades = _grades(one, value, value)
    grade = grades[0] if len(grades) == 1 else None
    return _result(one, value, grade, grades if one.grades else (), (), used)


def _grades(one: Score, low: float, high: float) -> tuple[str, ...]:
    """The grades that the numbers from low to high may fall into."""
    if not any(grade.tests for grade in one.grades):
        return ()
    step = 10 ** -(one.decimals if one.decimals is not None else 0)
    edges = {low, high}
    for grade in one.grades:
        for test in grade.tests:
            if test.number is not None and low <= test.number <= high:
                edges |= {test.number, max(low, test.number - step), min(high, test.number + step)}
    return tuple(g.value for g in one.grades if any(all(t(edge) for t in g.tests) for edge in edges))


def _points(one: Score, known: _Known) -> Result:
    low = high = 0.0
    missing: list[str] = []
    for item in one.items:
        least, most, unknown = _item(item, known)
        low, high = low + least, high + most
        missing += unknown
    if not missing:
        return _from_value(one, low, known, known.used)
    grades = _grades(one, low, high)
    lacking = known.to_measure(tuple(dict.fromkeys(missing)))
    return _result(one, None, grades[0] if len(grades) == 1 else None, grades, lacking, known.used)


def _item(item: Item, known: _Known) -> tuple[float, float, tuple[str, ...]]:
    """The least and the most points of an item, and what is missing to tell them."""
    may: list[float] = []
    missing: list[str] = []
    for row in item.rows:
        met, unknown = holds(row.conditions, known)
        if met:
            return float(row.outcome), float(row.outcome), ()
        if met is None:
            may.append(float(row.outcome))
            missing += unknown
    if not may:
        raise ScoreError(
            f"no row of {item.name!r} fits", [Problem("points.tsv", "no row fits", field=item.name)]
        )
    # Rows that all give the same points leave nothing to ask.
    return min(may), max(may), () if len(set(may)) == 1 and _sure(item, known) else tuple(missing)


def _sure(item: Item, known: _Known) -> bool:
    """True when the rows that are ruled out leave only one number of points whatever is unknown."""
    return len({row.outcome for row in item.rows if holds(row.conditions, known)[0] is not False}) == 1


def _variables(asked: Formula, known: _Known) -> tuple[dict[Variable, float | str], list[str]]:
    values: dict[Variable, float | str] = {}
    missing = []
    for variable in asked.variables.values():
        value = known(variable.input)
        if value is None:
            missing.append(variable.input)
        elif isinstance(value, str) or not variable.unit:
            values[variable] = value
        else:
            one = input_named(variable.input)
            unit, substance = (one.unit, one.substance) if one else ("", "")
            values[variable] = convert(value, unit, variable.unit, substance)
    return values, missing


def _formula(one: Score, known: _Known) -> Result:
    asked = formula(one.formula)
    values, missing = _variables(asked, known)
    if missing:
        return _result(one, None, None, one.values, known.to_measure(tuple(missing)), known.used)
    try:
        value = asked(values)
    except FormulaError as error:
        raise ScoreError(
            f"the {one.name} has no value", [Problem("value", str(error), field=one.name)]
        ) from error
    return _from_value(one, value, known, known.used)


def _rules(one: Score, known: _Known) -> Result:
    """The first rule that holds; rules that may hold before it leave their values possible."""
    possible: list[str] = []
    missing: list[str] = []
    for row in one.rules:
        met, unknown = holds(row.conditions, known)
        if met is False:
            continue
        possible.append(row.outcome)
        if met:
            break
        missing += unknown
    grades = tuple(g for g in one.values if g in possible)
    if not grades:
        fits = "; ".join(f"{n} {q.value}" for n, q in known.used.items())
        raise ScoreError(f"no rule of the {one.name} fits", [Problem("rules.tsv", f"no rule fits {fits}")])
    if len(grades) == 1 and (len(set(possible)) == 1) and _decided(one, known):
        return _result(one, None, grades[0], grades, (), known.used)
    lacking = known.to_measure(tuple(dict.fromkeys(missing)))
    return _result(one, None, None, grades, lacking, known.used)


def _decided(one: Score, known: _Known) -> bool:
    """True when some rule holds for sure, so that those before it can only say the same."""
    return any(holds(row.conditions, known)[0] for row in one.rules)


def describe(one: Score) -> str:
    """How a score is computed, in one line."""
    if one.kind == "points":
        return "sum of points: " + ", ".join(item.name for item in one.items)
    if one.kind == "formula":
        return one.formula
    if one.kind == "rules":
        return "rules over " + ", ".join(_inputs_of(one))
    return "given by the observer"


def _result(
    one: Score,
    value: float | None,
    grade: str | None,
    possible: tuple[str, ...],
    missing: tuple[str, ...],
    used: Mapping[str, Quantity],
) -> Result:
    return Result(one.name, value, grade, possible, missing, dict(used), describe(one), one.source, one.unit)


def characteristics(result: Result | Written) -> dict[str, float | str]:
    """What a result, or a value written in a text, says of the patient, by the names of characteristics."""
    one = score(result.score)
    found: dict[str, float | str] = {}
    if one.value_name and result.value is not None:
        found[one.value_name] = result.value
    if one.class_name and result.grade is not None:
        found[one.class_name] = result.grade
    return found


def _usable(known: Mapping[str, Known]) -> dict[str, Known]:
    """What is known that a score can use."""
    found = {}
    for name, value in known.items():
        try:
            if input_named(name) is not None or score(name):
                found[name] = value
        except ScoreError:
            continue
    return found


def derive(known: Mapping[str, Known]) -> tuple[Result, ...]:
    """Every score that follows from what is known and is not known already, in the order of the tables.

    Names that no table has are left aside.

    Raises:
        ScoreError: a value is impossible.
    """
    return tuple(_derived(_known(_usable(known))))


def _derived(values: dict[str, Quantity]) -> Iterator[Result]:
    for one in scores().values():
        names = [n for n in (one.value_name, one.class_name) if n]
        if all(n in values for n in names) or (one.kind == "scale" and not any(n in values for n in names)):
            continue
        result = _compute(one, _Known(dict(values)))
        said = characteristics(result)
        if any(name not in values for name in said) and result.inputs:
            yield result


def contradictions(known: Mapping[str, Known]) -> list[Problem]:
    """Where what is known contradicts itself: a class beside points of another one, or a score that comes
    out otherwise from the inputs given.

    Raises:
        ScoreError: a value is impossible.
    """
    values = _known(_usable(known))
    problems: list[Problem] = []
    for one in scores().values():
        given = {n: values[n] for n in (one.value_name, one.class_name) if n and n in values}
        if not given:
            continue
        if len(given) == 2:
            implied = _from_value(one, float(values[one.value_name].value), _Known({}), {}).grade
            said, points = values[one.class_name].value, values[one.value_name].value
            if implied is not None and implied != said:
                problems.append(
                    Problem(
                        "profile",
                        f"{one.value_name} {points:g} is {one.class_name} {implied}, not {said}",
                        field=one.class_name,
                        mend="say which of the two is right",
                    )
                )
                continue
        if one.kind != "scale":
            problems += _against(one, values, given)
    return problems


def _against(one: Score, values: Mapping[str, Quantity], given: Mapping[str, Quantity]) -> Iterator[Problem]:
    rest = {n: v for n, v in values.items() if n not in (one.value_name, one.class_name)}
    try:
        result = _compute(one, _Known(rest))
    except ScoreError:
        return
    for name, computed in characteristics(result).items():
        said = given.get(name)
        if said is not None and not _same(one, said.value, computed):
            told = f"{computed:g}" if isinstance(computed, float) else computed
            known = f"{said.value:g}" if isinstance(said.value, float) else said.value
            yield Problem(
                "profile",
                f"{name} is given as {known}, and comes out as {told} from "
                + ", ".join(f"{n} {_short(q)}" for n, q in result.inputs.items()),
                field=name,
                mend="say which is right",
            )


def _same(one: Score, said: float | str | bool, computed: float | str) -> bool:
    if isinstance(said, float | int) and isinstance(computed, float):
        # A written formula score is rounded: ALBI -2.6 and -2.57 are the same.
        return abs(said - computed) <= (0.5 if one.kind == "formula" and one.decimals == 0 else 0.051)
    return said == computed


def _short(one: Quantity) -> str:
    value = f"{one.value:g}" if isinstance(one.value, float | int) else str(one.value)
    return f"{value} {one.unit}".strip()
