from __future__ import annotations

from pathlib import Path

import pytest

from ontology.naming import common_words, naming
from ontology.terms import Branch
from tests.ontology.small import Row, ontology


@pytest.mark.parametrize(
    ("cells", "level", "check"),
    [
        ({"exact": "Hepatomas"}, "ERROR", "name_of_two_terms"),
        ({"exact": "other|other"}, "ERROR", "name_twice"),
        ({"abbreviations": "MET"}, "INFO", "abbreviation_is_word"),
        ({"abbreviations": "Met"}, "WARN", "abbreviation_is_word"),
    ],
)
def test_names_that_mislead_are_found(tmp_path: Path, cells: Row, level: str, check: str) -> None:
    row = {"id": "IRKG:0001003", "label": "new", "parents": "disease", **cells}
    small = ontology(tmp_path, extra={Branch.DISEASE: [row]})
    assert [(str(f.level), f.check) for f in naming(small.terms.values())] == [(level, check)]


def test_other_abbreviations_are_free(tmp_path: Path) -> None:
    assert list(naming(ontology(tmp_path).terms.values())) == []


def test_the_words_are_short_lower_case_and_sorted() -> None:
    assert all(word.isalpha() and word.islower() and len(word) <= 6 for word in common_words())
    assert {"met", "cast", "all"} <= common_words()
