"""Which way an outcome is good: more survival, less mortality."""

from __future__ import annotations

import re
from typing import Final

from ingest.nlp.annotations import Annotations
from kg.model import Mention
from ontology.terms import Branch, Ontology

__all__ = ["better"]

_LOWER: Final = re.compile(
    r"\b(mortality|deaths?|died|fatal\w*|restenos\w+|re-?stenos\w+|pain|recurren\w+|complications?|bleed\w*|h(?:a)?emorrhag\w+|rebleed\w*|time to (?:h(?:a)?emostasis|recovery|return)|"
    r"loss|failures?|costs?|stay|toxicit\w+|adverse|events?|died|infarct\w*|strokes?|amputations?|re-?interventions?|revasculari[sz]ations?|re-?operations?|progression(?!-free)|"
    r"disability|symptoms?|occlusion rates?|thrombos[ie]s|stent occlusion|radiation|dose|fluoroscopy|procedure time|procedural time|duration of|infections?|fractures?|hospitali[sz]ations?|"
    r"readmissions?|transfusions?|requirements?|need for|leaks?|endoleaks?|migration|embol\w+|encephalopathy|failure|severity|nausea|vomiting|fever|injur\w+|morbidity|relapse|"
    r"late loss|lumen loss|dysfunction|crossover|drop-?out|residual|rupture|hyperplasia|neointim\w+|score for pain|ischemi\w+|composite|primary composite|rescue|necrosis of skin|ulcer recurrence)\b",
    re.I,
)
_HIGHER: Final = re.compile(
    r"\b(surviv\w+|alive|patency|success|response|responders?|efficacy|effectiveness|quality|relief|improve\w*|healing|closure|recanali[sz]ation|reperfusion|independence|recovery|"
    r"salvage|accuracy|sensitivity|specificity|remission|cure|tolera\w+|safety|satisfaction|walking|function\w*|free|freedom|prognosis|control|resectab\w+|hypertrophy|pregnancy|birth|"
    r"occlusion of|complete occlusion|complete ablation|ejection fraction|outcomes?|benefit|conversion|agreement|luminal? (?:area|diameter|gain)|lumen)\b",
    re.I,
)
# A Rankin score is worse when higher; a share of patients with a score of 0 to 2 is better when higher.
_RANKIN: Final = re.compile(r"\b(?:mRS|modified Rankin|Rankin)", re.I)
_INDEPENDENT: Final = re.compile(r"\b0\s?(?:-|\u2013|to|or)\s?[123]\b|[<\u2264]\s?[23]\b")
_FREE_OF: Final = re.compile(r"\bfree(?:dom)? (?:of|from)\s+(?:\w+\s+){0,3}$", re.I)
_CHANGE: Final = re.compile(
    r"(?:mean |median )?(?P<word>fall|drop|decline|decrease|reduction|loss|rise|increase|gain|improvement|change)s? (?:in|of|from baseline in) (?P<what>.+)",
    re.I,
)
_GAINS: Final = frozenset({"rise", "increase", "gain", "improvement", "change"})
_IMPROVES: Final = frozenset({"improvement"})
# `pain was below 4/10 in 44%`: the share of patients under a bound is good where the value is bad.
_BELOW: Final = re.compile(
    r"\s*(?:scores?\s+)?(?:was|were|of|had fallen|fell)?\s*(?:below|under|less than|[<\u2264]|by at least)\s?\d",
    re.I,
)
_FREE: Final = re.compile(r"\bfree(?:dom)?\b|\bsurviv|\balive\b", re.I)


def better(text: str, outcome: Mention, ontology: Ontology, notes: Annotations) -> str | None:
    """``"higher"`` or ``"lower"``: the direction that benefits patients; None when the name does not tell."""
    name = outcome.text
    for short in notes.abbreviations:
        if short.short in name:
            name = re.sub(rf"(?<![\w-]){re.escape(short.short)}(?!\w)", short.long, name)
    if _FREE.search(name):
        return "higher"
    if "utility-weighted" in name or _FREE_OF.search(text[max(0, outcome.start - 40) : outcome.start]):
        return "higher"
    change = _CHANGE.match(name)
    if change:
        of = _by_words(change.group("what"))
        if of is None or change.group("word").casefold() in _GAINS:
            return of if change.group("word").casefold() not in _IMPROVES else "higher"
        return "lower" if of == "higher" else "higher"
    known = _known(text, outcome, name, ontology)
    if known and _BELOW.match(text[outcome.end : outcome.end + 28]):
        return "lower" if known == "higher" else "higher"
    return known


def _known(text: str, outcome: Mention, name: str, ontology: Ontology) -> str | None:
    if _RANKIN.search(name) and _INDEPENDENT.search(text[outcome.end : outcome.end + 34]):
        return "higher"
    timed = re.match(r"(?:median |mean )?time (?:to|until|till) (?:the |overall |tumou?r )?(.+)", name, re.I)
    if timed and not (outcome.term and outcome.term in ontology):
        return "lower" if _HIGHER.search(timed.group(1)) else "higher"
    if outcome.term and outcome.term in ontology:
        slot = ontology[outcome.term].slots.get("better")
        if slot:
            return slot[0]
    if outcome.branch in (Branch.ADVERSE_EVENT, Branch.DISEASE):
        return "lower"
    return _by_words(name)


def _by_words(name: str) -> str | None:
    low, high = list(_LOWER.finditer(name)), list(_HIGHER.finditer(name))
    if low and (not high or low[-1].end() >= high[-1].end()):
        return "lower"
    return "higher" if high else None
