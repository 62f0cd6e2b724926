"""What a run tells: its progress while it goes, and what became of every document at its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from ontology.problems import Problem

__all__ = ["COUNTED", "KEPT", "OnProgress", "Progress", "Report", "Stage"]

KEPT: Final = (
    200  # problems and notes kept for the report; the rest is counted, and each failure is set aside anyway
)

Stage: TypeAlias = Literal["reading", "claims", "inference"]

COUNTED: Final[Mapping[str, str]] = {
    "read": "read for the first time",
    "replaced": "read anew, replacing an older reading",
    "unchanged": "unchanged since they were last read",
    "deleted": "withdrawn by the source and removed",
    "skipped": "left out on purpose",
    "failed": "failed and set aside",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: items of `stage` that are done, and the document or file that was last."""

    stage: Stage
    done: int
    name: str = ""


OnProgress: TypeAlias = Callable[[Progress], None]


@dataclass(slots=True)
class Report:
    """What became of the documents of one run; `seconds` is wall time.

    `counts` has a number for each key of :data:`COUNTED`. `problems` and `notes` hold the first :data:`KEPT`
    of each.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    noted: int = 0
    claims: int = 0
    inferred: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def ok(self) -> bool:
        """True when nothing failed and the run came to its end."""
        return not self.counts["failed"] and not self.interrupted

    @property
    def documents(self) -> int:
        """Documents that were read in this run."""
        return self.counts["read"] + self.counts["replaced"]

    def count(self, what: str) -> None:
        """One more of a key of :data:`COUNTED`."""
        self.counts[what] += 1

    def fail(self, problem: Problem) -> None:
        """One more failure."""
        self.count("failed")
        if len(self.problems) < KEPT:
            self.problems.append(problem)

    def note(self, note: Problem) -> None:
        """Something that a person should know and that is no failure."""
        self.noted += 1
        if len(self.notes) < KEPT:
            self.notes.append(note)

    def to_json(self) -> dict[str, object]:
        """The report as a JSON object."""

        def told(problem: Problem) -> dict[str, object]:
            names = ("file", "row", "field", "what", "mend")
            return {"record" if name == "row" else name: getattr(problem, name) for name in names}

        return {
            **self.counts,
            "claims": self.claims,
            "inferred": self.inferred,
            "seconds": round(self.seconds, 3),
            "interrupted": self.interrupted,
            "problems": [told(problem) for problem in self.problems],
            "notes": [told(note) for note in self.notes],
            "noted": self.noted,
        }
