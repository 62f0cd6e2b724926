"""A report of the checks as text, JSON or one HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from ontology.findings import Finding, Level, Report

__all__ = ["html", "text", "to_json"]

_PAGE: Final = Path(__file__).with_name("report.html.j2")
_SHOWN: Final = 20  # findings of one check that text tells of; JSON and HTML hold all


def text(report: Report, limit: int = _SHOWN) -> str:
    """The report for a terminal: findings by check, worst first, then the numbers.

    Args:
        report: the report.
        limit: findings shown of one check; 0: all.
    """
    lines: list[str] = []
    for (level, check), number in _by_check(report).items():
        lines.append(f"{level} {check}: {number:,}")
        here = [f for f in report.findings if (f.level, f.check) == (level, check)]
        for finding in here[: limit or None]:
            lines += [f"  {_line(finding)}", *(f"    - {reason}" for reason in finding.because)]
        if limit and number > limit:
            lines.append(f"  ... and {number - limit:,} more")
    if report.mappings:
        lines.append("Labels of mappings and of what they point to:")
        lines += [f"  {prefix}: {_agreement(counts)}" for prefix, counts in sorted(report.mappings.items())]
    numbers = ", ".join(f"{report.number(level):,} {level}" for level in Level)
    took = sum(report.seconds.values())
    terms = f"{report.terms:,} own terms, {report.imported:,} imported, {report.triples:,} triples"
    lines.append(f"{numbers}; {terms}; {took:.1f} s")
    return "\n".join(lines) + "\n"


def _line(finding: Finding) -> str:
    where = finding.file + (f", row {finding.row}" if finding.row is not None else "")
    where += f", {finding.field}" if finding.field and where else ""
    about = f"{finding.label!r} ({finding.subject})" if finding.subject else ""
    told = ": ".join(part for part in (where, about, finding.what) if part)
    return told + (f" ({finding.mend})" if finding.mend else "")


def _agreement(counts: Mapping[str, int]) -> str:
    words = {
        "label": "with the same label",
        "name": "with a name in common",
        "none": "with other names",
        "unlabelled": "checked by pairs of ids",
        "unknown": "that do not exist",
    }
    return ", ".join(f"{counts[kind]:,} {said}" for kind, said in words.items() if counts.get(kind))


def _by_check(report: Report) -> dict[tuple[Level, str], int]:
    return dict(Counter((finding.level, finding.check) for finding in report.findings))


def to_json(report: Report) -> dict[str, object]:
    """The report as a JSON object."""
    return {
        "passed": report.passed,
        "numbers": {str(level): report.number(level) for level in Level},
        "terms": report.terms,
        "imported": report.imported,
        "triples": report.triples,
        "version": report.version,
        "seconds": dict(report.seconds),
        "mappings": {prefix: dict(counts) for prefix, counts in sorted(report.mappings.items())},
        "findings": [{**asdict(finding), "level": str(finding.level)} for finding in report.findings],
    }


def html(report: Report, title: str = "Ontology check") -> str:
    """The report as one page that needs nothing else: readable in light and dark, filtered in place."""
    from jinja2 import Environment

    page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        _PAGE.read_text(encoding="utf-8")
    )
    checks = [
        {"level": str(level), "name": check, "number": number}
        for (level, check), number in _by_check(report).items()
    ]
    agreement = {prefix: _agreement(counts) for prefix, counts in sorted(report.mappings.items())}
    numbers = {str(level): report.number(level) for level in Level}
    return page.render(title=title, report=report, checks=checks, numbers=numbers, agreement=agreement)
