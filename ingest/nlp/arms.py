"""The arms of a study: what was compared with what, and the phrases by which the text refers to them.

An arm is known from the title ("A versus B"), from randomisation ("assigned to A or B"), from stated comparisons and
from phrases such as "the A group". The arm under test comes first; sham, placebo, standard and conservative care last.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from ingest.nlp.annotations import Annotations, Sentence
from ingest.nlp.typing_tables import generic_words
from kg.model import Design, Mention, SectionKind
from ontology.spelling import WORD, fold_name, fold_word
from ontology.terms import Branch

__all__ = ["Arm", "ArmSpan", "find_arms", "spans_in"]

_THERAPY: Final = frozenset({Branch.PROCEDURE, Branch.AGENT})
_VERSUS: Final = re.compile(
    r"\b(versus|vs?\.?|compared (?:with|to)|comparison (?:of|between)|compar(?:e|ed|ing)|or|and|against|than|followed by)\b",
    re.I,
)
_ASSIGNED: Final = re.compile(
    r"\b(randomi[sz]ed|assigned|allocated|random(?:ly)?|divided|received|treated (?:with|by)|underwent)\b",
    re.I,
)
_COMPARED: Final = re.compile(
    r"\b(versus|vs|compar\w+|superior\w*|inferior\w*|non-?inferior\w*|better|efficacy)\b", re.I
)
_GROUP: Final = re.compile(
    r"(?<![\w-])(?P<name>(?:(?!(?:the|and|or|in|of|between|both|with|for|than|to|from|two|three|these|all|each|other|by|was|were|versus|vs|either|study|treatment|patient|our|this|same|which|whole)\b)[\w+/&\u00ae-]+(?:[ ]|(?<=-)))"
    r"{0,4}?)(?P<head>groups?|arms?|cohorts?|recipients|patients)\b(?P<letter> (?:[A-D]|[1-4]|I{1,3})\b)?"
)
_CONTROL: Final = re.compile(
    r"\b(controls?|placebo|sham|standard|conventional|conservative|usual|observation|untreated|no treatment|best (?:medical|supportive)|medical|"
    r"supportive|deferred|expectant|watchful|plain|bare|uncoated|alone|surveillance|nonsurgical|non-?operative|symptomatic)\b",
    re.I,
)


# A procedure that is needed later is an outcome, not an arm: `rescue surgery`, `needed repeat TACE`.
_AS_OUTCOME: Final = re.compile(
    r"\b(?:rescue|repeat(?:ed)?|salvage|subsequent|additional|bail-?out|emergency|conversion to|converted to|need(?:ed|ing)? (?:for )?(?:a |an )?|requir(?:ed|ing|ement for) (?:a |an )?|re-?)\s*$|^(?:rescue|repeat|salvage|bail-?out)\s",
    re.I,
)
_NEEDED: Final = re.compile(
    r"\s+(?:was|were|is|are|had been)\s+(?:\w+\s+){0,2}?(?:needed|required|necessary|avoided)\b", re.I
)
_PLUS: Final = re.compile(
    r"\s*(?:plus|\+|(?:combined|together|in combination) with|in addition to|with concurrent|with adjunctive|and adjunctive|"
    r"(?:(?:was|were|is|are|being)\s+)?added to|on top of)\s*(?:the )?",
    re.I,
)
# `mFOLFOX6 (plus or minus bevacizumab)`: given in both arms or in neither.
_OPTIONAL: Final = re.compile(
    r"\b(?:plus or minus|with or without|plus/minus|and/or|without|minus|less|more|least|most)\s+(?:\w+\s+)?$|\u00b1\s*$",
    re.I,
)
_QUALIFIES: Final = re.compile(
    r"-(?:eligible|ineligible|related|naive|na\u00efve|refractory|treated|associated|induced|free|suitable|resistant)",
    re.I,
)
_ADDING: Final = re.compile(r"\b(?:add(?:ing|s|ed)?|addition of)\s+(?:\w+\s+)?$", re.I)
_SETTING: Final = re.compile(r"\s+(?:after|following|before|prior to)\s+(?:the\s+)?", re.I)
_COMBINATION: Final = re.compile(
    r"\b(?:combination|combined)\s+(?:therapy|treatment|arm|group|approach|regimen)\b|\b(?<=the )combination\b(?! of)",
    re.I,
)
_COMBINED_NAME: Final = re.compile(r"\b(?:plus|combined|combination|\+)\b|\s\+\s", re.I)
# Words between two therapies that give them different roles: patients of one are assigned to the other.
_OTHER_ROLE: Final = re.compile(
    r"\b(?:randoml?y?|assigned|allocated|undergoing|underwent|patients?|who|after|before|during|prior|for)\b",
    re.I,
)
# `poor and good collateral groups`: the first of two coordinated names of groups.
_PARTNER: Final = re.compile(r"\b([A-Za-z][\w-]+)\s+(?:and|or|versus|vs\.?)\s+(?:the\s+)?$")


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


def compared_branches(notes: Annotations) -> frozenset[Branch]:
    """What this study compares: therapies, or imaging methods in a study of diagnosis."""
    if notes.study is not None and notes.study.design is Design.DIAGNOSTIC:
        return frozenset({Branch.IMAGING_MODALITY})
    return _THERAPY


def find_arms(text: str, notes: Annotations) -> list[Arm]:
    """The arms of the study that the document reports, the one under test first.

    Every reference to a possible arm in title and abstract counts, more so in the title, where patients are assigned,
    and beside a word that compares; the two that are set against each other most are the arms of the comparison.
    """
    weights: Counter[str] = Counter()
    against: Counter[tuple[str, str]] = Counter()
    forms: dict[str, Counter[str]] = {}
    shown: dict[tuple[str, str], Mention] = {}
    order: dict[str, int] = {}
    controls: set[str] = set()
    sentences = [s for s in notes.sentences if notes.publication.sections[s.section].part != "body"]
    found = [(s, spans_in(text, notes, s, [])) for s in sentences]
    merged = notes.arm_names = _merged({span.concept for _, spans in found for span in spans}, notes)
    for sentence, spans in found:
        words = text[sentence.start : sentence.end]
        title = sentence.kind is SectionKind.TITLE
        results = sentence.kind in (SectionKind.RESULTS, SectionKind.CONCLUSION, SectionKind.ABSTRACT)
        assigned, compared = bool(_ASSIGNED.search(words)), bool(_COMPARED.search(words))
        random = bool(re.search(r"random|assign|allocat", words, re.I))
        for index, span in enumerate(spans):
            concept = merged.get(span.concept, span.concept)
            group = bool(re.search(r"(?:groups?|arms?|cohorts?|patients|recipients)\b", span.mention.text))
            weights[concept] += 1 + 3 * title + assigned + 2 * group
            order.setdefault(concept, len(order))
            if span.control:
                controls.add(concept)
            name = re.sub(r"\s+(?:groups|arms|patients|cohorts|recipients)$", "", span.mention.text)
            forms.setdefault(concept, Counter())[name] += 2 if results else 1
            shown.setdefault(
                (concept, name), replace(span.mention, text=name, end=span.mention.start + len(name))
            )
            if index + 1 < len(spans):
                other = spans[index + 1]
                rival = merged.get(other.concept, other.concept)
                gap = text[span.mention.end : other.mention.start]
                if (
                    rival != concept
                    and len(gap) < 100
                    and _VERSUS.search(gap)
                    and not _OTHER_ROLE.search(gap)
                ):
                    strong = bool(re.search(r"\b(?:versus|vs?|compared|comparison|than)\b", gap, re.I))
                    joined = bool(re.search(r"\b(?:or|and)\b", gap))
                    weight = (
                        4 * (strong and (title or random))
                        + 3 * (random and joined)
                        + 2 * strong
                        + 2 * (title and compared)
                        + 2 * (joined and group and results)
                        + 4 * (strong and group and results)
                    )
                    against[(concept, rival)] += weight
                    weights[concept] += weight // 2
                    weights[rival] += weight // 2
    if not weights:
        return []
    _unite_kinds(notes, weights, against)
    pair = _best_pair(against)
    if pair is None:
        pair = _with_control(weights, controls)
    ranked = [c for c, w in weights.most_common() if w >= 3]
    if pair:
        ranked = [*pair, *(c for c in ranked if c not in pair)]
    arms = [Arm(shown[(c, forms[c].most_common(1)[0][0])], c, c in controls, weights[c]) for c in ranked]
    strong_arms = [a for i, a in enumerate(arms) if (pair and i < 2) or a.weight * 3 >= arms[0].weight][:4]
    # The arm under test is named first; controls go last.
    paired = set(pair or ())
    return sorted(
        strong_arms, key=lambda a: (a.concept not in paired if paired else False, a.control, order[a.concept])
    )


def _unite_kinds(notes: Annotations, weights: Counter[str], against: Counter[tuple[str, str]]) -> None:
    """A general name of an arm (`radioembolization`) and a special one (`yttrium-90 radioembolization`) are one arm,
    where the document never sets the two against each other. The name that is used more stands for both."""
    if notes.combinations is None:
        return
    for one, _ in weights.most_common():
        for other in [c for c in weights if c != one]:
            if one not in weights or other not in weights or weights[other] > weights[one]:
                continue
            if against[(one, other)] or against[(other, one)] or not notes.combinations.related(one, other):
                continue
            for name, meant in list(notes.arm_names.items()):
                if meant == other:
                    notes.arm_names[name] = one
            notes.arm_names[other] = one
            weights[one] += weights.pop(other)
            for (a, b), weight in list(against.items()):
                if other in (a, b):
                    del against[(a, b)]
                    against[(one if a == other else a, one if b == other else b)] += weight


def _with_control(weights: Counter[str], controls: set[str]) -> tuple[str, str] | None:
    """The foremost arm and the control, where a text names a control but never sets the two side by side."""
    own = [c for c, w in weights.most_common() if w >= 3 and c not in controls]
    plain = [c for c, w in weights.most_common() if c in controls]
    return (own[0], plain[0]) if own and plain else None


def _merged(concepts: set[str], notes: Annotations) -> dict[str, str]:
    """Short names of an arm (`tailored`) -> the fuller name that holds all their telling words (`tailored antiplatelet therapy`)."""
    words = {c: frozenset(c.split()) - generic_words() for c in concepts if ":" not in c}
    for form, concept in notes.concepts.items():
        if concept in concepts and ":" in concept:
            words[concept] = words.get(concept, frozenset()) | (frozenset(fold_name(form)) - generic_words())
    found: dict[str, str] = {}
    for short, own in words.items():
        if ":" in short:
            continue
        fuller = [c for c, other in words.items() if own and own < other and c != short]
        if len(fuller) == 1:
            found[short] = fuller[0]
    return found


def _best_pair(against: Counter[tuple[str, str]]) -> tuple[str, str] | None:
    """The two arms that are set against each other most often, in the order of their first comparison."""
    both: Counter[tuple[str, str]] = Counter()
    for (one, other), weight in against.items():
        both[(one, other) if one < other else (other, one)] += weight
    if not both:
        return None
    best, weight = max(both.items(), key=lambda item: (item[1], item[0]))
    if weight < 2:
        return None
    return best if against[best] >= against[best[::-1]] else best[::-1]


def spans_in(text: str, notes: Annotations, sentence: Sentence, arms: list[Arm]) -> list[ArmSpan]:
    """Where a sentence refers to arms: mentions of therapies and phrases such as "the TACE group", in order."""
    branches = compared_branches(notes)
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
        inner = [
            m
            for m in notes.mentions_in(sentence)
            if start <= m.start and m.end <= end and m.branch in branches
        ]
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
        spans.append(ArmSpan(shown, concept, bool(_CONTROL.search(name)), inner[-1] if inner else None))
        taken.append((start, end))
        partner = _PARTNER.search(text, sentence.start, start) if match.group("head").endswith("s") else None
        if partner and not any(m.start <= partner.start(1) < m.end for m in notes.mentions_in(sentence)):
            spans.append(
                ArmSpan(
                    Mention(*partner.span(1), partner.group(1), branch, None),
                    fold_word(partner.group(1)),
                    bool(_CONTROL.search(partner.group(1))),
                )
            )
    for mention in notes.mentions_in(sentence):
        if (
            mention.branch in branches
            and not is_needed(text, sentence, mention)
            and not _OPTIONAL.search(text[sentence.start : mention.start])
            and not _QUALIFIES.match(text[mention.end : mention.end + 12])
            and not any(a <= mention.start and mention.end <= b for a, b in taken)
        ):
            concept = notes.concepts.get(mention.text, mention.text)
            spans.append(ArmSpan(mention, concept, bool(_CONTROL.search(mention.text)), mention))
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
    """True for a procedure that is an outcome here: `rescue surgery`, `needed repeat TACE`, `reintervention was required`."""
    return bool(
        _AS_OUTCOME.search(text[sentence.start : mention.start])
        or _AS_OUTCOME.match(mention.text + " ")
        or _NEEDED.match(text[mention.end : mention.end + 40])
    )


def _combined(text: str, notes: Annotations, spans: list[ArmSpan]) -> list[ArmSpan]:
    """Therapies that are given together are one arm (`TACE plus sorafenib`, `adding SIRT to chemotherapy`); of two that follow
    one another (`brivanib after TACE`) the first is the arm and the second its setting."""
    joined: list[ArmSpan] = []
    tail = 0  # where the last arm ends, a short form in brackets behind it included
    for span in spans:
        last = joined[-1] if joined else None
        gap = text[tail : span.mention.start] if last else ""
        if last is not None and span.concept == last.concept and re.fullmatch(r"\s*\(", gap):
            tail = span.mention.end + 1
            continue
        if (
            last is not None
            and span.concept not in last.concept.split(" + ")
            and _together(text, last, span, gap)
        ):
            start, end = last.mention.start, span.mention.end
            if last.control != span.control:
                # `thrombectomy plus standard care`, `TACE plus placebo`: the care that both arms have names neither.
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
        elif last is not None and _SETTING.fullmatch(gap):
            continue
        else:
            joined.append(span)
            tail = span.mention.end
    return [
        replace(s, concept=s.mention.term) if s.mention.term and " + " in s.concept else s for s in joined
    ]


def _together(text: str, last: ArmSpan, span: ArmSpan, gap: str) -> bool:
    if _PLUS.fullmatch(gap):
        return True
    if re.fullmatch(r"\s+to\s+(?:the\s+)?(?:first-line\s+|standard\s+)?", gap) and _ADDING.search(
        text[: last.mention.start][-24:]
    ):
        return True
    # `combined with durvalumab and bevacizumab`: a further drug of the same combination.
    both_drugs = (
        last.mention.branch is Branch.PROCEDURE
        and " + " in last.concept
        and span.mention.branch is Branch.AGENT
    )
    return (
        both_drugs
        and re.fullmatch(r"\s+and\s+", gap) is not None
        and not re.match(r"\s+alone\b", text[span.mention.end :][:8])
    )


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


def _combination(
    text: str, sentence: Sentence, arms: list[Arm], taken: list[tuple[int, int]]
) -> list[ArmSpan]:
    """Where a sentence says `the combination` or `combined therapy`: the study's combined arm, if it has just one."""
    combined = [a for a in arms if " + " in a.concept or _COMBINED_NAME.search(a.mention.text)]
    if not combined:
        return []
    found: list[ArmSpan] = []
    for match in _COMBINATION.finditer(text, sentence.start, sentence.end):
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
