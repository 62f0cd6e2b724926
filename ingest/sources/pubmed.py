"""PubMed XML: the records of ``<PubmedArticleSet>``, of the yearly baseline, the daily updates and of efetch.

Elements as in NLM's "MEDLINE/PubMed XML Element Descriptions" (pubmed_240101.dtd and before).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from ingest.document import (
    Part,
    bare_doi,
    clean,
    compose,
    document_id,
    initials,
    labelled_parts,
    section_kind,
    trial_ids,
)
from ingest.sources.dates import iso_date, loose_date
from ingest.sources.items import BadRecordError, Deleted, Item, Origin, Read, Skipped
from ingest.sources.languages import two_letters
from ingest.sources.markup import plain
from kg.model import Author, Identifiers, Publication, Retraction, SectionKind

__all__ = ["DIGEST_NOTE", "book", "deletion", "pubmed_article"]

DIGEST_NOTE: Final = "IR-KG digest"
"""A ``<GeneralNote Owner="NOTNLM">`` that begins so marks a summary written for IR-KG."""


def deletion(element: etree._Element, origin: Origin) -> Iterable[Item]:
    """``<DeleteCitation>``: PubMed withdraws these records."""
    for node in element.iter("PMID"):
        if number := clean(node.text or ""):
            yield Deleted(f"pmid:{number}", origin)


def book(element: etree._Element, origin: Origin) -> Iterable[Item]:
    """``<PubmedBookArticle>``: chapters of books report no study."""
    number = clean(element.findtext(".//PMID") or "")
    yield Skipped(origin, f"book article{f' pmid:{number}' if number else ''}")


def pubmed_article(element: etree._Element, origin: Origin) -> Iterable[Item]:
    """``<PubmedArticle>``, or the ``<MedlineCitation>`` of an older file, as a publication."""
    citation = element if element.tag == "MedlineCitation" else element.find("MedlineCitation")
    if citation is None:
        raise BadRecordError("there is no <MedlineCitation> in it", field="MedlineCitation")
    record = citation.find("Article")
    if record is None:
        raise BadRecordError("there is no <Article> in it", field="Article")
    digest = any(
        node.get("Owner") == "NOTNLM" and clean(node.text or "").startswith(DIGEST_NOTE)
        for node in citation.findall("GeneralNote")
    )
    title = _title(record)
    parts = _abstract(record, citation)
    text, sections = compose(title, parts)
    if not text:
        raise BadRecordError("the record has neither title nor abstract", field="ArticleTitle")
    identifiers = _identifiers(element, citation, record, parts)
    if not (identifiers.pmid or (digest and identifiers.doi)):
        raise BadRecordError("the record has no PMID", field="PMID", mend="fetch it again")
    date = _published(record)
    yield Read(
        Publication(
            id=document_id(identifiers, text, digest=digest),
            text=text,
            sections=sections,
            title=clean(title),
            identifiers=identifiers,
            journal=clean(
                record.findtext("Journal/Title") or record.findtext("Journal/ISOAbbreviation") or ""
            )
            or clean(citation.findtext("MedlineJournalInfo/MedlineTA") or ""),
            year=int(date[:4]) if date else None,
            date=date,
            authors=tuple(_authors(record)),
            publication_types=_texts(record, "PublicationTypeList/PublicationType"),
            mesh=_texts(citation, "MeshHeadingList/MeshHeading/DescriptorName"),
            licence="",
            language=two_letters(clean(record.findtext("Language") or "")),
            retraction=_retraction(citation, record, title),
            digest=digest,
            revised=iso_date(
                *(clean(citation.findtext(f"DateRevised/{f}") or "") for f in ("Year", "Month", "Day"))
            ),
        ),
        origin,
        "" if parts else "title only: there is no abstract",
    )


def _texts(element: etree._Element, path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (clean(node.text or "") for node in element.findall(path)))))


_ENDS_WITH_ABBREVIATION: Final = re.compile(r"\.\w{0,3}\.$|\.\.$|\bal\.$")


def _title(record: etree._Element) -> str:
    """The title without the full stop that MEDLINE adds and without the brackets of a translated one."""
    title = plain(record.find("ArticleTitle"))
    if not title.strip("[]. ") or title.lower().strip("[]. ") == "not available":
        title = plain(record.find("VernacularTitle")) or title
    if title.endswith(".") and not _ENDS_WITH_ABBREVIATION.search(title):
        title = title[:-1]
    if title.startswith("[") and title.endswith("]") and title.count("[") == 1:
        title = title[1:-1].rstrip(".")
    return title


def _abstract(record: etree._Element, citation: etree._Element) -> list[Part]:
    nodes = record.findall("Abstract/AbstractText")
    if not nodes:
        english = (o for o in citation.findall("OtherAbstract") if (o.get("Language") or "eng") == "eng")
        nodes = [node for other in english for node in other.findall("AbstractText")]
    parts: list[Part] = []
    for node in nodes:
        text, label = plain(node), clean(node.get("Label") or "")
        if label and label.upper() != "UNLABELLED":
            kind = section_kind(label, parent=SectionKind.ABSTRACT, hint=node.get("NlmCategory") or "")
            parts.append(Part(label, text, kind))
        elif text:
            parts.extend(labelled_parts(text))
    return [part for part in parts if part.text]


def _identifiers(
    element: etree._Element, citation: etree._Element, record: etree._Element, parts: list[Part]
) -> Identifiers:
    listed = {
        node.get("IdType") or "": clean(node.text or "")
        for node in element.findall("PubmedData/ArticleIdList/ArticleId")
    }
    number = clean(citation.findtext("PMID") or "")
    if number and not number.isdecimal():
        raise BadRecordError(f"{number!r} is no PMID", field="PMID")
    electronic = next(
        (node.text for node in record.findall("ELocationID") if node.get("EIdType") == "doi"), None
    )
    pmc = re.search(r"\d+", listed.get("pmc", ""))
    banked = " ".join(
        f"{bank.findtext('DataBankName') or ''} {node.text or ''}"
        for bank in record.findall("DataBankList/DataBank")
        for node in bank.findall("AccessionNumberList/AccessionNumber")
    )
    return Identifiers(
        pmid=number or None,
        pmcid=f"PMC{pmc[0]}" if pmc else None,
        doi=bare_doi(listed.get("doi")) or bare_doi(electronic),
        trials=trial_ids(banked, plain(record.find("ArticleTitle")), *(part.text for part in parts)),
    )


def _published(record: etree._Element) -> str:
    issue = record.find("Journal/JournalIssue/PubDate")
    if issue is not None:
        date = iso_date(*(clean(issue.findtext(f) or "") for f in ("Year", "Month", "Day")))
        if date or (date := loose_date(issue.findtext("MedlineDate") or "")):
            return date
    return iso_date(*(clean(record.findtext(f"ArticleDate/{f}") or "") for f in ("Year", "Month", "Day")))


def _authors(record: etree._Element) -> Iterator[Author]:
    for node in record.findall("AuthorList/Author"):
        family = plain(node.find("LastName"))
        if family:
            given = clean(node.findtext("Initials") or "") or initials(node.findtext("ForeName") or "")
            yield Author(family, " ".join(filter(None, (given, clean(node.findtext("Suffix") or "")))))
        elif group := plain(node.find("CollectiveName")):
            yield Author(group)


def _retraction(citation: etree._Element, record: etree._Element, title: str) -> Retraction:
    types = {text.lower() for text in _texts(record, "PublicationTypeList/PublicationType")}
    links = {
        node.get("RefType") or "" for node in citation.findall("CommentsCorrectionsList/CommentsCorrections")
    }
    if "retracted publication" in types or links & {"RetractionIn", "RetractedandRepublishedIn"}:
        return Retraction.RETRACTED
    if types & {"retraction of publication", "retraction notice"} or "RetractionOf" in links:
        return Retraction.NOTICE
    if title.lower().startswith(("retracted:", "retracted article")):
        return Retraction.RETRACTED
    return Retraction.CONCERN if "ExpressionOfConcernIn" in links else Retraction.NONE
