"""Stories about focus areas as areas and larger areas of one's own, asked of Voorbeeldland."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely
from shapely.geometry import shape

_DOCUMENTS = Path(__file__).resolve().parent / "stories"
_HAVENKANT = ["WK900200", "WK900201", "WK900203", "WK900210"]
Answer = dict[str, Any]


async def _asked(stories: httpx.AsyncClient, query: str, **variables: Any) -> Answer:
    answer = (await stories.post("/graphql", json={"query": query, "variables": variables})).json()
    assert "errors" not in answer, answer["errors"]
    data: Answer = answer["data"]
    return data


async def _story(stories: httpx.AsyncClient, name: str, **variables: Any) -> Answer:
    document = (_DOCUMENTS / f"{name}.graphql").read_text(encoding="utf-8")
    return await _asked(stories, document, **variables)


async def _focus_areas(stories: httpx.AsyncClient, *indicators: str) -> dict[str, Answer]:
    found = await _story(
        stories, "focus_areas_as_areas", indicators=list(indicators), at="2024-01-01"
    )
    return {each["slug"]: each for each in found["focusAreas"]}


async def _wijken(stories: httpx.AsyncClient, *slugs: str) -> dict[str, Answer]:
    """Of every wijk of 2024 its values and its shape."""
    found = await _asked(
        stories,
        """query ($slugs: [String!]!) { wijken(vintage: 2024, first: 200) { nodes { code
          geometry(detail: FULL, crs: RD) { geojson }
          observations(indicators: $slugs, year: 2024) { ... on Observation { value } } } } }""",
        slugs=list(slugs),
    )
    return {
        each["code"]: {
            "values": [value["value"] for value in each["observations"]],
            "shape": each["geometry"] and shape(each["geometry"]["geojson"]),
        }
        for each in found["wijken"]["nodes"]
    }


# Story 5: each focus area as one area.


async def test_story_5_a_count_is_the_sum_and_a_share_that_of_all_its_people(
    stories: httpx.AsyncClient,
) -> None:
    """By hand from the wijken."""
    area = (await _focus_areas(stories, "population", "net_participation"))["kwakelhaven-havenkant"]
    wijken = await _wijken(stories, "population", "net_participation", "population_15_75")
    people, working = area["observations"]

    rows = [wijken[code]["values"] for code in _HAVENKANT]
    assert people["value"] == sum(row[0] for row in rows)
    assert (people["status"], people["method"], people["coverage"]) == ("RECODED", "SUM", 1)
    assert "rounded" in people["rounding"]["text"]
    assert working["value"] == pytest.approx(
        sum(row[1] * row[2] for row in rows) / sum(row[2] for row in rows)
    )
    assert (working["method"], working["weightsIndicator"]) == ("MEAN", "population_15_75")
    assert (area["area"]["complete"], area["area"]["certainty"]) == (True, "OFFICIAL")


async def test_story_5_a_shape_is_that_of_its_wijken_without_their_borders(
    stories: httpx.AsyncClient,
) -> None:
    area = (await _focus_areas(stories, "population"))["kwakelhaven-havenkant"]
    wijken = await _wijken(stories)

    drawn = shape(area["geometry"]["geojson"])
    parts = [wijken[code]["shape"] for code in _HAVENKANT]
    assert drawn.is_valid
    assert drawn.area == pytest.approx(sum(part.area for part in parts), rel=1e-9)
    assert all(drawn.buffer(0.01).covers(part) for part in parts)
    assert area["geometry"]["complete"]
    assert area["geometry"]["notDrawn"] == []
    assert len(shapely.get_parts(drawn)) <= len(parts)


async def test_story_5_a_wijk_that_belongs_in_part_gives_bounds_and_is_not_drawn(
    stories: httpx.AsyncClient,
) -> None:
    area = (await _focus_areas(stories, "population"))["dobbermeer-oost"]
    wijken = await _wijken(stories, "population")
    (people,) = area["observations"]

    whole, part = (wijken[code]["values"][0] for code in ("WK9001AB", "WK9001AC"))
    assert people["value"] == pytest.approx(whole + 0.6 * part)
    assert (people["lower"], people["upper"]) == (whole, whole + part)
    assert people["status"] == "ESTIMATED"
    assert area["geometry"]["notDrawn"] == [{"code": "WK9001AC"}]
    assert not area["geometry"]["complete"]
    drawn = shape(area["geometry"]["geojson"])
    assert drawn.area == pytest.approx(wijken["WK9001AB"]["shape"].area)


async def test_story_5_buurten_to_an_unknown_extent_give_bounds_only(
    stories: httpx.AsyncClient,
) -> None:
    area = (await _focus_areas(stories, "population"))["wolkendijk-spoorzone"]
    (people,) = area["observations"]

    assert {each["area"]["level"] for each in area["area"]["units"]} == {"BUURT"}
    assert people["value"] is None
    assert 0 < people["lower"] < people["upper"]
    assert "part" in people["reasonText"]
    assert area["geometry"]["drawnFrom"] == "BUURT"
    assert area["geometry"]["notDrawn"] == [{"code": "BU90030000"}]


async def test_story_5_what_cannot_be_made_of_wijken_is_refused_with_a_reason(
    stories: httpx.AsyncClient,
) -> None:
    for area in (await _focus_areas(stories, "lbm_housing")).values():
        (score,) = area["observations"]
        assert score.get("value") is None
        assert score.get("reasonText") or score.get("message")


# Story 12: a larger area in which numbers are known.


async def _larger(stories: httpx.AsyncClient, *codes: str) -> Answer:
    return await _story(
        stories, "a_larger_area", code="BU90100101", codes=list(codes),
        indicators=["population", "net_participation", "unemployment_benefits"],
    )  # fmt: skip


async def test_story_12_an_absent_value_names_the_smallest_area_around_it_that_has_one(
    stories: httpx.AsyncClient,
) -> None:
    people, working, _ = (await _larger(stories, "BU90100101"))["buurt"]["observations"]

    assert (people["value"], people["knownIn"]) == (85, None)
    assert working["value"] is None
    known = working["knownIn"]
    assert (known["area"]["level"], known["area"]["code"]) == ("WIJK", "WK901001")
    assert known["value"] == 80


async def test_story_12_counts_are_exact_and_a_hidden_buurt_blocks_a_share(
    stories: httpx.AsyncClient,
) -> None:
    found = await _asked(
        stories,
        """{ buurten(vintage: 2024, filter: { gemeente: "GM9010" }) { nodes { code
          observations(indicators: ["population", "net_participation"], year: 2024) {
            ... on Observation { value } } } } }""",
    )
    cells = {
        each["code"]: [one["value"] for one in each["observations"]]
        for each in found["buurten"]["nodes"]
    }
    open_buurten = [
        code for code, (n, share) in cells.items() if n is not None and share is not None
    ]
    with_it = (await _larger(stories, "BU90100101", *open_buurten))["composedArea"]
    without = (await _larger(stories, *open_buurten))["composedArea"]

    people = sum(cells[code][0] for code in open_buurten)
    assert without["observations"][0]["value"] == people
    assert with_it["observations"][0]["value"] == people + 85
    assert without["observations"][1]["value"] is not None
    hidden = with_it["observations"][1]
    assert (hidden["value"], hidden["reason"]["code"]) == (None, "PART_UNKNOWN")
    assert hidden["blockedBy"] == [
        {"area": {"code": "BU90100101"}, "reason": {"code": "CONFIDENTIAL"}}
    ]
