"""Every xref of the ontology against the snapshots of the vocabularies, where these are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ontology.tables import ROOT, read_mappings, read_terms
from ontology.terms import Ontology
from ontology.vocabularies import FILES, check

SNAPSHOTS = Path(__file__).parents[2] / "../shared/vocab"


@pytest.mark.skipif(not SNAPSHOTS.is_dir(), reason=f"no snapshots of the vocabularies in {SNAPSHOTS}")
@pytest.mark.parametrize("prefix", [*FILES, "NCIT"])
def test_every_xref_is_what_it_says(prefix: str) -> None:
    terms, _ = read_terms(ROOT / "terms")
    mappings, _ = read_mappings(ROOT / "mappings", terms)
    known = tuple(m for m in mappings if m.subject_id in terms)
    found = check(Ontology(terms, known), SNAPSHOTS, [prefix])
    assert not found, f"{len(found)} wrong:\n" + "\n".join(map(str, found[:30]))
