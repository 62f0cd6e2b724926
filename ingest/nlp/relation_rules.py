"""What relations there are and the patterns that state them: `tables/relation_patterns.tsv`.

Each pattern names a predicate, the order of its ends, what it looks at (the words between the ends, or those
on the shortest path between their heads in the dependency tree: Bunescu & Mooney, HLT-EMNLP 2005, "A shortest
path dependency kernel for relation extraction") and how sure a match is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from ingest.nlp.tables import rows
from kg.model import Predicate
from ontology.terms import Branch

__all__ = ["DENIABLE", "DOMAINS", "Pattern", "patterns"]

_P, _B = Predicate, Branch
DOMAINS: Final[Mapping[Predicate, tuple[frozenset[Branch], frozenset[Branch]]]] = {
    _P.TREATS: (frozenset({_B.PROCEDURE, _B.AGENT}), frozenset({_B.DISEASE})),
    _P.TARGETS: (frozenset({_B.AGENT, _B.PROCEDURE}), frozenset({_B.MOLECULAR_TARGET})),
    _P.ASSOCIATED_WITH: (frozenset({_B.MOLECULAR_TARGET}), frozenset({_B.DISEASE})),
    _P.BIOMARKER_OF: (frozenset({_B.BIOMARKER}), frozenset({_B.DISEASE})),
    _P.PREDICTS: (
        frozenset({_B.BIOMARKER, _B.DISEASE, _B.IMAGING_MODALITY}),
        frozenset({_B.OUTCOME, _B.ADVERSE_EVENT}),
    ),
    _P.ASSESSES: (
        frozenset({_B.IMAGING_MODALITY}),
        frozenset({_B.DISEASE, _B.OUTCOME, _B.BIOMARKER, _B.MOLECULAR_TARGET, _B.PROCEDURE}),
    ),
    _P.GUIDES: (frozenset({_B.IMAGING_MODALITY}), frozenset({_B.PROCEDURE})),
    _P.USES: (frozenset({_B.PROCEDURE}), frozenset({_B.AGENT})),
    _P.CAUSES: (frozenset({_B.PROCEDURE, _B.AGENT}), frozenset({_B.ADVERSE_EVENT})),
    _P.CONTRAINDICATES: (frozenset({_B.DISEASE, _B.BIOMARKER}), frozenset({_B.PROCEDURE, _B.AGENT})),
}
# Relations that a negation turns round; of the others a sentence such as `A was not used` states nothing.
DENIABLE: Final = frozenset(
    {_P.PREDICTS, _P.ASSOCIATED_WITH, _P.BIOMARKER_OF, _P.TARGETS, _P.ASSESSES, _P.CONTRAINDICATES}
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of the table.

    `order` is ``so`` (subject first), ``os`` or ``any``, `on` ``between`` or ``path``.
    """

    order: str
    on: str
    confidence: float
    regex: re.Pattern[str]


@cache
def patterns() -> Mapping[Predicate, tuple[Pattern, ...]]:
    """The patterns of each predicate in the order of the table.

    Raises:
        RuleError: a row names no predicate, order or place, or holds no number or no regular expression.
    """
    found: dict[Predicate, list[Pattern]] = defaultdict(list)
    for row in rows("relation_patterns", "predicate", "order", "on", "confidence", "pattern"):
        predicate = Predicate(row.choice("predicate", Predicate))
        order, on = row.choice("order", ("so", "os", "any")), row.choice("on", ("between", "path"))
        try:
            confidence = float(row["confidence"])
        except ValueError as error:
            raise row.error(f"{row['confidence']!r} is no number", "confidence", "from 0 to 1") from error
        found[predicate].append(Pattern(order, on, confidence, row.pattern()))
    return {predicate: tuple(rules) for predicate, rules in found.items()}
