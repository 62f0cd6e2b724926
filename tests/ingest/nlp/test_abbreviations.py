"""Short forms that a document defines, and what they mean in it."""

from __future__ import annotations

import pytest

from ingest.nlp.abbreviations import define
from ingest.nlp.pipeline import Reader
from tests.ingest.nlp.helpers import read


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("transarterial chemoembolization (TACE) was done", "TACE", "transarterial chemoembolization"),
        ("hepatocellular carcinomas (HCCs) grew", "HCCs", "hepatocellular carcinomas"),
        ("drug-eluting stent (DES) implantation", "DES", "drug-eluting stent"),
        ("percutaneous transluminal angioplasty [PTA]", "PTA", "percutaneous transluminal angioplasty"),
        ("overall survival (OS; months)", "OS", "overall survival"),
        ("OS (overall survival) was long", "OS", "overall survival"),
        ("magnetic resonance (MR) imaging", "MR", "magnetic resonance"),
        ("yttrium-90 radioembolization (Y90-RE)", "Y90-RE", "yttrium-90 radioembolization"),
        ("interleukin 2 (IL-2) rose", "IL-2", "interleukin 2"),
        ("in patients with deep vein thrombosis (DVT)", "DVT", "deep vein thrombosis"),
    ],
)
def test_definitions(text: str, short: str, long: str) -> None:
    found = define(text)
    assert [(a.short, a.long) for a in found] == [(short, long)]
    a = found[0]
    assert text[a.long_start : a.long_end] == long
    assert text[a.short_start : a.short_end] == short


@pytest.mark.parametrize(
    "text",
    [
        "the mean age was high (62 years)",
        "stents were used (see Table)",
        "the groups were alike (P = 0.30)",
        "the vein was closed (XYZ)",
        "it was good. Overall (GS)",
        "restenosis (12%)",
    ],
)
def test_brackets_that_define_nothing(text: str) -> None:
    assert define(text) == []


def terms(reader: Reader, text: str, name: str) -> set[str | None]:
    found = read(reader, text)
    return {reader.ontology[m.term].label if m.term else None for m in found.mentions if m.text == name}


def test_a_short_form_means_what_the_document_says(reader: Reader) -> None:
    text = "Transarterial chemoembolization (TACE) was repeated. TACE was safe in hepatocellular carcinoma."
    assert terms(reader, text, "TACE") == {"transarterial chemoembolization"}


def test_sirt_is_no_sirtuin(reader: Reader) -> None:
    text = "Selective internal radiation therapy (SIRT) was given. SIRT was safe in liver metastases."
    found = read(reader, text)
    assert {m.branch.value for m in found.mentions if m.text == "SIRT"} == {"Procedure"}


def test_a_definition_holds_before_it_too(reader: Reader) -> None:
    text = "UFE relieved symptoms. Uterine fibroid embolization (UFE) is done through the radial artery."
    found = read(reader, text)
    branches = [m.branch.value for m in found.mentions if m.text == "UFE"]
    assert branches == ["Procedure", "Procedure"]


def test_the_first_of_two_definitions_stays(reader: Reader) -> None:
    text = (
        "Radiofrequency ablation (RFA) was done. RFA was safe. "
        "The right femoral artery (RFA) was punctured. RFA was repeated."
    )
    found = read(reader, text)
    assert {m.branch.value for m in found.mentions if m.text == "RFA"} == {"Procedure"}


def test_forms_of_one_concept_are_aliases(reader: Reader) -> None:
    text = "Hepatocellular carcinoma (HCC) was treated. HCC recurred in some patients."
    aliases = dict(read(reader, text).aliases)
    assert "HCC" in aliases["Hepatocellular carcinoma"]
