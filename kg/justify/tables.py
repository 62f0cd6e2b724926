"""The tables that weigh evidence, read once: study designs, outcomes, weights, and what counts as an option.

The levels of `designs.tsv` are those of the OCEBM Levels of Evidence Working Group, "The Oxford 2011 Levels
of Evidence" (https://www.cebm.ox.ac.uk/resources/levels-of-evidence/ocebm-levels-of-evidence), row "Does this
intervention help?". The importance of outcomes follows the classes of GRADE (critical, important, limited:
Guyatt et al., J Clin Epidemiol 2011;64:395-400, doi 10.1016/j.jclinepi.2010.09.012). The points are a
convention of IR-KG, which is why they stand in tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from kg.criteria.rows import table
from kg.model import Design
from ontology.terms import Ontology

__all__ = [
    "Care",
    "DesignWeight",
    "OutcomeRule",
    "arm_words",
    "care",
    "designs",
    "not_options",
    "outcome_rules",
    "table",
    "weights",
]

FOLDER: Final = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class DesignWeight:
    """How a study design is graded and weighed."""

    level: int
    weight: float
    grade: str


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """The weight of outcomes of a kind (`match` ``kind``) or at and below a term (`match` ``below``)."""

    match: str
    value: str
    weight: float
    importance: str


@dataclass(frozen=True, slots=True)
class Care:
    """A kind of care that trials compare with: labels of one `group` are one option; `role` is ``control`` or
    ``sham``.
    """

    group: str
    role: str


@cache
def designs() -> Mapping[Design, DesignWeight]:
    """Grade and weight of every study design."""
    rows = table(FOLDER / "designs.tsv", ("design", "level", "weight", "grade", "comment"))
    return {Design(r["design"]): DesignWeight(int(r["level"]), float(r["weight"]), r["grade"]) for r in rows}


@cache
def outcome_rules() -> tuple[OutcomeRule, ...]:
    """The rules that weigh outcomes, the most specific first."""
    rows = table(FOLDER / "outcomes.tsv", ("match", "value", "weight", "importance", "comment"))
    rules = [OutcomeRule(r["match"], r["value"], float(r["weight"]), r["importance"]) for r in rows]
    return tuple(sorted(rules, key=lambda r: ("below", "kind", "default").index(r.match)))


@cache
def weights() -> Mapping[str, float]:
    """The named weights of `weights.tsv`."""
    return {r["name"]: float(r["value"]) for r in table(FOLDER / "weights.tsv", ("name", "value", "comment"))}


@cache
def care() -> Mapping[str, Care]:
    """Kinds of usual care by term label."""
    return {
        r["label"]: Care(r["group"], r["role"])
        for r in table(FOLDER / "care.tsv", ("label", "group", "role"))
    }


@cache
def arm_words() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Words of an unlinked arm, and the label of the term that they mean."""
    rows = table(FOLDER / "arm_words.tsv", ("pattern", "label", "comment"))
    return tuple((re.compile(r["pattern"], re.I), r["label"]) for r in rows)


@cache
def _not_options() -> tuple[tuple[str, bool], ...]:
    rows = table(FOLDER / "not_options.tsv", ("label", "below", "comment"))
    return tuple((r["label"], r["below"] == "yes") for r in rows)


def not_options(ontology: Ontology) -> frozenset[str]:
    """The ids of procedures and agents that nobody chooses between: too wide, diagnostic, or a part of
    another.
    """
    found: set[str] = set()
    for label, below in _not_options():
        term = ontology.by_label.get(label.casefold())
        if term is not None:
            found.add(term.id)
            if below:
                found |= ontology.descendants(term.id)
    return frozenset(found)
