"""What stands around an option: harms with their rates, imaging that guides or assesses, biomarkers that
predict or mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode

from kg.justify.names import Names, display
from kg.justify.neighbourhood import Neighbourhood, in_document, object_of
from kg.justify.observations import alike, outcome_of
from kg.justify.options import Arm, Option
from kg.justify.records import evidence_records
from kg.justify.references import References
from kg.model import Retraction
from kg.model.claim import EvidenceRecord
from kg.model.justification import BiomarkerUse, Harm, ImagingUse, Profile
from kg.rdf import term_node
from kg.store.base import Store
from kg.vocabulary import IRKG, RDF
from ontology.iris import compact
from ontology.terms import Branch, Term

__all__ = ["biomarkers_of", "elsewhere", "harms_of", "imaging_of"]

MOST_HARMS: Final = 12
MOST_USES: Final = 8
MOST_ELSEWHERE: Final = 60  # pieces of evidence on harms of one option in other diseases
MOST_KIN: Final = 20  # subclasses of a therapy whose harms are those of each of its kinds
MOST_LOOKED_AT: Final = 400  # pieces of evidence of one therapy in other diseases that are looked at
_HARM_KINDS: Final = frozenset({"event", "safety", "bleeding", "death"})


def is_harm(names: Names, term: str | None) -> bool:
    """True for adverse events and for outcomes that are events or safety, where less is better."""
    if term is None or term not in names.ontology:
        return False
    found = names.ontology[term]
    if found.branch is Branch.ADVERSE_EVENT:
        return True
    kinds = set(found.slots.get("kind", ()))
    return (
        found.branch is Branch.OUTCOME
        and bool(kinds & _HARM_KINDS)
        and found.slots.get("better") == ("lower",)
    )


def elsewhere(store: Store, names: Names, option: Option, known: Iterable[str]) -> list[EvidenceRecord]:
    """Evidence on harms of an option in papers outside the neighbourhood, whose evidence IRIs are `known`."""
    seen, wanted = set(known), list[str]()
    for member in sorted(with_kin(names, option)):
        node = term_node(member)
        for quad in islice(store.quads(None, IRKG.intervention, node), MOST_LOOKED_AT):
            if (
                in_document(quad)
                and isinstance(quad.subject, NamedNode)
                and _on_harm(store, names, quad.subject)
            ):
                wanted.append(quad.subject.value)
        for quad in islice(store.quads(None, RDF.subject, node), MOST_LOOKED_AT):
            if in_document(quad) and isinstance(quad.subject, NamedNode) and _causes(store, quad.subject):
                wanted.append(quad.subject.value)
    chosen = [iri for iri in sorted(set(wanted)) if iri not in seen][:MOST_ELSEWHERE]
    return sorted(evidence_records(store, chosen).values(), key=lambda e: (e.document.id, e.start, e.iri))


def with_kin(names: Names, option: Option) -> frozenset[str]:
    """The terms of an option and those above it that are no general words: what harms every shunt harms an
    early one.
    """
    above = {a for m in option.members for a in names.above(m) if len(names.below(a)) <= MOST_KIN}
    return option.members | {a for a in above if names.ontology[a].parents}


def _unspecified(names: Names, term: str | None) -> bool:
    return term is not None and names.ontology[term].label.startswith("unspecified")


def _causes(store: Store, evidence: NamedNode) -> bool:
    return next(store.quads(evidence, RDF.predicate, IRKG.causes), None) is not None


def _on_harm(store: Store, names: Names, evidence: NamedNode) -> bool:
    outcome = next(store.quads(evidence, IRKG.outcome, None), None)
    return outcome is not None and is_harm(names, compact(object_of(outcome)))


def harms_of(
    names: Names,
    option: Option,
    found: Sequence[tuple[EvidenceRecord, Arm | None, Arm | None]],
    options: Mapping[str, Option],
    references: References,
) -> tuple[Harm, ...]:
    """The harms of an option: results on adverse events with the rate on its side, then what papers say that
    it causes.
    """
    members = with_kin(names, option)
    harms: dict[str, list[tuple[tuple[object, ...], EvidenceRecord, str | None, str, str]]] = {}
    for record, first, second in found:
        if record.document.retraction in (Retraction.RETRACTED, Retraction.NOTICE):
            continue
        if record.result is not None:
            outcome = outcome_of(names, record.result)
            if not is_harm(names, outcome.term) or _unspecified(names, outcome.term):
                continue
            effect = record.result.effect
            own, other, other_arm = effect.intervention_value, effect.comparator_value, second
            if first is None or first.term not in members:
                if second is None or second.term not in members:
                    continue
                own, other, other_arm = effect.comparator_value, effect.intervention_value, first
            own = own if re.search(r"\d", own or "") else None
            versus = ""
            if own and other and other_arm is not None and alike(own, other):
                other_option = options.get(other_arm.term) if other_arm.term is not None else None
                versus = f"{other} with {other_option.label if other_option else other_arm.text}"
            rank = (
                own is None,
                record.section != "results",
                record.document.digest,
                -record.confidence,
                record.iri,
            )
            label = outcome.label
            key = label.casefold()
            harms.setdefault(key, []).append((rank, record, own, versus, outcome.term or ""))
        elif (
            record.predicate == "causes"
            and record.subject in members
            and record.object
            and not record.negated
        ):
            term = record.object
            if not is_harm(names, term) or _unspecified(names, term):
                continue
            label = display(names.ontology[term])
            rank = (True, record.section != "results", record.document.digest, -record.confidence, record.iri)
            harms.setdefault(label.casefold(), []).append((rank, record, None, "", term))
    lines = []
    for key, group in harms.items():
        group.sort(key=lambda item: item[0])
        _, record, rate, versus, term = group[0]
        studies = {item[1].document.study for item in group}
        lines.append((rate is None, -len(studies), key, record, rate, versus, term, group))
    out = []
    for _, _, _, record, rate, versus, term, group in sorted(lines, key=lambda line: line[:3])[:MOST_HARMS]:
        label = display(names.ontology[term]) if term in names.ontology else ""
        numbers = dict.fromkeys(references.number(item[1].document) for item in group[:3])
        out.append(Harm(term or None, label, rate, tuple(numbers), record.quote, versus))
    return tuple(out)


def imaging_of(
    names: Names,
    option: Option,
    around: Neighbourhood,
    papers: frozenset[str],
    profile: Profile,
    references: References,
) -> tuple[ImagingUse, ...]:
    """Imaging that papers of the option say guides or assesses it or the disease, then what the ontology
    says.
    """
    ontology = names.ontology
    found: dict[tuple[str, str], ImagingUse] = {}
    for paper in around.papers:
        if paper.retracted or paper.citation.id not in papers:
            continue
        for record in paper.evidence:
            if (
                record.predicate not in ("guides", "assesses")
                or record.negated
                or record.subject not in ontology
            ):
                continue
            subject = ontology[record.subject or ""]
            if subject.branch is not Branch.IMAGING_MODALITY:
                continue
            target = (
                ontology[record.object] if record.object in ontology and record.object is not None else None
            )
            label = display(target) if target is not None else display(ontology[around.disease])
            key = (subject.id, record.predicate or "")
            if key not in found and len(found) < MOST_USES:
                found[key] = ImagingUse(
                    subject.id,
                    called(subject),
                    record.predicate or "",
                    label,
                    (references.number(paper.citation),),
                    record.quote,
                )
    for member in sorted(option.members):
        line = [member, *sorted(ontology.ancestors(member))] if member in ontology else []
        for term in line:
            for modality in ontology[term].slots.get("guidance", ()):
                if modality in ontology:
                    found.setdefault(
                        (modality, "guides"),
                        ImagingUse(modality, called(ontology[modality]), "guides", option.label, ()),
                    )
        targets = _targets(names, member)
        for seen in ontology.branch(Branch.IMAGING_MODALITY) if targets else []:
            shared = targets & set(seen.slots.get("targets", ()))
            if shared:
                label = ontology[min(shared)].label
                found.setdefault(
                    (seen.id, "assesses"), ImagingUse(seen.id, called(seen), "assesses", label, ())
                )
    for modality_id in profile.imaging:
        if modality_id in ontology:
            found.setdefault(
                (modality_id, "assesses"),
                ImagingUse(
                    modality_id,
                    called(ontology[modality_id]),
                    "assesses",
                    display(ontology[around.disease]),
                    (),
                ),
            )
    return tuple(found.values())


def called(term: Term) -> str:
    """A modality with its usual short names: ``computed tomography angiography (CT angiography, CTA)``."""
    short = [s.text for s in term.synonyms if s.scope == "exact" and len(s.text) < len(term.label)]
    return f"{display(term)} ({', '.join(short[:2])})" if short else display(term)


def _targets(names: Names, term: str) -> set[str]:
    """What a therapy targets by the ontology, through the agents that it uses."""
    ontology, found = names.ontology, set[str]()
    line = [t for t in (term, *ontology.ancestors(term)) if t in ontology] if term in ontology else []
    for one in line:
        for agent in (one, *ontology[one].slots.get("uses", ())):
            if agent in ontology:
                found |= set(ontology[agent].slots.get("targets", ()))
    return found


def biomarkers_of(
    names: Names, around: Neighbourhood, papers: frozenset[str], profile: Profile, references: References
) -> tuple[BiomarkerUse, ...]:
    """Biomarkers that papers of an option say predict its outcomes or mark the disease, those measured as
    outcomes, and those of the ontology.
    """
    ontology = names.ontology
    found: dict[tuple[str, str], BiomarkerUse] = {}
    near = {t for t, r in around.relatives.items() if r.kinship in ("same", "narrower", "wider")}
    for paper in around.papers:
        if paper.retracted or paper.citation.id not in papers:
            continue
        for record in paper.evidence:
            if (
                record.predicate in ("predicts", "biomarker_of")
                and not record.negated
                and record.subject in ontology
            ):
                subject = ontology[record.subject or ""]
                target = (
                    ontology[record.object]
                    if record.object is not None and record.object in ontology
                    else None
                )
                if target is None or subject.branch in (Branch.PROCEDURE, Branch.AGENT):
                    continue
                key = (subject.id, record.predicate or "")
                found.setdefault(
                    key,
                    BiomarkerUse(
                        subject.id,
                        display(subject),
                        record.predicate or "",
                        display(target),
                        (references.number(paper.citation),),
                        record.quote,
                    ),
                )
            elif (
                record.result is not None
                and record.result.outcome in ontology
                and record.result.outcome is not None
            ):
                outcome = ontology[record.result.outcome]
                if outcome.branch is Branch.BIOMARKER or _is_marker(names, outcome.id):
                    key = (outcome.id, "measured as outcome")
                    found.setdefault(
                        key,
                        BiomarkerUse(
                            outcome.id,
                            display(outcome),
                            "measured as outcome",
                            display(outcome),
                            (references.number(paper.citation),),
                            record.quote,
                        ),
                    )
    for marker in ontology.branch(Branch.BIOMARKER):
        if near & set(marker.slots.get("biomarker_of", ())):
            found.setdefault(
                (marker.id, "biomarker_of"),
                BiomarkerUse(
                    marker.id, called(marker), "biomarker_of", display(ontology[around.disease]), ()
                ),
            )
    for one in profile.characteristics:
        known = names.whole(one.name, (Branch.BIOMARKER,)) or names.whole(one.name, (Branch.OUTCOME,))
        if known is not None:
            value = f"{one.value:g} {one.unit}".strip() if isinstance(one.value, float) else str(one.value)
            label = display(ontology[known])
            found[known, "of the patient"] = BiomarkerUse(known, label, "of the patient", value, ())
    for marker_id in profile.biomarkers:
        named = ontology.terms.get(marker_id)
        if named is not None and not any(u.label == display(named) for u in found.values()):
            use = BiomarkerUse(marker_id, display(named), "named in the question", "", ())
            found[marker_id, "named in the question"] = use
    told = [use for use in found.values() if use.citations or use.relation != "biomarker_of"]
    return (*told, *(use for use in found.values() if use not in told))[: 2 * MOST_USES]


def _is_marker(names: Names, term: str) -> bool:
    return (
        "imaging" in names.ontology[term].slots.get("kind", ())
        and names.ontology[term].branch is Branch.OUTCOME
    )
