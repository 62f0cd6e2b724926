"""The arms of a study: what was compared with what, and the phrases by which the text refers to them.

An arm is known from the title ("A versus B"), from randomisation ("assigned to A or B"), from stated comparisons and
from phrases such as "the A group". The arm under test comes first; sham, placebo, standard and conservative care last.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from ingest.nlp.annotations import Annotations, Sentence
from ingest.nlp.typing_tables import generic_words
from kg.model import Mention, SectionKind
from ontology.spelling import WORD, fold_word
from ontology.terms import Branch

__all__ = ["Arm", "ArmSpan", "find_arms", "spans_in"]

_THERAPY: Final = frozenset({Branch.PROCEDURE, Branch.AGENT})
_VERSUS: Final = re.compile(r"\b(versus|vs?\.?|compared (?:with|to)|comparison (?:of|between)|compar(?:e|ed|ing)|or|and|against|than|followed by)\b", re.I)
_ASSIGNED: Final = re.compile(r"\b(randomi[sz]ed|assigned|allocated|random(?:ly)?|divided|received|treated (?:with|by)|underwent)\b", re.I)
_COMPARED: Final = re.compile(r"\b(versus|vs|compar\w+|superior\w*|inferior\w*|non-?inferior\w*|better|efficacy)\b", re.I)
_GROUP: Final = re.compile(
    r"(?P<name>(?:(?!(?:the|and|or|in|of|between|both|with|for|than|to|from|two|three|these|all|each|other|by|was|were|versus|vs)\b)[\w+/&\u00ae-]+(?:[ ]|(?<=-)))"
    r"{0,4}?)(?P<head>groups?|arms?|cohorts?|recipients)\b(?P<letter> (?:[A-D]|[1-4]|I{1,3})\b)?"
)
_CONTROL: Final = re.compile(
    r"\b(controls?|placebo|sham|standard|conventional|conservative|usual|observation|untreated|no treatment|best (?:medical|supportive)|medical|"
    r"supportive|deferred|expectant|watchful|plain|bare|uncoated|alone|surveillance|nonsurgical|non-?operative|symptomatic)\b",
    re.I,
)


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


def find_arms(text: str, notes: Annotations) -> list[Arm]:
    """The arms of the study that the document reports, the one under test first."""
    weights: Counter[str] = Counter()
    first: dict[str, Mention] = {}
    title_order: list[str] = []
    for sentence in notes.sentences:
        if notes.publication.sections[sentence.section].part == "body":
            break
        inside = [m for m in notes.mentions_in(sentence) if m.branch in _THERAPY]
        if not inside:
            continue
        words = text[sentence.start : sentence.end]
        title = sentence.kind is SectionKind.TITLE
        assigned, compared = bool(_ASSIGNED.search(words)), bool(_COMPARED.search(words))
        for index, mention in enumerate(inside):
            concept = notes.concepts.get(mention.text, mention.text)
            if concept not in first or (len(mention.text) > len(first[concept].text) and not title):
                first[concept] = mention
            weight = 1
            if title:
                weight += 3
                title_order.append(concept)
            neighbours = [m for m in (inside[index - 1] if index else None, inside[index + 1] if index + 1 < len(inside) else None) if m]
            versus = any(_VERSUS.search(text[min(m.end, mention.end) : max(m.start, mention.start)]) for m in neighbours)
            if versus and (assigned or compared):
                weight += 4 if re.search(r"random", words, re.I) or title else 2
            elif assigned:
                weight += 1
            if re.match(r"\s*(?:[\w-]+ )?(?:groups?|arms?)\b", text[mention.end : mention.end + 24]):
                weight += 2
            weights[concept] += weight
    ranked = [c for c, w in weights.most_common() if w >= 3]
    arms = [Arm(first[c], c, bool(_CONTROL.search(first[c].text)), weights[c]) for c in ranked]
    strong = [a for a in arms if a.weight * 4 >= arms[0].weight][:4] if arms else []
    # The text's own order tells which arm is under test; controls go last.
    order = {c: i for i, c in reversed(list(enumerate(title_order)))}
    return sorted(strong, key=lambda a: (a.control, order.get(a.concept, 99), -a.weight, a.mention.start))


def spans_in(text: str, notes: Annotations, sentence: Sentence, arms: list[Arm]) -> list[ArmSpan]:
    """Where a sentence refers to arms: mentions of therapies and phrases such as "the TACE group", in order."""
    spans: list[ArmSpan] = []
    taken: list[tuple[int, int]] = []
    for match in _GROUP.finditer(text, sentence.start, sentence.end):
        name = (match.group("name") or "").strip()
        letter = (match.group("letter") or "").strip()
        words = [fold_word(w) for w in WORD.findall(name)]
        if not letter and not [w for w in words if w not in generic_words() or w == "control"]:
            continue
        start = match.start("name") if name else match.start("head")
        end = match.end()
        inner = [m for m in notes.mentions_in(sentence) if start <= m.start and m.end <= end and m.branch in _THERAPY]
        mention = inner[-1] if inner else _resolve(words, arms)
        term = mention.term if mention else None
        branch = mention.branch if mention else Branch.PROCEDURE
        shown = Mention(start, end, text[start:end], branch, term)
        concept = notes.concepts.get(mention.text, mention.text) if mention else " ".join(words) + letter
        spans.append(ArmSpan(shown, concept, bool(_CONTROL.search(name))))
        taken.append((start, end))
    for mention in notes.mentions_in(sentence):
        if mention.branch in _THERAPY and not any(a <= mention.start and mention.end <= b for a, b in taken):
            concept = notes.concepts.get(mention.text, mention.text)
            spans.append(ArmSpan(mention, concept, bool(_CONTROL.search(mention.text))))
    return sorted(spans, key=lambda s: s.mention.start)


def _resolve(words: list[str], arms: list[Arm]) -> Mention | None:
    """The arm whose name shares a telling word with a group phrase ("tailored group")."""
    for arm in arms:
        own = {fold_word(w) for w in WORD.findall(arm.mention.text)} - generic_words()
        if own & set(words):
            return arm.mention
    controls = [a for a in arms if a.control] or arms[1:2]
    return controls[0].mention if "control" in words and controls else None
