"""Figures as papers print them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.nlp.figures import Figures
from ingest.nlp.numbers import first_number, intervals, p_values, pairs, ratios, to_float, values
from kg.model import Measure


@pytest.mark.parametrize(
    ("text", "measure", "value", "low", "high"),
    [
        ("HR 0.55 [95% CI 0.40-0.81]", Measure.HR, 0.55, 0.40, 0.81),
        ("hazard ratio, 0·55 (95% CI 0·40–0·81)", Measure.HR, 0.55, 0.40, 0.81),
        ("odds ratio = 2.1; 95% confidence interval, 1.2 to 3.4", Measure.OR, 2.1, 1.2, 3.4),
        ("RR 0.8 (95 per cent c.i. 0.6 to 1.1)", Measure.RR, 0.8, 0.6, 1.1),
        ("relative risk .73 (CI: .60, .90)", Measure.RR, 0.73, 0.60, 0.90),
        ("mean difference −1.2 (95% CI −2.0 to −0.4)", Measure.MD, -1.2, -2.0, -0.4),
        ("adjusted HR, 1.43 (95% CI, 1.11-1.85)", Measure.HR, 1.43, 1.11, 1.85),
        ("risk difference 5.2% (95% CI 1.0% to 9.4%)", Measure.RD, 5.2, 1.0, 9.4),
    ],
)
def test_ratio_with_interval(text: str, measure: Measure, value: float, low: float, high: float) -> None:
    assert [(r.measure, r.value) for r in ratios(text)] == [(measure, value)]
    assert [(i.low, i.high) for i in intervals(text)] == [(low, high)]


@pytest.mark.parametrize(
    ("text", "printed", "significant"),
    [
        ("P=.003", ".003", True),
        ("p < 0.001", "<0.001", True),
        ("P = 0.45", "0.45", False),
        ("p value of 0.02", "0.02", True),
        ("p=NS", "NS", False),
        ("p > 0.05", ">0.05", False),
        ("p ≤ 0.05", "<=0.05", True),
        ("p = 0·03", "0.03", True),
        ("P for trend = .04", ".04", True),
    ],
)
def test_p_values(text: str, printed: str, significant: bool) -> None:
    found = p_values(f"It fell ({text}).")
    assert [(p.text, p.significant) for p in found] == [(printed, significant)]


@pytest.mark.parametrize("text", ["group p was 3", "in P 0 patients", "map 0.5", "the p was 5 mm"])
def test_no_p_values(text: str) -> None:
    assert p_values(text) == []


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("52% vs 44%", "52%", "44%"),
        ("8.4 v 6.1 months", "8.4", "6.1 months"),
        ("77.5% ± 12.1% versus 64.5% ± 12.1%", "77.5% ± 12.1%", "64.5% ± 12.1%"),
        ("26.6% (41/154) compared with 15.0% (23/153)", "26.6% (41/154)", "15.0% (23/153)"),
        ("52 per cent and 44 per cent", "52 per cent", "44 per cent"),
        ("12.1 months (IQR 8.0-15.2) versus 9.3 months", "12.1 months", "9.3 months"),
        ("8·4 v 6·1 months", "8·4", "6·1 months"),
    ],
)
def test_pairs(text: str, first: str, second: str) -> None:
    found = pairs(f"The figures were {text}.")
    assert [(p.first.text, p.second.text) for p in found] == [(first, second)]


@pytest.mark.parametrize(
    "text",
    [
        "in the stent group (n = 20)",
        "patients aged 65",
        "at 12 months",
        "within 30 days",
        "after 2 years",
        "stage 3",
        "lesions < 3 cm",
        "a 5-year trial",
        "the 3rd day",
        "grade 4",
    ],
)
def test_what_is_no_value(text: str) -> None:
    assert values(text) == []


def test_the_level_of_an_interval_is_no_value() -> None:
    assert [v.text for v in values("HR 0.7, 95 per cent CI")] == ["0.7"]


def test_spelled_numbers_of_patients() -> None:
    found = values("Stroke was seen in two patients and in none of the women.")
    assert ("two patients", 2.0) in [(v.text, v.number) for v in found]


def test_figures_know_their_places() -> None:
    text = "Earlier: 3%. Survival was 52% vs 44% (HR 0.70, 95% CI 0.55-0.90; p = 0.006)."
    start = text.index("Survival")
    figures = Figures.read(text, start, len(text))
    assert [v.text for v in figures.value_all] == ["52%", "44%"]
    for value in figures.value_all:
        assert text[value.start : value.end] == value.text
    assert figures.p_all[0].text == "0.006"
    assert figures.ratio_all[0].value == 0.70


def test_each_of_two_outcomes_has_its_figures() -> None:
    text = "Death (10% vs 20%, p = 0.01) and stroke (4% vs 5%, p = 0.60) were counted."
    death, stroke = (text.index("Death"), 5), (text.index("stroke"), text.index("stroke") + 6)
    figures = Figures.read(text, 0, len(text))
    own = [figures.share(*outcome, [death, stroke], i) for i, outcome in enumerate((death, stroke))]
    assert [f.p.text for f in own if f.p] == ["0.01", "0.60"]
    assert [f.pair.first.text for f in own if f.pair] == ["10%", "4%"]


@given(st.decimals(min_value=0, max_value=99999, places=2))
def test_numbers_go_round(number: object) -> None:
    assert to_float(str(number)) == float(str(number))
    assert to_float(str(number).replace(".", "·")) == float(str(number))


@given(st.integers(min_value=0, max_value=10**9))
def test_thousands_separators(number: int) -> None:
    assert to_float(f"{number:,}") == number


@given(st.floats(min_value=0.001, max_value=999, allow_nan=False).map(lambda x: round(x, 2)))
def test_a_printed_value_is_found(number: float) -> None:
    assert first_number(f"{number:.2f}%") == float(f"{number:.2f}")


@given(st.text(alphabet="0123456789.,·%±-–−()[]=<> pPCIHRvsand", max_size=80))
def test_any_figures_lie_in_the_text(text: str) -> None:
    for value in values(text):
        assert text[value.start : value.end] == value.text
    for pair in pairs(text):
        assert 0 <= pair.first.start < pair.first.end <= pair.second.start < pair.second.end <= len(text)
    p_values(text), intervals(text), ratios(text), Figures.read(text, 0, len(text))
