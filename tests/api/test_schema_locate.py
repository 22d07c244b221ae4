"""Points: which area holds each, what is said of those in none, and that no text repeats one."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Event, Thread, current_thread
from typing import Any

import numpy as np
import pytest
from graphql import GraphQLError, parse

from db.core.area import AreaTable
from db.core.bounded import Bounded
from db.core.crs import CRS84, RD, transform
from db.core.levels import Level
from db.core.locate import Locator
from db.core.simplify import Detail
from db.snapshot.keys import PACK
from schema import locate
from schema.compiled.variables import Variables
from schema.cost import price
from schema.facts import facts_of
from tests.api.asking import ask, data, graphql_schema, refusal, shown
from tests.api.sample import SampleStore, open_sample

QUERY = """query ($points: [PointInput!]!, $level: Level! = WIJK, $vintage: Int, $at: Date,
  $crs: Crs! = RD) {
  locate(points: $points, level: $level, vintage: $vintage, at: $at, crs: $crs) {
    area { code vintage } placement distance nearest { code } vintage } }"""
_WEST, _SOUTH = 150_000, 460_000


@dataclass
class _Mapped(SampleStore):
    """The sample with squares of 1 km side by side, from west to east in the order of the rows."""

    packs: list[tuple[Detail, int]] = field(default_factory=list)

    async def shapes(
        self, number: int, ids: Sequence[int], *, detail: Detail, epsg: int
    ) -> Mapping[int, bytes]:
        self.packs.append((detail, epsg))
        return {each: _square(each % 100 - 1) for each in ids}


def _square(place: int) -> bytes:
    west, east = _WEST + 1000 * place, _WEST + 1000 * place + 1000
    ring = [[west, _SOUTH], [east, _SOUTH], [east, _SOUTH + 1000], [west, _SOUTH + 1000]]
    return f'{{"type":"Polygon","coordinates":[{[*ring, ring[0]]}]}}'.encode()


def _at(x: float, y: float) -> dict[str, float]:
    """A point in RD, in metres from the south-west corner of the map."""
    return {"x": _WEST + x, "y": _SOUTH + y}


async def _located(points: list[Any], **given: Any) -> list[dict[str, Any]]:
    store = given.pop("store", None) or _Mapped()
    snapshot = given.pop("snapshot", None) or await open_sample(store)
    found: list[dict[str, Any]] = (
        await data(QUERY, {"points": points, **given}, snapshot=snapshot)
    )["locate"]
    return found


def _told(found: list[dict[str, Any]]) -> list[tuple[str | None, str, float | None, str | None]]:
    return [
        (
            each["area"] and each["area"]["code"],
            each["placement"],
            each["distance"],
            each["nearest"] and each["nearest"]["code"],
        )
        for each in found
    ]


# Rows of the wijken of 2024: WK9002A1, WK900101, WK900102, WK900103 (no shape), WK900199.


async def test_points_are_answered_in_their_order_each_in_the_area_that_holds_it() -> None:
    found = await _located([_at(1400, 300), _at(500, 900), _at(1400, 300)])

    assert _told(found) == [
        ("WK900101", "IN_ONE", 300.0, None),
        ("WK9002A1", "IN_ONE", 100.0, None),
        ("WK900101", "IN_ONE", 300.0, None),
    ]
    assert found[0]["area"]["vintage"] == found[0]["vintage"] == 2024


async def test_a_point_on_a_shared_border_says_so_and_is_in_the_first_row() -> None:
    assert _told(await _located([_at(1000, 500)])) == [("WK9002A1", "ON_SHARED_BORDER", 0.0, None)]


def _without_gaps() -> _Mapped:
    """The one area without a shape is of no interest to the publication."""
    store = _Mapped()
    del store.tables[Level.WIJK, 2024].ordinals["WK900103"]
    return store


async def test_a_point_outside_is_in_no_area_and_one_within_100_metres_is_named() -> None:
    points = [_at(3040, 500), _at(3000, 1100), _at(2000, 1101), _at(-5000, 0)]

    found = await _located(points, store=_without_gaps())

    assert _told(found) == [
        (None, "NEAR", 40.0, "WK900102"),
        (None, "NEAR", 100.0, "WK900102"),
        (None, "OUTSIDE", None, None),
        (None, "OUTSIDE", None, None),
    ]


async def test_where_an_area_has_no_shape_a_point_in_no_other_is_not_said_to_be_outside() -> None:
    found = await _located([_at(3500, 500), _at(3040, 500), _at(500, 500)])

    assert _told(found) == [
        (None, "IN_NONE_DRAWN", None, None),
        (None, "IN_NONE_DRAWN", 40.0, "WK900102"),
        ("WK9002A1", "IN_ONE", 500.0, None),
    ]


async def test_of_a_vintage_without_a_map_no_point_is_said_to_be_anywhere() -> None:
    store = _Mapped()
    table = store.tables[Level.WIJK, 2024]
    store.tables[Level.WIJK, 2024] = replace(table, bounds=np.full_like(table.bounds, np.nan))
    snapshot = await open_sample(store)
    asked = {"points": [_at(500, 500)], "vintage": 2024}

    refused = await refusal(QUERY, asked, snapshot=snapshot)
    (by_default,) = await _located([_at(500, 500)], snapshot=snapshot)
    boxed = "{ wijken(vintage: 2024, filter: { bbox: { west: 4, south: 51, east: 6, north: 53 } })"

    assert (refused["code"], refused["argument"]) == ("VINTAGE_NOT_DRAWN", "vintage")
    assert 2024 not in refused["drawnVintages"]
    assert refused["drawnVintages"]
    assert by_default["vintage"] == refused["drawnVintages"][-1]
    assert (await refusal(boxed + " { totalCount } }", snapshot=snapshot))["code"] == (
        "VINTAGE_NOT_DRAWN"
    )


async def test_degrees_are_longitude_first_and_distances_stay_metres() -> None:
    rd = np.array([[_WEST + 1400, _SOUTH + 300]], np.float64)
    x, y = transform(rd, RD, CRS84)[0].tolist()

    (found,) = await _located([{"x": x, "y": y}], crs="CRS84")
    (swapped,) = await _located([{"x": y, "y": x}], crs="CRS84")

    assert (found["area"]["code"], found["placement"]) == ("WK900101", "IN_ONE")
    assert found["distance"] == pytest.approx(300, abs=0.02)
    assert swapped["placement"] == "OUT_OF_RANGE"


_BAD: list[Any] = [
    {"x": None, "y": 460_500}, {"x": 150_500}, {}, {"lon": 5.3, "lat": 52.1}, "5.3,52.1", 7, [],
    {"x": "150500", "y": 460_500}, {"x": True, "y": False}, {"x": [1], "y": 2},
    {"x": True, "y": 1},
]  # fmt: skip


@pytest.mark.parametrize("bad", _BAD)
async def test_a_bad_point_says_so_in_its_place_and_loses_no_other(bad: Any) -> None:
    found = await _located([_at(500, 500), bad, _at(1500, 500)])

    assert [each["placement"] for each in found] == ["IN_ONE", "NOT_A_NUMBER", "IN_ONE"]
    assert (found[1]["area"], found[1]["distance"], found[1]["nearest"]) == (None, None, None)


async def test_a_point_out_of_range_is_not_looked_for() -> None:
    found = await _located([{"x": 5.3, "y": 52.1}, {"x": 1e12, "y": 460_000}])

    assert [each["placement"] for each in found] == ["OUT_OF_RANGE"] * 2


async def test_points_may_stand_in_the_document_with_variables_in_them() -> None:
    query = """query ($y: Int) { locate(level: WIJK, crs: RD,
      points: [{x: 150500, y: 460500.5}, {x: 151500, y: $y}]) { area { code } } }"""

    snapshot = await open_sample(_Mapped())
    found = (await data(query, {"y": 460_500}, snapshot=snapshot))["locate"]

    assert [each["area"]["code"] for each in found] == ["WK9002A1", "WK900101"]


async def test_no_points_have_no_answers() -> None:
    assert await _located([]) == []


async def test_a_vintage_or_the_year_of_a_day_decides_the_boundaries() -> None:
    (by_vintage,) = await _located([_at(2500, 500)], vintage=2023)
    (by_day,) = await _located([_at(2500, 500)], at="2023-12-31")

    assert by_vintage == by_day
    assert by_day["area"] == {"code": "WK900104", "vintage": 2023}


@pytest.mark.parametrize(
    ("given", "code", "argument"),
    [
        ({"vintage": 2024, "at": "2024-01-01"}, "BAD_USER_INPUT", "at"),
        ({"vintage": 1999}, "VINTAGE_NOT_LOADED", "vintage"),
        ({"at": "1999-01-01"}, "VINTAGE_NOT_LOADED", "at"),
        ({"points": [{"x": 151_234, "y": 460_567}] * 10_001}, "LIMIT_OUT_OF_RANGE", "points"),
    ],
)
async def test_what_cannot_be_answered_is_refused_without_a_point(
    given: dict[str, Any], code: str, argument: str
) -> None:
    refused = await refusal(QUERY, {"points": [{"x": 151_234, "y": 460_567}], **given})

    assert (refused["code"], refused["argument"]) == (code, argument)
    assert "151234" not in str(refused)
    assert "460567" not in str(refused)


async def test_ten_thousand_points_are_answered() -> None:
    found = await _located([_at(500, 500)] * 10_000)

    assert len(found) == 10_000


def test_variables_that_are_no_list_of_points_are_refused_without_repeating_a_point() -> None:
    document = parse(QUERY)
    operation: Any = document.definitions[0]
    checked = Variables(graphql_schema(), operation.variable_definitions)

    for points in ([{"x": 5.12345}, None], None):
        errors = checked.coerced({"points": points})
        assert isinstance(errors, list)
        assert all(isinstance(each, GraphQLError) for each in errors)
        assert "5.12345" not in str(errors)


async def test_shapes_are_read_at_full_detail_in_metres_and_once_a_publication() -> None:
    store = _Mapped()
    snapshot = await open_sample(store)

    for _ in range(2):
        await _located([_at(500, 500)], snapshot=snapshot)

    assert store.packs == [(Detail.FULL, RD)]
    assert len(store.tables[Level.WIJK, 2024]) <= PACK


async def test_at_most_two_maps_are_kept() -> None:
    snapshot = await open_sample(_Mapped())
    for level in ("GEMEENTE", "WIJK", "BUURT"):
        await _located([_at(500, 500)], snapshot=snapshot, level=level)

    kept: Bounded[Any, Any] = facts_of(snapshot).remember(locate._KEPT, lambda: Bounded(0))

    assert list(kept.held) == [(Level.WIJK, 2024), (Level.BUURT, 2024)]


async def test_one_request_may_locate_in_two_maps_however_often() -> None:
    def fields(*levels: str) -> str:
        asked = [
            f"a{n}: locate(level: {level}, points: []) {{ placement }}"
            for n, level in enumerate(levels)
        ]
        return "{" + " ".join(asked) + "}"

    snapshot = await open_sample(_Mapped())
    await data(fields("WIJK", "BUURT", "WIJK"), snapshot=snapshot)

    result = await ask(fields("WIJK", "BUURT", "GEMEENTE"), snapshot=snapshot)
    assert result.errors is not None
    (error,) = result.errors
    told = shown(error)
    assert (told["code"], told["argument"]) == ("LIMIT_OUT_OF_RANGE", "level")
    assert "a map is one level in one vintage" in told["message"]
    assert "een kaart is één niveau in één indeling" in told["messageNl"]


async def test_others_are_answered_while_a_map_is_made_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Thread] = []
    allowed, make = Event(), locate._made

    def slowly(table: AreaTable, rows: list[int], texts: list[str | None]) -> Locator:
        made.append(current_thread())
        allowed.wait(10)
        return make(table, rows, texts)

    monkeypatch.setattr(locate, "_made", slowly)
    snapshot = await open_sample(_Mapped())
    waiting = asyncio.ensure_future(_located([_at(500, 500)], snapshot=snapshot))
    while not made:  # noqa: ASYNC110  a thread fills it
        await asyncio.sleep(0.001)

    others = await data('{ wijk(code: "WK900101") { name } }', snapshot=snapshot)
    assert (others, waiting.done()) == ({"wijk": {"name": "Centrum"}}, False)
    assert made != [current_thread()]

    allowed.set()
    assert _told(await waiting) == [("WK9002A1", "IN_ONE", 500.0, None)]


async def test_a_map_of_which_an_area_left_the_publication_does_not_give_it() -> None:
    store = _without_gaps()
    del store.tables[Level.WIJK, 2024].ordinals["WK900101"]

    assert _told(await _located([_at(1400, 500)], store=store)) == [(None, "OUTSIDE", None, None)]


def test_a_point_costs_a_row_and_what_is_asked_of_its_area() -> None:
    document = parse(
        "query ($p: [PointInput!]!) { locate(points: $p, level: WIJK) { area { memberships "
        "{ extent } } placement } }"
    )
    operation: Any = document.definitions[0]

    assert price(document, operation, {"p": [(0.0, 0.0)] * 500}).rows == 500 * (1 + 2)


def test_a_search_costs_as_many_rows_as_it_may_give() -> None:
    document = parse('{ search(text: "a", limit: 50) { code } other: search(text: "b") { code } }')
    operation: Any = document.definitions[0]

    assert price(document, operation, {}).rows == 50 + 20
