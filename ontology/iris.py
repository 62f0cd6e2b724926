"""Every IRI and CURIE of the project is named here and nowhere else."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

__all__ = [
    "BASE",
    "PREFIXES",
    "VOCAB",
    "claim_iri",
    "compact",
    "document_graph",
    "document_id",
    "document_iri",
    "evidence_iri",
    "expand",
    "graph",
]

BASE: Final = "https://w3id.org/irkg/"
VOCAB: Final = BASE + "vocab#"

PREFIXES: Final[dict[str, str]] = {
    "IRKG": BASE + "IRKG_",
    "irkg": VOCAB,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "fabio": "http://purl.org/spar/fabio/",
    "bibo": "http://purl.org/ontology/bibo/",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "void": "http://rdfs.org/ns/void#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "IAO": "http://purl.obolibrary.org/obo/IAO_",
    "OMO": "http://purl.obolibrary.org/obo/OMO_",
    "biolink": "https://w3id.org/biolink/vocab/",
    "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
    "DOID": "http://purl.obolibrary.org/obo/DOID_",
    "HP": "http://purl.obolibrary.org/obo/HP_",
    "CHEBI": "http://purl.obolibrary.org/obo/CHEBI_",
    "NCIT": "http://purl.obolibrary.org/obo/NCIT_",
    "HGNC": "http://identifiers.org/hgnc/",
    "MESH": "http://id.nlm.nih.gov/mesh/",
}

_SPLIT = re.compile(r"^([A-Za-z][\w.]*):(.+)$")


def expand(curie: str) -> str:
    """The IRI of a CURIE: ``IRKG:0001001`` -> ``https://w3id.org/irkg/IRKG_0001001``.

    Raises:
        ValueError: the prefix is not one of :data:`PREFIXES`.
    """
    found = _SPLIT.match(curie)
    if not found or found.group(1) not in PREFIXES:
        raise ValueError(f"{curie!r} is no CURIE with a known prefix; known: {', '.join(PREFIXES)}")
    return PREFIXES[found.group(1)] + found.group(2)


def compact(iri: str) -> str:
    """The CURIE of an IRI; the IRI itself when no prefix fits."""
    best = max((p for p in PREFIXES.items() if iri.startswith(p[1])), key=lambda p: len(p[1]), default=None)
    return iri if best is None else f"{best[0]}:{iri[len(best[1]) :]}"


def graph(name: str) -> str:
    """The IRI of a named graph.

    The names are ``ontology``, ``ontology/inferred``, ``claims``, ``claims/inferred``, ``curation`` and
    ``meta``.
    """
    return f"{BASE}graph/{name}"


def document_iri(document: str) -> str:
    """The IRI of a document id such as ``pmid:12049862``."""
    return f"{BASE}document/{quote(document, safe=':._-')}"


def document_id(iri: str) -> str:
    """The document id behind a document IRI or a document graph's IRI."""
    return unquote(iri.rsplit("/document/", 1)[1].split("#", 1)[0])


def document_graph(document: str) -> str:
    """The IRI of the named graph that holds one document."""
    return f"{BASE}graph/document/{quote(document, safe=':._-')}"


def claim_iri(digest: str) -> str:
    """The IRI of a claim from the hash of its content."""
    return f"{BASE}claim/{digest}"


def evidence_iri(digest: str) -> str:
    """The IRI of a piece of evidence from the hash of its content."""
    return f"{BASE}evidence/{digest}"
