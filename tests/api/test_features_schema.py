"""Schemas of collections (OGC API Features, Part 5), and features with only some properties."""

from typing import Any

import httpx
import pytest

from tests.api.mapped import MappedStore
from tests.api.resting import PUBLIC_URL, rest_client

COLLECTION = "/v1/collections/wijken-2024"
CHOSEN = "indicatoren=population"
_TYPES = {
    str: "string", int: "integer", float: "number", bool: "boolean", list: "array"
}  # fmt: skip


async def _json(client: httpx.AsyncClient, address: str) -> Any:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _properties(query: str) -> list[dict[str, Any]]:
    async with rest_client(MappedStore()) as (client, _):
        shown = await _json(client, f"{COLLECTION}/items?{query}")
    return [each["properties"] for each in shown["features"]]


@pytest.mark.parametrize("collection", ["wijken-2024", "focusgebieden-2024", "focusgebieden-2023"])
@pytest.mark.parametrize(
    "query", ["", "?indicatoren=population,lonely", "?stapeling=alone&indicatoren=population"]
)
async def test_a_schema_has_the_properties_of_the_items_in_their_order_with_their_types(
    collection: str, query: str
) -> None:
    address = f"/v1/collections/{collection}"
    async with rest_client(MappedStore()) as (client, _):
        schema = await _json(client, f"{address}/schema{query}")
        of_feature = await _json(client, f"{address}/schema/feature{query}")
        features = (await _json(client, f"{address}/items{query}"))["features"]
    described = {name: each for name, each in schema["properties"].items() if name != "geometry"}
    in_geojson = of_feature["properties"]["properties"]["properties"]
    assert list(in_geojson) == list(described)
    for feature in features:
        assert list(feature["properties"]) == list(described)
        for name, value in feature["properties"].items():
            if value is None:
                continue
            wanted = _TYPES[type(value)]
            assert described[name]["type"] == in_geojson[name]["type"] == wanted, name
            assert value in described[name].get("enum", [value])


async def test_a_schema_says_which_property_is_the_id_and_which_the_geometry() -> None:
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(f"{COLLECTION}/schema?{CHOSEN}")
        shown = answer.json()
    assert answer.headers["content-type"] == "application/schema+json"
    assert shown["$id"] == f"{PUBLIC_URL}{COLLECTION}/schema?{CHOSEN}"
    roles = {
        name: each["x-ogc-role"]
        for name, each in shown["properties"].items()
        if "x-ogc-role" in each
    }
    assert roles == {"code": "id", "geometry": "primary-geometry"}
    order = [each["x-ogc-propertySeq"] for each in shown["properties"].values()]
    assert order == list(range(1, len(order) + 1))


async def test_only_named_properties_come_and_an_indicator_never_without_its_status() -> None:
    assert [list(each) for each in await _properties("properties=naam,code")] == [
        ["naam", "code"]
    ] * 5
    (first, *_) = await _properties("properties=population")
    assert list(first) == [
        "population", "population_status", "population_reden", "population_jaar",
        "population_voorlopig",
    ]  # fmt: skip
    (first, *_) = await _properties("properties=population_status,naam&indicatoren=lonely")
    assert list(first)[:3] == ["naam", "population", "population_status"]
    assert "lonely" not in first
    (first, *_) = await _properties("properties=naam&stapeling=alone@1")
    assert list(first) == ["naam"]
    (first, *_) = await _properties("properties=stapeling&stapeling=alone@1")
    assert next(iter(first)) == "stapeling"


async def test_an_item_alone_and_its_schema_have_the_same_selection() -> None:
    async with rest_client(MappedStore()) as (client, _):
        alone = await _json(client, f"{COLLECTION}/items/WK900101?properties=naam")
        schema = await _json(client, f"{COLLECTION}/schema?properties=naam")
        page = await client.get(f"{COLLECTION}/items?properties=naam&f=html")
    assert (alone["id"], alone["properties"]) == ("WK900101", {"naam": "Centrum"})
    assert alone["geometry"] is not None
    assert list(schema["properties"]) == ["naam", "geometry"]
    assert "Centrum" in page.text
    assert "terrein" not in page.text


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("properties=populatie", "UNKNOWN_PROPERTY"),
        ("properties=naam,programma", "UNKNOWN_PROPERTY"),
        ("properties=stapeling", "NOTHING_CHOSEN"),
    ],
)
async def test_a_property_that_is_not_there_is_404_and_names_those_that_are(
    query: str, code: str
) -> None:
    async with rest_client(MappedStore()) as (client, _):
        for rest in ("items", "schema"):
            answer = await client.get(f"{COLLECTION}/{rest}?{query}")
            assert answer.status_code == 404
            (fault,) = answer.json()["errors"]
            assert (fault["name"], fault["code"]) == ("properties", code)
