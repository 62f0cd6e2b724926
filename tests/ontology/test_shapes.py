from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, serialize

from ontology.build import AXIOMS, build
from ontology.inferred import infer, triples
from ontology.terms import Branch
from tests.ontology.small import ontology

SHAPES = AXIOMS.with_name("shapes.ttl")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


def test_the_shapes_are_turtle_and_know_every_branch() -> None:
    graph = rdflib.Graph().parse(SHAPES)
    lists = [{str(item) for item in graph.items(head)} for head in graph.objects(None, SH["in"])]
    assert set(Branch) in lists


def validate(data: bytes) -> tuple[bool, str]:
    pyshacl = pytest.importorskip("pyshacl", reason="pyshacl is not installed")
    graph = rdflib.Graph().parse(data=data, format="nt")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))
    return bool(conforms), str(text)


def test_a_built_ontology_conforms(tmp_path: Path) -> None:
    small = ontology(tmp_path)
    data = serialize((*build(small).store_graph, *triples(infer(small))), format=RdfFormat.N_TRIPLES)
    assert data
    conforms, text = validate(data)
    assert conforms, text


@pytest.mark.parametrize(
    ("triple", "expected"),
    [
        ('<https://w3id.org/irkg/IRKG_0001002> rdfs:label "b" .', "a term has one label"),
        ('<urn:x> oboInOwl:hasOBONamespace "Illness" .', "a term is of one of the known branches"),
        ("<urn:x> a irkg:Assertion .", "evidence has one quote"),
        ('<urn:x> a irkg:Finding ; irkg:stance "likes" .', "a stance is supports, disputes or neutral"),
        ("<urn:x> a oa:TextPositionSelector ; oa:start 5 ; oa:end 4 .", "a position begins before it ends"),
        ("<urn:x> a irkg:InferredClaim .", "an inferred claim names its premises"),
        ("<urn:x> a irkg:Comparison .", "a comparison has one second arm"),
    ],
)
def test_what_is_wrong_does_not(tmp_path: Path, triple: str, expected: str) -> None:
    prefixes = (
        "@prefix irkg: <https://w3id.org/irkg/vocab#> . @prefix oa: <http://www.w3.org/ns/oa#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix oboInOwl: <http://www.geneontology.org/formats/oboInOwl#> .\n"
    )
    wrong = rdflib.Graph().parse(data=prefixes + triple, format="turtle").serialize(format="nt")
    data = serialize(build(ontology(tmp_path)).store_graph, format=RdfFormat.N_TRIPLES) or b""
    conforms, text = validate(data + wrong.encode())
    assert not conforms
    assert expected in text
