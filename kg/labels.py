"""What terms and claims are called in running text."""

from __future__ import annotations

from pyoxigraph import Literal

from kg.identity import ClaimKey, Comparison, Relation
from kg.rdf import term_node
from kg.store.base import Store
from kg.vocabulary import RDFS
from ontology.iris import graph

__all__ = ["Labels", "label_of_claim"]


class Labels:
    """Labels of terms by id, read from graph `ontology` once each; a term without a label is called by its
    id.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    def __getitem__(self, term: str) -> str:
        label = self._known.get(term)
        if label is None:
            found = self._store.quads(term_node(term), RDFS.label, None, graph=graph("ontology"))
            labels = sorted(quad.object.value for quad in found if isinstance(quad.object, Literal))
            label = self._known[term] = labels[0] if labels else term
        return label


def label_of_claim(key: ClaimKey, labels: Labels) -> str:
    """A claim in words: "chemoembolization treats hepatocellular carcinoma", "ablation vs resection: survival
    in HCC".
    """
    if isinstance(key, Relation):
        return f"{labels[key.subject]} {key.predicate.replace('_', ' ')} {labels[key.object]}"
    disease = f" in {labels[key.disease]}" if key.disease is not None else ""
    arms = labels[key.intervention]
    if isinstance(key, Comparison):
        arms += f" vs {labels[key.comparator]}"
    return f"{arms}: {labels[key.outcome]}{disease}"
