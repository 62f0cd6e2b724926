from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from ontology import shacl
from ontology.build import build
from ontology.findings import Level
from ontology.iris import PREFIXES, expand
from ontology.shacl import shapes
from tests.ontology.small import ontology

pytest.importorskip("pyshacl", reason="pyshacl is not installed")
HCC = expand("IRKG:0001002")
SECOND = Triple(NamedNode(HCC), NamedNode(PREFIXES["rdfs"] + "label"), Literal("second label"))


def test_a_built_ontology_conforms(tmp_path: Path) -> None:
    assert shapes(build(ontology(tmp_path)).triples, {}) == []


def test_what_does_not_conform_is_told_with_its_term(tmp_path: Path) -> None:
    (found,) = shapes((*build(ontology(tmp_path)).triples, SECOND), {})
    assert (found.level, found.check, found.subject) == (Level.ERROR, "shacl", "IRKG:0001002")
    assert "a term has one label" in found.what


def test_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shacl, "_SMALL", 0)
    monkeypatch.setattr(shacl, "_MOST", 60)
    triples = (*build(ontology(tmp_path)).triples, SECOND)
    assert shapes(triples, {}, workers=2) == shapes(triples, {}, workers=1) != []


def test_only_the_changed_table_is_validated_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = build(ontology(tmp_path)).triples
    tables = {HCC: "disease.tsv"}
    asked: list[int] = []
    real = shacl.validate

    def counted(rows: list[tuple[str, str, str, str]], path: Path = shacl.SHAPES) -> object:
        asked.append(len({row[0] for row in rows}))
        return real(rows, path)

    monkeypatch.setattr(shacl, "validate", counted)
    cache = tmp_path / "cache"
    assert shapes(small, tables, cache) == []
    assert len(asked) == 2
    asked.clear()
    assert shapes(small, tables, cache) == []
    assert asked == []
    assert len(shapes((*small, SECOND), tables, cache)) == 1
    assert asked == [1]
    asked.clear()
    assert len(shapes((*small, SECOND), tables, cache)) == 1
    assert asked == []
