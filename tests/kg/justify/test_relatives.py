from __future__ import annotations

from kg.justify.relatives import closest, facets, relatives
from tests.kg.justify.worlds import ONTOLOGY, name

HCC = name("hepatocellular carcinoma").term or ""
UNRESECTABLE = name("unresectable hepatocellular carcinoma").term or ""
STAGE = name("intermediate-stage hepatocellular carcinoma").term or ""
WIDER = name("liver cancer").term or ""


def test_directness_falls_with_every_step() -> None:
    near = relatives(ONTOLOGY, UNRESECTABLE)
    assert near[UNRESECTABLE].directness == 1
    assert near[UNRESECTABLE].directness > near[HCC].directness > near[WIDER].directness
    assert near[HCC].kinship == "wider"
    assert near[STAGE].kinship == "sibling"


def test_the_root_and_other_diseases_are_no_relatives() -> None:
    near = relatives(ONTOLOGY, HCC)
    assert name("disease").term not in near
    assert name("uterine fibroids").term not in near


def test_a_study_of_another_form_is_about_that_form() -> None:
    near = relatives(ONTOLOGY, UNRESECTABLE)
    relative = closest(near, [HCC, STAGE])
    assert relative is not None
    assert relative.kinship == "sibling"
    assert closest(near, ["IRKG:0001999"]) is None


def test_forms_of_one_disease_in_one_patient() -> None:
    assert facets(ONTOLOGY, STAGE, (UNRESECTABLE, name("uterine fibroids").term or "")) == (
        STAGE,
        UNRESECTABLE,
    )
