"""Checks of the bundled digests: their structure, and every number against the verified facts.

``python -m tests.ingest.corpus_check [NAME ...]`` prints what is wrong, in all files or in the named ones
(such as ``oncology``), and exits with 1 if anything is. ``--skeleton KEY ...`` prints records with the
citation of the named rows and empty texts.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from lxml import etree

from ontology.problems import Problem
from tests.ingest.corpus_record import (
    NOTE,
    PUBLICATION_TYPES,
    SECTIONS,
    SHARED,
    Row,
    authors,
    publication_types,
    read_rows,
    skeleton,
)

__all__ = [
    "CORPUS",
    "Digest",
    "copied",
    "duplicates",
    "fact_problems",
    "missing",
    "problems",
    "published_runs",
    "read_digests",
    "rows_of",
    "structure_problems",
]

CORPUS: Final = Path(__file__).resolve().parents[2] / "ingest" / "corpus"
WORDS: Final = (90, 300)
RUN: Final = 12  # words in a row that may not stand in a published abstract too


@dataclass(frozen=True, slots=True)
class Digest:
    """One record of a corpus file; `number` counts from 1 within the file."""

    file: str
    number: int
    pmid: str
    doi: str
    trials: tuple[str, ...]
    title: str
    journals: tuple[str, ...]
    year: str
    authors: tuple[str, ...]
    types: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    ids: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The prose of all sections."""
        return " ".join(text for _, text in self.sections)

    @property
    def name(self) -> str:
        """What to call the record in a message."""
        return self.pmid or self.doi or self.title

    def problem(self, what: str, field: str = "AbstractText") -> Problem:
        """A problem of this record."""
        return Problem(self.file, f"{self.name}: {what}", row=self.number, field=field)


# --- reading ---


def read_digests(path: Path) -> list[Digest]:
    """The records of one corpus file; raises `lxml.etree.XMLSyntaxError` when it is not well formed."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    root = etree.parse(path, parser).getroot()
    return [_digest(path.name, i, record) for i, record in enumerate(root.iterfind("PubmedArticle"), start=1)]


def _content(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


def _digest(file: str, number: int, record: etree._Element) -> Digest:
    def texts(path: str) -> tuple[str, ...]:
        return tuple(_content(e) for e in record.iterfind(path))

    article = "MedlineCitation/Article"
    names = tuple(
        " ".join(filter(None, (a.findtext("CollectiveName"), a.findtext("LastName"), a.findtext("Initials"))))
        for a in record.iterfind(f"{article}/AuthorList/Author")
    )
    ids = tuple(
        (i.get("IdType", ""), (i.text or "").strip())
        for i in record.iterfind("PubmedData/ArticleIdList/ArticleId")
    )
    return Digest(
        file=file,
        number=number,
        pmid="".join(texts("MedlineCitation/PMID")),
        doi=dict(ids).get("doi", ""),
        trials=texts(f"{article}/DataBankList/DataBank/AccessionNumberList/AccessionNumber"),
        title="".join(texts(f"{article}/ArticleTitle")),
        journals=(
            *texts(f"{article}/Journal/Title"),
            *texts(f"{article}/Journal/ISOAbbreviation"),
            *texts("MedlineCitation/MedlineJournalInfo/MedlineTA"),
        ),
        year="".join(texts(f"{article}/Journal/JournalIssue/PubDate/Year")),
        authors=names,
        types=texts(f"{article}/PublicationTypeList/PublicationType"),
        sections=tuple(
            (t.get("Label", ""), " ".join(_content(t).split()))
            for t in record.iterfind(f"{article}/Abstract/AbstractText")
        ),
        notes=texts("MedlineCitation/GeneralNote"),
        ids=ids,
    )


# --- structure: needs nothing but the files ---


def structure_problems(digest: Digest) -> Iterator[Problem]:
    """What is wrong with a record in itself."""
    if tuple(label for label, _ in digest.sections) != SECTIONS:
        yield digest.problem(f"the sections are not {', '.join(SECTIONS)}")
    for label, text in digest.sections:
        if not text.endswith("."):
            yield digest.problem(f"{label} is empty or does not end with a full stop")
    if dict(digest.sections).get("BACKGROUND") and re.search(
        r"\d\s*%|p\s*[<=]", dict(digest.sections)["BACKGROUND"]
    ):
        yield digest.problem("the background holds figures")
    count = len(digest.text.split())
    if not WORDS[0] <= count <= WORDS[1]:
        yield digest.problem(f"{count} words; {WORDS[0]} to {WORDS[1]} are allowed")
    if digest.notes != (NOTE,):
        yield digest.problem("the digest note is missing or changed", "GeneralNote")
    if not digest.pmid and not digest.doi:
        yield digest.problem("neither PMID nor DOI", "ArticleIdList")
    if digest.pmid and not re.fullmatch(r"[1-9]\d{0,8}", digest.pmid):
        yield digest.problem("not the form of a PMID", "PMID")
    if digest.doi and not re.fullmatch(r"10\.\d{4,9}/\S+", digest.doi):
        yield digest.problem("not the form of a DOI", "ArticleId")
    if digest.pmid != dict(digest.ids).get("pubmed", ""):
        yield digest.problem("PMID and ArticleId pubmed differ", "ArticleId")
    if not re.fullmatch(r"(19|20)\d\d", digest.year):
        yield digest.problem(f"'{digest.year}' is no year", "Year")
    if not digest.title or len(set(digest.journals)) != 1 or len(digest.journals) != 3:
        yield digest.problem("title or journal missing, or the journal's three places differ", "Journal")
    for name in digest.types:
        if name not in PUBLICATION_TYPES:
            yield digest.problem(f"unknown publication type '{name}'", "PublicationType")
    if "Journal Article" not in digest.types:
        yield digest.problem("'Journal Article' is missing", "PublicationType")


def duplicates(digests: Sequence[Digest]) -> Iterator[Problem]:
    """Records that name a paper which an earlier record names."""
    seen: dict[str, Digest] = {}
    for digest in digests:
        for key in filter(None, (digest.pmid, digest.doi.lower(), digest.title.lower())):
            if (first := seen.setdefault(key, digest)) is not digest:
                yield digest.problem(f"the paper stands in {first.file}, record {first.number} too", "PMID")
                break


# --- facts: the record against the rows of its paper ---

UNITS: Final = tuple("one two three four five six seven eight nine ten eleven twelve".split())  # noqa: SIM905
NUMBER: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")
NUMBER_WORD: Final = re.compile(rf"\b({'|'.join(UNITS)})\b", re.IGNORECASE)
INTERVAL: Final = re.compile(r"\b95\s?%\s(?=CI\b|confidence|credible)", re.IGNORECASE)
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\[])")
LEVEL: Final = re.compile(
    r"\b(no|not|nor|neither|without|similar(ly)?|comparable|equal|equivalent|equivalence|the same|"
    r"unchanged|alike|non-?inferior(ity)?|did not|inconclusive|matched|failed|indistinguishable)\b",
    re.IGNORECASE,
)
SAME: Final = re.compile(
    r"\b(did|do|does) not differ\b|\bno (significant )?difference\b|\b(was|were) similar\b", re.IGNORECASE
)
TURN: Final = re.compile(
    r"\b(high|low|long|short|great|small|larg|few|fast|slow|quick|earl|strong|weak|steep)(er|ier)\b|\b(more|less|better|worse|best|"
    r"rather|only|superior|inferior|outlived|doubled|halved|outperformed)\b|"
    r"\b(improv|reduc|increas|decreas|prolong|extend|favou?r|lower|rais|delay|benefi|cut|gain|fall|fell|declin|"
    r"rose|risen|shorten|lengthen|advantage|excess|protect|prevent|outweigh|harm|spare|save|widen|exceed|add|drop|success|"
    r"relie[fv]|eas)\w*",
    re.IGNORECASE,
)
RATIOS: Final = frozenset({"HR", "OR", "RR", "rate ratio"})


def numbers(text: str) -> set[Decimal]:
    """The numbers written in digits, without sign: ``"0.90"`` and ``"0.9"`` are one."""
    return {Decimal(m.replace(",", "")).normalize() for m in NUMBER.findall(text)}


def spelled(text: str) -> set[Decimal]:
    """The numbers from three to twelve written as words."""
    return {Decimal(UNITS.index(m.lower()) + 1).normalize() for m in NUMBER_WORD.findall(text)} - {
        Decimal(1),
        Decimal(2),
    }


def effect_numbers(finding: Row) -> set[Decimal]:
    """The numbers of one finding's values, interval and p."""
    keys = ("intervention_value", "comparator_value", "value", "ci_low", "ci_high", "p")
    return numbers(INTERVAL.sub("", " ".join(str(finding[k]) for k in keys if finding[k] is not None)))


def turned_ratio(finding: Row) -> set[Decimal]:
    """The numbers of a ratio printed the other way round than its arms; they may be left out together."""
    arms = [NUMBER.search(str(finding[k] or "")) for k in ("intervention_value", "comparator_value")]
    if finding["measure"] not in RATIOS or finding["value"] is None or not all(arms):
        return set()
    first, second = (float(m.group().replace(",", "")) for m in arms if m)
    if (first < second) == (finding["value"] < 1):
        return set()
    shown = numbers(
        " ".join(str(finding[k]) for k in ("intervention_value", "comparator_value", "outcome", "p"))
    )
    return numbers(f"{finding['value']} {finding['ci_low']} {finding['ci_high']}") - shown


def fact_problems(digest: Digest, rows: Sequence[Row]) -> Iterator[Problem]:
    """Where the record disagrees with `rows`, the facts of its paper (one row, or one row per comparison)."""
    yield from _citation_problems(digest, rows[0])
    text = INTERVAL.sub("", digest.text)
    allowed: set[Decimal] = set()
    for row in rows:
        # Not the key nor the identifiers: their digits are no facts of the study.
        facts = json.dumps(
            {k: v for k, v in row.items() if k not in {"key", "pmid", "doi", "nct", "verified"}}
        )
        allowed |= numbers(facts) | spelled(facts) | numbers(facts.replace(",", " "))
    written = numbers(text)
    if extra := (written | spelled(text)) - allowed:
        yield digest.problem(f"numbers that the facts do not have: {_listed(extra)}")
    if digest.text != text and any("90% CI" in str(f["outcome"]) for row in rows for f in row["findings"]):
        yield digest.problem("the interval is a 90% one")
    told = written | {Decimal(UNITS.index(m.lower()) + 1).normalize() for m in NUMBER_WORD.findall(text)}
    # The direction is looked for where results stand, not in the conclusions, which speak of several at once.
    sentences = [
        s for label, t in digest.sections if label in {"METHODS", "RESULTS"} for s in SENTENCE.split(t)
    ]
    level = {
        _home(finding, sentences)
        for row in rows
        for finding in row["findings"]
        if finding["favors"] == "neither"
    }
    for row in rows:
        if row["n"] is not None and Decimal(row["n"]).normalize() not in written:
            yield digest.problem(f"the number of patients ({row['n']}) is not told")
        for finding in row["findings"]:
            needed = effect_numbers(finding) | numbers(finding["outcome"])
            turned = turned_ratio(finding)
            if turned and not turned & told:
                needed -= turned
            if lost := needed - told:
                yield digest.problem(f"'{finding['outcome']}': not told: {_listed(lost)}")
            elif trouble := _direction(finding, sentences, level):
                yield digest.problem(f"'{finding['outcome']}' favors {finding['favors']}, but {trouble}")


def _citation_problems(digest: Digest, row: Row) -> Iterator[Problem]:
    pairs = {
        "PMID": (digest.pmid, row["pmid"] or ""),
        "ArticleId": (digest.doi, row["doi"] or ""),
        "AccessionNumber": (" ".join(digest.trials), row["nct"] or ""),
        "ArticleTitle": (digest.title, row["title"]),
        "Journal": (digest.journals[0] if digest.journals else "", row["journal"]),
        "Year": (digest.year, str(row["year"])),
        "AuthorList": ("; ".join(digest.authors), "; ".join(authors(row))),
        "PublicationType": ("; ".join(digest.types), "; ".join(publication_types(row))),
    }
    for field, (found, expected) in pairs.items():
        if found != expected:
            yield digest.problem(f"'{found}' where the facts have '{expected}'", field)


def _home(finding: Row, sentences: Sequence[str]) -> int:
    """The index of the sentence that holds most of the finding's numbers; -1 when it has none."""
    wanted = effect_numbers(finding)
    hits = [len(wanted & numbers(INTERVAL.sub("", s))) for s in sentences]
    return hits.index(max(hits)) if wanted and hits else -1


def _direction(finding: Row, sentences: Sequence[str], level: set[int]) -> str:
    """What the words around a finding's numbers say against `favors`; empty when they agree.

    `level` are the indices of the sentences that report findings without a difference.
    """
    home = _home(finding, sentences)
    if home < 0:
        return ""
    near = " ".join(sentences[max(0, home - 1) : home + 2])
    arms = finding["intervention_value"] is not None and finding["comparator_value"] is not None
    if finding["favors"] == "neither":
        compared = arms or (finding["measure"] in RATIOS and finding["value"] is not None)
        return (
            "no sentence there says that there was no difference"
            if compared and not LEVEL.search(near)
            else ""
        )
    if finding["favors"] in {"intervention", "comparator"}:
        if home not in level and SAME.search(sentences[home]):
            return "the sentence says that there was no difference"
        if not arms and not TURN.search(near):
            return "no sentence there says who did better"
    return ""


def missing(digests: Iterable[Digest], rows: Iterable[Row]) -> list[str]:
    """The keys of rows that no record covers."""
    names = {name for d in digests for name in (d.pmid, d.doi.lower()) if name}
    return [row["key"] for row in rows if not names & {row["pmid"] or "", (row["doi"] or "").lower()} - {""}]


def _listed(values: Iterable[Decimal]) -> str:
    return ", ".join(f"{v:f}" for v in sorted(values))


# --- copies of published sentences ---


def _runs(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def published_runs(shared: Path = SHARED) -> set[int]:
    """The hashes of all runs of 12 words of the published abstracts that the shared folder holds."""
    runs: set[int] = set()
    for path in (
        shared / "gold" / "dev.docs.jsonl",
        *(shared / "benchmarks" / "evidence_inference").glob("*.jsonl"),
    ):
        for line in path.open(encoding="utf-8") if path.exists() else ():
            record = json.loads(line)
            sections = [s["text"] for s in record.get("sections", ())]
            for text in (record.get("text", ""), record.get("abstract", ""), *sections):
                runs.update(map(hash, _runs(text)))
    return runs


def copied(digest: Digest, published: set[int]) -> Iterator[Problem]:
    """Runs of 12 words that the record shares with a published abstract."""
    for run in sorted(run for run in _runs(digest.text) if hash(run) in published):
        yield digest.problem(f"stands in a published abstract too: '{run}'")


def rows_of(digest: Digest, rows: Iterable[Row]) -> list[Row]:
    """The rows of the record's paper."""
    return [
        row
        for row in rows
        if (digest.pmid and digest.pmid == row["pmid"])
        or (digest.doi and digest.doi.lower() == (row["doi"] or "").lower())
    ]


def problems(digests: Sequence[Digest], rows: Sequence[Row], published: set[int]) -> Iterator[Problem]:
    """Everything that is wrong with `digests`."""
    yield from duplicates(digests)
    for digest in digests:
        yield from structure_problems(digest)
        yield from copied(digest, published)
        if matched := rows_of(digest, rows):
            yield from fact_problems(digest, matched)
        else:
            yield digest.problem("no verified facts for this paper", "PMID")


def main(arguments: Sequence[str]) -> int:
    rows = read_rows()
    if arguments[:1] == ["--skeleton"]:
        for row in (r for r in rows if r["key"] in arguments[1:]):
            record = skeleton(row)
            etree.indent(record, space=" ", level=1)
            print(" " + etree.tostring(record, encoding="unicode"))
        return 0
    digests = [d for path in sorted(CORPUS.glob("*.xml")) for d in read_digests(path)]
    chosen = [d for d in digests if not arguments or d.file.removesuffix(".xml") in arguments]
    found = list(problems(chosen, rows, published_runs()))
    print(*found, sep="\n")
    print(f"{len(chosen)} digests, {len(found)} problems")
    print("verified rows without a digest:", " ".join(missing(digests, rows)) or "none")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
