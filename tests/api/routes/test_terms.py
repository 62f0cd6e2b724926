from __future__ import annotations

from fastapi.testclient import TestClient

from api.app import create_app
from api.routes.term_search import TermIndex
from kg.settings import Settings
from ontology.terms import Branch, Obsolete, Ontology, Synonym, Term, Xref
from tests.api.serving import memory
from tests.kg import factories
from tests.kg.factories import HCC, TACE

TERMS = [
    Term("IRKG:0006001", Branch.PROCEDURE, "embolization", synonyms=(Synonym("TAE", abbreviation=True),)),
    Term("IRKG:0006002", Branch.PROCEDURE, "chemoembolization", ("IRKG:0006001",)),
    Term("IRKG:0006003", Branch.PROCEDURE, "prostate artery embolization", ("IRKG:0006001",)),
    Term("IRKG:0012001", Branch.ADVERSE_EVENT, "non-target embolization"),
    Term("IRKG:0012002", Branch.ADVERSE_EVENT, "ischemia", synonyms=(Synonym("embolization injury"),)),
]
INDEX = TermIndex(Ontology({term.id: term for term in TERMS}))


def labels(text: str, branch: Branch | None = None) -> list[str]:
    return [hit.term.label for hit in INDEX.search(text, branch)]


def test_the_best_fit_comes_first() -> None:
    assert labels("embolization") == [
        "embolization",
        "ischemia",
        "non-target embolization",
        "prostate artery embolization",
        "chemoembolization",
    ]


def test_spelling_case_and_plural_do_not_matter() -> None:
    assert labels("Chemoembolisations") == ["chemoembolization"]
    assert labels("tae") == ["embolization"]


def test_the_name_that_fits_is_told() -> None:
    assert INDEX.search("injury")[0].matched == "embolization injury"


def test_a_branch_keeps_its_own_terms() -> None:
    assert labels("embolization", Branch.ADVERSE_EVENT) == ["ischemia", "non-target embolization"]
    assert len(labels("", Branch.PROCEDURE)) == 3


def test_no_text_lists_every_term_and_mere_punctuation_none() -> None:
    assert len(labels("  ")) == len(TERMS)
    assert labels("?!") == []
    assert labels("hip") == []


def test_a_term_with_everything() -> None:
    from fastapi.testclient import TestClient as Client

    from api.app import create_app
    from kg.settings import Settings

    upper = Term("IRKG:0006000", Branch.PROCEDURE, "procedure")
    tace = Term(
        str(TACE.term),
        Branch.PROCEDURE,
        "chemoembolization",
        ("IRKG:0006000",),
        "A definition.",
        "A source",
        (Synonym("TACE", "exact", True),),
        {"treats": (str(HCC.term),), "kind": ("local",)},
    )
    hcc = Term(str(HCC.term), Branch.DISEASE, "hepatocellular carcinoma")
    mapping = Xref(tace.id, "skos:exactMatch", "X:1", "chemoembolization", "semapv:ManualMappingCuration")
    ontology = Ontology({t.id: t for t in (upper, tace, hcc)}, (mapping,))
    with Client(create_app(Settings(), memory(), ontology=ontology)) as client:
        found = client.get(f"/terms/{tace.id}").json()
        assert client.get(f"/terms/{tace.id.replace(':', '_')}").json() == found
        assert client.get("/terms/IRKG:0006000").json()["children"] == [
            {"id": tace.id, "label": "chemoembolization"}
        ]
    assert found["definition"] == "A definition."
    assert found["synonyms"] == [{"text": "TACE", "scope": "exact", "abbreviation": True}]
    assert found["parents"] == [{"id": "IRKG:0006000", "label": "procedure"}]
    assert found["slots"] == {"treats": [{"id": hcc.id, "label": hcc.label}], "kind": ["local"]}
    assert found["mappings"][0]["object_id"] == "X:1"
    assert found["statistics"]["documents"] == 5
    counts = {(c["kind"], c["predicate"], c["role"]): c["claims"] for c in found["claims"]}
    assert counts == {
        ("relation", "treats", "subject"): 1,
        ("relation", "uses", "subject"): 1,
        ("relation", "causes", "subject"): 1,
        ("comparison", None, "intervention"): 1,
    }


def test_search_over_http(client: TestClient) -> None:
    found = client.get("/terms", params={"q": "carcinoma"}).json()
    assert [(one["id"], one["matched"]) for one in found["items"]] == [(HCC.term, HCC.text)]


def test_an_obsolete_term_tells_what_replaces_it() -> None:
    old = Term("IRKG:0006099", Branch.PROCEDURE, "oily chemoembolization", definition="Old.")
    ontology = Ontology(
        {**factories.ontology().terms}, obsolete={old.id: Obsolete(old, str(TACE.term), "told twice")}
    )
    with TestClient(create_app(Settings(), memory(), ontology=ontology)) as client:
        told = client.get("/terms/IRKG_0006099").json()
        assert (told["deprecated"], told["replaced_by"]["id"], told["reason"]) == (
            True,
            TACE.term,
            "told twice",
        )
        assert told["label"] == "oily chemoembolization"
        assert client.get(f"/terms/{TACE.term}").json()["deprecated"] is False
        assert client.get("/terms/IRKG:0006098").status_code == 404
