"""Component `irkg_findings`: reported results, each with intervention, comparator, outcome, direction and numbers.

A result sentence is cut into clauses; each outcome of a clause takes the comparison word, the arms and the figures
that belong to it. Aims, methods and background state no results of this study and are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp import numbers
from ingest.nlp.annotations import Annotations, Phrase, Sentence, annotations
from ingest.nlp.arms import Arm, ArmSpan, find_arms, spans_in
from ingest.nlp.clauses import Clause, clauses
from ingest.nlp.cues import Cue, Sense, cues
from ingest.nlp.effects import effect_of
from ingest.nlp.polarity import better
from ingest.nlp.terms import LEXICONS
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


_ZERO: Final = re.compile(
    r"\b(?:there (?:were|was)|with|had|no\b.{0,30}\bor|^|:|;|,)\s*(?:also )?no\b(?! (?:significant|difference|statistical))[\w\s,/-]*$",
    re.I,
)


class Findings:
    """See the module's docstring."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._ontology = lexicon.ontology

    def __call__(self, doc: Doc) -> Doc:
        """Leave `arms` and `findings` on the document."""
        notes = annotations(doc)
        notes.arms = find_arms(doc.text, notes)
        found: list[Finding] = []
        for sentence in notes.sentences:
            if (sentence.parsed or sentence.last - sentence.first > 100) and self._tells(doc.text, sentence):
                found += self._read(doc, notes, sentence)
        found += _predictors(doc.text, notes, found)
        found.sort(key=lambda f: (f.start, f.outcome.start))
        notes.findings = _distinct(found, notes)
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

    def _read(self, doc: Doc, notes: Annotations, sentence: Sentence) -> list[Finding]:
        text = doc.text
        mentions = notes.mentions_in(sentence)
        arm_spans = spans_in(text, notes, sentence, notes.arms)
        population = _population(text, notes, sentence)
        found: list[Finding] = []
        last_cue: Cue | None = None
        for clause in clauses(text, sentence.start, sentence.end):
            outcomes = _outcomes(doc, notes, clause, mentions, arm_spans)
            if not outcomes:
                continue
            here = [s for s in arm_spans if clause.start <= s.mention.start < clause.end]
            clause_cues = cues(text, clause.start, clause.end)
            if not clause_cues and last_cue and not _FIGURE.search(text[clause.start : clause.end]):
                clause_cues = [last_cue]
            figures = numbers.Figures.read(text, clause.start, clause.end)
            for index, outcome in enumerate(outcomes):
                finding = self._finding(
                    text,
                    notes,
                    sentence,
                    clause,
                    outcome,
                    index,
                    outcomes,
                    here,
                    arm_spans,
                    clause_cues,
                    figures,
                    population,
                )
                if finding is not None:
                    found.append(finding)
            last_cue = clause_cues[-1] if clause_cues else last_cue
        return found

    def _finding(
        self,
        text: str,
        notes: Annotations,
        sentence: Sentence,
        clause: Clause,
        outcome: Mention,
        index: int,
        outcomes: list[Mention],
        here: list[ArmSpan],
        around: list[ArmSpan],
        clause_cues: list[Cue],
        figures: numbers.Figures,
        population: Mention | None,
    ) -> Finding | None:
        cue = _nearest(clause_cues, outcome)
        own = figures.share(outcome.start, outcome.end, [(o.start, o.end) for o in outcomes], index)
        comparative = cue is not None or own.pair is not None or own.ratio is not None
        sides = self._sides(text, notes, clause, here, around, cue, own, comparative)
        if sides.intervention is None or _same_span(sides.intervention.mention, outcome):
            return None
        effect, swapped = effect_of(
            text,
            clause,
            own,
            sides.intervention.mention,
            sides.comparator.mention if sides.comparator else None,
            here,
        )
        if swapped and sides.comparator:
            effect = replace(
                effect, intervention_value=effect.comparator_value, comparator_value=effect.intervention_value
            )
        if (
            effect.intervention_value is None
            and outcome.branch in (Branch.ADVERSE_EVENT, Branch.OUTCOME)
            and _ZERO.search(text[max(clause.start, outcome.start - 70) : outcome.start])
        ):
            none = "no"
            effect = replace(
                effect, intervention_value=none, comparator_value=none if sides.comparator else None
            )
        if not comparative and effect.intervention_value is None and effect.value is None:
            return None
        compared = sides.comparator is not None
        if not compared and cue is None and effect.intervention_value is None and effect.p is None:
            return None
        polarity = better(outcome, self._ontology, notes)
        direction, significant = _direction(cue, own, effect, polarity, compared)
        favors = _favors(direction, polarity, cue, compared, effect)
        return Finding(
            intervention=sides.intervention.mention,
            comparator=sides.comparator.mention if sides.comparator else None,
            outcome=outcome,
            population=population,
            disease=_disease(notes, sentence),
            direction=direction,
            favors=favors,
            significant=significant,
            effect=effect,
            start=sentence.start,
            end=sentence.end,
            confidence=_CONFIDENCE[sides.basis],
        )

    def _sides(
        self,
        text: str,
        notes: Annotations,
        clause: Clause,
        here: list[ArmSpan],
        around: list[ArmSpan],
        cue: Cue | None,
        own: numbers.Figures,
        comparative: bool,
    ) -> _Sides:
        """Who is compared with whom in a clause."""
        arms = [ArmSpan(a.mention, a.concept, a.control) for a in notes.arms]
        stated = _stated(text, clause, here)
        if stated:
            return _Sides(*stated, "both arms")
        different: list[ArmSpan] = []
        for span in here:
            if all(span.concept != d.concept for d in different):
                different.append(span)
        if len(different) >= 2 and comparative:
            first, second = different[0], different[1]
            if _rank(second, notes.arms) < _rank(first, notes.arms) and not (
                cue and cue.sense in (Sense.UP, Sense.DOWN, Sense.BETTER, Sense.WORSE)
            ):
                first, second = second, first
            return _Sides(first, second, "both arms")
        if (
            len(different) == 1
            and comparative
            and len(arms) >= 2
            and _compares(notes)
            and not any(a.concept == different[0].concept for a in notes.arms[:3])
            and _GENERAL_ARM.search(text[clause.start : clause.end])
        ):
            return _Sides(arms[0], arms[1], "implied arms")
        if len(different) == 1:
            other = (
                next((a for a in arms if a.concept != different[0].concept), None)
                if _compares(notes)
                else None
            )
            if not comparative or (
                cue is not None
                and not _refers_to_groups(text, clause, cue, own)
                and own.pair is None
                and own.ratio is None
                and len(notes.arms) < 2
            ):
                return _Sides(different[0], None, "single")
            return _Sides(different[0], other, "one arm" if other else "single")
        if comparative and len(arms) >= 2 and _compares(notes):
            return _Sides(arms[0], arms[1], "implied arms")
        if around:
            return _Sides(around[0], None, "single")
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


def _refers_to_groups(text: str, clause: Clause, cue: Cue, own: numbers.Figures) -> bool:
    return (
        cue.sense is Sense.NONE
        or bool(_GENERAL_ARM.search(text[clause.start : clause.end]))
        or own.pair is not None
    )


_THAN: Final = re.compile(
    r"(?:\bthan\b|\bcompared (?:with|to)\b|\bas compared (?:with|to)\b|\bin comparison (?:with|to)\b|\bversus\b|\bvs\.?|\bv\b|\brelative to\b|\bover\b|\bcomparable (?:to|with)\b|\bsimilar to\b|\bcomparing\b|\bsuperior to\b|\binferior to\b|\bagainst\b|\binstead of\b|\bto that (?:of|in|for|with)\b)",
    re.I,
)
_GAP: Final = re.compile(r"^[\s\w,'()%.\u00b1-]{0,40}?$")


def _stated(text: str, clause: Clause, here: list[ArmSpan]) -> tuple[ArmSpan, ArmSpan] | None:
    """The two arms of an explicit comparison: what follows `than`, `compared with`, `versus` is the comparator."""
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
    return None


def _outcomes(
    doc: Doc, notes: Annotations, clause: Clause, mentions: list[Mention], arm_spans: list[ArmSpan]
) -> list[Mention]:
    """The outcomes of a clause: mentions of outcomes and harms, else what the clause says a value or a difference of."""
    inside = [m for m in mentions if clause.start <= m.start and m.end <= clause.end]
    armed = [(s.mention.start, s.mention.end) for s in arm_spans]
    free = [m for m in inside if not any(a <= m.start and m.end <= b for a, b in armed)]
    found = [m for m in free if m.branch in (Branch.OUTCOME, Branch.ADVERSE_EVENT)]
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


_DIFFERENCE_IN: Final = re.compile(
    r"\b(?:differences?|differ(?:ed)?|change|effect|improvement|benefit|reduction|increase|similar|comparable|different)\b[^.;]{0,50}?\b(?:in|regarding|for|with (?:respect|regard) to|in terms of|concerning|of|on)\s+(?:the\s+)?",
    re.I,
)


def _named(doc: Doc, notes: Annotations, clause: Clause, armed: list[tuple[int, int]]) -> list[Mention]:
    """What a clause speaks of when no outcome of the lexicon is in it: the phrase behind `difference in`, or its subject."""
    text = doc.text
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
    ["patient", "group", "arm", "study", "trial", "subject", "participant", "case", "result", "finding", "author", "difference", "analysis", "data", "p", "value", "median", "mean", "month", "year", "day", "week", "number", "majority", "comparison", "significance", "interval", "ratio", "confidence", "ci", "total", "addition", "contrast", "conclusion", "woman", "man", "lesion", "significance", "it", "there", "they", "we", "follow-up", "followup", "test", "model", "regression", "cohort", "treatment", "intervention", "procedure", "therapy", "age", "range", "odds", "hazard", "limitation", "effect", "rate", "factor", "use", "analysis", "indication", "characteristic", "reason", "question", "evidence"]
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


def _nearest(found: list[Cue], outcome: Mention) -> Cue | None:
    """The cue that belongs to an outcome: no-difference words reach farther than comparatives."""
    if not found:
        return None
    none = [c for c in found if c.sense is Sense.NONE]
    if none and len(none) == len(found):
        return none[0]
    return min(found, key=lambda c: min(abs(c.start - outcome.end), abs(outcome.start - c.end)))


def _direction(
    cue: Cue | None, own: numbers.Figures, effect: Effect, polarity: str | None, compared: bool
) -> tuple[Direction, bool | None]:
    significant: bool | None = None
    if own.p is not None:
        significant = own.p.significant
    elif (
        effect.ci_low is not None
        and effect.ci_high is not None
        and effect.measure in (Measure.HR, Measure.OR, Measure.RR)
    ):
        significant = not effect.ci_low <= 1.0 <= effect.ci_high
    elif (
        effect.ci_low is not None
        and effect.ci_high is not None
        and effect.measure in (Measure.MD, Measure.RD, Measure.SMD)
    ):
        significant = not effect.ci_low <= 0.0 <= effect.ci_high
    if cue is not None and cue.sense is Sense.NONE:
        return (
            (Direction.NO_DIFFERENCE, False if cue.tested or own.p is not None else None)
            if compared
            else (Direction.REPORTED, significant)
        )
    if significant is None and cue is not None and cue.tested:
        significant = True
    if not compared and cue is None:
        return Direction.REPORTED, significant
    if significant is False and compared:
        return Direction.NO_DIFFERENCE, False
    if cue is not None:
        if cue.sense is Sense.UP:
            return Direction.HIGHER, significant
        if cue.sense is Sense.DOWN:
            return Direction.LOWER, significant
        if cue.sense is Sense.BETTER:
            return (Direction.LOWER if polarity == "lower" else Direction.HIGHER), significant
        if cue.sense is Sense.WORSE:
            return (Direction.HIGHER if polarity == "lower" else Direction.LOWER), significant
    first, second = (
        numbers.first_number(effect.intervention_value),
        numbers.first_number(effect.comparator_value),
    )
    if (
        compared
        and effect.measure in (Measure.HR, Measure.OR, Measure.RR)
        and effect.value is not None
        and (first is None or second is None)
    ):
        hazard_of_loss = effect.measure is Measure.HR and polarity == "higher"
        lower = effect.value < 1.0
        return (Direction.HIGHER if lower == hazard_of_loss else Direction.LOWER), significant
    if compared and first is not None and second is not None and first != second and significant is not None:
        return (Direction.HIGHER if first > second else Direction.LOWER), significant
    return Direction.REPORTED, significant


def _favors(
    direction: Direction, polarity: str | None, cue: Cue | None, compared: bool, effect: Effect
) -> Favors:
    if direction is Direction.NO_DIFFERENCE:
        return Favors.NEITHER
    if direction is Direction.REPORTED:
        return Favors.UNCLEAR
    if cue is not None and cue.sense in (Sense.BETTER, Sense.WORSE):
        return (
            Favors.INTERVENTION
            if cue.sense is Sense.BETTER
            else Favors.COMPARATOR
            if compared
            else Favors.UNCLEAR
        )
    if polarity is None:
        return Favors.UNCLEAR
    good = (direction is Direction.HIGHER) == (polarity == "higher")
    if good:
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


@Language.factory("irkg_findings", default_config={"lexicon": "default"})
def _make(nlp: Language, name: str, lexicon: str) -> Findings:
    return Findings(LEXICONS[lexicon])
