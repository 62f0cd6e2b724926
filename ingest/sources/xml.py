"""XML as a stream of records: safe, one record in memory at a time, going on behind a broken one.

A record is cut out by its tags and parsed on its own under the start of the file (declaration, document type,
root tag). So a broken record has its exact bytes, and the parser begins afresh behind it.
Nothing outside the bytes is ever read: no DTD, no entity, no network (OWASP, XML External Entity Prevention).
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from ingest.sources.items import MAX_RECORD, BadRecordError, Failed, Item, Origin, failed
from ingest.sources.streams import BROKEN, CHUNK, Source

__all__ = ["Converter", "read_xml"]

Converter = Callable[[etree._Element, Origin], Iterable[Item]]
"""Turns the element of one record into items; raises BadRecordError when it can't."""

_MAX_PROLOGUE: Final = 256 * 1024
_ENCODINGS: Final = re.compile(r"utf-?8|us-ascii|ascii|iso-?8859-\d+|latin-?1|windows-125\d|utf-?16", re.I)
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")


class _Transcoded:
    """UTF-16 (told by its byte order mark) as UTF-8, so that tags can be searched for in the bytes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._decode = codecs.getincrementaldecoder("utf-16")("replace").decode

    def read(self, size: int = -1, /) -> bytes:
        while piece := self._source.read(size):
            if text := self._decode(piece):
                return re.sub(r'(<\?xml[^>]*?)\s+encoding\s*=\s*["\'][^"\']+["\']', r"\1", text).encode()
        return b""


@dataclass
class _Splitter:
    """A buffer over the stream; `pos` is where reading goes on."""

    stream: Source | _Transcoded
    buffer: bytearray = field(default_factory=bytearray)
    pos: int = 0
    error: Exception | None = None

    def more(self) -> bool:
        """Read on; False at the end or when the stream is damaged (`error`)."""
        if self.error is None:
            try:
                piece = self.stream.read(CHUNK)
            except BROKEN as error:
                self.error = error
                return False
            self.buffer += piece
            return bool(piece)
        return False

    def drop(self) -> None:
        del self.buffer[: self.pos]
        self.pos = 0

    def find(self, pattern: re.Pattern[bytes], limit: int, *, keep: bool) -> re.Match[bytes] | None:
        """The next match from `pos`; None at the end or beyond `limit` bytes; `keep` what is passed?"""
        begin = self.pos
        while True:
            if match := pattern.search(self.buffer, begin):
                return match
            # A tag may lie across the edge of what has been read.
            begin = max(begin, len(self.buffer) - 64)
            if not keep:
                self.pos = begin
                self.drop()
                begin = 0
            elif len(self.buffer) - self.pos > limit:
                return None
            if not self.more():
                return None


@dataclass(frozen=True, slots=True)
class _Prologue:
    before: bytes
    """Declaration, document type and the root's start tag, to put before each record."""
    root: str
    self_is_record: bool


class _RefusedError(Exception):
    """The file as a whole is not read; the message is for people."""


_PIECE: Final = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.S)
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE\s+[^\s>\[\"']+")
_DOCTYPE_PIECE: Final = re.compile(rb"[^>\[\"']+|\"[^\"]*\"|'[^']*'")
_ROOT: Final = re.compile(rb"<([A-Za-z_][\w.:-]*)(?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*)?>", re.S)


def _prologue(split: _Splitter, records: Mapping[str, tuple[str, ...]]) -> _Prologue:
    """Read up to the root's start tag.

    :raises _RefusedError: when it declares entities, is no XML, or is of an unknown kind.
    """
    while len(split.buffer) < _MAX_PROLOGUE and split.more():
        pass
    data = bytes(split.buffer).removeprefix(b"\xef\xbb\xbf")
    offset = len(split.buffer) - len(data)
    if (declared := _DECLARED.match(data)) and not _ENCODINGS.fullmatch(declared[1].decode("latin-1")):
        raise _RefusedError(f"its encoding {declared[1].decode('latin-1')!r} is not read")
    pos, doctype = 0, b""
    while True:
        if piece := _PIECE.match(data, pos):
            pos = piece.end()
        elif data.startswith(b"<!DOCTYPE", pos) and not doctype:
            if not (found := _DOCTYPE.match(data, pos)):
                raise _RefusedError("its document type can't be read")
            start, pos = pos, found.end()
            # Piece by piece: one expression over all of it could be made to run for hours.
            while more := _DOCTYPE_PIECE.match(data, pos):
                pos = more.end()
            if data[pos : pos + 1] == b"[":
                end = data.find(b"]", pos)
                inner = data[pos : end if end >= 0 else len(data)]
                # No publisher's article declares entities of its own; attacks do (billion laughs, files).
                what = "declares entities" if b"<!ENTITY" in data[pos:] else "has an internal document type"
                raise _RefusedError(f"it {what}, which may hide an attack{_naming(inner)}")
            if data[pos : pos + 1] != b">":
                raise _RefusedError("its document type can't be read")
            pos += 1
            doctype = data[start:pos]
        else:
            break
    if not (root := _ROOT.match(data, pos)):
        raise _RefusedError("it is no well-formed XML: its first tag can't be read")
    name = root[1].decode("utf-8", "replace")
    if name not in records:
        raise _RefusedError(f"it is XML, but neither JATS nor PubMed: its root is <{name}>")
    declaration = f'<?xml version="1.0" encoding="{declared[1].decode()}"?>'.encode() if declared else b""
    whole = name in records[name]
    split.pos = offset + (root.start() if whole else root.end())
    return _Prologue(declaration + doctype + (b"" if whole else root[0]), name, whole)


def _naming(inner: bytes) -> str:
    names = re.findall(rb"<!ENTITY\s+%?\s*([\w.:-]+)", inner)
    return f": {', '.join(n.decode() for n in names[:3])}" if names else ""


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    _settle_entities(root)
    return root


def _settle_entities(root: etree._Element) -> None:
    """Names of characters that the (unread) DTD would define, such as ``&alpha;``, become their character."""
    for entity in list(root.iter(etree.Entity)):
        name = str(entity.text)[1:-1]
        text = html.unescape(f"&{name};") + (entity.tail or "")
        parent, previous = entity.getparent(), entity.getprevious()
        if parent is None:
            continue
        if previous is not None:
            previous.tail = (previous.tail or "") + text
        else:
            parent.text = (parent.text or "") + text
        entity.tail = None
        parent.remove(entity)


def _without_namespaces(element: etree._Element) -> None:
    """OAI-PMH puts articles into a default namespace; the readers know bare names."""
    namespace = element.tag.partition("}")[0] + "}"
    for node in element.iter(f"{namespace}*"):
        node.tag = str(node.tag)[len(namespace) :]


def read_xml(
    source: Source, records: Mapping[str, tuple[str, ...]], converters: Mapping[str, Converter]
) -> Iterator[Item]:
    """The items of every record of the file. `records` tells the tags of records by the root's tag."""
    split = _Splitter(_Transcoded(source) if source.head[:2] in (b"\xff\xfe", b"\xfe\xff") else source)
    whole = Origin(source.name)
    try:
        prologue = _prologue(split, records)
    except _RefusedError as refused:
        raw = bytes(split.buffer) if len(split.buffer) < _MAX_PROLOGUE else None
        mend = "give JATS (<article>) or PubMed (<PubmedArticleSet>) without entities of its own"
        yield failed(whole, str(refused), raw, mend=mend)
        return
    tags = records[prologue.root]
    names = "|".join(re.escape(tag) for tag in tags)
    start_tag = re.compile(rf"<!--|<({names})(?=[\s>/])|</{re.escape(prologue.root)}\s*>".encode())
    end_tags = {tag: re.compile(rf"</{re.escape(tag)}\s*>".encode()) for tag in tags}
    closing = b"" if prologue.self_is_record else f"</{prologue.root}>".encode()
    number = 0
    while match := split.find(start_tag, MAX_RECORD, keep=False):
        opening, name = bytes(match[0]), match[1]  # the match looks into the buffer: taken before it moves
        split.pos = match.start()
        split.drop()
        if opening == b"<!--":
            if (comment := split.find(re.compile(rb"-->"), MAX_RECORD, keep=False)) is None:
                break
            split.pos = comment.end()
            continue
        if name is None:
            return  # the root's end tag: the file is whole
        number += 1
        origin = Origin(source.name, number)
        tag = bytes(name).decode()
        raw, problem = _cut(split, end_tags[tag], origin)
        if problem:
            yield problem
            if raw is None:
                return
            continue
        assert raw is not None
        yield from _convert(
            prologue.before + raw + closing, raw, converters[tag], origin, not prologue.self_is_record
        )
        if prologue.self_is_record:
            return
    yield _cut_off(split, Origin(source.name), None)


def _cut_off(split: _Splitter, origin: Origin, raw: bytes | None) -> Failed:
    why = f": {split.error or 'the compressed data ends too early'}" if split.error else ""
    return failed(origin, f"the file is cut off or damaged before its end{why}", raw, mend="fetch it again")


_EMPTY_TAG: Final = re.compile(rb"<[^<>]*/>")


def _cut(split: _Splitter, end: re.Pattern[bytes], origin: Origin) -> tuple[bytes | None, Failed | None]:
    """The bytes of the record at `pos`, or a problem (with None when nothing can follow it)."""
    while b">" not in split.buffer[split.pos :] and len(split.buffer) < MAX_RECORD and split.more():
        pass
    match = _EMPTY_TAG.match(split.buffer, split.pos) or split.find(end, MAX_RECORD, keep=True)
    if match is not None:
        raw = bytes(split.buffer[split.pos : match.end()])
        split.pos = match.end()
        split.drop()
        if len(raw) <= MAX_RECORD:
            return raw, None
        return b"", failed(origin, f"the record is larger than {MAX_RECORD >> 20} MB")
    if len(split.buffer) - split.pos > MAX_RECORD:
        problem = failed(origin, f"the record is larger than {MAX_RECORD >> 20} MB")
        # Go on behind it, if it ends.
        if (far := split.find(end, MAX_RECORD, keep=False)) is None:
            return None, problem
        split.pos = far.end()
        split.drop()
        return b"", problem
    return None, _cut_off(split, origin, bytes(split.buffer))


def _convert(data: bytes, raw: bytes, converter: Converter, origin: Origin, wrapped: bool) -> Iterator[Item]:
    try:
        root = _parse(data)
        element = root[0] if wrapped else root
        if str(element.tag).startswith("{"):
            _without_namespaces(element)
        yield from list(converter(element, origin))
    except etree.XMLSyntaxError as error:
        yield failed(origin, f"the XML is broken: {error.msg}", raw, mend="fetch the record again")
    except BadRecordError as error:
        yield failed(origin, error.what, raw, field=error.field, mend=error.mend)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        # One odd record must not end a run over a million; its bytes are set aside with the reason.
        yield failed(origin, f"the record has an unexpected shape: {error!r}", raw)
