"""Names found in text: longest match, inflection, hyphens, spelling, case of abbreviations."""

from __future__ import annotations

import pytest

from ontology.definitions import is_group
from ontology.lexicon import Lexicon
from ontology.tables import ROOT, read_terms
from ontology.terms import Branch, Ontology, Synonym, Term

TERMS = (
    Term("IRKG:0001000", Branch.DISEASE, "disease"),
    Term("IRKG:0001001", Branch.DISEASE, "carcinoma", ("IRKG:0001000",)),
    Term(
        "IRKG:0001002",
        Branch.DISEASE,
        "hepatocellular carcinoma",
        ("IRKG:0001001",),
        synonyms=(Synonym("HCC", "exact", True), Synonym("liver cancer", "broad")),
    ),
    Term(
        "IRKG:0001003",
        Branch.DISEASE,
        "hemorrhage",
        ("IRKG:0001000",),
        synonyms=(Synonym("MS", "exact", True), Synonym("post-operative bleeding", "narrow")),
    ),
    Term("IRKG:0003001", Branch.MOLECULAR_TARGET, "HIF-1 alpha", ("IRKG:0003000",)),
    Term("IRKG:0006001", Branch.PROCEDURE, "drug-eluting stent implantation", ("IRKG:0006000",)),
    Term(
        "IRKG:0012001", Branch.ADVERSE_EVENT, "bleeding", ("IRKG:0012000",), synonyms=(Synonym("hemorrhage"),)
    ),
)
EXTRA = (
    Term("MONDO:1", Branch.DISEASE, "carcinoma"),
    Term("MONDO:2", Branch.DISEASE, "adrenal crisis"),
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(Ontology({t.id: t for t in TERMS}), EXTRA)


def found(lexicon: Lexicon, text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(text[h.start : h.end], tuple(e.term for e in h.entries)) for h in lexicon.find(text)]


@pytest.mark.parametrize(
    ("text", "name", "term"),
    [
        ("a hepatocellular carcinoma grew", "hepatocellular carcinoma", "IRKG:0001002"),
        ("two Hepatocellular Carcinomas grew", "Hepatocellular Carcinomas", "IRKG:0001002"),
        ("a hepato-cellular carcinoma grew", "hepato-cellular carcinoma", "IRKG:0001002"),
        ("three HCCs grew", "HCCs", "IRKG:0001002"),
        ("HIF-1α rose", "HIF-1α", "IRKG:0003001"),
        ("HIF1 alpha rose", "HIF1 alpha", "IRKG:0003001"),
        ("drug eluting stent implantation", "drug eluting stent implantation", "IRKG:0006001"),
        ("drug\u2010eluting stent implantation", "drug\u2010eluting stent implantation", "IRKG:0006001"),
        ("postoperative bleeding stopped", "postoperative bleeding", "IRKG:0001003"),
        ("an adrenal crisis came", "adrenal crisis", "MONDO:2"),
    ],
)
def test_a_name_in_its_forms(lexicon: Lexicon, text: str, name: str, term: str) -> None:
    assert found(lexicon, text) == [(name, (term,))]


def test_british_spelling_and_both_readings(lexicon: Lexicon) -> None:
    assert found(lexicon, "haemorrhages stopped") == [("haemorrhages", ("IRKG:0001003", "IRKG:0012001"))]


def test_an_own_term_goes_before_an_imported_one(lexicon: Lexicon) -> None:
    assert found(lexicon, "a carcinoma") == [("carcinoma", ("IRKG:0001001",))]


@pytest.mark.parametrize(
    "text", ["hcc", "ms", "Ms Smith", "liver cancer", "HCCA", "xHCC", "hepatocellular. Carcinomatous"]
)
def test_what_is_no_name(lexicon: Lexicon, text: str) -> None:
    assert found(lexicon, text) == []


def test_a_root_and_a_broad_synonym_name_nothing(lexicon: Lexicon) -> None:
    assert found(lexicon, "the disease, a liver cancer") == []


def test_lookup_of_a_whole_name(lexicon: Lexicon) -> None:
    assert [e.term for e in lexicon.lookup("Hepatocellular carcinomas")] == ["IRKG:0001002"]
    assert lexicon.lookup("a hepatocellular carcinoma") == ()
    assert lexicon.lookup("") == ()


def test_a_name_has_the_readings_of_all_its_spellings() -> None:
    terms = (
        Term("IRKG:0001001", Branch.DISEASE, "contrast-induced nephropathy", ("IRKG:0001000",)),
        Term("IRKG:0012001", Branch.ADVERSE_EVENT, "contrast induced nephropathy", ("IRKG:0012000",)),
    )
    lexicon = Lexicon(Ontology({t.id: t for t in terms}))
    both = ("IRKG:0001001", "IRKG:0012001")
    assert found(lexicon, "contrast-induced nephropathy") == [("contrast-induced nephropathy", both)]
    assert tuple(e.term for e in lexicon.lookup("contrast-induced nephropathy")) == both


def test_a_name_with_signs_between_its_words() -> None:
    terms = (
        Term("IRKG:0003001", Branch.MOLECULAR_TARGET, "lipoprotein(a)", ("IRKG:0003000",)),
        Term("IRKG:0004001", Branch.BIOMARKER, "eGFR < 60 mL/min", ("IRKG:0004000",)),
        Term("IRKG:0011001", Branch.OUTCOME, "death or stroke", ("IRKG:0011000",)),
    )
    lexicon = Lexicon(Ontology({t.id: t for t in terms}))
    assert found(lexicon, "the lipoprotein(a) rose") == [("lipoprotein(a)", ("IRKG:0003001",))]
    assert found(lexicon, "in eGFR < 60 mL/min") == [("eGFR < 60 mL/min", ("IRKG:0004001",))]
    assert found(lexicon, "lipoprotein: a study; death. Or stroke") == []


def test_every_label_and_exact_synonym_is_found_in_a_sentence() -> None:
    terms, problems = read_terms(ROOT / "terms")
    assert not problems
    lexicon = Lexicon(Ontology(terms))
    left_out = (Branch.SLOT_VALUE, Branch.PATIENT_CHARACTERISTIC)
    missed: list[str] = []
    for term in terms.values():
        if term.branch in left_out or not term.parents or is_group(term):
            continue
        for name in term.names():
            if sum(c.isalpha() for c in name) < 3:
                continue  # found only when a curator entered it as an abbreviation
            text = f"They saw {name} there."
            hits = [h for h in lexicon.find(text) if h.end >= text.index(name) + len(name.rstrip(" ()'%+"))]
            if not any(e.term == term.id for h in hits for e in h.entries):
                missed.append(f"{term.id} {name}")
    # A comma between words makes a list of names, and a bracket before the first word is none of its signs.
    assert [m for m in missed if "," not in m and "[" not in m] == []
