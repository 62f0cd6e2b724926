"""What the reasoner finds in the real ontology and nobody wrote down."""

from __future__ import annotations

import pytest

from ontology.definitions import definitions, is_group, primitives
from ontology.tables import ROOT
from ontology.terms import Branch
from tests.ontology import real

# (child, parent): what an interventional radiologist would say at once.
EXPECTED = (
    ("transarterial chemoembolization", "hepatic arterial embolization"),
    ("radioembolization", "hepatic arterial embolization"),
    ("transjugular liver biopsy", "transjugular procedure"),
    ("transjugular liver biopsy", "procedure on the liver"),
    ("percutaneous nephrostomy", "percutaneous drainage in the abdomen"),
    ("percutaneous nephrostomy", "decompressive procedure"),
    ("percutaneous cholecystostomy", "drainage of the biliary tree"),
    ("prostatic artery embolization", "embolization in the pelvis"),
    ("genicular artery embolization", "procedure on a joint"),
    ("genicular artery embolization", "pain-relieving procedure"),
    ("bronchial artery embolization", "arterial embolization for bleeding"),
    ("endovascular coiling", "procedure on an intracranial artery"),
    ("endovascular coiling", "procedure on the brain"),
    ("femoropopliteal bypass", "revascularization of a lower limb"),
    ("femoropopliteal stenting", "revascularization of a lower limb"),
    ("water vapor thermal therapy", "ablation by heat"),
    ("cryoballoon ablation", "ablation by cold"),
    ("radium-223 therapy", "procedure with alpha radiation"),
    ("vertebroplasty", "procedure using bone cement"),
    ("large-bore aspiration thrombectomy", "procedure on the pulmonary artery"),
    ("epidural steroid injection", "corticosteroid injection"),
    ("ablation by cold", "procedure with cold"),
    ("procedure on the hepatic artery", "procedure on the liver"),
    ("procedure on the liver", "procedure on the abdomen"),
)
# What a wrong slot or a wrong part once gave.
REFUSED = (
    ("transjugular intrahepatic portosystemic shunt plus variceal embolization", "embolization in the liver"),
    ("superselective transarterial chemoembolization", "CT-guided procedure"),
    ("superselective transarterial chemoembolization", "palliative procedure"),
    ("intra-arterial peptide receptor radionuclide therapy", "intravenous treatment"),
    ("mesenteric artery stenting", "stenting of a hollow organ"),
    ("popliteal aneurysm stent grafting", "procedure on a joint"),
    ("epidural steroid injection", "procedure on bone"),
    ("pulsed field ablation", "procedure on the lung"),
    ("carotid artery stenting", "procedure on an intracranial artery"),
    ("esophageal stent placement", "procedure on the abdomen"),
    ("transapical transcatheter aortic valve replacement", "transarterial procedure"),
    ("chemoembolization plus sorafenib", "infusion through an artery"),
    ("middle meningeal artery embolization", "procedure on a carotid artery"),
    ("vertebroplasty", "procedure on a lower limb"),
    ("colonic stenting as bridge to surgery", "palliative procedure"),
    ("endovascular arteriovenous fistula creation", "procedure to preserve dialysis access"),
    ("histotripsy", "procedure by thermal ablation"),
)


def above(label: str) -> set[str]:
    """The labels of every class above a term, asserted or inferred."""
    terms, parents = real.ontology(), {t.id: set(t.parents) for t in real.ontology().terms.values()}
    for child, parent in real.classified().subsumptions:
        parents.setdefault(child, set()).add(parent)
    seen: set[str] = set()
    queue = [terms.by_label[label.casefold()].id]
    while queue:
        for parent in parents.get(queue.pop(), set()) - seen:
            seen.add(parent)
            queue.append(parent)
    return {terms[one].label for one in seen if one in terms}


def test_it_is_consistent_and_every_class_can_have_members() -> None:
    found = real.classified()
    assert found.sound
    assert found.equivalent == ()


def test_at_least_150_procedures_are_defined() -> None:
    terms = real.ontology()
    defined = definitions(terms, primitives(ROOT / "primitive.tsv", terms)[0])
    groups = {t.id for t in terms.branch(Branch.PROCEDURE) if is_group(t)}
    assert groups <= set(defined)
    assert len(set(defined) - groups) >= 150


def test_at_least_200_subsumptions_are_found_that_nobody_asserted() -> None:
    terms, groups = real.ontology(), {t.id for t in real.ontology().terms.values() if is_group(t)}
    found = real.classified().subsumptions
    assert len(set(found)) == len(found)
    assert not [pair for pair in found if pair[0] in terms and pair[1] in terms.ancestors(pair[0])]
    assert len([1 for child, _ in found if child not in groups]) >= 200


@pytest.mark.parametrize(("child", "parent"), EXPECTED)
def test_expected(child: str, parent: str) -> None:
    terms = real.ontology()
    assert terms.by_label[parent.casefold()].id not in terms.ancestors(terms.by_label[child.casefold()].id)
    assert parent in above(child)


@pytest.mark.parametrize(("child", "parent"), REFUSED)
def test_refused(child: str, parent: str) -> None:
    assert parent.casefold() in real.ontology().by_label
    assert parent not in above(child)


def test_nobody_asserts_the_members_of_a_group_and_none_is_empty() -> None:
    terms = real.ontology()
    groups = {t.id for t in terms.terms.values() if is_group(t)}
    assert not [t.label for t in terms.terms.values() if groups & set(t.parents)]
    filled = {parent for _, parent in real.classified().subsumptions}
    assert {terms[one].label for one in groups - filled} == set()
