"""OBO flat file format 1.4 (https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html).

Axioms that OBO has no tag for stand in the header as `owl-axioms`, in functional syntax, so that a reader who
knows that tag loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal

from ontology.frames import Frame, Frames, Note
from ontology.functional import functional
from ontology.iris import PREFIXES, compact
from ontology.owl import Axiom

__all__ = ["obo"]

_OBO, _IAO = PREFIXES["oboInOwl"], PREFIXES["IAO"]
_LABEL, _COMMENT = PREFIXES["rdfs"] + "label", PREFIXES["rdfs"] + "comment"
_DEFINITION, _REPLACED_BY = _IAO + "0000115", _IAO + "0100001"
_NAMESPACE, _ID, _XREF = _OBO + "hasOBONamespace", _OBO + "id", _OBO + "hasDbXref"
_TYPE_OF: Final = _OBO + "hasSynonymType"
_DEPRECATED: Final = PREFIXES["owl"] + "deprecated"
_VERSION: Final = PREFIXES["owl"] + "versionInfo"
_SCOPES: Final = {f"{_OBO}has{s}Synonym": s.upper() for s in ("Exact", "Narrow", "Broad", "Related")}
_SYNONYM_TYPE: Final = _OBO + "SynonymTypeProperty"
_CURIE: Final = re.compile(r"^[A-Za-z_][\w.\-]*:[\w.\-]+$")
_FLAGS: Final = {
    "Transitive": "is_transitive",
    "Symmetric": "is_symmetric",
    "Asymmetric": "is_asymmetric",
    "Reflexive": "is_reflexive",
    "Functional": "is_functional",
    "InverseFunctional": "is_inverse_functional",
}
# OBO 1.4, "serializer conventions": the order of tags in a frame.
_ORDER: Final = {
    tag: i
    for i, tag in enumerate(
        (
            "id", "name", "namespace", "def", "comment", "synonym", "xref", "property_value", "domain",
            "range", "holds_over_chain", *_FLAGS.values(), "is_a", "intersection_of", "equivalent_to",
            "inverse_of", "relationship", "is_obsolete", "replaced_by", "is_metadata_tag",
        )
    )
}  # fmt: skip


def _escape(text: str) -> str:
    """A value behind a tag: one line, without what starts a comment, modifier or continuation."""
    text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return re.sub(r"([{}!])", r"\\\1", text)


def _quote(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return '"' + text.replace('"', '\\"') + '"'


def _name(iri: str) -> str:
    curie = compact(iri)
    return curie if _CURIE.match(curie) else iri.replace(",", "%2C")


def obo(frames: Frames) -> bytes:
    """The document; equal bytes for equal frames, in whatever order they come."""
    classes = [f for f in frames.entities.values() if f.kind == "Class"]
    properties = [f for f in frames.entities.values() if f.kind in ("ObjectProperty", "AnnotationProperty")]
    types = sorted(
        (f for f in properties if _SYNONYM_TYPE in f.parents or f.iri == _SYNONYM_TYPE), key=lambda f: f.iri
    )
    chosen = {f.iri for f in types}
    rest: list[Axiom] = list(frames.rest)
    stanzas: list[list[str]] = []
    for kind, entities in (("Term", classes), ("Typedef", properties)):
        for frame in sorted(entities, key=lambda f: _name(f.iri)):
            if frame.iri not in chosen and not (
                kind == "Typedef" and frame.kind == "AnnotationProperty" and not _own(frame)
            ):
                stanzas.append([f"[{kind}]", *_clauses(frame, rest)])
    header = _header(frames, [f for f in types if f.iri != _SYNONYM_TYPE], rest)
    return ("\n\n".join("\n".join(lines) for lines in (header, *stanzas)) + "\n").encode("utf-8")


def _own(frame: Frame) -> bool:
    """True for an annotation property that the ontology describes itself, not one that OBO knows by a tag."""
    return any(n.predicate == _DEFINITION for n in frame.notes)


def _header(frames: Frames, types: Iterable[Frame], rest: list[Axiom]) -> list[str]:
    version = next((n.text for n in frames.notes if n.predicate == _VERSION), "")
    lines = ["format-version: 1.4"]
    if version:
        lines.append(f"data-version: {_escape(version)}")
    lines += [f"synonymtypedef: {_name(f.iri)} {_quote(f.label)}" for f in types]
    lines += [f"idspace: {name} {iri}" for name, iri in sorted(PREFIXES.items())]
    lines += ["ontology: irkg"]
    for note in sorted(frames.notes, key=lambda n: (n.predicate, n.text)):
        if note.predicate != _VERSION:
            lines.append(f"property_value: {_value(note)}")
    if rest:
        body = functional([Axiom("Ontology", (frames.iri,)), *rest]).decode("utf-8")
        escaped = body.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
        lines.append("owl-axioms: " + re.sub(r"([{}!])", r"\\\1", escaped))
    return lines


def _value(note: Note) -> str:
    prop = _name(note.predicate)
    if isinstance(note.value, Literal):
        kind = compact(note.value.datatype.value)
        return f"{prop} {_quote(note.text)} {kind if kind.startswith('xsd:') else 'xsd:string'}"
    return f"{prop} {_name(note.value)}"


def _clauses(frame: Frame, rest: list[Axiom]) -> list[str]:
    found: list[tuple[str, str]] = [("id", _name(frame.iri))]
    for note in frame.notes:
        found += _note(note)
    found += [("is_a", _name(parent)) for parent in frame.parents]
    found += [("relationship", f"{_name(p)} {_name(f)}") for p, f in frame.relations]
    found += [("equivalent_to", _name(other)) for other in frame.equivalent]
    found += [("inverse_of", _name(other)) for other in frame.inverses]
    for tag, values in (("domain", frame.domains), ("range", frame.ranges)):
        found += [(tag, _name(value)) for value in values]
    for chain in frame.chains:
        if len(chain) == 2:
            found.append(("holds_over_chain", " ".join(map(_name, chain))))
        else:
            rest.append(Axiom("SubObjectPropertyOf", (("ObjectPropertyChain", *chain), frame.iri)))
    for kind in frame.characteristics:
        if kind in _FLAGS:
            found.append((_FLAGS[kind], "true"))
        else:
            rest.append(Axiom(f"{kind}ObjectProperty", (frame.iri,)))
    for i, one in enumerate(frame.definitions):
        if i == 0:  # OBO has room for one
            found += [("intersection_of", _name(genus)) for genus in one.genus]
            found += [("intersection_of", f"{_name(p)} {_name(f)}") for p, f in one.differentia]
        else:
            some = [("ObjectSomeValuesFrom", p, f) for p, f in one.differentia]
            rest.append(Axiom("EquivalentClasses", (frame.iri, ("ObjectIntersectionOf", *one.genus, *some))))
    if frame.kind == "AnnotationProperty":
        found.append(("is_metadata_tag", "true"))
    found.sort(key=lambda pair: (_ORDER[pair[0]], pair[0] == "intersection_of" and " " in pair[1], pair[1]))
    return [f"{tag}: {value}" for tag, value in dict.fromkeys(found)]


def _note(note: Note) -> list[tuple[str, str]]:
    prop, text = note.predicate, note.text
    if prop == _LABEL:
        return [("name", _escape(text))]
    if prop == _NAMESPACE:
        return [("namespace", _escape(text))]
    if prop == _DEFINITION:
        return [("def", f"{_quote(text)} []")]
    if prop == _COMMENT:
        return [("comment", _escape(text))]
    if prop == _XREF and _CURIE.match(text):
        return [("xref", text)]
    if prop == _DEPRECATED:
        return [("is_obsolete", "true")] if text == "true" else []
    if prop == _REPLACED_BY:
        return [("replaced_by", _name(text))]
    if prop in _SCOPES:
        kind = next((_name(str(v)) + " " for p, v in note.notes if p == _TYPE_OF), "")
        return [("synonym", f"{_quote(text)} {_SCOPES[prop]} {kind}[]")]
    if prop == _ID:
        return []
    return [("property_value", _value(note))]
