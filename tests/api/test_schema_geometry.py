"""Shapes: spliced as they were stored, read in one go, and explained where there is none."""

import numpy as np
import orjson
import pytest

from db.core.crs import CRS84, RD, transform
from db.core.simplify import Detail
from tests.api.asking import ask, data
from tests.api.sample import SampleStore, open_sample


async def test_a_shape_says_what_it_is_and_where_it_is_from() -> None:
    answer = await data(
        """{ gemeente(code: "GM9001", vintage: 2023) { shapeStatus shapeReason geometry {
            geojson detail tolerance crs crsUri transformation(language: EN)
            provenance { dataset source { attribution } } } } }"""
    )

    seen = answer["gemeente"]
    assert (seen["shapeStatus"], seen["shapeReason"]) == ("AVAILABLE", None)
    assert seen["geometry"].pop("tolerance") > 0
    assert seen["geometry"] == {
        "geojson": {"type": "Polygon", "coordinates": [[[5, 52], [6, 52], [6, 253], [5, 52]]]},
        "detail": "OVERVIEW",
        "crs": "CRS84",
        "crsUri": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "transformation": "Degrees are ETRS89, taken to be CRS84, made from the RD shape when it "
        "was loaded.",
        "provenance": {
            "dataset": "kerncijfers-2024",
            "source": {"attribution": "Bron: Bureau voor Voorbeelden"},
        },
    }


async def test_a_geometry_is_the_stored_text_and_was_never_parsed() -> None:
    result = await ask('{ wijk(code: "WK900101") { geometry { geojson } } }')

    assert result.data is not None
    assert isinstance(result.data["wijk"]["geometry"]["geojson"], orjson.Fragment)


@pytest.mark.parametrize(("detail", "crs"), [("MEDIUM", "CRS84"), ("FULL", "RD")])
async def test_details_and_systems_are_those_asked_for(detail: str, crs: str) -> None:
    store = SampleStore()

    answer = await data(
        f"""{{ wijk(code: "WK9002A1") {{ geometry(detail: {detail}, crs: {crs}) {{
            detail crs crsUri tolerance geojson }} }} }}""",
        store=store,
    )

    seen = answer["wijk"]["geometry"]
    assert (seen["detail"], seen["crs"]) == (detail, crs)
    assert (seen["tolerance"] is None) == (detail == "FULL")
    epsg = {"CRS84": CRS84, "RD": RD}[crs]
    assert store.reads[-1][:3] == ("shapes", Detail[detail], epsg)


async def test_an_area_without_a_shape_says_why() -> None:
    answer = await data(
        """{ wijk(code: "WK900103") { geometry { geojson } bbox { west } centroid { x }
            shapeStatus shapeReason nl: shapeReason(language: NL) } }""",
        language="en",
    )

    assert answer["wijk"] == {
        "geometry": None,
        "bbox": None,
        "centroid": None,
        "shapeStatus": "NO_SHAPE",
        "shapeReason": "No map of vintage 2024 that was loaded has a shape for this area.",
        "nl": "Geen geladen kaart van de indeling van 2024 heeft een vorm voor dit gebied.",
    }


async def test_a_page_of_shapes_is_one_read_a_detail_and_system() -> None:
    store = SampleStore()

    await data(
        """{ wijken { nodes { geometry { geojson } again: geometry { geojson }
            rd: geometry(crs: RD) { geojson } } } }""",
        snapshot=await open_sample(store),
    )

    shapes = [each for each in store.reads if each[0] == "shapes"]
    assert [each[1:3] for each in shapes] == [(Detail.OVERVIEW, CRS84), (Detail.OVERVIEW, RD)]


async def test_what_lies_around_a_shape_is_given_without_reading_it() -> None:
    store = SampleStore()

    await data(
        '{ wijk(code: "WK900101") { geometry { crsUri } bbox { west } centroid { x } } }',
        store=store,
    )

    assert "shapes" not in [each[0] for each in store.reads]


async def test_a_box_in_degrees_is_the_one_stored() -> None:
    answer = await data(
        """{ wijk(code: "WK900101") { bbox { west south east north crs }
            centroid { x y crs } } }"""
    )

    assert answer["wijk"] == {
        "bbox": {"west": 5.01, "south": 52.0, "east": 5.02, "north": 52.01, "crs": "CRS84"},
        "centroid": {"x": 5.015, "y": 52.005, "crs": "CRS84"},
    }


async def test_a_box_in_rd_holds_the_whole_box_in_degrees_and_little_more() -> None:
    answer = await data(
        """{ wijk(code: "WK900101") { bbox { west south east north }
            rd: bbox(crs: RD) { west south east north crs } centroid(crs: RD) { x y } } }"""
    )

    box, rd = answer["wijk"]["bbox"], answer["wijk"]["rd"]
    grid = np.array(
        [[x, y] for x in (box["west"], box["east"]) for y in (box["south"], box["north"])]
    )
    points = transform(grid, CRS84, RD)
    assert (points.min(axis=0) >= [rd["west"], rd["south"]]).all()
    assert (points.max(axis=0) <= [rd["east"], rd["north"]]).all()
    assert rd["east"] - rd["west"] < np.ptp(points[:, 0]) + 2
    assert rd["west"] < answer["wijk"]["centroid"]["x"] < rd["east"]
