"""Putting a justification together: a pure walk over the store, the same bytes for the same graph and question."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from kg.claims import CLAIMS
from kg.criteria.eligibility import Criterion, eligibility
from kg.justify import context
from kg.justify.comparisons import Comparison, compare, numbers, overall
from kg.justify.mechanism import mechanism
from kg.justify.names import Names, display, names_of
from kg.justify.narrative import narrate
from kg.justify.neighbourhood import Neighbourhood, Paper, neighbourhood
from kg.justify.observations import Observation, distinct, numbers_text, observe
from kg.justify.options import Arm, Arms, Option, excluded_terms, group_options, meant, parts_of
from kg.justify.profile import profile_to_json
from kg.justify.references import References
from kg.justify.relatives import Relative, aspects, facets, relatives
from kg.justify.scoring import fixed_row, score, score_rows, stated_rows
from kg.justify.tables import designs
from kg.model.claim import EvidenceRecord
from kg.model.justification import (
    Answer,
    ComparisonLine,
    Eligibility,
    EvidenceLine,
    OptionAnswer,
    Profile,
    ScoreRow,
)
from kg.rdf import term_node
from kg.store.base import Store
from kg.versions import dataset
from kg.vocabulary import IRKG
from ontology.iris import compact
from ontology.terms import Branch, Ontology

__all__ = ["justify"]

MOST_OPTIONS: Final = 15
MOST_COMPARISONS: Final = 60
MOST_PAIRS: Final = 5  # comparisons that the narrative tells
_LINE: Final = 200  # therapies that are looked at when the question names no disease
_FOUNDING: Final = 0.5  # evidence less direct than this adds to options but makes none


@dataclass
class _Facts:
    """What the neighbourhood yields, before it is ranked."""

    observations: list[Observation] = field(default_factory=list)
    results: list[tuple[EvidenceRecord, Arm | None, Arm | None]] = field(default_factory=list)
    statements: dict[str, list[tuple[EvidenceRecord, float]]] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    rivals: list[tuple[str, str]] = field(default_factory=list)
    founded: set[str] = field(default_factory=set)


def justify(store: Store, ontology: Ontology, profile: Profile, question: str = "") -> Answer:
    """The options for a profile, each with what speaks for and against it.

    With nothing known the answer has no options and says in `missing` what is not known.
    """
    names, read = names_of(ontology), profile
    missing = _missing_in(profile, ontology)
    if profile.disease is None and (assumed := _assumed(store, names, profile)) is not None:
        profile = replace(profile, disease=assumed)
        missing.append(f"Shown is {display(ontology[assumed])}, which most is known of for this therapy.")
    around = _around(store, names, profile)
    facts = _facts(names, around, profile) if around is not None else _Facts()
    context_words = (
        display(ontology[profile.disease]) if profile.disease in ontology and profile.disease else ""
    )
    asked = [
        meant(names, term, facts.used, f"{context_words} {question}")
        for term in profile.options
        if term in ontology
    ]
    parts = excluded_terms(names)
    profile = replace(profile, options=tuple(dict.fromkeys(t for t in asked if t not in parts)))
    for term in profile.options:
        facts.used[term] += 0
        facts.founded.add(term)
    options = group_options(names, facts.used, facts.rivals, profile.options)
    everything = distinct(names, _merged(facts.observations, options))
    observations = [o for o in everything if o.comparative]
    reported: dict[str, list[Observation]] = {}
    for one in everything:
        if not one.comparative:
            reported.setdefault(options[one.arm.term or ""].term, []).append(one)
    kept = _kept(names, facts, options, observations, profile)
    references = References()
    comparisons = [
        c
        for c in compare(observations, options)
        if c.a.term in kept or (c.b is not None and c.b.term in kept)
    ]
    pairs = overall(comparisons)
    by_option: dict[str, list[Observation]] = {}
    for one in observations:
        by_option.setdefault(options[one.arm.term or ""].term, []).append(one)
    tables = {}
    checked = {}
    for term, option in kept.items():
        checked[term] = eligibility(ontology, profile, option.members)
        tables[term] = _table(
            option, by_option.get(term, []), reported.get(term, []), options, facts, checked[term]
        )
    ranked = _ranked(kept, tables, checked, profile)
    if not ranked:
        missing.append(
            "No option can be shown: the graph holds no evidence on the treatment of this condition."
        )
    order = {option.term: place for place, option in enumerate(ranked)}
    pairs.sort(
        key=lambda c: (
            _asked(c, profile),
            order.get(c.a.term, 99) + order.get(c.b.term if c.b else "", 99),
            c.a.term,
        )
    )
    comparisons.sort(
        key=lambda c: (
            _asked(c, profile),
            order.get(c.a.term, 99) + order.get(c.b.term if c.b else "", 99),
            c.a.term,
            -(c.outcome.weight if c.outcome else 0),
            c.outcome.label if c.outcome else "",
        )
    )
    narrative = narrate(ranked, by_option, reported, pairs[:MOST_PAIRS], options, references)
    answers = []
    for place, option in enumerate(ranked, 1):
        answers.append(
            _option(
                store,
                names,
                option,
                place,
                [*by_option.get(option.term, []), *reported.get(option.term, [])],
                facts,
                options,
                tables[option.term],
                checked[option.term],
                around,
                profile,
                references,
            )
        )
    lines = [_line(c, references) for c in (*pairs, *comparisons)[:MOST_COMPARISONS]]
    shown = profile_to_json(read, ontology)
    return Answer(
        id=_answer_id(store, shown, question),
        question=question,
        profile=shown,
        options=tuple(answers),
        comparisons=tuple(lines),
        citations=references.all(),
        narrative=narrative,
        missing=tuple(missing),
    )


def _missing_in(profile: Profile, ontology: Ontology) -> list[str]:
    missing = []
    if profile.disease is None or profile.disease not in ontology:
        said = f" ({profile.disease_text!r} is no term that is known)" if profile.disease_text else ""
        missing.append(f"No disease was recognised in the question{said}.")
    else:
        same = facets(ontology, profile.disease, profile.others)
        apart = [display(ontology[o]) for o in profile.others if o in ontology and o not in same]
        if apart:
            missing.append(
                f"The options are for {display(ontology[profile.disease])}; also named: {', '.join(apart)}."
            )
    if profile.unread:
        missing.append(f"Not understood: {', '.join(profile.unread)}.")
    return missing


def _around(store: Store, names: Names, profile: Profile) -> Neighbourhood | None:
    if profile.disease is None or profile.disease not in names.ontology:
        return None
    near: dict[str, Relative] = {}
    for disease in facets(names.ontology, profile.disease, profile.others):
        for term, relative in relatives(names.ontology, disease).items():
            if term not in near or near[term].directness < relative.directness:
                near[term] = relative
    found = neighbourhood(store, names, profile.disease, near)
    if not found.papers and (more := aspects(names.ontology, profile.disease)):
        found = neighbourhood(store, names, profile.disease, {**near, **more})
    return found


def _assumed(store: Store, names: Names, profile: Profile) -> str | None:
    """The disease that most claims say the therapies of the question treat, when the question names none."""
    count: Counter[str] = Counter()
    for option in profile.options:
        if option not in names.ontology:
            continue
        line = {option, *names.ontology.descendants(option)}
        for parent in names.ontology[option].parents:
            # A procedure that no paper names is known by its nearest relatives.
            line |= {parent, *names.ontology.descendants(parent)}
        for term in sorted(line)[:_LINE]:
            for quad in store.quads(term_node(term), IRKG.treats, None, graph=CLAIMS):
                disease = compact(quad.object.value) if isinstance(quad.object, NamedNode) else ""
                if disease in names.ontology:
                    count[disease] += 3 if term == option else 1
    return min(count, key=lambda d: (-count[d], d), default=None)


def _facts(names: Names, around: Neighbourhood, profile: Profile) -> _Facts:
    facts, excluded = _Facts(), excluded_terms(names)
    for paper in around.papers:
        arms = Arms(names, paper, excluded)
        seen: set[str] = set()
        for record in paper.evidence:
            if record.result is not None:
                first, second = arms.of(record)
                facts.results.append((record, first, second))
                for one in observe(names, paper, record, first, second):
                    facts.observations.append(one)
                    seen.add(one.arm.term or "")
                if (
                    first is not None
                    and second is not None
                    and first.term
                    and second.term
                    and first.in_quote
                    and second.in_quote
                ):
                    facts.rivals.append((first.term, second.term))
                seen |= {
                    a.term for a in (first, second) if a is not None and a.term is not None and a.in_quote
                }
            elif record.predicate == "treats" and record.object in around.relatives:
                _state(facts, names, paper, record, arms.treated(record))
            if record.predicate in ("causes", "uses"):
                facts.results.append((record, None, None))
        for term in sorted(seen):
            facts.used[term] += 1
            if paper.relative.directness >= _FOUNDING and not paper.retracted:
                facts.founded.add(term)
    return facts


def _state(facts: _Facts, names: Names, paper: Paper, record: EvidenceRecord, term: str | None) -> None:
    """Keep a statement that a therapy treats the disease. An agent that is only mentioned is no option by itself."""
    if term is None or paper.retracted:
        return
    facts.statements.setdefault(term, []).append((record, paper.relative.directness))
    facts.used[term] += 0
    branch = names.ontology[term].branch if term in names.ontology else None
    telling = record.section in ("title", "conclusion", "results", "methods", "abstract")
    if (
        telling
        and branch is Branch.PROCEDURE
        and not record.negated
        and paper.relative.directness >= _FOUNDING
    ):
        facts.founded.add(term)


def _merged(observations: Iterable[Observation], options: Mapping[str, Option]) -> list[Observation]:
    """Observations whose two arms are one option are dropped; arms are named by their option's term."""
    found = []
    for one in observations:
        if one.arm.term is None:
            continue
        option = options[one.arm.term]
        other = options.get(one.other.term) if one.other is not None and one.other.term is not None else None
        if other is option:
            continue
        arm = replace(one.arm, term=option.term)
        second = one.other if one.other is None or other is None else replace(one.other, term=other.term)
        found.append(replace(one, arm=arm, other=second))
    return found


def _kept(
    names: Names,
    facts: _Facts,
    options: Mapping[str, Option],
    observations: Sequence[Observation],
    profile: Profile,
) -> dict[str, Option]:
    """The options worth showing: named ones, then those with most evidence."""
    weight: Counter[str] = Counter()
    for one in observations:
        term = options[one.arm.term or ""].term
        weight[term] += round(
            1000
            * designs()[one.record.document.design].weight
            * one.paper.relative.directness
            * (1 if one.other else 0.3)
        )
    for term, statements in facts.statements.items():
        if term in options:
            weight[options[term].term] += len({r.document.study for r, _ in statements})
    named = {options[t].term for t in profile.options if t in options}
    founded = {options[t].term for t in facts.founded if t in options} - parts_of(
        names, options, profile.options
    )
    chosen = sorted(founded, key=lambda t: (t not in named, -weight[t], t))[:MOST_OPTIONS]
    by_term = {o.term: o for o in options.values()}
    return {t: by_term[t] for t in chosen}


def _table(
    option: Option,
    observations: Sequence[Observation],
    reported: Sequence[Observation],
    options: Mapping[str, Option],
    facts: _Facts,
    checked: Sequence[tuple[Criterion, Eligibility]],
) -> list[ScoreRow]:
    rows = score_rows(observations, options)
    studied = {o.record.document.study for o in observations}
    stated: dict[str, tuple[EvidenceRecord, float]] = {}
    for member in sorted(option.members):
        for record, directness in facts.statements.get(member, ()):
            study = record.document.study
            if study not in studied and (study not in stated or directness > stated[study][1]):
                stated[study] = record, directness
    for one in reported:
        if one.record.document.study not in studied and not one.paper.retracted:
            stated.setdefault(one.record.document.study, (one.record, one.paper.relative.directness))
    rows += stated_rows([stated[s] for s in sorted(stated)])
    for _, held in checked:
        if held.kind == "indication" and held.status != "unknown":
            rows.append(
                fixed_row(
                    f"eligibility: {held.criterion}",
                    held.status,
                    f"indication {held.status}",
                    f"indication; {held.source}",
                )
            )
        elif held.status == "failed":
            rows.append(
                fixed_row(
                    f"eligibility: {held.criterion}",
                    "failed",
                    f"{held.kind} failed",
                    f"{held.kind}; {held.source}",
                )
            )
    return rows


def _barred(checked: Sequence[tuple[Criterion, Eligibility]]) -> bool:
    return any(e.status == "failed" and e.kind == "absolute contraindication" for _, e in checked)


def _ranked(
    kept: Mapping[str, Option],
    tables: Mapping[str, Sequence[ScoreRow]],
    checked: Mapping[str, Sequence[tuple[Criterion, Eligibility]]],
    profile: Profile,
) -> list[Option]:
    """Contraindicated options last, shams before them; with two or more options in the question those first; then by score."""
    asked = [t for t, o in kept.items() if o.members & set(profile.options)]

    def place(option: Option) -> tuple[object, ...]:
        return (
            _barred(checked[option.term]),
            option.role == "sham",
            len(asked) > 1 and option.term not in asked,
            -score(tables[option.term]),
            option.role != "control",  # with equal evidence the less invasive choice goes first
            option.label,
            option.term,
        )

    return sorted(kept.values(), key=place)


def _asked(comparison: Comparison, profile: Profile) -> int:
    """0 for a comparison of two options of the question, 1 for one of them, 2 for none."""
    options = set(profile.options)
    sides = [comparison.a.members, comparison.b.members if comparison.b is not None else frozenset[str]()]
    return 2 - sum(bool(side & options) for side in sides)


def _option(
    store: Store,
    names: Names,
    option: Option,
    place: int,
    observations: Sequence[Observation],
    facts: _Facts,
    options: Mapping[str, Option],
    rows: Sequence[ScoreRow],
    checked: Sequence[tuple[Criterion, Eligibility]],
    around: Neighbourhood | None,
    profile: Profile,
    references: References,
) -> OptionAnswer:
    sides: dict[int, list[EvidenceLine]] = {1: [], -1: [], 0: []}
    order = sorted(
        observations,
        key=lambda o: (
            -designs()[o.record.document.design].weight * o.paper.relative.directness,
            o.record.document.study,
            -o.outcome.weight,
            o.record.iri,
        ),
    )
    for one in order:
        sides[one.sign].append(_evidence(one, options, references))
    studied = {o.record.document.study for o in observations}
    for member in sorted(option.members):
        for record, _ in facts.statements.get(member, ()):
            if record.document.study not in studied:
                studied.add(record.document.study)
                sides[-1 if record.negated else 1].append(_statement(record, references))
    papers = frozenset(o.record.document.id for o in observations) | {
        r.document.id for m in option.members for r, _ in facts.statements.get(m, ())
    }
    known = [(r, a, b) for r, a, b in facts.results if _touches(r, a, b, option)]
    more = context.elsewhere(store, names, option, (r.iri for r, _, _ in known))
    found = [
        *known,
        *(
            (
                r,
                _plain(r.result.intervention, r.result.intervention_text) if r.result else None,
                _plain(r.result.comparator, r.result.comparator_text) if r.result else None,
            )
            for r in more
        ),
    ]
    harms = context.harms_of(names, option, found, options, references)
    imaging = (
        context.imaging_of(names, option, around, papers, profile, references) if around is not None else ()
    )
    biomarkers = (
        context.biomarkers_of(names, around, papers, profile, references) if around is not None else ()
    )
    paths = mechanism(store, names, option, around.relatives, references) if around is not None else ()
    return OptionAnswer(
        id=option.term,
        label=option.label,
        synonyms=option.synonyms,
        rank=place,
        score=score(rows) if rows else Decimal("0.0000"),
        score_table=tuple(rows),
        supporting=tuple(sides[1]),
        opposing=tuple(sides[-1]),
        neutral=tuple(sides[0]),
        eligibility=tuple(e for _, e in checked),
        harms=harms,
        imaging=imaging,
        biomarkers=biomarkers,
        mechanism=paths,
        contraindicated=_barred(checked),
        named=bool(option.members & set(profile.options)),
    )


def _plain(term: str | None, text: str | None) -> Arm | None:
    return Arm(term, text or "", True) if term is not None or text else None


def _touches(record: EvidenceRecord, first: Arm | None, second: Arm | None, option: Option) -> bool:
    return (
        any(a is not None and a.term in option.members for a in (first, second))
        or record.subject in option.members
    )


def _evidence(one: Observation, options: Mapping[str, Option], references: References) -> EvidenceLine:
    other = None if one.other is None else options.get(one.other.term or "")
    notes = []
    if one.paper.relative.kinship not in ("same", "narrower"):
        notes.append(
            f"population: {one.paper.relative.kinship} disease, directness {one.paper.relative.directness:g}"
        )
    if one.basis == "untested":
        notes.append("the difference was not tested")
    if not one.comparative:
        notes.append("reported without a comparison")
    if one.paper.retracted:
        notes.append("RETRACTED: counts for nothing")
    return EvidenceLine(
        citation=references.number(one.record.document),
        quote=one.record.quote,
        grade=designs()[one.record.document.design].grade,
        outcome=one.outcome.label,
        outcome_id=one.outcome.term,
        numbers=numbers_text(one.record.result) if one.record.result is not None else "",
        versus=other.label if other is not None else one.other.text if one.other is not None else "",
        evidence=one.record.iri,
        document=one.record.document.id,
        counted=not one.paper.retracted,
        note="; ".join(notes),
    )


def _statement(record: EvidenceRecord, references: References) -> EvidenceLine:
    return EvidenceLine(
        citation=references.number(record.document),
        quote=record.quote,
        grade=designs()[record.document.design].grade,
        outcome="",
        outcome_id=None,
        numbers="",
        versus="",
        evidence=record.iri,
        document=record.document.id,
        note="says that it treats the disease; no result for it was read",
    )


def _line(one: Comparison, references: References) -> ComparisonLine:
    return ComparisonLine(
        a=one.a.label,
        b=one.b_label,
        a_id=one.a.term,
        b_id=one.b.term if one.b is not None else None,
        outcome=one.outcome.label if one.outcome is not None else "overall",
        outcome_id=one.outcome.term if one.outcome is not None else None,
        verdict=one.verdict,
        numbers=numbers(one) if one.outcome is not None else "",
        citations=tuple(dict.fromkeys(references.number(o.record.document) for o in one.observations)),
        quotes=tuple(dict.fromkeys(o.record.quote for o in one.observations)),
        overall=one.outcome is None,
    )


@cache
def _code_version() -> str:
    """A hash over the code and tables that decide an answer."""
    digest, here = hashlib.sha256(), Path(__file__).parent
    for folder in (here, here / "tables", here.parent / "criteria"):
        for path in sorted([*folder.glob("*.py"), *folder.glob("*.tsv")]):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _answer_id(store: Store, profile: Mapping[str, object], question: str) -> str:
    state = dataset(store)
    content = {
        "graph": state.version if state is not None else "",
        "ontology": state.ontology if state is not None else "",
        "code": _code_version(),
        "profile": profile,
        "question": question,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]
