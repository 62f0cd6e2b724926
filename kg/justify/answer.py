"""Putting a justification together: a pure walk over the store, the same bytes for the same graph and
question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from kg.criteria.eligibility import Criterion, eligibility
from kg.justify import context
from kg.justify.comparisons import Comparison, compare, overall
from kg.justify.contraindications import Contraindication, contraindications
from kg.justify.contraindications import line as contraindication_line
from kg.justify.facts import Facts, assumed_disease, gather, merged, surroundings, worth_showing
from kg.justify.lines import comparison_line, evidence_line, statement_line
from kg.justify.mechanism import mechanism
from kg.justify.names import Names, display, names_of
from kg.justify.narrative import narrate
from kg.justify.neighbourhood import Neighbourhood
from kg.justify.observations import Observation, distinct
from kg.justify.options import Arm, Option, excluded_terms, group_options, meant
from kg.justify.profile import profile_to_json
from kg.justify.references import References
from kg.justify.relatives import facets
from kg.justify.scoring import fixed_row, score, score_rows, short_name, stated_rows
from kg.justify.tables import designs
from kg.model.claim import EvidenceRecord
from kg.model.justification import Answer, Eligibility, EvidenceLine, OptionAnswer, Profile, ScoreRow
from kg.store.base import Store
from kg.versions import dataset
from ontology.terms import Ontology

__all__ = ["justify"]

MOST_COMPARISONS: Final = 60
MOST_PAIRS: Final = 5  # comparisons that the narrative tells


def justify(store: Store, ontology: Ontology, profile: Profile, question: str = "") -> Answer:
    """The options for a profile, each with what speaks for and against it.

    With nothing known the answer has no options and says in `missing` what is not known.
    """
    names, read = names_of(ontology), profile
    missing = _missing_in(profile, ontology)
    if profile.disease is None and (assumed := assumed_disease(store, names, profile)) is not None:
        profile = replace(profile, disease=assumed)
        missing.append(f"Shown is {display(ontology[assumed])}, which most is known of for this therapy.")
    around = surroundings(store, names, profile)
    facts = gather(store, names, around) if around is not None else Facts()
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
    everything = distinct(names, merged(facts.observations, options))
    observations = [o for o in everything if o.comparative]
    reported: dict[str, list[Observation]] = {}
    for one in everything:
        if not one.comparative:
            reported.setdefault(options[one.arm.term or ""].term, []).append(one)
    kept = worth_showing(names, facts, options, observations, profile)
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
    papers = frozenset(p.citation.id for p in around.papers) if around is not None else frozenset[str]()
    checked = {}
    told = {}
    for term, option in kept.items():
        checked[term] = eligibility(ontology, profile, option.members)
        told[term] = contraindications(store, names, option, profile, papers)
        tables[term] = _table(
            option, by_option.get(term, []), reported.get(term, []), options, facts, checked[term], told[term]
        )
    ranked = _ranked(kept, tables, checked, profile, by_option.keys())
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
    narrative = narrate(ranked, by_option, reported, pairs[:MOST_PAIRS], options, references, profile.options)
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
                told[option.term],
                around,
                profile,
                references,
            )
        )
    lines = [comparison_line(c, references) for c in (*pairs, *comparisons)[:MOST_COMPARISONS]]
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
        own = set(display(ontology[profile.disease]).split())
        labels = [display(ontology[o]) for o in profile.others if o in ontology and o not in same]
        # "aneurysm" beside a ruptured intracranial aneurysm is no second disease.
        apart = [label for label in labels if not set(label.split()) <= own]
        if apart:
            missing.append(
                f"The options are for {display(ontology[profile.disease])}; also named: {', '.join(apart)}."
            )
    if profile.unread:
        missing.append(f"Not understood: {', '.join(profile.unread)}.")
    return missing


def _table(
    option: Option,
    observations: Sequence[Observation],
    reported: Sequence[Observation],
    options: Mapping[str, Option],
    facts: Facts,
    checked: Sequence[tuple[Criterion, Eligibility]],
    told: Sequence[Contraindication],
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
    for said in told:
        if said.status == "failed":
            source = f"said in {short_name(said.record.document)}"
            rows.append(fixed_row(f"eligibility: {said.label}", "failed", "contraindicated by claim", source))
    return rows


def _barred(checked: Sequence[tuple[Criterion, Eligibility]]) -> bool:
    return any(e.status == "failed" and e.kind == "absolute contraindication" for _, e in checked)


def _ranked(
    kept: Mapping[str, Option],
    tables: Mapping[str, Sequence[ScoreRow]],
    checked: Mapping[str, Sequence[tuple[Criterion, Eligibility]]],
    profile: Profile,
    compared: Collection[str],
) -> list[Option]:
    """Contraindicated options last, shams before them; with two or more options in the question those first;
    then by score.
    """
    asked = [t for t, o in kept.items() if o.members & set(profile.options)]

    def place(option: Option) -> tuple[object, ...]:
        return (
            _barred(checked[option.term]),
            option.role == "sham",
            len(asked) > 1 and option.term not in asked,
            -score(tables[option.term]),
            option.term not in compared,
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
    facts: Facts,
    options: Mapping[str, Option],
    rows: Sequence[ScoreRow],
    checked: Sequence[tuple[Criterion, Eligibility]],
    told: Sequence[Contraindication],
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
        sides[one.sign].append(evidence_line(one, options, references))
    studied = {o.record.document.study for o in observations}
    for member in sorted(option.members):
        for record, _ in facts.statements.get(member, ()):
            if record.document.study not in studied:
                studied.add(record.document.study)
                sides[-1 if record.negated else 1].append(statement_line(record, references))
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
    paths = (
        mechanism(store, names, option, around.relatives, references, +facts.used)
        if around is not None
        else ()
    )
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
        eligibility=(*(e for _, e in checked), *(contraindication_line(t, references) for t in told)),
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
