"""A small ontology in tables, for tests: written row by row, so that one cell can be made wrong."""

from __future__ import annotations

from pathlib import Path

from ontology.tables import columns, load, table_name
from ontology.terms import Branch, Ontology

Row = dict[str, str]

ROWS: dict[Branch, list[Row]] = {
    Branch.SLOT_VALUE: [
        {"id": "IRKG:0000100", "label": "procedure slot value"},
        {
            "id": "IRKG:0000110",
            "label": "embolization technique",
            "parents": "procedure slot value",
            "kind": "technique",
        },
        {
            "id": "IRKG:0000111",
            "label": "ablation technique",
            "parents": "procedure slot value",
            "kind": "technique",
        },
        {
            "id": "IRKG:0000120",
            "label": "radiofrequency energy",
            "parents": "procedure slot value",
            "kind": "energy",
        },
        {
            "id": "IRKG:0000121",
            "label": "microwave energy",
            "parents": "procedure slot value",
            "kind": "energy",
        },
    ],
    Branch.DISEASE: [
        {"id": "IRKG:0001000", "label": "disease"},
        {"id": "IRKG:0001001", "label": "liver neoplasm", "parents": "disease", "located_in": "liver"},
        {
            "id": "IRKG:0001002",
            "label": "hepatocellular carcinoma",
            "parents": "liver neoplasm",
            "exact": "hepatoma|hepatocellular cancer",
            "abbreviations": "HCC",
        },
    ],
    Branch.MOLECULAR_TARGET: [
        {"id": "IRKG:0003000", "label": "molecular target"},
        {
            "id": "IRKG:0003001",
            "label": "topoisomerase II",
            "parents": "molecular target",
            "kind": "enzyme",
            "associated_with": "hepatocellular carcinoma",
        },
    ],
    Branch.BIOMARKER: [{"id": "IRKG:0004000", "label": "biomarker"}],
    Branch.IMAGING_MODALITY: [
        {"id": "IRKG:0005000", "label": "imaging modality"},
        {"id": "IRKG:0005001", "label": "ultrasonography", "parents": "imaging modality"},
        {"id": "IRKG:0005002", "label": "fluoroscopy", "parents": "imaging modality"},
    ],
    Branch.PROCEDURE: [
        {"id": "IRKG:0006000", "label": "procedure"},
        {
            "id": "IRKG:0006001",
            "label": "embolization",
            "parents": "procedure",
            "technique": "embolization technique",
        },
        {
            "id": "IRKG:0006002",
            "label": "liver embolization",
            "parents": "embolization",
            "technique": "embolization technique",
            "site": "liver",
        },
        {
            "id": "IRKG:0006003",
            "label": "chemoembolization",
            "parents": "embolization",
            "technique": "embolization technique",
            "site": "liver",
            "uses": "doxorubicin|gelatin sponge",
            "guidance": "fluoroscopy",
        },
        {
            "id": "IRKG:0006004",
            "label": "doxorubicin chemoembolization",
            "parents": "chemoembolization",
            "uses": "doxorubicin",
        },
        {
            "id": "IRKG:0006005",
            "label": "superselective chemoembolization",
            "parents": "doxorubicin chemoembolization",
        },
    ],
    Branch.AGENT: [
        {"id": "IRKG:0008000", "label": "agent"},
        {
            "id": "IRKG:0008001",
            "label": "doxorubicin",
            "parents": "agent",
            "kind": "drug",
            "targets": "topoisomerase II",
        },
        {"id": "IRKG:0008002", "label": "gelatin sponge", "parents": "agent", "kind": "embolic"},
    ],
    Branch.ANATOMICAL_SITE: [
        {"id": "IRKG:0010000", "label": "anatomical site"},
        {"id": "IRKG:0010001", "label": "abdomen", "parents": "anatomical site"},
        {"id": "IRKG:0010002", "label": "liver", "parents": "anatomical site", "part_of": "abdomen"},
    ],
    Branch.OUTCOME: [
        {"id": "IRKG:0011000", "label": "outcome"},
        {
            "id": "IRKG:0011001",
            "label": "overall survival",
            "parents": "outcome",
            "better": "higher",
            "kind": "survival",
        },
    ],
    Branch.ADVERSE_EVENT: [{"id": "IRKG:0012000", "label": "adverse event"}],
    Branch.PATIENT_CHARACTERISTIC: [{"id": "IRKG:0013000", "label": "patient characteristic"}],
}


def tables(
    root: Path, changes: dict[str, Row] | None = None, extra: dict[Branch, list[Row]] | None = None
) -> Path:
    """Write the small ontology under `root`; `changes` are cells by term id, `extra` rows by branch."""
    (root / "terms").mkdir(parents=True, exist_ok=True)
    (root / "mappings").mkdir(exist_ok=True)
    for branch, rows in ROWS.items():
        lines = ["\t".join(columns(branch))]
        for row in (*rows, *(extra or {}).get(branch, ())):
            cells = {
                "definition": f"What {row['label']} is.",
                "source": "test",
                **row,
                **(changes or {}).get(row["id"], {}),
            }
            lines.append("\t".join(cells.get(name, "") for name in columns(branch)))
        (root / "terms" / table_name(branch)).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def ontology(
    root: Path, changes: dict[str, Row] | None = None, extra: dict[Branch, list[Row]] | None = None
) -> Ontology:
    """The small ontology, read from its tables."""
    return load(tables(root, changes, extra))
