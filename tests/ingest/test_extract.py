"""Readings as JSON lines in the schema of the annotation guidelines."""

from __future__ import annotations

import json

from ingest.extract import to_line
from kg.model import (
    Assertion,
    Design,
    Direction,
    Effect,
    Favors,
    Finding,
    Measure,
    Mention,
    Predicate,
    Publication,
    Reading,
    Section,
    SectionKind,
    Study,
)
from ontology.terms import Branch

TEXT = "TACE prolonged survival (12 vs 8 months, p < 0.001)."


def mention(text: str, branch: Branch) -> Mention:
    start = TEXT.index(text)
    return Mention(start, start + len(text), text, branch)


TACE, SURVIVAL = mention("TACE", Branch.PROCEDURE), mention("survival", Branch.OUTCOME)


def reading() -> Reading:
    publication = Publication("text:1", TEXT, (Section("", TEXT, SectionKind.RESULTS, "abstract", 0),))
    effect = Effect(Measure.MEDIAN, None, None, None, "<0.001", "12", "8 months")
    return Reading(
        publication=publication,
        study=Study(Design.RCT, 100),
        mentions=(TACE, SURVIVAL, TACE),
        assertions=(Assertion(TACE, Predicate.PREDICTS, SURVIVAL, False, True, 0, len(TEXT), 0.7),),
        findings=(
            Finding(
                TACE, None, SURVIVAL, None, None,
                Direction.HIGHER, Favors.INTERVENTION, True, effect, 0, len(TEXT), 0.6,
            ),
        ),
        aliases=(("TACE", ("chemoembolization",)),),
        topics=(),
        pipeline="1",
    )  # fmt: skip


def test_a_line() -> None:
    line = to_line(reading())
    assert line["id"] == "text:1"
    assert line["study"] == {"design": "RCT", "n": 100}
    assert line["entities"] == [
        {"text": "TACE", "type": "Procedure"},
        {"text": "survival", "type": "Outcome"},
    ]
    assert line["relations"] == [
        {
            "subject": "TACE",
            "predicate": "predicts",
            "object": "survival",
            "negated": False,
            "hedged": True,
            "evidence": TEXT,
            "confidence": 0.7,
        }
    ]
    found = line["findings"][0]
    assert (found["intervention"], found["comparator"], found["outcome"]) == ("TACE", None, "survival")
    assert (found["direction"], found["favors"], found["significant"]) == ("higher", "intervention", True)
    assert found["effect"] == {
        "measure": "median",
        "value": None,
        "ci_low": None,
        "ci_high": None,
        "p": "<0.001",
        "intervention_value": "12",
        "comparator_value": "8 months",
    }
    assert line["aliases"] == {"TACE": ["chemoembolization"]}


def test_a_line_is_json_that_comes_back() -> None:
    line = to_line(reading())
    assert json.loads(json.dumps(line)) == line
