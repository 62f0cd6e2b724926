from __future__ import annotations

from kg.justify import justify, render
from kg.model.justification import NOTICE, Profile
from tests.kg.factories import store_of
from tests.kg.justify.worlds import HCC, ONTOLOGY, PEI, RATIO, RFA, trial


def test_the_text_holds_ranking_numbers_quotes_and_references() -> None:
    store = store_of(trial("digest:pmid:7", RFA, PEI, effect=RATIO, authors=()))
    answer = justify(store, ONTOLOGY, Profile(disease=HCC.term), "HCC of 2 cm?")
    text = render(answer, width=100)
    assert text.startswith("# HCC of 2 cm?")
    assert "## 1. radiofrequency ablation (score " in text
    assert "HR 0.5 (95% CI 0.3 to 0.8)" in text
    assert answer.options[0].supporting[0].quote.split(" and ")[0] in " ".join(text.split())
    assert "digest of the cited paper" in text
    assert "PMID 7  https://pubmed.ncbi.nlm.nih.gov/7/" in text
    assert " ".join(NOTICE.split()) in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 130


def test_with_nothing_known_the_text_says_so() -> None:
    answer = justify(store_of(), ONTOLOGY, Profile(disease_text="moon fever"))
    text = render(answer)
    assert "moon fever" in text
    assert "## " not in text
