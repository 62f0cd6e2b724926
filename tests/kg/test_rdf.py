from __future__ import annotations

import math
from dataclasses import replace

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.model import Effect, Identifiers, Mention, Reading, Retraction
from kg.quotes import QuoteError
from kg.rdf import UnknownTermError, reading_to_quads
from kg.vocabulary import IRKG, OA, RDF
from ontology.iris import document_graph, document_iri
from ontology.terms import Branch
from tests.kg.factories import (
    HCC,
    RFA,
    TACE,
    UNKNOWN,
    comparison_reading,
    large_reading,
    ontology,
    publication,
    reading,
    relation_reading,
)


def objects(one: Reading, predicate: NamedNode) -> set[str]:
    return {q.object.value for q in reading_to_quads(one) if q.predicate == predicate}  # type: ignore[union-attr]


def test_one_graph_without_blank_nodes_or_repetition() -> None:
    quads = reading_to_quads(large_reading(3), ontology())
    assert {q.graph_name.value for q in quads} == {document_graph("pmid:3")}  # type: ignore[union-attr]
    assert not any(isinstance(node, BlankNode) for q in quads for node in (q.subject, q.object))
    assert len(quads) == len(set(quads))


def test_equal_readings_give_equal_quads() -> None:
    assert reading_to_quads(large_reading(5)) == reading_to_quads(large_reading(5))
    one = large_reading(5)
    mixed = replace(one, mentions=one.mentions[::-1], assertions=one.assertions[::-1])
    assert reading_to_quads(mixed) == reading_to_quads(one)


def test_the_document() -> None:
    paper = publication(
        "pmid:7",
        identifiers=Identifiers("7", "PMC7", "10.1000/x", ("NCT1",)),
        retraction=Retraction.RETRACTED,
        digest=True,
        year=1999,
    )
    quads = reading_to_quads(reading(paper, topics=("IRKG:0001010",)))
    about = {(q.predicate, q.object) for q in quads if q.subject == NamedNode(document_iri("pmid:7"))}
    assert (RDF.type, IRKG.Digest) in about
    assert (IRKG.year, Literal(1999)) in about
    assert (IRKG.study, Literal("pmid:7")) in about
    assert (IRKG.retraction, Literal("retracted")) in about
    assert (IRKG.trial, Literal("NCT1")) in about
    assert (IRKG.size, Literal(100)) in about
    assert (IRKG.text, Literal(paper.text)) in about


def test_quotes_hold_the_sentence() -> None:
    one = relation_reading()
    sentence = "We saw that TACE treats hepatocellular carcinoma."
    assert sentence in objects(one, OA.exact)
    assert objects(one, IRKG.stance) == {"supports"}
    assert objects(one, IRKG.section) == {"results"}


def test_numbers_as_printed_and_none_left_out() -> None:
    effect = Effect(value=1, ci_low=0.5, ci_high=math.nan, p="<0.001")
    one = comparison_reading(effect=effect)
    assert objects(one, IRKG.value) == {"1"}
    assert objects(one, IRKG.p) == {"<0.001"}
    assert objects(one, IRKG.ciHigh) == set()
    assert objects(one, IRKG.measure) == set()


def test_evidence_without_a_claim_is_kept() -> None:
    one = comparison_reading(comparator=UNKNOWN)
    assert objects(one, IRKG.claim) == set()
    assert objects(one, IRKG.comparatorText) == {UNKNOWN.text}
    assert objects(one, IRKG.about) >= {"https://w3id.org/irkg/IRKG_0006010"}


def test_the_same_assertion_twice_is_one_with_the_higher_confidence() -> None:
    one = relation_reading()
    twice = (replace(one.assertions[0], confidence=0.3), *one.assertions)
    assert reading_to_quads(replace(one, assertions=twice)) == reading_to_quads(one)


def test_two_terms_on_one_span() -> None:
    one = relation_reading()
    first = one.mentions[0]
    quads = reading_to_quads(
        replace(one, mentions=(*one.mentions, replace(first, term=RFA.term))), ontology()
    )
    assert len(quads) == len(set(quads)) == len(reading_to_quads(one)) + 1


def test_ids_with_odd_characters() -> None:
    odd = relation_reading("text:a b/<c>#é")
    assert all("<" not in q.subject.value for q in reading_to_quads(odd))  # type: ignore[union-attr]


def test_a_term_that_the_ontology_lacks() -> None:
    reading_to_quads(relation_reading(subject=TACE), ontology())
    stranger = replace(TACE, term="IRKG:0006999")
    with pytest.raises(UnknownTermError, match="IRKG:0006999"):
        reading_to_quads(relation_reading(subject=stranger), ontology())


def test_a_moved_mention_is_an_error() -> None:
    one = relation_reading("pmid:9")
    wrong = replace(one.mentions[0], start=one.mentions[0].start + 1, end=one.mentions[0].end + 1)
    with pytest.raises(QuoteError) as error:
        reading_to_quads(replace(one, mentions=(wrong,)))
    problem = error.value.problems[0]
    assert problem.file == "pmid:9"
    assert problem.field == f"characters {wrong.start}-{wrong.end}"
    assert "'TACE'" in problem.what
    assert "'ACE '" in problem.what


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (30, 20), (23, 10_000), (0, 40)])
def test_a_quote_outside_one_section_is_an_error(start: int, end: int) -> None:
    one = comparison_reading()
    with pytest.raises(QuoteError):
        reading_to_quads(replace(one, findings=(replace(one.findings[0], start=start, end=end),)))


def test_an_assertion_lies_in_its_sentence() -> None:
    paper = publication(sentences=["TACE was used.", "We saw it treats hepatocellular carcinoma."])
    one = relation_reading().assertions[0]
    start = paper.text.index("We saw")
    subject = paper.text.index("TACE")
    condition = paper.text.index(HCC.text)
    moved = replace(
        one,
        subject=Mention(subject, subject + 4, "TACE", Branch.PROCEDURE, TACE.term),
        object=Mention(condition, condition + len(HCC.text), HCC.text, Branch.DISEASE, HCC.term),
        start=start,
        end=len(paper.text),
    )
    with pytest.raises(QuoteError, match="outside the quoted sentence"):
        reading_to_quads(reading(paper, [moved]))


def test_a_section_that_is_not_in_the_text_is_an_error() -> None:
    one = relation_reading()
    paper = one.publication
    sections = (paper.sections[0], replace(paper.sections[1], start=paper.sections[1].start - 1))
    with pytest.raises(QuoteError, match="section 'Results' is not here"):
        reading_to_quads(replace(one, publication=replace(paper, sections=sections)))
