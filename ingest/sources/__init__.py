"""Formats of the literature, told by their content: :func:`read` turns a path into publications."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from ingest.sources.items import Deleted, Failed, Item, Origin, Read, Skipped, failed
from ingest.sources.jats import article
from ingest.sources.jsonlines import read_json_lines
from ingest.sources.plain import read_plain
from ingest.sources.pubmed import book, deletion, pubmed_article
from ingest.sources.streams import BROKEN, Source, open_sources
from ingest.sources.tagged import read_medline, read_ris
from ingest.sources.xml import Converter, read_xml

__all__ = [
    "Deleted",
    "Failed",
    "Format",
    "Item",
    "Origin",
    "Read",
    "Skipped",
    "detect",
    "read",
    "read_source",
]


class Format(StrEnum):
    """What a stream holds, by its first bytes."""

    EMPTY = "empty"
    XML = "XML"
    JSON_LINES = "JSON lines"
    MEDLINE = "MEDLINE"
    RIS = "RIS"
    PDF = "PDF"
    BINARY = "binary"
    TEXT = "plain text"


# The records of each known root element.
_RECORDS: Final = {
    "article": ("article",),
    "pmc-articleset": ("article",),
    "OAI-PMH": ("article",),
    "PubmedArticleSet": ("PubmedArticle", "PubmedBookArticle", "DeleteCitation"),
    "PubmedArticle": ("PubmedArticle",),
    "MedlineCitationSet": ("MedlineCitation", "DeleteCitation"),
}
_CONVERTERS: Final[dict[str, Converter]] = {
    "article": article,
    "PubmedArticle": pubmed_article,
    "MedlineCitation": pubmed_article,
    "PubmedBookArticle": book,
    "DeleteCitation": deletion,
}
_MARKUP: Final = re.compile(rb"<(?:\?xml|!DOCTYPE|!--|[A-Za-z_][\w.:-]*[\s/>])")
_TEXT_NAMES: Final = frozenset({".txt", ".text", ".abstract"})


def detect(head: bytes) -> Format:
    """The format of a stream by its first bytes (packed formats are opened before).

    >>> detect(b"PMID- 12049862"), detect(b"TY  - JOUR"), detect(b'{"id": "x"}')
    (<Format.MEDLINE: 'MEDLINE'>, <Format.RIS: 'RIS'>, <Format.JSON_LINES: 'JSON lines'>)
    """
    if not head:
        return Format.EMPTY
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.decode("utf-16", "replace").lstrip().encode()
        return Format.XML if _MARKUP.match(text) else Format.BINARY
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"%PDF-"):
        return Format.PDF
    if b"\x00" in head:
        return Format.BINARY
    if _MARKUP.match(start):
        return Format.XML
    if start.startswith(b"{") or re.match(rb"\[\s*\{", start):
        return Format.JSON_LINES
    if re.match(rb"(?:PMID|OWN |STAT)- ", start):
        return Format.MEDLINE
    if re.match(rb"TY  ?-", start):
        return Format.RIS
    return Format.TEXT


def read(path: Path) -> Iterator[Item]:
    """Everything below `path`: a file, a folder (recursive, sorted), a tar, zip or gzip of any of these.

    Nothing is raised for a broken input: it is yielded as :class:`Failed` and the rest goes on. Memory holds
    one record at a time.
    """
    for opened in open_sources(path):
        if isinstance(opened, Skipped | Failed):
            yield opened
        else:
            source, named = opened
            yield from read_source(source, named=named)


def read_source(source: Source, *, named: bool = True) -> Iterator[Item]:
    """The items of one stream. What is no literature fails when the user `named` it, else it is left out."""
    origin = Origin(source.name)
    suffix = PurePosixPath(source.name.lower().removesuffix(".gz")).suffix
    try:
        match detect(source.head):
            case Format.EMPTY:
                source.read()  # tells when it is empty because it is damaged
                yield failed(origin, "the file is empty", b"", mend="fetch it again")
            case Format.XML:
                yield from read_xml(source, _RECORDS, _CONVERTERS)
            case Format.JSON_LINES:
                yield from read_json_lines(source)
            case Format.MEDLINE:
                yield from read_medline(source)
            case Format.RIS:
                yield from read_ris(source)
            case Format.TEXT if named or suffix in _TEXT_NAMES:
                yield from read_plain(source)
            case Format.TEXT:
                yield Skipped(origin, f"{suffix or 'a name without ending'} is no format of the literature")
            case Format.PDF | Format.BINARY as kind:
                what = "a PDF" if kind is Format.PDF else "no text"
                if named:
                    yield failed(
                        origin, f"it is {what}", mend="give XML, MEDLINE, RIS, JSON lines or plain text"
                    )
                else:
                    yield Skipped(origin, f"it is {what}")
    except BROKEN as error:
        why = str(error) or "the compressed data ends too early"
        yield failed(origin, f"the file is cut off or damaged: {why}", mend="fetch it again")
