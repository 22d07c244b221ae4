"""Money of programmes: what documents say, what an area is said to get, and what is no sum."""

from typing import Any

import pytest

from tests.api.asking import data, refusal
from tests.api.claimed import claimed


async def _ask(query: str) -> Any:
    return await data(query, store=claimed(), language="en")


async def test_a_stream_shows_what_each_document_says_with_its_date() -> None:
    answer = await _ask(
        """{ fundingStream(slug: "jongerenwerk") { slug name target domains ministries
          programme { slug } reachStated focusAreas { slug }
          amounts { kind euros bound absence split certainty note
            period { begins beginsPrecision ends }
            document { title dated datedPrecision url } } } }"""
    )

    found = answer["fundingStream"]
    assert (found["domains"], found["programme"]) == (["SAFETY"], {"slug": "kans"})
    assert [(each["kind"], each["euros"], each["certainty"]) for each in found["amounts"]] == [
        ("STRUCTURAL", 8e6, "CHECKED"),
        ("NOT_STATED", 6e6, "CLAIMED"),
    ]
    assert found["amounts"][0]["document"] == {
        "title": "Budget of Voorbeeldland (fictional)",
        "dated": "2021-09-21",
        "datedPrecision": "DAY",
        "url": None,
    }
    assert found["amounts"][1]["document"]["dated"] is None
    assert not found["reachStated"]
    assert [each["slug"] for each in found["focusAreas"]] == [
        "aadorp-centrum", "elstad", "elstad-deels",
    ]  # fmt: skip


async def test_an_area_gets_an_amount_by_inhabitant_only_where_its_part_is_published() -> None:
    answer = await _ask(
        """{ focusArea(slug: "aadorp-centrum") { fundingStreams { stream { slug } stated { euros }
          status statusText euros perInhabitant { euros inhabitants inhabitantsOn } } } }"""
    )

    rows = {
        (each["stream"]["slug"], each["stated"]["euros"]): each
        for each in answer["focusArea"]["fundingStreams"]
    }
    assert {key[0]: row["status"] for key, row in rows.items()} == {
        "jongerenwerk": "NATIONAL_ONLY",
        "schoolkansen": "NO_AMOUNT",
        "wijkbudget": "PUBLISHED",
        "wijkfonds": "PUBLISHED",
        "woonimpuls": "NATIONAL_ONLY",
    }
    assert rows["wijkfonds", 12e6]["perInhabitant"] == {
        "euros": pytest.approx(7.25e6 / 1100),
        "inhabitants": 1100,
        "inhabitantsOn": "2025-01-01",
    }
    for row in rows.values():
        assert (row["euros"] is None) == (row["perInhabitant"] is None)
        assert row["statusText"]
        assert (row["euros"] is not None) == (row["status"] == "PUBLISHED")


async def test_an_area_without_published_inhabitants_has_no_amount_by_inhabitant() -> None:
    answer = await _ask(
        """{ focusArea(slug: "elstad") { fundingStreams { stream { slug } status euros
          perInhabitant { euros } } } }"""
    )

    rows = {each["stream"]["slug"]: each for each in answer["focusArea"]["fundingStreams"]}
    assert (rows["wijkfonds"]["euros"], rows["wijkfonds"]["perInhabitant"]) == (4e6, None)
    assert rows["wijkbudget"]["status"] == "NOT_NAMED"


_SUM = """query ($streams: [String!]!, $area: String) {
  fundingSum(streams: $streams, focusArea: $area) { euros bound complete refusals concerns text
    added { stream { slug } } absent { stream { slug } } perInhabitant { euros } } }"""


async def _sum(*streams: str, area: str | None = None) -> Any:
    given = {"streams": list(streams), "area": area}
    answer = await data(_SUM, given, store=claimed(), language="en")
    return answer["fundingSum"]


async def test_what_is_of_one_kind_and_period_is_added_up() -> None:
    found = await _sum("wijkfonds", "wijkbudget", "wijkfonds", area="aadorp-centrum")

    assert (found["euros"], found["complete"], found["refusals"]) == (8.75e6, True, [])
    assert found["perInhabitant"]["euros"] == pytest.approx(8.75e6 / 1100)
    assert found["text"] == "Sum of 2 amounts."


@pytest.mark.parametrize(
    ("streams", "area", "refusals"),
    [
        (("wijkfonds", "woonimpuls"), "aadorp-centrum", ["NOT_SPLIT"]),
        (("wijkfonds", "woonimpuls"), None, ["PERIODS"]),
        (("jongerenwerk",), None, ["DISAGREE", "KINDS"]),
        (("schoolkansen",), None, ["ALL_ABSENT"]),
    ],
)
async def test_what_cannot_be_summed_is_refused_with_its_reasons(
    streams: tuple[str, ...], area: str | None, refusals: list[str]
) -> None:
    found = await _sum(*streams, area=area)

    assert (found["euros"], found["refusals"], found["complete"]) == (None, refusals, False)
    assert found["text"].startswith("Not added up: ")
    assert (found["bound"], found["perInhabitant"]) == (None, None)
    assert found["concerns"]


async def test_an_absent_amount_makes_the_sum_partial() -> None:
    found = await _sum("wijkfonds", "schoolkansen")

    assert (found["euros"], found["complete"]) == (12e6, False)
    assert [each["stream"]["slug"] for each in found["absent"]] == ["schoolkansen"]


async def test_an_unknown_stream_is_refused_with_the_nearest() -> None:
    error = await refusal(_SUM, {"streams": ["wijkfons"]}, store=claimed())
    assert (error["code"], error["suggestions"][0]) == ("UNKNOWN_SLUG", {"slug": "wijkfonds"})
    assert error["messageNl"].startswith("`streams`: er is geen geldstroom")

    none = await refusal(_SUM, {"streams": []}, store=claimed())
    assert none["code"] == "LIMIT_OUT_OF_RANGE"


async def test_every_amount_ends_continues_or_has_no_stated_end() -> None:
    answer = await _ask(
        """{ fundingEnding(programme: "kans", by: "2024-01-01") { by
          ending { ...row } continuing { ...row } endNotStated { ...row } } }
        fragment row on FundingRow {
          stream { slug focusAreas { slug } reachStated } amount { euros } }"""
    )

    found = answer["fundingEnding"]
    slugs = {
        name: [each["stream"]["slug"] for each in found[name]]
        for name in ("ending", "continuing", "endNotStated")
    }
    assert slugs == {
        "ending": ["woonimpuls"],
        "continuing": ["jongerenwerk", "wijkbudget", "wijkfonds"],
        "endNotStated": ["jongerenwerk", "schoolkansen"],
    }
    assert not found["ending"][0]["stream"]["reachStated"]
    reached = found["continuing"][2]["stream"]
    assert reached["reachStated"]
    assert [each["slug"] for each in reached["focusAreas"]] == ["aadorp-centrum", "elstad"]


async def test_streams_that_end_are_those_of_which_it_is_stated() -> None:
    answer = await _ask(
        """{ programme(slug: "kans") { all: fundingStreams { slug }
          ended: fundingStreams(endingBefore: "2030-01-01") { slug } }
        fundingStreams(programme: "kans", endingBefore: "2024-01-01") { slug } }"""
    )

    found = answer["programme"]
    assert len(found["all"]) == 5
    assert [each["slug"] for each in found["ended"]] == ["wijkbudget", "wijkfonds", "woonimpuls"]
    assert answer["fundingStreams"] == [{"slug": "woonimpuls"}]


async def test_a_stream_is_found_by_its_id() -> None:
    made = await _ask('{ fundingStream(slug: "wijkfonds") { id } }')
    (key,) = (made["fundingStream"]["id"],)
    found = await data(
        "query ($id: ID!) { node(id: $id) { ... on FundingStream { slug } } }",
        {"id": key},
        store=claimed(),
    )
    assert found["node"] == {"slug": "wijkfonds"}
