"""Checking mappings against snapshots of MONDO, DOID, MeSH, HGNC, ChEBI, HP and the NCIt map (tab-separated,
gzip).

An xref is right when its object exists, the object's label in the mapping is the vocabulary's own, its kind
fits the term's branch (MeSH tree), and, for an exact match, one name of the term is one name of the object
after folding (:func:`fold`), unless a curator has reviewed the disagreement and said so in the comment
(``reviewed: why``).

The NCIt snapshot has no labels, only pairs of an NCIt id with an id of HGNC, ChEBI, UniProt or GO. There an
xref is right when its NCIt id is paired with an id that the term itself is mapped to (for UniProt: the
protein of its HGNC gene).
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from ontology.problems import Problem
from ontology.spelling import fold_name
from ontology.terms import Branch, Ontology, Xref

__all__ = [
    "FILES",
    "NCIT_FILE",
    "Agreement",
    "Entry",
    "agreement",
    "check",
    "fold",
    "note",
    "read",
    "read_ncit",
]

FILES: Final[Mapping[str, str]] = {
    "MONDO": "mondo.tsv.gz",
    "DOID": "doid.tsv.gz",
    "MESH": "mesh.tsv.gz",
    "HGNC": "hgnc.tsv.gz",
    "CHEBI": "chebi.tsv.gz",
    "HP": "hp.tsv.gz",
}
NCIT_FILE: Final = "ncit_map.tsv.gz"

# First letters of the MeSH tree numbers that an exact match of a branch can have (MeSH tree structures, NLM):
# A anatomy, C diseases, D chemicals, E techniques and equipment, F mental health, G phenomena, H disciplines,
# I social life, J technology, L information, M persons, N health care. An empty tree is a supplementary
# record.
_TREES: Final[Mapping[Branch, str]] = {
    Branch.DISEASE: "CEFGIN",
    Branch.MOLECULAR_TARGET: "ADG",
    Branch.IMAGING_MODALITY: "EHJ",
    Branch.PROCEDURE: "EFGHIJN",
    Branch.AGENT: "ABDEGJ",
    Branch.ANATOMICAL_SITE: "A",
    Branch.ADVERSE_EVENT: "CEFGIN",
}
_GLUE: Final = frozenset({"of", "the", "and", "in", "for", "by", "to"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a vocabulary: CURIE, preferred label, other names, its parents or tree numbers, and
    UniProt ids (HGNC)."""

    id: str
    label: str
    names: tuple[str, ...]
    parents: tuple[str, ...] = ()
    proteins: tuple[str, ...] = ()


def _table(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(10_000_000)  # MONDO has synonym cells beyond the default of 131,072 characters
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {name: value or "" for name, value in row.items()}


def _split(cell: str, pattern: str = r"\|") -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(pattern, cell) if part.strip())


def read(folder: Path, prefix: str) -> Iterator[Entry]:
    """The entries of one vocabulary file in `folder`.

    Raises:
        FileNotFoundError: the folder has no such file.
    """
    for row in _table(folder / FILES[prefix]):
        curie = row["id"] if ":" in row["id"] else f"{prefix}:{row['id']}"
        if prefix == "HGNC":
            others = (row["name"], *_split(row["aliases"], r"[|,]\s*"), *_split(row["previous"], r"[|,]\s*"))
            yield Entry(curie, row["symbol"], others, proteins=_split(row["uniprot"], r"[|,]\s*"))
        else:
            tree = row.get("parents") or row.get("tree_numbers") or ""
            yield Entry(curie, row["label"], _split(row["synonyms"]), _split(tree))


@lru_cache(maxsize=len(FILES))
def _entries(folder: Path, prefix: str, wanted: frozenset[str]) -> Mapping[str, Entry]:
    """The wanted entries of a vocabulary by id; kept, because two checks ask for the same ones."""
    return {entry.id: entry for entry in read(folder, prefix) if entry.id in wanted} if wanted else {}


def read_ncit(folder: Path) -> dict[str, frozenset[str]]:
    """The ids that each NCIt id is paired with: ``"NCIT:C101088"`` -> ``{"HGNC:18037"}``; UniProt ids as
    ``UP:P01023``.

    Raises:
        FileNotFoundError: the folder has no such file.
    """
    found: dict[str, set[str]] = {}
    for row in _table(folder / NCIT_FILE):
        target = row["Target ID"]
        curie = target if ":" in target else f"{row['Target NS']}:{target}"
        found.setdefault(f"NCIT:{row['NCIT ID']}", set()).add(curie)
    return {curie: frozenset(targets) for curie, targets in found.items()}


def fold(name: str) -> tuple[str, ...]:
    """The words of a name in a form that is equal for equal names: without case, punctuation, word order,
    plural and UK/US spelling (:func:`ontology.spelling.fold_word`), Greek letters and a few joining words.

    No other word is left out, and none counts twice or once for twice: `hepatitis A` is not `hepatitis`.

    >>> fold("Carcinomas, Hepatocellular") == fold("hepatocellular carcinoma")
    True
    >>> fold("Hepatitis A") == fold("hepatitis")
    False
    """
    words = fold_name(re.sub(r"['\u2019]s\b", "", name))
    return tuple(sorted(word for word in words if word not in _GLUE)) or tuple(sorted(words))


def _same(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """True when one name is on both sides, also where one side writes together what the other writes apart
    (`CTLA-4`)."""
    left, right = list(ours), list(theirs)
    if {fold(n) for n in left} & {fold(n) for n in right}:
        return True
    return bool({_joined(n) for n in left} & {_joined(n) for n in right})


def _joined(name: str) -> str:
    return "".join(fold_name(name))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the names of a term and of the object of its xref agree.

    `kind` is ``label`` (the two preferred labels are one name), ``name`` (a name of one is a name of the
    other: `shared`), ``none``, ``unknown`` (the object does not exist), or ``unlabelled`` (a vocabulary whose
    snapshot has no labels). `label` is the vocabulary's own.
    """

    xref: Xref
    kind: str
    label: str = ""
    shared: str = ""

    @property
    def noted(self) -> bool:
        """True when the labels agree, or the mapping's comment says something about it."""
        return self.kind in ("label", "unlabelled") or bool(self.xref.comment)


def agreement(
    ontology: Ontology, folder: Path, prefixes: Iterable[str] = (*FILES, "NCIT")
) -> Iterator[Agreement]:
    """The agreement of every xref whose vocabulary is one of `prefixes`.

    Raises:
        FileNotFoundError: the folder lacks the file of a vocabulary that mappings point to.
    """
    by_prefix: dict[str, list[Xref]] = {}
    for mapping in ontology.mappings:
        by_prefix.setdefault(mapping.object_id.split(":")[0], []).append(mapping)
    for prefix in prefixes:
        mappings = by_prefix.get(prefix, [])
        if prefix not in FILES:
            yield from (Agreement(m, "unlabelled", m.object_label) for m in mappings)
            continue
        entries = _entries(folder, prefix, frozenset(m.object_id for m in mappings))
        for mapping in mappings:
            entry = entries.get(mapping.object_id)
            if entry is None:
                yield Agreement(mapping, "unknown")
                continue
            names = list(ontology[mapping.subject_id].names())
            if _same(names[:1], [entry.label]):
                yield Agreement(mapping, "label", entry.label)
                continue
            shared = next((n for n in (entry.label, *entry.names) if _same(names, [n])), "")
            yield Agreement(mapping, "name" if shared else "none", entry.label, shared)


def note(found: Agreement) -> str:
    """What a mapping's comment says on labels that differ: the name that is on both sides, or that the
    predicate says so."""
    if found.kind == "name" and found.xref.predicate_id == "skos:exactMatch":
        return f"labels differ; both are named '{found.shared}'"
    wide = {"broad": "wider than", "narrow": "narrower than", "close": "close to", "related": "related to"}
    word = found.xref.predicate_id.removeprefix("skos:").removesuffix("Match")
    told = found.kind in ("name", "none") and word in wide
    return f"labels differ: the object is {wide[word]} the term" if told else ""


def check(ontology: Ontology, folder: Path, prefixes: Iterable[str] = (*FILES, "NCIT")) -> list[Problem]:
    """What is wrong with the mappings, against the vocabulary files in `folder`.

    Raises:
        FileNotFoundError: the folder lacks the file of a vocabulary that mappings point to.
    """
    problems: list[Problem] = []
    by_prefix: dict[str, list[Xref]] = {}
    for mapping in ontology.mappings:
        by_prefix.setdefault(mapping.object_id.split(":")[0], []).append(mapping)
    for prefix in prefixes:
        mappings = by_prefix.get(prefix, [])
        if mappings and prefix == "NCIT":
            problems += _check_ncit(ontology, folder, mappings)
        elif mappings:
            entries = _entries(folder, prefix, frozenset(m.object_id for m in mappings))
            for mapping in mappings:
                problems += _check_one(ontology, mapping, entries.get(mapping.object_id), prefix)
    known = {*FILES, "NCIT"}
    problems += [
        Problem(_place(m), f"prefix of {m.object_id} is not known", mend=", ".join(sorted(known)))
        for prefix, mappings in by_prefix.items()
        if prefix not in known
        for m in mappings
    ]
    return problems


def _place(mapping: Xref) -> str:
    return f"mapping {mapping.subject_id} -> {mapping.object_id}"


def _check_one(ontology: Ontology, mapping: Xref, entry: Entry | None, prefix: str) -> list[Problem]:
    if entry is None:
        return [Problem(_place(mapping), f"{mapping.object_id} does not exist in {prefix}")]
    if entry.label != mapping.object_label:
        said = f"object_label is {mapping.object_label!r}, the vocabulary says {entry.label!r}"
        return [Problem(_place(mapping), said, field="object_label")]
    if mapping.predicate_id != "skos:exactMatch" or mapping.comment.startswith("reviewed:"):
        return []
    term = ontology[mapping.subject_id]
    trees = _TREES.get(term.branch)
    if prefix == "MESH" and trees and entry.parents and not any(tree[0] in trees for tree in entry.parents):
        said = (
            f"{entry.label!r} stands in MeSH tree {', '.join(entry.parents)}, which is for no {term.branch}"
        )
        return [Problem(_place(mapping), said, mend="another id, or a comment that begins with 'reviewed:'")]
    if not _same(term.names(), (entry.label, *entry.names)):
        mend = "another id, a weaker predicate, or a comment that begins with 'reviewed:'"
        return [
            Problem(_place(mapping), f"no name of {term.label!r} is a name of {entry.label!r}", mend=mend)
        ]
    return []


def _check_ncit(ontology: Ontology, folder: Path, mappings: list[Xref]) -> list[Problem]:
    pairs = read_ncit(folder)
    own: dict[str, set[str]] = {}
    for mapping in ontology.mappings:
        if mapping.predicate_id == "skos:exactMatch":
            own.setdefault(mapping.subject_id, set()).add(mapping.object_id)
    genes = {curie for m in mappings for curie in own.get(m.subject_id, ()) if curie.startswith("HGNC:")}
    proteins = {e.id: e.proteins for e in read(folder, "HGNC") if e.id in genes} if genes else {}
    problems: list[Problem] = []
    for mapping in mappings:
        ids = own.get(mapping.subject_id, set())
        ids = ids | {f"UP:{protein}" for curie in ids for protein in proteins.get(curie, ())}
        paired = pairs.get(mapping.object_id)
        if paired is None:
            problems.append(
                Problem(
                    _place(mapping), f"{mapping.object_id} is not in the NCIt map, so it cannot be checked"
                )
            )
        elif not paired & ids:
            said = (
                f"the NCIt map pairs {mapping.object_id} with {', '.join(sorted(paired))}; the term has none"
            )
            problems.append(
                Problem(
                    _place(mapping), said, mend="add that mapping if it is right, else take another NCIt id"
                )
            )
    return problems
