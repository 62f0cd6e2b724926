"""Folding of words: the variants of a name meet, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology import rules, spelling
from ontology.spelling import TABLES, WORD, fold_name, fold_word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tumour", "Tumors"),
        ("haemorrhage", "hemorrhages"),
        ("ischaemia", "ischemia"),
        ("oesophageal", "esophageal"),
        ("embolisation", "embolizations"),
        ("catheterised", "catheterized"),
        ("metastases", "metastasis"),
        ("stenoses", "stenosis"),
        ("thrombi", "thrombus"),
        ("fistulae", "fistula"),
        ("varices", "varix"),
        ("biopsies", "biopsy"),
        ("abscesses", "abscess"),
        ("women", "woman"),
        ("α", "alpha"),
        ("naïve", "naive"),
        ("BIAS", "biases"),
        ("fibre", "fibers"),
    ],
)
def test_variants_meet(one: str, other: str) -> None:
    assert fold_word(one) == fold_word(other)


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("disease", "disease"),
        ("aerobic", "aerobic"),
        ("exercise", "exercise"),
        ("pus", "pus"),
        ("0.55", "0.55"),
    ],
)
def test_words_that_stay(word: str, kept: str) -> None:
    assert fold_word(word) == kept


def test_a_middle_dot_is_a_decimal_point() -> None:
    assert fold_word("0·55") == "0.55"


@given(st.text(max_size=30))
def test_folding_is_idempotent(text: str) -> None:
    for word in WORD.findall(text):
        assert fold_word(fold_word(word)) == fold_word(word)


@given(st.from_regex(r"[a-z]{1,12}(s|es|ies|ises|isation|aemia|oses)?", fullmatch=True))
def test_folding_of_english_is_idempotent(word: str) -> None:
    assert fold_word(fold_word(word)) == fold_word(word)


@given(st.text(max_size=60))
def test_a_name_folds_to_the_folded_words_of_its_text(text: str) -> None:
    assert fold_name(text) == tuple(fold_word(m.group()) for m in WORD.finditer(text))


def test_names_are_cut_at_hyphens_and_brackets() -> None:
    assert fold_name("Drug-eluting stents (0.035 inch)") == ("drug", "eluting", "stent", "0.035", "inch")
    assert fold_name("P2Y12") == ("p", "2", "y", "12")


def test_singulars_of_the_table_are_stable() -> None:
    for row in rules.rows(TABLES / "plurals.tsv", "plural", "singular"):
        assert fold_word(row["singular"]) == row["singular"], row


def test_stems_of_the_table_change_something() -> None:
    for row in rules.rows(TABLES / "stems.tsv", "british", "american"):
        assert row["british"] != row["american"], row


def test_a_broken_table_is_told_with_its_row(tmp_path: Path) -> None:
    table = tmp_path / "stems.tsv"
    table.write_text("# stems\nbritish\tamerican\nhaem\them\ttoo\tmany\n", encoding="utf-8")
    with pytest.raises(rules.RuleError) as error:
        list(rules.rows(table, "british", "american"))
    assert error.value.problems[0].row == 3
    assert spelling.TABLES.is_dir()
