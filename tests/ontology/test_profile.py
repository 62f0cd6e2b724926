from __future__ import annotations

from pathlib import Path

import pytest

from ontology.build import build, build_root
from ontology.owl import Axiom, Part
from ontology.profile import check, report
from tests.ontology.small import ontology

A, B, P, Q, R = "urn:A", "urn:B", "urn:p", "urn:q", "urn:r"
SOME: Part = ("ObjectSomeValuesFrom", P, B)


@pytest.mark.parametrize(
    "axiom",
    [
        Axiom("SubClassOf", (A, SOME)),
        Axiom("EquivalentClasses", (A, ("ObjectIntersectionOf", B, SOME))),
        Axiom("DisjointClasses", (A, B)),
        Axiom("ObjectPropertyRange", (P, B)),
        Axiom("TransitiveObjectProperty", (P,)),
        Axiom("SubObjectPropertyOf", (("ObjectPropertyChain", P, P), Q)),
        Axiom("SubClassOf", (A, ("ObjectOneOf", "urn:one"))),
    ],
)
def test_inside(axiom: Axiom) -> None:
    assert check([axiom]).inside == (axiom,)


@pytest.mark.parametrize(
    ("axiom", "why"),
    [
        (Axiom("SubClassOf", (A, ("ObjectSomeValuesFrom", P, ("ObjectUnionOf", A, B)))), "a union"),
        (Axiom("ObjectPropertyDomain", (P, ("ObjectUnionOf", A, B))), "a union"),
        (Axiom("InverseObjectProperties", (P, Q)), "an inverse property"),
        (Axiom("SubClassOf", (A, ("ObjectComplementOf", B))), "a complement"),
        (Axiom("SubClassOf", (A, ("ObjectAllValuesFrom", P, B))), "a universal restriction"),
        (Axiom("SubClassOf", (A, ("ObjectMinCardinality", "2", P, B))), "a number restriction"),
        (
            Axiom("SubClassOf", (A, ("ObjectOneOf", "urn:1", "urn:2"))),
            "an enumeration of several individuals",
        ),
        (Axiom("FunctionalObjectProperty", (P,)), "a functional property"),
        (Axiom("DisjointUnion", (A, B)), "a union"),
    ],
)
def test_outside(axiom: Axiom, why: str) -> None:
    found = check([axiom])
    assert not found.inside
    assert [one.why for one in found.outside] == [why]
    assert f"1 {axiom.kind} with {why}" in str(found)


def test_declarations_and_annotations_do_not_count() -> None:
    notes = [Axiom("Declaration", (("Class", A),)), Axiom("AnnotationAssertion", (P, A, B))]
    assert check([*notes, Axiom("Ontology", (A,))]).inside == ()


def test_a_chain_may_not_bring_a_range_with_it() -> None:
    chain = Axiom("SubObjectPropertyOf", (("ObjectPropertyChain", P, Q), R))
    given = Axiom("ObjectPropertyRange", (R, B))
    assert check([chain, given]).outside[0].axiom == chain
    assert not check([chain, given, Axiom("ObjectPropertyRange", (Q, B))]).outside
    # A range of a wider property counts, for the given property as for the last step.
    wide = (Axiom("SubObjectPropertyOf", (Q, "urn:wide")), Axiom("ObjectPropertyRange", ("urn:wide", B)))
    assert not check([chain, given, *wide]).outside


def test_the_small_ontology(tmp_path: Path) -> None:
    found = report(build(ontology(tmp_path)))
    slots = [one for one in found.outside if one.axiom.kind == "SubClassOf"]
    # The two agents of chemoembolization are alternatives; all else of the terms is in EL.
    assert len(slots) == 1
    assert "IRKG:0008001, IRKG:0008002" in str(slots[0])


def test_all_but_alternatives_several_branches_and_inverses_of_the_real_ontology_is_in_el() -> None:
    found = report(build_root())
    assert {why for _, why in found.reasons} == {"a union", "an inverse property"}
    assert {one.axiom.kind for one in found.outside if one.why == "an inverse property"} == {
        "InverseObjectProperties"
    }
    assert len(found.inside) > 8 * len(found.outside)
