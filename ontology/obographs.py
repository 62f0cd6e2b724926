"""OBO Graph JSON (https://github.com/geneontology/obographs): an ontology as nodes and edges.

A restriction on a union, a disjointness and what else the format has no place for is left out of it; the OWL
artefacts hold everything.
"""

from __future__ import annotations

import json
from typing import Any, Final

from ontology.frames import Definition, Frame, Frames, Note
from ontology.iris import PREFIXES

__all__ = ["obograph"]

_OBO: Final = PREFIXES["oboInOwl"]
_LABEL, _COMMENT = PREFIXES["rdfs"] + "label", PREFIXES["rdfs"] + "comment"
_DEFINITION: Final = PREFIXES["IAO"] + "0000115"
_XREF, _SYNONYM_TYPE = _OBO + "hasDbXref", _OBO + "hasSynonymType"
_DEPRECATED: Final = PREFIXES["owl"] + "deprecated"
_VERSION: Final = PREFIXES["owl"] + "versionInfo"
_SYNONYMS: Final = {f"{_OBO}has{s}Synonym": f"has{s}Synonym" for s in ("Exact", "Narrow", "Broad", "Related")}
_KINDS: Final = {
    "Class": ("CLASS", None),
    "NamedIndividual": ("INDIVIDUAL", None),
    "ObjectProperty": ("PROPERTY", "OBJECT"),
    "DataProperty": ("PROPERTY", "DATA"),
    "AnnotationProperty": ("PROPERTY", "ANNOTATION"),
}

_Json = dict[str, Any]


def obograph(frames: Frames) -> bytes:
    """The JSON document; equal bytes for equal frames, in whatever order they come."""
    nodes: list[_Json] = []
    edges: list[_Json] = []
    definitions: list[_Json] = []
    domains: list[_Json] = []
    chains: list[_Json] = []
    same: list[_Json] = []
    for frame in sorted(frames.entities.values(), key=lambda f: f.iri):
        if frame.kind not in _KINDS:
            continue
        nodes.append(_node(frame))
        above = "is_a" if frame.kind in ("Class", "NamedIndividual") else "subPropertyOf"
        edges += [_edge(frame.iri, above, parent) for parent in sorted(frame.parents)]
        edges += [_edge(frame.iri, prop, filler) for prop, filler in sorted(frame.relations)]
        edges += [_edge(frame.iri, "inverseOf", other) for other in sorted(frame.inverses)]
        definitions += [_definition(frame.iri, one) for one in frame.definitions]
        same += [{"nodeIds": sorted((frame.iri, other))} for other in sorted(frame.equivalent)]
        if frame.domains or frame.ranges:
            domains.append(
                {
                    "predicateId": frame.iri,
                    "domainClassIds": sorted(frame.domains),
                    "rangeClassIds": sorted(frame.ranges),
                }
            )
        chains += [{"predicateId": frame.iri, "chainPredicateIds": list(c)} for c in sorted(frame.chains)]
    graph: _Json = {
        "id": frames.iri,
        "meta": _meta(list(frames.notes), frames.version),
        "nodes": nodes,
        "edges": edges,
        "equivalentNodesSets": same,
        "logicalDefinitionAxioms": definitions,
        "domainRangeAxioms": domains,
        "propertyChainAxioms": chains,
    }
    return (json.dumps({"graphs": [graph]}, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _edge(subject: str, predicate: str, object_: str) -> _Json:
    return {"sub": subject, "pred": predicate, "obj": object_}


def _definition(iri: str, one: Definition) -> _Json:
    restrictions = [{"propertyId": p, "fillerId": f} for p, f in sorted(one.differentia)]
    return {"definedClassId": iri, "genusIds": sorted(one.genus), "restrictions": restrictions}


def _node(frame: Frame) -> _Json:
    kind, sort = _KINDS[frame.kind]
    node: _Json = {"id": frame.iri}
    if frame.label:
        node["lbl"] = frame.label
    node["type"] = kind
    if sort:
        node["propertyType"] = sort
    meta = _meta([n for n in frame.notes if n.predicate != _LABEL], "")
    if meta:
        node["meta"] = meta
    return node


def _meta(notes: list[Note], version: str) -> _Json:
    """The `meta` of a node or graph: definition, comments, synonyms, xrefs, other properties, deprecation."""
    notes = sorted(notes, key=lambda n: (n.predicate, n.text))
    found: _Json = {}
    synonyms: list[_Json] = []
    values: list[_Json] = []
    for note in notes:
        if note.predicate == _DEFINITION and "definition" not in found:
            found["definition"] = {"val": note.text}
        elif note.predicate == _COMMENT:
            found.setdefault("comments", []).append(note.text)
        elif note.predicate in _SYNONYMS:
            synonym: _Json = {"pred": _SYNONYMS[note.predicate], "val": note.text}
            kind = next((str(v) for p, v in note.notes if p == _SYNONYM_TYPE), None)
            synonyms.append(synonym | ({"synonymType": kind} if kind else {}))
        elif note.predicate == _XREF:
            found.setdefault("xrefs", []).append({"val": note.text})
        elif note.predicate == _DEPRECATED:
            if note.text == "true":
                found["deprecated"] = True
        else:
            values.append({"pred": note.predicate, "val": note.text})
    if synonyms:
        found["synonyms"] = synonyms
    if values:
        found["basicPropertyValues"] = values
    if version:
        found["version"] = version
    return found
