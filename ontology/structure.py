"""ROBOT's report checks over the built ontology, by the same names (https://robot.obolibrary.org/report).

Each check is a function from :class:`ontology.frames.Frames` to findings. As with ROBOT's ``--base-iri``,
checks of style and completeness look at own entities; imported terms keep what their vocabulary says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from pyoxigraph import Literal

from ontology.findings import Finding, Level
from ontology.frames import Frame, Frames, Note
from ontology.iris import BASE, PREFIXES, VOCAB, compact
from ontology.owl import signature
from ontology.terms import ID_RANGES

__all__ = ["CHECKS", "structure"]

_OBO, _IAO, _DC = PREFIXES["oboInOwl"], PREFIXES["IAO"], PREFIXES["dcterms"]
_OWL, _RDF, _RDFS, _XSD = (PREFIXES[p] for p in ("owl", "rdf", "rdfs", "xsd"))
_LABEL, _COMMENT = _RDFS + "label", _RDFS + "comment"
_DEFINITION, _REPLACED_BY = _IAO + "0000115", _IAO + "0100001"
_SYNONYMS: Final = tuple(f"{_OBO}has{s}Synonym" for s in ("Exact", "Narrow", "Broad", "Related"))
_EXACT: Final = _SYNONYMS[0]
_XREF, _IN_SUBSET, _SUBSET = _OBO + "hasDbXref", _OBO + "inSubset", _OBO + "SubsetProperty"
_TYPE_OF, _TYPE = _OBO + "hasSynonymType", _OBO + "SynonymTypeProperty"
_ABBREVIATION: Final = PREFIXES["OMO"] + "0003000"
_DEPRECATED: Final = _OWL + "deprecated"
_BRANCH: Final = _OBO + "hasOBONamespace"

_OWN_CLASS: Final = re.compile(re.escape(BASE) + r"IRKG_\d{7}")
_OWN_PROPERTY: Final = re.compile(re.escape(VOCAB) + r"[A-Za-z]\w*")
_CURIE: Final = re.compile(r"[A-Za-z_][\w.\-]*:\S+")
_BAD_IRI: Final = re.compile(r"[\s<>\"{}|\\^`]|/obo/[A-Za-z]+:\d|_\s*$")
_LOOSE: Final = re.compile(r"^\s|\s$|  ")
_CONTROL: Final = re.compile(r"[\t\n\r\f\v]")
# The names of the built-in vocabularies that an ontology may use as properties of its own axioms.
_BUILT_IN: Final = frozenset(
    [_RDFS + n for n in ("label", "comment", "seeAlso", "isDefinedBy")]
    + [_OWL + n for n in ("deprecated", "versionInfo", "backwardCompatibleWith", "incompatibleWith")]
    + [_OWL + n for n in ("priorVersion", "Thing", "Nothing", "topObjectProperty", "bottomObjectProperty")]
)

_ROOTS: Final = frozenset(f"{BASE}IRKG_{low:07d}" for low, _ in ID_RANGES.values())

Check: TypeAlias = Callable[["_View"], Iterator[Finding]]


class _View:
    """The frames with the tables that several checks need, made once."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self.all = sorted(frames.entities.values(), key=lambda f: f.iri)
        self.own = [f for f in self.all if f.iri.startswith(BASE)]
        self.classes = [f for f in self.own if f.kind == "Class"]
        self.gone = {
            f.iri for f in self.all if any(n.predicate == _DEPRECATED and n.text == "true" for n in f.notes)
        }
        self.branch = {
            f.iri: n.text for f in self.all for n in f.notes if n.predicate == _BRANCH and f.kind == "Class"
        }

    def find(self, frame: Frame, what: str, field: str = "", mend: str = "") -> Finding:
        return Finding(Level.INFO, "", what, compact(frame.iri), frame.label, field=field, mend=mend)


def _values(frame: Frame, *predicates: str) -> Iterator[Note]:
    return (note for note in frame.notes if note.predicate in predicates)


def _annotation_whitespace(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        for note in frame.notes:
            if note.predicate != _LABEL and isinstance(note.value, Literal) and _LOOSE.search(note.text):
                what = f"{compact(note.predicate)} has spaces at an end, or two in a row: {note.text[:60]!r}"
                yield view.find(frame, what, compact(note.predicate), "one space between words, none around")


def _deprecated_boolean_datatype(view: _View) -> Iterator[Finding]:
    for frame in view.all:
        for note in _values(frame, _DEPRECATED):
            if not isinstance(note.value, Literal) or note.value.datatype.value != _XSD + "boolean":
                yield view.find(frame, "owl:deprecated is no xsd:boolean", mend='write "true"^^xsd:boolean')


def _references(frame: Frame) -> Iterator[str]:
    yield from frame.parents
    yield from frame.equivalent
    yield from frame.inverses
    yield from frame.domains
    yield from frame.ranges
    for prop, filler in frame.relations:
        yield from (prop, filler)
    for chain in frame.chains:
        yield from chain
    for one in frame.definitions:
        yield from one.genus
        for prop, filler in one.differentia:
            yield from (prop, filler)


def _deprecated(view: _View, classes: bool) -> Iterator[Finding]:
    gone = {i for i in view.gone if (view.frames.entities[i].kind == "Class") is classes}
    if not gone:
        return
    for frame in view.all:
        used = dict.fromkeys(i for i in _references(frame) if i in gone)
        for iri in used:
            what = f"refers to {view.frames.entities[iri].label!r} ({compact(iri)}), which is obsolete"
            yield view.find(frame, what, mend="name what replaces it")
        if frame.iri in gone and any(True for _ in _references(frame)):
            yield view.find(frame, "is obsolete and still has axioms", mend="an obsolete term has none")
    for axiom in view.frames.rest:
        for iri in sorted(signature(axiom) & gone):
            what = f"an axiom ({axiom.kind}) refers to it, and it is obsolete"
            yield view.find(view.frames.entities[iri], what, mend="name what replaces it")


def _deprecated_class_reference(view: _View) -> Iterator[Finding]:
    return _deprecated(view, True)


def _deprecated_property_reference(view: _View) -> Iterator[Finding]:
    return _deprecated(view, False)


def _shared(view: _View, frames: Iterable[Frame], *predicates: str) -> Iterator[tuple[str, list[Frame]]]:
    """Texts that several entities in use have under the predicates."""
    owners: dict[str, dict[str, Frame]] = {}
    for frame in frames:
        if frame.iri not in view.gone:
            for note in _values(frame, *predicates):
                owners.setdefault(note.text, {})[frame.iri] = frame
    for text, having in owners.items():
        if len(having) > 1:
            yield text, list(having.values())


def _others(frame: Frame, having: list[Frame]) -> str:
    return ", ".join(f"{f.label!r} ({compact(f.iri)})" for f in having if f is not frame)


def _duplicate_definition(view: _View) -> Iterator[Finding]:
    for text, having in _shared(view, view.own, _DEFINITION):
        what = f"defined in the same words as {_others(having[0], having)}: {text[:80]!r}"
        yield view.find(having[0], what, "definition", "say what sets each apart")


def _one_branch(view: _View, having: list[Frame]) -> bool:
    return len({view.branch.get(f.iri) for f in having}) == 1


def _allowed(finding: Finding) -> Finding:
    """One name for terms of different branches: docs/ontology.md allows it (a disease, an outcome and an
    adverse event)."""
    return replace(finding.at(Level.INFO), mend="allowed, since the branches differ")


def _duplicate_exact_synonym(view: _View) -> Iterator[Finding]:
    for text, having in _shared(view, view.own, _EXACT):
        what = f"{text!r} is an exact synonym of {_others(having[0], having)} too"
        finding = view.find(having[0], what, "exact", "keep it at one, or make it broad or related")
        yield finding if _one_branch(view, having) else _allowed(finding)


def _duplicate_label_synonym(view: _View) -> Iterator[Finding]:
    labels: dict[str, list[Frame]] = {}
    for frame in view.own:
        if frame.iri not in view.gone:
            labels.setdefault(frame.label, []).append(frame)
    for frame in view.own:
        if frame.iri in view.gone:
            continue
        for note in _values(frame, _EXACT):
            if any(p == _TYPE_OF and v == _ABBREVIATION for p, v in note.notes):
                continue
            for other in labels.get(note.text, ()):
                if other is frame:
                    what = f"{note.text!r} is label and exact synonym"
                else:
                    what = f"the exact synonym {note.text!r} is the label of {compact(other.iri)}"
                finding = view.find(frame, what, "exact", "take the synonym out")
                yield finding if _one_branch(view, [frame, other]) else _allowed(finding)


def _duplicate_label(view: _View) -> Iterator[Finding]:
    for text, having in _shared(view, view.all, _LABEL):
        if any(f.iri.startswith(BASE) for f in having):
            what = f"the label {text!r} is that of {_others(having[0], having)} too"
            yield view.find(having[0], what, "label", "labels are unique")


def _duplicate_scoped_synonym(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        scopes: dict[str, set[str]] = {}
        for note in _values(frame, *_SYNONYMS):
            scopes.setdefault(note.text, set()).add(note.predicate.removeprefix(_OBO + "has"))
        for text, found in scopes.items():
            if len(found) > 1:
                what = f"{text!r} is a synonym with {len(found)} scopes: {', '.join(sorted(found))}"
                yield view.find(frame, what, mend="a synonym has one scope")


def _equivalent_pair(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        for other in frame.equivalent:
            yield view.find(frame, f"is the same as {compact(other)}", mend="keep one of the two")


def _equivalent_class_axiom_no_genus(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        for one in frame.definitions:
            if not one.genus:
                yield view.find(frame, "its logical definition has no class", mend="give it a parent")


def _illegal_use_of_built_in_vocabulary(view: _View) -> Iterator[Finding]:
    built_in = (_OWL, _RDF, _RDFS)
    for frame in view.all:
        if frame.iri.startswith(built_in) and frame.iri not in _BUILT_IN:
            yield view.find(
                frame, f"declares {compact(frame.iri)} of a built-in vocabulary", mend="remove it"
            )
        for note in frame.notes:
            if note.predicate.startswith(built_in) and note.predicate not in _BUILT_IN:
                what = f"{compact(note.predicate)} is no annotation property"
                yield view.find(frame, what, mend="use another property")


def _invalid_entity_uri(view: _View) -> Iterator[Finding]:
    for frame in view.all:
        pattern = _OWN_CLASS if frame.kind == "Class" else _OWN_PROPERTY
        own = frame.iri.startswith(BASE)
        if _BAD_IRI.search(frame.iri) or (own and not pattern.fullmatch(frame.iri)):
            yield view.find(
                frame, f"<{frame.iri}> is not formed as IRIs of its kind are", mend="mint a new id"
            )


def _invalid_xref(view: _View) -> Iterator[Finding]:
    for frame in view.all:
        for note in _values(frame, _XREF):
            if not _CURIE.fullmatch(note.text):
                yield view.find(frame, f"the xref {note.text!r} is no CURIE", "xref", "PREFIX:id, no spaces")


def _label_formatting(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        if any(_CONTROL.search(n.text) for n in _values(frame, _LABEL)):
            yield view.find(frame, "the label holds a tab or line break", "label", "plain text in one line")


def _label_whitespace(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        if any(_LOOSE.search(n.text) for n in _values(frame, _LABEL)):
            what = "the label has spaces at an end, or two in a row"
            yield view.find(frame, what, "label", "one space between words, none around")


def _lowercase_definition(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        for note in _values(frame, _DEFINITION):
            if note.text[:1].islower():
                yield view.find(frame, f"begins in lower case: {note.text[:60]!r}", "definition", "a capital")


def _missing_definition(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        if frame.iri not in view.gone and not any(n.text for n in _values(frame, _DEFINITION)):
            yield view.find(frame, "has no definition", "definition", "define it in your own words")


def _missing_label(view: _View) -> Iterator[Finding]:
    for frame in view.all:
        if (frame.kind == "Class" or frame.iri.startswith(BASE)) and not frame.label:
            yield view.find(frame, "has no label", "label", "give it one")


def _missing_obsolete_label(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        if frame.iri in view.gone and not frame.label.startswith("obsolete "):
            yield view.find(
                frame, "is obsolete; its label does not say so", "label", "begin with 'obsolete '"
            )


def _misused_obsolete_label(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        if frame.iri not in view.gone and frame.label.lower().startswith("obsolete"):
            what = "its label says that it is obsolete; nothing else does"
            yield view.find(frame, what, "label", "obsolete it, or rename it")


def _misused_replaced_by(view: _View) -> Iterator[Finding]:
    for frame in view.own:
        for note in _values(frame, _REPLACED_BY):
            if frame.iri not in view.gone:
                yield view.find(
                    frame, f"is replaced by {compact(note.text)} and not obsolete", mend="obsolete it"
                )
            elif note.text not in view.frames.entities or note.text in view.gone:
                yield view.find(
                    frame, f"{compact(note.text)} replaces it and is not in use", mend="name a term"
                )


def _missing_from_header(field: str, *names: str) -> Check:
    def check(view: _View) -> Iterator[Finding]:
        if not any(n.predicate.removeprefix(_DC) in names and n.text for n in view.frames.notes):
            mend = f"write dcterms:{names[0]} into irkg.ttl"
            yield Finding(Level.INFO, "", f"the ontology has no {field}", file="irkg.ttl", mend=mend)

    return check


def _undeclared(view: _View, values: Iterable[tuple[Frame, str]], parent: str) -> Iterator[Finding]:
    for frame, iri in dict.fromkeys((f.iri, v) for f, v in values):
        declared = view.frames.entities.get(iri)
        if declared is None or parent not in declared.parents:
            one = view.frames.entities[frame]
            mend = f"declare it as a subproperty of {compact(parent)}"
            yield view.find(one, f"{compact(iri)} is not declared as a {compact(parent)}", mend=mend)


def _missing_subset_declaration(view: _View) -> Iterator[Finding]:
    used = ((f, n.text) for f in view.all for n in _values(f, _IN_SUBSET))
    return _undeclared(view, used, _SUBSET)


def _missing_synonymtype_declaration(view: _View) -> Iterator[Finding]:
    used = ((f, str(v)) for f in view.all for n in f.notes for p, v in n.notes if p == _TYPE_OF)
    return _undeclared(view, used, _TYPE)


def _missing_superclass(view: _View) -> Iterator[Finding]:
    for frame in view.all:
        above = frame.parents or frame.definitions or frame.iri in _ROOTS or frame.iri in view.gone
        if frame.kind == "Class" and not above:
            yield view.find(frame, "has no parent", "parents", "at least the branch's root")


def _multiple(field: str, predicate: str) -> Check:
    def check(view: _View) -> Iterator[Finding]:
        for frame in view.all:
            texts = {n.text for n in _values(frame, predicate)}
            if len(texts) > 1:
                yield view.find(frame, f"has {len(texts)} {field}s", field, "keep one")

    return check


def _equivalences(view: _View) -> Mapping[str, int]:
    found = {f.iri: len(f.definitions) + len(f.equivalent) for f in view.all}
    for axiom in view.frames.rest:
        if axiom.kind == "EquivalentClasses" and axiom.parts[0] in found:
            found[str(axiom.parts[0])] += 1
    return found


def _multiple_equivalent_classes(view: _View) -> Iterator[Finding]:
    for iri, number in _equivalences(view).items():
        if number > 1:
            what = f"stands in {number} equivalence axioms"
            yield view.find(view.frames.entities[iri], what, mend="one logical definition")


def _multiple_equivalent_class_definitions(view: _View) -> Iterator[Finding]:
    for frame in view.all:
        if len(frame.definitions) > 1:
            yield view.find(frame, f"has {len(frame.definitions)} logical definitions", mend="keep one")


CHECKS: Final[Mapping[str, tuple[Level, Check]]] = {
    "annotation_whitespace": (Level.WARN, _annotation_whitespace),
    "deprecated_boolean_datatype": (Level.ERROR, _deprecated_boolean_datatype),
    "deprecated_class_reference": (Level.ERROR, _deprecated_class_reference),
    "deprecated_property_reference": (Level.ERROR, _deprecated_property_reference),
    "duplicate_definition": (Level.ERROR, _duplicate_definition),
    "duplicate_exact_synonym": (Level.WARN, _duplicate_exact_synonym),
    "duplicate_label": (Level.ERROR, _duplicate_label),
    "duplicate_label_synonym": (Level.WARN, _duplicate_label_synonym),
    "duplicate_scoped_synonym": (Level.WARN, _duplicate_scoped_synonym),
    "equivalent_class_axiom_no_genus": (Level.WARN, _equivalent_class_axiom_no_genus),
    "equivalent_pair": (Level.WARN, _equivalent_pair),
    "illegal_use_of_built_in_vocabulary": (Level.ERROR, _illegal_use_of_built_in_vocabulary),
    "invalid_entity_uri": (Level.WARN, _invalid_entity_uri),
    "invalid_xref": (Level.WARN, _invalid_xref),
    "label_formatting": (Level.ERROR, _label_formatting),
    "label_whitespace": (Level.ERROR, _label_whitespace),
    "lowercase_definition": (Level.INFO, _lowercase_definition),
    "missing_definition": (Level.WARN, _missing_definition),
    "missing_label": (Level.ERROR, _missing_label),
    "missing_obsolete_label": (Level.WARN, _missing_obsolete_label),
    "missing_ontology_description": (Level.ERROR, _missing_from_header("description", "description")),
    "missing_ontology_license": (Level.ERROR, _missing_from_header("license", "license", "rights")),
    "missing_ontology_title": (Level.ERROR, _missing_from_header("title", "title")),
    "missing_subset_declaration": (Level.WARN, _missing_subset_declaration),
    "missing_superclass": (Level.INFO, _missing_superclass),
    "missing_synonymtype_declaration": (Level.WARN, _missing_synonymtype_declaration),
    "misused_obsolete_label": (Level.ERROR, _misused_obsolete_label),
    "misused_replaced_by": (Level.ERROR, _misused_replaced_by),
    "multiple_definitions": (Level.ERROR, _multiple("definition", _DEFINITION)),
    "multiple_equivalent_class_definitions": (Level.ERROR, _multiple_equivalent_class_definitions),
    "multiple_equivalent_classes": (Level.WARN, _multiple_equivalent_classes),
    "multiple_labels": (Level.ERROR, _multiple("label", _LABEL)),
}


def structure(frames: Frames) -> list[Finding]:
    """What ROBOT's report would find, at its default levels; a finding may be milder and say why."""
    view = _View(frames)
    found: list[Finding] = []
    for name, (level, check) in CHECKS.items():
        for finding in check(view):
            found.append(finding.named(name, level))
    return found
