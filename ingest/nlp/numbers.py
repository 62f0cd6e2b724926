"""Numbers as papers print them: p values, confidence intervals, effect ratios, values of two arms.

A decimal point may be a middle dot (Lancet), a range may be written with a hyphen, an en dash, `to` or a comma.
Everything keeps its offsets, so that a figure can be given to the outcome and the arm that it stands nearest to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from ingest.nlp.tables import number_words
from kg.model import Measure

__all__ = [
    "Figures", "Interval", "PValue", "Pair", "Ratio", "Value", "first_number", "intervals", "p_values", "pairs", "ratios", "to_float", "values",
]  # fmt: skip

_NUM: Final = r"[-\u2212\u2013]?\d+(?:,\d{3})*(?:[.\u00b7]\d+)?|[-\u2212]?[.\u00b7]\d+"
_PLAIN: Final = r"\d+(?:,\d{3})*(?:[.\u00b7]\d+)?|[.\u00b7]\d+"
_UNIT: Final = (
    r"(?:\s?%|(?:\s|-)?(?:months?|mo|years?|yrs?|days?|weeks?|hours?|hrs?|h|minutes?|min|mm ?Hg|mmHg|mm2|mm3|cm3|mm|cm|m|mL|ml|L|kg|mg/dL|g/dL|points?|Gy|"
    r"mGy|patients?|cases?|m/s|dB|HU|\u20ac|USD|QALYs?)(?![A-Za-z]))"
)
_P: Final = re.compile(
    r"\b[pP](?:\s?-?\s?(?:values?|interaction|trend|noninferiority|superiority|for \w+))?\s*(?:was|of|is)?\s*(?P<op>[=<>\u2264\u2265]|less than|equals?)?\s*(?P<num>0?[.\u00b7]\s?\d+|0|1\.0+|[01]\.\d+|NS|ns)(?![\d])"
)
_CI: Final = re.compile(
    r"(?:(?:9[059]|80)(?:\.\d+)?\s?(?:%|per cent|percent)\s*)?(?:\bCIs?\b|\b[Cc]\.[Ii]\.|\bCrIs?\b|confidence intervals?|credible intervals?)(?:\s*\[CI\]|\s*\(CI\))?\s*[:=,;]?\s*(?:of|was|from|ranging from)?\s*[(\[]?\s*"
    rf"(?P<low>{_NUM})\s?%?\s*(?:-|\u2013|\u2014|\u2212|to|,|;|and|\u2010|\u2011|\.\.\.)\s*(?P<high>{_NUM})"
)
_RATIOS: Final = (
    (Measure.HR, r"(?i:hazard ratios?)|\b(?:a|s|A|c)?HRs?\b"),
    (Measure.OR, r"(?i:odds ratios?)|\b[ac]?ORs?\b|\bAOR\b"),
    (Measure.RR, r"(?i:relative risks?|risk ratios?|rate ratios?)|\ba?RRs?\b|\bIRR\b|\bSHR\b"),
    (Measure.SMD, r"(?i:standardi[sz]ed mean differences?)|\bSMDs?\b"),
    (Measure.MD, r"(?i:(?<!ised )(?<!ized )(?:mean|median) differences?)|\bW?MDs?\b"),
    (
        Measure.RD,
        r"(?i:risk (?:differences?|reductions?)|absolute (?:differences?|reductions?)|rate differences?)|\bARR\b|\bARDs?\b",
    ),
)
_RATIO: Final = tuple(
    (m, re.compile(rf"(?:{names})(?P<gap>(?:[^\d.;]|\.(?!\d)){{0,40}}?)(?P<num>{_NUM})"))
    for m, names in _RATIOS
)
_POINTS: Final = re.compile(rf"(?P<num>{_NUM})\s+percentage points")
_SPREAD: Final = rf"(?:\s?(?:\u00b1|\+/-|\+-)\s?(?:{_PLAIN}))"
_TAIL: Final = r"(?:\s?[\[(](?:\d+|n\s?=\s?\d+)(?:\s?(?:/|of)\s?\d+)?(?:\s?patients?)?[\])])"
_VALUE: Final = rf"(?<![\w.\u00b7])(?:{_NUM}){_SPREAD}?(?:{_UNIT})?{_SPREAD}?{_TAIL}?"
_JOINT: Final = re.compile(
    r"^[\s,]*(?:of (?:the |all |all the )?(?:patients|women|men|cases|lesions|subjects|participants))?[\s,]*"
    r"(?:\[[^\]]{0,40}\]|\([^)]{0,40}\))?[\s,]*(?P<word>vs?\.?|versus|compared (?:with|to)|as against|against|as opposed to|and|but|to)\s*(?:only\s+|just\s+)?$",
    re.I,
)
_ONE: Final = re.compile(_VALUE)
_SPELLED: Final = re.compile(
    r"\b(?:(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: of (?:the )?(?:\w+))?(?: patients?| cases?| lesions?| women| men| subjects?| participants?)(?: \(\d+(?:\.\d+)?\s?%\))?)\b\)?",
    re.I,
)
# Figures that name something else: numbers of patients in an arm, ages, thresholds, ordinals, time points.
_NOT_A_VALUE: Final = re.compile(
    r"(?:\b[nN]\s?=\s?|\baged?\s|[<>\u2264\u2265]\s?|\b(?:grade|stage|phase|class|type|level|trial|part|version|zone|segment)\s)$",
    re.I,
)
_ADJECTIVE: Final = re.compile(r"\d-[A-Za-z]")
_GOES_ON: Final = re.compile(r"-[A-Za-z]|(?:st|nd|rd|th)\b|\s?(?:years? (?:old|of age)|follow-?up)\b")
_TIME: Final = re.compile(r"(?:months?|mo|years?|yrs?|days?|weeks?|hours?|hrs?|h|minutes?|min)\b")
_TIME_POINT: Final = re.compile(
    r"\b(?:at|after|within|over|for|during|by|until|through|every|first|last|next|later than|beyond|before|than)\s$",
    re.I,
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
    return float(re.sub(r",(?=\d{3})", "", plain))


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
        sign = {"=": "", "less than": "<", "equals": "", "equal": "", "\u2264": "<=", "\u2265": ">="}.get(
            operator, operator
        )
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
    for measure, pattern in _RATIO:
        for m in pattern.finditer(text):
            # `OR` must be upper case; the number of a level (95%) is not the value.
            after = text[m.end("num") : m.end("num") + 2].lstrip()
            if after.startswith("%") and measure not in (Measure.RD, Measure.MD):
                continue
            if re.search(r"\b(?:CI|confidence|n\s?=|P|p)\b", m.group("gap")):
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
    for m in _ONE.finditer(text):
        before, after = text[max(0, m.start() - 14) : m.start()], text[m.end() : m.end() + 24]
        if (
            not re.search(r"\d", m.group())
            or _NOT_A_VALUE.search(before)
            or _ADJECTIVE.search(m.group())
            or _GOES_ON.match(after)
        ):
            continue
        if _TIME.search(m.group()) and _TIME_POINT.search(before):
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
    """Figures of two arms: ``52% vs 44%``, ``8.4 v 6.1 months``, ``77.5% \u00b1 12.1% versus 64.5% \u00b1 12.1%``."""
    found = []
    listed = values(text)
    for first, second in zip(listed, listed[1:], strict=False):
        joint = _JOINT.match(text[first.end : second.start])
        if joint is None:
            continue
        word = joint.group("word").casefold()
        if word == "and" and ("%" in first.text) != ("%" in second.text):
            continue
        found.append(Pair(first, second, first.start, second.end, word))
    return found


def _value(text: str, start: int) -> Value:
    number = re.search(_NUM, text)
    assert number is not None
    stripped = text.rstrip()
    return Value(stripped, to_float(number.group().lstrip("\u2013")), start, start + len(stripped))


def first_number(text: str | None) -> float | None:
    """The first number of a printed value; None when there is none."""
    found = re.search(_NUM, text or "")
    return to_float(found.group().lstrip("\u2013")) if found else None


_Placed = TypeVar("_Placed", PValue, Interval, Ratio, Pair, Value)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a clause, offsets in the document; `p`, `interval`, `ratio`, `pair` are those of one outcome."""

    p_all: tuple[PValue, ...] = ()
    interval_all: tuple[Interval, ...] = ()
    ratio_all: tuple[Ratio, ...] = ()
    pair_all: tuple[Pair, ...] = ()
    value_all: tuple[Value, ...] = ()
    p: PValue | None = None
    interval: Interval | None = None
    ratio: Ratio | None = None
    pair: Pair | None = None
    own_values: tuple[Value, ...] = field(default=())

    @staticmethod
    def read(text: str, start: int, end: int) -> Figures:
        """All figures of ``text[start:end]``; a figure inside a p value, an interval or a ratio is not a value of an arm."""
        part = text[start:end]
        ps, cis, rs = p_values(part), intervals(part), ratios(part)
        taken = [(f.start, f.end) for f in (*ps, *cis, *rs)]

        def free(a: int, b: int) -> bool:
            return not any(s < b and a < e for s, e in taken)

        ws = [p for p in pairs(part) if free(p.start, p.first.end) and free(p.second.start, p.end)]
        vs = [v for v in values(part) if free(v.start, v.end)]
        return Figures(
            tuple(PValue(p.text, p.number, p.start + start, p.end + start) for p in ps),
            tuple(Interval(i.low, i.high, i.start + start, i.end + start) for i in cis),
            tuple(Ratio(r.measure, r.value, r.start + start, r.end + start) for r in rs),
            tuple(
                Pair(
                    _moved(w.first, start), _moved(w.second, start), w.start + start, w.end + start, w.joined
                )
                for w in ws
            ),
            tuple(_moved(v, start) for v in vs),
        )

    def share(self, start: int, end: int, outcomes: Sequence[tuple[int, int]], index: int) -> Figures:
        """The figures that belong to one of several outcomes of a clause, given by its offsets and its place among them."""
        following = min((s for s, _ in outcomes if s > start), default=10**9)
        last = max(e for _, e in outcomes)
        values_here = tuple(
            v
            for v in self.value_all
            if len(outcomes) == 1 or end <= v.start < following or (index == 0 and v.end <= start)
        )
        return Figures(
            self.p_all, self.interval_all, self.ratio_all, self.pair_all, self.value_all,
            _own(self.p_all, end, following, last, len(outcomes), index),
            _own(self.interval_all, end, following, last, len(outcomes), index),
            _own(self.ratio_all, end, following, last, len(outcomes), index),
            _own(self.pair_all, end, following, last, len(outcomes), index),
            values_here,
        )  # fmt: skip


def _moved(value: Value, by: int) -> Value:
    return Value(value.text, value.number, value.start + by, value.end + by)


def _own(
    found: Sequence[_Placed], end: int, following: int, last: int, outcomes: int, index: int
) -> _Placed | None:
    """The i-th figure for the i-th outcome when their numbers agree, else the one between this outcome and the next,
    else the only one of the clause."""
    if not found:
        return None
    between = [f for f in found if end <= f.start < following]
    if between:
        return between[0]
    if len(found) == outcomes:
        return found[index]
    # One figure for several outcomes counts for all when none of them stands between it and another outcome.
    if outcomes == 1 or (len(found) == 1 and found[0].start >= last):
        return found[0]
    return None
