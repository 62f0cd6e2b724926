"""Terms of other vocabularies that the ontology takes in as classes: `imports/*.tsv`.

Columns: id (a CURIE such as ``MESH:D006528``), label, branch, parents (ids of terms or of other imports,
separated by ``|``; empty: the branch's root), synonyms (separated by ``|``), source (vocabulary and year).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ontology.iris import expand
from ontology.problems import Problem
from ontology.terms import ID_RANGES, Branch, Synonym, Term
from ontology.tsv import rows, split

__all__ = ["COLUMNS", "SOURCES", "SOURCE_COLUMNS", "read_imports", "tables"]

COLUMNS: Final = ("id", "label", "branch", "parents", "synonyms", "source")


# Beside the tables: vocabulary, version and licence of each source that their last column names.
SOURCES: Final = "sources.tsv"
SOURCE_COLUMNS: Final = ("source", "prefix", "version", "licence", "address")


def tables(folder: Path) -> list[Path]:
    """The tables of imported terms in a folder; a missing folder has none."""
    return [path for path in sorted(folder.glob("*.tsv")) if path.name != SOURCES]


def read_imports(folder: Path, terms: Mapping[str, Term]) -> tuple[tuple[Term, ...], list[Problem]]:
    """The imported terms of a folder, by id, and what is wrong with them; a missing folder is empty.

    An import has no definition of ours; `definition_source` holds the vocabulary that it comes from.
    """
    problems: list[Problem] = []
    found: dict[str, Term] = {}
    places: dict[str, tuple[str, int]] = {}
    listed = folder / SOURCES
    sources = {r["source"] for _, r in rows(listed, SOURCE_COLUMNS, problems)} if listed.exists() else None
    for path in tables(folder):
        for number, row in rows(path, COLUMNS, problems):
            curie, name = row["id"], row["branch"]
            try:
                expand(curie)
            except ValueError as error:
                problems.append(Problem(path.name, str(error), row=number, field="id"))
                continue
            if curie.startswith("IRKG:"):
                problems.append(
                    Problem(
                        path.name,
                        f"{curie} is an own id",
                        row=number,
                        field="id",
                        mend="own terms stand in terms/",
                    )
                )
                continue
            if curie in found:
                problems.append(
                    Problem(
                        path.name,
                        f"{curie} stands in {places[curie][0]} row {places[curie][1]} too",
                        row=number,
                        field="id",
                    )
                )
                continue
            if name not in set(Branch):
                problems.append(
                    Problem(
                        path.name,
                        f"{name!r} is no branch",
                        row=number,
                        field="branch",
                        mend=", ".join(Branch),
                    )
                )
                continue
            problems += [
                Problem(path.name, f"{column} is empty", row=number, field=column)
                for column in ("label", "source")
                if not row[column]
            ]
            if row["source"] and sources is not None and row["source"] not in sources:
                said, mend = f"{row['source']!r} has no row in {SOURCES}", "add it with version and licence"
                problems.append(Problem(path.name, said, number, "source", mend, "unknown_source"))
            branch = Branch(name)
            parents = split(row["parents"]) or (f"IRKG:{ID_RANGES[branch][0]:07d}",)
            names = dict.fromkeys(text for text in split(row["synonyms"]) if text != row["label"])
            found[curie] = Term(
                curie,
                branch,
                row["label"],
                parents,
                definition_source=row["source"],
                synonyms=tuple(Synonym(text) for text in names),
            )
            places[curie] = (path.name, number)
    for term in found.values():
        file, number = places[term.id]
        if _is_above_itself(term.id, found):
            said = f"{term.id} is above itself"
            problems.append(Problem(file, said, row=number, field="parents", mend="break the cycle"))
        for parent in term.parents:
            above = terms.get(parent) or found.get(parent)
            if above is None:
                problems.append(
                    Problem(
                        file,
                        f"{parent!r} is no term and no import",
                        row=number,
                        field="parents",
                        mend="write ids",
                    )
                )
            elif above.branch is not term.branch:
                problems.append(
                    Problem(
                        file,
                        f"{parent} is a {above.branch}",
                        row=number,
                        field="parents",
                        mend=f"{term.id} is a {term.branch}",
                    )
                )
    return tuple(found[curie] for curie in sorted(found)), problems


def _is_above_itself(start: str, found: Mapping[str, Term]) -> bool:
    seen: set[str] = set()
    queue = [start]
    while queue:
        node = queue.pop()
        for parent in found[node].parents if node in found else ():
            if parent == start:
                return True
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return False
