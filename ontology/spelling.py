"""Folding of written words to one form, so that the variants of a name meet.

Case, Greek letters, UK spelling and inflection are levelled, in the names of terms and in the text that is
read. The tables stand in `folding/`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from ontology import rules

__all__ = ["TABLES", "WORD", "fold_name", "fold_word"]

# A word is a run of letters or a number; everything else separates. `P2Y12` is four words, `0.55` is one.
WORD: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,\u00b7]\d+)*")
TABLES: Final = Path(__file__).parent / "folding"

# `-ise`, `-ised`, `-ises` behind a stem of three letters; `-ising` and `-isation` are in the table of stems.
_ISED: Final = re.compile(r"(?<=[a-z]{3})is(e|ed|es)$")
# Below this length `-oses` and `-ases` are plurals in -e (`doses`), above it in -is (`stenoses`).
_GREEK_PLURAL: Final = 6


@cache
def _table(name: str, key: str, value: str) -> Mapping[str, str]:
    return {row[key]: row[value] for row in rules.rows(TABLES / name, key, value)}


@cache
def _keep_ise() -> frozenset[str]:
    return frozenset(row["pattern"] for row in rules.lines(TABLES / "keep_ise.txt"))


def _singular(word: str) -> str:
    plurals = _table("plurals.tsv", "plural", "singular")
    if word in plurals:
        return plurals[word]
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith(("oses", "yses", "eses", "ases")) and len(word) > _GREEK_PLURAL:
        return word[:-2] + "is"
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith(("ss", "us", "is")):
        return word
    return word[:-1]


def _folded(word: str) -> str:
    text = unicodedata.normalize("NFKC", word).casefold()
    if text[:1].isdigit():
        return text.replace("\u00b7", ".")
    greek = _table("greek.tsv", "letter", "name")
    text = "".join(greek.get(c, c) for c in text)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    for british, american in _table("stems.tsv", "british", "american").items():
        if british in text:
            text = text.replace(british, american)
    if text not in _keep_ise():
        text = _ISED.sub(r"iz\1", text)
    return _singular(text)


@lru_cache(maxsize=200_000)
def fold_word(word: str) -> str:
    """One word in its folded form; numbers keep their digits with a plain decimal point.

    Folding a folded word changes nothing.

    >>> [fold_word(w) for w in ("Tumours", "haemorrhage", "stenoses", "embolisation", "metastases", "α")]
    ['tumor', 'hemorrhage', 'stenosis', 'embolization', 'metastasis', 'alpha']
    """
    # What one pass leaves may fold again (`womens` leaves `women`); no rule makes a word longer twice, so
    # this ends.
    folded = _folded(word)
    while (again := _folded(folded)) != folded:
        folded = again
    return folded


def fold_name(name: str) -> tuple[str, ...]:
    """The folded words of a name; hyphens, slashes and brackets separate.

    >>> fold_name("Drug-eluting stents")
    ('drug', 'eluting', 'stent')
    """
    return tuple(fold_word(m.group()) for m in WORD.finditer(name))
