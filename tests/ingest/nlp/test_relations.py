# ruff: noqa: E501 (a row of a table is one line)
"""Relations: for each predicate sentences that state it, and sentences that do not."""

from __future__ import annotations

import pytest

from ingest.nlp.pipeline import Reader
from tests.ingest.nlp.helpers import read, relations

STATED = [
    ("Chemoembolization is an effective treatment for hepatocellular carcinoma.", "Chemoembolization", "treats", "hepatocellular carcinoma"),
    ("Patients with uterine fibroids were treated with uterine artery embolization.", "uterine artery embolization", "treats", "uterine fibroids"),
    ("Radiofrequency ablation was used to treat osteoid osteoma.", "Radiofrequency ablation", "treats", "osteoid osteoma"),
    ("Vertebroplasty for osteoporotic vertebral compression fracture was done early.", "Vertebroplasty", "treats", "osteoporotic vertebral compression fracture"),
    ("Sorafenib inhibits VEGFR and slows growth.", "Sorafenib", "targets", "VEGFR"),
    ("Bevacizumab targets VEGF in many tumors.", "Bevacizumab", "targets", "VEGF"),
    ("Erlotinib is an inhibitor of EGFR.", "Erlotinib", "targets", "EGFR"),
    ("Clopidogrel blocks P2Y12 on platelets.", "Clopidogrel", "targets", "P2Y12"),
    ("Sorafenib did not inhibit EGFR in these cells.", "Sorafenib", "not targets", "EGFR"),
    ("VEGF is overexpressed in hepatocellular carcinoma.", "VEGF", "associated_with", "hepatocellular carcinoma"),
    ("Hepatocellular carcinoma expressing glypican-3 was frequent.", "glypican-3", "associated_with", "Hepatocellular carcinoma"),
    ("VEGF is involved in the growth of hepatocellular carcinoma.", "VEGF", "associated_with", "hepatocellular carcinoma"),
    ("EGFR is upregulated in glioblastoma.", "EGFR", "associated_with", "glioblastoma"),
    ("D-dimer is used for the diagnosis of pulmonary embolism.", "D-dimer", "biomarker_of", "pulmonary embolism"),
    ("AFP was used for screening of hepatocellular carcinoma.", "AFP", "biomarker_of", "hepatocellular carcinoma"),
    ("Troponin identifies myocardial infarction early.", "Troponin", "biomarker_of", "myocardial infarction"),
    ("D-dimer is a marker of deep vein thrombosis.", "D-dimer", "biomarker_of", "deep vein thrombosis"),
    ("Tumor size was an independent predictor of overall survival.", "Tumor size", "predicts", "overall survival"),
    ("Overall survival was predicted by the Child-Pugh score.", "Child-Pugh score", "predicts", "Overall survival"),
    ("Bilirubin correlated with mortality.", "Bilirubin", "predicts", "mortality"),
    ("The MELD score was a risk factor for mortality.", "MELD score", "predicts", "mortality"),
    ("Tumor size did not predict overall survival.", "Tumor size", "not predicts", "overall survival"),
    ("Computed tomography detected hepatocellular carcinoma in all patients.", "Computed tomography", "assesses", "hepatocellular carcinoma"),
    ("Restenosis was assessed by duplex ultrasound.", "duplex ultrasound", "assesses", "Restenosis"),
    ("Magnetic resonance imaging showed uterine fibroids clearly.", "Magnetic resonance imaging", "assesses", "uterine fibroids"),
    ("Hepatocellular carcinoma was diagnosed with magnetic resonance imaging.", "magnetic resonance imaging", "assesses", "Hepatocellular carcinoma"),
    ("Radiofrequency ablation was performed under ultrasound guidance.", "ultrasound guidance", "guides", "Radiofrequency ablation"),
    ("Vertebroplasty was done under fluoroscopic guidance.", "fluoroscopic guidance", "guides", "Vertebroplasty"),
    ("Cryoablation was guided by computed tomography.", "computed tomography", "guides", "Cryoablation"),
    ("Ultrasound was used to guide radiofrequency ablation.", "Ultrasound", "guides", "radiofrequency ablation"),
    ("Chemoembolization with doxorubicin was performed.", "Chemoembolization", "uses", "doxorubicin"),
    ("Uterine artery embolization was performed using polyvinyl alcohol particles.", "Uterine artery embolization", "uses", "polyvinyl alcohol particles"),
    ("Radioembolization with yttrium-90 microspheres was given.", "Radioembolization", "uses", "yttrium-90 microspheres"),
    ("Embolization used gelatin sponge.", "Embolization", "uses", "gelatin sponge"),
    ("Chemoembolization caused postembolization syndrome.", "Chemoembolization", "causes", "postembolization syndrome"),
    ("Hepatic encephalopathy occurred after TIPS.", "TIPS", "causes", "Hepatic encephalopathy"),
    ("Pneumothorax was a complication of lung biopsy.", "lung biopsy", "causes", "Pneumothorax"),
    ("Sorafenib led to hand-foot skin reaction.", "Sorafenib", "causes", "hand-foot skin reaction"),
    ("Portal vein thrombosis is a contraindication to chemoembolization.", "Portal vein thrombosis", "contraindicates", "chemoembolization"),
    ("Chemoembolization is contraindicated in decompensated cirrhosis.", "decompensated cirrhosis", "contraindicates", "Chemoembolization"),
    ("TIPS is contraindicated in patients with heart failure.", "heart failure", "contraindicates", "TIPS"),
    ("Chemoembolization should be avoided in decompensated cirrhosis.", "decompensated cirrhosis", "contraindicates", "Chemoembolization"),
    ("Cirrhosis is no contraindication to radiofrequency ablation.", "Cirrhosis", "not contraindicates", "radiofrequency ablation"),
]  # fmt: skip

NOT_STATED = [
    ("Hepatocellular carcinoma was found in patients whose diabetes was known.", "treats"),
    ("The price of chemoembolization rose while stroke was not studied.", "treats"),
    ("TIPS is contraindicated in patients with heart failure.", "treats"),
    ("Sorafenib was stored beside the kit for VEGFR.", "targets"),
    ("VEGF was measured, and sorafenib was ordered.", "targets"),
    ("VEGF was measured, and stroke was recorded.", "associated_with"),
    ("Nobody asked for EGFR; stroke was rare.", "associated_with"),
    ("AFP was drawn at noon, and pulmonary embolism was rare.", "biomarker_of"),
    ("Stroke was rare; D-dimer was not drawn.", "biomarker_of"),
    ("We assessed whether tumor size predicts overall survival.", "predicts"),
    ("Tumor size was 3 cm, and overall survival was 12 months.", "predicts"),
    ("Computed tomography was bought, and restenosis was feared.", "assesses"),
    ("Can computed tomography detect endoleak?", "assesses"),
    ("Ultrasound was free, and vertebroplasty was dear.", "guides"),
    ("Computed tomography followed radiofrequency ablation by a year.", "guides"),
    ("Doxorubicin was sold, and vertebroplasty was praised.", "uses"),
    ("Vertebroplasty was compared with aspirin.", "uses"),
    ("Vertebroplasty was free, and bleeding was known.", "causes"),
    ("Was bleeding caused by vertebroplasty?", "causes"),
    ("Ascites was seen, and vertebroplasty went well.", "contraindicates"),
    ("Heart failure was treated before TIPS.", "contraindicates"),
]


@pytest.mark.parametrize(("text", "subject", "predicate", "object_"), STATED)
def test_stated(reader: Reader, text: str, subject: str, predicate: str, object_: str) -> None:
    assert (subject, predicate, object_) in relations(read(reader, text))


@pytest.mark.parametrize(("text", "predicate"), NOT_STATED)
def test_not_stated(reader: Reader, text: str, predicate: str) -> None:
    assert not [r for r in relations(read(reader, text)) if r[1] == predicate]


def test_coordinated_ends_share_a_relation(reader: Reader) -> None:
    found = relations(read(reader, "Sorafenib inhibits EGFR, PDGFR and BRAF."))
    assert {("Sorafenib", "targets", name) for name in ("EGFR", "PDGFR", "BRAF")} <= found


@pytest.mark.xfail(
    strict=True, reason="the tagger takes `inhibits` for a noun, so the name swallows the verb"
)
def test_a_verb_is_no_part_of_a_name(reader: Reader) -> None:
    found = relations(read(reader, "Sorafenib inhibits VEGFR, PDGFR and RAF."))
    assert ("Sorafenib", "targets", "VEGFR") in found


@pytest.mark.xfail(strict=True, reason="the tagger takes `complicated` for an adjective of the biopsy")
def test_complicated_as_a_verb(reader: Reader) -> None:
    found = relations(read(reader, "Bleeding complicated percutaneous liver biopsy."))
    assert ("percutaneous liver biopsy", "causes", "Bleeding") in found


def test_a_relation_is_kept_once(reader: Reader) -> None:
    sentence = "Chemoembolization is an effective treatment for hepatocellular carcinoma."
    found = read(reader, sentence, sentence)
    assert len([a for a in found.assertions if a.predicate == "treats"]) == 1


def test_what_may_be_is_hedged(reader: Reader) -> None:
    found = read(reader, "Chemoembolization may be an effective treatment for hepatocellular carcinoma.")
    assert [a.hedged for a in found.assertions] == [True]


def test_parts_lie_in_the_quoted_sentence(reader: Reader) -> None:
    found = read(reader, *(text for text, *_ in STATED))
    assert found.assertions
    text = found.publication.text
    for a in found.assertions:
        for part in (a.subject, a.object):
            assert a.start <= part.start < part.end <= a.end
            assert text[part.start : part.end] == part.text
