"""What a check of the ontology found, and the report that puts findings together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ontology.problems import Problem

__all__ = ["Finding", "Level", "Report", "of_problem", "ordered"]


class Level(StrEnum):
    """How bad it is: an ERROR stops a release, a WARN should be looked at, an INFO is worth knowing."""

    ERROR = "ERROR"
    WARN = "WARN"
    INFO = "INFO"


_RANK = {level: i for i, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: how bad, by which check, what, about which term, and where it stands.

    >>> str(Finding(Level.WARN, "missing_definition", "has no definition", "IRKG:0001001", "stenosis"))
    "WARN missing_definition: 'stenosis' (IRKG:0001001): has no definition"
    """

    level: Level
    check: str
    what: str
    subject: str = ""
    """The CURIE of the term or property; empty for what is about a file."""
    label: str = ""
    file: str = ""
    row: int | None = None
    field: str = ""
    mend: str = ""
    because: tuple[str, ...] = ()
    """The axioms that together are the reason, in words."""

    def __str__(self) -> str:
        where = self.file + (f", row {self.row}" if self.row is not None else "")
        about = f"{self.label!r} ({self.subject})" if self.subject else ""
        text = ": ".join(part for part in (f"{self.level} {self.check}", where, about, self.what) if part)
        return text + (f" ({self.mend})" if self.mend else "")

    def named(self, check: str, level: Level) -> Finding:
        """The finding of a check; at its own level when that was lowered on purpose (see :meth:`at`)."""
        lowered = self.check == "lowered"
        return replace(self, check=check, level=self.level if lowered else level)

    def at(self, level: Level) -> Finding:
        """The finding at another level than its check's."""
        return replace(self, level=level, check="lowered")


@dataclass(frozen=True)
class Report:
    """Every finding, worst first; what was checked and how long that took (seconds)."""

    findings: tuple[Finding, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    terms: int = 0
    imported: int = 0
    triples: int = 0
    version: str = ""
    mappings: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Xrefs by vocabulary and kind of agreement; empty when no vocabularies were given."""

    def number(self, level: Level) -> int:
        """How many findings have a level."""
        return sum(finding.level is level for finding in self.findings)

    @property
    def passed(self) -> bool:
        """True when nothing is an ERROR."""
        return not self.number(Level.ERROR)


def of_problem(problem: Problem, check: str = "", level: Level = Level.ERROR) -> Finding:
    """A problem of an input as a finding; its rule, where it has one, is the check's name."""
    rule = getattr(problem, "rule", None) or check
    return Finding(
        level,
        rule,
        problem.what,
        file=problem.file,
        row=problem.row,
        field=problem.field or "",
        mend=problem.mend or "",
    )


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without repetition: worst first, then by check, file, row and term."""

    def key(f: Finding) -> tuple[int, str, str, int, str, str]:
        return (_RANK[f.level], f.check, f.file, f.row or 0, f.subject, f.what)

    return tuple(sorted(dict.fromkeys(findings), key=key))
