"""From a question to an answer on the graph of the bundled digests: what holds of every answer."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from ingest.nlp.pipeline import Reader
from ingest.question import read_question
from ingest.sources import Read, read
from kg.claims import refresh, with_marks
from kg.justify import justify, profile_from_json, render
from kg.lookup import document
from kg.model.justification import Answer
from kg.rdf import reading_to_quads
from kg.store import Change, OxigraphStore
from ontology.iris import document_graph
from ontology.tables import ROOT, read_terms
from ontology.terms import Ontology

CASES = Path(__file__).parents[3] / "shared" / "cases" / "therapy_cases.jsonl"
QUESTIONS = (
    "HCC, BCLC B, Child-Pugh A, 6 cm",
    "Single HCC of 2 cm, Child-Pugh A: radiofrequency ablation or ethanol injection?",
    "Intermittent claudication: exercise or stent?",
    "Refractory ascites in cirrhosis: TIPS?",
    "Large core stroke, M1 occlusion, NIHSS 18: thrombectomy?",
    "Varicose veins",
    "Painful bone metastasis",
    "Uterine fibroids, does not want a hysterectomy",
    "Moon fever of the left antenna",
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reader() -> Reader:
    terms, _ = read_terms(ROOT / "terms")
    return Reader(Ontology(terms))


@pytest.fixture(scope="module")
def store(reader: Reader) -> OxigraphStore:
    found = OxigraphStore.memory()
    corpus = [item.publication for item in read(ROOT.parent / "ingest" / "corpus") if isinstance(item, Read)]
    for one in reader.read_many(corpus):
        change = Change(replace={document_graph(one.publication.id): reading_to_quads(one)})
        found.apply(with_marks(found, change))
    refresh(found)
    return found


def check(store: OxigraphStore, answer: Answer) -> None:
    """What holds of every answer."""
    numbers = {r.n: r for r in answer.citations}
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert all(r.pmid or r.doi for r in answer.citations)
    for sentence in answer.narrative:
        assert sentence.citations, sentence.text
        assert set(sentence.citations) <= set(numbers)
    assert bool(answer.options) or not answer.narrative
    assert bool(answer.options) or answer.missing
    texts: dict[str, str] = {}
    for option in answer.options:
        assert sum(row.contribution for row in option.score_table) == option.score
        for line in (*option.supporting, *option.opposing, *option.neutral):
            if line.document not in texts:
                found = document(store, line.document)
                assert found is not None
                texts[line.document] = found.text
            assert line.quote in texts[line.document]
            assert numbers[line.citation].document == line.document
    assert json.loads(json.dumps(answer.to_json()))
    assert answer.notice in " ".join(render(answer).split())


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_cited_quoted_and_adds_up(question: str, store: OxigraphStore, reader: Reader) -> None:
    profile = read_question(question, reader)
    answer = justify(store, reader.ontology, profile, question)
    check(store, answer)
    assert justify(store, reader.ontology, profile, question) == answer


def test_ablation_beats_ethanol(store: OxigraphStore, reader: Reader) -> None:
    question = QUESTIONS[1]
    answer = justify(store, reader.ontology, read_question(question, reader), question)
    rank = {option.label: option.rank for option in answer.options}
    assert rank["radiofrequency ablation"] < rank["percutaneous ethanol injection"]


def test_nothing_known_is_said(store: OxigraphStore, reader: Reader) -> None:
    answer = justify(store, reader.ontology, read_question(QUESTIONS[-1], reader), QUESTIONS[-1])
    assert answer.options == ()
    assert answer.missing


@pytest.mark.skipif(not CASES.exists(), reason="the therapy cases are not beside the checkout")
def test_every_case_as_question_and_as_profile(store: OxigraphStore, reader: Reader) -> None:
    times = []
    for case in map(json.loads, CASES.read_text().splitlines()):
        asked = read_question(case["question"], reader)
        for profile in (asked, profile_from_json(case["profile"], reader.ontology)):
            start = time.perf_counter()
            answer = justify(store, reader.ontology, profile, case["question"])
            times.append(time.perf_counter() - start)
            check(store, answer)
            assert answer.options, case["id"]
    assert sorted(times)[len(times) // 2] < 1.0
