from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, serialize

from ontology.build import AXIOMS, build
from ontology.inferred import Axioms, Chain, Fact, Inference, infer, read_axioms, triples
from ontology.iris import VOCAB
from ontology.reasoning import classify
from ontology.terms import Branch, Ontology
from tests.ontology.small import ontology

DOX, TOP2, HCC = "IRKG:0008001", "IRKG:0003001", "IRKG:0001002"
LIVER, ABDOMEN, NEOPLASM = "IRKG:0010002", "IRKG:0010001", "IRKG:0001001"


@pytest.fixture
def small(tmp_path: Path) -> Ontology:
    return ontology(tmp_path)


def by_fact(found: tuple[Inference, ...]) -> dict[Fact, Inference]:
    return {one.fact: one for one in found}


def test_the_axioms_are_read_from_the_turtle() -> None:
    axioms = read_axioms()
    assert Chain("targets", ("uses", "targets")) in axioms.chains
    assert Chain("part_of", ("part_of", "part_of")) in axioms.chains
    assert {("guides", "guided_by"), ("guided_by", "guides")} <= set(axioms.inverses)
    assert ("causes", "may_cause") in axioms.subproperties


def test_no_axiom_gives_treats_or_another_relation_of_evidence() -> None:
    axioms = read_axioms()
    given = {c.gives for c in axioms.chains} | {wider for _, wider in axioms.subproperties}
    assert given.isdisjoint(
        {"treats", "indicated_for", "causes", "contraindicates", "predicts", "associated_with"}
    )


def test_a_chain_of_three_steps_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix irkg: <https://w3id.org/irkg/vocab#> .\n"
        "irkg:a owl:propertyChainAxiom ( irkg:b irkg:c irkg:d ) .\n"
    )
    with pytest.raises(ValueError, match="b o c o d -> a has not two steps"):
        read_axioms(path)


def test_a_mechanism_follows_with_its_premises(small: Ontology) -> None:
    found = by_fact(infer(small))
    assert found[Fact(DOX, "has_mechanism_for", HCC)] == Inference(
        Fact(DOX, "has_mechanism_for", HCC),
        "targets o associated_with -> has_mechanism_for",
        (Fact(DOX, "targets", TOP2), Fact(TOP2, "associated_with", HCC)),
    )
    assert found[Fact("IRKG:0006004", "has_mechanism_for", HCC)].premises == (
        Fact("IRKG:0006004", "uses", DOX),
        Fact(DOX, "targets", TOP2),
        Fact(TOP2, "associated_with", HCC),
    )
    assert not [fact for fact in found if fact.predicate == "treats"]


def test_a_subclass_has_what_its_class_has(small: Ontology) -> None:
    found = by_fact(infer(small))
    child, parent, top = "IRKG:0006005", "IRKG:0006004", "IRKG:0006003"
    assert found[Fact(child, "uses", DOX)].premises == (
        Fact(child, "rdfs:subClassOf", parent),
        Fact(parent, "uses", DOX),
    )
    assert Fact(child, "has_site", LIVER) in found
    # An alternative of the class is nothing that each subclass has.
    assert Fact(child, "uses", "IRKG:0008002") not in found
    assert Fact(parent, "uses", "IRKG:0008002") not in found
    # HCC itself names no site: it is where its class is, and in what that is part of.
    assert found[Fact(HCC, "located_in", LIVER)].axiom == "inheritance"
    assert Fact(HCC, "located_in", ABDOMEN) in found
    assert Fact(top, "uses", DOX) not in found  # stated, so not inferred


def test_inverses_and_transitivity(tmp_path: Path) -> None:
    row = {"id": "IRKG:0010003", "label": "liver segment", "parents": "anatomical site", "part_of": "liver"}
    found = by_fact(infer(ontology(tmp_path, extra={Branch.ANATOMICAL_SITE: [row]})))
    assert Fact("IRKG:0005002", "guides", "IRKG:0006003") in found
    assert Fact("IRKG:0010003", "part_of", ABDOMEN) in found
    assert Fact(ABDOMEN, "has_part", "IRKG:0010003") in found


def test_the_reasoners_subsumptions_carry_on(small: Ontology) -> None:
    found = by_fact(infer(small, [("IRKG:0003001", "IRKG:0003000")]))
    assert found[Fact("IRKG:0003001", "rdfs:subClassOf", "IRKG:0003000")].axiom == "classification"


def test_nothing_is_said_of_a_term_and_itself_and_cycles_end(tmp_path: Path) -> None:
    small = ontology(tmp_path, {"IRKG:0010001": {"part_of": "liver"}})
    found = infer(small, [("IRKG:0006002", "IRKG:0006003"), ("IRKG:0006003", "IRKG:0006002")])
    assert all(one.fact.subject != one.fact.object for one in found)


def test_without_axioms_only_inheritance(small: Ontology) -> None:
    assert {one.axiom for one in infer(small, axioms=Axioms())} == {"inheritance"}


def test_the_reasoner_agrees_about_mechanisms(tmp_path: Path, small: Ontology) -> None:
    """What HermiT puts under `has_mechanism_for some HCC` is what the rules give (but for alternatives)."""
    probe = """
    IRKG:0000901 a owl:Class ; owl:equivalentClass
        [ a owl:Restriction ; owl:onProperty irkg:has_mechanism_for ; owl:someValuesFrom IRKG:0001002 ] .
    """
    path = tmp_path / "more.ttl"
    path.write_text(AXIOMS.read_text(encoding="utf-8") + probe, encoding="utf-8")
    result = classify(build(small, axioms=path))
    under = {child for child, parent in result.subsumptions if parent == "IRKG:0000901"}
    under |= {t.id for t in small.terms.values() if small.ancestors(t.id) & under}
    rules = {one.fact.subject for one in infer(small) if one.fact[1:] == ("has_mechanism_for", HCC)}
    assert under == {"IRKG:0008001", "IRKG:0006004", "IRKG:0006005"}
    assert under <= rules
    assert rules - under == {"IRKG:0006003"}  # doxorubicin is one of its alternatives: it may


def test_the_graph_names_axiom_and_premises(small: Ontology) -> None:
    graph = triples(infer(small))
    assert len(set(graph)) == len(graph)
    assert not [t for t in graph if BlankNode in (type(t.subject), type(t.object))]
    axioms = [t for t in graph if t.predicate == NamedNode(VOCAB + "axiom")]
    assert Literal("targets o associated_with -> has_mechanism_for") in {t.object for t in axioms}
    premises = {t.subject for t in graph if t.predicate == NamedNode(VOCAB + "premise")}
    assert premises == {t.subject for t in axioms}
    assert serialize(graph, format=RdfFormat.N_TRIPLES) == serialize(
        triples(infer(small)), format=RdfFormat.N_TRIPLES
    )
