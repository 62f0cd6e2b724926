from __future__ import annotations

import gzip
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.sources import Read
from tests.ingest.sources.helpers import failure, items, jats, one, pubmed, pubmed_set

LAUGHS = """<?xml version="1.0"?><!DOCTYPE article [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;">]><article><front><article-meta><title-group><article-title>&lol3;
</article-title></title-group></article-meta></front></article>"""
PASSWD = LAUGHS.replace('"lol"', 'SYSTEM "file:///etc/passwd"').replace("&lol3;", "&lol;")


@pytest.mark.parametrize("attack", [LAUGHS, PASSWD, LAUGHS.encode("utf-16")])
def test_entities_are_refused(tmp_path: Path, attack: str | bytes) -> None:
    (item,) = items(tmp_path, attack)
    assert "declares entities" in str(failure(item).problem)
    assert "root:" not in str(item)


def test_an_external_dtd_with_an_unknown_entity_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "JATS.dtd").write_text('<!ENTITY secret "leaked">')
    publication = one(tmp_path, jats(abstract="<p>&secret; &beta;</p>"))
    assert publication.sections[1].text == "&secret; β"


def test_other_xml_is_refused_by_name(tmp_path: Path) -> None:
    (item,) = items(tmp_path, "<html><body>x</body></html>")
    assert "neither JATS nor PubMed: its root is <html>" in str(failure(item).problem)
    (item,) = items(tmp_path, '<?xml version="1.0"?>\n')
    assert "no well-formed XML" in str(failure(item).problem)


def test_an_odd_encoding_is_refused_and_latin1_is_read(tmp_path: Path) -> None:
    (item,) = items(tmp_path, '<?xml version="1.0" encoding="UTF-7"?><article></article>')
    assert "UTF-7" in str(failure(item).problem)
    source = pubmed_set(pubmed(title="Café")).replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert one(tmp_path, source).title == "Café"
    assert one(tmp_path, pubmed_set(pubmed(title="Café")).encode("utf-16")).title == "Café"


def test_invalid_utf8_fails_one_record(tmp_path: Path) -> None:
    source = pubmed_set(pubmed(1), pubmed(2, title="Caf#"), pubmed(3)).encode().replace(b"#", b"\xe9")
    good, bad, last = items(tmp_path, source)
    assert isinstance(good, Read)
    assert isinstance(last, Read)
    assert "XML is broken" in str(failure(bad).problem)
    assert b"\xe9" in (failure(bad).raw or b"")


@pytest.mark.parametrize(("cut", "whole"), [(10, 3), (40, 2), (400, 2), (500, 1)])
def test_a_truncated_file_gives_what_stands_before_the_break(tmp_path: Path, cut: int, whole: int) -> None:
    *found, last = items(tmp_path, pubmed_set(pubmed(1), pubmed(2), pubmed(3))[:-cut])
    assert [i.publication.id for i in found if isinstance(i, Read)] == [f"pmid:{n + 1}" for n in range(whole)]
    assert "cut off" in str(failure(last).problem)


def test_a_truncated_gzip(tmp_path: Path) -> None:
    packed = gzip.compress(
        pubmed_set(*(pubmed(n, title=f"Title {n * 7919}") for n in range(1, 3000))).encode()
    )
    *found, last = items(tmp_path, packed[: len(packed) // 2], "x.xml.gz")
    assert len(found) > 100
    assert all(isinstance(i, Read) for i in found)
    assert "cut off" in str(failure(last).problem)
    (item,) = items(tmp_path, packed[:15], "x.xml.gz")
    assert "cut off" in str(failure(item).problem)


def test_comments_between_records_are_no_records(tmp_path: Path) -> None:
    assert one(tmp_path, pubmed_set(f"<!-- {pubmed(1)} -->", pubmed(2))).id == "pmid:2"


def test_a_record_beyond_the_limit_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.sources.xml.MAX_RECORD", 300_000)
    large, good = items(tmp_path, pubmed_set(pubmed(1, title="x" * 2_000_000), pubmed(2)))
    assert "larger than" in str(failure(large).problem)
    assert isinstance(good, Read)


MEASURE = """
import resource, sys
from pathlib import Path
from ingest.sources import Read, read
n = 0
for item in read(Path(sys.argv[1])):
    n += isinstance(item, Read)
    if n == 500:
        early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(n, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - early) // 1024)
"""


def test_memory_does_not_grow_with_the_number_of_records(tmp_path: Path) -> None:
    path = tmp_path / "many.xml.gz"
    head, tail = pubmed_set("#").split("#")
    with gzip.open(path, "wt", compresslevel=1) as stream:
        stream.write(head)
        for number in range(1, 50_001):
            stream.write(pubmed(number, title=f"Title {number}. " + "word " * 60))
        stream.write(tail)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    count, grown = map(int, done.stdout.split())
    assert count == 50_000
    assert grown < 16, f"peak memory grew by {grown} MB after the first 500 records"


@pytest.mark.parametrize(
    "hostile",
    [
        "<!DOCTYPE " + "a" * 200_000 + ' "' * 1000,
        "<article " + 'a="b" ' * 40_000,
        "<article " + 'a="' * 40_000,
        jats("<sec>" * 5000 + "<p>x</p>" + "</sec>" * 5000),
        jats("<p>" + "(" * 20_000 + '<xref ref-type="bibr">1</xref>' * 3000 + "</p>"),
        jats("<p>" + " , " * 40_000 + '<xref ref-type="bibr">1</xref>' + " " * 100_000 + "</p>"),
        jats("<p>" + "," * 40_000 + 'x<xref ref-type="bibr">1</xref></p>'),
    ],
)
def test_text_made_to_be_slow_is_not(tmp_path: Path, hostile: str) -> None:
    begun = time.monotonic()
    assert len(items(tmp_path, hostile)) == 1
    assert time.monotonic() - begun < 5
