from __future__ import annotations

import re
from pathlib import Path

from ontology.definitions import (
    ALL_OF,
    PROPERTIES,
    All,
    AnyOf,
    Some,
    definitions,
    is_group,
    primitives,
    restrictions,
)
from ontology.lexicon import Lexicon
from ontology.terms import Branch
from tests.ontology.small import Row, ontology


def test_one_value_is_an_existential_several_are_alternatives(tmp_path: Path) -> None:
    found = restrictions(ontology(tmp_path)["IRKG:0006003"])
    assert found == (
        Some("has_technique", "IRKG:0000110"),
        Some("uses", AnyOf(("IRKG:0008001", "IRKG:0008002"))),
        Some("guided_by", "IRKG:0005002"),
        Some("has_site", "IRKG:0010002"),
    )
    assert str(found[1]) == "irkg:uses some (IRKG:0008001 or IRKG:0008002)"


def test_targets_hold_together(tmp_path: Path) -> None:
    row = {"id": "IRKG:0003002", "label": "VEGF", "parents": "molecular target"}
    changes = {"IRKG:0008001": {"targets": "VEGF|topoisomerase II"}}
    term = ontology(tmp_path, changes, {Branch.MOLECULAR_TARGET: [row]})["IRKG:0008001"]
    assert restrictions(term) == (Some("targets", "IRKG:0003001"), Some("targets", "IRKG:0003002"))


def test_literals_are_no_restrictions(tmp_path: Path) -> None:
    assert restrictions(ontology(tmp_path)["IRKG:0011001"]) == ()


def test_only_slots_that_suffice_define(tmp_path: Path) -> None:
    found = definitions(ontology(tmp_path))
    # Not embolization (a technique alone), not chemoembolization (agents that may be alternatives).
    assert found == {
        "IRKG:0006002": All(
            ("IRKG:0006001",), (Some("has_technique", "IRKG:0000110"), Some("has_site", "IRKG:0010002"))
        )
    }


def test_a_label_that_says_more_than_the_slots_is_not_defined(tmp_path: Path) -> None:
    """Nothing but the label tells `distal`: else every embolization of the liver would be distal."""
    row: Row = {"id": "IRKG:0006010", "parents": "liver embolization", "technique": "embolization technique"}
    row |= {"site": "liver", "uses": "gelatin sponge"}
    small = ontology(tmp_path, extra={Branch.PROCEDURE: [row | {"label": "distal sponge embolization"}]})
    assert "IRKG:0006010" not in definitions(small)
    small = ontology(tmp_path / "2", extra={Branch.PROCEDURE: [row | {"label": "embolization with sponge"}]})
    assert "IRKG:0006010" in definitions(small)


def test_what_says_no_more_than_an_ancestor_is_not_defined(tmp_path: Path) -> None:
    copy: Row = {
        "id": "IRKG:0006010",
        "label": "liver embolization by embolization",
        "parents": "liver embolization",
    }
    copy |= {"technique": "embolization technique", "site": "liver"}
    assert "IRKG:0006010" not in definitions(ontology(tmp_path, extra={Branch.PROCEDURE: [copy]}))


def test_two_terms_do_not_get_one_definition(tmp_path: Path) -> None:
    twin: Row = {"id": "IRKG:0006010", "label": "embolization of liver", "parents": "embolization"}
    twin |= {"technique": "embolization technique", "site": "liver"}
    assert definitions(ontology(tmp_path, extra={Branch.PROCEDURE: [twin]})) == {}


def test_the_reviewed_list_is_obeyed_and_checked(tmp_path: Path) -> None:
    small = ontology(tmp_path)
    path = tmp_path / "primitive.tsv"
    assert primitives(path, small) == (frozenset(), [])
    path.write_text(
        "id\tlabel\twhy\nIRKG:0006002\tliver embolization\ttest\nIRKG:0006003\twrong\t\nIRKG:1\tx\ty\n"
    )
    found, problems = primitives(path, small)
    assert definitions(small, found) == {}
    assert [p.field for p in problems] == ["label", "why", "id"]


def test_the_documentation_names_each_slot() -> None:
    text = (Path(__file__).parents[2] / "docs" / "ontology.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `irkg:(\w+)` \| (.+) \|$", text, re.MULTILINE)
    assert {slot: prop for slot, prop, _ in rows} == PROPERTIES
    assert {slot for slot, _, meaning in rows if meaning == "all of them"} == ALL_OF


def test_a_group_is_what_its_slots_say(tmp_path: Path) -> None:
    """It needs no technique, may name alternatives, and its name may say what it likes."""
    group: Row = {"id": "IRKG:0006010", "label": "something in the belly", "parents": "procedure"}
    group |= {"site": "liver|abdomen", "kind": "group"}
    small = ontology(tmp_path, extra={Branch.PROCEDURE: [group]})
    assert is_group(small["IRKG:0006010"])
    assert not is_group(small["IRKG:0006002"])
    site = Some("has_site", AnyOf(("IRKG:0010001", "IRKG:0010002")))
    assert definitions(small)["IRKG:0006010"] == All(("IRKG:0006000",), (site,))


def test_no_text_is_read_by_the_name_of_a_group(tmp_path: Path) -> None:
    group: Row = {"id": "IRKG:0006010", "label": "abdominal thing", "parents": "procedure", "site": "abdomen"}
    plain = ontology(tmp_path / "1", extra={Branch.PROCEDURE: [group]})
    grouped = ontology(tmp_path / "2", extra={Branch.PROCEDURE: [group | {"kind": "group"}]})
    assert Lexicon(plain).lookup("abdominal thing")
    assert not Lexicon(grouped).lookup("abdominal thing")
