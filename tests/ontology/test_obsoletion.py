from __future__ import annotations

from pathlib import Path

import pytest

from ontology.build import AXIOMS
from ontology.lexicon import Lexicon
from ontology.obsoletion import mentions, merge, obsolete, replacements
from ontology.quality import check
from ontology.tables import load
from ontology.terms import Branch
from ontology.workspace import EditError, Sources
from tests.ontology.small import Row, tables

MAPPINGS = (
    "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tcomment\n"
)
HEPATOMA: dict[Branch, list[Row]] = {
    Branch.DISEASE: [
        {
            "id": "IRKG:0001003",
            "label": "malignant hepatoma",
            "parents": "liver neoplasm",
            "exact": "liver cell carcinoma",
            "abbreviations": "MHC",
            "broad": "liver cancer",
        },
        {"id": "IRKG:0001004", "label": "early hepatoma", "parents": "malignant hepatoma"},
    ],
    Branch.BIOMARKER: [
        {
            "id": "IRKG:0004001",
            "label": "alpha-fetoprotein",
            "parents": "biomarker",
            "biomarker_of": "hepatocellular carcinoma|malignant hepatoma",
        }
    ],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = tables(tmp_path, extra=HEPATOMA)
    rows = (
        "IRKG:0001002\thepatocellular carcinoma\tskos:exactMatch\tMONDO:1\tx\tsemapv:LexicalMatching\t\n"
        "IRKG:0001003\tmalignant hepatoma\tskos:exactMatch\tMONDO:1\tx\tsemapv:LexicalMatching\t\n"
        "IRKG:0001003\tmalignant hepatoma\tskos:exactMatch\tMONDO:2\ty\tsemapv:LexicalMatching\t\n"
    )
    (found / "mappings" / "disease.sssom.tsv").write_text(MAPPINGS + rows)
    (found / "imports").mkdir()
    (found / "imports" / "mesh.tsv").write_text(
        "id\tlabel\tbranch\tparents\tsynonyms\tsource\nMESH:D1\tx\tDisease\tIRKG:0001003\t\tMeSH 2025\n"
    )
    (found / "primitive.tsv").write_text("id\tlabel\twhy\nIRKG:0001003\tmalignant hepatoma\ttest\n")
    return found


def test_merging_moves_names_mappings_and_references(root: Path) -> None:
    sources = Sources(root)
    done = merge(sources, "malignant hepatoma", "hepatocellular carcinoma")
    sources.save()
    assert check(root) == []
    found = load(root)
    hcc = found["IRKG:0001002"]
    assert {"malignant hepatoma", "liver cell carcinoma", "MHC"} <= set(hcc.names())
    assert ("liver cancer", "broad") in [(s.text, s.scope) for s in hcc.synonyms]
    assert found["IRKG:0001004"].parents == ("IRKG:0001002",)
    assert found["IRKG:0004001"].slots["biomarker_of"] == ("IRKG:0001002",)
    assert [(m.subject_id, m.object_id, m.predicate_id) for m in found.mappings] == [
        ("IRKG:0001002", "MONDO:1", "skos:exactMatch"),
        ("IRKG:0001002", "MONDO:2", "skos:exactMatch"),
    ]
    assert "IRKG:0001002" in (root / "imports" / "mesh.tsv").read_text()
    assert "IRKG:0001003" not in (root / "primitive.tsv").read_text()
    assert found.obsolete["IRKG:0001003"].replaced_by == "IRKG:0001002"
    assert found.obsolete["IRKG:0001003"].term.synonyms == ()
    assert replacements(root) == {"IRKG:0001003": "IRKG:0001002"}
    assert len(done.used) == 6
    assert "early hepatoma (IRKG:0001004), parents: now hepatocellular carcinoma" in done.used


def test_what_texts_call_it_leads_to_the_replacement(root: Path) -> None:
    sources = Sources(root)
    obsolete(sources, "malignant hepatoma", "IRKG:0001001", "not told apart", move=True)
    sources.save()
    found = load(root)
    lexicon = Lexicon(found)
    for name in ("malignant hepatoma", "liver cell carcinoma", "MHC"):
        assert [e.term for e in lexicon.lookup(name)] == ["IRKG:0001001"], name
    assert {s.scope for s in found["IRKG:0001001"].synonyms} == {"narrow"}
    assert {(m.object_id, m.predicate_id) for m in found.mappings if m.subject_id == "IRKG:0001001"} == {
        ("MONDO:1", "skos:narrowMatch"),
        ("MONDO:2", "skos:narrowMatch"),
    }


def test_without_a_replacement_nothing_leads_anywhere(root: Path) -> None:
    sources = Sources(root)
    obsolete(sources, "early hepatoma", None, "not used")
    sources.save()
    assert replacements(root) == {}
    assert Lexicon(load(root)).lookup("early hepatoma") == ()
    assert "early hepatoma" in (root / "terms" / "disease.tsv").read_text()


def test_names_are_dropped_when_they_mean_something_else(root: Path) -> None:
    sources = Sources(root)
    obsolete(sources, "early hepatoma", "liver neoplasm", "a mistake", meaning="none")
    sources.save()
    assert load(root)["IRKG:0001001"].synonyms == ()
    assert replacements(root) == {"IRKG:0001004": "IRKG:0001001"}


def test_a_replacement_that_is_replaced_later(root: Path) -> None:
    sources = Sources(root)
    merge(sources, "early hepatoma", "malignant hepatoma")
    sources.save()
    sources = Sources(root)
    merge(sources, "malignant hepatoma", "hepatocellular carcinoma")
    sources.save()
    assert replacements(root) == dict.fromkeys(("IRKG:0001003", "IRKG:0001004"), "IRKG:0001002")


def test_what_still_uses_it_is_listed_and_nothing_is_written(root: Path) -> None:
    sources = Sources(root)
    with pytest.raises(EditError) as told:
        obsolete(sources, "malignant hepatoma", "hepatocellular carcinoma", "same")
    assert [(p.file, p.row, p.field) for p in told.value.problems] == [
        ("disease.tsv", 6, "parents"),
        ("biomarker.tsv", 3, "biomarker_of"),
    ]
    assert "--move-children" in str(told.value)


def test_children_go_to_the_parents_when_nothing_replaces_it(root: Path) -> None:
    sources = Sources(root)
    obsolete(sources, "malignant hepatoma", None, "not used", move=True)
    sources.save()
    found = load(root)
    assert found["IRKG:0001004"].parents == ("IRKG:0001001",)
    assert found["IRKG:0004001"].slots["biomarker_of"] == ("IRKG:0001002",)
    assert check(root) == []


def test_a_child_may_take_the_place_of_its_parent(root: Path) -> None:
    sources = Sources(root)
    merge(sources, "malignant hepatoma", "early hepatoma")
    sources.save()
    assert load(root)["IRKG:0001004"].parents == ("IRKG:0001001",)
    assert check(root) == []


@pytest.mark.parametrize(
    ("term", "new", "reason", "told"),
    [
        ("disease", None, "x", "'disease' is the root of its branch"),
        ("early hepatoma", "early hepatoma", "x", "replaced_by: the term itself"),
        ("early hepatoma", "liver", "x", "'liver' is a AnatomicalSite"),
        ("early hepatoma", "no term", "x", "'no term' is no term"),
        ("early hepatoma", None, " ", "no reason is given"),
        ("early hepatoma", None, "a\u201cb", "obsolete.tsv, reason: smart quote"),
    ],
)
def test_what_cannot_be(root: Path, term: str, new: str | None, reason: str, told: str) -> None:
    with pytest.raises(EditError, match=told):
        obsolete(Sources(root), term, new, reason)


def test_twice_is_refused(root: Path) -> None:
    sources = Sources(root)
    obsolete(sources, "early hepatoma", None, "not used")
    with pytest.raises(EditError, match="obsolete already"):
        obsolete(sources, "IRKG:0001004", None, "not used")
    with pytest.raises(EditError, match="IRKG:0001004 is obsolete too"):
        obsolete(sources, "malignant hepatoma", "IRKG:0001004", "x", move=True)


def test_other_files_that_name_it_are_listed(root: Path) -> None:
    (root / "competency").mkdir()
    (root / "competency" / "q.rq").write_text('SELECT ?x {\n ?x rdfs:label "early hepatoma" }\n')
    (root / "scores.tsv").write_text("score\tterm\nx\tIRKG:0001004\ny\tvery early hepatoma\n")
    (root / "irkg.ttl").write_bytes(AXIOMS.read_bytes() + b"IRKG:0001004 owl:disjointWith IRKG:0001002 .\n")
    lines = len(AXIOMS.read_bytes().splitlines()) + 1
    places = ["competency/q.rq, row 2", f"irkg.ttl, row {lines}", "scores.tsv, row 2"]
    assert mentions(root, "IRKG:0001004", "early hepatoma") == places
    done = obsolete(Sources(root), "early hepatoma", None, "not used")
    assert [f"{place}: look at it" for place in places] == list(done.used)
