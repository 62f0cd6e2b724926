from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ontology.build import AXIOMS, build_root
from ontology.explain import clash, module, roots, words
from ontology.iris import expand
from ontology.owl import Axiom, axioms
from tests.ontology.small import tables

A, B, C, D, E, P = (f"urn:{x}" for x in "abcdep")
SOME = ("ObjectSomeValuesFrom", P, D)


def sub(one: str, other: object) -> Axiom:
    return Axiom("SubClassOf", (one, other))  # type: ignore[arg-type]


def test_a_smallest_set_is_found_with_few_questions() -> None:
    needed = {sub(A, B), sub(A, C), Axiom("DisjointClasses", (B, C))}
    every = [*(sub(A, f"urn:x{i}") for i in range(50)), *needed, *(sub(B, f"urn:y{i}") for i in range(50))]
    asked = 0

    def oracle(some: Sequence[Axiom]) -> bool:
        nonlocal asked
        asked += 1
        return needed <= set(some)

    assert set(clash(every, A, oracle)) == needed
    assert asked < 40


def test_nothing_clashes() -> None:
    assert clash([sub(A, B)], A, lambda some: False) == ()


def test_a_module_leaves_out_what_cannot_matter() -> None:
    every = [
        sub(A, B), sub(D, E), sub(A, SOME), sub("urn:z", A),
        Axiom("ObjectPropertyDomain", (P, C)), Axiom("ObjectPropertyDomain", ("urn:q", C)),
        Axiom("DisjointClasses", (B, C, "urn:other")),
    ]  # fmt: skip
    found = set(module(every, frozenset({A})))
    assert found == {
        sub(A, B), sub(A, SOME), sub(D, E), Axiom("ObjectPropertyDomain", (P, C)),
        Axiom("DisjointClasses", (B, C)),
    }  # fmt: skip


def test_what_follows_from_another_empty_class_is_no_root() -> None:
    assert roots([sub(B, A), sub(C, ("ObjectSomeValuesFrom", P, B))], [A, B, C]) == (A,)
    assert roots([sub(A, B), sub(B, A)], [A, B]) == (A, B)


def test_axioms_in_words() -> None:
    labels = {A: "stent", B: "liver"}
    union = ("ObjectUnionOf", B, C)
    assert (
        words(sub(A, ("ObjectSomeValuesFrom", P, union)), labels)
        == "'stent' SubClassOf urn:p some ('liver' or urn:c)"
    )
    chain = Axiom("SubObjectPropertyOf", (("ObjectPropertyChain", P, P), P))
    assert words(chain, {}) == "urn:p o urn:p SubPropertyOf urn:p"


def test_hermit_explains_a_clash_of_branches(tmp_path: Path) -> None:
    """A liver that is a disease: told by its two parents and the disjointness of two branches."""
    pytest.importorskip("owlready2", reason="owlready2 is not installed")
    root = tables(tmp_path)
    more = "\nIRKG:0010002 <http://www.w3.org/2000/01/rdf-schema#subClassOf> IRKG:0001000 .\n"
    (root / "irkg.ttl").write_text(AXIOMS.read_text(encoding="utf-8") + more, encoding="utf-8")
    liver, disease, site = map(expand, ("IRKG:0010002", "IRKG:0001000", "IRKG:0010000"))
    found = clash(axioms(build_root(root).triples), liver)
    assert {a.kind for a in found} == {"SubClassOf", "DisjointClasses"}
    assert set(found) == {sub(liver, disease), sub(liver, site), Axiom("DisjointClasses", (disease, site))}
