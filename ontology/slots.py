"""The columns of each branch's term table: what slots there are and what they may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ontology.terms import Branch

__all__ = ["COMMON", "SLOTS", "Slot", "columns", "table_name"]

COMMON: Final = (
    "id",
    "label",
    "parents",
    "definition",
    "source",
    "exact",
    "abbreviations",
    "narrow",
    "broad",
    "related",
    "comment",
)
MAPPING_COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "comment",
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A column beyond the common ones: term labels of certain branches, or literals from a closed list
    (empty: free)."""

    name: str
    branches: tuple[Branch, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def refers(self) -> bool:
        """True when the cells name terms."""
        return bool(self.branches)


SLOTS: Final[Mapping[Branch, tuple[Slot, ...]]] = {
    Branch.SLOT_VALUE: (Slot("kind", values=("technique", "energy", "access", "intent")),),
    Branch.DISEASE: (Slot("located_in", (Branch.ANATOMICAL_SITE,)),),
    Branch.MOLECULAR_TARGET: (
        Slot(
            "kind",
            values=("gene", "protein", "receptor", "pathway", "complex", "enzyme", "process", "antigen"),
        ),
        Slot("associated_with", (Branch.DISEASE,)),
    ),
    Branch.BIOMARKER: (
        Slot(
            "kind",
            values=(
                "laboratory",
                "genetic",
                "proteomic",
                "metabolic",
                "imaging",
                "clinical",
                "score",
                "physiologic",
            ),
        ),
        Slot("unit"),
        Slot("biomarker_of", (Branch.DISEASE,)),
    ),
    Branch.IMAGING_MODALITY: (
        Slot("uses", (Branch.AGENT,)),
        Slot("targets", (Branch.MOLECULAR_TARGET,)),
    ),
    Branch.PROCEDURE: (
        Slot("technique", (Branch.SLOT_VALUE,)),
        Slot("energy", (Branch.SLOT_VALUE,)),
        Slot("uses", (Branch.AGENT,)),
        Slot("guidance", (Branch.IMAGING_MODALITY,)),
        Slot("access", (Branch.SLOT_VALUE,)),
        Slot("site", (Branch.ANATOMICAL_SITE,)),
        Slot("intent", (Branch.SLOT_VALUE,)),
        # A group is defined by its slots alone: the reasoner places under it what fits.
        Slot("kind", values=("group",)),
    ),
    Branch.AGENT: (
        Slot(
            "kind",
            values=(
                "drug",
                "embolic",
                "device",
                "radionuclide",
                "contrast",
                "radiopharmaceutical",
                "biologic",
                "nanomedicine",
                "material",
                "class",
            ),
        ),
        Slot("targets", (Branch.MOLECULAR_TARGET,)),
    ),
    Branch.ANATOMICAL_SITE: (Slot("part_of", (Branch.ANATOMICAL_SITE,)),),
    Branch.OUTCOME: (
        Slot("better", values=("higher", "lower")),
        Slot(
            "kind",
            values=(
                "survival",
                "function",
                "quality of life",
                "symptom",
                "efficacy",
                "patency",
                "recurrence",
                "event",
                "technical",
                "imaging",
                "utilisation",
                "safety",
                "diagnostic",
            ),
        ),
        Slot("unit"),
    ),
    Branch.ADVERSE_EVENT: (
        Slot(
            "kind",
            values=(
                "bleeding",
                "ischaemic",
                "infectious",
                "organ",
                "vascular",
                "device",
                "systemic",
                "neurological",
                "pain",
                "death",
            ),
        ),
    ),
    Branch.PATIENT_CHARACTERISTIC: (
        Slot(
            "kind",
            values=("stage", "score", "comorbidity", "measurement", "demographic", "anatomy", "history"),
        ),
        Slot("unit"),
        Slot("values"),
        Slot("score"),
    ),
}


def columns(branch: Branch) -> tuple[str, ...]:
    """The header of a branch's term table."""
    return (*COMMON, *(slot.name for slot in SLOTS[branch]))


def table_name(branch: Branch) -> str:
    """The file name of a branch's table: ``MolecularTarget`` -> ``molecular_target.tsv``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", branch.value).lower() + ".tsv"
