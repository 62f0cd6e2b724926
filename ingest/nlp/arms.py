"""The arms of a study: what was compared with what.

An arm is known from the title ("A versus B"), from randomisation ("assigned to A or B"), from stated
comparisons and from phrases such as "the A group". The arm under test comes first; sham, placebo, standard
and conservative care last.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Final

from ingest.nlp.annotations import Annotations
from ingest.nlp.arm_spans import Arm, arm_cue, is_combined, spans_in
from ingest.nlp.typing_tables import generic_words
from kg.model import Mention, SectionKind
from ontology.spelling import fold_name

__all__ = ["find_arms"]

_RANDOMISED: Final = re.compile(r"random|assign|allocat", re.I)
_GROUP_NOUN: Final = re.compile(r"(?:groups?|arms?|cohorts?|patients|recipients)\b")
_GROUP_NOUNS: Final = re.compile(r"\s+(?:groups|arms|patients|cohorts|recipients)$")
_JOINED: Final = re.compile(r"\b(?:or|and)\b")


def find_arms(text: str, notes: Annotations) -> list[Arm]:
    """The arms of the study that the document reports, the one under test first.

    Every reference to a possible arm in title and abstract counts, more so in the title, where patients are
    assigned, and beside a word that compares; the two that are set against each other most are the arms of
    the comparison.
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
        assigned, compared = bool(arm_cue("assigned").search(words)), bool(arm_cue("compared").search(words))
        random = bool(_RANDOMISED.search(words))
        for index, span in enumerate(spans):
            concept = merged.get(span.concept, span.concept)
            group = bool(_GROUP_NOUN.search(span.mention.text))
            weights[concept] += 1 + 3 * title + assigned + 2 * group
            order.setdefault(concept, len(order))
            if span.control:
                controls.add(concept)
            name = _GROUP_NOUNS.sub("", span.mention.text)
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
                    and arm_cue("versus").search(gap)
                    and not arm_cue("other_role").search(gap)
                ):
                    strong = bool(arm_cue("against").search(gap))
                    joined = bool(_JOINED.search(gap))
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
        strong_arms,
        key=lambda a: (
            a.concept not in paired if paired else False,
            a.control,
            # What is added is under test: `TACE plus sorafenib` against `TACE`.
            not is_combined(a),
            order[a.concept],
        ),
    )


def _unite_kinds(notes: Annotations, weights: Counter[str], against: Counter[tuple[str, str]]) -> None:
    """A general name of an arm (`radioembolization`) and a special one (`yttrium-90 radioembolization`) are
    one arm, where the document never sets the two against each other. The name that is used more stands for
    both."""
    if notes.combinations is None:
        return
    knows = notes.combinations.knows
    for one in [c for c, _ in weights.most_common() if knows(c)]:
        for other in [c for c in weights if c != one and knows(c)]:
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
    """Short names of an arm (`tailored`) -> the fuller name that holds all their telling words (`tailored
    antiplatelet therapy`).
    """
    words = {c: frozenset(c.split()) - generic_words() for c in sorted(concepts) if ":" not in c}
    for form, concept in notes.concepts.items():
        if concept in concepts and ":" in concept:
            words[concept] = words.get(concept, frozenset()) | (frozenset(fold_name(form)) - generic_words())
    having: dict[str, list[str]] = defaultdict(list)  # concepts by word, so that not every pair is compared
    for concept, own in words.items():
        for word in own:
            having[word].append(concept)
    found: dict[str, str] = {}
    for short, own in words.items():
        if ":" in short:
            continue
        rarest = min((having[word] for word in own), key=len, default=[])
        fuller = [c for c in rarest if own < words[c] and c != short]
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
