from __future__ import annotations

from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.routes.paging import offsets
from api.routes.state import Paging

PAGE = st.builds(Paging, offset=st.integers(0, 300), limit=st.integers(1, 60))


@given(PAGE, st.integers(0, 300))
def test_links_stay_inside_the_list(paging: Paging, total: int) -> None:
    found = offsets(paging, total)
    assert found["first"] == 0
    assert ("prev" in found) == (paging.offset > 0)
    assert ("next" in found) == (paging.offset + paging.limit < total)
    if "next" in found:
        assert found["next"] < total
    if "last" in found:
        assert 0 <= found["last"] < max(1, total)
        assert found["last"] + paging.limit >= total


@given(st.integers(1, 60), st.integers(0, 300))
def test_following_next_from_the_first_page_gives_every_item_once(limit: int, total: int) -> None:
    seen: list[int] = []
    offset: int | None = 0
    while offset is not None:
        links = offsets(Paging(offset, limit), total)
        seen += range(offset, min(offset + limit, total))
        assert "last" in links
        if "next" not in links:
            assert links["last"] == offset
        offset = links.get("next")
    assert seen == list(range(total))


def test_pages_over_http_are_the_whole_list(client: TestClient) -> None:
    whole = client.get("/evidence").json()
    url, seen = "/evidence?limit=3", []
    while url:
        response = client.get(url)
        page = response.json()
        assert page["total"] == whole["total"] == int(response.headers["x-total-count"])
        seen += page["items"]
        url = response.links.get("next", {}).get("url", "")
    assert seen == whole["items"]


def test_links_keep_the_other_parameters(client: TestClient) -> None:
    links = client.get("/terms?q=a&branch=Procedure&limit=1").links
    assert "q=a" in links["next"]["url"]
    assert "branch=Procedure" in links["next"]["url"]


def test_a_page_behind_the_end_is_empty_and_leads_back(client: TestClient) -> None:
    response = client.get("/evidence?offset=1000&limit=5")
    assert response.json()["items"] == []
    assert response.links["prev"]["url"].endswith("offset=995&limit=5")
    assert "last" not in response.links
