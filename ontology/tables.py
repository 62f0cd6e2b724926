"""Reading the tables that curators edit: `terms/*.tsv` and `mappings/*.sssom.tsv`.

A cell that names another term holds its label; several values are separated by ``|``. Every row is checked before
anything is built: a table with a problem is refused as a whole, with file, row, column and how to mend it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ontology.problems import IrkgError, Problem
from ontology.terms import ID_RANGES, Branch, Ontology, Scope, Synonym, Term, Xref

__all__ = ["MAPPING_COLUMNS", "ROOT", "SLOTS", "Slot", "TableError", "columns", "load", "read_mappings", "read_terms", "rows", "split", "table_name"]

ROOT: Final = Path(__file__).parent
COMMON: Final = ("id", "label", "parents", "definition", "source", "exact", "abbreviations", "narrow", "broad", "related", "comment")
MAPPING_COLUMNS: Final = ("subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "comment")
PREDICATES: Final = frozenset({"skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch"})
JUSTIFICATIONS: Final = frozenset({"semapv:ManualMappingCuration", "semapv:LexicalMatching"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A column beyond the common ones: term labels of certain branches, or literals from a closed list (empty: free)."""

    name: str
    branches: tuple[Branch, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def refers(self) -> bool:
        """True when the cells name terms."""
        return bool(self.branches)


SLOTS: Final[Mapping[Branch, tuple[Slot, ...]]] = {
    Branch.SLOT_VALUE: (Slot("kind", values=("technique", "energy", "access", "intent")),),
    Branch.DISEASE: (Slot("located_in", (Branch.ANATOMICAL_SITE,)),),
    Branch.MOLECULAR_TARGET: (
        Slot("kind", values=("gene", "protein", "receptor", "pathway", "complex", "enzyme", "process", "antigen")),
        Slot("associated_with", (Branch.DISEASE,)),
    ),
    Branch.BIOMARKER: (
        Slot("kind", values=("laboratory", "genetic", "proteomic", "metabolic", "imaging", "clinical", "score", "physiologic")),
        Slot("unit"),
        Slot("biomarker_of", (Branch.DISEASE,)),
    ),
    Branch.IMAGING_MODALITY: (
        Slot("uses", (Branch.AGENT,)),
        Slot("targets", (Branch.MOLECULAR_TARGET,)),
    ),
    Branch.PROCEDURE: (
        Slot("technique", (Branch.SLOT_VALUE,)),
        Slot("energy", (Branch.SLOT_VALUE,)),
        Slot("uses", (Branch.AGENT,)),
        Slot("guidance", (Branch.IMAGING_MODALITY,)),
        Slot("access", (Branch.SLOT_VALUE,)),
        Slot("site", (Branch.ANATOMICAL_SITE,)),
        Slot("intent", (Branch.SLOT_VALUE,)),
    ),
    Branch.AGENT: (
        Slot("kind", values=("drug", "embolic", "device", "radionuclide", "contrast", "radiopharmaceutical", "biologic", "nanomedicine", "material", "class")),
        Slot("targets", (Branch.MOLECULAR_TARGET,)),
    ),
    Branch.ANATOMICAL_SITE: (Slot("part_of", (Branch.ANATOMICAL_SITE,)),),
    Branch.OUTCOME: (
        Slot("better", values=("higher", "lower")),
        Slot("kind", values=("survival", "function", "quality of life", "symptom", "efficacy", "patency", "recurrence", "event", "technical", "imaging", "utilisation", "safety", "diagnostic")),
        Slot("unit"),
    ),
    Branch.ADVERSE_EVENT: (Slot("kind", values=("bleeding", "ischaemic", "infectious", "organ", "vascular", "device", "systemic", "neurological", "pain", "death")),),
    Branch.PATIENT_CHARACTERISTIC: (
        Slot("kind", values=("stage", "score", "comorbidity", "measurement", "demographic", "anatomy", "history")),
        Slot("unit"),
        Slot("values"),
    ),
}
_ID = re.compile(r"^IRKG:\d{7}$")


class TableError(IrkgError):
    """A table cannot be used; `problems` says where and why."""


def columns(branch: Branch) -> tuple[str, ...]:
    """The header of a branch's term table."""
    return (*COMMON, *(slot.name for slot in SLOTS[branch]))


def table_name(branch: Branch) -> str:
    """The file name of a branch's table: ``MolecularTarget`` -> ``molecular_target.tsv``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", branch.value).lower() + ".tsv"


def rows(path: Path, header: tuple[str, ...], problems: list[Problem]) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows of a tab-separated table with their numbers (the header is row 1); what is wrong goes to `problems`.

    A row with too many cells is left out; a row with too few is filled up, because editors strip trailing tabs.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(Problem(path.name, f"byte {error.start} is not UTF-8", mend="save the table as UTF-8"))
        return
    # Not splitlines(): it also breaks at form feeds and at U+2028, which would shift the row numbers.
    lines = csv.reader(re.split("\r\n|\r|\n", text), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, cells in enumerate(lines, 1):
        if number == 1:
            if tuple(cells) != header:
                problems.append(Problem(path.name, _header_problem(cells, header), row=1, mend="expected: " + "\t".join(header)))
                return
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            problems.append(Problem(path.name, f"{len(cells)} cells, {len(header)} columns", row=number, mend="remove the stray tab"))
            continue
        cells += [""] * (len(header) - len(cells))
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        for name, cell in row.items():
            if re.search("[\u2018\u2019\u201c\u201d\u00a0\ufeff]", cell):
                problems.append(Problem(path.name, "smart quote or no-break space", row=number, field=name, mend="type ' or \" or a plain space"))
        yield number, row


def _header_problem(cells: list[str], header: tuple[str, ...]) -> str:
    if cells and cells[0].startswith("\ufeff"):
        return "the file begins with a byte order mark"
    missing, extra = [h for h in header if h not in cells], [c for c in cells if c not in header]
    said = [f"column {', '.join(missing)} is missing"] * bool(missing) + [f"column {', '.join(extra)} is unknown"] * bool(extra)
    return "; ".join(said) or "the columns are in another order"


def split(cell: str) -> tuple[str, ...]:
    """The values of a cell, without empty ones: ``"a | b|"`` -> ``("a", "b")``."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _synonyms(row: Mapping[str, str]) -> tuple[Synonym, ...]:
    scopes: tuple[Scope, ...] = ("exact", "narrow", "broad", "related")
    found = [Synonym(text, scope) for scope in scopes for text in split(row[scope])]
    return (*found, *(Synonym(text, "exact", True) for text in split(row["abbreviations"])))


def read_terms(folder: Path) -> tuple[dict[str, Term], list[Problem]]:
    """Every term of the branch tables in `folder`, and what is wrong with them.

    References between terms are resolved over all tables together; a missing table counts as empty.
    """
    problems: list[Problem] = []
    raw: list[tuple[Path, int, Branch, dict[str, str]]] = []
    for branch in Branch:
        path = folder / table_name(branch)
        if path.exists():
            raw += [(path, number, branch, row) for number, row in rows(path, columns(branch), problems)]
    labels: dict[str, tuple[str, Branch]] = {}
    seen: dict[str, str] = {}
    for path, number, branch, row in raw:
        low, high = ID_RANGES[branch]
        if not _ID.match(row["id"]):
            problems.append(Problem(path.name, f"{row['id']!r} is no term id", row=number, field="id", mend="IRKG: and seven digits"))
        elif not low <= int(row["id"][5:]) <= high:
            problems.append(Problem(path.name, f"{row['id']} is outside {low}-{high}", row=number, field="id", mend="mint an id of this branch"))
        if row["id"] in seen:
            problems.append(Problem(path.name, f"{row['id']} is used in {seen[row['id']]} too", row=number, field="id", mend="mint a new id"))
        seen[row["id"]] = f"{path.name} row {number}"
        key = row["label"].casefold()
        if "|" in row["label"]:
            problems.append(Problem(path.name, "a label holds no |", row=number, field="label", mend="| separates values"))
        if not key:
            problems.append(Problem(path.name, "a term needs a label", row=number, field="label"))
        elif key in labels:
            problems.append(Problem(path.name, f"label {row['label']!r} belongs to {labels[key][0]} too", row=number, field="label", mend="labels are unique"))
        labels[key] = (row["id"], branch)
    terms: dict[str, Term] = {}
    for path, number, branch, row in raw:

        def resolve(cell: str, allowed: tuple[Branch, ...], column: str, path: Path = path, number: int = number) -> tuple[str, ...]:
            ids = []
            for name in split(cell):
                found = labels.get(name.casefold())
                if found is None:
                    problems.append(Problem(path.name, f"{name!r} is the label of no term", row=number, field=column, mend="write the label exactly, or add the term"))
                elif found[1] not in allowed:
                    problems.append(Problem(path.name, f"{name!r} is a {found[1]}", row=number, field=column, mend="allowed: " + ", ".join(allowed)))
                else:
                    ids.append(found[0])
            return tuple(ids)

        root = row["id"] == f"IRKG:{ID_RANGES[branch][0]:07d}"
        parents = resolve(row["parents"], (branch,), "parents")
        if not parents and not root and not row["parents"]:
            problems.append(Problem(path.name, "a term needs a parent", row=number, field="parents", mend="at least the branch's root"))
        for column in ("definition", "source"):
            if not row[column]:
                problems.append(Problem(path.name, f"{column} is empty", row=number, field=column, mend="define in your own words and name a source"))
        slots: dict[str, tuple[str, ...]] = {}
        for slot in SLOTS[branch]:
            values = resolve(row[slot.name], slot.branches, slot.name) if slot.refers else split(row[slot.name])
            for value in values if slot.values else ():
                if value not in slot.values:
                    problems.append(Problem(path.name, f"{value!r} is not allowed", row=number, field=slot.name, mend="one of: " + ", ".join(slot.values)))
            if values:
                slots[slot.name] = values
        terms[row["id"]] = Term(
            row["id"], branch, row["label"], parents, row["definition"], row["source"], _synonyms(row), slots, row["comment"]
        )
    problems += _cycles(terms)
    return terms, problems


def _cycles(terms: Mapping[str, Term]) -> list[Problem]:
    found: list[Problem] = []
    state: dict[str, int] = {}
    for start in terms:
        stack = [(start, iter(terms[start].parents))] if start not in state else []
        while stack:
            node, parents = stack[-1]
            state[node] = 1
            parent = next(parents, None)
            if parent is None:
                state[node] = 2
                stack.pop()
            elif state.get(parent) == 1:
                term = terms[node]
                found.append(Problem(table_name(term.branch), f"{term.label!r} is above itself through {terms[parent].label!r}", field="parents", mend="break the cycle"))
            elif parent not in state and parent in terms:
                stack.append((parent, iter(terms[parent].parents)))
    return found


def read_mappings(folder: Path, terms: Mapping[str, Term]) -> tuple[list[Xref], list[Problem]]:
    """Every row of the SSSOM tables in `folder`, checked against the terms."""
    problems: list[Problem] = []
    found: list[Xref] = []
    seen: set[tuple[str, str]] = set()
    for path in sorted(folder.glob("*.sssom.tsv")):
        for number, row in rows(path, MAPPING_COLUMNS, problems):
            term = terms.get(row["subject_id"])
            if term is None:
                problems.append(Problem(path.name, f"{row['subject_id']} is no term", row=number, field="subject_id"))
            elif term.label != row["subject_label"]:
                problems.append(Problem(path.name, f"{row['subject_label']!r} is not the label of {term.id}", row=number, field="subject_label", mend=f"{term.label!r}"))
            if row["predicate_id"] not in PREDICATES:
                problems.append(Problem(path.name, f"{row['predicate_id']!r} is no mapping predicate", row=number, field="predicate_id", mend=", ".join(sorted(PREDICATES))))
            if row["mapping_justification"] not in JUSTIFICATIONS:
                problems.append(Problem(path.name, f"{row['mapping_justification']!r} is no justification", row=number, field="mapping_justification", mend=", ".join(sorted(JUSTIFICATIONS))))
            if (row["subject_id"], row["object_id"]) in seen:
                problems.append(Problem(path.name, f"{row['subject_id']} maps to {row['object_id']} twice", row=number, field="object_id"))
            seen.add((row["subject_id"], row["object_id"]))
            found.append(Xref(row["subject_id"], row["predicate_id"], row["object_id"], row["object_label"], row["mapping_justification"], row["comment"]))
    return found, problems


@cache
def load(root: Path = ROOT) -> Ontology:
    """The ontology of a folder that holds `terms/` and `mappings/`.

    Raises:
        TableError: a table has a problem; nothing is returned.
    """
    terms, problems = read_terms(root / "terms")
    mappings, more = read_mappings(root / "mappings", terms)
    if problems or more:
        raise TableError(f"the tables under {root} have {len(problems) + len(more)} problem(s)", [*problems, *more])
    return Ontology(terms, tuple(mappings))
