"""The bundled digests are well formed, marked, cited and, where the facts are at hand, true to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.ingest.corpus_check import (
    CORPUS,
    Digest,
    copied,
    duplicates,
    fact_problems,
    missing,
    numbers,
    published_runs,
    read_digests,
    rows_of,
    spelled,
    structure_problems,
    turned_ratio,
)
from tests.ingest.corpus_record import NOTE, SECTIONS, SHARED, authors, publication_types, read_rows, skeleton

FILES = sorted(CORPUS.glob("*.xml"))
DIGESTS = [digest for path in FILES for digest in read_digests(path)]
NEEDS_FACTS = pytest.mark.skipif(
    not (SHARED / "literature").is_dir(),
    reason="the verified facts (../shared/literature) are not beside the checkout",
)

# The children of an element in the order of the PubMed DTD, as far as the digests use them.
DTD_ORDER = {
    "PubmedArticle": ("MedlineCitation", "PubmedData"),
    "MedlineCitation": ("PMID", "Article", "MedlineJournalInfo", "GeneralNote"),
    "Article": (
        "Journal",
        "ArticleTitle",
        "Pagination",
        "ELocationID",
        "Abstract",
        "AuthorList",
        "Language",
        "DataBankList",
        "PublicationTypeList",
    ),
    "Journal": ("JournalIssue", "Title", "ISOAbbreviation"),
    "PubmedData": ("PublicationStatus", "ArticleIdList"),
}


# --- the files as they are ---


def test_there_are_at_least_120_digests() -> None:
    assert len(DIGESTS) >= 120


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_a_small_utf8_article_set(path: Path) -> None:
    raw = path.read_bytes()
    assert raw.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert b"<!DOCTYPE" not in raw
    raw.decode("utf-8")
    assert len(raw) < 320_000
    root = etree.fromstring(raw)
    assert root.tag == "PubmedArticleSet"
    assert {child.tag for child in root} == {"PubmedArticle"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_elements_stand_in_the_order_of_the_dtd(path: Path) -> None:
    for tag, order in DTD_ORDER.items():
        for element in etree.parse(path).getroot().iter(tag):
            places = [order.index(str(child.tag)) for child in element]
            assert places == sorted(places), etree.tostring(element)[:200]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_records_are_sound_in_themselves(path: Path) -> None:
    assert [str(p) for d in DIGESTS if d.file == path.name for p in structure_problems(d)] == []


def test_no_paper_has_two_digests() -> None:
    assert [str(p) for p in duplicates(DIGESTS)] == []


@NEEDS_FACTS
def test_digests_agree_with_the_verified_facts() -> None:
    rows = read_rows()
    assert [d.name for d in DIGESTS if not rows_of(d, rows)] == []
    assert [str(p) for d in DIGESTS for p in fact_problems(d, rows_of(d, rows))] == []


@NEEDS_FACTS
def test_every_verified_paper_has_a_digest() -> None:
    assert missing(DIGESTS, read_rows()) == []


@NEEDS_FACTS
def test_no_digest_copies_a_published_abstract() -> None:
    published = published_runs()
    assert [str(p) for d in DIGESTS for p in copied(d, published)] == []


# --- the checks themselves, on a made-up study ---


def finding(**fields: Any) -> dict[str, Any]:
    keys = ("outcome", "intervention_value", "comparator_value", "measure", "value", "ci_low", "ci_high", "p")
    return {**dict.fromkeys(keys), "outcome": "overall survival", "favors": "intervention", **fields}


LONGER = finding(
    intervention_value="24.8",
    comparator_value="10.7",
    measure="HR",
    value=0.51,
    ci_low=0.29,
    ci_high=0.9,
    p="0.02",
)
EQUAL = finding(
    outcome="1-year survival",
    intervention_value="62%",
    comparator_value="60%",
    measure="rate",
    favors="neither",
)
ROW: dict[str, Any] = {
    "key": "doe-2099-made-up",
    "pmid": "123",
    "doi": "10.1000/made.up",
    "nct": "NCT00000000",
    "authors": "van Doe J et al.",
    "title": "A made-up study",
    "journal": "J Made Up",
    "year": 2099,
    "design": "RCT",
    "n": 1060,
    "population": "three centres",
    "findings": [LONGER, EQUAL],
}
TEXTS = (
    "The value of the new method had been uncertain, and it was compared with the old one.",
    "In this randomized controlled trial at three centres, 1,060 patients were assigned to the new or the "
    "old method. Survival was compared between the arms by intention to treat, and deaths were counted in "
    "both arms by staff who did not know which method had been used.",
    "Median overall survival was 24.8 months with the new and 10.7 months with the old method (HR 0.51, 95% "
    "CI 0.29-0.90; p = 0.02). Survival at 1 year did not differ (62% versus 60%).",
    "The new method prolongs survival in the long run, although the proportion of patients alive early on "
    "was similar. It may be offered to patients like those of the trial.",
)


def digest(*texts: str, row: dict[str, Any] = ROW, tmp: Path) -> Digest:
    root = etree.Element("PubmedArticleSet")
    root.append(skeleton(row, texts or TEXTS))
    path = tmp / "made_up.xml"
    path.write_bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))
    return read_digests(path)[0]


def faults(digest: Digest, row: dict[str, Any] = ROW) -> str:
    return "\n".join(str(p) for p in (*structure_problems(digest), *fact_problems(digest, [row])))


def test_a_sound_record_passes(tmp_path: Path) -> None:
    record = digest(tmp=tmp_path)
    assert faults(record) == ""
    assert record.authors == ("van Doe J",)
    assert record.trials == ("NCT00000000",)
    assert record.notes == (NOTE,)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("24.8", "24.7", "numbers that the facts do not have: 24.7"),
        ("24.8", "about 25", "not told: 24.8"),
        ("p = 0.02", "p = 0.20", "not told: 0.02"),
        ("0.29-0.90", "0.29-0.91", "not told: 0.9"),
        ("1,060 patients", "many patients", "the number of patients (1060) is not told"),
        ("three centres", "four centres", "numbers that the facts do not have: 4"),
        ("did not differ", "differed", "no sentence there says that there was no difference"),
        (
            "p = 0.02).",
            "p = 0.02), so survival was similar.",
            "the sentence says that there was no difference",
        ),
        ("It may be offered", "It may be offered to 7 and", "numbers that the facts do not have: 7"),
    ],
)
def test_a_changed_fact_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    texts = [text.replace(old, new) for text in TEXTS]
    assert list(TEXTS) != texts
    assert message in faults(digest(*texts, tmp=tmp_path))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "Another study", "where the facts have 'A made-up study'"),
        ("year", "2098", "where the facts have '2099'"),
        ("pmid", "124", "where the facts have '123'"),
        ("pmid", "PMC12", "not the form of a PMID"),
        ("doi", "made.up", "not the form of a DOI"),
        ("notes", (), "the digest note is missing"),
        ("authors", ("Roe J",), "where the facts have 'van Doe J'"),
        ("types", ("Journal Article", "Poem"), "unknown publication type 'Poem'"),
        ("journals", ("J Made Up", "Other", "J Made Up"), "the journal's three places differ"),
        ("sections", (("BACKGROUND", "Short."),), "the sections are not"),
    ],
)
def test_a_changed_citation_is_found(tmp_path: Path, field: str, value: Any, message: str) -> None:
    assert message in faults(replace(digest(tmp=tmp_path), **{field: value}))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Doe J et al.", ["Doe J"]),
        ("Doe J et al. (Trial Group)", ["Doe J", "Trial Group"]),
        ("Groupe d'Etude", ["Groupe d'Etude"]),
        ("not recorded in the result seen (corresponding author Doe J)", []),
        ("(authors not shown in excerpt)", []),
        (None, []),
    ],
)
def test_only_verified_authors_are_named(text: str | None, names: list[str]) -> None:
    assert authors({"authors": text}) == names


@pytest.mark.parametrize(
    ("design", "name"),
    [
        ("RCT (phase 2)", "Randomized Controlled Trial"),
        ("post hoc analysis of RCT", "Randomized Controlled Trial"),
        ("pooled individual-patient analysis of 3 RCTs", "Meta-Analysis"),
        ("retrospective single-arm multicentre cohort", "Observational Study"),
        ("systematic review", "Systematic Review"),
        ("guideline", "Practice Guideline"),
    ],
)
def test_the_design_gives_the_publication_type(design: str, name: str) -> None:
    assert publication_types({"design": design}) == ["Journal Article", name]


def test_a_result_without_arm_values_must_say_who_did_better(tmp_path: Path) -> None:
    row = {**ROW, "findings": [finding(measure="HR", value=0.51, ci_low=0.29, ci_high=0.9, p="0.02")]}
    flat = (
        *TEXTS[:2],
        "For overall survival the HR was 0.51 (95% CI 0.29-0.90; p = 0.02).",
        "This was the result.",
    )
    told = (
        *TEXTS[:2],
        "Survival was longer with the new method (HR 0.51, 95% CI 0.29-0.90; p = 0.02).",
        "This was the result.",
    )
    assert "no sentence there says who did better" in faults(digest(*flat, tmp=tmp_path), row)
    assert "who did better" not in faults(digest(*told, tmp=tmp_path), row)


def test_a_ninety_percent_interval_is_not_called_95(tmp_path: Path) -> None:
    row = {**ROW, "findings": [{**LONGER, "outcome": "overall survival (90% CI)"}, EQUAL]}
    assert "the interval is a 90% one" in faults(digest(tmp=tmp_path), row)


def test_a_ratio_printed_the_other_way_round_may_be_left_out_only_as_a_whole() -> None:
    turned = finding(
        intervention_value="74%", comparator_value="39%", measure="RR", value=0.54, ci_low=0.41, ci_high=0.71
    )
    assert turned_ratio(turned) == numbers("0.54 0.41 0.71")
    assert turned_ratio(LONGER) == numbers("0.51 0.29 0.9")  # months survived: the ratio is of deaths
    assert turned_ratio({**LONGER, "measure": "rate"}) == set()


def test_two_records_of_one_paper_are_found(tmp_path: Path) -> None:
    first = digest(tmp=tmp_path)
    second = replace(first, number=2, pmid="", title="Another title")
    assert "stands in made_up.xml, record 1 too" in "".join(str(p) for p in duplicates([first, second]))
    assert list(duplicates([first, replace(second, doi="10.1000/other")])) == []


def test_a_copied_run_of_words_is_found(tmp_path: Path) -> None:
    record = digest(tmp=tmp_path)
    words = "survival was compared between the arms by intention to treat and deaths"
    assert any(words in str(p) for p in copied(record, {hash(words)}))
    assert list(copied(record, set())) == []


def test_a_paper_without_a_digest_is_named(tmp_path: Path) -> None:
    other = {**ROW, "key": "roe-2098", "pmid": None, "doi": "10.1000/other"}
    assert missing([digest(tmp=tmp_path)], [ROW, other]) == ["roe-2098"]


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    path = tmp_path / "entity.xml"
    path.write_text(
        '<!DOCTYPE x [<!ENTITY e "boom">]><x><PubmedArticle><MedlineCitation><PMID>&e;</PMID>'
        "</MedlineCitation></PubmedArticle></x>"
    )
    assert read_digests(path)[0].pmid != "boom"


@given(st.decimals(min_value=0, max_value=10**6, allow_nan=False, allow_infinity=False, places=3))
def test_a_number_is_read_however_it_is_written(value: Any) -> None:
    assert numbers(f"about {value:,f} months") == numbers(f"({value:f})") == {value.normalize()}


@given(st.text())
def test_reading_numbers_takes_any_text(text: str) -> None:
    assert all(number >= 0 for number in numbers(text))
    assert spelled(text) <= {3, 4, 5, 6, 7, 8, 9, 10, 11, 12}


def test_section_labels_are_those_of_the_skeleton(tmp_path: Path) -> None:
    assert tuple(label for label, _ in digest(tmp=tmp_path).sections) == SECTIONS
