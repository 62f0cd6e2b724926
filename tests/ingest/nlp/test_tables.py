"""The tables of the reader: each can be read, each pattern compiles, each cue is asked for and found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.nlp.designs import design
from ingest.nlp.tables import FOLDER, cue, lines, number_words, one_of
from ontology.rules import RuleError
from ontology.rules import lines as read_lines
from ontology.rules import rows as read_rows

CODE = Path(design.__code__.co_filename).parent
TABLES = sorted(p for p in FOLDER.iterdir() if p.suffix in (".tsv", ".txt"))


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.name)
def test_a_table_says_what_it_is_for(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.name)
def test_a_table_has_no_row_twice(path: Path) -> None:
    found = [x for x in path.read_text(encoding="utf-8").split("\n") if x and not x.startswith("#")]
    assert len(found) == len(set(found)), sorted(x for x in set(found) if found.count(x) > 1)


@pytest.mark.parametrize("path", [p for p in TABLES if p.suffix == ".tsv"], ids=lambda p: p.name)
def test_every_pattern_compiles(path: Path) -> None:
    header = next(x for x in path.read_text(encoding="utf-8").split("\n") if not x.startswith("#"))
    for row in read_rows(path, *header.split("\t")):
        if "pattern" in row.cells:
            row.pattern(flags=0)


def test_every_cue_that_the_code_asks_for_is_in_its_table() -> None:
    asked = set()
    tables = {"arm_cue": "arm_cues", "_cue": None}
    for path in CODE.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        own = re.search(r'(?:table_)?cue\("(\w+_cues)", name, template\)', text)
        asked |= set(re.findall(r'\bcue\(\s*"(\w+_cues)", "(\w+)"', text))
        for function, table in tables.items():
            known = table or (own.group(1) if own else None)
            if known:
                asked |= {(known, name) for name in re.findall(rf'\b{function}\("(\w+)"', text)}
    assert len(asked) > 30
    for table, name in asked:
        assert cue(table, name, "{}")


def test_every_cue_of_a_table_is_asked_for() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in CODE.glob("*.py"))
    for path in FOLDER.glob("*_cues.tsv"):
        if path.name in ("design_cues.tsv", "direction_cues.tsv"):
            continue
        for row in read_rows(path, "cue", "pattern"):
            assert re.search(rf"""["']{row["cue"]}["']""", code), (path.name, row["cue"])


def test_an_unknown_cue_is_told() -> None:
    with pytest.raises(RuleError, match="no row for the cue"):
        cue("arm_cues", "nonsense")


def test_lines_and_numbers() -> None:
    assert "patient" in lines("generic_words")
    assert number_words()["twelve"] == 12
    assert one_of("hedging_cues").search("it may be")
    assert sum(1 for _ in read_lines(FOLDER / "generic_words.txt")) > 100
