"""Units of laboratory values and sizes, converted with pint (https://pint.readthedocs.io), or refused.

Mass and amount of a substance are converted by its molar mass, equivalents by its valence, international
units by the mass of one; all three stand in `scores/substances.tsv` with their sources.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ontology.problems import Problem
from ontology.scoring.model import ScoreError
from ontology.tsv import rows, split

if TYPE_CHECKING:
    import pint

__all__ = ["FOLDER", "Substance", "UnitError", "convert", "same_unit", "spellings", "substances", "tidy"]

FOLDER: Final = Path(__file__).parents[1] / "scores"
_SUBSTANCES: Final = ("substance", "formula", "molar mass", "valence", "ng per IU", "source", "checked")
_UNITS: Final = ("written", "unit", "comment")


class UnitError(ScoreError):
    """A unit that is not known or does not fit."""


@dataclass(frozen=True, slots=True)
class Substance:
    """What converts amounts of a substance: molar mass in g/mol, charge of its ion, ng in one IU."""

    name: str
    molar_mass: float | None
    valence: int | None
    per_unit: float | None
    formula: str = ""
    source: str = ""


def _table(path: Path, header: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    problems: list[Problem] = []
    found = list(rows(path, header, problems))
    if problems:
        raise UnitError(f"{path.name} cannot be used", problems)
    return found


@cache
def substances(folder: Path = FOLDER) -> Mapping[str, Substance]:
    """The substances by name.

    Raises:
        UnitError: the table cannot be read.
    """
    found = {}
    for number, row in _table(folder / "substances.tsv", _SUBSTANCES):
        try:
            found[row["substance"]] = Substance(
                row["substance"],
                float(row["molar mass"]) if row["molar mass"] else None,
                int(row["valence"]) if row["valence"] else None,
                float(row["ng per IU"]) if row["ng per IU"] else None,
                row["formula"],
                row["source"],
            )
        except ValueError as error:
            raise UnitError(
                "substances.tsv cannot be used", [Problem("substances.tsv", str(error), row=number)]
            ) from error
    return found


@cache
def _written() -> Mapping[str, str]:
    """Units by how people write them, folded."""
    found = {}
    for _, row in _table(FOLDER / "units.tsv", _UNITS):
        for text in split(row["written"]):
            found[_folded(text)] = row["unit"]
    return found


@cache
def spellings() -> tuple[str, ...]:
    """Every way to write a unit that `units.tsv` has."""
    return tuple(text for _, row in _table(FOLDER / "units.tsv", _UNITS) for text in split(row["written"]))


_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _folded(text: str) -> str:
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda m: "^" + m.group().translate(_SUPERSCRIPTS), text.strip())
    text = re.sub("[\u00b5\u03bc]", "u", text).replace("\u00d7", "x").replace("mm Hg", "mmHg")
    text = re.sub(r"^[x*]\s*(?=10)", "", text)
    text = re.sub(r"\b10\s*(?:\^|\*\*|[eE]|\()?\s*(\d+)\)?", r"10^\1", text)
    text = re.sub(r"(?<=[a-z])l\b|(?<=/)l\b|^l\b", "L", text)
    return re.sub(r"\s+", "", text.replace("\u00b7", "*"))


def tidy(unit: str) -> str:
    """A unit as the tables write it: ``"x 10⁹/l"`` -> ``"10^9/L"``, ``"µmol/l"`` -> ``"umol/L"``."""
    folded = _folded(unit)
    written = _written()
    return written.get(folded) or written.get(folded.casefold()) or folded


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint  # half a second: paid by the first conversion, not by the first import

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    registry.define("international_unit = [biological_activity] = IU")
    registry.define("chemical_equivalent = [equivalents] = Eq")
    return registry


def same_unit(one: str, other: str) -> bool:
    """True when two texts write the same unit."""
    return tidy(one) == tidy(other)


def convert(value: float, unit: str, to: str, substance: str = "") -> float:
    """A value in another unit.

    >>> round(convert(1, "mg/dL", "umol/L", "bilirubin"), 1)
    17.1

    Raises:
        UnitError: one of the units is not known, or they measure different things.
    """
    if same_unit(unit, to):
        return value
    factor, offset = _line(tidy(unit), tidy(to), substance)
    return value * factor + offset


@lru_cache(maxsize=4096)
def _line(unit: str, to: str, substance: str) -> tuple[float, float]:
    """Factor and offset; an offset only between temperatures."""
    zero, one = _magnitude(0.0, unit, to, substance), _magnitude(1.0, unit, to, substance)
    return one - zero, zero


def _parsed(value: float, unit: str) -> Any:
    import pint

    registry = _registry()
    try:
        if unit in ("degC", "degF"):
            return registry.Quantity(value, unit)
        return value * registry.Quantity(1, "") * registry.parse_expression(unit or "1")
    except (pint.errors.PintError, AttributeError, TypeError, ValueError, AssertionError) as error:
        raise UnitError("a unit is not known", [Problem("unit", f"{unit!r} is no unit")]) from error
    except Exception as error:  # pint hands on whatever its tokenizer raises
        raise UnitError("a unit is not known", [Problem("unit", f"{unit!r} is no unit")]) from error


def _magnitude(value: float, unit: str, to: str, substance: str) -> float:
    import pint

    registry = _registry()
    given, wanted = _parsed(value, unit), _parsed(1.0, to)
    known = substances().get(substance)
    for step in _bridges(registry, known):
        if given.check(wanted.dimensionality):
            break
        bridged = given * step
        if bridged.check(wanted.dimensionality):
            given = bridged
    try:
        if to in ("degC", "degF"):
            return float(given.to(to).magnitude)
        return float((given / wanted).to("").magnitude)
    except pint.errors.PintError as error:
        of = f" of {substance}" if substance else ""
        raise UnitError(
            "units do not fit",
            [Problem("unit", f"{unit!r} cannot be converted to {to!r}{of}", mend=f"give it in {to}")],
        ) from error


def _bridges(registry: Any, known: Substance | None) -> list[Any]:
    """What a quantity is multiplied by to measure the same thing in another way."""
    if known is None:
        return []
    one = []
    if known.molar_mass is not None:
        one.append(registry.Quantity(known.molar_mass, "g/mol"))
    if known.valence is not None:
        one.append(registry.Quantity(1 / known.valence, "mol/Eq"))
    if known.per_unit is not None:
        one.append(registry.Quantity(known.per_unit, "ng/IU"))
    return [bridge for factor in one for bridge in (factor, 1 / factor)]
