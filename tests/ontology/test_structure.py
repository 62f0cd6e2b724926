from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from ontology.build import build_root
from ontology.frames import frames
from ontology.owl import axioms
from ontology.structure import CHECKS, structure
from ontology.terms import Branch
from tests.ontology.small import Row, tables

PREFIXES = """
@prefix : <https://w3id.org/irkg/IRKG_> . @prefix irkg: <https://w3id.org/irkg/vocab#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix obo: <http://purl.obolibrary.org/obo/> . @prefix o: <http://www.geneontology.org/formats/oboInOwl#> .
"""


def found(root: Path, more: str = "", without: str = "") -> set[tuple[str, str]]:
    """Level and check of every finding, for the small ontology with some statements more or less."""
    triples = list(build_root(root).triples)
    if without:
        triples = [t for t in triples if without not in str(t)]
    ours = rdflib.Graph().parse(data=PREFIXES + more, format="turtle")
    for s, p, o in ours:
        if isinstance(o, rdflib.Literal):
            text = rdflib.Graph().add((s, p, o)).serialize(format="nt")
            (quad,) = parse(input=text, format=RdfFormat.N_TRIPLES)
            triples.append(quad.triple)
        else:
            triples.append(Triple(NamedNode(str(s)), NamedNode(str(p)), NamedNode(str(o))))
    return {(str(f.level), f.check) for f in structure(frames(axioms(triples)))}


def test_all_of_robots_checks_are_there_and_the_small_ontology_passes_them(tmp_path: Path) -> None:
    assert len(CHECKS) == 32
    assert found(tables(tmp_path)) == set()


@pytest.mark.parametrize(
    ("more", "level", "check"),
    [
        (":0001002 rdfs:comment ' spaces' .", "WARN", "annotation_whitespace"),
        (":0001003 a owl:Class ; owl:deprecated 'true' .", "ERROR", "deprecated_boolean_datatype"),
        (":0001001 owl:deprecated true .", "ERROR", "deprecated_class_reference"),
        ("irkg:uses owl:deprecated true .", "ERROR", "deprecated_property_reference"),
        (":0001002 obo:IAO_0000115 'What disease is.' .", "ERROR", "duplicate_definition"),
        (":0001001 o:hasExactSynonym 'hepatoma' .", "WARN", "duplicate_exact_synonym"),
        (":0012000 o:hasExactSynonym 'hepatoma' .", "INFO", "duplicate_exact_synonym"),
        (":0001002 o:hasExactSynonym 'liver neoplasm' .", "WARN", "duplicate_label_synonym"),
        (":0001001 rdfs:label 'disease' .", "ERROR", "duplicate_label"),
        (":0001001 rdfs:label 'other' .", "ERROR", "multiple_labels"),
        (":0001002 o:hasBroadSynonym 'hepatoma' .", "WARN", "duplicate_scoped_synonym"),
        (":0001002 owl:equivalentClass :0001001 .", "WARN", "equivalent_pair"),
        ("rdfs:Class a owl:Class .", "ERROR", "illegal_use_of_built_in_vocabulary"),
        (":0001002 rdfs:labels 'x' .", "ERROR", "illegal_use_of_built_in_vocabulary"),
        (":X1 a owl:Class .", "WARN", "invalid_entity_uri"),
        ("<http://purl.obolibrary.org/obo/HP:1> a owl:Class .", "WARN", "invalid_entity_uri"),
        (":0001002 o:hasDbXref 'MESH D1' .", "WARN", "invalid_xref"),
        (":0001002 rdfs:label 'a\\tb' .", "ERROR", "label_formatting"),
        (":0001002 rdfs:label 'a  b' .", "ERROR", "label_whitespace"),
        (":0001002 obo:IAO_0000115 'lower.' .", "INFO", "lowercase_definition"),
        (":0001003 a owl:Class .", "WARN", "missing_definition"),
        (":0001003 a owl:Class .", "ERROR", "missing_label"),
        (":0001003 a owl:Class .", "INFO", "missing_superclass"),
        (":0001003 a owl:Class ; rdfs:label 'x' ; owl:deprecated true .", "WARN", "missing_obsolete_label"),
        (":0001003 a owl:Class ; rdfs:label 'obsolete x' .", "ERROR", "misused_obsolete_label"),
        (":0001002 obo:IAO_0100001 :0001001 .", "ERROR", "misused_replaced_by"),
        (":0001002 o:inSubset :0000999 .", "WARN", "missing_subset_declaration"),
        (":0001002 obo:IAO_0000115 'Another.' .", "ERROR", "multiple_definitions"),
        (":0006002 owl:equivalentClass :0006001 , :0006003 .", "WARN", "multiple_equivalent_classes"),
    ],
)
def test_each_check_finds_its_fault(tmp_path: Path, more: str, level: str, check: str) -> None:
    assert (level, check) in found(tables(tmp_path), more)


@pytest.mark.parametrize(
    ("without", "check"),
    [
        ("description", "missing_ontology_description"),
        ("license", "missing_ontology_license"),
        ("title", "missing_ontology_title"),
        ("subPropertyOf", "missing_synonymtype_declaration"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, without: str, check: str) -> None:
    assert check in {name for _, name in found(tables(tmp_path), without=without)}


def test_definitions_are_looked_into(tmp_path: Path) -> None:
    root = tables(tmp_path)
    triples = build_root(root).triples
    gathered = frames(axioms(triples))
    frame = next(f for f in gathered.entities.values() if f.definitions)
    one = frame.definitions[0]
    frame.definitions.append(type(one)((), one.differentia))
    checks = {f.check for f in structure(gathered)}
    assert {
        "equivalent_class_axiom_no_genus",
        "multiple_equivalent_class_definitions",
        "multiple_equivalent_classes",
    } <= checks


def test_an_obsolete_term_is_no_fault(tmp_path: Path) -> None:
    row: Row = {"id": "IRKG:0001003", "label": "old", "parents": "disease", "exact": "hepatoma"}
    root = tables(tmp_path, extra={Branch.DISEASE: [row]})
    (root / "obsolete.tsv").write_text(
        "id\tlabel\treplaced_by\treason\nIRKG:0001003\told\tIRKG:0001002\tdouble\n"
    )
    assert found(root) == set()


def test_imports_keep_their_own_style(tmp_path: Path) -> None:
    root = tables(tmp_path)
    (root / "imports").mkdir()
    (root / "imports" / "mesh.tsv").write_text(
        "id\tlabel\tbranch\tparents\tsynonyms\tsource\nMESH:D1\tLiver Diseases\tDisease\t\thepatoma\tMeSH\n"
    )
    assert found(root) == set()
