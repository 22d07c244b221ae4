"""Story 11 of the user stories: the GIS officer. A map program by address, over Voorbeeldland."""

import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import shape

from tests.api.demonstration import ask
from tests.unit.vector_tile import layer_of

COLLECTION = "/v1/collections/wijken-2024"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
SLUGS = "population,poverty_share"


async def _json(client: httpx.AsyncClient, address: str, **query: str) -> Any:
    answer = await client.get(address, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_story_11_the_service_says_what_it_conforms_to_and_where_the_layers_are(
    stories: httpx.AsyncClient,
) -> None:
    conforms = (await _json(stories, "/v1/conformance"))["conformsTo"]
    for standard in ("core", "geojson", "oas30"):
        assert f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{standard}" in conforms
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in conforms
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text" in conforms
    listed = (await _json(stories, "/v1/collections"))["collections"]
    (wijken,) = [each for each in listed if each["id"] == "wijken-2024"]
    assert RD in wijken["crs"]


async def test_story_11_numbers_states_and_ids_are_those_of_graphql(
    stories: httpx.AsyncClient,
) -> None:
    page = await _json(stories, f"{COLLECTION}/items", limit="5000", indicatoren=SLUGS, jaar="2024")
    answer = await ask(
        stories,
        "{ wijken(vintage: 2024, first: 5000, filter: { terrain: null }) { nodes { code "
        'observations(indicators: ["population", "poverty_share"], year: 2024) '
        "{ ... on Observation { indicator { slug } value status } } } } }",
    )
    expected = {
        node["code"]: [(cell["value"], cell["status"]) for cell in node["observations"]]
        for node in answer["data"]["wijken"]["nodes"]
    }
    found = {
        each["id"]: [
            (each["properties"][slug], each["properties"][f"{slug}_status"])
            for slug in SLUGS.split(",")
        ]
        for each in page["features"]
    }
    assert found == expected
    assert page["numberMatched"] == len(expected)
    assert page["publicatie"] == answer["extensions"]["publication"]


async def test_story_11_a_filter_in_cql2_keeps_what_it_says_and_never_an_absent_value(
    stories: httpx.AsyncClient,
) -> None:
    query = {"limit": "5000", "indicatoren": SLUGS, "jaar": "2024"}
    every = (await _json(stories, f"{COLLECTION}/items", **query))["features"]
    few = await _json(
        stories, f"{COLLECTION}/items", **query, filter="population >= 3000 AND terrein = 'land'"
    )
    wanted = {
        each["id"]
        for each in every
        if (each["properties"]["population"] or 0) >= 3000
        and each["properties"]["terrein"] == "land"
    }
    assert 0 < len(wanted) < len(every)
    assert {each["id"] for each in few["features"]} == wanted
    absent = await _json(stories, f"{COLLECTION}/items", **query, filter="poverty_share < 1000")
    known = {each["id"] for each in every if each["properties"]["poverty_share"] is not None}
    assert {each["id"] for each in absent["features"]} == known
    unreadable = await stories.get(f"{COLLECTION}/items", params={"filter": "population >="})
    assert unreadable.status_code == 400
    assert unreadable.json()["errors"][0]["name"] == "filter"


async def test_story_11_metres_are_metres_and_say_so(stories: httpx.AsyncClient) -> None:
    answer = await stories.get(f"{COLLECTION}/items", params={"crs": RD, "limit": "5000"})
    assert answer.headers["content-crs"] == f"<{RD}>"
    drawn = [each["geometry"] for each in answer.json()["features"] if each["geometry"]]
    bounds = np.array([shape(each).bounds for each in drawn])
    assert (bounds > 1000).all()


@pytest.mark.parametrize("detail", ["overzicht", "middel", "volledig"])
async def test_story_11_neighbours_share_their_borders_at_every_resolution(
    stories: httpx.AsyncClient, detail: str
) -> None:
    answer = await stories.get(
        "/v1/gebieden",
        params={"niveau": "wijk", "indeling": "2024", "geometrie": detail, "crs": RD},
    )
    shapes = [shape(each["geometry"]) for each in answer.json()["features"] if each["geometry"]]
    assert shapely.is_valid(shapes).all()
    overlap = sum(each.area for each in shapes) - shapely.union_all(shapes).area
    assert abs(overlap) < 1e-6 * sum(each.area for each in shapes)


async def test_story_11_the_file_for_the_field_has_states_method_and_licence(
    stories: httpx.AsyncClient, tmp_path: Path
) -> None:
    answer = await stories.get(
        "/v1/gebieden",
        params={
            "niveau": "wijk", "indeling": "2024", "indicatoren": SLUGS, "jaar": "2024", "f": "gpkg",
        },
    )  # fmt: skip
    file = tmp_path / "wijken.gpkg"
    file.write_bytes(answer.content)
    layers = pyogrio.list_layers(file)[:, 0].tolist()
    info = pyogrio.read_info(file, layer=layers[0])
    for slug in SLUGS.split(","):
        assert {slug, f"{slug}_status", f"{slug}_reden", f"{slug}_jaar"} <= set(info["fields"])
    said = json.dumps([info.get("layer_metadata"), info.get("dataset_metadata")], default=str)
    assert "CC0-1.0" in said or b"CC0-1.0" in answer.content
    assert b"fictief" in answer.content
    assert answer.headers["repr-digest"].startswith("sha-256=:")


async def test_story_11_the_background_has_the_same_areas(stories: httpx.AsyncClient) -> None:
    tile = await stories.get(f"{COLLECTION}/tiles/WebMercatorQuad", params={"f": "tilejson"})
    assert tile.status_code == 200, tile.text
    described = tile.json()
    z = described["minzoom"]
    address = described["tiles"][0].replace("{z}", str(z))
    found: set[str] = set()
    for x in range(2**z):
        for y in range(2**z):
            place = address.replace("{x}", str(x)).replace("{y}", str(y))
            answer = await stories.get(place)
            if answer.status_code == 200:
                features = layer_of(answer.content).features
                found |= {each.properties["code"] for each in features}
    items = await _json(stories, f"{COLLECTION}/items", limit="5000")
    assert found <= {each["id"] for each in items["features"]}
    assert found
