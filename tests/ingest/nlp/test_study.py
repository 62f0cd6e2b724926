# ruff: noqa: E501 (a row of a table is one line)
"""Study design, number of patients, and what the paper is about."""

from __future__ import annotations

import pytest

from ingest.nlp.designs import design
from ingest.nlp.pipeline import Reader
from ingest.nlp.sizes import size
from kg.model import Design, SectionKind
from tests.ingest.nlp.helpers import publication


@pytest.mark.parametrize(
    ("title", "abstract", "expected"),
    [
        ("Stents for claudication: a randomized trial", "Patients were treated.", Design.RCT),
        ("Stents for claudication", "Patients were randomly assigned to stents or balloons.", Design.RCT),
        ("Stents for claudication", "In 40 patients a stent was placed. A randomized trial is needed.", Design.COHORT),
        ("Stents for claudication: systematic review and meta-analysis", "Trials were pooled.", Design.META_ANALYSIS),
        ("Stents for claudication", "PubMed was searched for trials. We pooled the risk ratios.", Design.META_ANALYSIS),
        ("Stents for claudication: a systematic review", "Studies were read.", Design.SYSTEMATIC_REVIEW),
        ("Guidelines for the treatment of claudication", "We give advice.", Design.GUIDELINE),
        ("A case of ruptured aneurysm", "A man was treated.", Design.CASE_REPORT),
        ("Stents for claudication", "We retrospectively reviewed 120 patients who received stents.", Design.COHORT),
        ("A single-arm trial of stents", "Fifty patients were enrolled.", Design.SINGLE_ARM),
        ("Embolization in swine", "Renal arteries of ten pigs were embolized.", Design.PRECLINICAL),
        ("CT for endoleak", "CT had a sensitivity of 90% and a specificity of 80%.", Design.DIAGNOSTIC),
        ("Risk factors for stroke: a case-control study", "Patients and controls were matched.", Design.CASE_CONTROL),
    ],
)  # fmt: skip
def test_design(title: str, abstract: str, expected: Design) -> None:
    assert design(publication((SectionKind.ABSTRACT, abstract), title=title)) is expected


def test_the_type_that_the_publication_carries_decides() -> None:
    found = publication(
        (SectionKind.ABSTRACT, "We reviewed cases."), title="Stents", types=("Randomized Controlled Trial",)
    )
    assert design(found) is Design.RCT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A total of 120 patients were enrolled.", 120),
        ("We enrolled 1,250 patients with claudication.", 1250),
        ("Forty-two patients were treated.", 42),
        ("Between 2004 and 2008, 97 consecutive patients were randomized.", 97),
        ("Of 300 patients screened, 200 patients were randomly assigned.", 200),
        ("Stents (n = 30) were compared with balloons (n = 32).", 62),
        ("Patients were followed for 24 months.", None),
        ("It was done in 2015 at 12 hospitals.", None),
        ("The mean age was 65 years.", None),
    ],
)
def test_size(text: str, expected: int | None) -> None:
    assert size(publication((SectionKind.METHODS, text))) == expected


def test_a_number_of_thousands_of_digits_is_no_size() -> None:
    assert (
        size(
            publication(
                (SectionKind.METHODS, "A total of " + "9" * 5000 + " patients (n = 3" + "0" * 5000 + ").")
            )
        )
        is None
    )


def test_topics(reader: Reader) -> None:
    found = reader.read(
        publication(
            (SectionKind.RESULTS, "Hepatocellular carcinoma recurred. Stroke was rare."),
            title="Ablation of hepatocellular carcinoma",
        )
    )
    assert [reader.ontology[t].label for t in found.topics] == ["hepatocellular carcinoma"]
