from __future__ import annotations

from kg.criteria.eligibility import KINDS, check, criteria, eligibility
from kg.justify.profile import measures
from kg.model.justification import Characteristic, Profile
from ontology.tables import ROOT, read_terms
from tests.kg.justify.worlds import HCC, ONTOLOGY, SIRT, TACE, name


def profile(*known: tuple[str, object]) -> Profile:
    return Profile(disease=HCC.term, characteristics=tuple(Characteristic(n, v) for n, v in known))  # type: ignore[arg-type]


def statuses(found: Profile, term: str | None) -> dict[str, str]:
    return {e.criterion: e.status for _, e in eligibility(ONTOLOGY, found, [term or ""])}


def test_unknown_says_what_to_measure() -> None:
    [(_, shunt), *_] = [
        (c, e) for c, e in eligibility(ONTOLOGY, profile(), [SIRT.term or ""]) if "lung shunt" in e.criterion
    ]
    assert shunt.status == "unknown"
    assert shunt.needed


def test_met_and_failed() -> None:
    assert (
        statuses(profile(("lung shunt fraction", 28.0)), SIRT.term)[
            "lung shunt fraction above 20% (label of resin microspheres)"
        ]
        == "failed"
    )
    assert (
        statuses(profile(("lung shunt fraction", 8.0)), SIRT.term)[
            "lung shunt fraction above 20% (label of resin microspheres)"
        ]
        == "met"
    )


def test_a_class_follows_from_points_and_decides_where_it_can() -> None:
    points = next(
        c
        for c in criteria()
        if c.characteristic == "Child-Pugh points" and c.operator == ">=" and c.threshold == "8"
    )
    assert check(points, profile(("Child-Pugh class", "C"))) == "failed"
    assert check(points, profile(("Child-Pugh class", "A"))) == "met"
    assert check(points, profile(("Child-Pugh class", "B"))) == "unknown"
    group = next(c for c in criteria() if c.characteristic == "Child-Pugh class")
    assert check(group, profile(("Child-Pugh points", 11.0))) == "failed"


def test_an_indication_is_met_by_fulfilling_it() -> None:
    stage = next(c for c in criteria() if c.characteristic == "BCLC stage")
    assert check(stage, profile(("BCLC stage", "B"))) == "met"
    assert check(stage, profile(("BCLC stage", "C"))) == "failed"


def test_criteria_hold_for_narrower_procedures_only_in_their_disease() -> None:
    assert statuses(profile(), name("radiofrequency ablation").term)
    assert not statuses(Profile(disease=name("uterine fibroids").term), TACE.term)


def test_every_row_is_whole() -> None:
    terms, _ = read_terms(ROOT / "terms")
    labels = {t.label for t in terms.values()}
    for one in criteria():
        assert one.kind in KINDS
        assert one.operator in {"in", "<", "<=", ">", ">="}
        assert one.characteristic in measures() or one.operator == "in", one
        assert one.source
        assert one.url.startswith("https://")
        assert one.statement
        assert one.needed
        assert one.procedure in labels, one.procedure
        assert not one.disease or one.disease in labels, one.disease
        if one.operator != "in":
            float(one.threshold)
