"""Bringing the ontology into the store; nothing is written when it is there already."""

from __future__ import annotations

import hashlib
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.claims import META, all_dirty
from kg.store.base import Change, Store, StoreError
from kg.store.skolem import skolemize
from kg.vocabulary import IRKG
from ontology.iris import graph
from ontology.problems import Problem

__all__ = ["load_ontology", "loaded_hash"]

_HASH: Final = IRKG.sourceHash
_META: Final = NamedNode(META)


def loaded_hash(store: Store, name: str = "ontology") -> str | None:
    """The SHA-256 of the Turtle that graph `name` was loaded from; None when it was not."""
    found = store.quads(NamedNode(graph(name)), _HASH, None, graph=META)
    return next((quad.object.value for quad in found if isinstance(quad.object, Literal)), None)


def load_ontology(store: Store, turtle: bytes, name: str = "ontology") -> bool:
    """Replace graph `name` (``ontology`` or ``ontology/inferred``) by a Turtle file; False when it was
    unchanged.

    Claims are labelled with the labels of terms, so a changed ontology marks them all for the next refresh.

    Raises:
        StoreError: the bytes are no Turtle; the graph is as it was.
    """
    new = hashlib.sha256(turtle).hexdigest()
    old = loaded_hash(store, name)
    if new == old:
        return False
    target = NamedNode(graph(name))
    try:
        quads = skolemize(parse(turtle, format=RdfFormat.TURTLE), target)
    except SyntaxError as error:
        raise StoreError("the ontology cannot be loaded", [Problem(name, str(error))]) from error
    add = [Quad(target, _HASH, Literal(new), _META)]
    remove = [] if old is None else [Quad(target, _HASH, Literal(old), _META)]
    if name == "ontology":
        add.append(all_dirty())
    store.apply(Change(replace={target.value: quads}, add=tuple(add), remove=tuple(remove)))
    return True
