"""The whole mirror folder into one publication, and what the service then says of it."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import numpy as np
import pytest
import pytest_asyncio

from db.ingest.run import Result
from db.pool import connect
from db.sources.datasets import DATASETS
from db.sources.files import open_text
from service.example import QUERY
from tests.api.demonstration import ask, served
from tests.real.country_page import Question, differences, questions, shown
from tests.real.mirror_stories import STORIES, Story

pytestmark = pytest.mark.real

REFUSED = {
    "buurt-coarse-2014": "coarser than 100 m",
    "proximity-2021-amsterdam-names": "names are not unique",
}
NOT_IN_AN_INGEST = {
    "README.md": "about the files",
    "PUBLISHERS.md": "about the publishers",
    "indicators.csv": "re-expressed in db/reference, compared in test_columns",
    "focus_areas.csv": "re-expressed in db/reference, compared in test_reference_facts",
    "m50_municipalities.csv": "re-expressed in db/reference, compared in test_reference_facts",
    "geo/wijk_2014_wgs84.geojson.gz": "decoded copy of the TopoJSON, loaded in test_map_files",
    "geo/wijk_overlap_2016_2022.csv.gz": "derived from the maps, no publisher's file",
    "geo/wijk_overlap_2022_2024.csv.gz": "derived from the maps, no publisher's file",
    "kwb/84799NED_2020_TypedDataSet.csv.gz": "same cells as the parquet, compared below",
    "kwb/84799NED_2020_ColDescriptions.json": "texts that DataProperties has too",
    "kwb/83765NED_2017_v4_WijkenEnBuurtenGroups.json.gz": "titles of groups of codes",
    "kwb/85984NED_2024_CategoryGroups.json": "empty",
    "kwb/kwb_2017_wijk.csv.gz": "same rows as the dbf, loaded in test_table_files",
    "kwb/kwb_2017_gemeente.csv.gz": "same rows as the dbf, loaded in test_table_files",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def client(
    netherlands: tuple[str, Result], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    async with served(netherlands[0], tmp_path_factory.mktemp("data"), QUERY) as opened:
        yield opened


async def answer(client: httpx.AsyncClient, query: str) -> Any:
    body = await ask(client, query)
    assert "errors" not in body, body
    return body["data"]


def test_every_file_of_the_mirror_is_in_an_ingest_or_its_absence_is_explained(
    real_data: Path,
) -> None:
    taken = {
        path.relative_to(real_data).as_posix()
        for dataset in DATASETS
        for pattern in dataset.files.values()
        for path in real_data.glob(pattern)
    }
    there = {p.relative_to(real_data).as_posix() for p in real_data.rglob("*") if p.is_file()}
    assert there - taken == set(NOT_IN_AN_INGEST)


def test_everything_is_published_but_what_is_refused_by_name(
    netherlands: tuple[str, Result],
) -> None:
    outcomes = netherlands[1].outcomes
    refused = {o.dataset: o.message or "" for o in outcomes if o.outcome == "refused"}
    assert set(refused) == set(REFUSED)
    assert all(why in refused[dataset] for dataset, why in REFUSED.items())
    assert [(o.dataset, o.message) for o in outcomes if o.outcome == "failed"] == []


def test_the_sums_of_every_load_balance(netherlands: tuple[str, Result]) -> None:
    for outcome in netherlands[1].outcomes:
        rows = outcome.account.get("rows", {"read": 0, "accepted": 0, "rejected": {}})
        assert rows["read"] == rows["accepted"] + sum(rows["rejected"].values()), outcome.dataset
        cells = outcome.account.get("cells")
        if cells:
            left = sum(cells["in_columns_not_published"].values()) + cells["in_unknown_areas"]
            assert cells["read"] == sum(cells["by_reason"].values()) + left, outcome.dataset


async def test_blocks_hold_exactly_the_open_rows_of_the_whole_country(
    netherlands: tuple[str, Result],
) -> None:
    connection = await connect(netherlands[0])
    rows = await connection.fetch(
        "SELECT series_id, count(*) AS cells, count(value) AS known, sum(value) AS total"
        " FROM observation WHERE until_publication IS NULL GROUP BY series_id"
    )
    by_series = {row["series_id"]: row for row in rows}
    for series_id, cells, known, total in await _blocks(connection):
        row = by_series.pop(series_id)
        assert (cells, known) == (row["cells"], row["known"])
        assert total == pytest.approx(row["total"] or 0.0, rel=1e-9, abs=1e-9)
    assert by_series == {}
    await connection.close()


async def _blocks(connection: asyncpg.Connection) -> list[tuple[int, int, int, float]]:
    found = []
    for row in await connection.fetch('SELECT series_id, "values", reasons, loads FROM block'):
        given = np.frombuffer(row["loads"], np.uint8) != 255
        values = np.frombuffer(row["values"], "<f8")[given]
        known = int((np.frombuffer(row["reasons"], np.uint8)[given] < 10).sum())
        found.append((row["series_id"], int(given.sum()), known, float(np.nansum(values))))
    return found


async def test_inhabitants_of_all_wijken_of_2020_are_those_of_the_file(
    client: httpx.AsyncClient, real_data: Path
) -> None:
    with open_text(real_data / "kwb" / "84799NED_2020_TypedDataSet.csv.gz") as stream:
        rows = csv.DictReader(io.StringIO(stream.read()), delimiter=";")
        wanted = {
            row["WijkenEnBuurten"].strip(): float(row["AantalInwoners_5"])
            for row in rows
            if row["WijkenEnBuurten"].startswith("WK")
        }
    data = await answer(
        client,
        """{ wijken(vintage: 2020, first: 5000) { totalCount nodes { code
             observations(indicators: ["population"], year: 2020) {
               ... on Observation { value status } } } } }""",
    )
    nodes = data["wijken"]["nodes"]
    assert {n["code"]: n["observations"][0]["value"] for n in nodes} == wanted
    assert data["wijken"]["totalCount"] == 3177


async def test_first_questions_that_name_no_year_get_figures(client: httpx.AsyncClient) -> None:
    """Of 2025 there is only the list of codes."""
    found = await answer(
        client,
        """{ gemeenten(first: 5000) { nodes { ...asked } } land { ...asked }
             wijken(first: 5000) { nodes { ...asked } }
             search(text: "Overvecht", levels: [WIJK]) { area { ...asked } } }
           fragment asked on Area { vintage
             observations(indicators: ["population"]) { ... on Observation { value } } }""",
    )
    file = await client.get("/v1/waarnemingen?indicator=population&niveau=buurt")
    rows = list(csv.DictReader(io.StringIO(file.text)))

    areas = {
        "GEMEENTE 2024": found["gemeenten"]["nodes"],
        "WIJK 2024": [*found["wijken"]["nodes"], found["search"][0]["area"]],
        "LAND 2020": [found["land"]],
    }
    for at, listed in areas.items():
        assert {each["vintage"] for each in listed} == {int(at[-4:])}
        assert all(each["observations"][0]["value"] is not None for each in listed), at
    assert {row["indeling"] for row in rows} == {"2020"}
    assert sum(row["waarde"] != "" for row in rows) > 13_000


async def test_what_only_the_list_of_2025_has_is_found_by_name_and_refused_with_its_year(
    client: httpx.AsyncClient,
) -> None:
    body = await ask(
        client,
        """{ new: search(text: "twello voorst", levels: [WIJK]) { ...told }
             renamed: search(text: "oud-oost groningen", levels: [WIJK]) { ...told }
             wijk(code: "WK028505") { name } }
           fragment told on SearchMatch { code kind vintage area { name vintage } }""",
    )
    new, renamed = body["data"]["new"][0], body["data"]["renamed"][0]
    [error] = body["errors"]
    assert (new["code"], new["kind"]) == ("WK028505", "LATER_NAME")
    assert new["area"] == {"name": "Twello", "vintage": 2025}
    assert (renamed["kind"], renamed["vintage"]) == ("LATER_NAME", 2025)
    assert renamed["area"] == {"name": "Oosterparkwijk", "vintage": 2024}
    assert error["extensions"]["code"] == "CODE_NOT_VALID_IN_VINTAGE"
    assert error["extensions"]["vintages"] == [2025]


async def test_overvecht_has_a_shape_inhabitants_with_provenance_and_its_membership(
    client: httpx.AsyncClient,
) -> None:
    wijk = (
        await answer(
            client,
            """{ wijk(code: "WK034403", vintage: 2024) { name gemeente { name }
             geometry(detail: OVERVIEW) { geojson crs provenance { dataset } }
             observations(indicators: ["population"]) { ... on Observation {
               year value status
               provenance { dataset table source { publisher licence } note } } }
             memberships { focusArea { name programme { slug } } certainty source extent } } }""",
        )
    )["wijk"]
    assert (wijk["name"], wijk["gemeente"]["name"]) == ("Wijk 03 Overvecht", "Utrecht")
    assert wijk["geometry"]["geojson"]["type"] in ("Polygon", "MultiPolygon")
    assert wijk["geometry"]["provenance"]["dataset"] == "wijk-copy-2024"
    seen = wijk["observations"][0]
    assert (seen["year"], seen["status"]) == (2024, "OBSERVED")
    assert 35_000 < seen["value"] < 38_000
    assert seen["provenance"]["table"] == "85984NED"
    assert seen["provenance"]["source"]["licence"] == "CC-BY-4.0"
    [membership] = wijk["memberships"]
    assert membership["focusArea"] == {"name": "Utrecht Overvecht", "programme": {"slug": "nplv"}}
    assert membership["certainty"] == "NAME_MATCH"
    assert membership["source"]


async def test_twenty_focus_areas_lie_in_nineteen_gemeenten(client: httpx.AsyncClient) -> None:
    areas = (await answer(client, '{ focusAreas(programme: "nplv") { name gemeente { code } } }'))[
        "focusAreas"
    ]
    assert len(areas) == 20
    assert len({area["gemeente"]["code"] for area in areas}) == 19


async def test_health_over_three_years_explains_every_absent_value(
    client: httpx.AsyncClient,
) -> None:
    line = (
        await answer(
            client,
            """{ wijk(code: "WK034403", vintage: 2020) {
             series(indicators: ["severe_loneliness", "informal_carer", "overweight"]) {
               ... on Series { years points { year value status reasonText } } } } }""",
        )
    )["wijk"]["series"]
    assert [series["years"] for series in line] == [[2012, 2016, 2020]] * 3
    for point in (point for series in line for point in series["points"]):
        absent = point["status"] not in ("OBSERVED", "MODELLED")
        assert (point["value"] is None) == absent
        assert point["reasonText"]


async def test_a_series_never_joins_years_of_other_boundaries_on_the_code(
    client: httpx.AsyncClient,
) -> None:
    points = (
        await answer(
            client,
            """{ wijk(code: "WK008020", vintage: 2024) { name
             series(indicators: ["population"]) {
               ... on Series { points { year value status publishedOnVintages } } } } }""",
        )
    )["wijk"]["series"][0]["points"]
    by_year = {point["year"]: point for point in points}
    assert by_year[2024]["status"] == "OBSERVED"
    others = [point for year, point in by_year.items() if year != 2024]
    assert len(others) >= 3
    for point in others:
        assert (point["status"], point["value"]) == ("NOT_COMPARABLE", None)
        assert point["publishedOnVintages"] == [point["year"]]


async def test_m50_has_sixty_one_members_on_a_date_after_its_list_and_one_focus_area_gemeente(
    client: httpx.AsyncClient,
) -> None:
    data = await answer(
        client,
        """{ municipalityGroup(slug: "m50") { members(at: "2024-01-01") {
             asOf source members { gemeente { code } } } }
             focusAreas(programme: "nplv", municipalityGroup: "m50", at: "2024-01-01") {
               name } }""",
    )
    listed = data["municipalityGroup"]["members"]
    assert (listed["asOf"], len(listed["members"])) == ("2023-04-01", 61)
    assert [area["name"] for area in data["focusAreas"]] == ["Nieuwegein Centrale As"]


async def test_a_code_used_again_is_two_areas(client: httpx.AsyncClient) -> None:
    data = await answer(
        client,
        """{ before: wijk(code: "WK003402", vintage: 2016) { id name }
             after: wijk(code: "WK003402", vintage: 2022) { id name } }""",
    )
    assert (data["before"]["name"], data["after"]["name"]) == (
        "Wijk 02 Almere Stad",
        "De Werven",
    )
    assert data["before"]["id"] != data["after"]["id"]


async def test_water_is_told_by_its_attribute_and_never_by_its_code(
    client: httpx.AsyncClient,
) -> None:
    data = await answer(
        client,
        """{ ordinary: wijk(code: "WK168199", vintage: 2024) { name terrain }
             water: wijken(vintage: 2024, first: 5000, filter: { terrain: WATER }) { totalCount }
             abroad: wijken(vintage: 2024, filter: { terrain: ABROAD }) { nodes { code } }
             land: wijken(vintage: 2024, first: 5000) { totalCount } }""",
    )
    assert data["ordinary"]["terrain"] == "LAND"
    assert data["water"]["totalCount"] == 81
    assert [node["code"] for node in data["abroad"]["nodes"]] == ["WK099899"]
    assert data["land"]["totalCount"] == 3393


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.__name__))
async def test_a_story_on_the_real_country(client: httpx.AsyncClient, story: Story) -> None:
    await story(client)


@pytest.mark.parametrize("question", questions(), ids=lambda question: str(question.title))
async def test_the_page_of_the_country_shows_what_is_answered(
    client: httpx.AsyncClient, question: Question
) -> None:
    asked = {"query": question.document, "variables": question.variables}

    body = (await client.post("/graphql", json=asked)).json()

    assert differences(question.answer, shown(body)) == []


async def test_amsterdam_has_letters_in_its_codes_since_2023(client: httpx.AsyncClient) -> None:
    data = await answer(
        client,
        """{ new: wijken(vintage: 2024, first: 200, filter: { gemeente: "GM0363" }) {
               nodes { code } }
             old: wijken(vintage: 2022, filter: { gemeente: "GM0363" }) { nodes { code } } }""",
    )
    new = [node["code"] for node in data["new"]["nodes"]]
    assert len(new) == 110
    assert all(code[6:].isalpha() for code in new)
    assert all(node["code"][6:].isdecimal() for node in data["old"]["nodes"])


_ACROSS = """query ($code: String!) { gemeente(code: $code, vintage: 2024) {
  series(indicators: ["population"], from: 2019, to: 2019, harmonised: true) {
    ... on HarmonisedSeries { points { value status lower upper sourceVintage methods
      parts { area { code ... on Gemeente { observations(indicators: ["population"], year: 2019) {
        ... on Observation { value } } } } shareOfOld } } } } } }"""


async def _in_2019(client: httpx.AsyncClient, code: str) -> tuple[Any, dict[str, Any]]:
    """The point of 2019 on the boundaries of 2024, and what was published of its parts."""
    body = await client.post("/graphql", json={"query": _ACROSS, "variables": {"code": code}})
    (point,) = body.json()["data"]["gemeente"]["series"][0]["points"]
    parts = point.pop("parts")
    return point, {each["area"]["code"]: each["area"]["observations"][0]["value"] for each in parts}


async def test_eemsdelta_in_2019_is_the_exact_sum_of_its_three_gemeenten(
    client: httpx.AsyncClient,
) -> None:
    point, parts = await _in_2019(client, "GM1979")

    assert set(parts) == {"GM0003", "GM0010", "GM0024"}
    assert point["value"] == sum(parts.values()) == 46_051
    assert (point["status"], point["lower"], point["upper"]) == ("RECODED", 46_051, 46_051)
    assert point["sourceVintage"] == 2019


async def test_what_vught_got_of_haaren_is_estimated_by_inhabitants_between_bounds(
    client: httpx.AsyncClient,
) -> None:
    point, parts = await _in_2019(client, "GM0865")

    assert set(parts) == {"GM0865", "GM0788"}
    assert point["status"] == "ESTIMATED"
    assert set(point["methods"]) == {"SURFACE", "POPULATION"}
    assert (point["lower"], point["upper"]) == (parts["GM0865"], sum(parts.values()))
    # By surface Vught got 45 per cent; of the inhabitants it was counted to have got 34.
    share = (point["value"] - parts["GM0865"]) / parts["GM0788"]
    assert share == pytest.approx(0.37, abs=0.03)
