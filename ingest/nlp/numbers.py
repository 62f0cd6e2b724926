"""Numbers as papers print them: p values, confidence intervals, effect ratios, values of two arms.

A decimal point may be a middle dot (Lancet), a range may be written with a hyphen, an en dash, `to` or a
comma. Everything keeps its offsets, so that a figure can be given to the outcome and the arm that it stands
nearest to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from ingest.nlp.tables import number_words, rows
from kg.model import Measure
from ontology import rules

__all__ = [
    "Interval",
    "PValue",
    "Pair",
    "Ratio",
    "Value",
    "first_number",
    "intervals",
    "p_values",
    "pairs",
    "ratios",
    "to_float",
    "values",
]

_NUM: Final = r"[-\u2212\u2013]?\d+(?:,\d{3})*(?:[.\u00b7]\d+)?|[-\u2212]?[.\u00b7]\d+"
_NUMBER: Final = re.compile(_NUM)
_PLAIN: Final = r"\d+(?:,\d{3})*(?:[.\u00b7]\d+)?|[.\u00b7]\d+"
_P: Final = re.compile(
    r"\b[pP](?:\s?-?\s?(?:values?|interaction|trend|noninferiority|superiority|for \w+))?\s*(?:was|of|is)?\s*"
    r"(?P<op>[=<>\u2264\u2265]|less than|equals?)?\s*"
    r"(?P<num>0?[.\u00b7]\s?\d+|0|1\.0+|[01]\.\d+|NS|ns)(?![\d])"
)
_CI: Final = re.compile(
    r"(?:(?:9[059]|80)(?:\.\d+)?\s?(?:%|per cent|percent)\s*)?"
    r"(?:\bCIs?\b|\b[Cc]\.[Ii]\.|\bCrIs?\b|confidence intervals?|credible intervals?)"
    r"(?:\s*\[CI\]|\s*\(CI\))?\s*[:=,;]?\s*(?:of|was|from|ranging from)?\s*[(\[]?\s*"
    rf"(?P<low>{_NUM})\s?%?\s*(?:-|\u2013|\u2014|\u2212|to|,|;|and|\u2010|\u2011|\.\.\.)\s*(?P<high>{_NUM})"
)
# Words of another statistic between the name of an effect measure and a number: the number is not its value.
_OTHER: Final = re.compile(r"\b(?:CI|confidence|n\s?=|P|p)\b")
_GAP: Final = r"(?P<gap>(?:[^\d.;]|\.(?!\d)){0,40}?)"
_POINTS: Final = re.compile(rf"(?<![\d.,\u00b7])(?P<num>{_NUM})\s+percentage points")
_SPREAD: Final = rf"(?:\s?(?:\u00b1|\+/-|\+-)\s?(?:{_PLAIN})(?:\s?%)?)"
# The number of patients behind a value: `26.6% (41/154)`, `12 [n = 30]`.
_TAIL: Final = r"(?:\s?[\[(](?:\d+|n\s?=\s?\d+)(?:\s?(?:/|of)\s?\d+)?(?:\s?patients?)?[\])])"
_JOINT: Final = re.compile(
    r"^[\s,]*(?:of (?:the |all |all the )?(?:patients|women|men|cases|lesions|subjects|participants))?[\s,]*"
    r"(?:\[[^\]]{0,40}\]|\([^)]{0,40}\))?[\s,]*"
    r"(?P<word>vs?\.?|versus|compared (?:with|to)|as against|against|as opposed to|and|but|to)"
    r"\s*(?:only\s+|just\s+)?$",
    re.I,
)
_SPELLED: Final = re.compile(
    r"\b(?:(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?: of (?:the )?(?:\w+))?"
    r"(?: patients?| cases?| lesions?| women| men| subjects?| participants?)"
    r"(?: \(\d+(?:\.\d+)?\s?%\))?)\b\)?",
    re.I,
)
# Figures that name something else: numbers of patients in an arm, ages, thresholds, ordinals, time points.
_NOT_A_VALUE: Final = re.compile(
    r"(?:\b[nN]\s?=\s?|\baged?\s|[<>\u2264\u2265]\s?"
    r"|\b(?:grade|stage|phase|class|type|level|trial|part|version|zone|segment)\s)$",
    re.I,
)
_ADJECTIVE: Final = re.compile(r"\d-[A-Za-z]")
_GOES_ON: Final = re.compile(
    r"-[A-Za-z]|(?:st|nd|rd|th)\b|\s?(?:years? (?:old|of age)|follow-?up|c\.i|CIs?|confidence)\b"
)
# `between 6 and 24 months`, `from 3 to 12 months`: when, not how much.
_TIME_RANGE: Final = re.compile(r"\bbetween\s+\d+(?:\.\d+)?\s*(?:\w+\s+)?and\s$", re.I)
_TIME_POINT: Final = re.compile(
    r"\b(?:at|after|within|over|for|during|by|until|through|every|first|last|next|later than|beyond|before"
    r"|than)\s$",
    re.I,
)
_LOOK: Final = 32  # characters before a figure that can say what it is
_THOUSANDS: Final = re.compile(r",(?=\d{3})")
_SIGNS: Final = {"=": "", "less than": "<", "equals": "", "equal": "", "\u2264": "<=", "\u2265": ">="}


def _units(*kinds: str) -> str:
    found = rows("units", "unit", "kind")
    for row in found:
        row.choice("kind", ("share", "time", "other"))
        row.pattern("unit")
    return "|".join(row["unit"] for row in found if row["kind"] in kinds)


@cache
def _value_pattern() -> re.Pattern[str]:
    share = rf"\s?(?:{_units('share')})"
    unit = rf"(?:(?:{share}|(?:\s|-)?(?:{_units('time', 'other')}))(?![A-Za-z]))"
    return re.compile(rf"(?<![\w.\u00b7])(?:{_NUM}){_SPREAD}?{unit}?{_SPREAD}?{_TAIL}?")


@cache
def _time() -> re.Pattern[str]:
    return re.compile(rf"(?:{_units('time')})\b")


@cache
def _effects() -> tuple[tuple[Measure, re.Pattern[str]], ...]:
    """For each effect measure its names with the value that follows."""
    found = rows("effect_names", "measure", "pattern")
    measures = dict.fromkeys(Measure(row.choice("measure", Measure)) for row in found)
    return tuple(
        (
            measure,
            rules.joined(
                [row for row in found if row["measure"] == measure],
                template=rf"{{}}{_GAP}(?P<num>{_NUM})",
                flags=0,
            ),
        )
        for measure in measures
    )


@dataclass(frozen=True, slots=True)
class PValue:
    """A p value as printed, normalised to ``<0.001`` or ``0.04``; `number` is its bound or value."""

    text: str
    number: float
    start: int
    end: int

    @property
    def significant(self) -> bool:
        """At the conventional level of 0.05."""
        if self.text.startswith(">") or self.text.upper() == "NS":
            return False
        return self.number < 0.05 or (self.text.startswith("<") and self.number <= 0.05)


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval."""

    low: float
    high: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """An effect measure with its value."""

    measure: Measure
    value: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Value:
    """One figure as printed (``52%``, ``8.4 months``, ``26.6% (41/154)``)."""

    text: str
    number: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures set against each other; `joined` is the word between them."""

    first: Value
    second: Value
    start: int
    end: int
    joined: str


def to_float(text: str) -> float:
    """A printed number: middle dots and typographic minus signs are read, thousands separators dropped.

    >>> to_float("0·55"), to_float("\u22121.2"), to_float("1,250")
    (0.55, -1.2, 1250.0)
    """
    plain = text.replace("\u00b7", ".").replace("\u2212", "-").replace("\u2013", "-").replace(" ", "")
    return float(_THOUSANDS.sub("", plain))


def p_values(text: str) -> list[PValue]:
    """Every p value in a text."""
    found = []
    for m in _P.finditer(text):
        number, operator = m.group("num").replace(" ", ""), m.group("op") or ""
        if number.upper() == "NS":
            found.append(PValue("NS", 1.0, m.start(), m.end()))
            continue
        if not operator and "." not in number.replace("\u00b7", "."):
            continue
        sign = _SIGNS.get(operator, operator)
        if "." not in number.replace("\u00b7", ".") and sign == "":
            continue
        found.append(PValue(sign + number.replace("\u00b7", "."), to_float(number), m.start(), m.end()))
    return found


def intervals(text: str) -> list[Interval]:
    """Every confidence interval in a text."""
    found = []
    for m in _CI.finditer(text):
        low, high = to_float(m.group("low")), to_float(m.group("high").lstrip("\u2013"))
        if low <= high:
            found.append(Interval(low, high, m.start(), m.end()))
    return found


def ratios(text: str) -> list[Ratio]:
    """Every effect measure that is followed by its value."""
    found: dict[int, Ratio] = {}
    for measure, pattern in _effects():
        for m in pattern.finditer(text):
            # `OR` must be upper case; the number of a level (95%) is not the value.
            after = text[m.end("num") : m.end("num") + 2].lstrip()
            if after.startswith("%") and measure not in (Measure.RD, Measure.MD):
                continue
            if _OTHER.search(m.group("gap")):
                continue
            found.setdefault(
                m.start("num"), Ratio(measure, to_float(m.group("num")), m.start(), m.end("num"))
            )
    for m in _POINTS.finditer(text):
        found.setdefault(m.start("num"), Ratio(Measure.RD, to_float(m.group("num")), m.start(), m.end()))
    return sorted(found.values(), key=lambda r: r.start)


def values(text: str) -> list[Value]:
    """Every figure in a text, whatever it is of."""
    found = []
    for m in _value_pattern().finditer(text):
        before, after = text[max(0, m.start() - _LOOK) : m.start()], text[m.end() : m.end() + 24]
        if (
            not re.search(r"\d", m.group())
            or _NOT_A_VALUE.search(before)
            or _ADJECTIVE.search(m.group())
            or _GOES_ON.match(after)
        ):
            continue
        if _time().search(m.group()) and (_TIME_POINT.search(before) or _TIME_RANGE.search(before)):
            continue
        found.append(_value(m.group(), m.start()))
    for m in _SPELLED.finditer(text):
        if not any(m.start() < v.end and v.start < m.end() for v in found):
            found.append(
                Value(
                    m.group(),
                    float(number_words().get(m.group().split()[0].casefold(), 0)),
                    m.start(),
                    m.end(),
                )
            )
    return sorted(found, key=lambda v: v.start)


def pairs(text: str) -> list[Pair]:
    """Figures of two arms.

    ``52% vs 44%``, ``8.4 v 6.1 months``, ``77.5% \u00b1 12.1% versus 64.5% \u00b1 12.1%``.
    """
    found = []
    listed = values(text)
    for index, first in enumerate(listed):
        # A bracket behind a figure (`12.1 months (IQR 8.0-15.2) versus 9.3 months`) holds none of the pair.
        second = next(
            (v for v in listed[index + 1 : index + 5] if _level(text, first.end, v.start) <= 0), None
        )
        joint = _JOINT.match(text[first.end : second.start]) if second else None
        if second is None or joint is None:
            continue
        word = joint.group("word").casefold()
        if word == "and" and ("%" in first.text) != ("%" in second.text):
            continue
        found.append(Pair(first, second, first.start, second.end, word))
    return found


def _level(text: str, start: int, end: int) -> int:
    """How many brackets are open at `end` that were not at `start`."""
    gap = text[start:end]
    return sum(map(gap.count, "([")) - sum(map(gap.count, ")]"))


def _value(text: str, start: int) -> Value:
    number = _NUMBER.search(text)
    assert number is not None
    stripped = text.rstrip()
    return Value(stripped, to_float(number.group().lstrip("\u2013")), start, start + len(stripped))


def first_number(text: str | None) -> float | None:
    """The first number of a printed value; None when there is none."""
    found = _NUMBER.search(text or "")
    return to_float(found.group().lstrip("\u2013")) if found else None
