"""The reader as a whole: versions, two readers in one process, equal readings everywhere."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from ingest.nlp.pipeline import CODE, COMPONENTS, ROOT, Reader, code_version
from kg.model import SectionKind
from ontology.terms import Branch, Ontology, Term
from tests.ingest.nlp.helpers import publication, read

TITLE = "Chemoembolization versus sorafenib for hepatocellular carcinoma: a randomized trial"
TEXT = (
    "Of 120 patients, 60 received chemoembolization (TACE). Overall survival was 18.2 months with TACE and "
    "12.1 months with sorafenib (HR 0.70, 95% CI 0.55-0.90; p = 0.006). Contrast-induced nephropathy (CIN) "
    "occurred in 3% after TACE. Stroke was rare. VEGF is overexpressed in hepatocellular carcinoma."
)
# What a process with a given hash seed reads, as one line of JSON.
SCRIPT = """
import json, sys
from ingest.extract import to_line
from ingest.nlp.pipeline import Reader
from ontology.tables import ROOT, read_terms
from ontology.terms import Ontology
from tests.ingest.nlp.test_pipeline import TEXT, TITLE
from tests.ingest.nlp.helpers import read
reading = read(Reader(Ontology(read_terms(ROOT / "terms")[0])), TEXT, title=TITLE)
print(json.dumps([to_line(reading), [str(m) for m in reading.mentions], reading.topics]))
"""


def test_a_reading_is_the_same_in_every_process() -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        for seed in ("1", "2")
    ]
    lines = [run.communicate(timeout=120)[0] for run in runs]
    assert all(run.returncode == 0 for run in runs)
    assert lines[0] == lines[1]
    assert b"chemoembolization" in lines[0].lower()


def test_a_reading_does_not_depend_on_what_is_read_beside_it(reader: Reader) -> None:
    one = publication((SectionKind.RESULTS, TEXT), title=TITLE)
    other = publication((SectionKind.RESULTS, "Stroke was rare. TACE (a word) is unknown here."))
    together = list(reader.read_many([other, one, other]))
    assert together[1] == reader.read(one)
    assert together[0] == together[2]


def test_a_pickled_reading_is_equal(reader: Reader) -> None:
    reading = read(reader, TEXT, title=TITLE)
    assert reading.findings
    assert pickle.loads(pickle.dumps(reading)) == reading


def test_two_readers_do_not_disturb_each_other(reader: Reader) -> None:
    roots = {
        "IRKG:0001000": Term("IRKG:0001000", Branch.DISEASE, "disease"),
        "IRKG:0001001": Term("IRKG:0001001", Branch.DISEASE, "zork", ("IRKG:0001000",)),
    }
    text = "The zork was treated with chemoembolization."
    before = read(reader, text)
    small = Reader(Ontology(roots))
    assert {m.text: m.term for m in read(small, text).mentions}["zork"] == "IRKG:0001001"
    assert read(reader, text) == before
    assert "zork" not in {m.text for m in before.mentions}


def test_a_component_cannot_be_added_to_another_language() -> None:
    with pytest.raises(ValueError, match="Reader"):
        spacy.blank("en").add_pipe("irkg_terms")


def test_components_are_in_order(reader: Reader) -> None:
    assert tuple(reader.components) == COMPONENTS


@pytest.mark.parametrize(
    "file",
    [
        "ingest/nlp/findings.py",
        "ingest/nlp/tables/polarity.tsv",
        "ingest/nlp/tables/generic_words.txt",
        "ontology/lexicon.py",
        "ontology/spelling.py",
        "ontology/rules.py",
        "ontology/folding/stems.tsv",
    ],
)
def test_the_version_changes_with_code_and_tables(tmp_path: Path, file: str) -> None:
    for place in CODE:
        for path in ROOT.glob(place):
            if path.is_file():
                copy = tmp_path / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
    before = code_version(tmp_path, "en model 1")
    assert before == code_version(ROOT, "en model 1")
    assert before != code_version(tmp_path, "en model 2")
    (tmp_path / file).write_text((tmp_path / file).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert before != code_version(tmp_path, "en model 1")


def test_every_module_that_reads_counts_for_the_version() -> None:
    counted = {path for place in CODE for path in ROOT.glob(place)}
    assert set((ROOT / "ingest/nlp").rglob("*.py")) <= counted
    assert {p for p in (ROOT / "ingest/nlp/tables").iterdir() if p.is_file()} <= counted


def test_empty_and_odd_texts(reader: Reader) -> None:
    for text in ("", " ", "\n\n", ".", "\x00", "\ud800 TACE", "\u200d", "²³ patients", "n = ²"):
        read(reader, text)
