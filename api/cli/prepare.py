"""The ontology, built, classified and brought into a store; done again only when its sources change."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from api.cli.output import Steps
from kg.claims import META
from kg.store import Change, Store
from kg.store.load import load_ontology
from kg.vocabulary import IRKG
from ontology.build import build_root
from ontology.inferred import infer, triples
from ontology.iris import graph
from ontology.problems import IrkgError
from ontology.reasoning import classify, problems
from ontology.tables import ROOT
from ontology.terms import Ontology, Term

__all__ = ["prepare", "sources_hash"]

_NODE = NamedNode(graph("ontology"))
_MARK = IRKG.builtFrom


def prepare(store: Store, ontology: Ontology, extra: tuple[Term, ...], cache: Path, steps: Steps) -> bool:
    """Bring the ontology and what follows from it into the store; False when it was there already.

    Raises:
        IrkgError: the ontology contradicts itself, or the reasoner cannot run.
    """
    wanted = Quad(_NODE, _MARK, Literal(sources_hash()), NamedNode(META))
    marks = list(store.quads(_NODE, _MARK, None, graph=META))
    if marks == [wanted]:
        return False
    with steps.step("Building the ontology"):
        built = build_root()
    with steps.step("Classifying it (HermiT)"):
        found = classify(built, cache)
        if wrong := problems(found, ontology):
            raise IrkgError("the ontology contradicts itself", wrong)
    with steps.step("Loading it"):
        inferred = triples(infer(ontology, found.subsumptions, extra))
        load_ontology(store, serialize(built.store_graph, format=RdfFormat.N_TRIPLES) or b"")
        load_ontology(store, serialize(inferred, format=RdfFormat.N_TRIPLES) or b"", "ontology/inferred")
        # The mark comes last: whoever is stopped before it starts again.
        store.apply(Change(add=(wanted,), remove=tuple(marks)))
    return True


def sources_hash() -> str:
    """A hash over everything that the ontology is made from, its code included."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.rglob("*")):
        if path.is_file() and path.suffix in {".tsv", ".ttl", ".py"}:
            digest.update(f"{path.relative_to(ROOT).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
