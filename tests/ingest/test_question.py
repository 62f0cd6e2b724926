from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.nlp.pipeline import Reader
from ingest.question import LONGEST, read_question
from kg.model.justification import Profile
from ontology.terms import Branch, Ontology
from tests.kg.justify.worlds import ONTOLOGY, name, term

D, C = Branch.DISEASE, Branch.PATIENT_CHARACTERISTIC
MORE = (
    term(1007, D, "cirrhosis", 1000),
    term(1008, D, "gastric varices", 1000),
    term(1009, D, "gastric variceal bleeding", 1000),
    term(1010, D, "liver metastasis", 1000),
    term(13000, C, "patient characteristic"),
    term(13001, C, "cirrhosis of the patient", 13000, kind=("comorbidity",)),
)
WORLD = Ontology({**ONTOLOGY.terms, **{t.id: t for t in MORE}})


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(WORLD)


def values(profile: Profile) -> dict[str, object]:
    return {c.name: c.value for c in profile.characteristics}


def test_a_tumour_board_question(reader: Reader) -> None:
    text = (
        "68-year-old with cirrhosis, Child-Pugh B7, single 4.5 cm HCC, AFP 620, main portal vein patent, "
        "ECOG 1, platelets 52"
    )
    profile = read_question(text, reader)
    assert profile.disease == name("hepatocellular carcinoma").term
    assert [WORLD[o].label for o in profile.others] == ["cirrhosis"]
    assert values(profile) == {
        "age": 68,
        "Child-Pugh points": 7,
        "Child-Pugh class": "B",
        "alpha-fetoprotein": 620,
        "portal vein thrombosis": "none",
        "ECOG performance status": 1,
        "platelet count": 52,
    } | {k: v for k, v in values(profile).items() if k in ("tumor size", "number of tumors")}


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("BCLC B", {"BCLC stage": "B"}),
        ("Child-Pugh C11", {"Child-Pugh points": 11, "Child-Pugh class": "C"}),
        ("Child-Pugh A", {"Child-Pugh class": "A"}),
        (
            "ASPECTS 9, NIHSS 17, four hours from onset",
            {"ASPECTS": 9, "NIHSS score": 17, "time from onset": 4},
        ),
        ("M1 occlusion", {"occlusion site": "M1"}),
        ("a distal M3 branch occlusion", {"occlusion site": "M3"}),
        ("bilirubin 5 mg/dL", {"bilirubin": 5}),
        ("platelets 22 x 10^9/L, INR 2.4", {"platelet count": 22, "international normalized ratio": 2.4}),
        ("lung shunt fraction 28%", {"lung shunt fraction": 28}),
        ("RV/LV ratio 1.3", {"RV/LV ratio": 1.3}),
        ("Pregnant at 14 weeks", {"pregnancy status": "pregnant"}),
        ("who wants to become pregnant", {"desire for pregnancy": "yes"}),
        ("not pregnant", {"pregnancy status": "not pregnant"}),
        ("refractory ascites", {"ascites": "refractory"}),
        ("without ascites", {"ascites": "none"}),
        ("not a surgical candidate", {"resectability": "unresectable"}),
        ("portal vein patent", {"portal vein thrombosis": "none"}),
        ("bclc b-cell lymphoma", {}),
    ],
)
def test_what_a_patient_is_like(reader: Reader, text: str, known: dict[str, object]) -> None:
    assert values(read_question(text, reader)) == known


def test_the_largest_of_several_sizes_and_numbers_in_words(reader: Reader) -> None:
    world = Reader(Ontology({**WORLD.terms, "IRKG:0001999": term(1999, D, "liver tumor", 1000)}))
    assert values(read_question("Three liver tumors, 1.5 cm and 25 mm", world)) == {
        "tumor size": 2.5,
        "number of tumors": 3,
    }


def test_options_of_the_question_in_order(reader: Reader) -> None:
    profile = read_question("HCC: radioembolization or TACE?", reader)
    assert [WORLD[o].label for o in profile.options] == [
        "radioembolization",
        "transarterial chemoembolization",
    ]


@pytest.mark.parametrize(
    "text",
    ["HCC after TACE: what now?", "HCC, sorafenib given", "HCC progressing on sorafenib", "HCC without TACE"],
)
def test_what_was_given_before_is_not_asked_about(reader: Reader, text: str) -> None:
    assert read_question(text, reader).options == ()


def test_a_name_scattered_over_the_question(reader: Reader) -> None:
    profile = read_question("Bleeding cardiofundal gastric varices", reader)
    assert WORLD[profile.disease or ""].label == "gastric variceal bleeding"


def test_what_is_impossible_is_said_and_not_used(reader: Reader) -> None:
    profile = read_question("HCC, ECOG 9", reader)
    assert profile.value("ECOG performance status") is None
    assert any("ECOG" in one for one in profile.unread)


def test_nothing_known(reader: Reader) -> None:
    assert read_question("", reader) == Profile()
    assert read_question("moon fever", reader).disease is None


def test_a_hostile_question_is_cut_and_quick(reader: Reader) -> None:
    start = time.perf_counter()
    for text in ("HCC " + "(" * 100_000, "a" * 100_000, "1 " * 50_000, "NIHSS " * 20_000, "\x00\ud800 HCC"):
        profile = read_question(text, reader)
        assert len(text) <= LONGEST or profile.unread
    assert time.perf_counter() - start < 20


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_text_gives_a_profile(text: str) -> None:
    assert isinstance(read_question(text, _reader()), Profile)


def _reader() -> Reader:
    if not _SHARED:
        _SHARED.append(Reader(WORLD))
    return _SHARED[0]


_SHARED: list[Reader] = []
