from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest.document
from ingest.document import (
    Part,
    clean,
    compose,
    document_id,
    from_json,
    initials,
    labelled_parts,
    labelled_spans,
    left_out,
    section_kind,
    to_json,
    trial_ids,
)
from kg.model import Author, Identifiers, Publication, Retraction, SectionKind

parts = st.lists(
    st.builds(
        Part,
        st.text(max_size=20),
        st.text(max_size=80),
        st.sampled_from(SectionKind),
        st.sampled_from(("abstract", "body")),
    )
)


def test_docstrings() -> None:
    assert doctest.testmod(ingest.document).failed == 0


@given(st.text(max_size=60), parts)
def test_every_section_stands_at_its_offset(title: str, given_parts: list[Part]) -> None:
    text, sections = compose(title, given_parts)
    for section in sections:
        assert text[section.start : section.end] == section.text != ""
    assert [s.start for s in sections] == sorted(s.start for s in sections)
    text.encode()


@given(st.text(max_size=60), parts)
def test_json_gives_the_same_publication_back(title: str, given_parts: list[Part]) -> None:
    text, sections = compose(title, given_parts)
    publication = Publication(
        "x:1", text, sections, clean(title), Identifiers("1", None, "10.1/x", ("NCT01234567",)),
        authors=(Author("He", "M"),), retraction=Retraction.CONCERN, mesh=("Liver",),
    )  # fmt: skip
    assert from_json(to_json(publication)) == publication
    assert from_json(to_json(publication)).content_hash == publication.content_hash


def test_from_json_refuses_a_section_at_a_wrong_offset() -> None:
    text, sections = compose("T", [Part("", "abc", SectionKind.ABSTRACT)])
    line = to_json(Publication("x:1", text, sections)).replace('"start": 2', '"start": 1')
    with pytest.raises(ValueError, match="offset"):
        from_json(line)


@given(st.text())
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_spaces_and_invisible_characters() -> None:
    assert clean("5\u00a0mm\u2009x\u200b 3\tmm\r\n") == "5 mmx 3 mm".replace("mmx", "mm x")
    assert clean("e\u0301") == "é"


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("METHODS", SectionKind.METHODS),
        ("Materials & Methods:", SectionKind.METHODS),
        ("Methodology/Principal Findings", SectionKind.RESULTS),
        ("Methods/design", SectionKind.METHODS),
        ("4. Discussion", SectionKind.DISCUSSION),
        ("IV. Results", SectionKind.RESULTS),
        ("Background and aims", SectionKind.OBJECTIVE),
        ("Conclusions and relevance", SectionKind.CONCLUSION),
        ("Case Description", SectionKind.CASE),
        ("Trial registration", SectionKind.OTHER),
        ("Results of the pooled analysis", SectionKind.RESULTS),
        ("Main Outcome Measures", SectionKind.METHODS),
        ("Purpose", SectionKind.OBJECTIVE),
        ("Results and Discussion", SectionKind.RESULTS),
        ("Yttrium", SectionKind.OTHER),
    ],
)
def test_kind_of_a_label(label: str, kind: SectionKind) -> None:
    assert section_kind(label) is kind


def test_a_nested_label_keeps_the_kind_of_its_parent_unless_it_is_plain() -> None:
    assert section_kind("Participants", parent=SectionKind.RESULTS) is SectionKind.RESULTS
    assert section_kind("Conclusion", parent=SectionKind.DISCUSSION) is SectionKind.CONCLUSION
    assert section_kind("Technique", parent=SectionKind.ABSTRACT) is SectionKind.METHODS


def test_the_hint_decides_where_the_label_does_not() -> None:
    assert section_kind("Locations", hint="METHODS") is SectionKind.METHODS
    assert section_kind("What we did", hint="materials|methods") is SectionKind.METHODS


def test_back_matter_is_left_out() -> None:
    assert left_out("Authors’ contributions")
    assert left_out("Funding")
    assert left_out("Appendix 2: forms")
    assert not left_out("Results")
    assert not left_out("")


def test_labels_in_running_text() -> None:
    parts = labelled_parts("BACKGROUND: It is known. METHODS: We treated 5: all men. RESULTS: 4 lived.")
    assert [(p.label, p.text) for p in parts] == [
        ("BACKGROUND", "It is known."), ("METHODS", "We treated 5: all men."), ("RESULTS", "4 lived."),
    ]  # fmt: skip
    assert len(labelled_parts("One sentence. Results: one label only.")) == 1


@given(st.text())
def test_labelled_spans_lie_in_the_text(text: str) -> None:
    last = 0
    for _, start, end in labelled_spans(text):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        last = end


def test_trial_ids() -> None:
    text = "NCT-01234567, nct01234567; ChiCTR-TRC-14005019; EudraCT number 2010-123456-12; XNCT1"
    assert trial_ids(text) == (
        "NCT01234567", "ChiCTR-TRC-14005019", "EudraCT 2010-123456-12",
    )  # fmt: skip


def test_ids_follow_the_rules_of_publication() -> None:
    known = Identifiers("1", "PMC2", "10.1000/A")
    assert document_id(known, "") == "pmid:1"
    assert document_id(known, "", full_text=True) == "pmcid:PMC2"
    assert document_id(Identifiers(doi="10.1000/A"), "", digest=True) == "digest:doi:10.1000/a"
    assert document_id(Identifiers(), "some text").startswith("text:")


def test_initials() -> None:
    assert [initials(name) for name in ("Jean-Marie", "J M", "JM", "", "Josep M.")] == [
        "JM",
        "JM",
        "JM",
        "",
        "JM",
    ]
