"""Everything that can be wrong with the curated sources, in one list: tables, mappings, imports, names,
roots, axioms.

The tables' own checks (:mod:`ontology.tables`) refuse what cannot be built. Those here find what can be built
but would mislead: two terms of one branch that share a name, a root without its row, a slot without its
property.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import parse

from ontology import vocabularies
from ontology.build import AXIOMS, build
from ontology.definitions import PROPERTIES, primitives
from ontology.external import read_imports
from ontology.iris import PREFIXES, VOCAB
from ontology.problems import Problem
from ontology.reasoning import classify
from ontology.reasoning import problems as reasoning_problems
from ontology.spelling import fold_name
from ontology.tables import ROOT, SLOTS, read_mappings, read_terms, table_name
from ontology.terms import ID_RANGES, Branch, Ontology, Term

__all__ = ["check", "check_axioms", "check_files", "check_names", "check_roots"]

_TYPES: Final = {"ObjectProperty", "AnnotationProperty"}


def check(
    root: Path = ROOT, *, vocabulary: Path | None = None, reason: bool = False, cache: Path | None = None
) -> list[Problem]:
    """All problems of the sources under `root`; an empty list when a release can be made of them.

    Args:
        root: the folder that holds `terms/`, `mappings/`, `imports/`.
        vocabulary: a folder with the snapshots that mappings are checked against; None: they are not.
        reason: classify the ontology too (needs Java); done only when nothing else is wrong.
        cache: a folder for the reasoner's results.

    Raises:
        FileNotFoundError: `vocabulary` lacks a file.
        ReasoningError: the reasoner cannot run.
    """
    terms, found = read_terms(root / "terms")
    mappings, more = read_mappings(root / "mappings", terms)
    ontology = Ontology(terms, tuple(mappings))
    imported, wrong = read_imports(root / "imports", terms)
    primitive, listed = primitives(root / "primitive.tsv", ontology)
    axioms = root / AXIOMS.name if (root / AXIOMS.name).exists() else AXIOMS
    found += [
        *more,
        *wrong,
        *listed,
        *check_files(root),
        *check_roots(terms),
        *check_names(terms.values()),
        *check_axioms(axioms),
    ]
    if vocabulary is not None:
        known = tuple(m for m in mappings if m.subject_id in terms)
        found += vocabularies.check(Ontology(terms, known), vocabulary)
    if reason and not found:
        found += reasoning_problems(
            classify(build(ontology, imported, axioms=axioms, primitive=primitive), cache), ontology
        )
    return found


def check_files(root: Path) -> list[Problem]:
    """Tables under `terms/` or `mappings/` that nothing reads."""
    known = {table_name(branch) for branch in Branch}
    stray = [
        p for p in sorted((root / "terms").glob("*")) if p.name not in known and not p.name.startswith(".")
    ]
    stray += [
        p
        for p in sorted((root / "mappings").glob("*"))
        if not p.name.endswith((".sssom.tsv", ".md")) and not p.name.startswith(".")
    ]
    return [Problem(p.name, "nothing reads this file", mend="rename or remove it") for p in stray]


def check_roots(terms: Mapping[str, Term]) -> list[Problem]:
    """Branches without their root's row, and roots that have a parent."""
    found: list[Problem] = []
    for branch, (low, _) in ID_RANGES.items():
        root = terms.get(f"IRKG:{low:07d}")
        if root is None:
            found.append(
                Problem(
                    table_name(branch),
                    f"the root IRKG:{low:07d} has no row",
                    field="id",
                    mend="it is the first id of the branch",
                )
            )
        elif root.parents:
            found.append(
                Problem(
                    table_name(branch), "the root has a parent", field="parents", mend="leave the cell empty"
                )
            )
    return found


def check_names(terms: Iterable[Term]) -> list[Problem]:
    """Names that belong to two terms of one branch, and names that a term has twice.

    Abbreviations are compared as written, other names after folding (:mod:`ontology.spelling`), as they are
    matched in text. One name may belong to terms of different branches: `bleeding` is a disease, an outcome
    and an adverse event.
    """
    found: list[Problem] = []
    owners: dict[tuple[Branch, str], dict[str, tuple[Term, str]]] = {}
    for term in terms:
        seen: set[str] = {term.label}
        for synonym in term.synonyms:
            if synonym.text in seen:
                said = f"{term.label!r} has the name {synonym.text!r} twice"
                found.append(
                    Problem(table_name(term.branch), said, field=synonym.scope, mend="once is enough")
                )
            seen.add(synonym.text)
        names = [
            (term.label, False),
            *((s.text, s.abbreviation) for s in term.synonyms if s.scope == "exact"),
        ]
        for name, abbreviation in names:
            key = name if abbreviation else " ".join(fold_name(name))
            owners.setdefault((term.branch, key), {}).setdefault(term.id, (term, name))
    for (branch, _), having in owners.items():
        if len(having) > 1:
            said = " and ".join(f"{name!r} of {term.label!r} ({term.id})" for term, name in having.values())
            found.append(
                Problem(
                    table_name(branch),
                    f"one name for two terms: {said}",
                    field="exact",
                    mend="keep it at one, or make it a broad or related synonym",
                )
            )
    return found


def check_axioms(path: Path = AXIOMS) -> list[Problem]:
    """Slots without a property in the Turtle file, and own properties without label, definition or source."""
    said: dict[str, dict[str, list[str]]] = {}
    try:
        for quad in parse(path=str(path)):
            said.setdefault(str(quad.subject).strip("<>"), {}).setdefault(quad.predicate.value, []).append(
                str(quad.object).strip("<>")
            )
    except SyntaxError as error:
        return [Problem(path.name, f"no Turtle: {error}")]
    found: list[Problem] = []
    for slots in SLOTS.values():
        for slot in slots:
            name = VOCAB + PROPERTIES.get(slot.name, slot.name)
            kind = "ObjectProperty" if slot.refers else "AnnotationProperty"
            if PREFIXES["owl"] + kind not in said.get(name, {}).get(PREFIXES["rdf"] + "type", ()):
                found.append(
                    Problem(path.name, f"slot {slot.name!r} has no owl:{kind} {name}", mend="declare it")
                )
    needed = {
        "rdfs:label": PREFIXES["rdfs"] + "label",
        "definition": PREFIXES["IAO"] + "0000115",
        "definition source": PREFIXES["IAO"] + "0000119",
    }
    for subject, properties in said.items():
        types = {t.removeprefix(PREFIXES["owl"]) for t in properties.get(PREFIXES["rdf"] + "type", ())}
        if subject.startswith(VOCAB) and types & _TYPES:
            found += [
                Problem(path.name, f"{subject} has no {what}", mend="add it")
                for what, prop in needed.items()
                if prop not in properties
            ]
    return sorted(dict.fromkeys(found), key=str)
