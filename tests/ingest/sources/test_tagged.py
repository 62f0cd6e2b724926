from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources import Failed, Read
from ingest.sources.items import BadRecordError
from ingest.sources.tagged import medline_record, ris_record
from kg.model import Author, Retraction
from tests.ingest.sources.helpers import failure, items

MEDLINE = """
PMID- 123
TI  - Embolization of the hepatic artery in
      liver cancer.
AB  - BACKGROUND: It is known. RESULTS: Survival
      was longer (NCT01234567).
AU  - Llovet JM
AU  - Real MI
CN  - BCLC Group
LID - 10.1000/x [doi]
DP  - 2002 May 18
JT  - A journal
PT  - Randomized Controlled Trial
MH  - *Liver Neoplasms/therapy
LA  - eng
LR  - 20200102

PMID- 124
TI  - Second
RIN - Lancet. 2003
"""
RIS = """TY  - JOUR
TI  - Embolization
AU  - Llovet, Josep M
PY  - 2002
DA  - 2002/05/18/
AB  - Survival was
longer.
DO  - https://doi.org/10.1000/x
UR  - https://pubmed.ncbi.nlm.nih.gov/123/
ER  -

TY  - JOUR
N1  - nothing here
ER  -
"""


def test_medline(tmp_path: Path) -> None:
    first, second = items(tmp_path, MEDLINE, "x.nbib")
    assert isinstance(first, Read)
    assert isinstance(second, Read)
    publication = first.publication
    assert publication.text == (
        "Embolization of the hepatic artery in liver cancer\nBACKGROUND: It is known.\n"
        "RESULTS: Survival was longer (NCT01234567)."
    )
    assert publication.authors == (Author("Llovet", "JM"), Author("Real", "MI"), Author("BCLC Group"))
    assert (publication.id, publication.identifiers.doi, publication.date) == (
        "pmid:123",
        "10.1000/x",
        "2002-05-18",
    )
    assert (publication.mesh, publication.revised) == (("Liver Neoplasms",), "2020-01-02")
    assert second.publication.retraction is Retraction.RETRACTED
    assert second.note.startswith("title only")


@pytest.mark.parametrize(
    ("tag", "state"),
    [
        ("RIN", Retraction.RETRACTED),
        ("RRI", Retraction.RETRACTED),
        ("RPI", Retraction.NONE),  # republished, which is no retraction
        ("ROF", Retraction.NOTICE),
        ("ECI", Retraction.CONCERN),
    ],
)
def test_medline_retraction(tag: str, state: Retraction) -> None:
    publication, _ = medline_record(f"PMID- 1\nTI  - x\n{tag} - A journal. 2003")
    assert publication.retraction is state


def test_ris(tmp_path: Path) -> None:
    first, second = items(tmp_path, RIS, "x.ris")
    assert isinstance(first, Read)
    publication = first.publication
    assert publication.id == "pmid:123"
    assert publication.text == "Embolization\nSurvival was longer."
    assert (publication.date, publication.authors) == ("2002-05-18", (Author("Llovet", "JM"),))
    assert failure(second).problem.row == 2


def test_only_the_record_with_bad_bytes_fails(tmp_path: Path) -> None:
    content = b"PMID- 1\nTI  - caf\xe9\n\nPMID- 2\nTI  - Good\n"
    bad, good = items(tmp_path, content, "x.nbib")
    assert "UTF-8" in str(failure(bad).problem)
    assert failure(bad).raw == b"PMID- 1\nTI  - caf\xe9"
    assert isinstance(good, Read)


tagged = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "PMID- ",
                "TI  - ",
                "AB  - ",
                "TY  - ",
                "DP  - ",
                "PY  - ",
                "AU  - ",
                "MH  - ",
                "ER  - ",
                "      ",
            ]
        ),
        st.text(max_size=30),
    )
).map(lambda pairs: "\n".join(a + b for a, b in pairs))


@pytest.mark.parametrize("parse", [medline_record, ris_record])
@given(text=st.one_of(st.text(), tagged))
def test_any_text_gives_a_publication_or_a_clear_refusal(parse: type, text: str) -> None:
    try:
        publication, _ = parse(text)
    except BadRecordError:
        pass  # refused in words
    else:
        for section in publication.sections:
            assert publication.text[section.start : section.end] == section.text


@given(data=st.binary(max_size=300))
def test_any_bytes_behind_the_first_line(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for start in (b"PMID- 1\nTI  - x\n", b"TY  - JOUR\nTI  - x\n"):
        assert all(isinstance(i, Read | Failed) for i in items(folder, start + data, "x"))
