"""The answer in plain sentences. Every sentence is made from evidence and carries the numbers of its
citations.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from kg.justify.comparisons import Comparison
from kg.justify.observations import Observation
from kg.justify.options import Option
from kg.justify.references import References
from kg.justify.scoring import short_name
from kg.justify.tables import designs
from kg.model.justification import Sentence

__all__ = ["lead", "narrate", "of_option"]

MOST_OPTIONS: Final = 3
MOST_RESULTS: Final = 3
_CITED: Final = 8


def narrate(
    ranked: Sequence[Option],
    by_option: Mapping[str, Sequence[Observation]],
    reported: Mapping[str, Sequence[Observation]],
    overall: Sequence[Comparison],
    options: Mapping[str, Option],
    references: References,
    named: Collection[str] = (),
) -> tuple[Sentence, ...]:
    """What speaks for and against the first options, then what the direct comparisons say."""
    sentences: list[Sentence] = []
    asked = set(named)
    told = [o for i, o in enumerate(ranked) if i < MOST_OPTIONS or o.members & asked]
    for option in told:
        place = ranked.index(option) + 1
        sentences += of_option(
            option,
            place,
            len(ranked),
            [o for o in by_option.get(option.term, ()) if not o.paper.retracted],
            options,
            references,
        )
        if not any(not o.paper.retracted for o in by_option.get(option.term, ())):
            figures = [o for o in reported.get(option.term, ()) if not o.paper.retracted]
            sentences += [_figure(o, option, references) for o in _telling(figures)[:MOST_RESULTS]]
    for one in overall:
        if one.a in ranked and one.b in ranked:
            sentences.append(_pair(one, references))
    return tuple(sentences)


def of_option(
    option: Option,
    place: int,
    total: int,
    found: Sequence[Observation],
    options: Mapping[str, Option],
    references: References,
) -> list[Sentence]:
    """The sentences on one option."""
    if not found:
        return []
    plus, minus, zero = ([o for o in found if o.sign == s] for s in (1, -1, 0))
    parts = [
        _count(group, words)
        for group, words in ((plus, "favour it"), (minus, "speak against it"), (zero, "found no difference"))
        if group
    ]
    where = "the first" if place == 1 else f"number {place}"
    of = f" of {total} options" if total > 1 else ""
    numbers = _numbers([*plus[:5], *minus[:3], *zero[:3]], references)
    sentences = [Sentence(f"{_capital(option.label)} is {where}{of}: {_and(parts)}.", numbers)]
    for one in _telling(plus)[:MOST_RESULTS]:
        sentences.append(_result(one, option, options, references))
    for one in [*_telling(minus)[:2], *_telling(zero)[:1]]:
        sentences.append(_result(one, option, options, references))
    return sentences


def _count(group: Sequence[Observation], words: str) -> str:
    studies = len({o.record.document.study for o in group})
    verb = words if studies != 1 else words.replace("favour", "favours").replace("speak", "speaks")
    return f"{studies} {'study' if studies == 1 else 'studies'} {verb}"


def _telling(group: Sequence[Observation]) -> list[Observation]:
    """One result of each study, the weightiest outcome first."""

    def rank(o: Observation) -> tuple[object, ...]:
        design = designs()[o.record.document.design].weight
        return (
            -design * o.paper.relative.directness,
            -o.outcome.weight,
            not o.numbers,
            -(o.record.document.year or 0),
            o.record.iri,
        )

    chosen: dict[str, Observation] = {}
    for one in sorted(
        group, key=lambda o: (o.outcome.term is None, -o.outcome.weight, not o.tested, o.record.iri)
    ):
        chosen.setdefault(one.record.document.study, one)
    return sorted(chosen.values(), key=rank)


def _result(
    one: Observation, option: Option, options: Mapping[str, Option], references: References
) -> Sentence:
    citation = one.record.document
    size = f", {citation.size} patients" if citation.size else ""
    other = ""
    if one.other is not None:
        known = options.get(one.other.term) if one.other.term is not None else None
        joined = "than with" if one.sign else "from that with"
        other = f" {joined} {known.label if known else one.other.text}"
    verb = {1: "was better", -1: "was worse", 0: "was not different"}[one.sign]
    untested = bool(one.sign) and not one.tested
    figures = one.numbers
    text = f"In {short_name(citation)} ({citation.design}{size}), {one.outcome.label} {verb}"
    text += f" with {option.label}{other}"
    text += f" ({figures})" if figures else ""
    # A difference that the paper shows without a test must not read like one that was shown.
    text += ", a difference that was not tested." if untested else "."
    return Sentence(text, (references.number(citation),))


def _figure(one: Observation, option: Option, references: References) -> Sentence:
    citation = one.record.document
    size = f", {citation.size} patients" if citation.size else ""
    figures = one.numbers
    text = f"{short_name(citation)} ({citation.design}{size}) reports {one.outcome.label}"
    text += f" with {option.label}: {figures}, without a comparison."
    return Sentence(text, (references.number(citation),))


def _pair(one: Comparison, references: References) -> Sentence:
    a, b = one.a.label, one.b_label
    outcomes = {
        s: list(dict.fromkeys(o.outcome.label for o in one.observations if o.sign == s)) for s in (1, 0, -1)
    }
    studies = len({o.record.document.study for o in one.observations})
    start = {
        "a_better": f"Compared directly, {a} did better than {b}",
        "b_better": f"Compared directly, {b} did better than {a}",
        "no_difference": f"Compared directly, no difference was shown between {a} and {b}",
        "mixed": f"Direct comparisons of {a} and {b} disagree or trade one outcome for another",
    }[one.verdict]
    parts = []
    if outcomes[1]:
        parts.append(f"{a} ahead in {_and(outcomes[1][:3])}")
    if outcomes[-1]:
        parts.append(f"{b} ahead in {_and(outcomes[-1][:3])}")
    if outcomes[0]:
        parts.append(f"no difference in {_and(outcomes[0][:3])}")
    text = f"{start} in {studies} {'study' if studies == 1 else 'studies'}: {'; '.join(parts)}."
    return Sentence(text, _numbers(one.observations, references))


def _numbers(group: Sequence[Observation], references: References) -> tuple[int, ...]:
    found = dict.fromkeys(references.number(o.record.document) for o in group)
    return tuple(sorted(found))[:_CITED] if len(found) > _CITED else tuple(sorted(found))


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def lead(missing: Sequence[str]) -> str:
    """What is missing as one paragraph."""
    return " ".join(missing)
