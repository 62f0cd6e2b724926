from __future__ import annotations

from fastapi.testclient import TestClient

from api.routes.path_search import ways
from kg.model.claim import ClaimRecord
from tests.kg.factories import HCC, RFA, SURVIVAL, TACE, VEGFR


def relation(subject: str, object: str, supporting: int = 1) -> ClaimRecord:
    iri = f"urn:{subject}-{object}"
    return ClaimRecord(
        iri, "relation", "", subject=subject, predicate="p", object=object, supporting=supporting
    )


def routes(claims: list[ClaimRecord], source: str = "a", target: str = "d", hops: int = 3) -> list[str]:
    found = ways(claims, [source], [target], hops=hops, limit=10)
    return ["".join([way[0].source, *(hop.target for hop in way)]) for way in found]


DIAMOND = [relation("a", "b"), relation("b", "d"), relation("a", "c", 9), relation("d", "c", 9)]


def test_the_better_supported_way_comes_first_and_direction_does_not_matter() -> None:
    assert routes(DIAMOND) == ["acd", "abd"]
    assert routes(DIAMOND, "d", "a") == ["dca", "dba"]


def test_a_shorter_way_comes_before_a_longer_one() -> None:
    assert routes([*DIAMOND, relation("a", "d")])[0] == "ad"


def test_ways_longer_than_wanted_are_left_out() -> None:
    claims = [relation("a", "b"), relation("b", "c"), relation("c", "d")]
    assert routes(claims) == ["abcd"]
    assert routes(claims, hops=2) == []


def test_no_way_goes_in_circles_and_none_is_found_where_there_is_none() -> None:
    assert routes([relation("a", "b"), relation("b", "a"), relation("c", "d")]) == []
    assert routes([]) == []


def test_several_sources_and_targets_are_not_passed_through() -> None:
    claims = [relation("a", "b"), relation("b", "d")]
    assert [len(way) for way in ways(claims, ["a", "b"], ["d"], hops=3, limit=10)] == [1]


def test_a_comparison_joins_its_arms_and_its_outcome_but_not_its_disease() -> None:
    claim = ClaimRecord("urn:x", "comparison", "", intervention="a", comparator="b", outcome="o", disease="d")
    assert routes([claim], "a", "b") == ["ab", "aob"]
    assert routes([claim], "a", "d") == []


def test_each_step_has_its_claims_and_their_quotes(client: TestClient) -> None:
    found = client.get("/paths", params={"from": TACE.term, "to": HCC.term, "inferred": False}).json()
    first, second = found["paths"]
    assert [len(first["hops"]), len(second["hops"])] == [1, 3]
    assert {one["document"]["id"] for one in first["hops"][0]["evidence"]} == {"pmid:1", "pmid:2"}
    assert [hop["claims"][0]["predicate"] for hop in second["hops"]] == ["uses", "targets", "associated_with"]
    assert all(hop["evidence"] for hop in second["hops"])
    assert not second["inferred"]
    assert found["complete"]


def test_inferred_claims_are_marked(client: TestClient) -> None:
    found = client.get("/paths", params={"from": TACE.term, "to": VEGFR.term}).json()["paths"]
    assert (len(found[0]["hops"]), found[0]["inferred"]) == (1, True)


def test_fewer_steps_are_kept_to(client: TestClient) -> None:
    parameters = {"from": RFA.term, "to": SURVIVAL.term, "hops": 1}
    found = client.get("/paths", params=parameters).json()["paths"]
    assert [len(path["hops"]) for path in found] == [1]
    parameters = {"from": SURVIVAL.term, "to": VEGFR.term, "hops": 2, "inferred": False}
    assert client.get("/paths", params=parameters).json()["paths"] == []
    found = client.get("/paths", params=parameters | {"hops": 3}).json()["paths"]
    middles = {tuple(hop["target"]["label"] for hop in path["hops"]) for path in found}
    assert middles == {("TACE", "sorafenib", "VEGFR"), ("TACE", "hepatocellular carcinoma", "VEGFR")}
