from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes import justify
from api.routes.justify import JustifyAnswer
from ingest import question
from kg.model.justification import NOTICE
from kg.settings import Settings
from ontology import tables
from ontology.terms import Ontology
from tests.kg import factories
from tests.kg.factories import Name

QUESTION = "HCC, BCLC B, Child-Pugh A, 6 cm"


@pytest.fixture(scope="module")
def reading() -> Iterator[TestClient]:
    """A client over the tables of the package, and one paper that speaks of them."""
    ontology = Ontology(tables.read_terms(tables.ROOT / "terms")[0])
    hcc, tace = (ontology.by_label[name] for name in ("hepatocellular carcinoma", "chemoembolization"))
    paper = factories.comparison_reading(
        "pmid:1",
        Name("TACE", tace.id, tace.branch),
        Name("sorafenib", "IRKG:0008010", factories.SORAFENIB.branch),
    )
    said = factories.relation_reading(
        "pmid:2", Name("TACE", tace.id, tace.branch), object=Name("HCC", hcc.id, hcc.branch)
    )
    with TestClient(create_app(Settings(), factories.store_of(paper, said), ontology=ontology)) as client:
        yield client


def test_a_question_is_answered_with_the_notice(reading: TestClient) -> None:
    response = reading.get("/justify", params={"question": QUESTION})
    assert response.status_code == 200, response.text
    answer = JustifyAnswer.model_validate(response.json())
    assert answer.question == QUESTION
    assert "hepatocellular carcinoma" in str(answer.profile["disease"])
    assert answer.notice == NOTICE
    assert answer.options or answer.missing


def test_nothing_known_is_said_plainly_and_not_an_error(reading: TestClient) -> None:
    answer = reading.get("/justify", params={"question": "broken bicycle"}).json()
    assert answer["options"] == []
    assert answer["missing"]


def test_a_profile_by_post_and_a_question_by_post(reading: TestClient) -> None:
    profile = {"disease": "hepatocellular carcinoma", "BCLC": "B"}
    response = reading.post("/justify", json={"profile": profile})
    assert response.status_code == 200, response.text
    assert "hepatocellular carcinoma" in str(response.json()["profile"]["disease"])
    by_get = reading.get("/justify", params={"question": QUESTION}).json()
    assert reading.post("/justify", json={"question": QUESTION}).json() == by_get


@pytest.mark.parametrize(
    "body", [{}, {"question": " "}, {"profile": {}, "question": "x"}, {"profil": {}}, {"profile": []}, []]
)
def test_a_body_that_says_neither_or_both_is_refused(reading: TestClient, body: object) -> None:
    response = reading.post("/justify", json=body)
    assert response.status_code == 422
    assert response.json()["errors"]


def test_an_empty_or_endless_question_is_refused(reading: TestClient) -> None:
    assert reading.get("/justify", params={"question": "  "}).status_code == 422
    assert reading.get("/justify", params={"question": "x" * (question.LONGEST + 1)}).status_code == 422
    assert justify._LONGEST == question.LONGEST
