"""Tagged citation formats: MEDLINE/NBIB (``PMID- 123``) and RIS (``TY  - JOUR`` ... ``ER  -``).

Fields as in NLM's "MEDLINE/PubMed Data Element (Field) Descriptions" and the RIS format specification.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from ingest.document import Part, bare_doi, clean, compose, document_id, initials, labelled_parts, trial_ids
from ingest.sources.dates import loose_date
from ingest.sources.items import MAX_RECORD, BadRecordError, Item, Origin, Read, failed
from ingest.sources.languages import two_letters
from ingest.sources.streams import Source, lines
from kg.model import Author, Identifiers, Publication, Retraction

__all__ = ["medline_record", "read_medline", "read_ris", "ris_record"]

Fields = dict[str, list[str]]

_MEDLINE_FIELD: Final = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)", re.S)
_RIS_FIELD: Final = re.compile(r"\ufeff?([A-Z][A-Z0-9])  ?- ?(.*)", re.S)


def read_medline(source: Source) -> Iterator[Item]:
    """The records of a MEDLINE/NBIB file. A record begins with ``PMID-`` or behind an empty line."""

    def begins(line: bytes, filled: bool) -> bool:
        return line.startswith(b"PMID- ") and filled

    def ends(line: bytes) -> bool:
        return not line.strip()

    yield from _records(source, begins, ends, medline_record)


def read_ris(source: Source) -> Iterator[Item]:
    """The records of a RIS file. A record ends with ``ER``, or where the next one begins."""

    def begins(line: bytes, filled: bool) -> bool:
        return line.startswith(b"TY  -") and filled

    def ends(line: bytes) -> bool:
        return line.startswith((b"ER  -", b"ER -"))

    yield from _records(source, begins, ends, ris_record)


def _records(
    source: Source,
    begins: Callable[[bytes, bool], bool],
    ends: Callable[[bytes], bool],
    parse: Callable[[str], tuple[Publication, str]],
) -> Iterator[Item]:
    held: list[bytes] = []
    size = number = 0
    too_large = False

    def close() -> Iterator[Item]:
        nonlocal size, number, too_large
        raw, whole = b"\n".join(held), not too_large
        held.clear()
        size, too_large = 0, False
        if not raw.strip():
            return
        number += 1
        origin = Origin(source.name, number)
        if not whole:
            yield failed(origin, f"the record is larger than {MAX_RECORD >> 20} MB", raw)
            return
        try:
            yield Read(*_insert(parse(raw.decode("utf-8")), origin))
        except UnicodeDecodeError as error:
            what = f"it is not valid UTF-8 (byte {error.start} of the record)"
            yield failed(origin, what, raw, mend="save the file as UTF-8")
        except BadRecordError as error:
            yield failed(origin, error.what, raw, field=error.field, mend=error.mend)

    for line, whole in lines(source, MAX_RECORD):
        if begins(line, bool(held)):
            yield from close()
        if not ends(line):
            size += len(line) + 1
            too_large = too_large or not whole or size > MAX_RECORD
            if not too_large or not held:
                held.append(line)
        else:
            yield from close()
    yield from close()


def _insert(parsed: tuple[Publication, str], origin: Origin) -> tuple[Publication, Origin, str]:
    return parsed[0], origin, parsed[1]


def _fields(record: str, pattern: re.Pattern[str]) -> Fields:
    """Values by tag; a line without a tag goes on with the value before it."""
    found: dict[str, list[list[str]]] = {}
    pieces: list[str] | None = None
    for line in record.split("\n"):
        if match := pattern.fullmatch(line.rstrip("\r")):
            pieces = [match[2]]
            found.setdefault(match[1], []).append(pieces)
        elif pieces is not None and line.strip():
            pieces.append(line.strip())
    return {tag: [" ".join(value) for value in values] for tag, values in found.items()}


def _first(fields: Fields, *tags: str) -> str:
    return next((text for tag in tags for value in fields.get(tag, ()) if (text := clean(value))), "")


def _author(name: str) -> Author:
    """``"Llovet, Josep M"`` or ``"Llovet JM"``; a name without given part is a group."""
    family, comma, given = clean(name).partition(",")
    if comma:
        return Author(family.strip(), initials(given))
    family, space, short = clean(name).rpartition(" ")
    if space and short.isalpha() and short.isupper() and len(short) <= 4:
        return Author(family, short)
    return Author(clean(name))


def _unstopped(title: str) -> str:
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def medline_record(record: str) -> tuple[Publication, str]:
    """One MEDLINE record and a note on it.

    :raises BadRecordError: when it has no PMID, or neither title nor abstract.
    """
    fields = _fields(record, _MEDLINE_FIELD)
    pmid = _first(fields, "PMID")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", pmid):
        what = f"{pmid[:40]!r} is no PMID" if pmid else "the record has no PMID"
        raise BadRecordError(what, field="PMID", mend="export it from PubMed in the format PubMed (.nbib)")
    parts = labelled_parts(clean(_first(fields, "AB", "OAB")))
    title = _unstopped(_first(fields, "TI", "BTI", "TT"))
    title = title[1:-1] if title.startswith("[") and title.endswith("]") else title
    doi = next(
        (bare_doi(v) for tag in ("LID", "AID", "SO") for v in fields.get(tag, ()) if "doi" in v.lower()), None
    )
    pmc = re.search(r"PMC\d+", _first(fields, "PMC"))
    types = tuple(dict.fromkeys(filter(None, map(clean, fields.get("PT", ())))))
    date = loose_date(_first(fields, "DP")) or loose_date(_first(fields, "DEP"))
    lowered = {kind.lower() for kind in types}
    if "retracted publication" in lowered or fields.keys() & {"RIN", "RRI"}:
        retraction = Retraction.RETRACTED
    elif lowered & {"retraction of publication", "retraction notice"} or "ROF" in fields:
        retraction = Retraction.NOTICE
    else:
        retraction = Retraction.CONCERN if fields.keys() & {"ECI"} else Retraction.NONE
    return _publication(
        title,
        parts,
        Identifiers(
            pmid, pmc[0] if pmc else None, doi, trial_ids(*fields.get("SI", ()), *(p.text for p in parts))
        ),
        journal=_first(fields, "JT", "TA"),
        date=date,
        authors=tuple(map(_author, fields.get("AU", [])))
        + tuple(Author(clean(n)) for n in fields.get("CN", ())),
        types=types,
        mesh=tuple(dict.fromkeys(_descriptor(h) for h in fields.get("MH", ()))),
        language=two_letters(_first(fields, "LA")),
        retraction=retraction,
        revised=loose_date(_first(fields, "LR")),
    )


def _descriptor(heading: str) -> str:
    return clean(heading).partition("/")[0].strip("*")


# The types of RIS by the names that PubMed uses.
_RIS_TYPES: Final = {"JOUR": "Journal Article", "JFULL": "Journal Article", "CTLG": "", "GEN": ""}


def ris_record(record: str) -> tuple[Publication, str]:
    """One RIS record and a note on it. Authors' keywords are not taken for MeSH.

    :raises BadRecordError: when it has neither title nor abstract, or doesn't begin with ``TY``.
    """
    fields = _fields(record, _RIS_FIELD)
    if "TY" not in fields:
        raise BadRecordError(
            "the record doesn't begin with its type", field="TY", mend="begin it with 'TY  - JOUR'"
        )
    kind = _first(fields, "TY").upper()
    parts = labelled_parts(clean(_first(fields, "AB", "N2")))
    everything = " ".join(
        v for tag in ("UR", "L2", "LK", "AN", "C2", "C1", "N1", "M2") for v in fields.get(tag, ())
    )
    pubmed = re.search(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,9})\b", everything)
    named = re.search(r"\bPMID:?\s*(\d{1,9})\b", everything)
    base = f"{_first(fields, 'DB')} {_first(fields, 'DP')}".lower()
    accession = _first(fields, "AN")
    if re.fullmatch(r"[1-9][0-9]{0,8}", accession) and re.search(r"pubmed|medline|nlm", base):
        pmid: str | None = accession
    else:
        pmid = pubmed[1] if pubmed else named[1] if named else None
    pmc = re.search(r"\bPMC\d{3,9}\b", everything)
    date = loose_date(_first(fields, "DA")) or loose_date(_first(fields, "PY", "Y1"))
    year = loose_date(_first(fields, "PY", "Y1"))[:4]
    return _publication(
        _unstopped(_first(fields, "TI", "T1", "CT", "BT")),
        parts,
        Identifiers(
            pmid,
            pmc[0] if pmc else None,
            bare_doi(_first(fields, "DO"))
            or next((d for v in fields.get("UR", ()) if (d := bare_doi(v))), None),
            trial_ids(everything, *(p.text for p in parts)),
        ),
        journal=_first(fields, "JF", "T2", "JO", "JA", "J2"),
        date=date if not year or date.startswith(year) else year,
        authors=tuple(_author(n) for tag in ("AU", "A1") for n in fields.get(tag, ()) if clean(n)),
        types=tuple(filter(None, [_RIS_TYPES.get(kind, kind), _first(fields, "M3")])),
        language=two_letters(_first(fields, "LA")),
    )


def _publication(
    title: str,
    parts: list[Part],
    identifiers: Identifiers,
    *,
    journal: str,
    date: str,
    authors: tuple[Author, ...],
    types: tuple[str, ...],
    language: str,
    mesh: tuple[str, ...] = (),
    retraction: Retraction = Retraction.NONE,
    revised: str = "",
) -> tuple[Publication, str]:
    text, sections = compose(title, parts)
    if not text:
        raise BadRecordError("the record has neither title nor abstract", field="title")
    if retraction is Retraction.NONE and title.lower().startswith(("retracted:", "retracted article")):
        retraction = Retraction.RETRACTED
    publication = Publication(
        id=document_id(identifiers, text),
        text=text,
        sections=sections,
        title=title,
        identifiers=identifiers,
        journal=journal,
        year=int(date[:4]) if date else None,
        date=date,
        authors=authors,
        publication_types=types,
        mesh=mesh,
        language=language,
        retraction=retraction,
        revised=revised,
    )
    has_abstract = any(section.part == "abstract" for section in sections)
    return publication, "" if has_abstract else "title only: there is no abstract"
