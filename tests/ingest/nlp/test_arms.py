# ruff: noqa: E501 (a row of a table is one line)
"""The arms of a study, in the ways papers refer to them."""

from __future__ import annotations

import pytest

from ingest.nlp.annotations import notes_of
from ingest.nlp.pipeline import Reader
from kg.model import SectionKind
from tests.ingest.nlp.helpers import publication


def arms(reader: Reader, title: str, methods: str = "", results: str = "") -> list[str]:
    found = publication((SectionKind.METHODS, methods), (SectionKind.RESULTS, results), title=title)
    return [a.mention.text for a in notes_of(reader.annotate(found)).arms]


@pytest.mark.parametrize(
    ("title", "methods", "first", "second"),
    [
        ("Chemoembolization versus sorafenib for liver cancer", "", "Chemoembolization", "sorafenib"),
        ("Treatment of liver cancer", "Patients were randomly assigned to radioembolization or sorafenib.", "radioembolization", "sorafenib"),
        ("Vertebroplasty compared with sham procedure", "", "Vertebroplasty", "sham procedure"),
        ("A trial in liver cancer", "Patients were randomized to placebo or lenvatinib.", "lenvatinib", "placebo"),
        ("Uterine artery embolization or hysterectomy for fibroids: a randomized trial", "", "Uterine artery embolization", "hysterectomy"),
    ],
)  # fmt: skip
def test_two_arms_the_control_last(reader: Reader, title: str, methods: str, first: str, second: str) -> None:
    assert arms(reader, title, methods)[:2] == [first, second]


def test_groups_with_letters(reader: Reader) -> None:
    methods = "Patients were randomly assigned to group A or group B."
    results = "Pain was lower in group A than in group B. Group A was younger."
    assert arms(reader, "A trial of two methods", methods, results)[:2] == ["group A", "group B"]


def test_a_combination_is_one_arm(reader: Reader) -> None:
    found = arms(
        reader, "TACE plus sorafenib versus TACE alone in hepatocellular carcinoma: a randomized trial"
    )
    assert found[0] == "TACE plus sorafenib"
    assert len(found) == 2


def test_a_rescue_is_no_arm(reader: Reader) -> None:
    methods = "Patients were randomly assigned to chemoembolization or sorafenib."
    results = "Rescue surgery was needed twice after chemoembolization."
    assert "surgery" not in arms(reader, "Chemoembolization versus sorafenib", methods, results)[:2]
