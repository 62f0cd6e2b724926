"""The figures of a clause, and which of them belong to one of several outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ingest.nlp.numbers import (
    Interval,
    Pair,
    PValue,
    Ratio,
    Value,
    intervals,
    p_values,
    pairs,
    ratios,
    values,
)

__all__ = ["Figures"]

Placed = TypeVar("Placed", PValue, Interval, Ratio, Pair)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a clause, offsets in the document.

    `p`, `interval`, `ratio`, `pair` are those of one outcome.
    """

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
        """All figures of ``text[start:end]``.

        A figure inside a p value, an interval or a ratio is not a value of an arm.
        """
        part = text[start:end]
        ps, cis, rs = p_values(part), intervals(part), ratios(part)
        spans: list[PValue | Interval | Ratio] = [*ps, *cis, *rs]
        taken = [(figure.start, figure.end) for figure in spans]

        def free(a: int, b: int) -> bool:
            return not any(s < b and a < e for s, e in taken)

        ws = [p for p in pairs(part) if free(p.start, p.first.end) and free(p.second.start, p.end)]
        vs = [v for v in values(part) if free(v.start, v.end)]
        return Figures(
            tuple(replace(p, start=p.start + start, end=p.end + start) for p in ps),
            tuple(replace(i, start=i.start + start, end=i.end + start) for i in cis),
            tuple(replace(r, start=r.start + start, end=r.end + start) for r in rs),
            tuple(
                Pair(
                    _moved(w.first, start), _moved(w.second, start), w.start + start, w.end + start, w.joined
                )
                for w in ws
            ),
            tuple(_moved(v, start) for v in vs),
        )

    def share(self, start: int, end: int, outcomes: Sequence[tuple[int, int]], index: int) -> Figures:
        """The figures that belong to one of several outcomes of a clause, given by its offsets and its
        place among them.
        """
        following = min((s for s, _ in outcomes if s > start), default=10**9)
        last = max(e for _, e in outcomes)
        values_here = tuple(
            v
            for v in self.value_all
            if len(outcomes) == 1 or end <= v.start < following or (index == 0 and v.end <= start)
        )
        interval = _own(self.interval_all, end, following, last, len(outcomes), index)
        ratio = _fitting(
            _own(self.ratio_all, end, following, last, len(outcomes), index), interval, self.ratio_all
        )
        if ratio is not None and interval is not None and not interval.low <= ratio.value <= interval.high:
            # An estimate lies within its own interval; one that does not has the interval of something else.
            interval = None
        return Figures(
            self.p_all, self.interval_all, self.ratio_all, self.pair_all, self.value_all,
            _own(self.p_all, end, following, last, len(outcomes), index),
            interval,
            ratio,
            _own(self.pair_all, end, following, last, len(outcomes), index),
            values_here,
        )  # fmt: skip


def _fitting(ratio: Ratio | None, interval: Interval | None, others: Sequence[Ratio]) -> Ratio | None:
    """The ratio, or the next of its measure that lies within the interval (`14.4 points (RD -14.4, ...)`)."""
    if ratio is None or interval is None or interval.low <= ratio.value <= interval.high:
        return ratio
    fitting = [r for r in others if r.measure is ratio.measure and interval.low <= r.value <= interval.high]
    return fitting[0] if fitting else ratio


def _moved(value: Value, by: int) -> Value:
    return replace(value, start=value.start + by, end=value.end + by)


def _own(
    found: Sequence[Placed], end: int, following: int, last: int, outcomes: int, index: int
) -> Placed | None:
    """The i-th figure for the i-th outcome when their numbers agree, else the one between this outcome and
    the next, else the only one of the clause."""
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
