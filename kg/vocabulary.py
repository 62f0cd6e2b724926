"""The RDF names that the graph is written in; the shape of the data stands in docs/data-model.md."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from ontology.iris import PREFIXES, VOCAB

__all__ = ["DCTERMS", "FABIO", "IRKG", "OA", "PRISM", "PROV", "RDF", "RDFS", "XSD", "Namespace"]


class Namespace(str):
    """A namespace whose attributes are its terms: ``OA.exact`` is the node of ``oa:exact``."""

    __slots__ = ()

    def __getattr__(self, name: str) -> NamedNode:
        return NamedNode(self + name)

    def term(self, name: str) -> NamedNode:
        """A term whose name is no Python identifier, or that ``str`` has a method for."""
        return NamedNode(self + name)


IRKG: Final = Namespace(VOCAB)
RDF: Final = Namespace(PREFIXES["rdf"])
RDFS: Final = Namespace(PREFIXES["rdfs"])
XSD: Final = Namespace(PREFIXES["xsd"])
OA: Final = Namespace(PREFIXES["oa"])
PROV: Final = Namespace(PREFIXES["prov"])
DCTERMS: Final = Namespace(PREFIXES["dcterms"])
FABIO: Final = Namespace(PREFIXES["fabio"])
PRISM: Final = Namespace(PREFIXES["prism"])
