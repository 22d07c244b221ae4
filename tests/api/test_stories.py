"""Stories of users, asked of Voorbeeldland over HTTP with the documents of `docs/stories.md`."""

import re
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import shapely

from db.core.levels import Level
from tests.unit.voorbeeldland import VINTAGES, Book, demo_country

_ROOT = Path(__file__).resolve().parents[2]
_DOCUMENTS = Path(__file__).resolve().parent / "stories"
_PAGE = _ROOT / "docs" / "stories.md"
_SHOWN = re.compile(
    r"^\[[^\]]*\]\(\.\./tests/api/stories/(\w+)\.graphql\)[^\n]*\n\n```graphql\n(.*?)^```",
    re.M | re.S,
)
_MEMBERS = {"WK9001AB", "WK9001AC", "WK900200", "WK900201", "WK900203", "WK900210"}
_WITH_BUURTEN = {"WK900300", "WK900301"}
"""Wijken of which some buurten are members."""
_NOWHERE = [
    {"x": 5.12, "y": 52.09},
    {"x": 52.1, "y": 5.1},
    {"x": "5.1", "y": 52.1},
]
_NOWHERE_IN_METRES = [
    {"x": 136_000, "y": 455_800},
    {"x": 5.1, "y": 52.1},
    {"x": None, "y": 400_000},
]

Answer = dict[str, Any]


@pytest.fixture
def client(stories: httpx.AsyncClient) -> httpx.AsyncClient:
    return stories


async def _ask(client: httpx.AsyncClient, query: str, **variables: Any) -> Answer:
    asked = {"query": query, "variables": variables}
    answer = (await client.post("/graphql", json=asked)).json()
    assert "errors" not in answer, answer["errors"]
    data: Answer = answer["data"]
    return data


async def _story(client: httpx.AsyncClient, name: str, **variables: Any) -> Answer:
    document = (_DOCUMENTS / f"{name}.graphql").read_text(encoding="utf-8")
    return await _ask(client, document, **variables)


async def _values(
    client: httpx.AsyncClient, slug: str, gemeente: str | None = None
) -> dict[str, float]:
    """Values of 2024 by wijk, on the boundaries of 2024; absent ones are left out."""
    found = await _ask(
        client,
        """query ($slug: String!, $gemeente: String) {
          wijken(vintage: 2024, first: 200, filter: { gemeente: $gemeente }) { nodes { code
            observations(indicators: [$slug], year: 2024) { ... on Observation { value } } } } }""",
        slug=slug,
        gemeente=gemeente,
    )
    values = {each["code"]: each["observations"][0]["value"] for each in found["wijken"]["nodes"]}
    return {code: value for code, value in values.items() if value is not None}


# Story 1: areas outside a programme that are at least as bad.


async def test_story_1_every_area_is_in_one_list_or_counted_as_better(
    client: httpx.AsyncClient,
) -> None:
    found = (await _story(client, "as_bad_outside_the_programme"))["areasAsBadAs"]
    totals = found["totals"]

    assert len(found["asBad"]) == totals["asBad"] == 0
    assert _codes(found["cannotBeSaid"]) == ["WK9001BF"]
    assert totals["candidates"] == sum(totals[key] for key in ("asBad", "cannotBeSaid", "better"))
    assert totals["judged"] == sum(totals[key] for key in ("reference", "leftOut", "candidates"))
    assert totals["judged"] + totals["tooFew"] + totals["inhabitantsUnknown"] == 63
    listed = found["asBad"] + found["cannotBeSaid"]
    assert not (_MEMBERS | _WITH_BUURTEN) & set(_codes(listed))
    assert {each["belonging"] for each in listed} == {"NOT_A_MEMBER"}
    assert found["notStated"] == []


async def test_story_1_an_unknown_domain_of_the_reference_is_unknown_of_everybody(
    client: httpx.AsyncClient,
) -> None:
    """Poverty and health have no figures on these boundaries yet: no area is judged on them."""
    found = (await _story(client, "as_bad_outside_the_programme"))["areasAsBadAs"]

    unknown = {each["domain"] for each in found["profile"] if each["percentile"] is None}
    assert unknown == {"poverty", "health"}
    for area in found["cannotBeSaid"]:
        assert unknown <= set(area["unknownDomains"])
        assert area["countMin"] < found["required"] <= area["countMax"]


async def test_story_1_what_is_stated_for_the_boundaries_is_not_carried(
    client: httpx.AsyncClient,
) -> None:
    answer = await _story(
        client,
        "as_bad_as_a_focus_area_elsewhere",
        focusArea="kwakelhaven-havenkant",
        programme="vitale-wijken",
        vintage=2024,
        own={"domains": [{"slug": "work", "indicators": [{"slug": "net_participation"}]}]},
        code="WK9001AA",
    )
    found = answer["areasAsBadAs"]

    assert (found["reference"]["carriedFrom"], found["membersCarriedFrom"]) == (None, [])
    assert found["reference"]["carriedBy"] == []
    assert found["reference"]["units"] == "TOGETHER"
    assert found["totals"]["better"] == found["totals"]["candidates"] > 0


async def test_story_1_a_wijk_with_an_unknown_domain_is_neither_in_nor_out(
    client: httpx.AsyncClient,
) -> None:
    """Drijfland is better in two domains, and its safety is unknown: it may be as bad in one."""
    found = (await _story(client, "as_bad_in_known_domains", required=1))["areasAsBadAs"]

    assert all(each["known"] == 1.0 for each in found["profile"])
    assert found["asBad"] == []
    assert _codes(found["cannotBeSaid"]) == ["WK9001BF"]
    (drijfland,) = found["cannotBeSaid"]
    assert drijfland == found["drijfland"]
    assert (drijfland["countMin"], drijfland["countMax"]) == (0, 1)
    assert drijfland["unknownDomains"] == ["safety"]
    said = {each["domain"]: each["standing"] for each in drijfland["domains"]}
    assert said == {"work": "NO", "housing": "NO", "safety": "CANNOT_BE_SAID"}


async def test_story_1_an_unknown_domain_that_cannot_matter_keeps_nobody_undecided(
    client: httpx.AsyncClient,
) -> None:
    """Of Drijfland one domain is unknown, and two are asked for: it is better, whatever that is."""
    found = (await _story(client, "as_bad_in_known_domains", required=2))["areasAsBadAs"]

    assert found["asBad"] == []
    assert found["cannotBeSaid"] == []
    assert found["drijfland"]["standing"] == "NO"
    assert found["totals"]["better"] == found["totals"]["candidates"]


async def test_story_1_a_named_wijk_has_its_position_whether_it_qualifies_or_not(
    client: httpx.AsyncClient,
) -> None:
    found = (await _story(client, "as_bad_outside_the_programme"))["areasAsBadAs"]

    names = (
        "dobberstad", "drijfland", "havenhart", "roeiershoek", "kranenland", "beside_the_track",
    )  # fmt: skip
    assert {name: found[name]["standing"] for name in names} == {
        "dobberstad": "NO",
        "drijfland": "CANNOT_BE_SAID",
        "havenhart": "REFERENCE",
        "roeiershoek": "LEFT_OUT",
        "kranenland": "NOT_JUDGED",
        "beside_the_track": "LEFT_OUT",
    }
    assert found["beside_the_track"]["belonging"] == "MEMBER_IN_PART"
    safety = {each["domain"]: each for each in found["dobberstad"]["domains"]}["safety"]
    reference = {each["domain"]: each for each in found["profile"]}["safety"]
    assert safety["margin"] == pytest.approx(safety["percentile"] - reference["percentile"])


def _codes(areas: list[Answer]) -> list[str]:
    return [each["area"]["code"] for each in areas]


# Story 3: points on 1 January of each year.


async def _points(client: httpx.AsyncClient) -> tuple[list[Answer], list[Answer]]:
    """The middle of every buurt of 2024, in degrees and in metres."""
    found = await _ask(
        client,
        """{ buurten(vintage: 2024, first: 1000) { nodes {
          degrees: centroid { x y } metres: centroid(crs: RD) { x y } } } }""",
    )
    nodes = found["buurten"]["nodes"]
    return [each["degrees"] for each in nodes], [each["metres"] for each in nodes]


async def _located(client: httpx.AsyncClient, year: int) -> dict[str, list[Answer]]:
    degrees, metres = await _points(client)
    return await _story(
        client,
        "points_on_1_january",
        degrees=degrees + _NOWHERE,
        metres=metres + _NOWHERE_IN_METRES,
        day=f"{year}-01-01",
    )


def _code(place: Answer) -> str | None:
    area = place["area"]
    return None if area is None else str(area["code"])


@pytest.mark.parametrize("year", VINTAGES)
async def test_story_3_points_lie_in_the_wijken_of_1_january_of_that_year(
    client: httpx.AsyncClient, year: int
) -> None:
    """Compared with a search through the shapes that Voorbeeldland was made of."""
    _, metres = await _points(client)
    shapes = Book(demo_country()).shapes(Level.WIJK, year)
    codes, tree = list(shapes), shapely.STRtree(list(shapes.values()))
    rows, found = tree.query(shapely.points([(p["x"], p["y"]) for p in metres]), "within")
    assert np.array_equal(rows, np.arange(len(metres))), "each point lies in exactly one wijk"

    places = (await _located(client, year))["degrees"]

    assert {each["vintage"] for each in places} == {year}
    assert [_code(each) for each in places[: len(metres)]] == [codes[row] for row in found]


@pytest.mark.parametrize("year", VINTAGES)
async def test_story_3_metres_and_degrees_give_the_same_wijken(
    client: httpx.AsyncClient, year: int
) -> None:
    found = await _located(client, year)

    degrees, metres = found["degrees"], found["metres"]
    assert [_code(each) for each in degrees] == [_code(each) for each in metres]
    assert [each["placement"] for each in degrees] == [each["placement"] for each in metres]


async def test_story_3_ten_thousand_points_as_programs_write_them_are_one_request(
    client: httpx.AsyncClient,
) -> None:
    random = np.random.default_rng(1)
    points = [
        {"x": x, "y": y}
        for x, y in zip(
            random.uniform(4.9, 5.6, 10_000), random.uniform(51.7, 52.2, 10_000), strict=True
        )
    ]
    query = "query ($p: [PointInput!]!) { locate(points: $p, level: WIJK) { placement } }"

    body = await client.post("/graphql", json={"query": query, "variables": {"p": points}})

    assert len(body.json()["data"]["locate"]) == 10_000


async def test_story_3_points_in_no_wijk_have_a_row_and_lose_no_other(
    client: httpx.AsyncClient,
) -> None:
    places = (await _located(client, 2024))["degrees"]

    said = [(each["placement"], each["area"], each["nearest"]) for each in places[-3:]]
    assert said == [
        ("OUTSIDE", None, None),
        ("OUT_OF_RANGE", None, None),
        ("NOT_A_NUMBER", None, None),
    ]
    assert {each["placement"] for each in places[:-3]} == {"IN_ONE"}


@pytest.mark.parametrize("year", VINTAGES)
async def test_story_3_shares_of_points_add_up_to_all_of_them(
    client: httpx.AsyncClient, year: int
) -> None:
    """Two domains or more: yes, no, not known, not judged; or the point lies in no wijk."""
    places = (await _located(client, year))["degrees"]

    counts = dict.fromkeys(("yes", "no", "unknown", "not judged", "outside"), 0)
    for place in places:
        counts[_answered(place)] += 1

    assert sum(counts.values()) == len(places)
    assert counts["outside"] == 3
    assert counts["yes"] > 0 or counts["unknown"] > 0
    assert sum(np.array(list(counts.values())) / len(places)) == pytest.approx(1)


def _answered(place: Answer) -> str:
    if place["area"] is None:
        return "outside"
    stacking = place["area"]["stacking"]
    if not stacking["eligible"]:
        return "not judged"
    if stacking["countMin"] >= 2:
        return "yes"
    return "no" if stacking["countMax"] < 2 else "unknown"


async def test_story_3_a_year_without_stated_memberships_is_null_and_not_none(
    client: httpx.AsyncClient,
) -> None:
    """Of 2022 nothing is stated; of 2021 it is, from 1 September on."""
    areas = {
        year: [
            each["area"]
            for each in (await _located(client, year))["degrees"]
            if each["area"] is not None
        ]
        for year in (2021, 2022, 2024)
    }

    assert {area["memberships"] is None for area in areas[2022]} == {True}
    assert {tuple(area["membershipsKnownFor"]) for area in areas[2022]} == {
        (2020, 2021, 2023, 2024)
    }
    vital = {year: _members(areas[year]) for year in (2021, 2024)}
    assert vital == {2021: set(), 2024: _MEMBERS}


def _members(areas: list[Answer]) -> set[str]:
    """Wijken of the programme Vitale Wijken."""
    slugs = ("kwakelhaven-havenkant", "dobbermeer-oost")
    return {
        area["code"]
        for area in areas
        for each in area["memberships"]
        if each["counts"] and each["focusArea"]["slug"] in slugs
    }


async def test_story_3_a_point_on_a_border_is_marked(client: httpx.AsyncClient) -> None:
    """In metres it lies on it; in degrees, which are rounded, at most a centimetre from it."""
    found = await _ask(
        client,
        """{ wijk(code: "WK900201", vintage: 2024) {
          degrees: geometry(detail: FULL) { geojson }
          metres: geometry(detail: FULL, crs: RD) { geojson } } }""",
    )
    corners = {
        name: [{"x": x, "y": y} for x, y in shapely.get_coordinates(shape)]
        for name, drawn in found["wijk"].items()
        for shape in [shapely.geometry.shape(drawn["geojson"])]
    }

    located = await _story(client, "points_on_1_january", day="2024-01-01", **corners)

    assert {each["placement"] for each in located["metres"]} == {"ON_SHARED_BORDER"}
    assert {each["distance"] for each in located["metres"]} == {0}
    assert max(each["distance"] for each in located["degrees"]) <= 0.01


async def test_story_3_no_coordinate_is_repeated_or_logged(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    degrees, metres = await _points(client)
    caplog.clear()

    answer = await _story(
        client,
        "points_on_1_january",
        degrees=degrees[:1],
        metres=metres[:1],
        day="2024-01-01",
    )

    told = f"{answer} {[record.getMessage() for record in caplog.records]}"
    for point in degrees[:1] + metres[:1]:
        assert str(point["x"]) not in told
        assert str(point["y"]) not in told


# Story 5: focus areas beside the country.


async def test_story_5_what_each_wijk_counts_for_is_named(client: httpx.AsyncClient) -> None:
    found = await _beside(client, ["net_participation", "crime_total", "lbm_housing"], 2024)

    wijken = found["wijken"]["nodes"]
    assert {each["code"] for each in wijken} == _MEMBERS
    weights = {
        observation["indicator"]["slug"]: (
            benchmark["weighedBy"],
            benchmark["weightsIndicator"],
            benchmark["weightsYear"],
        )
        for wijk in wijken
        for observation in wijk["observations"]
        for benchmark in observation["benchmarks"]
    }
    assert weights == {
        "net_participation": ("DENOMINATOR", "population_15_75", 2024),
        "lbm_housing": ("DENOMINATOR", "dwelling_stock", 2024),
        "crime_total": ("INHABITANTS", "population", 2024),
    }


async def test_story_5_a_rate_of_focus_areas_is_the_mean_by_what_it_is_a_share_of(
    client: httpx.AsyncClient,
) -> None:
    """By hand from the wijken; those that belong in part are named and in neither group."""
    found = await _beside(client, ["net_participation"], 2024)
    values = await _values(client, "net_participation")
    people = await _values(client, "population_15_75")
    part = {"WK9001AC"} | _WITH_BUURTEN

    expected = {
        "NATIONAL": _mean(values, people, set(values)),
        "FOCUS_AREAS": _mean(values, people, _MEMBERS - part),
        "OUTSIDE_FOCUS_AREAS": _mean(values, people, set(values) - _MEMBERS - part),
    }
    for benchmark in found["wijken"]["nodes"][0]["observations"][0]["benchmarks"]:
        assert benchmark["aggregate"] == pytest.approx(expected[benchmark["group"]])
        national = benchmark["group"] == "NATIONAL"
        assert benchmark["partialMembers"] == ([] if national else sorted(part))
        assert benchmark["published"]["area"]["code"] == "NL00"


def _mean(values: dict[str, float], weights: dict[str, float], codes: set[str]) -> float:
    known = sorted(codes & values.keys())
    return float(np.average([values[c] for c in known], weights=[weights[c] for c in known]))


async def test_story_5_a_score_has_no_mean_and_says_why(client: httpx.AsyncClient) -> None:
    found = await _beside(client, ["lbm_housing"], 2024)

    for benchmark in found["wijken"]["nodes"][0]["observations"][0]["benchmarks"]:
        assert benchmark["aggregate"] is None
        assert benchmark["refusal"] == "NO_RULE"
        assert benchmark["refusalText"]
        assert benchmark["comparedWith"] == "MEDIAN"


async def test_story_5_a_year_of_other_boundaries_has_no_figures_here(
    client: httpx.AsyncClient,
) -> None:
    """Offences of 2020 are given on the boundaries of 2024; participation of 2020 is not."""
    found = await _beside(client, ["crime_total", "net_participation"], 2020)

    for wijk in found["wijken"]["nodes"]:
        crime, work = wijk["observations"]
        assert (crime["year"], crime["status"]) == (2020, "OBSERVED")
        assert (work["value"], work["status"]) == (None, "NOT_COMPARABLE")
        assert {each["aggregate"] for each in work["benchmarks"]} == {None}
        assert all(each["refusalText"] for each in work["benchmarks"])


async def test_story_5_a_focus_area_without_wijken_is_still_on_the_page(
    client: httpx.AsyncClient,
) -> None:
    """Spoorzone is made of buurten: it has none of the wijken, and is not lost."""
    found = await _beside(client, ["population"], 2024)

    with_wijken = {
        each["focusArea"]["slug"]
        for wijk in found["wijken"]["nodes"]
        for each in wijk["memberships"]
    }
    stated = {each["slug"]: each for each in found["focusAreas"]}
    assert stated.keys() - with_wijken == {"wolkendijk-spoorzone"}
    assert {each["level"] for each in stated["wolkendijk-spoorzone"]["members"]} == {"BUURT"}
    assert not stated["wolkendijk-spoorzone"]["composition"]["complete"]


async def _beside(client: httpx.AsyncClient, indicators: list[str], year: int) -> Answer:
    return await _story(client, "focus_areas_beside_the_country", indicators=indicators, year=year)


# Story 7: how a load is spread within each gemeente.

_GEMEENTEN = ("GM9001", "GM9002", "GM9003", "GM9004", "GM9005", "GM9009", "GM9010", "GM9011")
_OFFENCES = ("offences2020", "offences2022", "offences2024")


async def _spread(client: httpx.AsyncClient, gemeente: str) -> Answer:
    return await _story(client, "spread_within_a_gemeente", gemeente=gemeente)


@pytest.mark.parametrize("gemeente", _GEMEENTEN)
async def test_story_7_every_gemeente_and_year_has_its_coverage(
    client: httpx.AsyncClient, gemeente: str
) -> None:
    spread = await _spread(client, gemeente)
    wijken = await _ask(
        client,
        "query ($g: String!) { wijken(vintage: 2024, filter: { gemeente: $g }) { totalCount } }",
        g=gemeente,
    )

    assert [spread[each]["year"] for each in _OFFENCES] == [2020, 2022, 2024]
    for each in spread.values():
        assert each["within"] == gemeente
        counted = sum(each[key] for key in ("areas", "without", "unweighed", "empty"))
        assert counted == wijken["wijken"]["totalCount"]
        assert 0 <= each["coverage"] <= 1
        assert (each["gini"] is not None) == (each["verdict"] == "TOLD")
        assert each["verdict"] != "TOLD" or each["coverage"] >= 0.8
        assert each["noisy"] == (each["areas"] < 10)


async def test_story_7_a_stock_is_not_presented_as_inflow(client: httpx.AsyncClient) -> None:
    spread = await _spread(client, "GM9002")

    stock = spread.pop("benefits2024")
    assert not stock["flow"]
    assert stock["note"].startswith("A stock:")
    for flow in spread.values():
        assert flow["flow"]
        assert flow["note"].startswith("A flow:")


async def test_story_7_what_a_load_is_set_against_is_named_with_its_year(
    client: httpx.AsyncClient,
) -> None:
    """Inhabitants of 2024, offences of 2020: the year of the weights is there to be seen."""
    spread = await _spread(client, "GM9002")

    for each in spread.values():
        assert each["weighedBy"] == {
            "indicator": {"slug": "population"},
            "year": 2024,
            "own": False,
        }


async def test_story_7_the_part_of_programme_wijken_is_that_of_their_sums(
    client: httpx.AsyncClient,
) -> None:
    """By hand; of a wijk that belongs for 60 per cent of its people, 60 per cent counts."""
    share = (await _spread(client, "GM9001"))["offences2024"]["shareInFocusAreas"]
    load = await _values(client, "crime_total", "GM9001")
    people = await _values(client, "population", "GM9001")

    inside = {"WK9001AB": 1.0, "WK9001AC": 0.6}
    assert share["load"] == pytest.approx(_part(load, inside))
    assert share["population"] == pytest.approx(_part(people, inside))
    assert share["quotient"] == pytest.approx(share["load"] / share["population"])


async def test_story_7_a_part_that_is_not_known_is_refused_and_not_zero(
    client: httpx.AsyncClient,
) -> None:
    """Of two wijken of Wolkendijk some buurten are members; Zonnewolde has no member at all."""
    unknown = (await _spread(client, "GM9003"))["offences2024"]["shareInFocusAreas"]
    none = (await _spread(client, "GM9005"))["offences2024"]["shareInFocusAreas"]

    assert (unknown["load"], unknown["verdict"]) == (None, "LOW_COVERAGE")
    assert (unknown["unknown"], unknown["focusAreasHere"]) == (2, 1)
    assert (none["load"], none["verdict"]) == (0.0, "TOLD")
    assert (none["unknown"], none["focusAreasHere"]) == (0, 0)


def _part(values: dict[str, float], inside: dict[str, float]) -> float:
    return sum(values[code] * share for code, share in inside.items()) / sum(values.values())


# Story 8: the page of a neighbourhood.

_TWELVE = [
    "population", "net_participation", "poverty_share", "low_income_households", "crime_total",
    "lbm_total", "lbm_housing", "woz_value", "corporation_share", "distance_gp",
    "unemployment_benefits", "smoker",
]  # fmt: skip


async def _page(
    client: httpx.AsyncClient,
    language: str = "EN",
    indicators: list[str] | None = None,
    wijk: str = "WK900210",
) -> Answer:
    found = await _ask(
        client, "query ($code: String!) { wijk(code: $code) { centroid { x y } } }", code=wijk
    )
    answer = await _story(
        client,
        "a_neighbourhood_page",
        points=[found["wijk"]["centroid"]],
        indicators=_TWELVE if indicators is None else indicators,
        language=language,
    )
    (located,) = answer["locate"]
    area: Answer = located["area"]
    return area


async def test_story_8_one_request_has_all_of_the_page(client: httpx.AsyncClient) -> None:
    area = await _page(client)

    assert (area["code"], area["name"], area["vintage"]) == ("WK900210", "Nieuwe Traanoven", 2024)
    assert area["shapeStatus"] == "AVAILABLE"
    assert area["geometry"]["geojson"]["type"] in ("Polygon", "MultiPolygon")
    assert area["geometry"]["detail"] == "OVERVIEW"
    assert area["geometry"]["provenance"]["source"]["attribution"]
    (membership,) = area["memberships"]
    assert membership["focusArea"]["name"] == "Havenkant"
    assert [each["indicator"]["slug"] for each in area["observations"]] == _TWELVE
    assert [each["indicator"]["slug"] for each in area["series"]] == _TWELVE
    for each in area["observations"]:
        assert each["reasonText"]
        assert [one["group"] for one in each["benchmarks"]] == ["GEMEENTE", "NATIONAL", "PEERS"]
        assert (each["value"] is None) == (each["percentile"]["value"] is None)


async def test_story_8_an_unknown_indicator_loses_only_its_own_tile(
    client: httpx.AsyncClient,
) -> None:
    without = await _page(client)
    page = await _page(client, indicators=[*_TWELVE[:5], "povery_share", *_TWELVE[5:]])

    for field in ("observations", "series"):
        problem = page[field].pop(5)
        assert problem["__typename"] == "IndicatorProblem"
        assert (problem["slug"], problem["code"]) == ("povery_share", "UNKNOWN_INDICATOR")
        assert problem["message"]
    assert page == without


async def test_story_8_only_the_texts_differ_between_the_languages(
    client: httpx.AsyncClient,
) -> None:
    dutch, english = await _page(client, "NL"), await _page(client, "EN")

    assert dutch != english
    reasons = [
        (one["reasonText"], two["reasonText"])
        for one, two in zip(dutch["observations"], english["observations"], strict=True)
    ]
    assert ("Waarde zoals de bron die publiceert.", "Value as the source publishes it.") in reasons
    assert all(one != two for one, two in reasons)
    assert _numbers(dutch) == _numbers(english)


def _numbers(part: Any) -> Any:
    """All of it but the texts for people."""
    texts = (
        "sentence",
        "text",
        "method",
        "reasonText",
        "changeText",
        "refusalText",
        "name",
        "unit",
        "source",
        "attribution",
    )
    if isinstance(part, dict):
        return {key: _numbers(value) for key, value in part.items() if key not in texts}
    return [_numbers(each) for each in part] if isinstance(part, list) else part


@pytest.mark.parametrize(("language", "worse"), [("EN", "worse"), ("NL", "slechter")])
async def test_story_8_no_sentence_says_worse_without_a_test(
    client: httpx.AsyncClient, language: str, worse: str
) -> None:
    """Of Kraaiennest a test shows more offences; of a neutral indicator nothing is judged."""
    area = await _page(client, language, wijk="WK900206")

    said = {}
    for observation, series in zip(area["observations"], area["series"], strict=True):
        slug, trend = series["indicator"]["slug"], series["trend"]
        neutral = observation["indicator"]["direction"] == "NEUTRAL"
        assert neutral == (trend["change"] is None)
        if neutral:
            continue
        said[slug] = worse in trend["changeText"].lower()
        assert said[slug] == (trend["change"] == "WORSENING")
        national = observation["benchmarks"][1]["significance"]["significantlyWorse"] == "YES"
        told = observation["sentence"].lower().count(worse)
        assert told == (observation["value"] is not None) * (said[slug] + national)
        if trend["change"] in ("WORSENING", "IMPROVING"):
            assert trend["p"] < 0.05
            assert trend["pointsUsed"] >= 5
    assert {slug for slug, told in said.items() if told} == {"crime_total"}


async def test_story_8_the_peers_are_named_by_their_definition(client: httpx.AsyncClient) -> None:
    area = await _page(client)

    work = next(e for e in area["observations"] if e["indicator"]["slug"] == "net_participation")
    gemeente, national, peers = work["benchmarks"]
    assert (gemeente["peers"], national["peers"]) == (None, None)
    assert peers["peers"]["definition"]["label"] == "context@1"
    assert peers["known"] + peers["unknown"] == peers["peers"]["number"] == 20
    assert 0 < peers["aggregate"] < 100
    assert work["percentile"]["limits"]["rankFrom"] <= work["percentile"]["rank"]
    assert work["percentile"]["rank"] <= work["percentile"]["limits"]["rankTo"]


# Story 10: worse and worsening.


async def test_story_10_every_wijk_is_in_one_of_three_lists_or_uninhabited(
    client: httpx.AsyncClient,
) -> None:
    (judged,) = await _judged(client, ["crime_total"], "WIJK", "GM9002")

    lists = {name: _codes(judged[name]) for name in ("yes", "no", "cannotBeSaid")}
    codes = [code for each in lists.values() for code in each]
    assert len(codes) == len(set(codes)) == 10
    assert judged["uninhabited"] == 1
    assert lists["yes"] == []
    assert lists["no"]
    assert lists["cannotBeSaid"]
    for each in judged["no"]:
        assert each["percentile"]["value"] <= 50 or each["change"] == "IMPROVING"
        assert each["ground"] in ("NOT_WORSE", "IMPROVING")


async def test_story_10_yes_is_both_worse_and_tested(client: httpx.AsyncClient) -> None:
    (judged,) = await _judged(client, ["crime_total"], "GEMEENTE", "NL00")

    assert _codes(judged["yes"]) == ["GM9001", "GM9002"]
    for each in judged["yes"]:
        assert each["percentile"]["value"] > judged["percentileFrom"]
        assert each["adjustedP"] < 0.05
        assert each["trend"]["slope"] > 0
        assert each["trend"]["pointsUsed"] == 5


async def test_story_10_a_trend_that_many_tests_may_give_by_chance_is_no_yes(
    client: httpx.AsyncClient,
) -> None:
    """By itself its p is below 0.05; corrected for the ten wijken tested it is not."""
    (judged,) = await _judged(client, ["crime_total"], "WIJK", "GM9002")

    (wijk,) = [each for each in judged["cannotBeSaid"] if each["area"]["code"] == "WK900206"]
    assert wijk["trend"]["change"] == "WORSENING"
    assert wijk["trend"]["p"] < 0.05 < wijk["adjustedP"]
    assert (wijk["change"], wijk["ground"]) == ("NO_CLEAR_CHANGE", "NO_CLEAR_CHANGE")


async def test_story_10_a_series_of_too_few_points_yields_no_trend(
    client: httpx.AsyncClient,
) -> None:
    """One year of participation and three of the Leefbaarometer on these boundaries."""
    judged = await _judged(client, ["net_participation", "lbm_total"], "WIJK", "GM9002")

    assert [each["years"] for each in judged] == [[2024], [2020, 2022, 2024]]
    for each in judged:
        assert each["yes"] == []
        assert each["areasTested"] == 0
        for area in each["no"] + each["cannotBeSaid"]:
            assert area["change"] == area["trend"]["change"] == "INSUFFICIENT_DATA"
            assert area["trend"]["slope"] is area["trend"]["p"] is area["adjustedP"] is None
        assert {area["ground"] for area in each["cannotBeSaid"]} == {"INSUFFICIENT_DATA"}


async def test_story_10_domains_are_told_apart_and_an_unknown_slug_loses_only_itself(
    client: httpx.AsyncClient,
) -> None:
    found = await _judged(client, ["crime_totl", "crime_total", "lbm_total"], "WIJK", "GM9002")

    assert (found[0]["slug"], found[0]["code"]) == ("crime_totl", "UNKNOWN_INDICATOR")
    assert "crime_total" in found[0]["suggestions"]
    assert [each["indicator"]["domain"] for each in found[1:]] == ["SAFETY", "COMPOSITE"]


async def _judged(
    client: httpx.AsyncClient, indicators: list[str], level: str, within: str
) -> list[Answer]:
    answer = await _story(
        client, "worse_and_worsening", indicators=indicators, level=level, within=within
    )
    found: list[Answer] = answer["worseAndWorsening"]
    return found


# Story 12: a small place of which numbers are hidden.

_HIDDEN = [
    "population", "net_participation", "vacant_dwellings", "woz_value", "unemployment_benefits",
    "lbm_total", "poverty_share", "smoker", "energy_poverty",
]  # fmt: skip


async def test_story_12_search_finds_a_place_by_name_and_level(client: httpx.AsyncClient) -> None:
    found = {
        level: [(each["level"], each["code"]) for each in await _search(client, "molenrust", level)]
        for level in ("GEMEENTE", "WIJK", "BUURT")
    }

    assert found["GEMEENTE"][0] == ("GEMEENTE", "GM9009")
    assert found["WIJK"][0] == ("WIJK", "WK900900")
    assert not [code for level, code in found["BUURT"] if level is not None]


async def test_story_12_every_absent_value_has_its_reason(client: httpx.AsyncClient) -> None:
    (place,) = await _search(client, "Distelweide", "BUURT")

    cells = {
        each["indicator"]["slug"]: (each["value"], each["reason"]["code"])
        for each in place["area"]["observations"]
        if "indicator" in each
    }
    assert (place["code"], place["how"]) == ("BU90100101", "EXACT")
    assert cells == {
        "population": (85.0, "OBSERVED"),
        "net_participation": (None, "CONFIDENTIAL"),
        "vacant_dwellings": (None, "DOT"),
        "woz_value": (None, "DOT"),
        "unemployment_benefits": (None, "CONFIDENTIAL"),
        "lbm_total": (None, "NO_ROW"),
        "poverty_share": (None, "NOT_YET_PUBLISHED"),
        "smoker": (None, "OTHER_BOUNDARIES"),
    }
    for each in place["area"]["observations"]:
        assert each["reason"]["text"] if "reason" in each else each["message"]


async def test_story_12_nothing_is_filled_in_from_the_gemeente(client: httpx.AsyncClient) -> None:
    """The wijk and the gemeente have their values in their own places, under their own codes."""
    (place,) = await _search(client, "Distelweide", "BUURT")

    buurt, wijk = place["area"], place["area"]["parent"]
    gemeente = wijk["parent"]
    assert [each["code"] for each in (buurt, wijk, gemeente)] == [
        "BU90100101", "WK901001", "GM9010",
    ]  # fmt: skip
    for area in (buurt, wijk, gemeente):
        own = {"code": area["code"], "level": area["level"]}
        assert all(each["area"] == own for each in area["observations"] if "area" in each)
    hidden = [each.get("value") for each in buurt["observations"][1:]]
    assert hidden == [None] * 8
    assert wijk["observations"][1]["value"] == 80
    assert gemeente["observations"][1]["value"] == 77


async def test_story_12_cannot_be_judged_is_a_valid_end(client: httpx.AsyncClient) -> None:
    (place,) = await _search(client, "Distelweide", "BUURT")

    stacking = place["area"]["stacking"]
    assert stacking == {"eligible": False, "count": None, "countMin": 0, "countMax": 5}


async def _search(client: httpx.AsyncClient, text: str, level: str) -> list[Answer]:
    answer = await _story(client, "a_small_place", text=text, levels=[level], indicators=_HIDDEN)
    found: list[Answer] = answer["search"]
    return found


# The page.


def test_the_documents_of_the_page_are_the_ones_asked_here() -> None:
    shown = dict(_SHOWN.findall(_PAGE.read_text(encoding="utf-8")))
    asked = {path.stem: path.read_text(encoding="utf-8") for path in _DOCUMENTS.glob("*.graphql")}

    assert shown == asked
    assert _PAGE.read_text(encoding="utf-8").count("```graphql") == len(asked)
