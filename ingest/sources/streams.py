"""Files, folders and archives as one flow of byte streams; nothing is unpacked to disk or held whole."""

from __future__ import annotations

import gzip
import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, Protocol

from ingest.sources.items import Failed, Origin, Skipped, failed

__all__ = ["BROKEN", "CHUNK", "HEAD", "BombError", "Source", "lines", "open_sources"]

CHUNK: Final = 256 * 1024
"""Bytes read at a time."""

HEAD: Final = 4096
"""Bytes looked at to tell a format."""

# A real compressed text shrinks 4 to 20 times (deflate can at most 1,032 times); a bomb hundreds of times.
_FREE: Final = 64 * 1024 * 1024
_RATIO: Final = 200
_MAX_DEPTH: Final = 3

BROKEN: Final = (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError, zipfile.BadZipFile, OSError)
"""What a damaged or unreadable stream raises while it is read."""


class BombError(OSError):
    """A compressed stream that grows out of all proportion."""


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Source:
    """A named stream that can be looked at before it is read; counts the bytes that went through."""

    def __init__(self, name: str, stream: _Readable) -> None:
        self.name = name
        self.taken = 0
        self._stream = stream
        pieces: list[bytes] = []
        self._error: Exception | None = None
        size = 0
        while size < HEAD:
            try:
                piece = stream.read(HEAD - size)
            except BROKEN as error:
                # Told when the reader comes to this point, so that what stands before it isn't lost.
                self._error = error
                break
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
        self.head = b"".join(pieces)
        self._rest = self.head

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes (all when negative); empty at the end.

        :raises OSError, EOFError, zlib.error, TarError, BadZipFile: when the stream is damaged.
        """
        if self._rest:
            if size < 0:
                size = len(self._rest)
            piece, self._rest = self._rest[:size], self._rest[size:]
        elif self._error is not None:
            raise self._error
        else:
            piece = self._stream.read(size)
        self.taken += len(piece)
        return piece


class _Bounded:
    """A decompressed stream that stops when it grows too much against what was read of the compressed one."""

    def __init__(self, stream: IO[bytes], packed: Source) -> None:
        self._stream, self._packed, self._given = stream, packed, 0

    def read(self, size: int = -1, /) -> bytes:
        piece = self._stream.read(CHUNK if size < 0 else size)
        self._given += len(piece)
        if self._given > _FREE and self._given > _RATIO * self._packed.taken:
            raise BombError(f"it unpacks to more than {_RATIO} times its size")
        return piece


def lines(source: Source, limit: int) -> Iterator[tuple[bytes, bool]]:
    """The lines of a stream without line ends, and whether they are whole; one beyond `limit` is cut."""
    rest = bytearray()
    overlong = False
    while chunk := source.read(CHUNK):
        seen = len(rest)
        rest += chunk
        start = 0
        while (at := rest.find(b"\n", max(seen, start))) >= 0:
            if overlong:
                overlong = False
            else:
                yield bytes(rest[start:at]).rstrip(b"\r"), True
            start = at + 1
        del rest[:start]
        if overlong:
            rest.clear()
        elif len(rest) > limit:
            yield bytes(rest[:limit]), False
            rest.clear()
            overlong = True
    if rest and not overlong:
        yield bytes(rest).rstrip(b"\r"), True


class _Tar(tarfile.TarFile):
    """A tar that goes on behind a broken header and tells of it (the standard class just ends)."""

    broken = 0
    ended = False


class _Member(tarfile.TarInfo):
    @classmethod
    def fromtarfile(cls, tarfile_: Any) -> Any:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.HeaderError as error:
            name = type(error).__name__
            if name == "EOFHeaderError":
                tarfile_.ended = True
            elif name != "EmptyHeaderError":
                tarfile_.broken += 1
            raise


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    depth: int
    named: bool
    """Named by the user, not found in a folder or archive: what can't be read is then a failure."""


_LEFT_OUT_NAMES: Final = re.compile(r"(^|/)(\.(?!\.?/)|__MACOSX/|~\$|Thumbs\.db$)")


def _safe(member: str) -> str:
    """A member's name as a label: without a root, a drive or steps upwards."""
    parts = PurePosixPath(member.replace("\\", "/")).parts
    kept = [p for p in parts if p not in ("/", "..", ".") and not re.fullmatch(r"[A-Za-z]:", p)]
    return "/".join(kept) or "unnamed"


def open_sources(path: Path) -> Iterator[tuple[Source, bool] | Skipped | Failed]:
    """Every stream below `path`: a file, a folder (recursive, sorted), a tar, zip or gzip of any of these.

    Yields the stream and whether the user named it. A stream must be read before the next one is asked for.
    """
    if path.is_dir():
        for folder, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                yield from _open_file(Path(folder) / name, named=False)
    else:
        yield from _open_file(path, named=True)


def _open_file(path: Path, *, named: bool) -> Iterator[tuple[Source, bool] | Skipped | Failed]:
    name = str(path)
    if not named and _LEFT_OUT_NAMES.search(path.name):
        yield Skipped(Origin(name), "hidden file")
        return
    if not path.is_file():
        why = "it is no regular file" if path.exists() else "there is no such file"
        yield failed(Origin(name), why, mend="check the path")
        return
    try:
        with path.open("rb") as stream:
            if stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06"):
                yield from _open_zip(stream, _Place(name, 0, named))
            else:
                stream.seek(0)
                yield from _expand(Source(name, stream), _Place(name, 0, named))
    except OSError as error:
        yield failed(Origin(name), f"it can't be opened: {error.strerror or error}")


def _expand(source: Source, place: _Place) -> Iterator[tuple[Source, bool] | Skipped | Failed]:
    head = source.head
    packed = head.startswith(b"\x1f\x8b")
    tar = head[257:262] == b"ustar"
    if (packed or tar) and place.depth >= _MAX_DEPTH:
        yield failed(Origin(place.name), "archives are nested too deeply", mend="unpack it first")
    elif packed:
        # A gzip around a file is no level of its own to a person: the name stays.
        with gzip.GzipFile(fileobj=source, mode="rb") as stream:  # type: ignore[call-overload]
            inner = Source(place.name, _Bounded(stream, source))
            yield from _expand(inner, _Place(place.name, place.depth + 1, place.named))
    elif tar:
        yield from _open_tar(source, place)
    elif head.startswith(b"PK\x03\x04") and place.depth > 0:
        yield failed(Origin(place.name), "a zip inside another archive is not read", mend="unpack it first")
    else:
        yield source, place.named


def _open_tar(source: Source, place: _Place) -> Iterator[tuple[Source, bool] | Skipped | Failed]:
    origin = Origin(place.name)
    try:
        with _Tar.open(fileobj=source, mode="r|", tarinfo=_Member, ignore_zeros=True) as tar:  # type: ignore[call-overload]
            reported = 0
            while (member := tar.next()) is not None:
                tar.members.clear()  # or the list of members grows with the archive
                if tar.broken > reported:
                    reported = tar.broken
                    yield failed(
                        origin, "a member's header is damaged; the member before the next good one is lost"
                    )
                tar.ended = False
                if member.isdir():
                    continue
                name = f"{place.name}!{_safe(member.name)}"
                if not member.isreg():
                    kind = "link" if member.islnk() or member.issym() else "special file"
                    yield Skipped(Origin(name), f"a {kind} inside an archive is not followed")
                elif _LEFT_OUT_NAMES.search(member.name):
                    yield Skipped(Origin(name), "hidden file")
                elif (stream := tar.extractfile(member)) is not None:
                    yield from _expand(Source(name, stream), _Place(name, place.depth + 1, False))
            if tar.broken > reported or not tar.ended:
                yield failed(origin, "the archive is cut off or damaged at its end", mend="fetch it again")
    except BROKEN as error:
        yield failed(
            origin, f"the archive can't be read on: {error or 'it is cut off'}", mend="fetch it again"
        )


def _open_zip(stream: IO[bytes], place: _Place) -> Iterator[tuple[Source, bool] | Skipped | Failed]:
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield failed(Origin(place.name), f"the zip can't be read: {error}", mend="fetch it again")
        return
    with archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            origin = Origin(f"{place.name}!{_safe(info.filename)}")
            mode = info.external_attr >> 16
            if mode & 0o170000 == 0o120000:
                yield Skipped(origin, "a link inside an archive is not followed")
            elif _LEFT_OUT_NAMES.search(info.filename):
                yield Skipped(origin, "hidden file")
            elif info.file_size > _FREE and info.file_size > _RATIO * max(info.compress_size, 1):
                yield failed(origin, f"it unpacks to more than {_RATIO} times its size")
            elif info.flag_bits & 0x1:
                yield failed(origin, "it is encrypted", mend="unpack it first")
            else:
                try:
                    with archive.open(info) as member:
                        yield from _expand(
                            Source(origin.file, member), _Place(origin.file, place.depth + 1, False)
                        )
                except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                    yield failed(origin, f"it can't be read: {error}")
