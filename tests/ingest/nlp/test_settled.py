# ruff: noqa: E501 (a sentence of a paper is one line)
"""Figures told apart from their test, and figures that must not be taken for results of an arm."""

from __future__ import annotations

from ingest.nlp.figures import Figures
from ingest.nlp.pipeline import Reader
from kg.model import Direction, Favors, Measure
from tests.ingest.nlp.helpers import finding, read

BOTH = "Chemoembolization plus sorafenib versus chemoembolization alone in hepatocellular carcinoma: a randomized trial"
HCC = "Chemoembolization versus sorafenib for hepatocellular carcinoma: a randomized trial"
CLOT = "Catheter-directed thrombolysis versus anticoagulation for deep vein thrombosis: a randomized trial"


def test_a_difference_that_the_next_sentence_denies_favors_nobody(reader: Reader) -> None:
    text = (
        "Median overall survival was 36.2 months with chemoembolization plus sorafenib and 30.8 months with chemoembolization alone. "
        "This difference was not significant (HR 0.86, 95% CI 0.61-1.22; p = 0.40)."
    )
    reading = read(reader, text, title=BOTH)
    found = finding(reading, "median overall survival")
    assert (found.direction, found.favors, found.significant) == (
        Direction.NO_DIFFERENCE,
        Favors.NEITHER,
        False,
    )
    assert (found.effect.intervention_value, found.effect.comparator_value) == ("36.2 months", "30.8 months")
    assert (found.effect.measure, found.effect.value, found.effect.p) == (Measure.HR, 0.86, "0.40")
    assert reading.publication.text[found.start : found.end].endswith("p = 0.40).")
    assert sum("survival" in f.outcome.text for f in reading.findings) == 1


def test_a_difference_without_a_test_stays_untested(reader: Reader) -> None:
    text = "Median overall survival was 36.2 months with chemoembolization plus sorafenib and 30.8 months with chemoembolization alone."
    found = finding(read(reader, text, title=BOTH), "median overall survival")
    assert found.significant is None
    assert found.direction is Direction.HIGHER


def test_figures_behind_a_colon_belong_to_the_comparison_before_it(reader: Reader) -> None:
    text = "At 5 years, fewer patients had died after chemoembolization than after sorafenib: 11% compared with 14%."
    found = finding(read(reader, text, title=HCC), "died")
    assert (found.intervention.text, found.comparator and found.comparator.text) == (
        "chemoembolization",
        "sorafenib",
    )
    assert (found.effect.intervention_value, found.effect.comparator_value) == ("11%", "14%")
    assert found.favors is Favors.INTERVENTION


def test_a_range_of_time_is_no_value_of_an_arm(reader: Reader) -> None:
    text = "Post-thrombotic syndrome between 6 and 24 months developed in 47% after catheter-directed thrombolysis and in 48% with anticoagulation."
    found = finding(read(reader, text, title=CLOT), "post-thrombotic syndrome")
    assert {found.effect.intervention_value, found.effect.comparator_value} == {"47%", "48%"}


def test_a_change_from_one_value_to_another_is_not_two_arms(reader: Reader) -> None:
    text = "In the chemoembolization group, the pain score improved from 17.6 to 9.1 at 1 month (p < 0.001)."
    found = finding(read(reader, text, title=HCC), "pain score")
    assert found.effect.comparator_value is None


def test_a_change_in_both_groups_compares_neither(reader: Reader) -> None:
    assert not read(reader, "Pain scores fell in both groups.", title=HCC).findings


def test_an_estimate_lies_within_its_own_interval() -> None:
    text = "reduced the risk by an absolute 14.4 percentage points (risk difference -14.4, 95% CI -27.9 to -0.2; p = 0.047)"
    own = Figures.read(text, 0, len(text)).share(0, 7, [(0, 7)], 0)
    assert own.ratio is not None
    assert own.interval is not None
    assert (own.ratio.value, own.interval.low, own.interval.high) == (-14.4, -27.9, -0.2)
    stray = "HR 1.60 for death, and progression (95% CI 0.40 to 0.81)"
    apart = Figures.read(stray, 0, len(stray)).share(0, 2, [(0, 2)], 0)
    assert apart.interval is None
