from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ingest.sources import Deleted, Read, Skipped
from kg.model import Retraction, SectionKind
from tests.ingest.sources.helpers import failure, items, one, pubmed, pubmed_set


def test_a_record(tmp_path: Path) -> None:
    publication = one(tmp_path, pubmed_set(pubmed(12)))
    assert publication.id == "pmid:12"
    assert publication.text == "Embolization of the hepatic artery\nRESULTS: Survival was longer."
    assert publication.sections[1].kind is SectionKind.RESULTS
    assert (publication.date, publication.year, publication.journal) == ("2002-05-18", 2002, "A Journal")


def test_gzip_and_many_records(tmp_path: Path) -> None:
    found = items(tmp_path, gzip.compress(pubmed_set(*map(pubmed, range(1, 40))).encode()), "baseline.xml.gz")
    assert [i.publication.id for i in found if isinstance(i, Read)] == [f"pmid:{n}" for n in range(1, 40)]


def test_lists_of_the_record(tmp_path: Path) -> None:
    record = pubmed(
        5, extra="<DateRevised><Year>2020</Year><Month>01</Month><Day>02</Day></DateRevised>"
    ).replace(
        "</Article></MedlineCitation>",
        "<AuthorList><Author><LastName>Llovet</LastName><ForeName>Josep"
        " M</ForeName><Initials>JM</Initials></Author>"
        "<Author><CollectiveName>BCLC</CollectiveName></Author></AuthorList><Language>eng"
        "</Language><DataBankList>"
        "<DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        "<AccessionNumber>NCT01234567"
        "</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
        "<PublicationTypeList><PublicationType>"
        "Randomized Controlled"
        " Trial</PublicationType></PublicationTypeList></Article><MeshHeadingList><MeshHeading>"
        "<DescriptorName>Liver</DescriptorName><QualifierName>x</QualifierName>"
        "</MeshHeading></MeshHeadingList>"
        "</MedlineCitation><PubmedData><ArticleIdList><ArticleId"
        " IdType='doi'>10.1000/x</ArticleId><ArticleId "
        "IdType='pmc'>PMC9</ArticleId></ArticleIdList><ReferenceList><Reference><ArticleIdList><ArticleId "
        "IdType='doi'>10.9999/other</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>",
    )
    publication = one(tmp_path, pubmed_set(record))
    assert [str(a) for a in publication.authors] == ["Llovet JM", "BCLC"]
    assert publication.identifiers.trials == ("NCT01234567",)
    assert (publication.identifiers.doi, publication.identifiers.pmcid) == ("10.1000/x", "PMC9")
    assert publication.mesh == ("Liver",)
    assert publication.publication_types == ("Randomized Controlled Trial",)
    assert (publication.language, publication.revised) == ("en", "2020-01-02")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("RetractionIn", Retraction.RETRACTED),
        ("ExpressionOfConcernIn", Retraction.CONCERN),
        ("RetractionOf", Retraction.NOTICE),
        ("CommentIn", Retraction.NONE),
    ],
)
def test_retraction(tmp_path: Path, kind: str, state: Retraction) -> None:
    link = f"<CommentsCorrectionsList><CommentsCorrections RefType='{kind}'/></CommentsCorrectionsList>"
    assert one(tmp_path, pubmed_set(pubmed(extra=link))).retraction is state


def test_digests(tmp_path: Path) -> None:
    note = '<GeneralNote Owner="NOTNLM">IR-KG digest of the publication.</GeneralNote>'
    assert one(tmp_path, pubmed_set(pubmed(12, extra=note))).id == "digest:pmid:12"
    record = pubmed(12, extra=note).replace('<PMID Version="1">12</PMID>', "<PMID/>")
    record = record.replace("</Article>", '<ELocationID EIdType="doi">10.1000/X</ELocationID></Article>')
    publication = one(tmp_path, pubmed_set(record))
    assert (publication.id, publication.digest) == ("digest:doi:10.1000/x", True)
    (item,) = items(tmp_path, pubmed_set(record.replace("IR-KG digest", "A note")))
    assert "no PMID" in str(failure(item).problem)


def test_deletions_and_books(tmp_path: Path) -> None:
    found = items(
        tmp_path,
        pubmed_set(
            "<PubmedBookArticle><BookDocument><PMID>3</PMID></BookDocument></PubmedBookArticle>",
            "<DeleteCitation><PMID>4</PMID><PMID>5</PMID></DeleteCitation>",
        ),
    )
    assert isinstance(found[0], Skipped)
    assert "pmid:3" in found[0].why
    assert [i.id for i in found[1:] if isinstance(i, Deleted)] == ["pmid:4", "pmid:5"]


def test_title_only_is_read_with_a_note(tmp_path: Path) -> None:
    (item,) = items(tmp_path, pubmed_set(pubmed().replace("Survival was longer.", "")))
    assert isinstance(item, Read)
    assert item.note.startswith("title only")
    assert [s.part for s in item.publication.sections] == ["title"]


def test_one_broken_record_fails_alone(tmp_path: Path) -> None:
    broken = pubmed(2).replace("</ArticleTitle>", "</Title>")
    found = items(
        tmp_path, pubmed_set(pubmed(1), broken, pubmed(3).replace(">3</PMID>", ">x</PMID>"), pubmed(4))
    )
    assert [type(i).__name__ for i in found] == ["Read", "Failed", "Failed", "Read"]
    assert failure(found[1]).raw == broken.encode()
    assert failure(found[1]).problem.row == 2
    assert "no PMID" in str(failure(found[2]).problem)


def test_entities_of_the_dtd_and_labels_in_the_text(tmp_path: Path) -> None:
    abstract = "<AbstractText>METHODS: 5 &alpha;-cells. RESULTS: 10<sup>9</sup>/L &amp; more.</AbstractText>"
    publication = one(tmp_path, pubmed_set(pubmed(abstract=abstract)))
    assert [(s.label, s.text) for s in publication.sections[1:]] == [
        ("METHODS", "5 α-cells."),
        ("RESULTS", "10^9/L & more."),
    ]
