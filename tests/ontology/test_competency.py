"""The competency questions, asked of the real ontology and what follows from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ontology.questions import Question, answers, read
from ontology.terms import Branch
from tests.ontology import real

QUESTIONS = read()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_answered_as_expected(question: Question) -> None:
    assert question.faults(answers(question, real.graph())) == []


def test_there_are_sixty_for_many_users() -> None:
    assert len(QUESTIONS) >= 60
    assert len({q.text for q in QUESTIONS}) == len(QUESTIONS)
    assert len({q.audience for q in QUESTIONS}) >= 10


def test_the_answers_come_from_every_branch() -> None:
    terms = real.ontology()
    branches = {
        terms.by_label[one.casefold()].branch
        for question in QUESTIONS
        for one in question.expected
        if one.casefold() in terms.by_label
    }
    # Values of slots are no answers; a patient characteristic answers with its values.
    assert branches >= set(Branch) - {Branch.SLOT_VALUE, Branch.PATIENT_CHARACTERISTIC}
    assert any("of the patient" in question.query for question in QUESTIONS)


def test_what_must_not_come_is_a_term() -> None:
    """A misspelt name would never come."""
    labels = real.ontology().by_label
    assert [x for q in QUESTIONS for x in q.excluded if x.casefold() not in labels] == []


def test_the_documentation_lists_each_question() -> None:
    text = (Path(__file__).parents[2] / "docs" / "competency.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert rows == [(q.name, q.text, q.audience) for q in QUESTIONS]
