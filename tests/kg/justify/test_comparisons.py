from __future__ import annotations

import pytest

from kg.justify.comparisons import verdict_of


@pytest.mark.parametrize(
    ("weighted", "verdict"),
    [
        ([], "no_difference"),
        ([(1, 1.0)], "a_better"),
        ([(-1, 2.0), (0, 1.0)], "b_better"),
        ([(0, 3.0)], "no_difference"),
        ([(1, 1.0), (-1, 1.0)], "mixed"),
        ([(1, 0.1), (0, 3.0)], "no_difference"),
        ([(1, 9.0), (-1, 0.1)], "a_better"),
    ],
)
def test_a_verdict_follows_the_weight(weighted: list[tuple[int, float]], verdict: str) -> None:
    assert verdict_of(weighted) == verdict
