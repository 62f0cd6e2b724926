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
    r"loss|failures?|costs?|stay|toxicit\w+|adverse|events?|infarct\w*|strokes?|amputations?|re-?interventions?|revasculari[sz]ations?|re-?operations?|progression(?!-free)|"
    r"disability|symptoms?|occlusion rates?|thrombos[ie]s|stent occlusion|radiation|dose|fluoroscopy|procedure time|procedural time|duration of|infections?|fractures?|hospitali[sz]ations?|"
    r"readmissions?|transfusions?|requirements?|need for|leaks?|endoleaks?|migration|embol\w+|encephalopathy|failure|severity|nausea|vomiting|fever|injur\w+|morbidity|relapse|"
    r"late loss|lumen loss|dysfunction|crossover|drop-?out|residual|rupture|hyperplasia|neointim\w+|score for pain|ischemi\w+|necrosis of skin|ulcer recurrence)\b",
    re.I,
)
_HIGHER: Final = re.compile(
    r"\b(surviv\w+|patency|success|response|responders?|efficacy|effectiveness|quality|relief|improve\w*|healing|closure|recanali[sz]ation|reperfusion|independence|recovery|"
    r"salvage|accuracy|sensitivity|specificity|remission|cure|tolera\w+|safety|satisfaction|walking|function\w*|free|freedom|prognosis|control|resectab\w+|hypertrophy|pregnancy|birth|"
    r"occlusion of|complete occlusion|complete ablation|ejection fraction|outcomes?|benefit|conversion|agreement|luminal? (?:area|diameter|gain)|lumen)\b",
    re.I,
)
_FREE: Final = re.compile(r"\bfree(?:dom)?\b|\bsurviv", re.I)


def better(outcome: Mention, ontology: Ontology, notes: Annotations) -> str | None:
    """``"higher"`` or ``"lower"``: the direction that benefits patients; None when the name does not tell."""
    name = outcome.text
    for short in notes.abbreviations:
        if short.short in name:
            name = re.sub(rf"(?<![\w-]){re.escape(short.short)}(?!\w)", short.long, name)
    if _FREE.search(name):
        return "higher"
    if outcome.term and outcome.term in ontology:
        slot = ontology[outcome.term].slots.get("better")
        if slot:
            return slot[0]
    if outcome.branch in (Branch.ADVERSE_EVENT, Branch.DISEASE):
        return "lower"
    low, high = list(_LOWER.finditer(name)), list(_HIGHER.finditer(name))
    if low and (not high or low[-1].end() >= high[-1].end()):
        return "lower"
    return "higher" if high else None
