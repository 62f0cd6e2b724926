"""The verified facts of a paper as a record of the corpus: its citation, and places for the four texts."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from lxml import etree

__all__ = [
    "NOTE",
    "PUBLICATION_TYPES",
    "SECTIONS",
    "SHARED",
    "Row",
    "authors",
    "publication_types",
    "read_rows",
    "skeleton",
]

SHARED: Final = Path(__file__).resolve().parents[3] / "shared"
NOTE: Final = "IR-KG digest: summary written for IR-KG of the cited publication; not its published abstract."
SECTIONS: Final = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
PUBLICATION_TYPES: Final = {  # name -> MeSH unique id of the publication type
    "Journal Article": "D016428",
    "Randomized Controlled Trial": "D016449",
    "Meta-Analysis": "D017418",
    "Systematic Review": "D000078182",
    "Observational Study": "D064888",
    "Practice Guideline": "D017065",
}

NO_AUTHOR: Final = re.compile(r"not (checked|recorded|shown)", re.IGNORECASE)

Row: TypeAlias = dict[str, Any]


def read_rows(shared: Path = SHARED) -> list[Row]:
    """The rows whose identifiers and figures are both verified."""
    files = sorted((shared / "literature").glob("landmarks_*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.open(encoding="utf-8") if line.strip()]
    return [row for row in rows if row["verified"]["ids"] and row["verified"]["figures"]]


def authors(row: Row) -> list[str]:
    """The verified authors; ``"Doe J et al. (Trial Group)"`` names Doe J and the group, a remark nobody."""
    text = row["authors"] or ""
    if not text or NO_AUTHOR.search(text):
        return []
    people, _, group = text.partition(" et al.")
    return [name for name in (*people.split(", "), group.strip(" ()")) if name]


def publication_types(row: Row) -> list[str]:
    """The publication types that the row's design stands for."""
    design = row["design"].lower()
    if "meta-analysis" in design or "pooled individual-patient" in design:
        return ["Journal Article", "Meta-Analysis"]
    if "systematic review" in design:
        return ["Journal Article", "Systematic Review"]
    if "guideline" in design:
        return ["Journal Article", "Practice Guideline"]
    if "cohort" in design:
        return ["Journal Article", "Observational Study"]
    return ["Journal Article", "Randomized Controlled Trial"] if "rct" in design else ["Journal Article"]


def skeleton(row: Row, sections: Sequence[str] = ("", "", "", "")) -> etree._Element:
    """A record with the citation of `row`; `sections` are the four texts in order."""
    record = etree.Element("PubmedArticle")
    add = etree.SubElement

    def leaf(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> None:
        add(parent, tag, attributes).text = text

    citation = add(record, "MedlineCitation", Owner="NOTNLM", Status="PubMed-not-MEDLINE")
    leaf(citation, "PMID", row["pmid"], Version="1")
    article = add(citation, "Article", PubModel="Print")
    journal = add(article, "Journal")
    leaf(add(add(journal, "JournalIssue", CitedMedium="Internet"), "PubDate"), "Year", str(row["year"]))
    leaf(journal, "Title", row["journal"])
    leaf(journal, "ISOAbbreviation", row["journal"])
    leaf(article, "ArticleTitle", row["title"])
    if row["doi"]:
        leaf(article, "ELocationID", row["doi"], EIdType="doi", ValidYN="Y")
    else:
        leaf(add(article, "Pagination"), "MedlinePgn")
    abstract = add(article, "Abstract")
    for label, text in zip(SECTIONS, sections, strict=True):
        leaf(abstract, "AbstractText", text, Label=label, NlmCategory=label)
    if names := authors(row):
        listed = add(article, "AuthorList", CompleteYN="N")
        for name in names:
            author = add(listed, "Author", ValidYN="Y")
            family, _, initials = name.rpartition(" ")
            if family and re.fullmatch(r"[A-Z]{1,4}", initials):
                leaf(author, "LastName", family)
                leaf(author, "Initials", initials)
            else:
                leaf(author, "CollectiveName", name)
    leaf(article, "Language", "eng")
    if row["nct"]:
        banks = {"NCT": "ClinicalTrials.gov", "ISR": "ISRCTN", "NTR": "NTR", "ANZ": "ANZCTR", "ACT": "ANZCTR"}
        bank = add(add(article, "DataBankList", CompleteYN="N"), "DataBank")
        leaf(bank, "DataBankName", banks.get(row["nct"][:3], "registry"))
        leaf(add(bank, "AccessionNumberList"), "AccessionNumber", row["nct"])
    types = add(article, "PublicationTypeList")
    for name in publication_types(row):
        leaf(types, "PublicationType", name, UI=PUBLICATION_TYPES[name])
    leaf(add(citation, "MedlineJournalInfo"), "MedlineTA", row["journal"])
    leaf(citation, "GeneralNote", NOTE, Owner="NOTNLM")
    data = add(record, "PubmedData")
    leaf(data, "PublicationStatus", "ppublish")
    ids = add(data, "ArticleIdList")
    for kind, value in (("pubmed", row["pmid"]), ("doi", row["doi"])):
        if value:
            leaf(ids, "ArticleId", value, IdType=kind)
    return record
