"""A small world for the tests of justification: an ontology with a hierarchy, and papers written with the
factories.
"""

from __future__ import annotations

from typing import Any

from kg.model import Assertion, Design, Effect, Favors, Identifiers, Measure, Predicate, Reading
from ontology.terms import Branch, Ontology, Synonym, Term
from tests.kg.factories import Name, assertion, finding, publication, reading

P, A, D, OUT, E = Branch.PROCEDURE, Branch.AGENT, Branch.DISEASE, Branch.OUTCOME, Branch.ADVERSE_EVENT


def term(number: int, branch: Branch, label: str, *parents: int, short: str = "", **slots: Any) -> Term:
    """A term; slots take ids as numbers or literals as strings."""
    values = {k: tuple(f"IRKG:{v:07d}" if isinstance(v, int) else v for v in vs) for k, vs in slots.items()}
    synonyms = (Synonym(short, "exact", True),) if short else ()
    return Term(
        f"IRKG:{number:07d}",
        branch,
        label,
        tuple(f"IRKG:{p:07d}" for p in parents),
        synonyms=synonyms,
        slots=values,
    )


TERMS = (
    term(1000, D, "disease"),
    term(1001, D, "liver cancer", 1000),
    term(1002, D, "hepatocellular carcinoma", 1001, short="HCC"),
    term(1003, D, "unresectable hepatocellular carcinoma", 1002),
    term(1004, D, "intermediate-stage hepatocellular carcinoma", 1002),
    term(1005, D, "cholangiocarcinoma", 1001),
    term(1006, D, "uterine fibroids", 1000),
    term(3000, Branch.MOLECULAR_TARGET, "molecular target"),
    term(3001, Branch.MOLECULAR_TARGET, "VEGF receptor", 3000, associated_with=(1002,)),
    term(4000, Branch.BIOMARKER, "biomarker"),
    term(4001, Branch.BIOMARKER, "alpha-fetoprotein", 4000, biomarker_of=(1002,)),
    term(5000, Branch.IMAGING_MODALITY, "imaging modality"),
    term(5001, Branch.IMAGING_MODALITY, "computed tomography", 5000, short="CT"),
    term(6000, P, "procedure"),
    term(6001, P, "embolization", 6000),
    term(6002, P, "transarterial chemoembolization", 6001, short="TACE", uses=(8002,), guidance=(5001,)),
    term(6003, P, "radioembolization", 6001, short="SIRT"),
    term(6004, P, "uterine artery embolization", 6001),
    term(6010, P, "thermal ablation", 6000),
    term(6011, P, "radiofrequency ablation", 6010, short="RFA"),
    term(6012, P, "microwave ablation", 6010, short="MWA"),
    term(6013, P, "ethanol injection", 6000),
    term(6020, P, "medical therapy", 6000),
    term(6021, P, "best medical treatment", 6020),
    term(6022, P, "conservative treatment", 6000),
    term(6023, P, "myomectomy", 6000),
    term(8000, A, "agent"),
    term(8001, A, "sorafenib", 8000, kind=("drug",), targets=(3001,)),
    term(8002, A, "doxorubicin", 8000, kind=("drug",), targets=(3001,)),
    term(11000, OUT, "outcome"),
    term(11001, OUT, "overall survival", 11000, better=("higher",), kind=("survival",)),
    term(11002, OUT, "mortality", 11000, better=("lower",), kind=("survival",)),
    term(11003, OUT, "complete response", 11000, better=("higher",), kind=("efficacy",)),
    term(11004, OUT, "one-year survival", 11001, better=("higher",), kind=("survival",)),
    term(12000, E, "adverse event"),
    term(12001, E, "bleeding", 12000, kind=("bleeding",)),
)
ONTOLOGY = Ontology({t.id: t for t in TERMS})


def name(label: str, text: str = "") -> Name:
    """A term as it is written in a text."""
    found = ONTOLOGY.by_label[label.casefold()]
    return Name(text or label, found.id, found.branch)


HCC = name("hepatocellular carcinoma")
TACE = name("transarterial chemoembolization", "TACE")
SIRT = name("radioembolization")
RFA = name("radiofrequency ablation")
MWA = name("microwave ablation")
PEI = name("ethanol injection")
CARE = name("conservative treatment")
MEDICAL = name("medical therapy")
SORAFENIB = name("sorafenib")
SURVIVAL = name("overall survival")
MORTALITY = name("mortality")
RESPONSE = name("complete response")
BLEEDING = name("bleeding")


def trial(
    document: str,
    first: Name,
    second: Name | None,
    outcome: Name = SURVIVAL,
    favors: Favors = Favors.INTERVENTION,
    *,
    disease: str | None = HCC.term,
    design: Design = Design.RCT,
    effect: Effect | None = None,
    significant: bool | None = True,
    size: int | None = 100,
    topics: tuple[str, ...] | None = None,
    more: tuple[tuple[Name, Favors], ...] = (),
    said: tuple[tuple[Name, Predicate, Name], ...] = (),
    **fields: Any,
) -> Reading:
    """A paper that compares two therapies on one or more outcomes, a sentence each."""
    sentences, results = [], ((outcome, favors), *more)
    for number, (one, _) in enumerate(results):
        arms = first.text if second is None else f"{first.text} against {second.text}"
        sentences.append(f"In part {number} we compared {arms} and measured {one.text}.")
    spoken = [f"It is said that {s.text} {p} {o.text}." for s, p, o in said]
    if document.startswith("digest:pmid:"):
        fields.setdefault("identifiers", Identifiers(pmid=document.removeprefix("digest:pmid:")))
        fields.setdefault("digest", True)
    paper = publication(document, [*sentences, *spoken], **fields)
    found = [
        finding(
            paper,
            sentence,
            first,
            second,
            one,
            how,
            disease=disease,
            significant=significant if how is not Favors.NEITHER else False,
            effect=effect or Effect(),
        )
        for sentence, (one, how) in zip(sentences, results, strict=True)
    ]
    asserted: list[Assertion] = [
        assertion(paper, sentence, s, p, o) for sentence, (s, p, o) in zip(spoken, said, strict=True)
    ]
    about = topics if topics is not None else (disease,) if disease else ()
    return reading(paper, asserted, found, design=design, size=size, topics=about)


RATIO = Effect(measure=Measure.HR, value=0.5, ci_low=0.3, ci_high=0.8, p="0.01")
