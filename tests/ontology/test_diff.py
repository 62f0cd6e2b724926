from __future__ import annotations

import json
from pathlib import Path

import pytest

from ontology.changelog import markdown, text
from ontology.diff import Diff, Named, diff
from ontology.editions import Edition, edition
from ontology.terms import Branch
from tests.ontology.small import Row, tables

HEADER = "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tcomment\n"
XREF = "IRKG:0001002\thepatocellular carcinoma\tskos:{}\tMESH:{}\tlabel\tsemapv:ManualMappingCuration\t\n"
OLD: Row = {"id": "IRKG:0001003", "label": "old name", "parents": "disease"}
NEW: Row = {"id": "IRKG:0001004", "label": "new_name", "parents": "disease"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Diff:
    folder = tmp_path_factory.mktemp("diff")
    one = tables(folder / "one", extra={Branch.DISEASE: [OLD]})
    (one / "mappings" / "disease.sssom.tsv").write_text(
        HEADER + XREF.format("exactMatch", "D1") + XREF.format("closeMatch", "D2")
    )
    changes: dict[str, Row] = {
        "IRKG:0001002": {"exact": "hepatoma", "parents": "disease", "definition": "Another."},
        "IRKG:0006003": {"site": ""},
    }
    other = tables(folder / "other", changes, {Branch.DISEASE: [OLD, NEW]})
    (other / "obsolete.tsv").write_text(
        "id\tlabel\treplaced_by\treason\nIRKG:0001003\told name\tIRKG:0001002\tdouble\n"
    )
    (other / "mappings" / "disease.sssom.tsv").write_text(
        HEADER + XREF.format("broadMatch", "D1") + XREF.format("closeMatch", "D3")
    )
    return diff(edition(str(one)), edition(str(other)))


def test_terms_come_go_and_move(found: Diff) -> None:
    hcc = Named("IRKG:0001002", "hepatocellular carcinoma")
    assert found.added == (Named("IRKG:0001004", "new_name"),)
    assert found.removed == found.restored == ()
    (gone,) = found.obsoleted
    assert (gone.term.id, gone.replaced_by, gone.reason) == ("IRKG:0001003", hcc, "double")
    (moved,) = found.moved
    assert (moved.term, moved.old[0].label, moved.new[0].label) == (hcc, "liver neoplasm", "disease")


def test_fields_are_told_one_by_one(found: Diff) -> None:
    assert {(c.term.id, c.field, c.old, c.new) for c in found.changed} == {
        ("IRKG:0001002", "exact", ("hepatoma", "hepatocellular cancer"), ("hepatoma",)),
        ("IRKG:0001002", "definition", ("What hepatocellular carcinoma is.",), ("Another.",)),
        ("IRKG:0006003", "site", ("liver",), ()),
    }


def test_inferred_subsumptions_are_compared(found: Diff) -> None:
    assert [(s.child.id, s.parent.id) for s in found.lost] == [("IRKG:0006003", "IRKG:0006002")]
    assert found.gained == ()


def test_what_is_stated_now_is_not_lost(tmp_path: Path) -> None:
    one = edition(str(tables(tmp_path)), reason=False)
    inferred = Edition("x", one.ontology, subsumptions=frozenset({("IRKG:0001002", "IRKG:0001001")}))
    assert not diff(inferred, one)


def test_mappings_are_compared(found: Diff) -> None:
    assert [m.object_id for m in found.mappings_added] == ["MESH:D3"]
    assert [m.object_id for m in found.mappings_removed] == ["MESH:D2"]
    assert [(a.predicate_id, b.predicate_id) for a, b in found.mappings_changed] == [
        ("skos:exactMatch", "skos:broadMatch")
    ]


def test_text_json_and_markdown_tell_it(found: Diff) -> None:
    told = text(found)
    assert "old name (IRKG:0001003): use hepatocellular carcinoma (IRKG:0001002) (double)" in told
    assert "exact: -hepatocellular cancer" in told
    assert "site: 'liver' -> nothing" in told
    assert "predicate_id 'skos:exactMatch' -> 'skos:broadMatch'" in told
    assert "- new\\_name (IRKG:0001004)" in markdown(found, "0.2.0")
    assert markdown(found, "0.2.0").startswith("# 0.2.0\n")
    assert json.loads(json.dumps(found.to_json()))["added"] == [{"id": "IRKG:0001004", "label": "new_name"}]


def test_equal_editions_differ_in_nothing(tmp_path: Path) -> None:
    one = edition(str(tables(tmp_path)), reason=False)
    assert not diff(one, one)
    assert "Nothing changed." in text(diff(one, one))
    assert "Nothing changed." in markdown(diff(one, one))
