from __future__ import annotations

import json

import pytest

from kg.inference import refresh_inferred
from kg.justify import justify, profile_from_json
from kg.lookup import document
from kg.model import Design, Effect, Favors, Finding, Measure, Mention, Predicate, Retraction
from kg.model.justification import Answer, Characteristic, Profile
from kg.store import OxigraphStore
from tests.kg.factories import finding, publication, reading, store_of
from tests.kg.justify.worlds import (
    BLEEDING,
    CARE,
    HCC,
    MEDICAL,
    MORTALITY,
    MWA,
    ONTOLOGY,
    PEI,
    RATIO,
    RESPONSE,
    RFA,
    SIRT,
    SORAFENIB,
    SURVIVAL,
    TACE,
    name,
    trial,
)

PROFILE = Profile(disease=HCC.term)


def ask(*readings: object, profile: Profile = PROFILE) -> Answer:
    return justify(store_of(*readings), ONTOLOGY, profile)  # type: ignore[arg-type]


def labels(answer: Answer) -> list[str]:
    return [option.label for option in answer.options]


def test_what_did_better_ranks_first_and_the_loser_last() -> None:
    answer = ask(trial("pmid:1", RFA, PEI), trial("pmid:2", RFA, MWA, favors=Favors.NEITHER))
    assert labels(answer)[0] == "radiofrequency ablation"
    assert labels(answer)[-1] == "ethanol injection"
    assert answer.options[-1].score < 0 < answer.options[0].score


def test_no_difference_gives_points_to_neither() -> None:
    answer = ask(trial("pmid:1", RFA, MWA, favors=Favors.NEITHER))
    assert {option.score for option in answer.options} == {0}
    assert [c.verdict for c in answer.comparisons] == ["no_difference", "no_difference"]


def test_with_equal_evidence_the_less_invasive_choice_goes_first() -> None:
    answer = ask(trial("pmid:1", TACE, CARE, favors=Favors.NEITHER))
    assert labels(answer)[0] == "conservative treatment"


def test_a_negative_study_counts_against() -> None:
    answer = ask(trial("pmid:1", SIRT, SORAFENIB, favors=Favors.COMPARATOR))
    sirt = next(o for o in answer.options if o.label == "radioembolization")
    assert sirt.score < 0
    assert [line.citation for line in sirt.opposing] == [1]
    first = answer.comparisons[0]
    assert (first.a, first.b, first.verdict) == ("radioembolization", "sorafenib", "b_better")


def test_studies_that_disagree_give_a_mixed_verdict() -> None:
    answer = ask(trial("pmid:1", TACE, CARE), trial("pmid:2", TACE, CARE, favors=Favors.COMPARATOR))
    assert {c.verdict for c in answer.comparisons} == {"mixed"}
    tace = next(o for o in answer.options if o.label == "transarterial chemoembolization")
    assert tace.supporting
    assert tace.opposing


def test_a_critical_outcome_decides_over_a_lesser_one() -> None:
    answer = ask(
        trial("pmid:1", SIRT, SORAFENIB, favors=Favors.NEITHER, more=((RESPONSE, Favors.INTERVENTION),))
    )
    overall = next(c for c in answer.comparisons if c.overall)
    assert overall.verdict == "no_difference"


def test_a_better_design_weighs_more() -> None:
    answer = ask(trial("pmid:1", RFA, PEI), trial("pmid:2", MWA, PEI, design=Design.CASE_SERIES))
    assert labels(answer)[:2] == ["radiofrequency ablation", "microwave ablation"]


def test_evidence_from_another_disease_makes_no_option() -> None:
    fibroids = name("uterine fibroids")
    answer = ask(
        trial("pmid:1", RFA, PEI), trial("pmid:2", name("myomectomy"), MEDICAL, disease=fibroids.term)
    )
    assert "myomectomy" not in labels(answer)


def test_a_wider_disease_counts_less_than_the_disease_itself() -> None:
    wider = name("liver cancer").term
    direct = ask(trial("pmid:1", RFA, PEI)).options[0].score
    indirect = ask(trial("pmid:1", RFA, PEI, disease=wider)).options[0].score
    assert 0 < indirect < direct


def test_trials_in_this_population_decide_over_those_in_another() -> None:
    stage = name("intermediate-stage hepatocellular carcinoma").term
    readings = [trial(f"pmid:{n}", TACE, CARE) for n in range(1, 4)]
    own = trial("pmid:9", TACE, CARE, favors=Favors.COMPARATOR, disease=stage)
    answer = ask(*readings, own, profile=Profile(disease=stage))
    assert labels(answer)[0] == "conservative treatment"
    assert next(c for c in answer.comparisons if c.overall).verdict in ("a_better", "b_better")


def test_a_digest_and_its_paper_count_once() -> None:
    once = ask(trial("pmid:1", RFA, PEI))
    twice = ask(trial("pmid:1", RFA, PEI), trial("digest:pmid:1", RFA, PEI))
    assert twice.options[0].score == once.options[0].score
    assert len(twice.options[0].supporting) == 1
    assert not twice.citations[0].digest


def test_a_retracted_study_is_shown_and_counts_nothing() -> None:
    answer = ask(
        trial("pmid:1", RFA, PEI, retraction=Retraction.RETRACTED),
        trial("pmid:2", RFA, PEI, favors=Favors.NEITHER),
    )
    rfa = next(o for o in answer.options if o.label == "radiofrequency ablation")
    assert rfa.score == 0
    assert any("RETRACTED" in row.comment and row.contribution == 0 for row in rfa.score_table)
    assert [line.counted for line in rfa.supporting] == [False]
    assert all(r.retracted == (r.pmid == "1") for r in answer.citations)
    assert not any(1 in s.citations and answer.citations[0].pmid == "1" for s in answer.narrative)


def test_a_retraction_takes_the_digest_of_the_paper_with_it() -> None:
    answer = ask(trial("pmid:1", RFA, PEI, retraction=Retraction.RETRACTED), trial("digest:pmid:1", RFA, PEI))
    assert all(option.score == 0 for option in answer.options)


def test_an_unknown_disease_is_said_plainly() -> None:
    answer = ask(trial("pmid:1", RFA, PEI), profile=Profile(disease_text="moon fever"))
    assert answer.options == ()
    assert answer.narrative == ()
    assert answer.citations == ()
    assert "moon fever" in answer.missing[0]


def test_a_disease_without_evidence_gives_no_options() -> None:
    answer = ask(trial("pmid:1", RFA, PEI), profile=Profile(disease=name("uterine fibroids").term))
    assert answer.options == ()
    assert any("no evidence" in one for one in answer.missing)


def test_of_two_diseases_the_second_is_named_as_left_out() -> None:
    profile = Profile(disease=HCC.term, others=(name("uterine fibroids").term or "",))
    answer = ask(trial("pmid:1", RFA, PEI), profile=profile)
    assert any("uterine fibroids" in one for one in answer.missing)
    assert answer.options


def test_the_same_graph_gives_the_same_bytes() -> None:
    readings = [
        trial("pmid:1", RFA, PEI, effect=RATIO),
        trial("pmid:2", TACE, CARE),
        trial("pmid:3", SIRT, SORAFENIB),
    ]
    first, second = ask(*readings), ask(*reversed(readings))
    assert json.dumps(first.to_json(), sort_keys=True) == json.dumps(second.to_json(), sort_keys=True)
    assert first.id == second.id


def test_another_question_has_another_id() -> None:
    store = store_of(trial("pmid:1", RFA, PEI))
    assert justify(store, ONTOLOGY, PROFILE, "a").id != justify(store, ONTOLOGY, PROFILE, "b").id


@pytest.fixture
def full() -> tuple[OxigraphStore, Answer]:
    store = store_of(
        trial("pmid:1", RFA, PEI, effect=RATIO, more=((RESPONSE, Favors.INTERVENTION),)),
        trial(
            "pmid:2",
            TACE,
            CARE,
            MORTALITY,
            more=((BLEEDING, Favors.COMPARATOR),),
            effect=Effect(measure=Measure.RATE, intervention_value="5%", comparator_value="2%"),
        ),
        trial(
            "pmid:3",
            SIRT,
            SORAFENIB,
            SURVIVAL,
            favors=Favors.NEITHER,
            said=((TACE, Predicate.USES, name("doxorubicin")),),
        ),
        trial("digest:pmid:4", MWA, PEI, favors=Favors.COMPARATOR),
    )
    refresh_inferred(store)
    return store, justify(store, ONTOLOGY, PROFILE)


def test_every_sentence_is_cited_and_every_quote_stands_in_its_document(
    full: tuple[OxigraphStore, Answer],
) -> None:
    store, answer = full
    assert answer.narrative
    numbers = {r.n: r for r in answer.citations}
    assert list(numbers) == list(range(1, len(numbers) + 1))
    for sentence in answer.narrative:
        assert sentence.citations
        assert set(sentence.citations) <= set(numbers)
    quotes = [
        (line.document, line.quote)
        for o in answer.options
        for line in (*o.supporting, *o.opposing, *o.neutral)
    ]
    quotes += [(numbers[h.citations[0]].document, h.quote) for o in answer.options for h in o.harms]
    for document_id, quote in quotes:
        record = document(store, document_id)
        assert record is not None
        assert quote
        assert quote in record.text


def test_score_tables_add_up(full: tuple[OxigraphStore, Answer]) -> None:
    for option in full[1].options:
        assert sum(row.contribution for row in option.score_table) == option.score


def test_harms_have_the_rate_on_the_side_of_the_option(full: tuple[OxigraphStore, Answer]) -> None:
    options = {o.label: o for o in full[1].options}
    tace = next(h for h in options["transarterial chemoembolization"].harms if h.label == "bleeding")
    care = next(h for h in options["conservative treatment"].harms if h.label == "bleeding")
    assert (tace.rate, tace.versus) == ("5%", "2% with conservative treatment")
    assert care.rate == "2%"


def test_a_mechanism_names_the_source_of_every_hop(full: tuple[OxigraphStore, Answer]) -> None:
    tace = next(o for o in full[1].options if o.label == "transarterial chemoembolization")
    [path] = tace.mechanism
    assert [hop.predicate for hop in path] == ["uses", "targets", "associated_with"]
    assert path[0].citation is not None
    assert path[0].quote
    assert path[1].citation is None
    assert path[1].axiom


def test_imaging_and_biomarkers_of_the_ontology_are_marked_as_such(
    full: tuple[OxigraphStore, Answer],
) -> None:
    tace = next(o for o in full[1].options if o.label == "transarterial chemoembolization")
    assert [(i.label, i.relation, i.citations) for i in tace.imaging] == [
        ("computed tomography (CT)", "guides", ())
    ]
    assert [(b.label, b.relation) for b in tace.biomarkers] == [("alpha-fetoprotein", "biomarker_of")]


def test_named_options_and_their_comparison_come_first() -> None:
    profile = Profile(disease=HCC.term, options=(SIRT.term or "", SORAFENIB.term or ""))
    answer = ask(
        trial("pmid:1", RFA, PEI),
        trial("pmid:2", SIRT, SORAFENIB, favors=Favors.NEITHER),
        profile=profile,
    )
    assert set(labels(answer)[:2]) == {"radioembolization", "sorafenib"}
    assert {answer.comparisons[0].a, answer.comparisons[0].b} == {"radioembolization", "sorafenib"}


def test_an_absolute_contraindication_sends_an_option_to_the_end() -> None:
    readings = (trial("pmid:1", SIRT, SORAFENIB), trial("pmid:2", RFA, PEI, favors=Favors.NEITHER))
    assert labels(ask(*readings))[0] == "radioembolization"
    profile = Profile(disease=HCC.term, characteristics=(Characteristic("lung shunt fraction", 28.0, "%"),))
    answer = ask(*readings, profile=profile)
    last = answer.options[-1]
    assert last.label == "radioembolization"
    assert last.contraindicated
    assert any("lung shunt" in row.attribute and row.contribution < 0 for row in last.score_table)
    assert sum(row.contribution for row in last.score_table) == last.score


def test_an_option_of_the_question_without_evidence_is_shown_with_its_criteria() -> None:
    profile = profile_from_json(
        {"disease": "HCC", "options": ["thermal ablation"], "platelets": 22}, ONTOLOGY
    )
    answer = ask(trial("pmid:1", TACE, CARE), profile=profile)
    ablation = next(o for o in answer.options if o.label == "thermal ablation")
    assert any(e.status == "failed" and "platelet" in e.criterion for e in ablation.eligibility)


def test_general_words_yield_to_the_therapy_that_the_paper_names() -> None:
    fibroids = name("uterine fibroids")
    vague = name("embolization")
    paper = trial(
        "pmid:1",
        vague,
        name("myomectomy"),
        disease=fibroids.term,
        title="Uterine artery embolization or myomectomy",
    )
    answer = ask(paper, profile=Profile(disease=fibroids.term))
    assert "uterine artery embolization" in labels(answer)
    assert "embolization" not in labels(answer)


def test_kinds_of_usual_care_are_one_option() -> None:
    answer = ask(trial("pmid:1", TACE, CARE), trial("pmid:2", TACE, MEDICAL))
    assert len(answer.options) == 2


def test_without_a_disease_the_therapy_of_the_question_says_which() -> None:
    paper = trial("pmid:1", RFA, PEI, said=((RFA, Predicate.TREATS, HCC),))
    answer = ask(paper, profile=Profile(options=(RFA.term or "",)))
    assert "hepatocellular carcinoma" in " ".join(answer.missing)
    assert labels(answer)[0] == "radiofrequency ablation"


def test_groups_of_patients_are_no_options() -> None:
    answer = ask(
        trial("pmid:1", name("cholangiocarcinoma"), name("unresectable hepatocellular carcinoma")),
        trial("pmid:2", RFA, PEI),
    )
    assert set(labels(answer)) == {"radiofrequency ablation", "ethanol injection"}


def test_the_absence_of_a_therapy_is_no_therapy() -> None:
    quote = "With TACE against no TACE we measured overall survival."
    paper = publication("pmid:1", [quote])
    found = finding(paper, quote, TACE, TACE, SURVIVAL)
    second = paper.text.index("TACE", found.intervention.end)
    comparator = Mention(second, second + 4, "TACE", TACE.branch, TACE.term)
    moved = Finding(**{f: getattr(found, f) for f in found.__slots__} | {"comparator": comparator})
    answer = ask(reading(paper, findings=[moved], topics=(HCC.term or "",)))
    [tace] = answer.options
    assert tace.label == "transarterial chemoembolization"
    assert [line.versus for line in tace.supporting] == ["no TACE"]


def test_what_papers_say_contraindicates_an_option_is_held_against_the_patient() -> None:
    fibroids = name("uterine fibroids")
    paper = trial("pmid:1", TACE, CARE, said=((fibroids, Predicate.CONTRAINDICATES, TACE),))
    unknown = next(o for o in ask(paper).options if o.label == "transarterial chemoembolization")
    line = next(e for e in unknown.eligibility if e.criterion == "uterine fibroids")
    assert (line.status, line.needed, line.citations) == (
        "unknown",
        "whether there is uterine fibroids",
        (1,),
    )
    profile = Profile(disease=HCC.term, others=(fibroids.term or "",))
    failed = next(o for o in ask(paper, profile=profile).options if o.id == unknown.id)
    assert failed.score < unknown.score
    assert sum(row.contribution for row in failed.score_table) == failed.score
