from __future__ import annotations

from pathlib import Path

import pytest

from ingest.sources import Failed, Read, read
from kg.model import Author, Retraction, SectionKind
from tests.ingest.sources.helpers import items, jats, one

SHARED = Path(__file__).resolve().parents[3] / "../shared/literature"
BODY = (
    "<sec sec-type='methods'><title>2. Methods</title><p>We treated"
    " them.</p><sec><title>Study population</title>"
    "<p>Adults with <italic>HCC</italic>.</p><p>ISRCTN 12345678.</p></sec></sec>"
    "<sec><title>Results</title><table-wrap><label>1</label><table><tr><td>9</td></tr></table></table-wrap>"
    "<p>They lived.</p><fig><caption><p>Curve</p></caption></fig></sec>"
    "<sec><title>Competing interests</title><p>None.</p></sec>"
)


def test_sections_of_the_body(tmp_path: Path) -> None:
    publication = one(tmp_path, jats(BODY))
    assert [(s.label, s.text, s.kind, s.part) for s in publication.sections] == [
        ("", "A title", SectionKind.TITLE, "title"),
        ("", "Short.", SectionKind.ABSTRACT, "abstract"),
        ("Methods", "We treated them.", SectionKind.METHODS, "body"),
        ("Methods > Study population", "Adults with HCC.\nISRCTN 12345678.", SectionKind.METHODS, "body"),
        ("Results", "They lived.", SectionKind.RESULTS, "body"),
    ]
    assert publication.id == "pmcid:PMC77"
    assert publication.identifiers.pmid == "7"
    assert publication.identifiers.trials == ("ISRCTN12345678",)
    assert (publication.language, publication.publication_types) == ("en", ("Journal Article",))


def test_citation_data(tmp_path: Path) -> None:
    meta = (
        "<article-id pub-id-type='doi'>10.1000/X</article-id><contrib-group><contrib"
        " contrib-type='author'><name>"
        "<surname>He</surname><given-names>Min Li</given-names></name></contrib><contrib"
        " contrib-type='author'>"
        "<collab>The Group</collab></contrib><contrib"
        " contrib-type='editor'><name><surname>No</surname></name></contrib>"
        "</contrib-group><pub-date pub-type='epub'><day>3</day><month>2</month><year>2007</year></pub-date>"
        "<pub-date pub-type='collection'><year>2008</year></pub-date><permissions><license><license-p>See "
        "<ext-link"
        " xlink:href='https://creativecommons.org/licenses/by-nc/4.0/'>it</ext-link></license-p></license></permissions>"
    )
    publication = one(tmp_path, jats(meta=meta))
    assert publication.authors == (Author("He", "ML"), Author("The Group"))
    assert (publication.year, publication.date) == (2008, "2008")
    assert publication.licence == "CC-BY-NC-4.0"
    assert publication.identifiers.doi == "10.1000/X"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (("", ""), Retraction.NONE),
        (('"research-article"', '"retraction"'), Retraction.NOTICE),
        (
            ("</title-group>", "</title-group><related-article related-article-type='retraction-forward'/>"),
            Retraction.RETRACTED,
        ),
        (
            ("</title-group>", "</title-group><related-article related-article-type='companion'/>"),
            Retraction.NONE,
        ),
        (
            ("</title-group>", "</title-group><related-article related-article-type='concern-forward'/>"),
            Retraction.CONCERN,
        ),
        (("A title", "RETRACTED: A title"), Retraction.RETRACTED),
    ],
)
def test_retraction(tmp_path: Path, change: tuple[str, str], state: Retraction) -> None:
    assert one(tmp_path, jats().replace(*change)).retraction is state


def test_structured_abstract_and_other_abstracts(tmp_path: Path) -> None:
    abstract = "<sec><title>Background:</title><p>Old.</p></sec><sec><title>Funding</title><p>Us.</p></sec>"
    source = jats(abstract=abstract).replace(
        "<abstract>", '<abstract abstract-type="toc"><p>No</p></abstract><abstract>', 1
    )
    publication = one(tmp_path, source)
    assert publication.text == "A title\nBackground: Old."


def test_a_collection_and_an_article_in_a_namespace(tmp_path: Path) -> None:
    article = jats().partition("<article ")[2]
    records = items(tmp_path, f"<pmc-articleset><article {article}<article {article}</pmc-articleset>")
    assert [i.origin.record for i in records if isinstance(i, Read)] == [1, 2]
    spaced = f'<OAI-PMH><article xmlns="https://dtd.nlm.nih.gov/ns/archiving/2.3/" {article}</OAI-PMH>'
    assert one(tmp_path, spaced).title == "A title"


def test_an_article_without_text_fails(tmp_path: Path) -> None:
    (item,) = items(tmp_path, jats(abstract="").replace("A title", " "))
    assert isinstance(item, Failed)
    assert "neither title nor text" in str(item.problem)
    assert item.raw is not None
    assert item.raw.startswith(b"<article")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder shared/literature is not beside the checkout")
def test_real_articles() -> None:
    found = list(read(SHARED / "jats"))
    assert len(found) == 16
    for item in found:
        assert isinstance(item, Read)
        publication = item.publication
        assert publication.identifiers.pmcid
        assert publication.year
        assert publication.authors
        for section in publication.sections:
            assert publication.text[section.start : section.end] == section.text
        assert not any(mark in publication.text for mark in ("\ue000", "\ue001", "\\usepackage", "[]", " ,"))
