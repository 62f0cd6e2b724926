# ruff: noqa: E501 (a row of a table is one line)
"""What a text names, of which branch, from the words around it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.nlp.pipeline import Reader
from ontology.terms import Branch
from tests.ingest.nlp.helpers import read


def named(reader: Reader, text: str, title: str = "") -> dict[str, str]:
    return {m.text: m.branch.value for m in read(reader, text, title=title).mentions}


@pytest.mark.parametrize(
    ("title", "text", "name", "branch"),
    [
        ("Thrombectomy for stroke", "Patients with stroke underwent thrombectomy.", "stroke", "Disease"),
        ("", "The primary end point was the cumulative rate of stroke at 30 days.", "stroke", "Outcome"),
        ("", "Serious adverse events occurred: stroke, bleeding and death.", "stroke", "AdverseEvent"),
        ("", "Overall survival improved.", "Overall survival", "Outcome"),
        ("", "Drug-eluting stents were placed.", "Drug-eluting stents", "Agent"),
        ("", "Duplex ultrasound was repeated.", "Duplex ultrasound", "ImagingModality"),
        ("", "EGFR was sequenced.", "EGFR", "MolecularTarget"),
        ("", "The number of ablations was low.", "number of ablations", "Outcome"),
        ("", "The length of hospital stay was short.", "length of hospital stay", "Outcome"),
        ("", "Unresectable hepatocellular carcinoma was treated.", "Unresectable hepatocellular carcinoma", "Disease"),
    ],
)  # fmt: skip
def test_branch(reader: Reader, title: str, text: str, name: str, branch: str) -> None:
    found = named(reader, text, title)
    kind = found.get(name) or next((b for n, b in found.items() if name in n), None)
    assert kind == branch, found


def test_a_form_has_one_branch_in_a_document(reader: Reader) -> None:
    found = read(
        reader, "Stroke occurred. Patients with stroke were old. The end point was stroke at one year."
    )
    assert len({m.branch for m in found.mentions if m.text.casefold() == "stroke"}) == 1


@pytest.mark.parametrize("text", ["Patients were old.", "The hazard ratio was 0.5.", "The liver was large."])
def test_what_is_no_mention(reader: Reader, text: str) -> None:
    assert named(reader, text) == {}


WORDS = st.lists(
    st.sampled_from(
        [
            "TACE",
            "(HCC)",
            "stroke",
            "survival",
            "of",
            "rate",
            "number",
            "52%",
            "p=0.01",
            "versus",
            "sorafenib",
            "-",
            ",",
            ".",
            ";",
            "(",
            ")",
            "[",
            "]",
            "and",
            "not",
            "group",
            "patients",
            "\nhepatocellular",
            "carcinoma",
            "drug-eluting",
            "stents",
            "α",
            "±",
            "·",
            "95%",
            "CI",
            "HR",
            "0.7",
            "no",
            "in",
            "with",
            "after",
        ]
    ),
    max_size=60,
).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(WORDS, st.text(max_size=300)))
def test_whatever_is_read_lies_in_the_text(reader: Reader, text: str) -> None:
    found = read(reader, text)
    words = found.publication.text
    assert list(found.mentions) == sorted(found.mentions, key=lambda m: (m.start, -(m.end - m.start)))
    for mention in found.mentions:
        assert words[mention.start : mention.end] == mention.text
        assert mention.branch is not Branch.SLOT_VALUE
    for assertion in found.assertions:
        for part in (assertion.subject, assertion.object):
            assert assertion.start <= part.start < part.end <= assertion.end <= len(words)
    for result in found.findings:
        assert 0 <= result.start < result.end <= len(words)
        for named in (result.intervention, result.comparator, result.outcome, result.population):
            assert named is None or words[named.start : named.end] == named.text
