"""OWL 2 functional-style syntax (W3C, "OWL 2 Structural Specification and Functional-Style Syntax", 2012)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import Literal

from ontology.iris import PREFIXES
from ontology.owl import Axiom, Part

__all__ = ["expression", "functional"]

_PLAIN: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_\-]*[A-Za-z0-9_])?")
_STRING: Final = PREFIXES["xsd"] + "string"
_LANG: Final = PREFIXES["rdf"] + "langString"
# Longest first, so that IRKG: goes before a shorter namespace that it begins with.
_NAMESPACES: Final = sorted(((iri, name) for name, iri in PREFIXES.items()), key=lambda p: (-len(p[0]), p[1]))


def _iri(iri: str, seen: dict[str, str]) -> str:
    known = seen.get(iri)
    if known is None:
        known = f"<{iri}>"
        for namespace, name in _NAMESPACES:
            if iri.startswith(namespace) and _PLAIN.fullmatch(iri, len(namespace)):
                known = f"{name}:{iri[len(namespace) :]}"
                break
        seen[iri] = known
    return known


def _literal(value: Literal, seen: dict[str, str]) -> str:
    quoted = '"' + value.value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if value.language:
        return f"{quoted}@{value.language}"
    kind = value.datatype.value
    return quoted if kind in (_STRING, _LANG) else f"{quoted}^^{_iri(kind, seen)}"


def expression(part: Part, seen: dict[str, str] | None = None) -> str:
    """An expression in functional syntax: ``ObjectSomeValuesFrom(irkg:uses IRKG:0008001)``."""
    seen = {} if seen is None else seen
    if isinstance(part, str):
        return part if part.isdigit() else _iri(part, seen)
    if isinstance(part, Literal):
        return _literal(part, seen)
    return f"{part[0]}({' '.join(expression(inner, seen) for inner in part[1:])})"


def functional(axioms: Iterable[Axiom]) -> bytes:
    """An ontology document; equal bytes for equal axioms, in whatever order they come.

    Raises:
        ValueError: no ontology is declared.
    """
    seen: dict[str, str] = {}
    header: list[str] = []
    imports: list[str] = []
    notes: list[str] = []
    declared: list[str] = []
    lines: list[str] = []
    for axiom in axioms:
        parts = " ".join(expression(part, seen) for part in axiom.parts)
        own = "".join(f"Annotation({expression(p, seen)} {expression(v, seen)}) " for p, v in axiom.notes)
        if axiom.kind == "Ontology":
            header.append(" ".join(f"<{part}>" for part in axiom.parts))
        elif axiom.kind in ("Import", "Annotation"):
            (imports if axiom.kind == "Import" else notes).append(f"{axiom.kind}({parts})")
        else:
            (declared if axiom.kind == "Declaration" else lines).append(f"{axiom.kind}({own}{parts})")
    if not header:
        raise ValueError("the graph has no owl:Ontology")
    body = (max(header, key=len), *sorted(imports), *sorted(notes), *sorted(declared), *sorted(lines))
    text = "\n".join((*_prefixes(PREFIXES), f"Ontology({body[0]}", *body[1:], ")", ""))
    return text.encode("utf-8")


def _prefixes(prefixes: Mapping[str, str]) -> list[str]:
    return [f"Prefix({name}:=<{iri}>)" for name, iri in sorted(prefixes.items())]
