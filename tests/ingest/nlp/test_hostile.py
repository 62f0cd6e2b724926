"""Text that nobody wrote for reading: it must be read in good time, twice the text in twice the time."""

from __future__ import annotations

import time

import pytest

from ingest.nlp.pipeline import Reader
from kg.model import SectionKind
from tests.ingest.nlp.helpers import publication

LENGTH = 40_000
SECONDS = 4.0  # of processor time: a machine under load takes longer on the wall clock
# What is repeated, each of it a bait for one pattern or one loop.
UNITS = {
    "blanks": " ",
    "digits": "1",
    "thousands": "1,111",
    "opening brackets": "(",
    "closing brackets": ")",
    "a and a": "a and a ",
    "hyphens": "a-",
    "short form without blanks": "TACE-",
    "arms": "TACE and ",
    "comparisons": "TACE versus sorafenib ",
    "figures": "12% vs 13%, ",
    "ratios": "HR 0.5 ",
    "harms": "stroke ",
    "counts": "20 patients ",
    "words between count and people": "20 aa bb cc ",
    "definitions": "transarterial chemoembolization (TACE) ",
    "no": "no ",
    "stops": "A. ",
    "smileys": "\U0001f600",
    "combining marks": "e\u0301\u0323",
    "lines": "a\n",
    "measures": "rate of ",
}


def seconds(reader: Reader, text: str, *, body: bool = False) -> float:
    start = time.process_time()
    reader.read(publication((SectionKind.ABSTRACT, text), body=body))
    return time.process_time() - start


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_hostile_text_ends_in_good_time(reader: Reader, unit: str) -> None:
    assert seconds(reader, (unit * (LENGTH // len(unit) + 1))[:LENGTH]) < SECONDS


@pytest.mark.parametrize(
    "sentence",
    [
        "TACE improved survival compared with sorafenib (12% vs 13%, p = 0.01). ",
        "The k{} group did better than the m{} group. ",
    ],
)
def test_time_grows_with_the_text(reader: Reader, sentence: str) -> None:
    def text(length: int) -> str:
        return "".join(sentence.format(i, i) for i in range(length // len(sentence)))

    seconds(reader, text(2000))  # tables are read and caches filled
    small, large = (
        seconds(reader, text(LENGTH // 10), body=True),
        seconds(reader, text(LENGTH // 2), body=True),
    )
    assert large < 3 * 5 * small + 0.5
