"""Component `irkg_findings`: reported results, each with intervention, comparator, outcome, direction and numbers.

A result sentence is cut into clauses; each outcome of a clause takes the comparison word, the arms and the figures
that belong to it. Aims, methods and background state no results of this study and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp import numbers
from ingest.nlp.annotations import Annotations, Phrase, Sentence, notes_of
from ingest.nlp.arms import Arm, ArmSpan, find_arms, is_needed, spans_in
from ingest.nlp.clauses import Clause, clauses
from ingest.nlp.cues import Cue, Sense, cues
from ingest.nlp.effects import Attribution, attribute, effect_of
from ingest.nlp.harms import with_harms
from ingest.nlp.polarity import better
from ingest.nlp.language import shared
from kg.model import Design, Direction, Effect, Favors, Finding, Measure, Mention, Predicate, SectionKind
from ontology.lexicon import Lexicon
from ontology.spelling import fold_word
from ontology.terms import Branch

__all__ = ["Findings"]

_SILENT: Final = frozenset(
    {SectionKind.TITLE, SectionKind.BACKGROUND, SectionKind.OBJECTIVE, SectionKind.METHODS}
)
_AIM: Final = re.compile(
    r"^\W*(?:(?:the|our) )?(?:aim|objective|purpose|goal|hypothesis)\b|\b(?:aim(?:s|ed)? (?:of|to|was)|we (?:sought|aimed|hypothesi[sz]ed?|planned|investigated whether|"
    r"assessed whether)|to (?:determine|evaluate|investigate|assess|compare|examine|study|analy[sz]e|clarify|explore|identify)\b.{0,200}\.$|primary (?:end ?-?point|outcome)s? (?:was|were|is|are|will|of)\b"
    r"|secondary (?:end ?-?point|outcome)s? (?:was|were|is|are|will|included?)\b|were (?:compared|evaluated|assessed|recorded|analy[sz]ed|calculated)\b[^,;]{0,60}\.$|"
    r"remains? (?:unclear|unknown|controversial|to be)|it is (?:unclear|unknown)|whether\b)", re.I
)  # fmt: skip
_PRIMARY_RESULT: Final = re.compile(r"\d\s?%|\bp\s?[=<>]|\d+\.\d+", re.I)
_POPULATION: Final = re.compile(
    r"^\W*(?:(?:among|for|in|within)\s+(?:the\s+)?(?P<pop>(?:\d+\s+)?(?:[\w\u2265\u2264<>./-]+\s+){0,5}?(?:patients?|subgroups?|women|men|lesions|subjects|participants)"
    r"(?:\s+(?:with|who|aged|without|undergoing|having)\s+[^,;]{3,60}?)?)),", re.I
)  # fmt: skip
_GENERAL_ARM: Final = re.compile(
    r"\b(?:between|among|of|in|for|across) (?:the )?(?:two|both|2|three|3|treatment|study|these)?\s*(?:treatment |study )?(?:groups?|arms?|cohorts?)\b|\bboth (?:groups|arms|procedures|techniques|treatments)\b|\beither group\b|\bgroups?\b",
    re.I,
)
_FIGURE: Final = re.compile(r"\d")
# How sure the reader is, by what a finding rests on; issue-free constants set on the development set.
_CONFIDENCE: Final = {"both arms": 0.75, "one arm": 0.6, "implied arms": 0.55, "single": 0.45}


@dataclass(frozen=True, slots=True)
class _Sides:
    intervention: ArmSpan | None
    comparator: ArmSpan | None
    basis: str


# A sentence about the outcome of the one before it: `It was 77% ...`, `The hazard ratio was ...`, `At 1 year this was ...`.
_CARRIED: Final = re.compile(
    r"^(?:(?:At|By|After|During|In|For|With)\b[^,]{0,40},?\s+)?(?:it|this|these|they|the (?:adjusted |unadjusted |pooled )?(?:hazard|odds|risk|rate)? ?(?:ratio|difference|median|rates?|figures?|values?|proportions?))\b",
    re.I,
)
_ZERO: Final = re.compile(
    r"\b(?:there (?:were|was)|with|had|no\b.{0,30}\bor|^|:|;|,)\s*(?:also )?no\b(?! (?:significant|difference|statistical))[\w\s,/-]*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Context:
    """One clause with what stands in it and around it."""

    sentence: Sentence
    clause: Clause
    outcomes: list[Mention]
    here: list[ArmSpan]
    around: list[ArmSpan]
    cues: list[Cue]
    figures: numbers.Figures
    population: Mention | None


class Findings:
    """See the module's docstring."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._ontology = lexicon.ontology

    def __call__(self, doc: Doc) -> Doc:
        """Leave `arms` and `findings` on the document."""
        notes = notes_of(doc)
        notes.arms = find_arms(notes.text, notes)
        found: list[Finding] = []
        before: list[Mention] = []
        for sentence in notes.sentences:
            if (sentence.parsed or sentence.last - sentence.first > 100) and self._tells(
                notes.text, sentence
            ):
                found += self._read(doc, notes, sentence, before)
        found += _predictors(notes.text, notes, found)
        found.sort(key=lambda f: (f.start, f.outcome.start))
        notes.findings = _distinct(found, notes)
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
        return not (_AIM.search(words) and not _PRIMARY_RESULT.search(words))

    def _event_term(self, verb: str) -> str | None:
        name = (
            "overall survival"
            if re.match(r"alive|surviv", verb, re.I)
            else "mortality"
            if re.match(r"died|deaths?", verb, re.I)
            else None
        )
        term = self._ontology.by_label.get(name) if name else None
        return term.id if term else None

    def _read(self, doc: Doc, notes: Annotations, sentence: Sentence, before: list[Mention]) -> list[Finding]:
        text = notes.text
        mentions = notes.mentions_in(sentence)
        arm_spans = spans_in(text, notes, sentence, notes.arms)
        population = _population(text, notes, sentence)
        parts = clauses(text, sentence.start, sentence.end)
        outcomes_of = [
            _outcomes(doc, notes, clause, mentions, arm_spans, self._event_term) for clause in parts
        ]
        if not any(outcomes_of) and before and _CARRIED.match(text[sentence.start : sentence.end]):
            outcomes_of[0] = before[:1]
        spans = [(m.start, m.end) for outcomes in outcomes_of for m in outcomes]
        cues_of = [cues(text, clause.start, clause.end, spans) for clause in parts]
        # A clause without an outcome that denies a difference speaks of the clauses before it.
        denials = [
            c
            for found, outcomes in zip(cues_of, outcomes_of, strict=True)
            if not outcomes
            for c in found
            if c.sense is Sense.NONE
        ]
        found: list[Finding] = []
        last: list[Cue] = []
        last_outcomes: list[Mention] = []
        for clause, outcomes, clause_cues in zip(parts, outcomes_of, cues_of, strict=True):
            figures = numbers.Figures.read(text, clause.start, clause.end)
            if (
                not outcomes
                and last_outcomes
                and (figures.pair_all or figures.ratio_all or len(figures.value_all) > 1)
            ):
                # `TIPS prevented rebleeding better: the probability was 78% versus 43%`: the figures belong to what was named.
                outcomes, clause_cues = last_outcomes[-1:], clause_cues or last
            last_outcomes = outcomes or last_outcomes
            if not outcomes:
                continue
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
            context = _Context(sentence, clause, outcomes, here, arm_spans, clause_cues, figures, population)
            for index, outcome in enumerate(outcomes):
                finding = self._finding(text, notes, context, outcome, index)
                if finding is not None:
                    found.append(finding)
            last = clause_cues or last
        before[:] = [f.outcome for f in found] or before
        return found

    def _finding(
        self, text: str, notes: Annotations, context: _Context, outcome: Mention, index: int
    ) -> Finding | None:
        clause, figures = context.clause, context.figures
        own = figures.share(outcome.start, outcome.end, [(o.start, o.end) for o in context.outcomes], index)
        cue = _nearest(
            context.cues, outcome, denied=len(context.outcomes) == 1 and not (own.p and own.p.significant)
        )
        attribution = attribute(text, own, context.here)
        comparative = (
            cue is not None or own.pair is not None or own.ratio is not None or len(attribution.arms) >= 2
        )
        sides = _sides(text, notes, context, cue, own, attribution, comparative)
        if sides.intervention is None or _same_span(sides.intervention.mention, outcome):
            return None
        if (
            cue is not None
            and cue.sense is not Sense.NONE
            and own.pair is None
            and _BOTH.search(text[clause.start : clause.end])
            and len(attribution.arms) < 2
        ):
            # `IPSS fell in both groups` compares each group with itself before.
            return None
        compared = sides.comparator is not None
        effect = effect_of(text, clause, own, attribution, sides.intervention, sides.comparator)
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
        favored = _favored_arm(text, clause, context.here)
        direction, significant, effect = _direction(cue, own, effect, polarity, sides, attribution)
        if direction is Direction.REPORTED and compared and favored is not None and significant is not False:
            mine = favored.concept == sides.intervention.concept
            direction = Direction.HIGHER if mine == (polarity != "lower") else Direction.LOWER
            favors = Favors.INTERVENTION if mine else Favors.COMPARATOR
        else:
            favors = _favors(direction, polarity, cue, compared)
        return Finding(
            intervention=sides.intervention.mention,
            comparator=sides.comparator.mention if sides.comparator else None,
            outcome=outcome,
            population=context.population,
            disease=_disease(notes, context.sentence),
            direction=direction,
            favors=favors,
            significant=significant,
            effect=effect,
            start=context.sentence.start,
            end=context.sentence.end,
            confidence=_CONFIDENCE[sides.basis],
        )


def _sides(
    text: str,
    notes: Annotations,
    context: _Context,
    cue: Cue | None,
    own: numbers.Figures,
    attribution: Attribution,
    comparative: bool,
) -> _Sides:
    """Who is compared with whom in a clause."""
    clause, here = context.clause, context.here
    arms = [ArmSpan(a.mention, a.concept, a.control) for a in notes.arms]
    implied = comparative and len(arms) >= 2 and _compares(notes)
    stated = _stated(text, clause, here, context.around, arms if _compares(notes) else [])
    if stated:
        return _Sides(*stated, "both arms")
    if len(attribution.arms) >= 2:
        first, second = attribution.arms[:2]
        if _rank(second, notes.arms) < _rank(first, notes.arms):
            first, second = second, first
        return _Sides(first, second, "both arms")
    different: list[ArmSpan] = []
    for span in here:
        if all(span.concept != d.concept for d in different):
            different.append(span)
    if len(different) >= 2 and own.pair is None:
        # `delayed progression after TACE`: a therapy that only sets the scene is no arm.
        different = [
            s
            for i, s in enumerate(different)
            if not i or not _SCENE.search(text[clause.start : s.mention.start])
        ]
    if len(different) >= 2 and comparative:
        first, second = different[0], different[1]
        if _rank(second, notes.arms) < _rank(first, notes.arms) and not (cue and cue.sense is not Sense.NONE):
            first, second = second, first
        return _Sides(first, second, "both arms")
    if len(different) == 1:
        known = any(a.concept == different[0].concept for a in notes.arms[:3])
        if implied and not known and _GENERAL_ARM.search(text[clause.start : clause.end]):
            return _Sides(arms[0], arms[1], "implied arms")
        other = (
            next((a for a in arms if a.concept != different[0].concept), None)
            if comparative and _compares(notes)
            else None
        )
        if other is not None and not _shown(own, cue) and other.concept in different[0].concept.split(" + "):
            other = None
        if other is None or (own.pair is None and own.ratio is None and len(notes.arms) < 2):
            return _Sides(different[0], None, "single")
        return _Sides(different[0], other, "one arm")
    # A comparison that names no arm is believed when it shows figures or denies a difference, or speaks of "the groups".
    if implied and (_shown(own, cue) or _GENERAL_ARM.search(text[clause.start : clause.end])):
        return _Sides(arms[0], arms[1], "implied arms")
    if context.around:
        return _Sides(context.around[0], None, "single")
    return _Sides(arms[0] if arms else None, None, "single")


_STATED_STATISTIC: Final = re.compile(
    r"\bp\s?[=<>]|\bCI\b|ratio|independent|multivaria|univaria|significan|correlat|predict|associat", re.I
)


def _predictors(text: str, notes: Annotations, found: list[Finding]) -> list[Finding]:
    """Prognostic results: a predictor read as a relation is a finding too, where a result sentence states it."""
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
        if (assertion.start, assertion.object.start) in told or not _STATED_STATISTIC.search(
            text[assertion.start : assertion.end]
        ):
            continue
        figures = numbers.Figures.read(text, sentence.start, sentence.end)
        own = figures.share(
            assertion.object.start, assertion.object.end, [(assertion.object.start, assertion.object.end)], 0
        )
        cue = _nearest(cues(text, sentence.start, sentence.end), assertion.object)
        direction = Direction.REPORTED
        if assertion.negated:
            direction = Direction.NO_DIFFERENCE
        elif cue is not None and cue.sense in (Sense.UP, Sense.DOWN):
            direction = Direction.HIGHER if cue.sense is Sense.UP else Direction.LOWER
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
                assertion.subject, None, assertion.object, None, _disease(notes, sentence), direction,
                Favors.NEITHER if direction is Direction.NO_DIFFERENCE else Favors.UNCLEAR, significant, effect, sentence.start, sentence.end,
                _CONFIDENCE["single"],
            )
        )  # fmt: skip
    return more


_RESULT_KINDS: Final = frozenset(
    {
        SectionKind.RESULTS,
        SectionKind.CONCLUSION,
        SectionKind.ABSTRACT,
        SectionKind.DISCUSSION,
        SectionKind.OTHER,
    }
)


def _compares(notes: Annotations) -> bool:
    """True when the study set arms against each other, so that a comparison without arms means these."""
    return notes.study is None or notes.study.design not in (
        Design.REVIEW,
        Design.GUIDELINE,
        Design.CASE_REPORT,
        Design.CASE_SERIES,
        Design.SINGLE_ARM,
    )


def _rank(span: ArmSpan, arms: list[Arm]) -> int:
    return next((i for i, a in enumerate(arms) if a.concept == span.concept), 9 if span.control else 5)


_SCENE: Final = re.compile(
    r"\b(?:after|following|before|prior to|undergoing|receiving|treated with|eligible for|candidates for)\s+(?:the\s+)?$",
    re.I,
)


def _shown(own: numbers.Figures, cue: Cue | None) -> bool:
    """True when a comparison is shown by figures, or a difference is denied."""
    return (
        own.p is not None
        or own.pair is not None
        or own.ratio is not None
        or (cue is not None and cue.sense is Sense.NONE)
    )


_BOTH: Final = re.compile(
    r"\bin (?:both|each|all|either) (?:of the )?(?:two |three )?(?:treatment |study )?(?:groups?|arms?)\b",
    re.I,
)
_SO_WAS: Final = re.compile(r"^[,;\s]*and so (?:was|were|did|had)\b", re.I)
_THAN: Final = re.compile(
    r"(?:\bthan\b|\bcompared (?:with|to)\b|\bas compared (?:with|to)\b|\bin comparison (?:with|to)\b|\bversus\b|\bvs\.?|\bv\b|\brelative to\b|\bover\b(?!\s+(?:the\s+|a\s+)?(?:\d|first|last|time|period))|\bcomparable (?:to|with)\b|\bsimilar to\b|\bcomparing\b|\bsuperior to\b|\binferior to\b|\bagainst\b|\binstead of\b|\bto that (?:of|in|for|with)\b|\b(?:no |not )?different from\b|\bdiffer(?:ed)? from\b|\bas against\b)",
    re.I,
)
_GAP: Final = re.compile(r"^[\s\w,'()%.\u00b1-]{0,40}?$")


def _stated(
    text: str, clause: Clause, here: list[ArmSpan], around: list[ArmSpan], arms: list[ArmSpan]
) -> tuple[ArmSpan, ArmSpan] | None:
    """The two arms of an explicit comparison: what follows `than`, `compared with`, `versus` is the comparator.

    The other arm stands before it, behind it in `compared with B, A ...`, elsewhere in the sentence, or is the study's other arm.
    """
    for cue in _THAN.finditer(text, clause.start, clause.end):
        after = [s for s in here if s.mention.start >= cue.end() and s.mention.start - cue.end() <= 45]
        if not after:
            continue
        comparator = after[0]
        before = [s for s in here if s.mention.end <= cue.start() and s.concept != comparator.concept]
        later = [
            s for s in here if s.mention.start >= comparator.mention.end and s.concept != comparator.concept
        ]
        if before:
            return before[-1], comparator
        if later and cue.start() - clause.start < 25:
            return later[0], comparator
        others = [s for s in [*around, *arms] if s.concept != comparator.concept]
        if others:
            return others[0], comparator
    return None


def _outcomes(
    doc: Doc,
    notes: Annotations,
    clause: Clause,
    mentions: list[Mention],
    arm_spans: list[ArmSpan],
    lookup: Callable[[str], str | None],
) -> list[Mention]:
    """The outcomes of a clause: mentions of outcomes and harms, else what the clause says a value or a difference of."""
    inside = [m for m in mentions if clause.start <= m.start and m.end <= clause.end]
    armed = [(s.mention.start, s.mention.end) for s in arm_spans]
    free = [m for m in inside if not any(a <= m.start and m.end <= b for a, b in armed)]
    found = [m for m in free if m.branch in (Branch.OUTCOME, Branch.ADVERSE_EVENT)]
    for event in _EVENT.finditer(notes.text, clause.start, clause.end):
        if not any(m.start < event.end() and event.start() < m.end for m in inside):
            # `57% were alive (HR for death 0.51)`: the verb names the outcome, the bracket only its ratio.
            found = [m for m in found if not _in_bracket(notes.text, clause, m)]
            found.append(
                Mention(event.start(), event.end(), event.group(), Branch.OUTCOME, lookup(event.group()))
            )
    sentence = notes.sentence_at(clause.start)
    if sentence is not None:
        found += [m for m in inside if m.branch is Branch.PROCEDURE and is_needed(notes.text, sentence, m)]
        found.sort()
    found = [m for m in found if not any(o is not m and o.start <= m.start and m.end <= o.end for o in found)]
    if not found:
        named = _named(doc, notes, clause, armed)
        found = [m for m in free if m.branch is Branch.BIOMARKER and (not named or m.start <= named[0].end)][
            :2
        ] or named
    # A name inside a bracket that explains another (`overall survival (OS)`) is the same outcome.
    distinct: list[Mention] = []
    for mention in found:
        concept = notes.concepts.get(mention.text, mention.text)
        if not any(notes.concepts.get(d.text, d.text) == concept for d in distinct):
            distinct.append(mention)
    return distinct


_EVENT: Final = re.compile(r"(?<!who )\b(?:alive|survived|died)\b", re.I)


def _in_bracket(text: str, clause: Clause, mention: Mention) -> bool:
    return text.count("(", clause.start, mention.start) > text.count(")", clause.start, mention.start)


_DIFFERENCE_IN: Final = re.compile(
    r"\b(?:differences?|differ(?:ed)?|change|effect|improvement|benefit|reduction|increase|similar|comparable|different)\b[^.;]{0,50}?\b(?:in|regarding|for|with (?:respect|regard) to|in terms of|concerning|of|on)\s+(?:the\s+)?",
    re.I,
)


def _named(doc: Doc, notes: Annotations, clause: Clause, armed: list[tuple[int, int]]) -> list[Mention]:
    """What a clause speaks of when no outcome of the lexicon is in it: the phrase behind `difference in`, or its subject."""
    text = notes.text
    phrases = [
        p
        for p in notes.phrases
        if clause.start <= p.start
        and p.end <= clause.end
        and not any(a < p.end and p.start < b for a, b in armed)
    ]
    phrases = [
        p
        for p in phrases
        if fold_word(text[p.head_start : p.head_end]) not in _NO_OUTCOME
        and len(text[p.start : p.end]) > 1
        and not text[p.start].isdigit()
    ]
    for match in _DIFFERENCE_IN.finditer(text, clause.start, clause.end):
        behind = [p for p in phrases if match.end() <= p.start <= match.end() + 4]
        if behind:
            return [_phrase_mention(text, behind[0].start, _of_end(text, behind[0].end, phrases))]
    subjects = {t.idx for t in doc[0:0]} | {
        t.idx
        for s in (doc.char_span(clause.start, clause.end, alignment_mode="contract"),)
        if s is not None
        for t in s
        if t.dep_ in ("nsubj", "nsubjpass")
    }
    for phrase in phrases:
        if phrase.head_start in subjects:
            return [_phrase_mention(text, phrase.start, _of_end(text, phrase.end, phrases))]
    return []


def _of_end(text: str, end: int, phrases: list[Phrase]) -> int:
    gap = re.match(r"\s+of\s+(?:the\s+|an?\s+)?", text[end : end + 12])
    follower = next((p for p in phrases if gap and p.start == end + gap.end()), None)
    return follower.end if follower else end


def _phrase_mention(text: str, start: int, end: int) -> Mention:
    return Mention(start, end, text[start:end], Branch.OUTCOME, None)


_NO_OUTCOME: Final = frozenset(
    [
        "patient",
        "group",
        "arm",
        "study",
        "trial",
        "subject",
        "participant",
        "case",
        "result",
        "finding",
        "author",
        "difference",
        "analysis",
        "data",
        "p",
        "value",
        "median",
        "mean",
        "month",
        "year",
        "day",
        "week",
        "number",
        "majority",
        "comparison",
        "significance",
        "interval",
        "ratio",
        "confidence",
        "ci",
        "total",
        "addition",
        "contrast",
        "conclusion",
        "woman",
        "man",
        "lesion",
        "significance",
        "it",
        "there",
        "they",
        "we",
        "follow-up",
        "followup",
        "test",
        "model",
        "regression",
        "cohort",
        "treatment",
        "intervention",
        "procedure",
        "therapy",
        "age",
        "range",
        "odds",
        "hazard",
        "limitation",
        "effect",
        "rate",
        "factor",
        "use",
        "analysis",
        "indication",
        "characteristic",
        "reason",
        "question",
        "evidence",
    ]
)


def _population(text: str, notes: Annotations, sentence: Sentence) -> Mention | None:
    match = _POPULATION.search(text[sentence.start : sentence.end])
    if not match:
        return None
    start = sentence.start + match.start("pop")
    words = re.sub(r"^\d+\s+", "", match.group("pop"))
    start += len(match.group("pop")) - len(words)
    if re.fullmatch(r"(?:all |both )?(?:the )?(?:patients|subjects|participants|women|men)", words, re.I):
        return None
    inner = next(
        (
            m
            for m in notes.mentions_in(sentence)
            if m.branch is Branch.DISEASE and start <= m.start and m.end <= start + len(words)
        ),
        None,
    )
    return Mention(start, start + len(words), words, Branch.DISEASE, inner.term if inner else None)


def _nearest(found: list[Cue], outcome: Mention, denied: bool = False) -> Cue | None:
    """The cue that belongs to an outcome: no-difference words reach farther than comparatives."""
    if not found:
        return None
    none = [c for c in found if c.sense is Sense.NONE]
    if none and (len(none) == len(found) or (denied and any(c.tested for c in none))):
        return next((c for c in none if c.tested), none[0])
    return min(found, key=lambda c: min(abs(c.start - outcome.end), abs(outcome.start - c.end)))


def _direction(
    cue: Cue | None,
    own: numbers.Figures,
    effect: Effect,
    polarity: str | None,
    sides: _Sides,
    attribution: Attribution,
) -> tuple[Direction, bool | None, Effect]:
    """The direction of the outcome under the intervention, whether that is significant, and the effect with its values in order.

    Values that stand beside their own arms outweigh comparing words, and those outweigh figures whose order is guessed.
    """
    compared = sides.comparator is not None
    significant = _significance(own, effect)
    if cue is not None and cue.sense is Sense.NONE and significant is not True:
        if not compared:
            return Direction.REPORTED, significant, effect
        return Direction.NO_DIFFERENCE, False if cue.tested or own.p is not None else None, effect
    if significant is None and cue is not None and cue.tested and cue.sense is not Sense.NONE:
        significant = True
    if not compared and cue is None:
        return Direction.REPORTED, significant, effect
    if significant is False and compared:
        return Direction.NO_DIFFERENCE, False, effect
    first, second = (
        numbers.first_number(effect.intervention_value),
        numbers.first_number(effect.comparator_value),
    )
    by_value: Direction | None = None
    if compared and first is not None and second is not None and first != second:
        by_value = Direction.HIGHER if first > second else Direction.LOWER
    if by_value is not None and attribution.explicit and len(attribution.arms) >= 2:
        return by_value, significant, effect
    by_cue = _by_cue(cue, polarity)
    if by_cue is not None:
        if by_value is not None and by_value is not by_cue and sides.basis != "implied arms":
            effect = replace(
                effect, intervention_value=effect.comparator_value, comparator_value=effect.intervention_value
            )
        return by_cue, significant, effect
    if by_value is not None:
        return by_value, significant, effect
    if compared and effect.measure in _RATIO_MEASURES and effect.value is not None:
        # A hazard ratio of an outcome such as survival is the hazard of losing it.
        hazard_of_loss = effect.measure is Measure.HR and polarity == "higher"
        return (
            (Direction.HIGHER if (effect.value < 1.0) == hazard_of_loss else Direction.LOWER),
            significant,
            effect,
        )
    return Direction.REPORTED, significant, effect


_RATIO_MEASURES: Final = frozenset({Measure.HR, Measure.OR, Measure.RR})


def _significance(own: numbers.Figures, effect: Effect) -> bool | None:
    """By the p value, else by whether the interval holds the value of no effect; None when neither is printed."""
    if own.p is not None:
        return None if own.p.number == 0.05 and own.p.text[0].isdigit() else own.p.significant
    if effect.ci_low is None or effect.ci_high is None:
        return None
    if effect.measure in _RATIO_MEASURES:
        return not effect.ci_low <= 1.0 <= effect.ci_high
    if effect.measure in (Measure.MD, Measure.RD, Measure.SMD):
        return not effect.ci_low <= 0.0 <= effect.ci_high
    return None


def _by_cue(cue: Cue | None, polarity: str | None) -> Direction | None:
    if cue is None:
        return None
    if cue.sense in (Sense.UP, Sense.DOWN):
        return Direction.HIGHER if cue.sense is Sense.UP else Direction.LOWER
    if cue.sense is Sense.NONE:
        return None
    return Direction.HIGHER if (cue.sense is Sense.BETTER) == (polarity != "lower") else Direction.LOWER


_FAVORED: Final = re.compile(
    r"\b(?:favou?r(?:ed|s|ing)?|in favou?r of|advantage (?:for|of|with)|benefit (?:for|of|with|from)|superiority of)\s+(?:the\s+)?",
    re.I,
)


def _favored_arm(text: str, clause: Clause, here: list[ArmSpan]) -> ArmSpan | None:
    """The arm that a clause says is favoured (`in favour of A`)."""
    for match in _FAVORED.finditer(text, clause.start, clause.end):
        arm = next((s for s in here if 0 <= s.mention.start - match.end() <= 4), None)
        if arm is not None:
            return arm
    return None


def _favors(direction: Direction, polarity: str | None, cue: Cue | None, compared: bool) -> Favors:
    if direction is Direction.NO_DIFFERENCE:
        return Favors.NEITHER
    if direction is Direction.REPORTED:
        return Favors.UNCLEAR
    if polarity is None:
        if cue is not None and cue.sense in (Sense.BETTER, Sense.WORSE) and direction is _by_cue(cue, None):
            return (
                Favors.INTERVENTION
                if cue.sense is Sense.BETTER
                else Favors.COMPARATOR
                if compared
                else Favors.UNCLEAR
            )
        return Favors.UNCLEAR
    if (direction is Direction.HIGHER) == (polarity == "higher"):
        return Favors.INTERVENTION
    return Favors.COMPARATOR if compared else Favors.UNCLEAR


def _disease(notes: Annotations, sentence: Sentence) -> str | None:
    """The condition that a result is about: the paper's own first, if the sentence does not name another of its topics."""
    named = [
        m.term for m in notes.mentions_in(sentence) if m.branch is Branch.DISEASE and m.term in notes.topics
    ]
    return named[0] if named else next(iter(notes.topics), None)


def _same_span(a: Mention, b: Mention) -> bool:
    return a.start < b.end and b.start < a.end


def _distinct(found: list[Finding], notes: Annotations) -> list[Finding]:
    """Each result once: a conclusion that tells a result again adds nothing."""
    seen: set[tuple[Any, ...]] = set()
    told: set[tuple[Any, ...]] = set()
    kept: list[Finding] = []
    for finding in found:
        sentence = notes.sentence_at(finding.start)
        outcome = notes.concepts.get(finding.outcome.text, finding.outcome.text)
        who = notes.concepts.get(finding.intervention.text, finding.intervention.text)
        bare = (
            finding.effect.intervention_value is None
            and finding.effect.value is None
            and finding.effect.p is None
        )
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


@Language.factory("irkg_findings")
def _make(nlp: Language, name: str) -> Findings:
    return Findings(shared(nlp).lexicon)
