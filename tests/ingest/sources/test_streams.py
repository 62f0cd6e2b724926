from __future__ import annotations

import gzip
import io
import stat
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources import Failed, Item, Read, Skipped, detect, read
from ingest.sources.streams import Source, lines
from tests.ingest.sources.helpers import failure, items, jats, pubmed, pubmed_set


def tar_of(members: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def reads(found: list[Item]) -> list[str]:
    return [i.origin.file.partition("!")[2] for i in found if isinstance(i, Read)]


ARTICLE = jats().encode()


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "1.nxml").write_bytes(ARTICLE)
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(pubmed_set(pubmed(1)).encode()))
    (tmp_path / "z.tar.gz").write_bytes(
        gzip.compress(tar_of({"m/1.nxml": ARTICLE, "m/1.jpg": b"\xff\xd8\x00\x00"}))
    )
    (tmp_path / "c.csv").write_text("a,b\n")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "LICENSE").write_text("Some words")
    (tmp_path / "e.txt.gz").write_bytes(gzip.compress(b"A title\n\nSome words."))
    found = list(read(tmp_path))
    names = [i.origin.file.removeprefix(f"{tmp_path}/") for i in found if isinstance(i, Read)]
    assert names == ["a.xml.gz", "e.txt.gz", "z.tar.gz!m/1.nxml", "b/1.nxml"]
    assert sorted(i.why for i in found if isinstance(i, Skipped)) == [
        ".csv is no format of the literature",
        "a name without ending is no format of the literature",
        "hidden file",
        "it is no text",
    ]
    assert list(read(tmp_path)) == found


@pytest.mark.parametrize("pack", [lambda b: b, gzip.compress])
def test_an_archive_with_bad_members(tmp_path: Path, pack: object) -> None:
    members = {
        "1.nxml": ARTICLE,
        "2.nxml": ARTICLE[:-30],
        "3.nxml": b"",
        "4.nxml.gz": gzip.compress(ARTICLE),
        "5.txt": b"\xe9\n",
    }
    found = items(tmp_path, pack(tar_of(members)), "x.tar")  # type: ignore[operator]
    assert [type(i).__name__ for i in found] == ["Read", "Failed", "Failed", "Read", "Failed"]
    assert "empty" in str(failure(found[2]).problem)
    assert failure(found[2]).origin.file.endswith("x.tar!3.nxml")


def test_a_damaged_header_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    data = bytearray(tar_of({f"{n}.nxml": ARTICLE for n in range(3)}))
    at = data.find(b"1.nxml")
    data[at : at + 6] = b"\xff" * 6
    found = items(tmp_path, bytes(data), "x.tar")
    assert reads(found) == ["0.nxml", "2.nxml"]
    assert any(isinstance(i, Failed) and "header is damaged" in str(i.problem) for i in found)


def test_a_truncated_archive_is_told(tmp_path: Path) -> None:
    data = tar_of({f"{n}.nxml": ARTICLE for n in range(3)})
    for cut in (len(data) - 1024 * 9, 2048):
        found = items(tmp_path, data[:cut], "x.tar")
        assert isinstance(found[-1], Failed), cut
    assert all(isinstance(i, Read) for i in items(tmp_path, data, "x.tar"))


def test_names_that_climb_and_links_touch_nothing(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in ("../../evil.nxml", "/etc/evil.nxml"):
            info = tarfile.TarInfo(name)
            info.size = len(ARTICLE)
            tar.addfile(info, io.BytesIO(ARTICLE))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo("passwd.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)
    inside = tmp_path / "inside"
    inside.mkdir()
    before = sorted(tmp_path.rglob("*"))
    found = items(inside, out.getvalue(), "x.tar")
    assert reads(found) == ["evil.nxml", "etc/evil.nxml"]
    assert [i.why for i in found if isinstance(i, Skipped)] == [
        "a link inside an archive is not followed",
        "a link inside an archive is not followed",
        "a special file inside an archive is not followed",
    ]
    assert sorted(tmp_path.rglob("*")) == sorted([*before, inside / "x.tar"])


def test_a_zip(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../1.nxml", ARTICLE)
        archive.writestr("empty.xml", b"")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bomb.xml", b"<article>" + b" " * 80_000_000)
        archive.writestr("2.nxml", ARTICLE)
    found = items(tmp_path, out.getvalue(), "x.zip")
    assert [type(i).__name__ for i in found] == ["Read", "Failed", "Skipped", "Failed", "Read"]
    assert "unpacks to more than" in str(failure(found[3]).problem)
    assert reads(found) == ["1.nxml", "2.nxml"]
    (item,) = items(tmp_path, out.getvalue()[:200], "x.zip")
    assert "zip can't be read" in str(failure(item).problem)


@pytest.mark.parametrize("start", [b"<article>", b"PMID- 1\nTI  - x\n", b"plain words ", b'{"id": 1'])
def test_a_gzip_bomb_is_stopped(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(start)
        for _ in range(300):
            stream.write(b"a" * 1_000_000)
    begun = time.monotonic()
    found = list(read(path))
    assert found
    assert isinstance(found[-1], Failed)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    "start", [b"", b'{"text": "', b"<article><p>", b"<PubmedArticleSet>", b"PMID- 1\nTI  - "]
)
def test_fifty_megabytes_on_one_line(tmp_path: Path, start: bytes) -> None:
    begun = time.monotonic()
    found = items(tmp_path, start + b"word " * 10_000_000, "line")
    assert found
    assert all(isinstance(i, Failed) for i in found)
    assert time.monotonic() - begun < 20


def test_an_empty_a_missing_and_a_binary_file(tmp_path: Path) -> None:
    (item,) = items(tmp_path, b"", "x.xml")
    assert str(failure(item).problem) == f"{tmp_path / 'x.xml'}: the file is empty (fetch it again)"
    (item,) = read(tmp_path / "nothing")
    assert "no such file" in str(failure(item).problem)
    (item,) = items(tmp_path, b"%PDF-1.7 ...", "x.pdf")
    assert "a PDF" in str(failure(item).problem)
    (item,) = items(tmp_path, gzip.compress(b""), "x.gz")
    assert "empty" in str(failure(item).problem)


@given(st.binary(max_size=500))
def test_detect_takes_anything(head: bytes) -> None:
    assert detect(head)


@given(st.binary(max_size=400))
def test_lines_give_every_line(data: bytes) -> None:
    found = list(lines(Source("x", io.BytesIO(data)), 10_000))
    assert [line for line, _ in found] == [line.rstrip(b"\r") for line in data.split(b"\n")][: len(found)]
    assert len(found) == data.count(b"\n") + (not data.endswith(b"\n") and data != b"")


def test_a_line_beyond_the_limit_is_cut_and_the_next_one_is_whole() -> None:
    source = Source("x", io.BytesIO(b"a\n" + b"b" * 2_000_000 + b"\nc\n"))
    found = list(lines(source, 500_000))
    assert [(line[:1], len(line), whole) for line, whole in found] == [
        (b"a", 1, True), (b"b", 500_000, False), (b"c", 1, True),
    ]  # fmt: skip
