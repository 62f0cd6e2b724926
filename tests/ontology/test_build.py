from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from ontology.build import Built, build, build_root, write
from ontology.iris import PREFIXES, VOCAB, expand
from ontology.tables import TableError
from ontology.terms import Term, Xref
from tests.ontology.small import ontology, tables

OWL, RDFS = PREFIXES["owl"], PREFIXES["rdfs"]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return build(ontology(tmp_path))


def node(curie: str) -> NamedNode:
    return NamedNode(expand(curie))


def test_building_twice_gives_the_same_bytes(tmp_path: Path, built: Built) -> None:
    again = build(ontology(tmp_path / "again"))
    assert (again.turtle, again.version, again.store_graph) == (
        built.turtle,
        built.version,
        built.store_graph,
    )


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    root = tables(tmp_path / "root")
    code = "import sys, pathlib, ontology.build as b; b.write(*map(pathlib.Path, sys.argv[1:]))"
    digests = set()
    for seed in ("1", "2"):
        folder = tmp_path / seed
        command = [sys.executable, "-c", code, str(folder), str(root)]
        subprocess.run(
            command, check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}
        )
        digests.add(
            tuple(hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in ("irkg.ttl", "irkg.nq"))
        )
    assert len(digests) == 1


def test_the_version_follows_the_content(tmp_path: Path, built: Built) -> None:
    other = build(ontology(tmp_path / "other", {"IRKG:0001002": {"comment": "changed"}}))
    assert other.version != built.version
    assert len(built.version) == 64
    assert f'irkg:contentHash "{built.version}"'.encode() in built.turtle


def test_the_store_has_no_blank_nodes_and_the_owl_file_no_generated_names(built: Built) -> None:
    for triple in built.store_graph:
        assert not isinstance(triple.subject, BlankNode)
        assert not isinstance(triple.object, BlankNode)
    assert b".well-known" not in built.turtle
    assert len(set(built.store_graph)) == len(built.store_graph)


def test_no_two_axioms_share_a_nameless_node(built: Built) -> None:
    uses: dict[object, int] = {}
    for quad in parse(input=built.turtle, format=RdfFormat.TURTLE):
        if isinstance(quad.object, BlankNode):
            uses[quad.object] = uses.get(quad.object, 0) + 1
    assert uses
    assert set(uses.values()) == {1}


def test_turtle_and_ntriples_say_the_same(built: Built) -> None:
    one = rdflib.Graph().parse(data=built.turtle, format="turtle")
    other = rdflib.Graph().parse(data=built.ntriples, format="nt")
    assert isomorphic(one, other)


def test_a_term_is_written_with_its_annotations(built: Built) -> None:
    hcc = node("IRKG:0001002")
    said = {(t.predicate.value, t.object) for t in built.store_graph if t.subject == hcc}
    obo = PREFIXES["oboInOwl"]
    assert {
        (RDFS + "label", Literal("hepatocellular carcinoma")),
        (RDFS + "subClassOf", node("IRKG:0001001")),
        (obo + "hasExactSynonym", Literal("hepatoma")),
        (obo + "hasExactSynonym", Literal("HCC")),
        (obo + "id", Literal("IRKG:0001002")),
        (PREFIXES["IAO"] + "0000115", Literal("What hepatocellular carcinoma is.")),
        (PREFIXES["IAO"] + "0000119", Literal("test")),
    } <= said
    typed = [t for t in built.store_graph if t.object == NamedNode(PREFIXES["OMO"] + "0003000")]
    annotated = NamedNode(OWL + "annotatedTarget")
    assert [
        t.object for t in built.store_graph if t.predicate == annotated and t.subject == typed[0].subject
    ] == [Literal("HCC")]


def test_slots_are_plain_triples_in_the_store_only(built: Built) -> None:
    plain = Triple(node("IRKG:0006003"), NamedNode(VOCAB + "uses"), node("IRKG:0008001"))
    guided = Triple(node("IRKG:0006003"), NamedNode(VOCAB + "guided_by"), node("IRKG:0005002"))
    assert {plain, guided} <= set(built.store_graph)
    assert plain not in built.triples


def test_mappings_and_imports_are_written(tmp_path: Path) -> None:
    small = ontology(tmp_path)
    xref = Xref("IRKG:0001002", "skos:exactMatch", "MESH:D006528", "Carcinoma, Hepatocellular", "", "")
    imported = Term("MESH:D008107", small["IRKG:0001000"].branch, "Liver Diseases", ("IRKG:0001000",))
    graph = set(build(replace(small, mappings=(xref,)), [imported]).store_graph)
    skos, obo = PREFIXES["skos"], PREFIXES["oboInOwl"]
    assert Triple(node("IRKG:0001002"), NamedNode(skos + "exactMatch"), node("MESH:D006528")) in graph
    assert Triple(node("IRKG:0001002"), NamedNode(obo + "hasDbXref"), Literal("MESH:D006528")) in graph
    assert Triple(node("MESH:D008107"), NamedNode(RDFS + "subClassOf"), node("IRKG:0001000")) in graph


def test_the_branches_are_disjoint(built: Built) -> None:
    graph = rdflib.Graph().parse(data=built.turtle, format="turtle")
    groups = [
        list(graph.items(head))
        for node in graph.subjects(rdflib.RDF.type, rdflib.OWL.AllDisjointClasses)
        for head in graph.objects(node, rdflib.OWL.members)
    ]
    assert 11 in {len(set(members)) for members in groups}
    assert all(len(members) == len(set(members)) for members in groups)


def test_the_reasoners_copy_has_logic_only(built: Built) -> None:
    text = built.logical.decode()
    assert '"' not in text
    assert "annotatedSource" not in text
    assert text.count("someValuesFrom") == built.ntriples.decode().count("someValuesFrom") > 0


def test_write_leaves_its_files(tmp_path: Path) -> None:
    built = write(tmp_path / "out" / "deep", tables(tmp_path))
    assert {p.name for p in (tmp_path / "out" / "deep").iterdir()} >= {"irkg.nq", "irkg.ttl"}
    lines = (tmp_path / "out" / "deep" / "irkg.nq").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    assert len(lines) == len(built.store_graph)
    assert all(line.endswith("<https://w3id.org/irkg/graph/ontology> .") for line in lines)


def test_a_wrong_table_writes_nothing(tmp_path: Path) -> None:
    root = tables(tmp_path, {"IRKG:0001002": {"parents": "nothing"}})
    with pytest.raises(TableError, match="is the label of no term"):
        write(tmp_path / "out", root)
    assert not (tmp_path / "out").exists()


def test_wrong_imports_are_refused(tmp_path: Path) -> None:
    root = tables(tmp_path)
    (root / "imports").mkdir()
    (root / "imports" / "mesh.tsv").write_text("id\tlabel\n")
    with pytest.raises(TableError, match="imports"):
        build_root(root)


def test_an_obsolete_term_keeps_its_iri_and_loses_its_axioms(tmp_path: Path) -> None:
    root = tables(tmp_path)
    label = "superselective chemoembolization"
    row = f"IRKG:0006005\t{label}\tIRKG:0006003\tno paper uses it"
    (root / "obsolete.tsv").write_text(f"id\tlabel\treplaced_by\treason\n{row}\n")
    built = build_root(root)
    said = {
        t.predicate.value: t.object for t in built.store_graph if t.subject.value.endswith("IRKG_0006005")
    }
    assert said[PREFIXES["owl"] + "deprecated"].value == "true"
    assert said[PREFIXES["rdfs"] + "label"].value == f"obsolete {label}"
    assert said[PREFIXES["IAO"] + "0100001"].value == expand("IRKG:0006003")
    assert said[VOCAB + "obsolescenceReason"].value == "no paper uses it"
    assert PREFIXES["rdfs"] + "subClassOf" not in said
