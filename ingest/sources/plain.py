"""Plain text: a title on the first line when it is short, paragraphs, and headings where they can be told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ingest.document import (
    Part,
    bare_doi,
    clean,
    clean_label,
    compose,
    document_id,
    known_label,
    labelled_parts,
    left_out,
    section_kind,
    trial_ids,
)
from ingest.sources.items import MAX_TEXT, Item, Origin, Read, failed
from ingest.sources.streams import CHUNK, Source
from kg.model import Identifiers, Publication

__all__ = ["plain_publication", "read_plain"]

_TITLE_LENGTH: Final = 300
_HEADING_LENGTH: Final = 100
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n+")
# A heading alone on its line ("3. Results", "Methods:", "# Discussion") or before the text of its paragraph.
_ALONE: Final = re.compile(r"[#\s]*([A-Z\d][^\n]{1,80}?)\s*[:.]?\s*#*$")
_AHEAD: Final = re.compile(r"[#\s*]*([A-Z][^\n:.]{2,58})\s*[:][*\s]*(?=\S)")


def read_plain(source: Source) -> Iterator[Item]:
    """The file as one publication, or as one failure when it is too large or no UTF-8."""
    origin = Origin(source.name)
    data = bytearray()
    while chunk := source.read(CHUNK):
        data += chunk
        if len(data) > MAX_TEXT:
            what = f"as plain text it is too large: more than {MAX_TEXT >> 20} MB for one document"
            yield failed(origin, what, mend="cut it into one file for each document, or give JSON lines")
            return
    raw = bytes(data)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield failed(
            origin, f"it is not valid UTF-8 (byte {error.start})", raw, mend="save the file as UTF-8"
        )
        return
    publication = plain_publication(text)
    if publication is None:
        yield failed(origin, "there is no text in it", raw)
        return
    only_title = len(publication.sections) == 1 and publication.sections[0].part == "title"
    yield Read(
        publication, Origin(source.name, 1), "title only: there is no text below it" if only_title else ""
    )


def plain_publication(text: str) -> Publication | None:
    """A publication from bare text; None when there is none."""
    blocks = [
        b.strip() for b in _PARAGRAPH.split(text.replace("\r\n", "\n").replace("\r", "\n")) if b.strip()
    ]
    if not blocks:
        return None
    first, _, rest = blocks[0].partition("\n")
    title = ""
    if len(first) <= _TITLE_LENGTH and not _heading(first) and not _known_ahead(first):
        title = first
        # A title that goes on over the next line ends with its paragraph.
        if rest and len(blocks) > 1 and len(blocks[0]) <= _TITLE_LENGTH and not _labelled(rest):
            title, rest = blocks[0], ""
        blocks = ([rest] if rest else []) + blocks[1:]
    body, sections = compose(title, _parts(blocks))
    if not body:
        return None
    identifiers = Identifiers(
        doi=bare_doi(body[:3000]) if "doi" in body[:3000].lower() else None, trials=trial_ids(body)
    )
    return Publication(
        id=document_id(Identifiers(), body),
        text=body,
        sections=sections,
        title=clean(title),
        identifiers=identifiers,
    )


def _heading(line: str) -> str:
    """The label when the line is nothing but a known heading."""
    if len(line) > _HEADING_LENGTH:
        return ""
    found = _ALONE.match(line)
    if found is None or len(found[1].split()) > 6:
        return ""
    label = clean_label(found[1])
    return label if known_label(label) else ""


def _known_ahead(line: str) -> bool:
    found = _AHEAD.match(line)
    return bool(found and _heading(found[1]))


def _labelled(block: str) -> bool:
    return any(_heading(line) or _known_ahead(line) for line in block.split("\n"))


def _parts(blocks: list[str]) -> Iterator[Part]:
    label, held = "", list[str]()

    def flush() -> Iterator[Part]:
        if held and not (label and left_out(label)):
            text = "\n".join(held)
            inner = labelled_parts(f"{label}: {text}" if label else text)
            # A paragraph may go on with labels of its own: "Background: ... Methods: ..."
            if label and len(inner) == 1:
                yield Part(label, text, section_kind(label), "abstract")
            else:
                yield from inner
        held.clear()

    for block in blocks:
        run: list[str] = []
        for line in block.split("\n"):
            ahead = _AHEAD.match(line)
            if alone := _heading(line):
                new, remainder = alone, ""
            elif ahead and (ahead_label := _heading(ahead[1])):
                new, remainder = ahead_label, line[ahead.end() :]
            else:
                run.append(line)
                continue
            if run:
                held.append(" ".join(run))
            yield from flush()
            label, run = new, [remainder] if remainder else []
        if run:
            held.append(" ".join(run))
    yield from flush()
