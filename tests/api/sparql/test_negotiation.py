from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.sparql.formats import GRAPHS, SOLUTIONS
from api.sparql.negotiation import choose

OFFERED = ["application/json", "text/csv", "text/turtle"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV; charset=utf-8", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, text/turtle;q=0.6", "text/turtle"),
        ("text/csv;q=0.5, */*;q=0.1", "text/csv"),
        ("*/*;q=0.9, application/json;q=0.1", "text/csv"),
        ("text/*, text/csv;q=0", "text/turtle"),
        ("application/json;q=0, */*", "text/csv"),
        ("image/png, text/turtle ; q=0.001", "text/turtle"),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/csv;q=0", None),
        ("nonsense", "application/json"),
        ("text/csv;q=high, text/turtle", "text/turtle"),
        ("text/csv;q=nan, text/turtle", "text/turtle"),
    ],
)
def test_choice(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, OFFERED) == chosen


@given(st.text(max_size=60))
def test_any_header_gives_an_offer_or_nothing(accept: str) -> None:
    assert choose(accept, OFFERED) in (*OFFERED, None)


def test_any_type_gets_json_and_turtle() -> None:
    assert choose("*/*", SOLUTIONS) == "application/sparql-results+json"
    assert choose("*/*", GRAPHS) == "text/turtle"


def test_a_client_of_results_and_of_graphs_gets_what_it_asks() -> None:
    accept = "application/sparql-results+xml,application/rdf+xml;q=0.9"
    assert choose(accept, SOLUTIONS) == "application/sparql-results+xml"
    assert choose(accept, GRAPHS) == "application/rdf+xml"
