from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.justify import justify
from kg.justify.scoring import exact, score
from kg.model import Design, Effect, Favors, Measure
from kg.model.justification import Profile, ScoreRow
from tests.kg.factories import store_of
from tests.kg.justify.worlds import (
    CARE,
    HCC,
    MEDICAL,
    MORTALITY,
    ONTOLOGY,
    PEI,
    RESPONSE,
    RFA,
    SURVIVAL,
    TACE,
    trial,
)

PAIRS = ((RFA, PEI), (TACE, CARE), (TACE, RFA), (RFA, None), (TACE, MEDICAL))
PAPERS = st.lists(
    st.tuples(
        st.sampled_from(PAIRS),
        st.sampled_from((SURVIVAL, MORTALITY, RESPONSE)),
        st.sampled_from(list(Favors)),
        st.sampled_from(list(Design)),
        st.sampled_from((None, 0.2, 0.9, 1.0, 1.7)),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(PAPERS)
def test_rows_add_up_exactly_whatever_the_evidence(papers: list[tuple]) -> None:  # type: ignore[type-arg]
    readings = [
        trial(
            f"pmid:{n}",
            first,
            second,
            outcome,
            favors,
            design=design,
            effect=Effect()
            if value is None
            else Effect(measure=Measure.HR, value=value, ci_low=value / 2, ci_high=value * 1.5),
            significant=None if tested else True,
        )
        for n, ((first, second), outcome, favors, design, value, tested) in enumerate(papers)
    ]
    answer = justify(store_of(*readings), ONTOLOGY, Profile(disease=HCC.term))
    for option in answer.options:
        assert sum((row.contribution for row in option.score_table), Decimal(0)) == option.score
        assert all(row.contribution == exact(float(row.contribution)) for row in option.score_table)
    assert [o.rank for o in answer.options] == list(range(1, len(answer.options) + 1))
    numbers = {r.n for r in answer.citations}
    assert all(set(s.citations) <= numbers and s.citations for s in answer.narrative)
    json = answer.to_json()
    assert (
        abs(
            sum(r["contribution"] for o in json["options"] for r in o["score_table"])
            - sum(o["score"] for o in json["options"])
        )
        < 1e-6
    )


def test_a_score_is_rounded_once_per_row() -> None:
    rows = [ScoreRow("a", "", exact(1 / 3), exact(1 / 3), "")] * 3
    assert score(rows) == Decimal("0.9999")
