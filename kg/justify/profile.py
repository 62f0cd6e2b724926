"""A profile from JSON and back, with units converted and impossible values refused."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from kg.justify.names import Names, display, names_of
from kg.justify.tables import FOLDER, table
from kg.model.justification import Characteristic, Profile, Value
from ontology.problems import IrkgError, Problem
from ontology.terms import Branch, Ontology

__all__ = [
    "Measure",
    "ProfileError",
    "characteristic",
    "measures",
    "profile_from_json",
    "profile_to_json",
    "refined",
]

_NUMBER: Final = re.compile(r"^\s*([-+]?\d+(?:[.,]\d+)?)\s*(.*?)\s*$")
_LISTS: Final = {
    "others": (Branch.DISEASE,),
    "comorbidities": (Branch.DISEASE,),
    "options": (Branch.PROCEDURE, Branch.AGENT),
}


class ProfileError(IrkgError):
    """A profile holds a value that makes no sense."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A characteristic that a profile may hold: its unit, the range of possible values, and factors from
    other units.
    """

    name: str
    keys: tuple[str, ...]
    unit: str
    low: float | None
    high: float | None
    factors: Mapping[str, float]

    @property
    def numeric(self) -> bool:
        """True when its values are numbers."""
        return self.low is not None


@cache
def measures() -> Mapping[str, Measure]:
    """The characteristics by name."""
    found = {}
    for row in table(FOLDER / "characteristics.tsv", ("name", "keys", "unit", "low", "high", "other units")):
        pairs = [part.rsplit(":", 1) for part in row["other units"].split("|") if part]
        found[row["name"]] = Measure(
            row["name"],
            tuple(row["keys"].split("|")),
            row["unit"],
            float(row["low"]) if row["low"] else None,
            float(row["high"]) if row["high"] else None,
            {unit: float(factor) for unit, factor in pairs},
        )
    return found


@cache
def _by_key() -> Mapping[str, str]:
    found = {}
    for name, measure in measures().items():
        for key in (name, *measure.keys):
            found[_folded(key)] = name
    return found


def _folded(key: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", key.casefold())


def _unit(text: str) -> str:
    return (
        text.replace("\u03bc", "u")
        .replace("\u00b5", "u")
        .replace("\u00d7", "")
        .replace("x10", "10")
        .replace(" ", "")
        .casefold()
    )


def characteristic(name: str, value: object, unit: str = "", text: str = "") -> Characteristic:
    """A characteristic in the unit of the table.

    Raises:
        ProfileError: the number is impossible, or its unit is not known for this characteristic.
    """
    measure = measures().get(name)
    if measure is None or not measure.numeric:
        plain: Value = value if isinstance(value, bool | int | float) else str(value).strip()
        return Characteristic(name, plain, "", text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        found = _NUMBER.match(str(value))
        if isinstance(value, bool) or not found:
            raise ProfileError(
                "the profile makes no sense", [Problem("profile", f"{value!r} is no number", field=name)]
            )
        value, unit = float(found.group(1).replace(",", ".")), found.group(2) or unit
    number = float(value)
    if unit and _unit(unit) != _unit(measure.unit):
        factor = next((f for u, f in measure.factors.items() if _unit(u) == _unit(unit)), None)
        if factor is None:
            known = ", ".join(u for u in (measure.unit, *measure.factors) if u)
            raise ProfileError(
                "the profile makes no sense",
                [
                    Problem(
                        "profile", f"unit {unit!r} does not fit", field=name, mend=f"use {known or 'no unit'}"
                    )
                ],
            )
        number = float(f"{number * factor:.6g}")
    if (
        not math.isfinite(number)
        or (measure.low is not None and number < measure.low)
        or (measure.high is not None and number > measure.high)
    ):
        mend = f"between {measure.low:g} and {measure.high:g} {measure.unit}".rstrip()
        raise ProfileError(
            "the profile makes no sense",
            [Problem("profile", f"{number:g} is impossible", field=name, mend=mend)],
        )
    return Characteristic(name, number, measure.unit, text)


# What JSON profiles say with a yes or a word, as the values that criteria are written in.
_SAID: Final[Mapping[tuple[str, str], Value]] = {
    ("pregnancy status", "true"): "pregnant",
    ("pregnancy status", "false"): "not pregnant",
    ("desire for pregnancy", "pregnancy"): "yes",
    ("desire for pregnancy", "true"): "yes",
    ("resectability", "true"): "resectable",
    ("resectability", "false"): "unresectable",
    ("portal vein thrombosis", "patent"): "none",
}


def profile_from_json(data: Mapping[str, object], ontology: Ontology) -> Profile:
    """A profile from an object such as ``{"disease": "hepatocellular carcinoma", "BCLC": "B", "size_cm":
    6}``.

    Keys are the names of characteristics or the short keys of `tables/characteristics.tsv`; values may carry
    a unit (``"52 10^9/L"``). What is not understood is kept in `unread`.

    Raises:
        ProfileError: a value is impossible or has a unit that does not fit.
    """
    names = names_of(ontology)
    profile, problems, known, unread = Profile(), list[Problem](), list[Characteristic](), list[str]()
    for key, value in data.items():
        if value is None or value == "" or value == []:
            continue
        if key == "disease":
            terms = disease_terms(names, str(value))
            profile = replace(
                profile,
                disease=terms[0] if terms else None,
                disease_text=str(value),
                others=(*profile.others, *terms[1:]),
            )
        elif key in _LISTS:
            values = value if isinstance(value, list | tuple) else [value]
            terms = [
                t
                for v in values
                for t in [
                    names.whole(str(v), _LISTS[key]) or next(iter(names.find(str(v), _LISTS[key])), None)
                ]
                if t
            ]
            if key == "options":
                profile = replace(profile, options=tuple(dict.fromkeys((*profile.options, *terms))))
            else:
                profile = replace(profile, others=tuple(dict.fromkeys((*profile.others, *terms))))
        elif (name := _by_key().get(_folded(key))) is not None and not isinstance(value, list | dict):
            try:
                said = _SAID.get((name, str(value).casefold()), value)
                known.append(characteristic(name, said))
            except ProfileError as error:
                problems += error.problems
        else:
            unread.append(key)
    if problems:
        raise ProfileError("the profile makes no sense", problems)
    return refined(replace(profile, characteristics=tuple(known), unread=tuple(unread)), ontology)


def disease_terms(names: Names, text: str) -> list[str]:
    """The diseases that a text names, the one that the whole text names first."""
    whole = names.whole(text, (Branch.DISEASE,))
    if whole is not None:
        return [whole]
    found = names.find(text, (Branch.DISEASE,))
    scattered = names.scattered(text, found)
    # Of several, the one that says most.
    return scattered or sorted(found, key=lambda t: len(names.below(t)))


def refined(profile: Profile, ontology: Ontology) -> Profile:
    """The profile with a narrower disease where a characteristic says which form it is.

    A row of `tables/refinements.tsv` applies to its disease and every narrower one; the disease that was
    named stays among `others`.
    """
    header = ("disease", "characteristic", "operator", "value", "refined", "comment")
    for row in table(FOLDER / "refinements.tsv", header):
        target = ontology.by_label.get(row["refined"].casefold())
        value = profile.value(row["characteristic"])
        if target is None or value is None or not _at_or_below(ontology, profile.disease, row["disease"]):
            continue
        if profile.disease is not None and target.id in (
            profile.disease,
            *ontology.ancestors(profile.disease),
        ):
            continue
        if _fits(value, row["operator"], row["value"]):
            kept = profile.others if profile.disease is None else (profile.disease, *profile.others)
            others = tuple(o for o in kept if o != target.id and o not in ontology.ancestors(target.id))
            profile = replace(profile, disease=target.id, others=others)
    return profile


def _at_or_below(ontology: Ontology, disease: str | None, label: str) -> bool:
    if not label or disease is None or disease not in ontology:
        return not label and disease is None
    return label in {ontology[t].label for t in (disease, *ontology.ancestors(disease))}


def _fits(value: Value, operator: str, wanted: str) -> bool:
    if operator == "in":
        return str(value) in wanted.split("|")
    return isinstance(value, float) and value < float(wanted)


def profile_to_json(profile: Profile, ontology: Ontology) -> dict[str, object]:
    """The profile for people and programs: labels, values with their units."""

    def label(term: str) -> str:
        return display(ontology[term], term) if term in ontology else term

    found: dict[str, object] = {"disease": label(profile.disease) if profile.disease else None}
    for name, terms in (("others", profile.others), ("options", profile.options)):
        if terms:
            found[name] = [label(t) for t in terms]
    for one in profile.characteristics:
        found[one.name] = f"{one.value:g} {one.unit}".strip() if isinstance(one.value, float) else one.value
    if profile.unread:
        found["unread"] = list(profile.unread)
    return found
