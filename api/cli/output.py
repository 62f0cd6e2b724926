"""What is printed: progress and problems on standard error, results on standard output."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

if TYPE_CHECKING:
    from ingest.report import OnProgress, Progress, Report, Stage
    from ontology.problems import Problem

__all__ = ["Steps", "errors", "out", "print_json", "print_problems", "print_report", "steps"]

out: Final = Console(highlight=False, soft_wrap=True)
errors: Final = Console(stderr=True, highlight=False, soft_wrap=True)

_SHOWN: Final = 20  # problems and notes printed; every failure is set aside with its message
_TITLES: Final[Mapping[str, str]] = {
    "reading": "Reading documents",
    "claims": "Weighing claims",
    "inference": "Inferring claims",
}


class Steps:
    """The progress bars of one command, one for each step."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """A step of unknown length."""
        task = self._bars.add_task(title, total=None)
        yield
        self._bars.update(task, total=1, completed=1)

    def reader(self, total: int | None = None) -> OnProgress:
        """What a run of the reading tells its progress to; `total` documents when that is known."""
        tasks: dict[Stage, Any] = {}

        def tell(progress: Progress) -> None:
            stage = progress.stage
            if stage not in tasks:
                for other in tasks.values():
                    self._end(other)
                tasks[stage] = self._bars.add_task(
                    _TITLES[stage], total=total if stage == "reading" else None
                )
            self._bars.update(tasks[stage], completed=progress.done)
            if stage == "inference":
                self._end(tasks[stage])

        return tell

    def _end(self, task: Any) -> None:
        done = self._bars.tasks[task].completed
        self._bars.update(task, total=done or 1, completed=done or 1)


@contextmanager
def steps() -> Iterator[Steps]:
    """Progress bars on standard error while the block runs."""
    columns = (
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=errors) as bars:
        yield Steps(bars)


def print_json(value: object) -> None:
    """A JSON object on standard output, as plain text."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_problems(problems: list[Problem], title: str, total: int | None = None) -> None:
    """The first problems, one a line, and how many more there are."""
    if not problems:
        return
    errors.print(title, style="bold", markup=False)
    for problem in problems[:_SHOWN]:
        errors.print(f"  {problem}", markup=False)
    more = (len(problems) if total is None else total) - len(problems[:_SHOWN])
    if more > 0:
        errors.print(f"  ... and {more:,} more", markup=False)


def print_report(report: Report, aside: str) -> None:
    """The table at the end of a run, with what failed and where it was set aside."""
    from ingest.report import COUNTED

    table = Table("documents", "what became of them")
    table.columns[0].justify = "right"
    for name, meaning in COUNTED.items():
        number = report.counts[name]
        style = "bold red" if name == "failed" and number else None if number else "dim"
        table.add_row(f"{number:,}", meaning, style=style)
    out.print(table)
    rate = report.documents / report.seconds if report.seconds else 0.0
    out.print(
        f"{report.claims:,} claims weighed anew, {report.inferred:,} inferred; "
        f"{report.seconds:.1f} s, {rate:.1f} documents/s"
    )
    print_problems(report.notes, "Worth knowing:", report.noted)
    failed = report.counts["failed"]
    print_problems(report.problems, f"{failed:,} failed; the records and messages are in {aside}:", failed)
    if report.interrupted:
        errors.print("Stopped. What was written stays; the same command goes on from here.", markup=False)
