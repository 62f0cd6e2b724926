"""Building a publication: clean text, sections with right offsets, kinds of sections, ids, JSON."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

from kg.model import Author, Identifiers, Publication, Retraction, Section, SectionKind

__all__ = [
    "Part",
    "PartOf",
    "bare_doi",
    "clean",
    "clean_label",
    "compose",
    "document_id",
    "from_json",
    "initials",
    "known_label",
    "labelled_parts",
    "labelled_spans",
    "left_out",
    "section_kind",
    "to_json",
    "trial_ids",
]

PartOf = Literal["title", "abstract", "body"]

_KINDS_FILE: Final = Path(__file__).parent / "sources" / "section_kinds.tsv"

# Characters that no reader sees and that break words apart for a tokenizer: controls, soft hyphen, zero-width
# spaces and joiners, byte order marks, directional marks, object replacement.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc]+"
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """One line of text: NFC, every run of white space (no-break spaces too) one space, nothing invisible.

    >>> clean("90\\u00a0Y  micro\\u00adspheres\\n")
    '90 Y microspheres'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _SURROGATE.sub("\ufffd", text)))
    elif not text.isprintable():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


def clean_label(label: str) -> str:
    """A section's heading without numbering marks at its end: ``"Results:"`` reads ``"Results"``."""
    return clean(label).strip(" :.;,-–—|*")


@dataclass(frozen=True, slots=True)
class Part:
    """A section before it has a place in the text. Paragraphs of `text` are separated by line breaks."""

    label: str
    text: str
    kind: SectionKind
    part: PartOf = "abstract"


def compose(title: str, parts: Iterable[Part]) -> tuple[str, tuple[Section, ...]]:
    """The text of a document and its sections: the title, then ``Label: text`` or ``text``, a line each.

    The title is the first section (kind TITLE). Text is cleaned; parts without text are left out.

    >>> text, sections = compose("TACE", [Part("Results", "It works.", SectionKind.RESULTS)])
    >>> text, sections[1].start, sections[1].text
    ('TACE\\nResults: It works.', 14, 'It works.')
    """
    lines: list[str] = []
    sections: list[Section] = []
    length = 0
    for part in (Part("", title, SectionKind.TITLE, "title"), *parts):
        body = "\n".join(filter(None, map(clean, part.text.splitlines())))
        if not body:
            continue
        label = clean_label(part.label)
        head = f"{label}: " if label else ""
        start = length + len(head)
        sections.append(Section(label, body, part.kind, part.part, start))
        lines.append(head + body)
        length = start + len(body) + 1
    return "\n".join(lines), tuple(sections)


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: SectionKind | None
    strong: bool
    whole: bool = True
    """The label as it stands is in the table, or is made of labels that are; not just a word of it."""


@lru_cache(maxsize=1)
def _rules() -> tuple[dict[str, _Rule], dict[str, _Rule]]:
    """The table of labels: those that match as a whole, and words that tell the kind of a longer label."""
    whole: dict[str, _Rule] = {}
    words: dict[str, _Rule] = {}
    for line in _KINDS_FILE.read_text("utf-8").splitlines()[1:]:
        label, kind, match, strength = line.split("\t")
        rule = _Rule(None if kind == "skip" else SectionKind(kind), strength == "strong", match == "whole")
        (words if match == "word" else whole)[label] = rule
    return whole, words


_NUMBERING: Final = re.compile(r"^(?:section\s+)?(?:\d+(?:\.\d+)*[.):]?|[ivx]+[.):]|[a-z][.)])\s+")
_SPLIT: Final = re.compile(r"\s*(?:[/,;:+|]|\band\b|\bor\b)\s*")
# Of a joint heading the part that carries findings decides: "Methods and results" holds results.
_PRIORITY: Final = (
    SectionKind.RESULTS,
    SectionKind.CONCLUSION,
    SectionKind.DISCUSSION,
    SectionKind.METHODS,
    SectionKind.OBJECTIVE,
    SectionKind.BACKGROUND,
    SectionKind.CASE,
    SectionKind.OTHER,
)
_NLM_CATEGORY: Final = {
    "BACKGROUND": SectionKind.BACKGROUND,
    "OBJECTIVE": SectionKind.OBJECTIVE,
    "METHODS": SectionKind.METHODS,
    "RESULTS": SectionKind.RESULTS,
    "CONCLUSIONS": SectionKind.CONCLUSION,
}


def _key(label: str) -> str:
    label = (
        clean_label(label)
        .lower()
        .replace("’", "'")
        .replace("‘", "'")
        .replace("&", " and ")
        .replace("(s)", "s")
    )
    return " ".join(_NUMBERING.sub("", label).split()).strip(" .:")


@lru_cache(maxsize=4096)
def _rule(label: str) -> _Rule | None:
    whole, words = _rules()
    key = _key(label)
    if found := whole.get(key):
        return found
    pieces = [whole.get(piece) for piece in _SPLIT.split(key) if piece]
    if len(pieces) > 1 and pieces[0] and pieces[0].kind:
        kinds = {piece.kind for piece in pieces if piece}
        strong = any(piece.strong for piece in pieces if piece)
        return _Rule(next(kind for kind in _PRIORITY if kind in kinds), strong, all(pieces))
    if len(key) <= 80:
        for word in re.findall(r"[a-z']+", key):
            if found := words.get(word):
                return found
    return None


def section_kind(label: str, *, parent: SectionKind | None = None, hint: str = "") -> SectionKind:
    """What a section is for: by its label, `hint` (JATS ``sec-type`` or ``NlmCategory``), then its parent.

    Below a section of known kind only the plain words (Results, Methods ...) change the kind: "Patients"
    under Results tells of results.

    >>> section_kind("2. Patients & Methods"), section_kind("Patients", parent=SectionKind.RESULTS)
    (<SectionKind.METHODS: 'methods'>, <SectionKind.RESULTS: 'results'>)
    """
    known_parent = parent not in (None, SectionKind.OTHER, SectionKind.ABSTRACT)
    rule = _rule(label) if label else None
    if rule and rule.kind and (rule.strong or not known_parent):
        return rule.kind
    if category := _NLM_CATEGORY.get(hint.upper()):
        return category
    hinted = _rule(hint.replace("|", "/")) if hint else None
    if hinted and hinted.kind and (hinted.strong or not known_parent):
        return hinted.kind
    return parent if parent is not None else SectionKind.OTHER


def known_label(label: str) -> bool:
    """True when the table knows the label itself, so that a line that holds nothing else is a heading."""
    rule = _rule(label) if label else None
    return rule is not None and rule.whole


def left_out(label: str) -> bool:
    """True for the back matter that a paper prints among its sections: funding, contributions ..."""
    rule = _rule(label) if label else None
    return rule is not None and rule.kind is None


# A label inside running text: at the start or behind a sentence's end, followed by a colon.
_INLINE_LABEL: Final = re.compile(
    r"(?:^|(?<=[.?!)%\]]\s)|(?<=\n))([A-Z][A-Za-z ,/&'’()\-]{2,58})([:.])(?=\s*\S)"
)


def labelled_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """Cut running text where it prints its own labels ("METHODS: ...", "Results. ..."): label, start, end.

    Only a label of the table counts; with fewer than two of them the text is left whole, for a single one
    may be part of a sentence. The spans leave out the label and the white space around the text.
    """
    stop = len(text) if end is None else end
    found = [
        m
        for m in _INLINE_LABEL.finditer(text, start, stop)
        if (rule := _rule(m[1]))
        # A word with a full stop ("Results.") is a label only when it is one beyond doubt.
        and (
            rule.strong and rule.whole
            if m[2] == "."
            else rule.strong or m[1].isupper() or m.start() in (start, 0)
        )
    ]
    if len(found) < 2:
        found = []
    edges = [(start, start, ""), *((m.start(), m.end(), m[1]) for m in found), (stop, stop, "")]
    for (_, begin, label), (until, _, _) in pairwise(edges):
        piece = text[begin:until]
        left = begin + len(piece) - len(piece.lstrip())
        if stripped := piece.strip():
            yield label, left, left + len(stripped)


def labelled_parts(text: str, part: PartOf = "abstract") -> list[Part]:
    """The parts of an abstract that prints its labels in the running text; one part when it prints none."""
    default = SectionKind.ABSTRACT if part == "abstract" else SectionKind.OTHER
    parts = [
        Part(label, text[start:end], section_kind(label) if label else default, part)
        for label, start, end in labelled_spans(text)
    ]
    return [p for p in parts if not left_out(p.label)] or parts


_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")


def bare_doi(value: str | None) -> str | None:
    """The DOI inside a value ("https://doi.org/10.1000/x", "doi:10.1000/x"); None when there is none."""
    found = _DOI.search(value or "")
    return found[0].rstrip(".,;)]>\"'") if found else None


# The registries of the WHO's ICTRP network whose identifiers can be told from other text by their form.
_TRIALS: Final = tuple(
    (tag, re.compile(pattern, re.IGNORECASE), template)
    for tag, pattern, template in (
        ("NCT", r"\bNCT[\s-]?(\d{8})\b", "NCT{}"),
        ("ISRCTN", r"\bISRCTN[\s:#-]*(\d{8})\b", "ISRCTN{}"),
        ("ACTRN", r"\bACTRN[\s:#-]*(\d{14})\b", "ACTRN{}"),
        ("CHICTR", r"\bChiCTR[\s-]?(\d{8,10})\b", "ChiCTR{}"),
        ("CHICTR", r"\bChiCTR-?([A-Z]{2,6}-\d{8})\b", "ChiCTR-{}"),
        ("DRKS", r"\bDRKS[\s-]?(\d{8})\b", "DRKS{}"),
        ("UMIN", r"\bUMIN(?:-CTR)?[\s:]*(\d{9})\b", "UMIN{}"),
        ("EUDRACT", r"\bEudraCT\W{0,3}(?:no|nr|number)?[.:\s]*(\d{4}-\d{6}-\d{2})\b", "EudraCT {}"),
        ("KCT", r"\bKCT(\d{7})\b", "KCT{}"),
        ("PACTR", r"\bPACTR(\d{15})\b", "PACTR{}"),
        ("CTRI/", r"\bCTRI/(\d{4}/\d{2,3}/\d{6})\b", "CTRI/{}"),
        ("IRCT", r"\bIRCT(\d{8,}N\d+)\b", "IRCT{}"),
        ("NTR", r"\bNTR[\s-]?(\d{3,4})\b", "NTR{}"),
        ("RBR-", r"\bRBR-([0-9a-z]{6,7})\b", "RBR-{}"),
    )
)


def trial_ids(*texts: str) -> tuple[str, ...]:
    """The trial registrations named in the texts, in one spelling, each once, in order of the registries.

    >>> trial_ids("Registered as NCT 01234567 and ISRCTN: 12345678.")
    ('NCT01234567', 'ISRCTN12345678')
    """
    text = "\n".join(texts)
    upper = text.upper()
    found: dict[str, None] = {}
    for tag, pattern, template in _TRIALS:
        if tag in upper:
            for match in pattern.finditer(text):
                found[template.format(match[1])] = None
    return tuple(found)


def initials(given: str) -> str:
    """Initials as a citation prints them: ``"Jean-Marie"`` is ``"JM"``; what is initials already stays."""
    given = clean(given)
    if given.isupper() and len(given) <= 4 and given.isalpha():
        return given
    return "".join(word[0] for word in re.split(r"[\s.\-‐]+", given) if word and word[0].isalpha()).upper()


def document_id(identifiers: Identifiers, text: str, *, full_text: bool = False, digest: bool = False) -> str:
    """The id of a document by the rules of :class:`kg.model.Publication`; `text` names it at last."""
    names = {
        "pmcid": identifiers.pmcid,
        "pmid": identifiers.pmid,
        "doi": identifiers.doi.lower() if identifiers.doi else None,
    }
    order = ("pmcid", "pmid", "doi") if full_text else ("pmid", "doi", "pmcid")
    name = next((f"{scheme}:{names[scheme]}" for scheme in order if names[scheme]), None)
    if name is None:
        name = f"text:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return f"digest:{name}" if digest else name


def to_json(publication: Publication) -> str:
    """A publication as one line of JSON; :func:`from_json` gives the equal value back."""
    return json.dumps(asdict(publication), ensure_ascii=False)


def from_json(line: str) -> Publication:
    """The publication that :func:`to_json` wrote.

    :raises ValueError: when a field is missing or unknown, or a section's text does not stand at its offset.
    """
    data: dict[str, Any] = json.loads(line)
    try:
        ids = data["identifiers"]
        publication = replace(
            Publication(**{**data, "sections": (), "authors": ()}),
            sections=tuple(Section(**{**s, "kind": SectionKind(s["kind"])}) for s in data["sections"]),
            authors=tuple(Author(**a) for a in data.get("authors", ())),
            identifiers=Identifiers(**{**ids, "trials": tuple(ids.get("trials", ()))}),
            retraction=Retraction(data.get("retraction", Retraction.NONE)),
            publication_types=tuple(data.get("publication_types", ())),
            mesh=tuple(data.get("mesh", ())),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is no publication of IR-KG: {error}") from error
    for section in publication.sections:
        if publication.text[section.start : section.end] != section.text:
            raise ValueError(
                f"the text of section {section.label!r} does not stand at offset {section.start}"
            )
    return publication
