"""Stories 6 and 9: years across borders that were redrawn, asked of Voorbeeldland over HTTP."""

from typing import Any

import httpx
import pytest
import shapely

from tests.api.test_stories import Answer, _ask, _story, client

__all__ = ["client"]

_KINDS = [
    "population", "net_participation", "corporation_share", "population_density", "median_wealth",
]  # fmt: skip
_FORMER = ("GM9006", "GM9007")


async def _across(client: httpx.AsyncClient, code: str, *slugs: str) -> dict[str, Answer]:
    answer = await _story(client, "years_across_borders", code=code, indicators=list(slugs))
    series = answer["gemeente"].pop("series")
    found = {each["indicator"]["slug"]: each for each in series}
    return {"gemeente": answer["gemeente"], **found}


def _by_year(series: Answer) -> dict[int, Answer]:
    return {each["year"]: each for each in series["points"]}


async def _published(
    client: httpx.AsyncClient, codes: tuple[str, ...], vintage: int, *slugs: str
) -> list[list[float]]:
    """What was published of gemeenten on the boundaries of a vintage, in the year of those."""
    found = []
    for code in codes:
        answer = await _ask(
            client,
            """query ($code: String!, $vintage: Int!, $slugs: [String!]!) {
              gemeente(code: $code, vintage: $vintage) {
                observations(indicators: $slugs, year: $vintage) {
                  ... on Observation { value } } } }""",
            code=code,
            vintage=vintage,
            slugs=list(slugs),
        )
        found.append([each["value"] for each in answer["gemeente"]["observations"]])
    return found


# Story 9: the merged gemeente, and the one that was divided.


@pytest.mark.parametrize("year", [2020, 2021])
async def test_story_9_a_merged_gemeente_has_the_exact_sum_of_what_it_was(
    client: httpx.AsyncClient, year: int
) -> None:
    point = _by_year((await _across(client, "GM9011", "population"))["population"])[year]

    expected = sum(row[0] for row in await _published(client, _FORMER, year, "population"))
    assert (point["value"], point["status"]) == (expected, "RECODED")
    assert (point["lower"], point["upper"], point["coverage"]) == (expected, expected, 1)
    assert point["sourceVintage"] == year
    assert {each["area"]["code"] for each in point["parts"]} == set(_FORMER)
    assert {each["shareOfOld"] for each in point["parts"]} == {1}


async def test_story_9_years_after_the_merger_are_as_published(client: httpx.AsyncClient) -> None:
    points = _by_year((await _across(client, "GM9011", "population"))["population"])

    for year in (2022, 2023, 2024):
        ((expected,),) = await _published(client, ("GM9011",), year, "population")
        assert (points[year]["value"], points[year]["status"]) == (expected, "OBSERVED")


@pytest.mark.parametrize(
    ("slug", "over"),
    [("net_participation", "population_15_75"), ("corporation_share", "dwelling_stock")],
)
@pytest.mark.parametrize("year", [2020, 2021])
async def test_story_9_no_rate_is_averaged_without_weights(
    client: httpx.AsyncClient, slug: str, over: str, year: int
) -> None:
    point = _by_year((await _across(client, "GM9011", slug))[slug])[year]

    rows = await _published(client, _FORMER, year, slug, over)
    weighted = sum(share * people for share, people in rows) / sum(row[1] for row in rows)
    plain = sum(row[0] for row in rows) / len(rows)
    assert point["value"] == pytest.approx(weighted)
    assert abs(point["value"] - plain) > 0.05


async def test_story_9_a_rate_of_two_published_numbers_is_made_of_those(
    client: httpx.AsyncClient,
) -> None:
    point = _by_year((await _across(client, "GM9011", "population_density"))["population_density"])

    rows = await _published(client, _FORMER, 2021, "population", "land_area")
    people, hectares = (sum(row[i] for row in rows) for i in (0, 1))
    assert point[2021]["value"] == pytest.approx(100 * people / hectares)


async def test_story_9_a_median_of_a_merged_gemeente_is_refused_with_its_reason(
    client: httpx.AsyncClient,
) -> None:
    series = (await _across(client, "GM9011", "median_wealth"))["median_wealth"]

    said = [(each["year"], each["status"], each["reason"]["code"]) for each in series["points"]]
    assert series["rule"] == "UNCHANGED"
    assert said[:3] == [
        (2020, "NOT_COMPARABLE", "BORDER_CHANGED"),
        (2021, "NOT_COMPARABLE", "BORDER_CHANGED"),
        (2022, "OBSERVED", "OBSERVED"),
    ]


async def test_story_9_the_parts_of_a_division_are_weighted_and_lie_between_bounds(
    client: httpx.AsyncClient,
) -> None:
    found = await _across(client, "GM9005", *_KINDS)

    before = {slug: _by_year(found[slug])[2020] for slug in _KINDS}
    medians = before.pop("median_wealth")
    for point in before.values():
        assert point["status"] == "ESTIMATED"
        assert point["lower"] <= point["value"]
        assert point["upper"] is None or point["value"] <= point["upper"]
        assert "ADDRESSES" in point["methods"]
        assert {each["area"]["code"] for each in point["parts"]} == {"GM9005", "GM9008"}
    assert (medians["value"], medians["status"]) == (None, "NOT_COMPARABLE")
    # Whoever lived in what was divided may all have lived here, or none of them.
    ((own,), (divided,)) = await _published(client, ("GM9005", "GM9008"), 2020, "population")
    assert before["population"]["lower"] == own
    assert before["population"]["upper"] == own + divided


@pytest.mark.parametrize("level", ["gemeenten", "wijken", "buurten"])
async def test_story_9_nobody_is_lost_or_counted_twice_on_any_vintage(
    client: httpx.AsyncClient, level: str
) -> None:
    """Whatever boundaries the inhabitants of a year are carried to, they add up to the same.

    But for a buurt that has no shape on the map of 2020: nothing links it, and that is said.
    """
    document = """query ($vintage: Int!) { areas: LEVEL(vintage: $vintage, first: 1000,
      filter: { terrain: null }) { nodes { code
        series(indicators: ["population"], harmonised: true) {
          ... on HarmonisedSeries { years values statuses } } } } }""".replace("LEVEL", level)
    totals, seen = {}, set()
    for vintage in range(2020, 2025):
        nodes = (await _ask(client, document, vintage=vintage))["areas"]["nodes"]
        series = [each["series"][0] for each in nodes if each["code"] != "BU90090100"]
        columns = zip(*[each["values"] for each in series], strict=True)
        totals[vintage] = [sum(filter(None, each)) for each in columns]
        seen |= {status for each in series for status in each["statuses"]}

    assert {"OBSERVED", "RECODED", "ESTIMATED"} <= seen
    for found in totals.values():
        assert found == pytest.approx([totals[year][year - 2020] for year in range(2020, 2025)])


async def test_story_9_a_trend_is_made_of_exact_years_and_says_what_it_left_out(
    client: httpx.AsyncClient,
) -> None:
    merged = (await _across(client, "GM9011", "population"))["population"]["trend"]
    divided = (await _across(client, "GM9005", "population"))["population"]["trend"]
    redrawn = (await _across(client, "GM9003", "population"))["population"]["trend"]

    assert (merged["pointsUsed"], merged["estimatedLeftOut"]) == (5, 0)
    assert (divided["pointsUsed"], divided["firstYear"]) == (4, 2021)
    assert divided["change"] in (None, "INSUFFICIENT_DATA")
    assert redrawn["pointsUsed"] == 1


async def test_story_9_predecessors_and_successors_are_listed(client: httpx.AsyncClient) -> None:
    merged = (await _story(client, "a_code_on_a_date", code="GM9011", at="2021-12-31"))[
        "areaOnDate"
    ]
    divided = (await _story(client, "a_code_on_a_date", code="GM9008", at="2024-05-01"))[
        "areaOnDate"
    ]

    assert (merged["standing"], merged["area"]) == ("NOT_VALID_ON_DATE", None)
    assert {each["area"]["code"] for each in merged["uses"][0]["was"]} == set(_FORMER)
    assert divided["standing"] == "NOT_VALID_ON_DATE"
    shares = {each["area"]["code"]: each["shareOfOld"] for each in divided["uses"][0]["became"]}
    assert set(shares) == {"GM9003", "GM9005"}
    assert sum(shares.values()) == pytest.approx(1)


async def test_story_9_old_shapes_can_be_drawn_within_their_old_parent(
    client: httpx.AsyncClient,
) -> None:
    found = await _story(client, "a_code_on_a_date", code="GM9008", at="2020-05-01")

    (use,) = found["areaOnDate"]["uses"]
    old = use["area"]
    assert (found["areaOnDate"]["standing"], old["vintage"]) == ("VALID", 2020)
    whole = _shape(old)
    assert _shape(old["parent"]).buffer(1e-3).contains(whole)
    wijken = [_shape(each) for each in old["children"]["nodes"]]
    assert shapely.union_all(wijken).buffer(1e-3).contains(whole)


async def test_story_9_a_code_that_was_used_again_is_two_areas(client: httpx.AsyncClient) -> None:
    found = (await _story(client, "a_code_on_a_date", code="WK900207", at="2022-06-01"))[
        "areaOnDate"
    ]

    assert found["standing"] == "NOT_VALID_ON_DATE"
    assert [each["vintages"] for each in found["uses"]] == [[2020, 2021], [2023, 2024]]
    assert len({each["lineage"] for each in found["uses"]}) == 2
    assert found["uses"][1]["shareOfPrevious"] < 0.05


def _shape(area: Answer) -> Any:
    return shapely.from_geojson(str(area["geometry"]["geojson"]).replace("'", '"'))


# Story 6: the panel of an audit office.

_PANEL: dict[str, Any] = {
    "indicators": ["population", "net_participation", "median_wealth"],
    "like": ["woz_value", "household_size", "population_density"],
    "from": 2020,
    "to": 2024,
    "first": 10,
}


def _wijken(answer: Answer) -> list[Answer]:
    """Those of the programme and those they are compared with."""
    nodes: list[Answer] = answer["wijken"]["nodes"]
    return nodes + [each["area"] for node in nodes for each in node["comparable"]["nearest"]]


async def test_story_6_every_year_says_on_which_boundaries_it_was_published(
    client: httpx.AsyncClient,
) -> None:
    for wijk in _wijken(await _story(client, "a_panel_of_wijken", **_PANEL)):
        assert wijk["vintage"] == 2024
        for series in wijk["series"]:
            assert series["vintage"] == 2024
            for point in series["points"]:
                assert point["own"] == (point["sourceVintage"] == 2024)
                assert point["own"] == (point["methods"] == [])
                assert (point["value"] is not None) == (
                    point["status"] in ("OBSERVED", "RECODED", "ESTIMATED")
                )


async def test_story_6_harmonised_and_exact_years_are_told_apart_and_bounded(
    client: httpx.AsyncClient,
) -> None:
    wijken = _wijken(await _story(client, "a_panel_of_wijken", **_PANEL))

    points = [point for wijk in wijken for each in wijk["series"] for point in each["points"]]
    seen = {point["status"] for point in points}
    assert {"OBSERVED", "RECODED", "ESTIMATED", "NOT_COMPARABLE"} <= seen
    for point in points:
        if point["status"] == "RECODED":
            assert point["lower"] == point["value"] == point["upper"]
        if point["status"] == "ESTIMATED":
            assert point["lower"] <= point["value"]
            assert point["upper"] is None or point["value"] <= point["upper"]


async def test_story_6_memberships_have_their_dates_certainty_and_source(
    client: httpx.AsyncClient,
) -> None:
    wijken = (await _story(client, "a_panel_of_wijken", **_PANEL))["wijken"]

    assert wijken["totalCount"] == len(wijken["nodes"]) > 0
    for wijk in wijken["nodes"]:
        assert [each for each in wijk["memberships"] if each["counts"]]
        for each in wijk["memberships"]:
            assert each["validFrom"]
            assert each["certainty"]
            assert each["source"]


async def test_story_6_the_answer_names_its_publication_and_is_the_same_the_next_time(
    client: httpx.AsyncClient,
) -> None:
    one, other = [await _story(client, "a_panel_of_wijken", **_PANEL) for _ in range(2)]

    assert one == other
    assert one["publication"]["number"] >= 1
    assert one["publication"]["publishedAt"]
