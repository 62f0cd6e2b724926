"""Where a sentence refers to the arms of a study: therapies by name, and phrases such as "the TACE group"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from ingest.nlp.annotations import Annotations, Sentence
from ingest.nlp.tables import WORDS, cue
from ingest.nlp.typing_tables import generic_words
from kg.model import Design, Mention
from ontology.spelling import WORD, fold_name, fold_word
from ontology.terms import Branch

__all__ = ["Arm", "ArmSpan", "arm_cue", "is_combined", "is_needed", "spans_in"]

_THERAPY: Final = frozenset({Branch.PROCEDURE, Branch.AGENT})
# Characters before or behind a therapy in which words can give it another role.
_REACH: Final = 40
_WAS: Final = r"\s+(?:was|were|is|are|had been)\s+(?:\w+\s+){0,2}?{}\b"
# `poor and good collateral groups`: the first of two coordinated names of groups.
_PARTNER: Final = re.compile(r"\b([A-Za-z][\w-]+)\s+(?:and|or|versus|vs\.?)\s+(?:the\s+)?$")
_TO: Final = re.compile(r"\s+to\s+(?:the\s+)?(?:first-line\s+|standard\s+)?")
_AND: Final = re.compile(r"\s+and\s+")
_ALONE: Final = re.compile(r"\s+alone\b")
_OPENED: Final = re.compile(r"\s*\(")
_PLUS_MINUS: Final = re.compile(r"\u00b1\s*$")


def arm_cue(name: str, template: str = WORDS) -> re.Pattern[str]:
    """The words of a cue of `tables/arm_cues.tsv`."""
    return cue("arm_cues", name, template)


@cache
def _group() -> re.Pattern[str]:
    """A phrase that names a group of patients: up to four words, a noun for a group, and maybe its letter."""
    no_name, head = (arm_cue(name, "{}").pattern for name in ("no_name", "group"))
    # Possessive: a hyphenated word is tried once, not at every hyphen.
    word = rf"(?!{no_name}\b)[\w+/&\u00ae-]{{1,60}}+ "
    joined = rf"(?!{no_name}\b)[\w+/&\u00ae-]{{1,60}}(?<=-)"
    return re.compile(
        rf"(?<![\w-])(?P<name>(?:{word}){{0,3}}?(?:{word}|{joined})??)"
        rf"(?P<head>{head})\b(?P<letter> (?:[A-D]|[1-4]|I{{1,3}})\b)?"
    )


def _before(text: str, start: int, end: int) -> str:
    """The words just before `end`, not before `start`."""
    return text[max(start, end - _REACH) : end]


_UNKNOWN_PLUS: Final = re.compile(r"(?<![\w-])([A-Za-z][\w-]*[a-z])\s+(?:plus|\+)\s+(?:the\s+)?$")


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm of the study: its clearest mention, concept, and whether it is a control."""

    mention: Mention
    concept: str
    control: bool
    weight: int


@dataclass(frozen=True, slots=True)
class ArmSpan:
    """A place where a sentence refers to an arm; `arm` is None when the phrase is not resolved to one."""

    mention: Mention
    concept: str
    control: bool
    named: Mention | None = None


def _compared_branches(notes: Annotations) -> frozenset[Branch]:
    """What this study compares: therapies, or imaging methods in a study of diagnosis."""
    if notes.study is not None and notes.study.design is Design.DIAGNOSTIC:
        return frozenset({Branch.IMAGING_MODALITY})
    return _THERAPY


def spans_in(text: str, notes: Annotations, sentence: Sentence, arms: list[Arm]) -> list[ArmSpan]:
    """Where a sentence refers to arms.

    Mentions of therapies and phrases such as "the TACE group", in order.
    """
    branches = _compared_branches(notes)
    mentions = notes.mentions_in(sentence)
    spans: list[ArmSpan] = []
    taken: list[tuple[int, int]] = []
    for match in _group().finditer(text, sentence.start, sentence.end):
        name = (match.group("name") or "").strip()
        letter = (match.group("letter") or "").strip()
        words = [fold_word(w) for w in WORD.findall(name)]
        if not letter and not [w for w in words if w not in generic_words() or w == "control"]:
            continue
        start = match.start("name") if name else match.start("head")
        end = match.end()
        inner = [m for m in mentions if start <= m.start and m.end <= end and m.branch in branches]
        if match.group("head") == "patients" and not (inner and inner[-1].end + 1 == match.start("head")):
            continue
        mention = inner[-1] if inner else _resolve(words, arms)
        term = mention.term if mention else None
        branch = mention.branch if mention else Branch.PROCEDURE
        shown = Mention(start, end, text[start:end], branch, term)
        concept = (
            notes.concepts.get(mention.text, mention.text)
            if mention
            else " ".join([*words, letter.casefold()]).strip()
        )
        spans.append(
            ArmSpan(shown, concept, bool(arm_cue("control").search(name)), inner[-1] if inner else None)
        )
        taken.append((start, end))
        partner = (
            _PARTNER.search(_before(text, sentence.start, start))
            if match.group("head").endswith("s")
            else None
        )
        at = start - len(partner.string) + partner.start(1) if partner else 0
        if partner and not any(m.start <= at < m.end for m in mentions):
            spans.append(
                ArmSpan(
                    Mention(at, at + len(partner.group(1)), partner.group(1), branch, None),
                    fold_word(partner.group(1)),
                    bool(arm_cue("control").search(partner.group(1))),
                )
            )
    for mention in mentions:
        if (
            mention.branch in branches
            and not is_needed(text, sentence, mention)
            and not _optional(_before(text, sentence.start, mention.start))
            and not arm_cue("qualifies", "-{}").match(text, mention.end)
            and not any(a <= mention.start and mention.end <= b for a, b in taken)
        ):
            concept = notes.concepts.get(mention.text, mention.text)
            unknown = _UNKNOWN_PLUS.search(_before(text, sentence.start, mention.start))
            start = mention.start - len(unknown.group()) if unknown else mention.start
            if unknown and not any(m.start < mention.start and m.end > start for m in mentions):
                # `drug-coated plus plain balloon`: not the plain balloon alone, but the drug-coated arm.
                added = fold_name(unknown.group(1))
                arm = _resolve(list(added), arms)
                term = arm.term if arm else None
                shown = Mention(start, mention.end, text[start : mention.end], Branch.PROCEDURE, term)
                concept = notes.concepts.get(arm.text, arm.text) if arm else f"{' '.join(added)} + {concept}"
                spans.append(ArmSpan(shown, concept, False))
                continue
            spans.append(ArmSpan(mention, concept, bool(arm_cue("control").search(mention.text)), mention))
    names = notes.arm_names
    spans += _combination(
        text, sentence, arms, [(x.mention.start, x.mention.end) for x in spans if x.named is not None]
    )
    spans = _apart(spans)
    ordered = sorted(
        (replace(x, concept=names.get(x.concept, x.concept)) for x in spans), key=lambda x: x.mention.start
    )
    return _combined(text, notes, ordered)


def is_needed(text: str, sentence: Sentence, mention: Mention) -> bool:
    """True for a procedure that is an outcome here.

    `rescue surgery`, `needed repeat TACE`, `reintervention was required`.
    """
    return bool(
        arm_cue("needed_later", r"\b{}\s*$").search(_before(text, sentence.start, mention.start))
        or arm_cue("needed_later", r"\b{}\s*$").match(mention.text + " ")
        or arm_cue("needed_name", r"{}\s").match(mention.text + " ")
        or arm_cue("needed", _WAS).match(text[mention.end : mention.end + _REACH])
    )


def _combined(text: str, notes: Annotations, spans: list[ArmSpan]) -> list[ArmSpan]:
    """Therapies that are given together are one arm (`TACE plus sorafenib`, `adding SIRT to chemotherapy`);
    of two that follow one another (`brivanib after TACE`) the first is the arm and the second its setting."""
    joined: list[ArmSpan] = []
    tail = 0  # where the last arm ends, a short form in brackets behind it included
    for span in spans:
        last = joined[-1] if joined else None
        gap = text[tail : span.mention.start] if last else ""
        if last is not None and span.concept == last.concept and _OPENED.fullmatch(gap):
            tail = span.mention.end + 1
            continue
        if (
            last is not None
            and span.concept not in last.concept.split(" + ")
            and _together(text, last, span, gap)
        ):
            start, end = last.mention.start, span.mention.end
            if last.control != span.control:
                # `thrombectomy plus standard care`, `TACE plus placebo`: the care that both arms have names
                # neither.
                active = span if last.control else last
                mention = Mention(start, end, text[start:end], active.mention.branch, active.mention.term)
                joined[-1] = ArmSpan(mention, active.concept, False, active.named)
                tail = end
                continue
            parts = sorted({*last.concept.split(" + "), span.concept})
            term = notes.combinations.find(parts) if notes.combinations else None
            mention = Mention(start, end, text[start:end], Branch.PROCEDURE, term)
            joined[-1] = ArmSpan(mention, " + ".join(parts), last.control and span.control)
            tail = end
        elif last is not None and arm_cue("setting", r"\s+{}\s+(?:the\s+)?").fullmatch(gap):
            continue
        else:
            joined.append(span)
            tail = span.mention.end
    return [
        replace(s, concept=s.mention.term) if s.mention.term and " + " in s.concept else s for s in joined
    ]


def _together(text: str, last: ArmSpan, span: ArmSpan, gap: str) -> bool:
    if arm_cue("together", r"\s*{}\s*(?:the )?").fullmatch(gap):
        return True
    if _TO.fullmatch(gap) and arm_cue("adding", r"\b{}\s+(?:\w+\s+)?$").search(
        text[max(0, last.mention.start - 24) : last.mention.start]
    ):
        return True
    # `combined with durvalumab and bevacizumab`: a further drug of the same combination.
    both_drugs = (
        last.mention.branch is Branch.PROCEDURE
        and " + " in last.concept
        and span.mention.branch is Branch.AGENT
    )
    return both_drugs and bool(_AND.fullmatch(gap)) and not _ALONE.match(text, span.mention.end)


def _apart(spans: list[ArmSpan]) -> list[ArmSpan]:
    """Of overlapping references the one that is resolved to a therapy or to an arm of the study."""
    kept: list[ArmSpan] = []
    for span in sorted(
        spans,
        key=lambda x: (x.named is None, x.mention.term is None, " + " not in x.concept, x.mention.start),
    ):
        if not any(k.mention.start < span.mention.end and span.mention.start < k.mention.end for k in kept):
            kept.append(span)
    return kept


def is_combined(arm: Arm | ArmSpan) -> bool:
    """True when an arm gives therapies together."""
    return " + " in arm.concept or bool(arm_cue("combined_name", "{}").search(arm.mention.text))


def _combination(
    text: str, sentence: Sentence, arms: list[Arm], taken: list[tuple[int, int]]
) -> list[ArmSpan]:
    """Where a sentence says `the combination` or `combined therapy`.

    The study's combined arm, if it has just one.
    """
    combined = [a for a in arms if is_combined(a)]
    if not combined:
        return []
    found: list[ArmSpan] = []
    for match in arm_cue("combination", "{}").finditer(text, sentence.start, sentence.end):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            arm = combined[0]
            found.append(
                ArmSpan(
                    Mention(match.start(), match.end(), match.group(), Branch.PROCEDURE, arm.mention.term),
                    arm.concept,
                    False,
                )
            )
    return found


def _resolve(words: list[str], arms: list[Arm]) -> Mention | None:
    """The arm whose name shares a telling word with a group phrase ("tailored group")."""
    for arm in arms:
        own = {fold_word(w) for w in WORD.findall(arm.mention.text)} - generic_words()
        if own & set(words):
            return arm.mention
    controls = [a for a in arms if a.control] or arms[1:2]
    return controls[0].mention if "control" in words and controls else None


def _optional(words: str) -> bool:
    """True for words before a therapy by which it is given in both arms or in neither."""
    return bool(arm_cue("optional", r"\b{}\s+(?:\w+\s+)?$").search(words) or _PLUS_MINUS.search(words))
