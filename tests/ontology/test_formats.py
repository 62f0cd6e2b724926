from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from ontology.build import Built, build, build_root, write
from ontology.formats import SUFFIXES, formats, rdf
from ontology.iris import PREFIXES, VOCAB, expand
from ontology.owl import Axiom, axioms
from ontology.terms import Branch
from tests.ontology.small import ontology, tables

# Text with everything that one of the formats has to escape.
NASTY = {"definition": 'A "quote", a \\ backslash, {braces} and ! a bang.', "comment": "x ! y {z} \\w"}
RETIRED = {"id": "IRKG:0001003", "label": "old name", "parents": "disease"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tables(
        tmp_path_factory.mktemp("small"), {"IRKG:0001002": NASTY}, extra={Branch.DISEASE: [RETIRED]}
    )
    (root / "obsolete.tsv").write_text(
        "id\tlabel\treplaced_by\treason\nIRKG:0001003\told name\tIRKG:0001002\tdouble\n"
    )
    return build_root(root)


@pytest.fixture(scope="module")
def files(built: Built) -> dict[str, bytes]:
    return formats(built.triples)


def test_every_format_is_written(files: dict[str, bytes]) -> None:
    assert list(files) == [f"irkg.{suffix}" for suffix in SUFFIXES]
    assert all(files.values())


def test_other_processes_give_the_same_bytes(tmp_path: Path) -> None:
    root = tables(tmp_path / "root")
    code = "import sys, pathlib, ontology.build as b; b.write(*map(pathlib.Path, sys.argv[1:]))"
    seen: dict[str, set[str]] = {}
    for seed in ("1", "2"):
        folder = tmp_path / seed
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}
        subprocess.run([sys.executable, "-c", code, str(folder), str(root)], check=True, env=environment)
        for path in folder.iterdir():
            seen.setdefault(path.name, set()).add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert set(seen) == {f"irkg.{suffix}" for suffix in (*SUFFIXES, "nq")}
    assert all(len(digests) == 1 for digests in seen.values())


def test_rdf_xml_and_turtle_say_the_same(files: dict[str, bytes]) -> None:
    one = rdflib.Graph().parse(data=files["irkg.ttl"], format="turtle")
    assert isomorphic(one, rdflib.Graph().parse(data=files["irkg.owl"], format="xml"))


def test_the_axioms_are_read_from_the_graph(built: Built) -> None:
    found = Counter(a.kind for a in axioms(built.triples))
    assert found["DisjointClasses"] >= 1
    assert found["EquivalentClasses"] == sum(
        t.predicate.value == PREFIXES["owl"] + "equivalentClass" for t in built.triples
    )
    assert found["SubClassOf"] == sum(
        t.predicate.value == PREFIXES["rdfs"] + "subClassOf" for t in built.triples
    )
    liver, doxorubicin = expand("IRKG:0010002"), expand("IRKG:0008001")
    union = ("ObjectUnionOf", doxorubicin, expand("IRKG:0008002"))
    every = set(axioms(built.triples))
    assert any(a.kind in ("SubClassOf", "EquivalentClasses") and str(union) in str(a.parts) for a in every), (
        "the union of agents"
    )
    assert (
        Axiom("SubClassOf", (liver, ("ObjectSomeValuesFrom", VOCAB + "part_of", expand("IRKG:0010001"))))
        in every
    )


def test_an_unknown_construct_is_refused(built: Built) -> None:
    odd = Triple(NamedNode("urn:x"), NamedNode(PREFIXES["owl"] + "hasKey"), NamedNode("urn:y"))
    with pytest.raises(ValueError, match="hasKey"):
        formats((*built.triples, odd))


def test_functional_syntax_is_read_again(files: dict[str, bytes], built: Built, tmp_path: Path) -> None:
    horned = pytest.importorskip("pyhornedowl", reason="py-horned-owl is not installed")
    path = tmp_path / "irkg.ofn"
    path.write_bytes(files["irkg.ofn"])
    read = horned.open_ontology(str(path), serialization="ofn")
    theirs = Counter(type(c.component).__name__ for c in read.get_components())
    ours = Counter(a.kind for a in axioms(built.triples))
    for kind in (
        "SubClassOf",
        "EquivalentClasses",
        "AnnotationAssertion",
        "DisjointClasses",
        "SubObjectPropertyOf",
    ):
        assert theirs[kind] == ours[kind], kind
    assert sum(n for kind, n in theirs.items() if kind.startswith("Declare")) == ours["Declaration"]
    (definition,) = read.get_annotations(expand("IRKG:0001002"), PREFIXES["IAO"] + "0000115")
    assert definition == NASTY["definition"]


def test_obo_is_read_by_two_readers(files: dict[str, bytes], tmp_path: Path) -> None:
    fastobo = pytest.importorskip("fastobo", reason="fastobo is not installed")
    pronto = pytest.importorskip("pronto", reason="pronto is not installed")
    path = tmp_path / "irkg.obo"
    path.write_bytes(files["irkg.obo"])
    assert len(fastobo.load(str(path))) > 30
    read = pronto.Ontology(str(path))
    hcc = read["IRKG:0001002"]
    assert hcc.name == "hepatocellular carcinoma"
    assert str(hcc.definition) == NASTY["definition"]
    assert hcc.comment == NASTY["comment"]
    assert {t.name for t in hcc.superclasses(with_self=False)} == {"liver neoplasm", "disease"}
    assert {(s.description, s.scope, s.type and s.type.id) for s in hcc.synonyms} == {
        ("hepatoma", "EXACT", None),
        ("hepatocellular cancer", "EXACT", None),
        ("HCC", "EXACT", "OMO:0003000"),
    }
    old = read["IRKG:0001003"]
    assert old.obsolete
    assert {t.id for t in old.replaced_by} == {"IRKG:0001002"}


def test_what_obo_has_no_tag_for_stands_in_the_header(files: dict[str, bytes]) -> None:
    (line,) = (x for x in files["irkg.obo"].decode().splitlines() if x.startswith("owl-axioms: "))
    assert "ObjectUnionOf(IRKG:0008001 IRKG:0008002)" in line
    assert "DisjointClasses(" in line


def test_obo_graphs_follow_their_schema(files: dict[str, bytes]) -> None:
    """The main rules of the OBO Graphs JSON schema: required fields, types, closed lists."""
    (graph,) = json.loads(files["irkg.json"])["graphs"]
    ids = {node["id"] for node in graph["nodes"]}
    assert len(ids) == len(graph["nodes"])
    for node in graph["nodes"]:
        assert node["type"] in {"CLASS", "INDIVIDUAL", "PROPERTY"}
        assert set(node) <= {"id", "lbl", "type", "propertyType", "meta"}
        meta = node.get("meta", {})
        assert set(meta) <= {
            "definition", "comments", "synonyms", "xrefs", "basicPropertyValues", "version", "deprecated",
        }  # fmt: skip
        assert all(
            isinstance(s["val"], str) and s["pred"].startswith("has") for s in meta.get("synonyms", ())
        )
        assert all(set(v) == {"pred", "val"} for v in meta.get("basicPropertyValues", ()))
    for edge in graph["edges"]:
        assert set(edge) == {"sub", "pred", "obj"}
        assert {edge["sub"], edge["obj"]} <= ids
        assert edge["pred"] in {"is_a", "subPropertyOf", "inverseOf"} | ids
    for one in graph["logicalDefinitionAxioms"]:
        assert set(one) == {"definedClassId", "genusIds", "restrictions"}
        assert all(set(r) == {"propertyId", "fillerId"} for r in one["restrictions"])
    labels = {node["id"]: node.get("lbl") for node in graph["nodes"]}
    assert labels[expand("IRKG:0001002")] == "hepatocellular carcinoma"
    (retired,) = (n for n in graph["nodes"] if n["id"] == expand("IRKG:0001003"))
    assert retired["meta"]["deprecated"] is True


def test_ntriples_have_blank_nodes_for_expressions(built: Built) -> None:
    data = rdf(built.triples, RdfFormat.N_TRIPLES)
    assert b".well-known" not in data
    assert len(list(parse(input=data, format=RdfFormat.N_TRIPLES))) == len(set(built.triples))


def test_a_folder_of_files(tmp_path: Path) -> None:
    write(tmp_path / "out", tables(tmp_path))
    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {f".{s}" for s in (*SUFFIXES, "nq")}


def test_the_small_ontology_has_definitions(tmp_path: Path) -> None:
    files = formats(build(ontology(tmp_path)).triples)
    assert b"intersection_of: irkg:has_site IRKG:0010002" in files["irkg.obo"]
