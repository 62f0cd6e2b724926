"""An answer as plain text with markdown headings: for a terminal, a file, or a mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from kg.model.justification import Answer, ComparisonLine, EvidenceLine, OptionAnswer, Reference

__all__ = ["render"]

_VERDICT: Final = {
    "a_better": "{a} better",
    "b_better": "{b} better",
    "no_difference": "no difference shown",
    "mixed": "mixed",
}
_FIRST: Final = 3
_MARK: Final = {"met": "+", "failed": "!", "unknown": "?"}


def render(answer: Answer, *, width: int = 100, evidence: int = 6) -> str:
    """The whole answer. `evidence` is how many lines for, against and neutral are printed of each option."""
    lines: list[str] = []
    if answer.question:
        lines += [f"# {answer.question}", ""]
    known = "; ".join(
        f"{k}: {', '.join(v) if isinstance(v, list) else v}"
        for k, v in answer.profile.items()
        if v is not None
    )
    lines += _wrap(f"Read as: {known or 'nothing'}", width)
    for one in answer.missing:
        lines += _wrap(one, width)
    lines.append("")
    if answer.narrative:
        lines += ["## In short", ""]
        for sentence in answer.narrative:
            lines += _wrap(f"- {sentence.text} {_cite(sentence.citations)}", width, "  ")
        lines.append("")
    lines += _cautions(answer, width)
    for option in answer.options:
        lines += [*_option(option, width, evidence), ""]
    if answer.comparisons:
        lines += ["## Comparisons", "", *_comparisons(answer.comparisons, width), ""]
    if answer.citations:
        lines += ["## References", ""]
        for reference in answer.citations:
            lines += _reference(reference, width)
        lines.append("")
    lines += _wrap(answer.notice, width)
    return "\n".join(lines) + "\n"


def _cautions(answer: Answer, width: int) -> list[str]:
    """Failed criteria of the options that are read first: the first three, those asked about or barred."""
    lines: list[str] = []
    for option in answer.options:
        failed = [e for e in option.eligibility if e.status == "failed"]
        if failed and (option.named or option.contraindicated or option.rank <= _FIRST):
            said = "; ".join(f"{e.criterion} ({e.kind})" for e in failed)
            lines += _wrap(f"- {option.label}: {said}", width, "  ")
    return ["## Cautions for this patient", "", *lines, ""] if lines else []


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]


def _cite(numbers: Iterable[int]) -> str:
    return f"[{', '.join(str(n) for n in numbers)}]"


def _option(option: OptionAnswer, width: int, most: int) -> Iterator[str]:
    flag = " - CONTRAINDICATED" if option.contraindicated else ""
    yield f"## {option.rank}. {option.label} (score {option.score}){flag}"
    yield ""
    if option.eligibility:
        yield "Eligibility (+ met, ! failed, ? unknown):"
        for one in option.eligibility:
            needed = f"; to find out: {one.needed}" if one.needed else ""
            yield from _wrap(
                f"  {_MARK[one.status]} {one.criterion} ({one.kind}{needed}). {one.source}", width, "    "
            )
    for title, group in (
        ("For", option.supporting),
        ("Against", option.opposing),
        ("No difference", option.neutral),
    ):
        if group:
            yield f"{title}:"
            for line in group[:most]:
                yield from _evidence(line, width)
            if len(group) > most:
                yield f"  ... and {len(group) - most} more"
    if option.harms:
        yield "Harms:"
        for harm in option.harms:
            rate = f": {harm.rate}" if harm.rate else ""
            versus = f" (against {harm.versus})" if harm.versus else ""
            yield from _wrap(f"  - {harm.label}{rate}{versus} {_cite(harm.citations)}", width, "    ")
    if option.imaging:
        yield "Imaging:"
        for use in option.imaging:
            source = _cite(use.citations) if use.citations else "(ontology)"
            yield from _wrap(f"  - {use.label} {use.relation} {use.object} {source}", width, "    ")
    if option.biomarkers:
        yield "Biomarkers:"
        for marker in option.biomarkers:
            source = _cite(marker.citations) if marker.citations else "(ontology)"
            outcome = f" {marker.outcome}" if marker.outcome and marker.outcome != marker.label else ""
            yield from _wrap(
                f"  - {marker.label} {marker.relation.replace('_', ' ')}{outcome} {source}", width, "    "
            )
    if option.mechanism:
        yield "Mechanism:"
        for path in option.mechanism:
            steps = [path[0].subject]
            for hop in path:
                source = (
                    f"[{hop.citation}]"
                    if hop.citation is not None
                    else "(inferred)"
                    if hop.inferred
                    else "(ontology)"
                )
                steps.append(f"{hop.predicate.replace('_', ' ')} {source} {hop.object}")
            yield from _wrap("  - " + " -> ".join(steps), width, "    ")
    yield "Score:"
    for row in option.score_table:
        yield from _wrap(
            f"  {row.contribution:>+9} {row.attribute} - {row.value} ({row.comment})", width, "            "
        )
    yield f"  {option.score:>+9} in all"


def _evidence(line: EvidenceLine, width: int) -> Iterator[str]:
    versus = f" against {line.versus}" if line.versus else ""
    numbers = f": {line.numbers}" if line.numbers else ""
    note = f" ({line.note})" if line.note else ""
    head = f"{line.outcome}{versus}{numbers}".strip() or "statement"
    yield from _wrap(f"  - [{line.citation}] {head}; {line.grade}{note}", width, "    ")
    yield from textwrap.wrap(f'"{line.quote}"', width, initial_indent="      ", subsequent_indent="      ")


def _comparisons(lines: Iterable[ComparisonLine], width: int) -> Iterator[str]:
    for line in lines:
        verdict = _VERDICT[line.verdict].format(a=line.a, b=line.b)
        numbers = f" ({line.numbers})" if line.numbers else ""
        head = "OVERALL" if line.overall else line.outcome
        yield from _wrap(
            f"- {line.a} against {line.b}, {head}: {verdict}{numbers} {_cite(line.citations)}", width, "  "
        )


def _reference(reference: Reference, width: int) -> Iterator[str]:
    marks = [str(reference.design)] if reference.design else []
    if reference.size:
        marks.append(f"{reference.size} patients")
    if reference.digest:
        marks.append("digest of the cited paper")
    if reference.retracted:
        marks.append("RETRACTED")
    year = f" {reference.year}" if reference.year else ""
    title = reference.title.rstrip(".")
    text = f"[{reference.n}] {reference.authors}. {title}. {reference.journal}{year}. ({', '.join(marks)})"
    yield from _wrap(text, width, "    ")
    identifiers = [f"PMID {reference.pmid}"] if reference.pmid else []
    for link in reference.links:
        identifiers.append(link)
    if identifiers:
        yield "    " + "  ".join(identifiers)
