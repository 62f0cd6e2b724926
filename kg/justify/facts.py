"""What the neighbourhood of a disease yields: its papers' results arm by arm, and what can be an option."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from pyoxigraph import NamedNode

from kg.claims import CLAIMS
from kg.justify.names import Names
from kg.justify.neighbourhood import Neighbourhood, Paper, neighbourhood
from kg.justify.observations import Observation, observe
from kg.justify.options import Arm, Arms, Option, excluded_terms, is_part, parts_of
from kg.justify.relatives import Relative, aspects, facets, relatives
from kg.justify.tables import designs
from kg.model.claim import EvidenceRecord
from kg.model.justification import Profile
from kg.rdf import term_node
from kg.store.base import Store
from kg.vocabulary import IRKG
from ontology.iris import compact, document_graph
from ontology.terms import Branch

__all__ = ["Facts", "assumed_disease", "gather", "merged", "surroundings", "worth_showing"]

MOST_OPTIONS: Final = 15
_LINE: Final = 200  # therapies that are looked at when the question names no disease
_FOUNDING: Final = 0.7  # evidence less direct than this adds to options but makes none


@dataclass
class Facts:
    """What the neighbourhood yields, before it is ranked."""

    observations: list[Observation] = field(default_factory=list)
    results: list[tuple[EvidenceRecord, Arm | None, Arm | None]] = field(default_factory=list)
    statements: dict[str, list[tuple[EvidenceRecord, float]]] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    rivals: list[tuple[str, str]] = field(default_factory=list)
    founded: set[str] = field(default_factory=set)


def surroundings(store: Store, names: Names, profile: Profile) -> Neighbourhood | None:
    """The neighbourhood of the profile's disease in all its forms; None when the disease is not known."""
    if profile.disease is None or profile.disease not in names.ontology:
        return None
    near: dict[str, Relative] = {}
    for disease in facets(names.ontology, profile.disease, profile.others):
        for term, relative in relatives(names.ontology, disease).items():
            if term not in near or near[term].directness < relative.directness:
                near[term] = relative
    found = neighbourhood(store, names, profile.disease, near)
    if not found.papers and (more := aspects(names.ontology, profile.disease)):
        found = neighbourhood(store, names, profile.disease, {**near, **more})
    return found


def assumed_disease(store: Store, names: Names, profile: Profile) -> str | None:
    """The disease that most claims say the therapies of the question treat, when the question names none."""
    count: Counter[str] = Counter()
    for option in profile.options:
        if option not in names.ontology:
            continue
        line = {option, *names.ontology.descendants(option)}
        for parent in names.ontology[option].parents:
            # A procedure that no paper names is known by its nearest relatives.
            line |= {parent, *names.ontology.descendants(parent)}
        for term in sorted(line)[:_LINE]:
            for quad in store.quads(term_node(term), IRKG.treats, None, graph=CLAIMS):
                disease = compact(quad.object.value) if isinstance(quad.object, NamedNode) else ""
                if disease in names.ontology:
                    count[disease] += 3 if term == option else 1
    return min(count, key=lambda d: (-count[d], d), default=None)


def gather(store: Store, names: Names, around: Neighbourhood) -> Facts:
    """The results, statements and therapies of the papers around a disease."""
    facts, excluded = Facts(), excluded_terms(names)
    for paper in around.papers:
        arms = Arms(names, paper, excluded, partial(_mentioned, store, paper.citation.id))
        seen: set[str] = set()
        parts: set[str] = set()
        for record in paper.evidence:
            if record.result is not None:
                first, second = arms.of(record)
                facts.results.append((record, first, second))
                found = list(observe(names, paper, record, first, second))
                facts.observations += found
                seen |= {one.arm.term or "" for one in found}
                stated = [a.term for a in (first, second) if a is not None and a.term and a.in_quote]
                seen.update(stated)
                if len(stated) == 2:
                    facts.rivals.append((stated[0], stated[1]))
                    if all(is_part(names, t) for t in stated):
                        parts.update(stated)
            elif record.predicate == "treats" and record.object in around.relatives:
                _state(facts, names, paper, record, arms.treated(record))
            if record.predicate in ("causes", "uses"):
                facts.results.append((record, None, None))
        for term in sorted(seen):
            facts.used[term] += 1
            # A device is an option where devices are compared; else it is a part of what is.
            apart = is_part(names, term) and term not in parts
            if paper.relative.directness >= _FOUNDING and not paper.retracted and not apart:
                facts.founded.add(term)
    return facts


def _mentioned(store: Store, document: str) -> frozenset[str]:
    """The terms that a document mentions anywhere."""
    quads = store.quads(None, IRKG.term("term"), None, graph=document_graph(document))
    return frozenset(compact(quad.object.value) for quad in quads if isinstance(quad.object, NamedNode))


def _state(facts: Facts, names: Names, paper: Paper, record: EvidenceRecord, term: str | None) -> None:
    """Keep a statement that a therapy treats the disease. An agent that is only mentioned is no option by
    itself.
    """
    if term is None or paper.retracted or record.section in ("methods", "background", "objective"):
        # Whom a trial enrolled and why it was done is no statement that a therapy works.
        return
    facts.statements.setdefault(term, []).append((record, paper.relative.directness))
    facts.used[term] += 0
    branch = names.ontology[term].branch if term in names.ontology else None
    telling = record.section in ("title", "conclusion", "results", "abstract")
    if (
        telling
        and branch is Branch.PROCEDURE
        and not record.negated
        and paper.relative.directness >= _FOUNDING
    ):
        facts.founded.add(term)


def merged(observations: Iterable[Observation], options: Mapping[str, Option]) -> list[Observation]:
    """Observations whose two arms are one option are dropped; arms are named by their option's term."""
    found = []
    for one in observations:
        if one.arm.term is None:
            continue
        option = options[one.arm.term]
        other = options.get(one.other.term) if one.other is not None and one.other.term is not None else None
        if other is option:
            continue
        arm = replace(one.arm, term=option.term)
        second = one.other if one.other is None or other is None else replace(one.other, term=other.term)
        found.append(replace(one, arm=arm, other=second))
    return found


def worth_showing(
    names: Names,
    facts: Facts,
    options: Mapping[str, Option],
    observations: Sequence[Observation],
    profile: Profile,
) -> dict[str, Option]:
    """The options worth showing: named ones, then those with most evidence."""
    weight: Counter[str] = Counter()
    for one in observations:
        term = options[one.arm.term or ""].term
        weight[term] += round(
            1000
            * designs()[one.record.document.design].weight
            * one.paper.relative.directness
            * (1 if one.other else 0.3)
        )
    for term, statements in facts.statements.items():
        if term in options:
            weight[options[term].term] += len({r.document.study for r, _ in statements})
    named = {options[t].term for t in profile.options if t in options}
    founded = {options[t].term for t in facts.founded if t in options} - parts_of(
        names, options, profile.options
    )
    chosen = sorted(founded, key=lambda t: (t not in named, -weight[t], t))[:MOST_OPTIONS]
    by_term = {o.term: o for o in options.values()}
    return {t: by_term[t] for t in chosen}
