"""OGC API Features, Part 1 (Core, GeoJSON, OpenAPI 3.0) and Part 2 (coordinate systems)."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx
import numpy as np
import pytest
import shapely

from db.core.crs import CRS84, RD, transform
from tests.api.mapped import MappedStore
from tests.api.resting import PUBLIC_URL, Held, rest_client
from tests.api.sample import open_sample

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
OGC84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
WIJKEN = "/v1/collections/wijken-2024/items"


@asynccontextmanager
async def mapped() -> AsyncIterator[tuple[httpx.AsyncClient, Held]]:
    async with rest_client(MappedStore()) as found:
        yield found


async def _json(client: httpx.AsyncClient, address: str) -> Any:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _link(shown: dict[str, Any], rel: str) -> str | None:
    found: list[str] = [each["href"] for each in shown["links"] if each["rel"] == rel]
    assert len(found) < 2
    return found[0] if found else None


async def test_every_link_from_the_landing_page_on_leads_to_the_type_that_it_names() -> None:
    seen: dict[str, str] = {}
    async with mapped() as (client, _):
        waiting = [(f"{PUBLIC_URL}/v1/", "application/json")]
        while waiting:
            address, media = waiting.pop()
            if address in seen or not address.startswith(PUBLIC_URL) or "/docs" in address:
                continue
            seen[address] = media
            answer = await client.get(address, headers={"accept": media})
            assert answer.status_code == 200, (address, answer.text)
            assert answer.headers["content-type"].startswith(media.partition(";")[0]), address
            if "openapi" in address or not media.endswith("json"):
                continue
            for shown in [answer.json(), *answer.json().get("collections", [])]:
                waiting += [(each["href"], each["type"]) for each in shown.get("links", [])]
    assert {f"{PUBLIC_URL}{WIJKEN}", f"{PUBLIC_URL}/v1/conformance"} <= set(seen)


async def test_the_landing_page_has_the_links_that_the_standard_asks_for() -> None:
    async with mapped() as (client, _):
        shown = await _json(client, "/v1/")
        assert await _json(client, "/v1") | {"links": []} == shown | {"links": []}
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= {
        each["rel"] for each in shown["links"]
    }


async def test_every_level_and_vintage_is_a_collection_that_states_its_systems() -> None:
    async with mapped() as (client, _):
        listed = (await _json(client, "/v1/collections"))["collections"]
        alone = await _json(client, "/v1/collections/wijken-2023")
    by_id = {each["id"]: each for each in listed}
    assert list(by_id) == [
        "gemeenten-2024", "gemeenten-2023", "wijken-2024", "wijken-2023", "buurten-2024",
        "focusgebieden-2024", "focusgebieden-2023",
    ]  # fmt: skip
    assert {**alone, "links": []} == {**by_id["wijken-2023"], "links": []}
    assert alone["crs"][0] == OGC84
    assert alone["crs"][1:] == [f"{EPSG}4258", f"{EPSG}9067", f"{EPSG}28992"]
    assert alone["storageCrs"] == f"{EPSG}28992"
    assert alone["extent"]["temporal"]["interval"] == [
        ["2023-01-01T00:00:00Z", "2023-12-31T23:59:59Z"]
    ]


async def test_items_are_geojson_that_says_how_many_there_are_and_of_which_publication() -> None:
    async with mapped() as (client, _):
        answer = await client.get(WIJKEN)
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-crs"] == f"<{OGC84}>"
    shown = answer.json()
    assert (shown["type"], shown["numberMatched"], shown["numberReturned"]) == (
        "FeatureCollection", 5, 5,
    )  # fmt: skip
    assert datetime.fromisoformat(shown["timeStamp"]).tzinfo is not None
    assert (shown["publicatie"], shown["fictief"]) == (3, True)
    assert "crs" not in shown
    ids = [each["id"] for each in shown["features"]]
    assert ids == sorted(ids) == [each["properties"]["code"] for each in shown["features"]]


async def test_an_area_without_a_shape_is_a_feature_with_a_null_geometry() -> None:
    async with mapped() as (client, _):
        features = (await _json(client, WIJKEN))["features"]
    without = [each["id"] for each in features if each["geometry"] is None]
    assert without == ["WK900103"]


async def test_an_item_alone_is_the_item_of_the_list() -> None:
    async with mapped() as (client, _):
        for each in (await _json(client, f"{WIJKEN}?indicatoren=population"))["features"]:
            alone = await _json(client, f"{WIJKEN}/{each['id']}?indicatoren=population")
            assert {name: alone[name] for name in each} == each
            assert {_link(alone, "self"), _link(alone, "collection")} & {None} == set()


async def test_a_walk_along_next_sees_every_item_once_whatever_is_published_meanwhile() -> None:
    async with mapped() as (client, held):
        held.snapshot = await open_sample(held.store, 2)
        seen, publications = [], set()
        address: str | None = f"{WIJKEN}?limit=2"
        while address:
            page = await _json(client, address)
            assert page["features"]
            seen += [each["id"] for each in page["features"]]
            publications.add(page["publicatie"])
            held.snapshot = await open_sample(held.store, 3)
            address = _link(page, "next")
    assert len(seen) == len(set(seen)) == 5
    assert publications == {2}


async def test_a_limit_above_the_most_counts_as_the_most() -> None:
    async with mapped() as (client, _):
        assert (await _json(client, f"{WIJKEN}?limit=99999"))["numberReturned"] == 5


async def test_indicators_become_typed_properties_with_their_status_and_reason() -> None:
    async with mapped() as (client, _):
        page = await _json(client, f"{WIJKEN}?indicatoren=population,lonely&jaar=2024")
        plain = (await client.get("/v1/wijken/WK900101/waarnemingen?indicatoren=population")).json()
    by_id = {each["id"]: each["properties"] for each in page["features"]}
    (value,) = plain["waarden"]
    assert by_id["WK900101"]["population"] == value["waarde"] == 1010
    assert by_id["WK900101"]["population_jaar"] == 2024
    hidden = by_id["WK900103"]
    assert (hidden["population"], hidden["population_status"]) == (None, "SUPPRESSED")
    assert hidden["population_reden"] == "CONFIDENTIAL"
    assert by_id["WK900101"]["lonely"] is None
    assert by_id["WK900101"]["lonely_status"] == "NOT_PUBLISHED"


async def test_links_keep_the_indicators_that_were_chosen_at_the_landing_page() -> None:
    async with mapped() as (client, _):
        address: str | None = f"{PUBLIC_URL}/v1/?indicatoren=population"
        for rel in ("data", "items"):
            shown = await _json(client, address or "")
            shown = shown["collections"][2] if "collections" in shown else shown
            address = _link(shown, rel)
            if rel == "data":
                shown = (await _json(client, address or ""))["collections"][2]
                address = _link(shown, "items")
                break
        page = await _json(client, address or "")
    assert "population" in page["features"][0]["properties"]


async def test_focus_areas_are_the_union_of_their_whole_units_or_have_no_shape() -> None:
    address = "/v1/collections/focusgebieden-2024/items?indicatoren=population"
    async with mapped() as (client, _):
        by_id = {each["id"]: each for each in (await _json(client, address))["features"]}
        wijken = {each["id"]: each for each in (await _json(client, WIJKEN))["features"]}
    assert by_id["elstad"]["geometry"] == wijken["WK9002A1"]["geometry"]
    assert by_id["elstad-deels"]["geometry"] is None
    assert by_id["elstad"]["properties"]["population"] == 905
    assert by_id["aadorp-centrum"]["properties"]["volledig"] is False


async def test_a_focus_area_without_units_has_every_indicator_absent_with_the_reason() -> None:
    address = "/v1/collections/focusgebieden-2023/items?indicatoren=population,lonely"
    async with mapped() as (client, _):
        (oudeland,) = (await _json(client, address))["features"]
        of_2021 = (await _json(client, f"{address}&jaar=2021"))["features"][0]
        counted = await _json(client, f"{address}&filter=population_status = 'UNKNOWN'")
        refused = await client.get(f"{address},nonsense")
    properties = oudeland["properties"]
    for slug in ("population", "lonely"):
        assert properties[slug] is None
        assert properties[f"{slug}_status"] == "UNKNOWN"
        assert properties[f"{slug}_reden"] == "NO_UNITS"
        assert (properties[f"{slug}_jaar"], properties[f"{slug}_voorlopig"]) == (None, False)
    assert of_2021["properties"]["lonely_jaar"] == 2021
    assert counted["numberMatched"] == 1
    assert refused.status_code == 404
    assert refused.json()["errors"][0]["code"] == "UNKNOWN_INDICATOR"


@pytest.mark.parametrize("epsg", ["4258", "9067"])
async def test_degrees_of_epsg_have_the_latitude_first(epsg: str) -> None:
    async with mapped() as (client, _):
        plain = await _json(client, f"{WIJKEN}/WK900101")
        answer = await client.get(f"{WIJKEN}/WK900101?crs={EPSG}{epsg}")
    assert answer.headers["content-crs"] == f"<{EPSG}{epsg}>"
    (ring,), (turned,) = plain["geometry"]["coordinates"], answer.json()["geometry"]["coordinates"]
    assert turned == [[y, x] for x, y in ring]


async def test_rd_is_x_and_y_in_metres() -> None:
    async with mapped() as (client, _):
        plain = await _json(client, f"{WIJKEN}/WK900101")
        answer = await client.get(f"{WIJKEN}/WK900101?crs={EPSG}28992")
    assert answer.headers["content-crs"] == f"<{EPSG}28992>"
    expected = transform(np.array(plain["geometry"]["coordinates"][0]), CRS84, RD)
    assert np.allclose(answer.json()["geometry"]["coordinates"][0], expected, atol=0.02)


def _boxes() -> list[tuple[float, float, float, float]]:
    random = np.random.default_rng(5)
    corners = random.uniform([4.99, 51.995], [5.06, 52.015], (60, 2, 2))
    low, high = corners.min(axis=1), corners.max(axis=1)
    found = [(*a, *b) for a, b in zip(low.tolist(), high.tolist(), strict=True)]
    # The other half of a box, where its triangle is not; a point; the whole world.
    return [*found, (5.008, 52.007, 5.0095, 52.0095), (5.001, 52.001) * 2, (-180, -90, 180, 90)]


@pytest.mark.parametrize("system", ["CRS84", "4258", "28992"])
async def test_a_bbox_finds_what_its_shape_touches_and_nothing_else(system: str) -> None:
    async with mapped() as (client, _):
        crs = OGC84 if system == "CRS84" else EPSG + system
        of = crs if system == "28992" else OGC84
        features = (await _json(client, f"{WIJKEN}?crs={of}"))["features"]
        shapes = {x["id"]: shapely.geometry.shape(x["geometry"]) for x in features if x["geometry"]}
        for box in _boxes():
            if system == "28992":
                if box[0] < 0:
                    continue
                ends = transform(np.array(box).reshape(2, 2), CRS84, RD)
                box = (*ends.min(axis=0).round(3).tolist(), *ends.max(axis=0).round(3).tolist())
            area = shapely.box(*box) if box[0] < box[2] else shapely.Point(box[:2])
            expected = {id_ for id_, shape in shapes.items() if shape.intersects(area)}
            shown = [box[1], box[0], box[3], box[2]] if system == "4258" else box
            text = ",".join(map(str, shown))
            found = (await _json(client, f"{WIJKEN}?bbox={text}&bbox-crs={crs}"))["features"]
            assert {each["id"] for each in found} == expected, box


async def test_a_box_may_have_heights_and_go_across_the_date_line() -> None:
    async with mapped() as (client, _):
        flat = await _json(client, f"{WIJKEN}?bbox=5.001,52.001,5.002,52.002")
        high = await _json(client, f"{WIJKEN}?bbox=5.001,52.001,-9,5.002,52.002,9")
        around = await _json(client, f"{WIJKEN}?bbox=5.021,51,-170,53")
        empty = await _json(client, f"{WIJKEN}?bbox=170,51,-170,53")
    assert [each["id"] for each in flat["features"]] == ["WK9002A1"]
    assert high["features"] == flat["features"]
    assert [each["id"] for each in around["features"]] == ["WK900102", "WK900199"]
    assert (empty["numberMatched"], _link(empty, "next")) == (0, None)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("2024-05-01", 5), ("2024-12-31T23:59:59Z", 5), ("2023-12-31/..", 5), ("../2024-01-01", 5),
        ("/2024-06-01", 5), ("2024-06-01/", 5), ("2025-01-01/2026-01-01", 0), ("2023-12-31", 0),
        ("2025-01-01T01:00:00+02:00", 5), ("2024-12-31t23:59:60.5z", 5), ("2024-02-29", 5),
        ("2024-01-01T00:00:00.0123456789Z", 5), ("0000-02-29/..", 5), ("0000-01-01", 0),
        ("../9999-12-31T23:59:59-14:00", 5), ("0001-01-01T00:00:00+14:00", 0),
    ],
)  # fmt: skip
async def test_a_moment_chooses_the_boundaries_that_held(when: str, found: int) -> None:
    async with mapped() as (client, _):
        page = await client.get(WIJKEN, params={"datetime": when})
    assert page.json()["numberMatched"] == found


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("bbox=5,52,6", "bbox"),
        ("bbox=5,52,6,53,1", "bbox"),
        ("bbox=5,52,6,x", "bbox"),
        ("bbox=5,53,6,52", "bbox"),
        ("bbox=5,52,6,95", "bbox"),
        ("bbox=1e999,52,6,53", "bbox"),
        (f"bbox=5,52,6,53&bbox-crs={EPSG}28992", "bbox"),
        ("bbox=155000,463000,156000,464000", "bbox"),
        ("bbox-crs=EPSG:28992", "bbox-crs"),
        ("crs=http://example.org", "crs"),
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("datetime=gisteren", "datetime"),
        ("datetime=../..", "datetime"),
        ("datetime=2024-13-01", "datetime"),
        ("datetime=2025-01-01/2024-01-01", "datetime"),
        ("datetime=2023-02-29", "datetime"),
        ("datetime=1900-02-29", "datetime"),
        ("datetime=2024-04-31", "datetime"),
        ("datetime=2024-01-01T24:00:00Z", "datetime"),
        ("datetime=٢٠٢٤-01-01", "datetime"),
        ("bbox=٥,52,6,53", "bbox"),
        ("bbox=5,52,6,10000001", "bbox"),
        ("kleur=rood", "kleur"),
    ],
)
async def test_bad_input_is_400_and_names_the_parameter(query: str, name: str) -> None:
    async with mapped() as (client, _):
        answer = await client.get(f"{WIJKEN}?{query}")
    assert answer.status_code == 400, answer.text
    assert name in {each["name"] for each in answer.json()["errors"]}


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/v1/collections/wijken-1950", "UNKNOWN_COLLECTION"),
        ("/v1/collections/dorpen-2024/items", "UNKNOWN_COLLECTION"),
        (f"{WIJKEN}/WK900104", "CODE_NOT_VALID_IN_VINTAGE"),
        (f"{WIJKEN}/WK999999", "UNKNOWN_CODE"),
        ("/v1/collections/focusgebieden-2024/items/nergens", "UNKNOWN_FEATURE"),
        (f"{WIJKEN}?indicatoren=nothing", "INVALID_REQUEST"),
    ],
)
async def test_what_is_not_there_is_404_and_says_what_is(address: str, code: str) -> None:
    async with mapped() as (client, _):
        answer = await client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_a_pinned_page_is_the_same_bytes_a_publication_later() -> None:
    async with mapped() as (client, held):
        held.snapshot = await open_sample(held.store, 2)
        before = await client.get(f"{WIJKEN}?publicatie=2&indicatoren=population")
        held.snapshot = await open_sample(held.store, 3)
        after = await client.get(f"{WIJKEN}?publicatie=2&indicatoren=population")
    assert before.content == after.content
    assert "immutable" in after.headers["cache-control"]


async def test_conformance_names_what_is_tested_here() -> None:
    async with mapped() as (client, _):
        classes = (await _json(client, "/v1/conformance"))["conformsTo"]
    part_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
    assert {part_1 + each for each in ("core", "geojson", "oas30")} <= set(classes)
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in classes
    assert all(re.fullmatch(r"http://www\.opengis\.net/spec/\S+", each) for each in classes)
