"""Scores, stages and laboratory values: computed, read, compared, checked (see `docs/scores.md`)."""

from ontology.scoring.checking import check
from ontology.scoring.computing import characteristics, compute, contradictions, derive
from ontology.scoring.lookup import input_named, inputs, order, quantity, score, scores, worse
from ontology.scoring.measuring import Measurement, measurements
from ontology.scoring.model import Grade, Input, Quantity, Result, Score, ScoreError
from ontology.scoring.units import UnitError, convert, substances
from ontology.scoring.written import Written, among, find, parse

__all__ = [
    "Grade",
    "Input",
    "Measurement",
    "Quantity",
    "Result",
    "Score",
    "ScoreError",
    "UnitError",
    "Written",
    "among",
    "characteristics",
    "check",
    "compute",
    "contradictions",
    "convert",
    "derive",
    "find",
    "input_named",
    "inputs",
    "measurements",
    "order",
    "parse",
    "quantity",
    "score",
    "scores",
    "substances",
    "worse",
]
