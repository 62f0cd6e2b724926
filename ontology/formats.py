"""The files of one ontology: OWL as Turtle, RDF/XML and functional syntax, OBO Graph JSON, and OBO.

Each has equal bytes for equal triples, on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize

from ontology.frames import frames
from ontology.functional import functional
from ontology.iris import PREFIXES
from ontology.obo import obo
from ontology.obographs import obograph
from ontology.owl import GENID, axioms

__all__ = ["SUFFIXES", "formats", "rdf", "unnamed"]

SUFFIXES: Final = ("ttl", "owl", "ofn", "json", "obo")
_PREFIXES: Final = {
    name: PREFIXES[name]
    for name in ("IRKG", "irkg", "owl", "rdf", "rdfs", "skos", "dcterms", "oboInOwl", "IAO", "OMO")
}


def unnamed(triple: Triple) -> Triple:
    """The triple with blank nodes in place of names made from content."""
    subject, object_ = triple.subject, triple.object
    if isinstance(subject, NamedNode) and subject.value.startswith(GENID):
        subject = BlankNode("n" + subject.value[len(GENID) :])
    if isinstance(object_, NamedNode) and object_.value.startswith(GENID):
        object_ = BlankNode("n" + object_.value[len(GENID) :])
    return Triple(subject, triple.predicate, object_)


def rdf(triples: Iterable[Triple], format: RdfFormat) -> bytes:
    """Triples as Turtle, RDF/XML or N-Triples, in the order given, class expressions as blank nodes."""
    prefixes = None if format == RdfFormat.N_TRIPLES else _PREFIXES
    return serialize(map(unnamed, triples), format=format, prefixes=prefixes) or b""


def formats(triples: Iterable[Triple], stem: str = "irkg") -> dict[str, bytes]:
    """The content of every file by its name: ``irkg.ttl``, ``irkg.owl`` ...

    Args:
        triples: a graph as :class:`ontology.build.Built` has it, with IRIs for nameless nodes.
        stem: the file names' beginning.

    Raises:
        ValueError: a triple belongs to no axiom that is known.
    """
    triples = tuple(triples)
    every = tuple(axioms(triples))
    gathered = frames(every)
    contents = (
        rdf(triples, RdfFormat.TURTLE),
        rdf(triples, RdfFormat.RDF_XML),
        functional(every),
        obograph(gathered),
        obo(gathered),
    )
    return {f"{stem}.{suffix}": content for suffix, content in zip(SUFFIXES, contents, strict=True)}
