"""What papers say contraindicates an option, held against the profile."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode

from kg.claims import CLAIMS
from kg.identity import Relation
from kg.justify.names import Names, display
from kg.justify.options import Option
from kg.justify.records import evidence_records
from kg.justify.references import References
from kg.model import Retraction, Stance
from kg.model.claim import EvidenceRecord
from kg.model.justification import Eligibility, Profile, Status
from kg.rdf import term_node
from kg.store.base import Store
from kg.vocabulary import IRKG
from ontology.iris import compact
from ontology.terms import Branch

__all__ = ["Contraindication", "contraindications", "line"]

KIND: Final = "contraindication in the literature"
_CONDITIONS: Final = (Branch.DISEASE, Branch.PATIENT_CHARACTERISTIC)
_MOST: Final = 6
_EVIDENCE: Final = 5


@dataclass(frozen=True, slots=True)
class Contraindication:
    """A condition that more studies say contraindicates an option than deny it, with the surest evidence."""

    condition: str
    label: str
    status: Status
    record: EvidenceRecord


def contraindications(
    store: Store, names: Names, option: Option, profile: Profile, papers: Collection[str]
) -> tuple[Contraindication, ...]:
    """The conditions of an option, those that the profile has first. What it does not tell is unknown.

    Conditions are diseases and patient characteristics. Those that the profile is silent about are listed
    when `papers` (ids of documents about this disease) name them.
    """
    ontology = names.ontology
    has = {d for d in (profile.disease, *profile.others) if d is not None}
    has |= {a for d in has for a in names.above(d)}
    said = {
        c.name.casefold() for c in profile.characteristics if c.value not in (False, "none", "absent", "no")
    }
    denied = {c.name.casefold() for c in profile.characteristics} - said
    found: dict[str, tuple[str, str]] = {}
    for member in sorted(option.members):
        quads = store.quads(None, IRKG.contraindicates, term_node(member), graph=CLAIMS)
        for quad in islice(quads, 50):
            subject = compact(quad.subject.value) if isinstance(quad.subject, NamedNode) else ""
            if subject in ontology and ontology[subject].parents and ontology[subject].branch in _CONDITIONS:
                found.setdefault(subject, (subject, member))
    lines = []
    for subject, member in found.values():
        record = _evidence(store, subject, member)
        label = display(ontology[subject])
        if record is None or (
            record.document.id not in papers and subject not in has and label.casefold() not in said
        ):
            continue
        status: Status = "unknown"
        if subject in has or label.casefold() in said:
            status = "failed"
        elif label.casefold() in denied:
            status = "met"
        lines.append(Contraindication(subject, label, status, record))
    order = {"failed": 0, "unknown": 1, "met": 2}
    return tuple(sorted(lines, key=lambda c: (order[c.status], c.label)))[:_MOST]


def _evidence(store: Store, subject: str, member: str) -> EvidenceRecord | None:
    claim = NamedNode(Relation(subject, "contraindicates", member).iri)
    iris = [q.subject.value for q in store.quads(None, IRKG.claim, claim) if isinstance(q.subject, NamedNode)]
    records = evidence_records(store, sorted(iris)[:_EVIDENCE]).values()
    usable = [r for r in records if r.stance is Stance.SUPPORTS and r.document.retraction is Retraction.NONE]
    return min(usable, key=lambda r: (r.document.digest, -r.confidence, r.iri), default=None)


def line(found: Contraindication, references: References) -> Eligibility:
    """The line of the answer, with its citation."""
    needed = f"whether there is {found.label}" if found.status == "unknown" else None
    number = references.number(found.record.document)
    return Eligibility(found.label, found.status, KIND, needed, f'"{found.record.quote}"', (number,))
