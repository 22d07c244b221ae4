"""Stories about money, claims and what was done, asked of Voorbeeldland over HTTP."""

from pathlib import Path
from typing import Any

import httpx
import pytest

_DOCUMENTS = Path(__file__).resolve().parent / "stories"
Answer = dict[str, Any]


async def _story(stories: httpx.AsyncClient, name: str, **variables: Any) -> Answer:
    document = (_DOCUMENTS / f"{name}.graphql").read_text(encoding="utf-8")
    asked = {"query": document, "variables": variables}
    answer = (await stories.post("/graphql", json=asked)).json()
    assert "errors" not in answer, answer["errors"]
    data: Answer = answer["data"]
    return data


# Story 2: known money.


async def _money(stories: httpx.AsyncClient, *together: str, area: str | None = None) -> Answer:
    return await _story(
        stories, "money_of_a_programme", programme="vitale-wijken", by="2024-01-01",
        together=list(together), area=area,
    )  # fmt: skip


async def test_story_2_money_by_inhabitant_is_of_published_parts_only(
    stories: httpx.AsyncClient,
) -> None:
    found = await _money(stories, "wijkfonds", "wijkbudget", area="kwakelhaven-havenkant")

    total = found["fundingSum"]
    assert (total["euros"], total["complete"]) == (8_750_000, True)
    assert total["perInhabitant"] == {
        "euros": pytest.approx(8_750_000 / 29_000),
        "inhabitants": 29_000,
        "inhabitantsOn": "2024-01-01",
    }
    streams = {each["slug"]: each["amounts"] for each in found["programme"]["fundingStreams"]}
    for amounts in streams.values():
        for amount in amounts:
            assert amount["document"]["title"].endswith("(fictief)")
            assert bool(amount["parts"]) == (amount["split"] == "BY_AREA")


async def test_story_2_money_of_the_country_is_divided_over_nobody(
    stories: httpx.AsyncClient,
) -> None:
    found = await _money(stories, "wijkfonds", "woonimpuls", area="dobbermeer-oost")

    total = found["fundingSum"]
    assert (total["euros"], total["perInhabitant"]) == (None, None)
    assert (total["refusals"], total["concerns"]) == (["NOT_SPLIT"], ["woonimpuls"])
    assert [each["stream"]["slug"] for each in found["fundingEnding"]["ending"]] == ["woonimpuls"]


# What papers claim.


async def test_each_claim_is_answered_or_says_why_not(stories: httpx.AsyncClient) -> None:
    found = (await _story(stories, "claims_of_papers"))["statements"]

    assert {each["slug"]: each["status"] for each in found} == {
        "inflow-in-voorbeeldland": "NO_OPEN_DATA",
        "money-ends-in-voorbeeldland": "ANSWERED",
        "three-areas-in-voorbeeldland": "PARTLY_ANSWERED",
        "two-of-three-in-the-circle": "PARTLY_ANSWERED",
        "wijken-outside-as-bad": "OTHER_QUERY",
    }
    for said in found:
        assert said["text"].endswith("(fictief).")
        assert (_DOCUMENTS / f"{said['test']['document']}.graphql").is_file()


async def test_a_claim_on_a_group_is_answered_by_list_and_by_size_with_both_days(
    stories: httpx.AsyncClient,
) -> None:
    found = (await _story(stories, "claims_of_papers"))["statements"]
    (said,) = [each for each in found if each["slug"] == "two-of-three-in-the-circle"]

    seen = [
        (each["basis"], each["on"], each["count"], each["outOf"], each["agrees"], each["names"])
        for each in said["findings"]
    ]
    assert seen == [
        ("LIST", "2023-03-15", 2, 3, True, ["Kwakelhaven", "Wolkendijk"]),
        ("SIZE", "2019-01-01", None, 3, None, []),
        ("SIZE", "2023-01-01", 1, 3, False, ["Kwakelhaven"]),
    ]
    assert said["findings"][1]["absence"] == "OTHER_CODES"
