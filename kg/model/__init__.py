"""The words of the project as frozen values: one type for each thing that is read, known or answered."""

from kg.model.document import Author, Identifiers, Publication, Retraction, Section, SectionKind, study_key
from kg.model.evidence import (
    Assertion,
    Design,
    Direction,
    Effect,
    Favors,
    Finding,
    Measure,
    Mention,
    Predicate,
    Reading,
    Stance,
    Study,
)

__all__ = [
    "Assertion",
    "Author",
    "Design",
    "Direction",
    "Effect",
    "Favors",
    "Finding",
    "Identifiers",
    "Measure",
    "Mention",
    "Predicate",
    "Publication",
    "Reading",
    "Retraction",
    "Section",
    "SectionKind",
    "Stance",
    "Study",
    "study_key",
]
