"""The names by which text mentions terms: every label and synonym, folded, as a trie for longest match.

Exact and narrow synonyms name their term; broad and related ones do not, because a text that uses them may
mean something else. An abbreviation is matched as written (`MS` is not `ms`), other names in any case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from ontology.definitions import is_group
from ontology.spelling import WORD, fold_name, fold_word
from ontology.terms import Branch, Ontology, Term

__all__ = ["Entry", "Hit", "Lexicon"]

# Names of one or two letters are left out unless they are abbreviations that a curator entered as such.
_MIN_LETTERS: Final = 3
# Characters between two words of a name: `Lp(a)`, `eGFR < 60`.
_MAX_SIGNS: Final = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One reading of a name: the term and branch.

    `written` is the form to be matched as written, when case matters.
    """

    term: str
    branch: Branch
    written: str = ""


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in a text.

    Offsets and the readings that fit, the ontology's own terms before imported ones.
    """

    start: int
    end: int
    entries: tuple[Entry, ...]


def _is_acronym(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) <= 6 and sum(c.isupper() for c in letters) * 2 > len(letters) and len(letters) >= 2


class Lexicon:
    """A trie over folded words; built once, then read only.

    Args:
        ontology: the terms with their names.
        extra: further terms (imports), whose names count only where no own term has the name.
    """

    def __init__(self, ontology: Ontology, extra: Iterable[Term] = ()) -> None:
        self.ontology = ontology
        self._root = _Node()
        # Names with other signs between their words than those of _joins: up to their last word -> whole.
        self._signed: dict[str, str] = {}
        self.branches: dict[str, Branch] = {}
        for term in ontology.terms.values():
            self._add_term(term, imported=False)
        for term in extra:
            self._add_term(term, imported=True)

    def _add_term(self, term: Term, *, imported: bool) -> None:
        if term.branch in (Branch.SLOT_VALUE, Branch.PATIENT_CHARACTERISTIC) or (
            not term.parents and not imported
        ):
            return
        self.branches[term.id] = term.branch
        if is_group(term):  # a curator's question, no name that a text would use
            return
        names = [(term.label, _is_acronym(term.label))]
        names += [
            (s.text, s.abbreviation or _is_acronym(s.text))
            for s in term.synonyms
            if s.scope in ("exact", "narrow")
        ]
        for name, written in names:
            self._add_name(name, term, written=written, imported=imported)

    def _add_name(self, name: str, term: Term, *, written: bool, imported: bool) -> None:
        if sum(c.isalpha() for c in name) < _MIN_LETTERS and not written:
            return
        spans = [m.span() for m in WORD.finditer(name)]
        if any(not _joins(name, a[1], b[0]) for a, b in pairwise(spans)):
            whole = _level(name)
            self._signed[_level(name[: spans[-1][1]])] = whole
        for words in _variants(name):
            node = self._root
            for word in words:
                node = node.next.setdefault(word, _Node())
            if not words or (imported and any(e.term.startswith("IRKG:") for e in node.entries)):
                continue
            entry = Entry(term.id, term.branch, name if written else "")
            if entry not in node.entries:
                node.entries.append(entry)

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """The longest names in ``text[start:end]``, left to right, not overlapping."""
        words = [
            (m.start(), m.end(), m.group())
            for m in WORD.finditer(text, start, len(text) if end is None else end)
        ]
        hits: list[Hit] = []
        i = 0
        while i < len(words):
            best = self._longest(text, words, i)
            if best is None:
                i += 1
            else:
                hit, i = best
                hits.append(hit)
        return hits

    def _longest(self, text: str, words: list[tuple[int, int, str]], first: int) -> tuple[Hit, int] | None:
        """The longest name that begins with a word, with the readings of every way to join its words."""
        begin = words[first][0]
        last = -1
        readings: list[tuple[Entry, ...]] = []
        paths: list[tuple[_Node, int, bool]] = [(self._root, first, False)]
        while paths:
            grown: list[tuple[_Node, int, bool]] = []
            for node, i, signed in paths:
                if i > first and i < len(words) and not _joins(text, words[i - 1][1], words[i][0]):
                    between = text[words[i - 1][1] : words[i][0]]
                    # A comma makes a list: `death, stroke or bleeding` is more often three names than one.
                    if len(between) > _MAX_SIGNS or "," in between:
                        continue
                    signed = True
                for word, j in _steps(text, words, i):
                    child = node.next.get(word)
                    if child is None:
                        continue
                    grown.append((child, j, signed))
                    if j < last or not child.entries:
                        continue
                    finish = words[j - 1][1]
                    if signed:
                        if _level(text[begin:finish]) not in self._signed:
                            continue
                        finish = self._finish(text, begin, finish)
                    entries = _fitting(child, text[begin:finish])
                    if entries and _whole(text, begin, finish):
                        readings = [entries, *readings] if j == last else [entries]
                        last = j
            paths = grown
        if not readings:
            return None
        entries = tuple(dict.fromkeys(entry for found in readings for entry in found))
        return Hit(begin, self._finish(text, begin, words[last - 1][1]), entries), last

    def _finish(self, text: str, begin: int, finish: int) -> int:
        """Where a name ends that goes on behind its last word: `Lp(a)`."""
        whole = self._signed.get(_level(text[begin:finish]))
        if whole is not None and whole.endswith(")") and text[finish : finish + 1] == ")":
            return finish + 1
        return finish

    def lookup(self, name: str) -> tuple[Entry, ...]:
        """The readings of a whole name."""
        found: list[Entry] = []
        for words in _variants(name):
            node: _Node | None = self._root
            for word in words:
                node = node.next.get(word) if node else None
            if node:
                found += _fitting(node, name)
        return tuple(dict.fromkeys(found))


def _fitting(node: _Node, written: str) -> tuple[Entry, ...]:
    """The readings of a node that fit how the name is written."""
    return tuple(e for e in node.entries if not e.written or _same_writing(written, e.written))


def _variants(name: str) -> tuple[tuple[str, ...], ...]:
    """The folded words of a name, then those with each hyphenated pair joined (`pre-operative`,
    `preoperative`).
    """
    found = (fold_name(name), fold_name(name.replace("-", "")))
    return tuple(dict.fromkeys(found))


def _steps(text: str, words: list[tuple[int, int, str]], i: int) -> Iterable[tuple[str, int]]:
    if i >= len(words):
        return
    _, end, word = words[i]
    yield fold_word(word), i + 1
    if i + 1 < len(words) and words[i + 1][0] == end + 1 and text[end] in "-\u2010\u2011" and word.isalpha():
        yield fold_word(word + words[i + 1][2]), i + 2


def _level(name: str) -> str:
    return " ".join(name.casefold().split())


def _joins(text: str, end: int, start: int) -> bool:
    """True when nothing but blanks, a hyphen, a slash, a plus or an apostrophe lies between two words of
    one name.
    """
    between = text[end:start]
    return len(between) <= 3 and all(c in " -\u2010\u2011\u2013/'\u2019+\n\u00a0" for c in between)


def _whole(text: str, start: int, end: int) -> bool:
    """True when the span is not a part of a longer alphanumeric token (`VEGF` in `VEGFR2`, `1` in `0.1`)."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or after.isalnum())


def _same_writing(found: str, written: str) -> bool:
    if found == written:
        return True
    plain, want = found.replace(" ", "").replace("-", ""), written.replace(" ", "").replace("-", "")
    return plain == want or (plain.endswith("s") and plain[:-1] == want)
