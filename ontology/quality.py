"""Everything that can be wrong with the curated sources, in one list: tables, mappings, imports, names,
roots, axioms.

The tables' own checks (:mod:`ontology.tables`) refuse what cannot be built. Those here find what can be built
but would mislead: two terms of one branch that share a name, a root without its row, a slot without its
property.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Final, TypeVar

from pyoxigraph import parse

from ontology import vocabularies
from ontology.build import AXIOMS, Built, build
from ontology.definitions import PROPERTIES, primitives
from ontology.explain import clash, roots, words
from ontology.external import read_imports
from ontology.findings import Finding, Level, Report, of_problem, ordered
from ontology.frames import frames
from ontology.iris import PREFIXES, VOCAB, expand
from ontology.naming import naming
from ontology.owl import Axiom, axioms
from ontology.problems import Problem
from ontology.ranges import read_ranges
from ontology.reasoning import Classification, classify
from ontology.reasoning import problems as reasoning_problems
from ontology.shacl import shapes
from ontology.structure import structure
from ontology.tables import ROOT, SLOTS, read, read_mappings, table_name
from ontology.terms import ID_RANGES, Branch, Ontology, Term

__all__ = ["check", "check_axioms", "check_files", "check_names", "check_roots", "report"]

_TYPES: Final = {"ObjectProperty", "AnnotationProperty"}
_EXPLAINED: Final = 3  # classes without members whose reason is looked for; each takes some ten seconds
_T = TypeVar("_T")


@dataclass(frozen=True)
class _Sources:
    """What the files under a root hold, and all that is wrong with them as files."""

    ontology: Ontology
    imported: tuple[Term, ...]
    primitive: frozenset[str]
    axioms: Path
    places: Mapping[str, tuple[str, int]]
    problems: list[Problem]

    def build(self) -> Built:
        return build(self.ontology, self.imported, axioms=self.axioms, primitive=self.primitive)


def _sources(root: Path) -> _Sources:
    tables = read(root)
    mappings, more = read_mappings(root / "mappings", tables.terms)
    known = tuple(m for m in mappings if m.subject_id in tables.terms)
    ontology = Ontology(tables.terms, known, tables.obsolete)
    imported, wrong = read_imports(root / "imports", tables.terms)
    primitive, listed = primitives(root / "primitive.tsv", ontology)
    axioms = root / AXIOMS.name if (root / AXIOMS.name).exists() else AXIOMS
    problems = [*tables.problems, *more, *wrong, *listed, *check_files(root)]
    problems += [*check_roots({**tables.terms, **{i: o.term for i, o in tables.obsolete.items()}})]
    problems += check_axioms(axioms)
    problems += read_ranges(root / "ranges.tsv")[1]
    places = {**_import_places(root / "imports"), **tables.places}
    return _Sources(ontology, imported, primitive, axioms, places, problems)


def _import_places(folder: Path) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").split("\n"), 1):
            found.setdefault(line.split("\t", 1)[0], (path.name, number))
    return found


def check(
    root: Path = ROOT, *, vocabulary: Path | None = None, reason: bool = False, cache: Path | None = None
) -> list[Problem]:
    """What must be mended before anything can be built: tables, names, axioms, and on demand mappings and
    logic. :func:`report` finds more, and milder things too.

    Args:
        root: the folder that holds `terms/`, `mappings/`, `imports/`.
        vocabulary: a folder with the snapshots that mappings are checked against; None: they are not.
        reason: classify the ontology too (needs Java); done only when nothing else is wrong.
        cache: a folder for the reasoner's results.

    Raises:
        FileNotFoundError: `vocabulary` lacks a file.
        ReasoningError: the reasoner cannot run.
    """
    sources = _sources(root)
    found = [*sources.problems, *check_names(sources.ontology.terms.values())]
    if vocabulary is not None:
        found += vocabularies.check(sources.ontology, vocabulary)
    if reason and not found:
        found += reasoning_problems(classify(sources.build(), cache), sources.ontology)
    return found


def report(
    root: Path = ROOT, *, vocabulary: Path | None = None, reason: bool = False, cache: Path | None = None
) -> Report:
    """Everything that the checks find, in one report.

    Tables that cannot be read, or axioms that cannot be built, end it early; the reasoner is asked only when
    nothing else is an ERROR.

    Args:
        root: the folder that holds `terms/`, `mappings/`, `imports/`.
        vocabulary: a folder with the snapshots that mappings are checked against; None: they are not.
        reason: classify the ontology too (needs Java).
        cache: a folder for what SHACL and the reasoner found, by content; a changed table is validated anew,
            the others are not.

    Raises:
        FileNotFoundError: `vocabulary` lacks a file.
        ReasoningError: the reasoner cannot run.
        ShaclError: pyshacl is not installed.
    """
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], _T]) -> _T:
        start = perf_counter()
        result = work()
        seconds[name] = round(seconds.get(name, 0.0) + perf_counter() - start, 3)
        return result

    sources = timed("tables", lambda: _sources(root))
    own = sources.ontology
    found = [of_problem(problem, "table") for problem in sources.problems]
    found += timed("names", lambda: list(naming(own.terms.values())))
    agreement: dict[str, dict[str, int]] = {}
    if vocabulary is not None:
        found += timed("mappings", lambda: _mappings(own, vocabulary, agreement))
    built: Built | None = None
    if not sources.problems:
        built = timed("build", sources.build)
        found += timed("structure", lambda: _structure(built))
        tables = {expand(term): file for term, (file, _) in sources.places.items() if ":" in term}
        kept = cache / "check" if cache else None
        found += timed("shacl", lambda: shapes(built.triples, tables, kept))
        if reason and not any(finding.level is Level.ERROR for finding in found):
            result = timed("reasoner", lambda: classify(built, cache))
            found += timed("reasoner", lambda: _logic(result, built, own))
    return Report(
        ordered(_placed(finding, sources) for finding in found),
        seconds,
        len(own.terms),
        len(sources.imported),
        len(built.triples) if built else 0,
        built.version if built else "",
        agreement,
    )


def _placed(finding: Finding, sources: _Sources) -> Finding:
    """The finding with the table's row and the label of its term."""
    label = finding.label
    if not label and finding.subject in sources.ontology:
        label = sources.ontology[finding.subject].label
    file, row = finding.file, finding.row
    if not file and finding.subject:
        file, row = sources.places.get(finding.subject, (sources.axioms.name, None))
    return replace(finding, label=label, file=file, row=row)


def _structure(built: Built) -> list[Finding]:
    try:
        return structure(frames(axioms(built.triples)))
    except ValueError as error:
        mend = "write it as OWL 2 asks"
        return [Finding(Level.ERROR, "illegal_use_of_built_in_vocabulary", str(error), mend=mend)]


def _mappings(own: Ontology, folder: Path, counts: dict[str, dict[str, int]]) -> list[Finding]:
    found = [of_problem(problem, "mapping") for problem in vocabularies.check(own, folder)]
    for one in vocabularies.agreement(own, folder):
        by_kind = counts.setdefault(one.xref.object_id.split(":")[0], {})
        by_kind[one.kind] = by_kind.get(one.kind, 0) + 1
        if not one.noted and one.kind != "unknown":  # the check above tells of those
            what = f"{one.xref.object_id} is named {one.label!r}; the mapping's comment says nothing on it"
            mend = vocabularies.note(one) or "review it and say so in the comment"
            subject = one.xref.subject_id
            found.append(Finding(Level.ERROR, "unnoted_label_disagreement", what, subject, mend=mend))
    return found


def _logic(result: Classification, built: Built, own: Ontology) -> list[Finding]:
    """What the reasoner found, with the axioms that clash for the first classes without members."""
    every = tuple(axioms(built.triples))
    labels = {
        str(a.parts[1]): getattr(a.parts[2], "value", "")
        for a in every
        if a.kind == "AnnotationAssertion" and a.parts[0] == PREFIXES["rdfs"] + "label"
    }
    found: list[Finding] = []
    if not result.consistent:
        what = "the axioms contradict each other"
        found.append(Finding(Level.ERROR, "inconsistent", what, because=_because(every, _THING, labels)))
    first = roots(every, map(expand, result.unsatisfiable))[:_EXPLAINED] if result.unsatisfiable else ()
    for curie in result.unsatisfiable:
        because = _because(every, expand(curie), labels) if expand(curie) in first else ()
        what = "nothing can be in it" + (": these axioms clash" if because else "")
        mend = "change one of the axioms" if because else "mend those that are explained first"
        found.append(Finding(Level.ERROR, "unsatisfiable", what, curie, because=because, mend=mend))
    for group in result.equivalent:
        names = " and ".join(f"{own[c].label!r} ({c})" if c in own else c for c in group)
        mend = "give them slots that differ, or list them in primitive.tsv"
        found.append(Finding(Level.ERROR, "equivalent_classes", f"{names} are the same", group[0], mend=mend))
    return found


_THING: Final = PREFIXES["owl"] + "Thing"


def _because(every: Iterable[Axiom], iri: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(words(axiom, labels) for axiom in clash(every, iri))


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
    """The names that must be mended (:func:`ontology.naming.naming`), as problems of their tables."""
    terms = tuple(terms)
    tables = {term.id: table_name(term.branch) for term in terms}
    return [
        Problem(tables[f.subject], f.what, field=f.field, mend=f.mend)
        for f in naming(terms)
        if f.level is Level.ERROR
    ]


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
