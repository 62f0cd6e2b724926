"""Component `irkg_findings`: reported results, each with intervention, comparator, outcome, direction and
numbers.

A result sentence is cut into clauses; each outcome of a clause takes the comparison word, the arms and the
figures that belong to it. Aims, methods and background state no results of this study and are passed over.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Annotations, Sentence, notes_of
from ingest.nlp.arm_spans import ArmSpan, spans_in
from ingest.nlp.arms import find_arms
from ingest.nlp.clauses import Clause, clauses
from ingest.nlp.cues import Cue, Sense, cues
from ingest.nlp.directions import direction, favored_arm, favors, nearest
from ingest.nlp.effects import attribute, effect_of
from ingest.nlp.figures import Figures
from ingest.nlp.harms import with_harms
from ingest.nlp.language import shared
from ingest.nlp.outcomes import carried, outcomes_of
from ingest.nlp.polarity import better
from ingest.nlp.populations import disease, population
from ingest.nlp.predictors import predictors
from ingest.nlp.settled import settled
from ingest.nlp.sides import ClauseContext, sides
from ingest.nlp.tables import WORDS, one_of
from ingest.nlp.tables import cue as table_cue
from kg.model import Direction, Favors, Finding, Mention, Predicate, SectionKind
from ontology.terms import Ontology

__all__ = ["Findings"]

_SILENT: Final = frozenset(
    {SectionKind.TITLE, SectionKind.BACKGROUND, SectionKind.OBJECTIVE, SectionKind.METHODS}
)
_PRIMARY_RESULT: Final = re.compile(r"\d\s?%|\bp\s?[=<>]|\d+\.\d+", re.I)
_FIGURE: Final = re.compile(r"\d")
# Before an outcome: `there were no deaths`, `with no stroke or major bleeding`.
_ZERO: Final = re.compile(
    r"\b(?:there (?:were|was)|with|had|no\b.{0,30}\bor|^|:|;|,)\s*(?:also )?"
    r"no\b(?! (?:significant|difference|statistical))[\w\s,/-]*$",
    re.I,
)
_SO_WAS: Final = re.compile(r"^[,;\s]*and so (?:was|were|did|had)\b", re.I)
# How sure the reader is, by what a finding rests on; set on the development set.
_CONFIDENCE: Final = {"both arms": 0.75, "one arm": 0.6, "implied arms": 0.55, "single": 0.45}


class Findings:
    """See the module's docstring."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology

    def __call__(self, doc: Doc) -> Doc:
        """Leave `arms` and `findings` on the document."""
        notes = notes_of(doc)
        notes.arms = find_arms(notes.text, notes)
        found: list[Finding] = []
        before: list[Finding] = []
        for sentence in notes.sentences:
            if (sentence.parsed or sentence.last - sentence.first > 100) and self._tells(
                notes.text, sentence
            ):
                found += self._read(doc, notes, sentence, before)
        found += predictors(notes.text, notes, found)
        found.sort(key=lambda f: (f.start, f.outcome.start))
        notes.findings = settled(_distinct(found, notes), notes)
        notes.assertions = with_harms(notes.text, notes)
        return doc

    @staticmethod
    def _tells(text: str, sentence: Sentence) -> bool:
        words = text[sentence.start : sentence.end]
        if sentence.kind in _SILENT and sentence.kind is not SectionKind.METHODS:
            return False
        if sentence.kind is SectionKind.METHODS:
            return (
                bool(re.search(r"\b[pP]\s?[<=]", words))
                and bool(re.search(r"\d\s?%|\bvs\b", words))
                and not re.search(r"considered|signific\w+ (?:was|level)", words)
            )
        return not (one_of("not_results", "{}").search(words) and not _PRIMARY_RESULT.search(words))

    def _read(self, doc: Doc, notes: Annotations, sentence: Sentence, before: list[Finding]) -> list[Finding]:
        text = notes.text
        mentions = notes.mentions_in(sentence)
        arm_spans = spans_in(text, notes, sentence, notes.arms)
        people = population(text, notes, sentence)
        parts = clauses(text, sentence.start, sentence.end)
        spoken_of = [outcomes_of(doc, notes, clause, mentions, arm_spans, self._ontology) for clause in parts]
        if not any(spoken_of) and before and carried(text, sentence.start, sentence.end):
            spoken_of[0] = [before[0].outcome]
        told = _told_before(before, arm_spans, carried(text, sentence.start, sentence.end))
        spans = [(m.start, m.end) for outcomes in spoken_of for m in outcomes]
        cues_of = [cues(text, clause.start, clause.end, spans) for clause in parts]
        # A clause without an outcome that denies a difference speaks of the clauses before it.
        denials = [
            c
            for found, outcomes in zip(cues_of, spoken_of, strict=True)
            if not outcomes
            for c in found
            if c.sense is Sense.NONE
        ]
        found: list[Finding] = []
        last: list[Cue] = []
        last_outcomes: list[Mention] = []
        last_clause: Clause | None = None
        for clause, outcomes, clause_cues in zip(parts, spoken_of, cues_of, strict=True):
            figures = Figures.read(text, clause.start, clause.end)
            if (
                not outcomes
                and last_outcomes
                and last_clause is not None
                and (figures.pair_all or figures.ratio_all or len(figures.value_all) > 1)
            ):
                # `Rebleeding was rarer after A than after B: 11% compared with 14%`: the figures belong to
                # what was named, and are read together with it.
                outcomes, clause_cues = last_outcomes[-1:], [*last, *clause_cues]
                clause = Clause(last_clause.start, clause.end)
                figures = Figures.read(text, clause.start, clause.end)
                found = [f for f in found if f.outcome != outcomes[0] or not _bare(f)]
            last_outcomes = outcomes or last_outcomes
            if not outcomes:
                continue
            last_clause = clause
            if denials and not any(p.significant for p in figures.p_all):
                clause_cues = denials
            elif (
                not clause_cues
                and last
                and (
                    not _FIGURE.search(text[clause.start : clause.end])
                    or _SO_WAS.match(text[clause.start : clause.end])
                )
            ):
                clause_cues = last
            here = [s for s in arm_spans if clause.start <= s.mention.start < clause.end]
            context = ClauseContext(
                sentence, clause, outcomes, here, arm_spans, clause_cues, figures, people, told
            )
            for index, outcome in enumerate(outcomes):
                finding = self._finding(text, notes, context, outcome, index)
                if finding is not None:
                    found.append(finding)
            last = clause_cues or last
        before[:] = found or before
        return found

    def _finding(
        self, text: str, notes: Annotations, context: ClauseContext, outcome: Mention, index: int
    ) -> Finding | None:
        clause, figures = context.clause, context.figures
        own = figures.share(outcome.start, outcome.end, [(o.start, o.end) for o in context.outcomes], index)
        cue = nearest(
            context.cues, outcome, denied=len(context.outcomes) == 1 and not (own.p and own.p.significant)
        )
        attribution = attribute(text, own, context.here)
        comparative = (
            cue is not None or own.pair is not None or own.ratio is not None or len(attribution.arms) >= 2
        )
        who = sides(text, notes, context, cue, own, attribution, comparative)
        if who.intervention is None or _same_span(who.intervention.mention, outcome):
            return None
        if who.basis == "implied arms" and own.pair is None and _predicted(notes, outcome):
            return None
        if (
            cue is not None
            and cue.sense is not Sense.NONE
            and own.pair is None
            and _cue("both_groups", "{}").search(text[clause.start : clause.end])
            and len(attribution.arms) < 2
        ):
            # `IPSS fell in both groups` compares each group with itself before.
            return None
        compared = who.comparator is not None
        effect = effect_of(text, clause, own, attribution, who.intervention, who.comparator)
        if effect.intervention_value is None and _ZERO.search(
            text[max(clause.start, outcome.start - 70) : outcome.start]
        ):
            effect = replace(effect, intervention_value="no", comparator_value="no" if compared else None)
        if (
            effect.intervention_value is None
            and effect.value is None
            and (not comparative or (not compared and cue is None and effect.p is None))
        ):
            return None
        polarity = better(text, outcome, self._ontology, notes)
        winner = favored_arm(text, clause, context.here)
        way, significant, effect = direction(cue, own, effect, polarity, who, attribution)
        if way is Direction.REPORTED and compared and winner is not None and significant is not False:
            mine = winner.concept == who.intervention.concept
            way = Direction.HIGHER if mine == (polarity != "lower") else Direction.LOWER
            benefit = Favors.INTERVENTION if mine else Favors.COMPARATOR
        else:
            benefit = favors(way, polarity, cue, compared)
        return Finding(
            intervention=who.intervention.mention,
            comparator=who.comparator.mention if who.comparator else None,
            outcome=outcome,
            population=context.population,
            disease=disease(notes, context.sentence),
            direction=way,
            favors=benefit,
            significant=significant,
            effect=effect,
            start=context.sentence.start,
            end=context.sentence.end,
            confidence=_CONFIDENCE[who.basis],
        )


def _same_span(a: Mention, b: Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _told_before(
    before: list[Finding], here: list[ArmSpan], is_carried: bool
) -> tuple[ArmSpan, ArmSpan] | None:
    """The arms of the result before, for a sentence about that result which names no arm (`The difference
    was ...`).
    """
    if here or not is_carried or not before or before[0].comparator is None:
        return None
    first, second = before[0].intervention, before[0].comparator
    return ArmSpan(first, first.text, False), ArmSpan(second, second.text, False)


def _predicted(notes: Annotations, outcome: Mention) -> bool:
    """True when a predictor of the outcome was read where it stands: the figures are the predictor's."""
    return any(a.predicate is Predicate.PREDICTS and a.object == outcome for a in notes.assertions)


def _bare(finding: Finding) -> bool:
    """True when a finding shows no figure."""
    effect = finding.effect
    return effect.intervention_value is None and effect.value is None and effect.p is None


def _distinct(found: list[Finding], notes: Annotations) -> list[Finding]:
    """Each result once: a conclusion that tells a result again adds nothing."""
    seen: set[tuple[Any, ...]] = set()
    told: set[tuple[Any, ...]] = set()
    kept: list[Finding] = []
    for finding in found:
        sentence = notes.sentence_at(finding.start)
        outcome = notes.concepts.get(finding.outcome.text, finding.outcome.text)
        who = notes.concepts.get(finding.intervention.text, finding.intervention.text)
        bare = _bare(finding)
        closing = sentence is not None and sentence.kind in (SectionKind.CONCLUSION, SectionKind.DISCUSSION)
        key = (
            who,
            outcome,
            finding.effect,
            finding.direction,
            finding.population.text if finding.population else None,
        )
        if key in seen:
            continue
        if (
            closing
            and bare
            and (any(outcome == o for _, o in told) or (told and finding.outcome.term is None))
        ):
            continue
        seen.add(key)
        told.add((who, outcome))
        kept.append(finding)
    return kept


def _cue(name: str, template: str = WORDS) -> re.Pattern[str]:
    return table_cue("finding_cues", name, template)


@Language.factory("irkg_findings")
def _make(nlp: Language, name: str) -> Findings:
    return Findings(shared(nlp).lexicon.ontology)
