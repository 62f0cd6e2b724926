"""Taking single terms of another vocabulary into `imports/`, by their ids.

In the manner of MIREOT (Courtot et al., Applied Ontology 2011), as in :mod:`ontology.importing`: id, label,
names that nothing else has, and the place below the nearest superclass that the ontology has already. The
rows stand in ``chosen_<vocabulary>.tsv``, apart from the tables that are made anew; `sources.tsv` holds
version and licence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ontology.external import read_imports
from ontology.importing import Covered, free_names, left_out
from ontology.problems import Problem
from ontology.spelling import fold_name
from ontology.tables import load
from ontology.terms import ID_RANGES, Branch, Ontology, Term
from ontology.vocabularies import FILES, Entry, read
from ontology.workspace import EditError, Sources

__all__ = ["Chosen", "choose"]

# What a vocabulary is about, where it is about one branch only.
_BRANCH: Final[Mapping[str, Branch]] = {
    "MONDO": Branch.DISEASE,
    "DOID": Branch.DISEASE,
    "HGNC": Branch.MOLECULAR_TARGET,
    "CHEBI": Branch.AGENT,
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """One imported term: its row, and the labels of what it hangs on."""

    id: str
    label: str
    branch: Branch
    parents: tuple[str, ...]
    synonyms: tuple[str, ...]
    source: str


def choose(
    sources: Sources,
    vocabulary: Path,
    prefix: str,
    ids: Iterable[str],
    *,
    branch: Branch | None = None,
    parent: str = "",
    version: str = "",
) -> list[Chosen]:
    """Plan to import terms of one vocabulary.

    Args:
        sources: the tables.
        vocabulary: the folder with the vocabulary's file (:data:`ontology.vocabularies.FILES`).
        prefix: ``MONDO``, ``DOID``, ``MESH``, ``HGNC``, ``CHEBI`` or ``HP``.
        ids: CURIEs, or ids without the prefix.
        branch: where they belong; None: as the vocabulary or the place says.
        parent: what they hang on, by id or label; empty: the nearest superclass that the ontology has.
        version: of the vocabulary, when it is another than the last one in `sources.tsv`.

    Raises:
        EditError: an id is unknown or taken in already, or has no place; nothing is planned.
        FileNotFoundError: the vocabulary's file is missing.
        TableError: the tables have a problem.
    """
    prefix = prefix.upper()
    if prefix not in FILES:
        raise _refused(
            "sources.tsv", [(f"{prefix!r} is no vocabulary", "prefix", "one of: " + ", ".join(FILES))]
        )
    wanted = list(dict.fromkeys(i if ":" in i else f"{prefix}:{i}" for i in ids))
    ontology = load(sources.root)
    imported, problems = read_imports(sources.root / "imports", ontology.terms)
    if problems:
        raise EditError("imports/ has problems; mend them first, nothing was written", problems)
    place = _Place(
        ontology, imported, {entry.id: entry for entry in read(vocabulary, prefix)}, left_out(sources.root)
    )
    source = _source(sources, prefix, version)
    file = f"chosen_{prefix.lower()}.tsv"
    found: list[Chosen] = []
    wrong: list[tuple[str, str, str]] = []
    for curie in wanted:
        entry = place.entries.get(curie)
        if entry is None:
            wrong.append((f"{prefix} has no {curie}", "id", f"look it up in {FILES[prefix]}"))
            continue
        if said := place.taken(entry, branch or _BRANCH.get(prefix)):
            wrong.append((said, "id", "use that term, or give it a mapping"))
            continue
        parents = (_own(sources, parent),) if parent else place.above(entry, set(wanted))
        where = branch or _BRANCH.get(prefix) or place.branch(parents)
        if where is None:
            said = f"{curie} {entry.label!r}: its branch is not known"
            wrong.append((said, "branch", "say it with --branch"))
            continue
        parents = tuple(p for p in parents if p in wanted or place.branch((p,)) is where)
        # Genes have no hierarchy: they hang on the branch's root.
        if not parents and entry.parents:
            said = f"{curie} {entry.label!r}: nothing above it is in {where}"
            wrong.append((said, "parents", "say with --parent what it hangs on"))
            continue
        names = tuple(n for n in free_names(entry, place.covered, place.used) if n != entry.label)
        found.append(Chosen(curie, entry.label, where, parents, names, source))
    if wrong:
        raise _refused(file, wrong)
    for one in found:
        _insert(sources, file, one)
    return found


def _refused(file: str, wrong: Iterable[tuple[str, str, str]]) -> EditError:
    told = [Problem(file, what, None, column, mend, "import") for what, column, mend in wrong]
    return EditError("refused, nothing was written", told)


def _own(sources: Sources, name: str) -> str:
    """The id of a parent that is given by label; an id as it is."""
    if ":" in name and " " not in name:
        return name
    branch, row = sources.find(name)
    return sources.terms(branch)[row]["id"]


def _insert(sources: Sources, file: str, one: Chosen) -> None:
    table = sources.imported(file)
    after = max((n for n, c in table if c["id"] < one.id), default=1)
    cells = {"id": one.id, "label": one.label, "branch": str(one.branch), "source": one.source}
    table.insert({**cells, "parents": "|".join(one.parents), "synonyms": "|".join(one.synonyms)}, after)


def _source(sources: Sources, prefix: str, version: str) -> str:
    """The name of the source in `sources.tsv`; a new version gets a row like that of the last one."""
    rows = [cells for _, cells in sources.import_sources if cells["prefix"] == prefix]
    for cells in reversed(rows):
        if not version or cells["version"] == version:
            return cells["source"]
    if not rows:
        mend = "add a row with its version and licence"
        raise _refused("sources.tsv", [(f"{prefix} has no row in imports/sources.tsv", "prefix", mend)])
    last = rows[-1]
    name = last["source"].removesuffix(last["version"]).strip() + " " + version
    sources.import_sources.insert({**last, "source": name, "version": version})
    return name


class _Place:
    """What the ontology has already of a vocabulary, and where a term of it would stand."""

    def __init__(
        self, ontology: Ontology, imported: Iterable[Term], entries: Mapping[str, Entry], left: Iterable[str]
    ) -> None:
        self.ontology, self.entries = ontology, entries
        self.covered = Covered.of(ontology, left)
        self.imported = {term.id: term for term in imported}
        self.used = {fold_name(name) for term in self.imported.values() for name in term.names()}
        self.trees = {tree: e.id for e in entries.values() for tree in e.parents if ":" not in tree}

    def taken(self, entry: Entry, branch: Branch | None) -> str:
        """What has the entry already; empty when nothing does."""
        if entry.id in self.imported:
            return f"{entry.id} {entry.label!r} is imported already"
        own = self.covered.by_object.get(entry.id, ("",))[0]
        own = own or (self.covered.own_term(entry, branch) if branch else None) or ""
        return f"{entry.id} {entry.label!r} is {self.ontology[own].label!r} ({own})" if own else ""

    def branch(self, parents: Iterable[str]) -> Branch | None:
        """The branch of the first parent that is known."""
        for parent in parents:
            term = self.ontology.terms.get(parent) or self.imported.get(parent)
            if term:
                return term.branch
        return None

    def above(self, entry: Entry, wanted: set[str]) -> tuple[str, ...]:
        """The nearest superclasses that the ontology or this import has."""
        found: set[str] = set()
        seen = {entry.id}
        queue = self._parents(entry)
        while queue:
            curie = queue.pop()
            if curie in seen:
                continue
            seen.add(curie)
            own = self.covered.by_object.get(curie)
            if own or curie in self.imported or curie in wanted:
                found.add(own[0] if own else curie)
            elif curie in self.entries:
                queue += self._parents(self.entries[curie])
        roots = {f"IRKG:{low:07d}" for low, _ in ID_RANGES.values()}
        return tuple(sorted(found - roots or found))

    def _parents(self, entry: Entry) -> list[str]:
        """The direct superclasses: by id, or in MeSH the nearest headings up the tree."""
        found: list[str] = []
        for parent in entry.parents:
            if ":" in parent:
                found.append(parent)
                continue
            tree = parent
            while "." in tree:
                tree = tree.rpartition(".")[0]
                if tree in self.trees:
                    found.append(self.trees[tree])
                    break
        return found
