"""Holding a profile against the criteria of a procedure: met, failed, or unknown and what to measure next.

A criterion applies to its procedure and every narrower one, in its disease and every narrower one. The
failure of an absolute contraindication takes an option out of the running; nothing passes in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from kg.criteria.rows import table
from kg.model.justification import Eligibility, Profile, Status
from ontology.terms import Ontology

__all__ = ["KINDS", "Criterion", "check", "criteria", "eligibility"]

KINDS: Final = ("absolute contraindication", "relative contraindication", "indication", "caution")
_FILE: Final = Path(__file__).parent / "criteria.tsv"
_HEADER: Final = (
    "procedure",
    "disease",
    "characteristic",
    "operator",
    "threshold",
    "unit",
    "kind",
    "statement",
    "needed",
    "source",
    "url",
)
# Values of one characteristic that tell another: a class follows from points (Pugh et al., Br J Surg
# 1973;60:646-649).
_CLASSES: Final[Mapping[str, tuple[tuple[int, int], ...]]] = {
    "A": ((5, 6),),
    "B": ((7, 9),),
    "C": ((10, 15),),
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of the table. `statement` says in words what `operator` and `threshold` say of the
    characteristic.
    """

    procedure: str
    disease: str
    characteristic: str
    operator: str
    threshold: str
    unit: str
    kind: str
    statement: str
    needed: str
    source: str
    url: str

    @property
    def contraindicates(self) -> bool:
        """True when the patient fails by fulfilling it."""
        return self.kind != "indication"


@cache
def criteria() -> tuple[Criterion, ...]:
    """All criteria in the order of the table."""
    return tuple(Criterion(**row) for row in table(_FILE, _HEADER))


def eligibility(
    ontology: Ontology, profile: Profile, members: Iterable[str]
) -> list[tuple[Criterion, Eligibility]]:
    """Every criterion that applies to an option whose terms are `members`, held against the profile.

    Two rows that say the same are one line.
    """
    line = {t for m in members for t in (m, *ontology.ancestors(m))}
    diseases = {d for d in (profile.disease, *profile.others) if d is not None and d in ontology}
    near = diseases | {a for d in diseases for a in ontology.ancestors(d)}
    found: dict[str, tuple[Criterion, Eligibility]] = {}
    for one in criteria():
        procedure = ontology.by_label.get(one.procedure.casefold())
        disease = ontology.by_label.get(one.disease.casefold()) if one.disease else None
        if (
            procedure is None
            or procedure.id not in line
            or (one.disease and (disease is None or disease.id not in near))
        ):
            continue
        status = check(one, profile)
        known = found.get(one.statement)
        if known is None or known[1].status == "unknown":
            needed = one.needed if status == "unknown" else None
            found[one.statement] = (
                one,
                Eligibility(one.statement, status, one.kind, needed, f"{one.source} ({one.url})"),
            )
    return list(found.values())


def check(criterion: Criterion, profile: Profile) -> Status:
    """What the profile says of a criterion."""
    holds = _holds(criterion, profile)
    if holds is None:
        return "unknown"
    return "failed" if holds == criterion.contraindicates else "met"


def _holds(criterion: Criterion, profile: Profile) -> bool | None:
    value = profile.value(criterion.characteristic)
    if value is None:
        value = _told(criterion.characteristic, profile)
    if value is None:
        return None
    if criterion.operator == "in":
        return str(value).casefold() in {t.casefold() for t in criterion.threshold.split("|")}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    limit = float(criterion.threshold)
    return {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}[
        criterion.operator
    ]


def _told(name: str, profile: Profile) -> float | str | None:
    """A class from its points; points from a class are a range, so only a class that lies wholly on one side
    tells.
    """
    if name == "Child-Pugh class":
        points = profile.value("Child-Pugh points")
        if isinstance(points, int | float):
            return next((c for c, spans in _CLASSES.items() if any(a <= points <= b for a, b in spans)), None)
    if name == "Child-Pugh points":
        group = profile.value("Child-Pugh class")
        # The least points of A and C decide as well as any; those of B (7 to 9) do not.
        return {"A": 5.0, "C": 10.0}.get(str(group)) if group is not None else None
    return None
