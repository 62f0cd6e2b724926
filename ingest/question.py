"""A question in plain English as a profile, read with the pipeline that reads the literature.

The pipeline finds the diseases, therapies, biomarkers and imaging; what a patient is like ("Child-Pugh B7",
"6 cm", "portal vein patent") is read by the patterns of `question_patterns.tsv`, in which `NUM` stands for a
number in digits or words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ingest.document import clean
from ingest.nlp.pipeline import Reader
from kg.justify.names import Names, name_stems, names_of
from kg.justify.profile import ProfileError, characteristic, measures, refined
from kg.model import Mention, Publication, Section, SectionKind
from kg.model.justification import Characteristic, Profile
from ontology.terms import Branch, Ontology

__all__ = ["LONGEST", "read_question"]

LONGEST: Final = 4_000  # characters of a question that are read; a case report has no more
_HERE: Final = Path(__file__).parent
_WORDS: Final = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_NUMBER: Final = r"(?:\\d+(?:[.,]\\d+)?|" + "|".join(_WORDS) + r")"
# What stands before or behind a therapy that was given already and is not asked about.
_BEFORE: Final = re.compile(
    r"\b(?:after|following|status post|s/p|previous(?:ly)?|prior|failed|controlled (?:by|with)|despite"
    r"|refractory to|progress\w+ (?:on|after|under))(?: \w+){0,2} $",
    re.I,
)
_BEHIND: Final = re.compile(
    r"^ (?:was |were |has been |had been )?(?:given|done|performed|failed|yesterday"
    r"|\w+ (?:days?|weeks?|months?|years?) ago)\b",
    re.I,
)
_SHARED: Final = re.compile(r"\b(\w+-(?:coated|eluting)) (or|and|versus|vs) (\w+) (\w+)\b")
_NOT: Final = re.compile(r"\b(?:no|not|without|excluded|absence of|never)(?: \w+){0,2} $", re.I)


@dataclass(frozen=True, slots=True)
class _Pattern:
    name: str
    when: str
    pattern: re.Pattern[str]
    value: str


def read_question(text: str, reader: Reader) -> Profile:
    """The profile that a question describes; an empty one when it describes none.

    Values that are impossible, and what is beyond :data:`LONGEST` characters, are named in `unread`.
    """
    unread = [] if len(text) <= LONGEST else [f"the question beyond its first {LONGEST} characters"]
    text = clean(text[:LONGEST])
    if not text:
        return Profile(unread=tuple(unread))
    names, ontology = names_of(reader.ontology), reader.ontology
    # "drug-coated or plain balloon" names two balloons.
    text = _SHARED.sub(r"\1 \4 \2 \3 \4", text)
    mentions = list(_mentions(text, reader, names))
    diseases = _diseases(text, mentions, names)
    known: list[Characteristic] = []
    for one in _characteristics(text, diseases, ontology):
        if isinstance(one, str):
            unread.append(one)
        else:
            known.append(one)
    main = diseases[0] if diseases else None
    profile = Profile(
        disease=main,
        disease_text=next((m.text for m in mentions if m.term == main), ""),
        others=tuple(d for d in diseases[1:] if main is None or d not in ontology.ancestors(main)),
        options=_options(text, mentions, names),
        biomarkers=tuple(dict.fromkeys((*_of(mentions, Branch.BIOMARKER), *_markers(mentions, ontology)))),
        imaging=_of(mentions, Branch.IMAGING_MODALITY),
        characteristics=tuple(known),
        unread=tuple(unread),
    )
    return refined(profile, ontology)


def _mentions(text: str, reader: Reader, names: Names) -> Iterator[Mention]:
    """What the pipeline finds in the question, with what it leaves unlinked looked up once more by name."""
    section = Section("Question", text, SectionKind.OTHER, "abstract", 0)
    reading = reader.read(Publication(id="question", text=text, sections=(section,)))
    found = {(m.start, m.end): m for m in reading.mentions if m.term is not None}
    for hit in names.lexicon.find(text):
        if not any(start < hit.end and hit.start < end for start, end in found):
            entry = hit.entries[0]
            found[hit.start, hit.end] = Mention(
                hit.start, hit.end, text[hit.start : hit.end], entry.branch, entry.term
            )
    yield from (found[span] for span in sorted(found))


def _diseases(text: str, mentions: Iterable[Mention], names: Names) -> list[str]:
    """The diseases of a question, the one that it is about first.

    A narrower one goes before the wider one that it names too; what is a comorbidity beside another disease
    ("cirrhosis", "hypertension") and what is denied come last or not at all.
    """
    ontology = names.ontology
    found: dict[str, int] = {}
    for mention in mentions:
        if (
            mention.branch is Branch.DISEASE
            and mention.term in ontology
            and not _NOT.search(text[: mention.start])
        ):
            found.setdefault(mention.term or "", mention.start)
    for row in _rows("question_diseases.tsv"):
        known = ontology.by_label.get(row["disease"].casefold())
        if known is not None and re.search(row["pattern"], text, re.I):
            found[known.id] = -1
    for term in names.scattered(text, found):
        found[term] = -2
    comorbid = {label.casefold() for label in _comorbidities(ontology)}
    order = sorted(found, key=lambda t: (ontology[t].label.casefold() in comorbid, found[t], t))
    scattered = [t for t in found if found[t] == -2]
    if scattered:
        # The words that make up its name are no further diseases.
        made = set().union(*(name_stems(n) for t in scattered for n in ontology[t].names()))
        order = [t for t in order if t in scattered or not name_stems(_said(text, mentions, t)) <= made]
    narrowest = [t for t in order if not any(t in ontology.ancestors(o) for o in order)]
    return narrowest + [t for t in order if t not in narrowest]


def _said(text: str, mentions: Iterable[Mention], term: str) -> str:
    return next((m.text for m in mentions if m.term == term), "")


def _comorbidities(ontology: Ontology) -> Iterator[str]:
    for term in ontology.branch(Branch.PATIENT_CHARACTERISTIC):
        if term.slots.get("kind") == ("comorbidity",):
            yield re.sub(r" (?:of|given to|by) the patient$", "", term.label)


def _options(text: str, mentions: Iterable[Mention], names: Names) -> tuple[str, ...]:
    """The therapies that a question asks about, in order; what was given before is none."""
    found: dict[str, None] = {}
    for mention in mentions:
        if mention.branch not in (Branch.PROCEDURE, Branch.AGENT) or mention.term not in names.ontology:
            continue
        before, behind = text[: mention.start], text[mention.end :]
        if not (_BEFORE.search(before) or _BEHIND.match(behind) or _NOT.search(before)):
            found.setdefault(mention.term or "")
    return tuple(found)


def _of(mentions: Iterable[Mention], branch: Branch) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.term for m in mentions if m.branch is branch and m.term is not None))


def _markers(mentions: Iterable[Mention], ontology: Ontology) -> Iterator[str]:
    """Outcomes that are measured on images and that a question names of the patient ("RV/LV ratio 1.3")."""
    for mention in mentions:
        term = ontology.terms.get(mention.term or "")
        if term is not None and term.branch is Branch.OUTCOME and "imaging" in term.slots.get("kind", ()):
            yield term.id


def _characteristics(
    text: str, diseases: Iterable[str], ontology: Ontology
) -> Iterator[Characteristic | str]:
    """What is known of the patient, each once; what is impossible as the words that said it."""
    about = {ontology[a].label.casefold() for d in diseases for a in (d, *ontology.ancestors(d))}
    done: set[str] = set()
    for one in _patterns():
        if one.name in done or (one.when and not any(one.when in label for label in about)):
            continue
        try:
            read = [found for hit in one.pattern.finditer(text) if (found := _read(one, hit)) is not None]
        except ProfileError as error:
            done.add(one.name)
            yield f"{one.name}: {error.problems[0].what}"
            continue
        if read:
            done.add(one.name)
            numbers = [r for r in read if isinstance(r.value, float)]
            yield (
                max(numbers, key=lambda r: float(r.value))
                if one.name.endswith("size") and numbers
                else read[0]
            )


def _read(one: _Pattern, hit: re.Match[str]) -> Characteristic | None:
    groups = hit.groupdict()
    said = one.value or (groups.get("value") or hit.group())
    unit = (
        (groups.get("unit") or "").removesuffix("s")
        if one.name in ("age", "fracture age", "time from onset")
        else groups.get("unit") or ""
    )
    measure = measures().get(one.name)
    if measure is not None and measure.numeric:
        number = _number(said)
        if number is None:
            return None
        return characteristic(one.name, number, _UNITS.get(unit, unit), hit.group())
    return characteristic(one.name, said, "", hit.group())


_UNITS: Final = {
    "hour": "h", "hr": "h", "year": "years", "month": "months", "week": "weeks", "day": "days",
    "ml": "mL", "mg/dl": "mg/dL", "g/dl": "g/dL", "ng/ml": "ng/mL", "mm Hg": "mmHg",
    "G/L": "10^9/L", "x 10^9/L": "10^9/L", "x10^9/L": "10^9/L", "10 9/L": "10^9/L", "109/L": "10^9/L",
    "x 109/L": "10^9/L", "\u00d710^9/L": "10^9/L", "\u00d7 10^9/L": "10^9/L",
    "mL/min/1.73m2": "mL/min/1.73 m2",
}  # fmt: skip


def _number(said: str) -> float | None:
    plain = said.casefold()
    if plain in ("single", "solitary"):
        return 1.0
    if plain in _WORDS:
        return float(_WORDS.index(plain) + 1)
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return None


@cache
def _patterns() -> tuple[_Pattern, ...]:
    rows = _rows("question_patterns.tsv")
    return tuple(
        _Pattern(
            r["characteristic"],
            r["when"],
            re.compile(re.sub(r"NUM", _NUMBER, r["pattern"]), _case(r["pattern"])),
            r["value"],
        )
        for r in rows
    )


def _case(pattern: str) -> int:
    """Classes and grades are letters of which case matters ("BCLC a" is no stage)."""
    return 0 if re.search(r"\(\?P<value>(?:0\||\[ABC\]|M\[|T\[|I\{)", pattern) else re.I


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))
