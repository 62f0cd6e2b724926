"""The options: which therapy each arm of a study is, and which terms are one option.

An arm that is named in general words ("embolization", "stenting") yields to the specific therapy that its
document names; usual care goes by many names and is one option; an agent that a procedure uses is that
procedure where both are meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from kg.justify.names import THERAPIES, Names, display, stems
from kg.justify.neighbourhood import Paper
from kg.justify.tables import not_options
from kg.model.claim import EvidenceRecord
from ontology.terms import Branch

__all__ = ["Arm", "Arms", "Option", "group_options"]

_GENERAL = 20  # a therapy with more subclasses than this is a general word
# Agents of these kinds are parts of a procedure and no therapy by themselves, unless a trial compares them as
# arms.
_PARTS = frozenset({"embolic", "device", "contrast", "material", "class", "nanomedicine"})


_JOINED = re.compile(r"\b(?:plus|with|combined|combination|and|added)\b|\+", re.I)


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of a result: a therapy's id, or None with the words that were printed."""

    term: str | None
    text: str
    in_quote: bool


@dataclass(frozen=True)
class Option:
    """A therapy that can be chosen: its term, and all terms that are the same option."""

    term: str
    label: str
    members: frozenset[str]
    synonyms: tuple[str, ...] = ()
    role: str | None = None


@dataclass
class Arms:
    """Resolves the arms of one paper."""

    names: Names
    paper: Paper
    excluded: frozenset[str]
    mentioned: Callable[[], frozenset[str]] = frozenset
    _terms: Counter[str] = field(default_factory=Counter)
    _uses: dict[str, set[str]] = field(default_factory=dict)
    _diseases: set[str] = field(default_factory=set)
    _memo: dict[tuple[str | None, str, str], str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        title = self.paper.citation.title
        for named in self.names.find(title, THERAPIES):
            self._terms[named] += 3
        self._diseases.update(self.paper.topics)
        for record in self.paper.evidence:
            self._diseases.update(
                t
                for t in record.terms
                if t in self.names.ontology and self.names.ontology[t].branch is Branch.DISEASE
            )
            if record.result is not None:
                for term in (record.result.intervention, record.result.comparator):
                    if term is not None:
                        self._terms[term] += 1
            elif record.predicate == "treats" and record.subject:
                self._terms[record.subject] += 1
            elif record.predicate == "uses" and record.subject and record.object and not record.negated:
                self._uses.setdefault(record.object, set()).add(record.subject)

    def of(self, record: EvidenceRecord) -> tuple[Arm | None, Arm | None]:
        """The two sides of a result; the second is None when there is no comparator."""
        result = record.result
        if result is None:
            return None, None
        first = self._arm(result.intervention, result.intervention_text, record)
        second = None
        if result.comparator_text or result.comparator:
            second = self._arm(result.comparator, result.comparator_text or "", record, second=True)
        if second is not None and (self._same(first, second) or self._part(first, second)):
            second = None
        elif second is not None and self._part(second, first):
            # "TACE with doxorubicin against ...": the sentence is about the procedure, and the other side is
            # not known.
            first, second = second, None
        return first, second

    def _part(self, whole: Arm, part: Arm) -> bool:
        """True when one side is an agent that the other side uses: no trial compares a procedure with its own
        agent.
        """
        ontology = self.names.ontology
        if whole.term is None or part.term is None or not is_part(self.names, part.term):
            return False
        line = (whole.term, *self.names.above(whole.term))
        by_slot = any(part.term in ontology[t].slots.get("uses", ()) for t in line if t in ontology)
        return by_slot or whole.term in self._uses.get(part.term, ())

    def treated(self, record: EvidenceRecord) -> str | None:
        """The therapy of a `treats` assertion."""
        if record.subject is None:
            return None
        term = self._specific(record.subject, "", record)
        return None if term is None or term in self.excluded else term

    def _arm(self, term: str | None, text: str, record: EvidenceRecord, *, second: bool = False) -> Arm:
        if text and _denied(text, record.quote, anywhere=second):
            # "against no embolization": the arm is the absence of what it names.
            none = self.names.ontology.by_label.get("no treatment")
            return Arm(none.id if none is not None else None, f"no {text}", True)
        found = self._specific(term, text, record)
        if found is not None and found in self.excluded:
            found = None
        return Arm(found, text, text in record.quote)

    def _same(self, first: Arm, second: Arm) -> bool:
        """True when both sides are one therapy: the reader took the study's name for it from elsewhere in the
        text.
        """
        if first.term is None or second.term is None:
            # An arm that no sentence names and that is no therapy we know adds nothing.
            return not second.in_quote and second.term is None and first.term is not None
        if first.term == second.term:
            return True
        if first.in_quote and second.in_quote:
            return False
        above = self.names.above
        return first.term in above(second.term) or second.term in above(first.term)

    def _specific(self, term: str | None, text: str, record: EvidenceRecord) -> str | None:
        key = (term, text, record.quote)
        if key not in self._memo:
            self._memo[key] = self._find(term, text, record)
        return self._memo[key]

    def _find(self, term: str | None, text: str, record: EvidenceRecord) -> str | None:
        names, ontology = self.names, self.names.ontology
        if term is None and text:
            term = names.arm(text, _other_side(text, record))
            if term is None and len(names.find(text, THERAPIES)) > 1:
                return None
        if term is None or term not in ontology:
            return self._by_words(text)
        if ontology[term].branch not in THERAPIES:
            return None  # "hypertension against none": groups of patients, no therapies
        # A part that the sentence or the paper says a procedure uses stands for that procedure.
        users = self._uses.get(term, set()) & set(self._terms)
        if ontology[term].branch is Branch.AGENT and len(users) == 1:
            user = next(iter(users))
            if (
                ontology[user].label.casefold() in record.quote.casefold()
                or (ontology[term].slots.get("kind") or ("",))[0] in _PARTS
            ):
                term = user
        labels = " ".join(ontology[d].label for d in sorted(self._diseases) if d in ontology)
        linked = term
        context = f"{record.quote} {self.paper.citation.title} {labels}"
        if names.care_group(term) is None:
            other = self._leaves(self._terms, term)
            if len(other) != 1 and len(names.below(term)) > _GENERAL:
                # So wide a word says little; a paper that names one form of it anywhere means that form.
                other = self._leaves(self.mentioned(), term)
            if len(other) == 1:
                term = next(iter(other))
            named_after = {
                t
                for t in self._terms
                if names.words(term) < names.words(t) and t not in self.excluded and not _combines(names, t)
            }
            if not other and len(named_after) == 1:
                term = next(iter(named_after))
            if term == linked and len(names.below(term)) > _GENERAL:
                term = self._composed(term, text, context)
        return term

    def _composed(self, term: str, text: str, context: str) -> str:
        """The narrower therapy that the words of sentence, title and diseases make; else `term`."""
        narrower = self.names.narrower(term, context, own=text)
        if narrower is None or self._rival(narrower, term):
            return term
        joined = _combines(self.names, narrower) and not _JOINED.search(text)
        return term if joined else narrower

    def _leaves(self, terms: Iterable[str], term: str) -> set[str]:
        """The most specific of some therapies below a term."""
        below = [t for t in terms if t in self.names.below(term) and t not in self.excluded]
        return {t for t in below if not any(o in self.names.below(t) for o in below)}

    def _rival(self, narrower: str, term: str) -> bool:
        """True when the paper compares several therapies below `term`: general words mean none of them."""
        below = [t for t in self._terms if t in self.names.below(term)]
        return any(
            narrower != t and narrower not in self.names.above(t) and t not in self.names.above(narrower)
            for t in below
        )

    def _by_words(self, text: str) -> str | None:
        """The most specific therapy of the paper that shares the arm's telling words ("coiling", "the
        drainage group").
        """
        own = stems(text)
        best: list[tuple[int, str]] = []
        for term in sorted(self._terms):
            shared = self.names.words(term) & own
            therapy = term in self.names.ontology and self.names.ontology[term].branch in THERAPIES
            if shared and therapy and term not in self.excluded:
                best.append((len(shared), term))
        if not best:
            return None
        most = max(n for n, _ in best)
        top = [t for n, t in best if n == most]
        return top[0] if len(top) == 1 else None


def meant(names: Names, term: str, used: Mapping[str, int], context: str) -> str:
    """The therapy of the neighbourhood that the question means by a term.

    Itself when papers use it; else what they use below it; else the narrower one that the words of the
    question make ("stent" for a carotid stenosis); else one that is called by the same words; else the
    nearest one above it; else itself.
    """
    ontology = names.ontology
    if used.get(term, 0) > 0:
        return term
    counted = {t: n for t, n in used.items() if n > 0 and t in ontology}

    def best(terms: Iterable[str]) -> str | None:
        return min(terms, key=lambda t: (-counted[t], t), default=None)

    below = best(t for t in counted if term in names.above(t))
    own = names.words(term)
    made = names.narrower(term, context) if ontology[term].branch is Branch.PROCEDURE else None
    around = stems(context) | own
    alike = [t for t in counted if own and own <= names.words(t)]
    fitting = best(t for t in alike if names.words(t) <= around)
    called = best(t for t in counted if own and any(own <= stems(n) for n in ontology[t].names()))
    users = best(
        t
        for t in counted
        if any(term in (u, *names.above(u)) for u in ontology[t].slots.get("uses", ()) if u in ontology)
    )
    above = [t for t in counted if t in names.above(term) and ontology[t].parents]
    nearest = min(above, key=lambda t: (len(names.below(t)), t), default=None)
    if made is not None and counted.get(made, 0) == 0 and below is not None:
        made = None
    return made or below or fitting or best(alike) or users or called or nearest or term


def group_options(
    names: Names, used: Mapping[str, int], rivals: Iterable[tuple[str, str]], named: Iterable[str]
) -> dict[str, Option]:
    """Options by every term that is one of their members.

    Args:
        used: how many studies use each term as an arm or say that it treats.
        rivals: pairs of terms that a study compares with each other; these stay apart.
        named: terms that the question names; a specific one stays apart from its superclass.
    """
    ontology = names.ontology
    apart = {frozenset(pair) for pair in rivals}
    asked = set(named)
    parent: dict[str, str] = {}

    def root(term: str) -> str:
        while parent.get(term, term) != term:
            term = parent[term]
        return term

    members: dict[str, set[str]] = {t: {t} for t in used}

    def may_join(a: str, b: str) -> bool:
        return not any(frozenset((x, y)) in apart for x in members[a] for y in members[b])

    def join(into: str, other: str, *, force: bool = False) -> None:
        into, other = root(into), root(other)
        if into != other and (force or may_join(into, other)):
            parent[other] = into
            members[into] |= members.pop(other)

    order = sorted(used, key=lambda t: (-used[t], t))
    groups: dict[str, str] = {}
    for term in order:
        group = names.care_group(term)
        if group is not None:
            leader = groups.setdefault(group, term)
            if leader != term and root(leader) != root(term):
                # Usual care is one comparator, also where one paper compares two forms of it.
                other = root(term)
                parent[other] = root(leader)
                members[root(leader)] |= members.pop(other)
    for term in order:
        branch = ontology[term].branch if term in ontology else None
        if branch is Branch.AGENT:
            users = [
                p
                for p in order
                if p in ontology and term in ontology[p].slots.get("uses", ()) and not _combines(names, p)
            ]
            named_after = [p for p in users if _names_agent(names, p, term)]
            if len(users) == 1 or named_after:
                # A trial of a drug and of the procedure that gives it is about one therapy, also where both
                # words stand in it.
                join((named_after or users)[0], term, force=True)
        if names.care_group(term) is not None:
            continue
        below = sorted(t for t in used if t in names.below(term) and names.care_group(t) is None)
        lines = [t for t in below if not any(o in names.above(t) for o in below) and not _combines(names, t)]
        # Forms that a study compares with each other stay apart, and with them what is above both.
        lines = [t for t in lines if not any(frozenset((t, o)) in apart for o in below)]
        if term in asked:
            for line in (t for t in below if t not in asked and not _combines(names, t)):
                join(term, line)
            continue
        if len(lines) == 1 and term not in asked | {lines[0]} and lines[0] not in asked:
            join(lines[0], term)
        elif len(lines) == 1 and (term in asked) != (lines[0] in asked):
            join(term if term in asked else lines[0], lines[0] if term in asked else term)
    found: dict[str, Option] = {}
    for group_members in members.values():
        best = _leader(names, group_members, used, asked)
        labels = [n for t in sorted(group_members, key=lambda t: (t != best, t)) for n in ontology[t].names()]
        label = display(ontology[best])
        option = Option(
            best,
            label,
            frozenset(group_members),
            tuple(dict.fromkeys(n for n in labels if n != label)),
            names.care_role(best),
        )
        found.update(dict.fromkeys(group_members, option))
    return found


def _leader(names: Names, members: Iterable[str], used: Mapping[str, int], asked: Iterable[str]) -> str:
    """The term that an option is called by: one of the question, else the widest of those that papers mostly
    use.
    """
    asked, group = set(asked), sorted(members)
    often = max(used[t] for t in group)
    return min(
        group,
        key=lambda t: (
            names.ontology[t].branch is Branch.AGENT,
            t not in asked,
            2 * used[t] < often,
            len(names.above(t)),
            -used[t],
            t,
        ),
    )


def _other_side(text: str, record: EvidenceRecord) -> str:
    """The words of the arm that `text` is compared with in a finding."""
    result = record.result
    if result is None:
        return ""
    return (result.comparator_text or "") if text == result.intervention_text else result.intervention_text


def _combines(names: Names, procedure: str) -> bool:
    """True for a therapy that joins two: an agent of it is a therapy of its own."""
    if re.search(r"\b(?:plus|combined with)\b|\+", names.ontology[procedure].label):
        return True
    combination = names.ontology.by_label.get("combination therapy")
    return combination is not None and combination.id in names.above(procedure)


def parts_of(names: Names, options: Mapping[str, Option], named: Iterable[str]) -> frozenset[str]:
    """Options that are only an agent of several other options ("doxorubicin" where kinds of chemoembolization
    are compared).
    """
    ontology, found = names.ontology, set[str]()
    terms = {o.term for o in options.values()}
    for term in terms - set(named):
        if ontology[term].branch is Branch.AGENT:
            users = {
                p
                for o in options.values()
                for p in o.members
                if term in ontology[p].slots.get("uses", ()) and not _combines(names, p)
            }
            if len(users) > 1:
                found.add(term)
    return frozenset(found)


def _names_agent(names: Names, procedure: str, agent: str) -> bool:
    return names.words(agent) <= names.words(procedure)


def _denied(text: str, quote: str, *, anywhere: bool) -> bool:
    """True when "no" or "without" stands before the words: before one place of them, or before every one."""
    places = len(re.findall(re.escape(text), quote))
    denied = len(re.findall(rf"\b(?:no|without)\s+{re.escape(text)}", quote))
    return denied > 0 and (anywhere or denied == places)


def is_part(names: Names, term: str) -> bool:
    """True for agents that are a part of a procedure and no therapy by themselves: stents, embolics."""
    found = names.ontology.terms.get(term)
    return (
        found is not None and found.branch is Branch.AGENT and bool(_PARTS & set(found.slots.get("kind", ())))
    )


def excluded_terms(names: Names) -> frozenset[str]:
    """Terms that are no options."""
    return not_options(names.ontology)
