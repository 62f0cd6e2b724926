"""Checking mappings against snapshots of MONDO, DOID, MeSH, HGNC, ChEBI and HP (tab-separated, gzip).

An xref is right when its object exists, the object's label in the mapping is the vocabulary's own, and, for an exact
match, one name of the term is one name of the object after folding case, hyphens, plurals and UK/US spelling, unless a
curator has reviewed the disagreement and said so in the comment (``reviewed: why``).
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ontology.problems import Problem
from ontology.terms import Ontology, Xref

__all__ = ["Entry", "check", "fold", "read"]

FILES: Final[Mapping[str, str]] = {
    "MONDO": "mondo.tsv.gz", "DOID": "doid.tsv.gz", "MESH": "mesh.tsv.gz", "HGNC": "hgnc.tsv.gz", "CHEBI": "chebi.tsv.gz", "HP": "hp.tsv.gz",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a vocabulary: CURIE, preferred label, other names, and its parents or tree numbers."""

    id: str
    label: str
    names: tuple[str, ...]
    parents: tuple[str, ...] = ()


def read(folder: Path, prefix: str) -> Iterator[Entry]:
    """The entries of one vocabulary file in `folder`.

    Raises:
        FileNotFoundError: the folder has no such file.
    """
    csv.field_size_limit(10_000_000)
    with gzip.open(folder / FILES[prefix], "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if prefix == "HGNC":
                others = re.split(r"[|,]\s*", f"{row['name']}|{row['aliases'] or ''}|{row['previous'] or ''}")
                yield Entry(row["id"], row["symbol"], tuple(o for o in others if o))
            else:
                curie = row["id"] if ":" in row["id"] else f"{prefix}:{row['id']}"
                tree = row.get("parents") or row.get("tree_numbers") or ""
                yield Entry(curie, row["label"], tuple((row["synonyms"] or "").split("|")), tuple(tree.split("|")))


_SPELLING: Final = (
    ("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("ise", "ize"), ("ising", "izing"), ("metre", "meter"), ("litre", "liter"),
    ("grey", "gray"), ("fibre", "fiber"),
)  # fmt: skip


def fold(name: str) -> frozenset[str]:
    """The words of a name without case, punctuation, plural endings, word order and UK/US spelling."""
    words = re.findall(r"[^\W_]+", re.sub(r"['\u2019]s\b", "", name.casefold()))
    kept = set()
    for word in words:
        if word in {"of", "the", "and", "a", "with"}:
            continue
        for british, american in _SPELLING:
            word = word.replace(british, american)
        kept.add(re.sub(r"(?<=[a-z]{3})(ies|es|s|y|e)$", "", word))
    return frozenset(kept)


def check(ontology: Ontology, folder: Path, prefixes: Iterable[str] = FILES) -> list[Problem]:
    """What is wrong with the mappings, against the vocabulary files in `folder`."""
    problems: list[Problem] = []
    by_prefix: dict[str, list[Xref]] = {}
    for mapping in ontology.mappings:
        by_prefix.setdefault(mapping.object_id.split(":")[0], []).append(mapping)
    for prefix in prefixes:
        wanted = {m.object_id for m in by_prefix.get(prefix, ())}
        entries = {e.id: e for e in read(folder, prefix) if e.id in wanted} if wanted else {}
        for m in by_prefix.get(prefix, ()):
            entry, where = entries.get(m.object_id), f"mapping {m.subject_id} -> {m.object_id}"
            if entry is None:
                problems.append(Problem(where, f"{m.object_id} does not exist in {prefix}"))
            elif entry.label != m.object_label:
                problems.append(Problem(where, f"object_label is {m.object_label!r}, the vocabulary says {entry.label!r}"))
            elif m.predicate_id == "skos:exactMatch" and not m.comment.startswith("reviewed:"):
                ours = {fold(n) for n in ontology[m.subject_id].names()}
                if not ours & {fold(n) for n in (entry.label, *entry.names)}:
                    problems.append(Problem(where, f"no name of {ontology[m.subject_id].label!r} is a name of {entry.label!r}", mend="another id, a weaker predicate, or a comment that begins with 'reviewed:'"))
    known = {*FILES, "NCIT"}
    problems += [Problem(f"mapping {m.subject_id}", f"prefix of {m.object_id} is not known") for m in ontology.mappings if m.object_id.split(":")[0] not in known]
    return problems
