from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from kg.settings import Settings
from ontology.terms import Branch, Ontology, Term
from tests.api.serving import DOI, memory
from tests.kg.factories import HCC, TACE, VEGFR


def found(client: TestClient, **parameters: Any) -> list[dict[str, Any]]:
    response = client.get("/evidence", params=parameters)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def documents(client: TestClient, **parameters: Any) -> list[str]:
    return [one["document"]["id"] for one in found(client, **parameters)]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [DOI, "pmid:6", "pmid:5", "pmid:4", "pmid:3", "pmid:2", "pmid:1"]),
        ({"term": VEGFR.term}, ["pmid:5", "pmid:4"]),
        ({"term": [VEGFR.term, "IRKG_0012010"]}, [DOI, "pmid:5", "pmid:4"]),
        ({"term": "IRKG:9999999"}, []),
        ({"predicate": "treats"}, ["pmid:2", "pmid:1"]),
        ({"stance": "against"}, ["pmid:6", "pmid:2"]),
        ({"stance": "for", "predicate": "treats"}, ["pmid:1"]),
        ({"document": "pmid:3"}, ["pmid:3"]),
        ({"document": DOI}, [DOI]),
        ({"document": "pmid:3 } #"}, []),
        ({"year_from": 2005, "year_to": 2006}, ["pmid:6", "pmid:5"]),
        ({"design": "cohort"}, []),
        ({"kind": "finding"}, ["pmid:6"]),
        ({"term": TACE.term, "kind": "finding", "design": "RCT"}, ["pmid:6"]),
    ],
)
def test_filters(client: TestClient, parameters: dict[str, Any], expected: list[str]) -> None:
    assert documents(client, **parameters) == expected


def test_evidence_carries_its_quote_citation_and_labels(client: TestClient) -> None:
    one = found(client, document="pmid:2")[0]
    assert one["quote"] == "We saw that TACE never treats hepatocellular carcinoma."
    assert one["document"]["links"] == ["https://pubmed.ncbi.nlm.nih.gov/2/"]
    assert one["subject"] == {"id": TACE.term, "label": "TACE"}
    assert (one["negated"], one["stance"], one["section"]) == (True, "disputes", "results")
    text = client.get("/documents/pmid:2").json()["text"]
    assert text[one["start"] : one["end"]] == one["quote"]


def test_a_finding_tells_its_result(client: TestClient) -> None:
    result = found(client, kind="finding")[0]["result"]
    assert result["intervention"]["id"] == TACE.term
    assert result["comparator_text"] == "radiofrequency ablation"
    assert result["favors"] == "comparator"
    assert set(result["effect"]) >= {"value", "ci_low", "p"}


def test_narrower_terms_are_followed_when_asked() -> None:
    above = Term("IRKG:0001000", Branch.DISEASE, "disease")
    hcc = Term(str(HCC.term), Branch.DISEASE, HCC.text, (above.id,))
    app = create_app(Settings(), memory(), ontology=Ontology({above.id: above, hcc.id: hcc}))
    with TestClient(app) as client:
        assert documents(client, term=above.id) == []
        assert "pmid:1" in documents(client, term=above.id, narrower=True)


def test_claims_lead_to_evidence_on_both_sides(client: TestClient) -> None:
    claims = client.get("/claims", params={"term": HCC.term, "predicate": "treats"}).json()["items"]
    assert [(one["label"], one["supporting"], one["disputing"]) for one in claims] == [
        ("chemoembolization treats hepatocellular carcinoma", 1, 1)
    ]
    claim = client.get(f"/claims/{claims[0]['id']}").json()
    assert client.get(f"/claims/{quote(claims[0]['iri'], safe='')}").json() == claim
    assert client.get(f"/claims/{claims[0]['iri']}").json() == claim
    assert {one["stance"] for one in claim["evidence"]["items"]} == {"supports", "disputes"}
    assert claim["evidence"]["total"] == 2


def test_an_inferred_claim_names_its_premises(client: TestClient) -> None:
    parameters = {"term": TACE.term, "predicate": "targets", "inferred": True}
    (claim,) = client.get("/claims", params=parameters).json()["items"]
    assert claim["origin"] == "inferred"
    detail = client.get(f"/claims/{claim['id']}").json()
    assert {one["predicate"] for one in detail["premises"]} == {"uses", "targets"}
    assert detail["evidence"]["items"] == []
    assert client.get("/claims", params=parameters | {"inferred": False}).json()["total"] == 0


@pytest.mark.parametrize("name", [DOI, quote(DOI, safe=""), quote(DOI)])
def test_a_document_is_found_by_its_doi_however_it_is_written(client: TestClient, name: str) -> None:
    found = client.get(f"/documents/{name}").json()
    assert found["id"] == DOI
    assert [section["kind"] for section in found["sections"]] == ["title", "results"]
    for mention in found["mentions"]:
        assert found["text"][mention["start"] : mention["end"]] == mention["text"]
    assert found["evidence"][0]["predicate"] == "causes"
