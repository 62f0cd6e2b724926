"""Strategies: patients whose every input of a score is known."""

from __future__ import annotations

from hypothesis import strategies as st

from ontology.scoring.computing import _inputs_of as inputs_of
from ontology.scoring.lookup import input_named, score
from ontology.scoring.model import Input, Quantity

__all__ = ["inputs_of", "leaves", "patients", "value"]


def leaves(name: str, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What is measured or observed behind a score, through the scores that it asks for."""
    found: dict[str, None] = {}
    for need in inputs_of(score(name)):
        other = None if input_named(need) is not None else score(need)
        if other is not None and other.kind != "scale" and other.name not in seen:
            found |= dict.fromkeys(leaves(other.name, seen | {name}))
        else:
            found[need] = None
    return tuple(found)


def value(one: Input) -> st.SearchStrategy[Quantity]:
    if one.values:
        return st.sampled_from([w for w in one.values if w not in one.vague]).map(Quantity)
    assert one.low is not None
    assert one.high is not None
    if one.whole:
        return st.integers(int(one.low), int(one.high)).map(lambda n: Quantity(float(n), one.unit))
    # Thresholds lie at short decimals: rounding to one place hits them often.
    floats = st.floats(one.low, one.high, allow_nan=False)
    low, high = one.low, one.high
    near = floats.map(lambda x: min(high, max(low, round(x, 1))))
    return st.one_of(floats, near).map(lambda x: Quantity(x, one.unit))


def patients(name: str) -> st.SearchStrategy[dict[str, Quantity]]:
    """Every input of a score with a possible value."""
    parts: dict[str, st.SearchStrategy[Quantity]] = {}
    for leaf in leaves(name):
        one = input_named(leaf)
        if one is not None:
            parts[leaf] = value(one)
        else:
            scale = score(leaf)
            numbers = [
                float(g.tests[0].number) for g in scale.grades if g.tests and g.tests[0].number is not None
            ]
            words = st.sampled_from(scale.values).map(Quantity)
            parts[leaf] = st.sampled_from(numbers).map(Quantity) if numbers else words
    return st.fixed_dictionaries(parts)
