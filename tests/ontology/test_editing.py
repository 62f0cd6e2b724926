from __future__ import annotations

from pathlib import Path

import pytest

from ontology.editing import Edit, clean, edit
from ontology.tables import load
from ontology.workspace import EditError, Sources
from tests.ontology.small import tables


def rows(root: Path, name: str) -> list[str]:
    return (root / "terms" / name).read_text(encoding="utf-8").split("\n")


def test_only_the_row_that_is_meant_changes(tmp_path: Path) -> None:
    root = tables(tmp_path)
    before = rows(root, "disease.tsv")
    sources = Sources(root)
    change = Edit(definition="A cancer of liver cells.", source="MeSH", add_names=(("narrow", "early HCC"),))
    assert edit(sources, "hepatocellular carcinoma", change) == "IRKG:0001002"
    assert sources.save() == [root / "terms" / "disease.tsv"]
    after = rows(root, "disease.tsv")
    assert [i for i, (a, b) in enumerate(zip(before, after, strict=True), 1) if a != b] == [4]
    term = load(root)["IRKG:0001002"]
    assert (term.definition, term.definition_source) == ("A cancer of liver cells.", "MeSH")
    assert "early HCC" in [s.text for s in term.synonyms if s.scope == "narrow"]


def test_what_names_a_term_follows_its_label(tmp_path: Path) -> None:
    root = tables(tmp_path)
    (root / "primitive.tsv").write_text("id\tlabel\twhy\nIRKG:0006003\tchemoembolization\ttest\n")
    header = (
        "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tcomment\n"
    )
    row = "IRKG:0006003\tchemoembolization\tskos:exactMatch\tMESH:1\tx\tsemapv:LexicalMatching\t\n"
    (root / "mappings" / "procedure.sssom.tsv").write_text(header + row)
    sources = Sources(root)
    edit(sources, "IRKG:0006003", Edit(label="TACE"))
    sources.save()
    found = load(root)
    assert found["IRKG:0006003"].label == "TACE"
    assert found["IRKG:0006004"].parents == ("IRKG:0006003",)
    assert "chemoembolization" in found["IRKG:0006003"].names()
    assert "\tTACE\t" in (root / "primitive.tsv").read_text()
    assert found.mappings[0].subject_id == "IRKG:0006003"


def test_the_old_label_goes_when_asked(tmp_path: Path) -> None:
    root = tables(tmp_path)
    sources = Sources(root)
    edit(sources, "liver", Edit(label="hepatic organ", keep_name=False))
    sources.save()
    found = load(root)
    assert list(found["IRKG:0010002"].names()) == ["hepatic organ"]
    assert found["IRKG:0001001"].slots["located_in"] == ("IRKG:0010002",)


def test_parents_and_slots(tmp_path: Path) -> None:
    root = tables(tmp_path)
    sources = Sources(root)
    edit(
        sources,
        "doxorubicin chemoembolization",
        Edit(add_parents=("IRKG:0006002",), slots=(("site", "liver|abdomen"),)),
    )
    edit(
        sources,
        "doxorubicin chemoembolization",
        Edit(remove_parents=("chemoembolization",), slots=(("uses", ""),)),
    )
    sources.save()
    term = load(root)["IRKG:0006004"]
    assert term.parents == ("IRKG:0006002",)
    assert term.slots == {"site": ("IRKG:0010002", "IRKG:0010001")}


def test_nothing_to_change_writes_nothing(tmp_path: Path) -> None:
    root = tables(tmp_path, {"IRKG:0001002": {"exact": "hepatoma | hepatocellular cancer"}})
    sources = Sources(root)
    edit(sources, "IRKG:0001002", Edit(add_names=(("exact", "hepatoma"),)))
    assert sources.changes() == {}
    assert sources.save() == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Edit(remove_names=("tumor",)), "disease.tsv, row 4, exact: IRKG:0001002 has no synonym 'tumor'"),
        (Edit(slots=(("site", "liver"),)), "disease.tsv, row 4, site: Disease has no slot 'site'"),
        (Edit(definition="a\tb"), "disease.tsv, row 4, definition: a tab in"),
        (Edit(comment="a\nb"), "disease.tsv, row 4, comment: a line break in"),
        (Edit(source="the \u201cbook\u201d"), "disease.tsv, row 4, source: smart quote"),
    ],
)
def test_a_cell_that_no_table_may_hold_is_refused(tmp_path: Path, change: Edit, told: str) -> None:
    sources = Sources(tables(tmp_path))
    with pytest.raises(EditError, match=told):
        edit(sources, "IRKG:0001002", change)
    assert sources.changes() == {}


def test_an_obsolete_term_is_not_edited(tmp_path: Path) -> None:
    root = tables(tmp_path)
    row = "IRKG:0006005\tsuperselective chemoembolization\tIRKG:0006003\tno use"
    (root / "obsolete.tsv").write_text(f"id\tlabel\treplaced_by\treason\n{row}\n")
    with pytest.raises(EditError, match="IRKG:0006005 is obsolete"):
        edit(Sources(root), "IRKG:0006005", Edit(comment="x"))


def test_plain_text_is_clean() -> None:
    assert clean('it\'s a "test" of \u03b1 \u2265 5 \u00b5m', "f", 1, "c") == []
    assert clean("a\u00a0b", "f", 1, "c")[0].rule == "smart_quote"
