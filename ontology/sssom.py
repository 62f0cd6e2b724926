"""Reading the mapping tables `mappings/*.sssom.tsv` (SSSOM, https://w3id.org/sssom)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ontology.problems import Problem
from ontology.terms import Term, Xref
from ontology.tsv import rows

__all__ = ["JUSTIFICATIONS", "MAPPING_COLUMNS", "PREDICATES", "read_mappings"]

MAPPING_COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "comment",
)
PREDICATES: Final = frozenset(
    {"skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch"}
)
JUSTIFICATIONS: Final = frozenset({"semapv:ManualMappingCuration", "semapv:LexicalMatching"})


def read_mappings(folder: Path, terms: Mapping[str, Term]) -> tuple[list[Xref], list[Problem]]:
    """Every row of the SSSOM tables in `folder`, checked against the terms."""
    problems: list[Problem] = []
    found: list[Xref] = []
    seen: set[tuple[str, str]] = set()
    for path in sorted(folder.glob("*.sssom.tsv")):
        for number, row in rows(path, MAPPING_COLUMNS, problems):
            term = terms.get(row["subject_id"])
            if term is None:
                problems.append(
                    Problem(path.name, f"{row['subject_id']} is no term", row=number, field="subject_id")
                )
            elif term.label != row["subject_label"]:
                problems.append(
                    Problem(
                        path.name,
                        f"{row['subject_label']!r} is not the label of {term.id}",
                        row=number,
                        field="subject_label",
                        mend=f"{term.label!r}",
                    )
                )
            if row["predicate_id"] not in PREDICATES:
                problems.append(
                    Problem(
                        path.name,
                        f"{row['predicate_id']!r} is no mapping predicate",
                        row=number,
                        field="predicate_id",
                        mend=", ".join(sorted(PREDICATES)),
                    )
                )
            if row["mapping_justification"] not in JUSTIFICATIONS:
                problems.append(
                    Problem(
                        path.name,
                        f"{row['mapping_justification']!r} is no justification",
                        row=number,
                        field="mapping_justification",
                        mend=", ".join(sorted(JUSTIFICATIONS)),
                    )
                )
            if (row["subject_id"], row["object_id"]) in seen:
                problems.append(
                    Problem(
                        path.name,
                        f"{row['subject_id']} maps to {row['object_id']} twice",
                        row=number,
                        field="object_id",
                    )
                )
            seen.add((row["subject_id"], row["object_id"]))
            found.append(
                Xref(
                    row["subject_id"],
                    row["predicate_id"],
                    row["object_id"],
                    row["object_label"],
                    row["mapping_justification"],
                    row["comment"],
                )
            )
    return found, problems
