from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.justify import ProfileError, profile_from_json, profile_to_json
from kg.justify.profile import characteristic, measures
from tests.kg.justify.worlds import ONTOLOGY, name


def test_short_keys_are_characteristics_with_units() -> None:
    profile = profile_from_json(
        {"disease": "HCC", "BCLC": "B", "size_cm": 6, "platelets": "52 10^9/L"}, ONTOLOGY
    )
    # The stage makes it a narrower disease.
    assert profile.disease == name("intermediate-stage hepatocellular carcinoma").term
    assert profile.value("tumor size") == 6
    assert profile.value("platelet count") == 52
    assert profile_to_json(profile, ONTOLOGY)["tumor size"] == "6 cm"


def test_units_are_converted_or_refused() -> None:
    assert characteristic("tumor size", "18 mm").value == pytest.approx(1.8)
    assert characteristic("bilirubin", "34.2 umol/L").value == pytest.approx(2.0, abs=0.01)
    with pytest.raises(ProfileError, match="unit 'kg' does not fit"):
        characteristic("tumor size", "18 kg")


def test_impossible_values_are_refused_together() -> None:
    with pytest.raises(ProfileError) as caught:
        profile_from_json({"disease": "HCC", "ECOG": 9, "size_cm": -3}, ONTOLOGY)
    assert len(caught.value.problems) == 2


def test_yes_and_no_become_the_words_of_criteria() -> None:
    assert profile_from_json({"pregnant": True}, ONTOLOGY).value("pregnancy status") == "pregnant"
    assert profile_from_json({"operable": False}, ONTOLOGY).value("resectability") == "unresectable"


def test_what_is_not_understood_is_kept() -> None:
    assert profile_from_json({"shoe size": 43}, ONTOLOGY).unread == ("shoe size",)


@given(
    st.dictionaries(
        st.text(max_size=12),
        st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.floats(), st.none()),
        max_size=5,
    )
)
def test_any_object_is_read_or_refused_with_a_reason(data: dict[str, object]) -> None:
    with suppress(ProfileError):
        profile_from_json(data, ONTOLOGY)


@given(
    st.sampled_from(sorted(n for n, m in measures().items() if m.numeric)),
    st.floats(allow_nan=True, allow_infinity=True),
)
def test_values_are_within_the_possible(label: str, number: float) -> None:
    measure = measures()[label]
    try:
        value = characteristic(label, number).value
    except ProfileError:
        return
    assert isinstance(value, float)
    assert measure.low is not None
    assert measure.high is not None
    assert measure.low <= value <= measure.high
