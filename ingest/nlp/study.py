"""Component `irkg_study`: the study's design and number of patients, and the diseases that the paper is about.

Designs are those of the annotation guidelines. What the publication says of itself in its type decides first, then
the words of title and abstract, the strongest first.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from ingest.nlp.annotations import Annotations, notes_of
from kg.model import Design, Publication, SectionKind, Study
from ontology.terms import Branch

__all__ = ["StudyReader", "design", "size"]

_TYPES: Final = (
    ("meta-analysis", Design.META_ANALYSIS),
    ("network meta-analysis", Design.META_ANALYSIS),
    ("systematic review", Design.SYSTEMATIC_REVIEW),
    ("practice guideline", Design.GUIDELINE),
    ("guideline", Design.GUIDELINE),
    ("randomized controlled trial", Design.RCT),
    ("equivalence trial", Design.RCT),
    ("case reports", Design.CASE_REPORT),
    ("review", Design.REVIEW),
)
_WORDS: Final[tuple[tuple[Design, str], ...]] = (
    (Design.META_ANALYSIS, r"\bmeta-?analys[ie]s\b|\bpooled analysis of (?:individual|randomi[sz]ed)"),
    (Design.SYSTEMATIC_REVIEW, r"\bsystematic(?:ally)? (?:literature )?review"),
    (
        Design.GUIDELINE,
        r"\b(?:practice |clinical )?guidelines? (?:for|on|from|committee)\b|\bposition statement\b|\bconsensus (?:statement|document)\b|\bwe recommend\b",
    ),
    (
        Design.PRECLINICAL,
        r"\b(?:mice|mouse|rats?|rabbits?|swine|porcine|pigs?|canine|murine|sheep|in vitro|cell lines?|phantom|xenograft)\b",
    ),
    (
        Design.RCT,
        r"\brandomi[sz](?:ed|ation)\b|\brandomly (?:assigned|allocated|divided|selected|received)\b|\brandom(?:ly)? (?:assign|allocat)",
    ),
    (
        Design.DIAGNOSTIC,
        r"\bsensitivity\b.{0,80}\bspecificity\b|\bdiagnostic (?:accuracy|performance|value)\b|\b(?:inter|intra)-?(?:observer|rater|reader)\b|\bROC\b",
    ),
    (Design.CASE_CONTROL, r"\bcase-?\s?control"),
    (Design.SINGLE_ARM, r"\bsingle-?arm\b|\bphase (?:I|II|1|2|Ib|IIa)\b(?!I)"),
    (
        Design.CASE_REPORT,
        r"\b(?:we (?:report|present|describe) (?:a|the|an|our) (?:rare |unusual |first )?(?:case|patient)|case report|a \d{1,2}-year-old)\b",
    ),
    (
        Design.CASE_SERIES,
        r"\bcase series\b|\bcases? of\b.{0,30}\bwe (?:report|present|describe)\b|\bwe (?:report|describe|present) (?:two|three|four|five|\d+) (?:cases|patients)",
    ),
    (
        Design.COHORT,
        r"\bcohort\b|\bretrospective(?:ly)?\b|\bprospective(?:ly)?\b|\bregistry\b|\bconsecutive\b|\bobservational\b|\bpropensity\b|\bunderwent\b|\bfollow(?:ed)?[- ]up\b|\bwere reviewed\b",
    ),
    (
        Design.REVIEW,
        r"\b(?:this|the) (?:review|article|chapter) |\bwe review\b|\breview\b.{0,40}\bliterature\b|\bstate of the art\b|\boverview\b",
    ),
)
_SEARCHED: Final = re.compile(
    r"\b(?:databases?|medline|pubmed|embase|cochrane)\b[^.]{0,80}\bsearch(?:ed)?\b|\bsearch(?:ed)?\b[^.]{0,60}\b(?:databases?|medline|pubmed|embase|cochrane)\b",
    re.I,
)
_CROSS: Final = re.compile(
    r"\bcross-?sectional\b|\bsurvey\b|\bquestionnaire survey\b|\bcost-?effectiveness analysis\b", re.I
)
_PEOPLE: Final = (
    r"(?:patients?|participants?|subjects?|individuals?|women|men|children|adults|volunteers|cases|persons|people|infants|neonates|octogenarians|males|females|"
    r"recipients|survivors|specimens|limbs|lesions|tumou?rs|aneurysms|procedures)"
)
_NUMBER_WORDS: Final = {
    w: n
    for n, w in enumerate(
        [
            "zero",
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
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    w: 10 * n
    for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_SPELLED: Final = r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|ten|eleven|twelve|\w+teen|two|three|four|five|six|seven|eight|nine)"
_COUNT: Final = rf"(?P<n>\d{{1,3}}(?:[, \u2009]\d{{3}})+|\d+|{_SPELLED})"
# Words between a number and the people it counts; a second number or a count of sites or papers breaks the link.
_FILL: Final = r"(?:(?!(?:hospitals?|cent(?:er|re)s?|studies|trials?|articles?|countries|sites|years?|months?|publications|reports|institutions|who|were|was|and|treated)\b)[A-Za-z][\w,/()-]*\s+)"
_VERBS: Final = r"(?:enrol(?:l)?ed|randomi[sz]ed|included|recruited|assigned|allocated|studied|analy[sz]ed|evaluated|reviewed|pooled|covered|summari[sz]ed|involved|comprised|examined|followed|entered|treated)"
_SIZES: Final[tuple[tuple[re.Pattern[str], int], ...]] = tuple(
    (re.compile(pattern, re.I), weight)
    for pattern, weight in (
        (
            rf"\b(?:a total of|total(?:ling|ing)?|overall,?|altogether,?|in (?:all|total),?)\s+{_COUNT}\b(?!\s?%)\s+{_FILL}{{0,8}}?{_PEOPLE}\b",
            9,
        ),
        (
            rf"\b{_VERBS}\s+(?:[a-z]+\s+){{0,2}}?(?:a total of\s+)?{_COUNT}\b(?!\s?%)\s+{_FILL}{{0,7}}?{_PEOPLE}\b",
            8,
        ),
        (
            rf"\b{_COUNT}\s+(?:\(n\s?=\s?\d+\)\s+)?{_FILL}{{0,8}}?{_PEOPLE}\b(?:\s+[^.;]{{0,160}}?)?\b(?:were|was|are|will be|have been)\s+(?:\w+ly\s+|then\s+)?"
            r"(?:randomi[sz]ed|randomly|enrolled|included|recruited|assigned|allocated|analy[sz]ed|studied|reviewed|evaluated|identified|eligible|treated|pooled)",
            7,
        ),
        (rf"\b(?:stopped|closed|halted|ended)\b.{{0,30}}\bafter\s+{_COUNT}\s+{_FILL}{{0,3}}?{_PEOPLE}\b", 7),
        (
            rf"\b(?:enrol(?:l)?ment of|including|recruitment of|randomi[sz]ing|involving|with|in|of|among|from|on)\s+(?:a |the )?{_COUNT}\s+{_FILL}{{0,5}}?{_PEOPLE}\b(?!\s+(?:screened|assessed for))",
            5,
        ),
        (
            rf"\b(?:studies|trials|articles|reports|publications|papers)\b[^.;()]{{0,60}}\(n\s?=\s?{_COUNT}\)",
            6,
        ),
        (rf"\b(?:sample size|population) (?:was|of|is)\s+{_COUNT}\b", 5),
        (rf"\btested in {_COUNT} of them\b", 5),
        (
            rf"\b{_COUNT}\s+{_FILL}{{0,4}}?{_PEOPLE}\s+(?:with|who|undergoing|underwent|treated|aged|had|having|received|scheduled|entered|\()",
            4,
        ),
        (rf"(?:^|\.\s+|:\s+|,\s+){_COUNT}\s+{_FILL}{{0,4}}?{_PEOPLE}\b", 3),
    )
)
_ARM_N: Final = re.compile(r"\(\s*n\s?=\s?(\d+)\s*[);,]|\bn\s?=\s?(\d+)\b", re.I)


def design(publication: Publication) -> Design:
    """The study design of a publication."""
    types = {t.casefold() for t in publication.publication_types}
    for name, found in _TYPES:
        if name in types:
            return found
    title = publication.title or publication.text[:200]
    abstract = _abstract(publication)
    if re.search(r"\bguidelines?\b|\brecommendations?\b|\bconsensus\b", title, re.I) and not re.search(
        r"random", title, re.I
    ):
        return Design.GUIDELINE
    if re.search(r"\bcase report\b|\ba case of\b|: a sequela\b", title, re.I):
        return Design.CASE_REPORT
    for found, pattern in _WORDS:
        if re.search(pattern, title, re.I) and found not in (Design.COHORT, Design.PRECLINICAL):
            return found
    if _SEARCHED.search(abstract):
        return (
            Design.META_ANALYSIS
            if re.search(r"\bpooled\b|meta-|\brisk ratio|\bheterogeneity\b|random-effects", abstract, re.I)
            else Design.SYSTEMATIC_REVIEW
        )
    for found, pattern in _WORDS:
        if found in (Design.PRECLINICAL, Design.GUIDELINE) and re.search(r"\bpatients\b", abstract, re.I):
            continue
        if found is Design.RCT and not _randomised_here(abstract):
            continue
        if found is Design.COHORT and _CROSS.search(abstract):
            return Design.OTHER
        if found is Design.META_ANALYSIS and not re.search(
            r"\b(?:this|our|we|a|perform|conduct)\b.{0,60}\bmeta-?analys", abstract, re.I
        ):
            continue
        if re.search(pattern, abstract, re.I | re.S):
            return found
    if _CROSS.search(abstract):
        return Design.OTHER
    return Design.COHORT if size(publication) else Design.OTHER


_ELSEWHERE: Final = re.compile(
    r"\b(?:necessary|needed|warranted|required|further|future|should|searched|databases|training set|validation set|previous|recent(?:ly)?|lack(?:ing)?|absence|few|post-?hoc|"
    r"secondary analysis|from the|trials? that|no)\b",
    re.I,
)


def _randomised_here(abstract: str) -> bool:
    """True when this study randomised, not one that it mentions or asks for (`a randomised trial is needed`)."""
    for match in re.finditer(r"\brandomi[sz]ed\b|\brandomly\b|\brandomi[sz]ation\b", abstract, re.I):
        start = max(abstract.rfind(". ", 0, match.start()), abstract.rfind("\n", 0, match.start())) + 1
        stop = min(
            x
            for x in (abstract.find(". ", match.end()), abstract.find("\n", match.end()), len(abstract))
            if x >= 0
        )
        if not _ELSEWHERE.search(abstract[start:stop]):
            return True
    return False


def _abstract(publication: Publication) -> str:
    parts = [s.text for s in publication.sections if s.part != "body"]
    return "\n".join(parts) if len("".join(parts)) > 300 else publication.text[:4000]


def _int(text: str) -> int | None:
    plain = re.sub(r"[, \u2009]", "", text)
    if plain.isdigit():
        return int(plain)
    parts = [_NUMBER_WORDS.get(p) for p in re.split(r"[- ]", text.casefold())]
    return sum(p for p in parts if p is not None) if all(p is not None for p in parts) else None


def size(publication: Publication) -> int | None:
    """The number of patients enrolled or analysed, None when the text does not say."""
    best: tuple[int, int, int] | None = None
    for order, section in enumerate(s for s in publication.sections if s.part != "body"):
        if section.kind in (SectionKind.BACKGROUND, SectionKind.OBJECTIVE, SectionKind.CONCLUSION):
            penalty = 4
        else:
            penalty = 0
        for pattern, weight in _SIZES:
            for m in pattern.finditer(section.text):
                number = _int(m.group("n"))
                if (
                    number is None
                    or number < 2
                    or 1900 <= number <= 2030
                    or re.match(
                        r"\s?[-\u2013]?\s?(?:%|years?|months?|days?|mm|cm)", section.text[m.end("n") :]
                    )
                ):
                    continue
                rank = (weight - penalty, -order, number if weight < 5 else 0)
                if best is None or rank[:2] > best[:2]:
                    best = (rank[0], rank[1], number)
    if best is not None and best[0] >= 3:
        return best[2]
    for section in publication.sections:
        if section.part == "body":
            continue
        arms = [int(a or b) for a, b in _ARM_N.findall(section.text)]
        if len(arms) >= 2:
            return sum(arms[:2])
    return best[2] if best else None


def topics(notes: Annotations, limit: int = 3) -> tuple[str, ...]:
    """The diseases that the paper is about: those of its title, else those it names most, most named first."""
    title = [
        m
        for m in notes.mentions
        if m.branch is Branch.DISEASE and m.term and _kind(notes, m.start) is SectionKind.TITLE
    ]
    counts = Counter(
        m.term
        for m in notes.mentions
        if m.branch is Branch.DISEASE and m.term and _part(notes, m.start) != "body"
    )
    named = list(dict.fromkeys(m.term for m in title if m.term))
    common = [t for t, n in counts.most_common(limit) if t and n >= 2]
    return tuple(dict.fromkeys([*named, *(common if not named else common[:1])]))[:limit]


def _kind(notes: Annotations, offset: int) -> SectionKind:
    index = notes.publication.section_at(offset)
    return notes.publication.sections[index].kind if index >= 0 else SectionKind.OTHER


def _part(notes: Annotations, offset: int) -> str:
    index = notes.publication.section_at(offset)
    return notes.publication.sections[index].part if index >= 0 else "body"


class StudyReader:
    """See the module's docstring."""

    def __call__(self, doc: Doc) -> Doc:
        """Leave `study` and `topics` on the document."""
        notes = notes_of(doc)
        found = design(notes.publication)
        notes.study = Study(
            found,
            None
            if found in (Design.REVIEW, Design.GUIDELINE)
            else 1
            if found is Design.CASE_REPORT
            else size(notes.publication),
        )
        notes.topics = topics(notes)
        return doc


@Language.factory("irkg_study")
def _make(nlp: Language, name: str) -> StudyReader:
    return StudyReader()
