"""Prognostic results: what predicts an outcome, as findings without a comparator."""

from __future__ import annotations

import re
from typing import Final

from ingest.nlp.annotations import Annotations
from ingest.nlp.cues import Sense, cues
from ingest.nlp.directions import nearest
from ingest.nlp.figures import Figures
from ingest.nlp.populations import disease
from ingest.nlp.tables import WORDS
from ingest.nlp.tables import cue as table_cue
from kg.model import Direction, Effect, Favors, Finding, Predicate, SectionKind

__all__ = ["predictors"]

_CONFIDENCE: Final = 0.45  # that of a finding with a single arm
_RESULT_KINDS: Final = frozenset(
    {
        SectionKind.RESULTS,
        SectionKind.CONCLUSION,
        SectionKind.ABSTRACT,
        SectionKind.DISCUSSION,
        SectionKind.OTHER,
    }
)


def predictors(text: str, notes: Annotations, found: list[Finding]) -> list[Finding]:
    """Prognostic results.

    A predictor read as a relation is a finding too, where a result sentence states it.
    """
    told = {(f.start, f.outcome.start) for f in found if f.comparator is not None}
    more: list[Finding] = []
    for assertion in notes.assertions:
        sentence = notes.sentence_at(assertion.start)
        if (
            assertion.predicate is not Predicate.PREDICTS
            or sentence is None
            or sentence.kind not in _RESULT_KINDS
        ):
            continue
        if (assertion.start, assertion.object.start) in told or not _cue("statistic", "{}").search(
            text[assertion.start : assertion.end]
        ):
            continue
        figures = Figures.read(text, sentence.start, sentence.end)
        own = figures.share(
            assertion.object.start, assertion.object.end, [(assertion.object.start, assertion.object.end)], 0
        )
        cue = nearest(cues(text, sentence.start, sentence.end), assertion.object)
        way = Direction.REPORTED
        if assertion.negated:
            way = Direction.NO_DIFFERENCE
        elif cue is not None and cue.sense in (Sense.UP, Sense.DOWN):
            way = Direction.HIGHER if cue.sense is Sense.UP else Direction.LOWER
        effect = Effect(
            measure=own.ratio.measure if own.ratio else None,
            value=own.ratio.value if own.ratio else None,
            ci_low=own.interval.low if own.interval else None,
            ci_high=own.interval.high if own.interval else None,
            p=own.p.text if own.p else None,
        )
        significant = (
            own.p.significant
            if own.p
            else False
            if assertion.negated
            else True
            if re.search(r"significan|independent", text[assertion.start : assertion.end], re.I)
            else None
        )
        more.append(
            Finding(
                assertion.subject, None, assertion.object, None, disease(notes, sentence), way,
                Favors.NEITHER if way is Direction.NO_DIFFERENCE else Favors.UNCLEAR,
                significant, effect, sentence.start, sentence.end, _CONFIDENCE,
            )
        )  # fmt: skip
    return more


def _cue(name: str, template: str = WORDS) -> re.Pattern[str]:
    return table_cue("finding_cues", name, template)
