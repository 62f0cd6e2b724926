"""JSON lines of documents (``id``, ``title``, ``sections`` or ``text``), and IR-KG's own export."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from ingest.document import (
    Part,
    PartOf,
    bare_doi,
    clean,
    clean_label,
    compose,
    document_id,
    from_json,
    labelled_spans,
    section_kind,
    trial_ids,
)
from ingest.sources.dates import loose_date
from ingest.sources.items import MAX_RECORD, BadRecordError, Item, Origin, Read, failed
from ingest.sources.streams import Source, lines
from kg.model import Author, Identifiers, Publication, Retraction, Section, SectionKind

__all__ = ["json_document", "read_json_lines"]

_MEND: Final = "give one JSON object a line, with id, title and sections or text"


def read_json_lines(source: Source) -> Iterator[Item]:
    """The documents of the file, one a line; empty lines don't count."""
    number = 0
    for raw, whole in lines(source, MAX_RECORD):
        line = raw.removeprefix(b"\xef\xbb\xbf").strip()
        if not line:
            continue
        number += 1
        origin = Origin(source.name, number)
        if not whole:
            yield failed(origin, f"the line is longer than {MAX_RECORD >> 20} MB", mend=_MEND)
            continue
        try:
            publication, note = json_document(line.decode("utf-8"))
            yield Read(publication, origin, note)
        except UnicodeDecodeError as error:
            yield failed(
                origin, f"it is not valid UTF-8 (byte {error.start})", raw, mend="save the file as UTF-8"
            )
        except BadRecordError as error:
            yield failed(origin, error.what, raw, field=error.field, mend=error.mend or _MEND)


def json_document(line: str) -> tuple[Publication, str]:
    """One document and a note on it. ``text`` is kept exactly as given and the sections are found in it.

    :raises BadRecordError: when it is no object, a field has the wrong type, or there is no text.
    """
    try:
        data = json.loads(line)
        if not isinstance(data, dict):
            raise BadRecordError("the line is no JSON object")
        if isinstance(data.get("identifiers"), dict):
            return from_json(line), ""
    except RecursionError as error:
        raise BadRecordError("it is nested too deeply") from error
    except ValueError as error:
        raise BadRecordError(f"it is no document: {error}") from error
    title = _string(data, "title")
    given = _sections(data)
    note = ""
    if (exact := data.get("text")) is not None:
        text = _string(data, "text")
        if not isinstance(exact, str) or not text.strip():
            raise BadRecordError("there is no text in it", field="text")
        sections, lost = _located(text, title, given)
        if lost:
            note = f"{lost} of {len(given)} sections do not stand in the text and were left out"
    else:
        text, sections = compose(title, given)
        if not text:
            raise BadRecordError("there is neither title nor text", field="text")
        note = "" if any(s.part != "title" for s in sections) else "title only: there is no abstract"
    return _publication(data, text, sections, title), note


def _string(data: dict[str, Any], field: str) -> str:
    value = data.get(field)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadRecordError(f"{type(value).__name__} where text is expected", field=field)
    text = str(value)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRecordError("it holds half a character (a lone surrogate)", field=field) from error
    return text


def _strings(data: dict[str, Any], field: str) -> tuple[str, ...]:
    value = data.get(field) or ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        raise BadRecordError(f"{type(value).__name__} where a list is expected", field=field)
    return tuple(filter(None, (clean(_string({field: item}, field)) for item in value)))


def _sections(data: dict[str, Any]) -> list[Part]:
    value = data.get("sections") or []
    if not isinstance(value, list):
        raise BadRecordError("sections is no list", field="sections")
    parts: list[Part] = []
    for item in value:
        if not isinstance(item, dict):
            raise BadRecordError("a section is no object with label and text", field="sections")
        label = clean_label(_string(item, "label"))
        where: PartOf = "body" if item.get("part") == "body" else "abstract"
        default = SectionKind.ABSTRACT if where == "abstract" else SectionKind.OTHER
        kind = item.get("kind")
        known = SectionKind(kind) if isinstance(kind, str) and kind in set(SectionKind) else None
        parts.append(
            Part(label, _string(item, "text"), known or (section_kind(label) if label else default), where)
        )
    return parts


def _located(text: str, title: str, parts: list[Part]) -> tuple[tuple[Section, ...], int]:
    """The sections at their offsets in a text that is not to be changed, and how many were not found."""
    sections: list[Section] = []
    pos = lost = 0
    if title and (at := text.find(title)) >= 0 and not text[:at].strip():
        sections.append(Section("", title, SectionKind.TITLE, "title", at))
        pos = at + len(title)
    elif title and parts and (at := text.find(parts[0].text)) > 0 and text.startswith(title[:20]):
        sections.append(Section("", text[:at].strip(), SectionKind.TITLE, "title", 0))
    for part in parts:
        if not part.text.strip():
            continue
        at = text.find(part.text, pos)
        if at < 0:
            lost += 1
            continue
        sections.append(Section(part.label, part.text, part.kind, part.part, at))
        pos = at + len(part.text)
    if not any(s.part != "title" for s in sections):
        sections.extend(_found(text, pos))
    return tuple(sections), lost


def _found(text: str, start: int) -> Iterator[Section]:
    """The sections that a text without given ones prints itself."""
    for label, begin, end in labelled_spans(text, start):
        kind = section_kind(label) if label else SectionKind.ABSTRACT
        yield Section(clean_label(label), text[begin:end], kind, "abstract", begin)


def _publication(data: dict[str, Any], text: str, sections: tuple[Section, ...], title: str) -> Publication:
    pmid = _string(data, "pmid").strip()
    name = clean(_string(data, "id"))
    if not pmid and (found := re.fullmatch(r"pmid:(\d{1,9})", name)):
        pmid = found[1]
    pmc = re.search(r"PMC\d+", _string(data, "pmcid") or name)
    identifiers = Identifiers(
        pmid=pmid if pmid.isdecimal() else None,
        pmcid=pmc[0] if pmc else None,
        doi=bare_doi(_string(data, "doi")) or (bare_doi(name) if name.startswith("doi:") else None),
        trials=trial_ids(" ".join(_strings(data, "trials")), *(s.text for s in sections if s.part != "body")),
    )
    date = loose_date(_string(data, "date") or _string(data, "year"))
    retraction = _string(data, "retraction")
    return Publication(
        id=name or document_id(identifiers, text),
        text=text,
        sections=sections,
        title=clean(title),
        identifiers=identifiers,
        journal=clean(_string(data, "journal")),
        year=int(date[:4]) if date else None,
        date=date,
        authors=tuple(Author(author) for author in _strings(data, "authors")),
        publication_types=_strings(data, "publication_types"),
        mesh=_strings(data, "mesh"),
        licence=clean(_string(data, "license") or _string(data, "licence")),
        language=clean(_string(data, "language")),
        retraction=Retraction(retraction) if retraction in set(Retraction) else Retraction.NONE,
        digest=data.get("digest") is True,
    )
