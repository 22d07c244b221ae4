"""OGC API Features, Part 3: queryables and filters in CQL2, as text and as JSON."""

import json
import operator
from typing import Any

import httpx
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.core.crs import CRS84, RD, transform
from service.rest.features.filters.patterns import matcher
from tests.api.mapped import MappedStore
from tests.api.resting import rest_client
from tests.api.test_features import EPSG, WIJKEN

QUERYABLES = "/v1/collections/wijken-2024/queryables"


async def _ids(client: httpx.AsyncClient, text: str, **more: str) -> list[str]:
    answer = await client.get(WIJKEN, params={"filter": text, **more})
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    found = [each["id"] for each in shown["features"]]
    assert shown["numberMatched"] == len(found)
    return found


async def _found(text: str, **more: str) -> list[str]:
    async with rest_client(MappedStore()) as (client, _):
        return await _ids(client, text, **more)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("naam = 'Centrum'", ["WK900101", "WK9002A1"]),
        ("NOT naam = 'Centrum' AND terrein = 'land'", ["WK900102", "WK900103"]),
        ("naam LIKE 'C%m' OR code = 'WK900199'", ["WK900101", "WK900199", "WK9002A1"]),
        ("code LIKE '%00102'", ["WK900102"]),
        ("code LIKE 'WK_00102'", ["WK900102"]),
        ("CASEI(naam) = CASEI('CENTRUM')", ["WK900101", "WK9002A1"]),
        ("code IN ('WK900101','nergens')", ["WK900101"]),
        ("population > .5 AND naam <> ' .5e1' AND population < 1e3", ["WK9002A1"]),
        ("S_INTERSECTS(geometry, POINT(.5001e1 5200.1E-2))", ["WK9002A1"]),
        ("population > 1000", ["WK900101"]),
        ("population BETWEEN 905 AND 1010", ["WK900101", "WK9002A1"]),
        ("population >= 0 AND naam <> 'Noord'", ["WK900101", "WK9002A1"]),
        ("gemeenteCode = ouderCode AND population < 1000", ["WK900102", "WK9002A1"]),
        ("population IS NULL", ["WK900103", "WK900199"]),
        ("population_status = 'SUPPRESSED'", ["WK900103"]),
        ("geometry IS NULL", ["WK900103"]),
        ("naam = 'O''Brien'", []),
        ("TRUE", ["WK900101", "WK900102", "WK900103", "WK900199", "WK9002A1"]),
        ("S_INTERSECTS(geometry, POINT(5.001 52.001))", ["WK9002A1"]),
        ("S_INTERSECTS(geometry, BBOX(5.011,52,5.012,52.001))", ["WK900101"]),
        ("S_INTERSECTS(geometry, POLYGON((5.001 52.001,5.002 52.001,5.001 52.002,5.001 52.001)))",
         ["WK9002A1"]),
        ("S_INTERSECTS(geometry, LINESTRING(5.009 52.009,5.0095 52.0095))", []),
        ("S_INTERSECTS(GEOMETRYCOLLECTION(POINT(5.001 52.001),POINT(5.011 52.001)),geometry)",
         ["WK900101", "WK9002A1"]),
    ],
)  # fmt: skip
async def test_a_filter_finds_what_it_says(text: str, expected: list[str]) -> None:
    assert await _found(text) == expected


@pytest.mark.parametrize(
    "text",
    ["population > 0", "NOT population > 0", "population < 5 OR population >= 5",
     "population = population", "population IN (0, 1)", "NOT population IN (905)",
     "NOT S_INTERSECTS(geometry, POINT(0 0))"],
)  # fmt: skip
async def test_a_comparison_with_what_is_absent_is_never_true(text: str) -> None:
    assert "WK900103" not in await _found(text)


async def test_a_column_that_is_kept_is_of_its_year_and_not_of_its_status() -> None:
    async with rest_client(MappedStore()) as (client, _):
        for _ in range(2):
            now = await _ids(client, "population > 0", jaar="2024")
            assert now == ["WK900101", "WK9002A1"]
            assert await _ids(client, "population > 0", jaar="2022") == []
            assert await _ids(client, "population_status = 'OBSERVED'", jaar="2024") != []


async def test_json_means_what_the_text_means() -> None:
    tree = {
        "op": "and",
        "args": [
            {"op": "=", "args": [{"property": "naam"}, "Centrum"]},
            {"op": "s_intersects", "args": [
                {"property": "geometry"}, {"type": "Point", "coordinates": [5.001, 52.001]},
            ]},
        ],
    }  # fmt: skip
    found = await _found(json.dumps(tree), **{"filter-lang": "cql2-json"})
    assert found == await _found("naam = 'Centrum' AND S_INTERSECTS(geometry, POINT(5.001 52.001))")
    assert found == ["WK9002A1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(population > 1000) AND (terrein = 'land')", ["WK900101"]),
        ("naam ILIKE 'CENT%'", ["WK900101", "WK9002A1"]),
        ("NOT (\"naam\" ILIKE 'cent%') AND terrein = 'land'", ["WK900102", "WK900103"]),
        ("'a ILIKE ''b''' = 'CASEI(a) LIKE CASEI('')b'''", []),
        ("(population IS NULL)", ["WK900103", "WK900199"]),
    ],
)
async def test_the_text_of_the_drafts_that_gdal_writes_means_the_same(
    text: str, expected: list[str]
) -> None:
    assert await _found(text, **{"filter-lang": "cql-text"}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(population > 1000)", ["WK900101"]),
        ("((\"population_status\" <> 'OBSERVED') AND (terrein = 'land'))", ["WK900103"]),
        ("(NOT ((naam LIKE 'C%')))", ["WK900102", "WK900103", "WK900199"]),
        ("(CASEI(naam) NOT LIKE CASEI('c%'))", ["WK900102", "WK900103", "WK900199"]),
        ("population NOT BETWEEN 905 AND 1010", ["WK900102"]),
        ("code NOT IN ('WK900101','WK900102','WK900103')", ["WK900199", "WK9002A1"]),
        ("(population IS NOT NULL)", ["WK900101", "WK900102", "WK9002A1"]),
        ("(population >= ( - (5)))", ["WK900101", "WK900102", "WK9002A1"]),
        ("((population / 2) > 500)", ["WK900101"]),
    ],
)
async def test_what_qgis_makes_of_an_expression_is_understood(
    text: str, expected: list[str]
) -> None:
    """As its compiler from 3.32 on writes it: brackets around all, names with a _ quoted."""
    assert await _found(text, **{"filter-lang": "cql2-text"}) == expected


async def test_qgis_finds_what_it_looks_for_before_it_filters_at_the_service() -> None:
    looked_for = {
        "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/advanced-comparison-operators",
        "cql2/1.0/conf/case-insensitive-comparison",
        "ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter",
    }  # fmt: skip
    async with rest_client(MappedStore()) as (client, _):
        stated = set((await client.get("/v1/conformance")).json()["conformsTo"])
        accept = {"accept": "application/schema+json"}
        shown = (await client.get(QUERYABLES, headers=accept)).json()["properties"]
    assert looked_for <= {each.removeprefix("http://www.opengis.net/spec/") for each in stated}
    del shown["geometry"]
    assert all(isinstance(each["type"], str) for each in shown.values())


async def test_geometries_are_of_the_system_that_the_request_names() -> None:
    ((x, y),) = transform(shapely.get_coordinates(shapely.Point(5.001, 52.001)), CRS84, RD)
    rd = await _found(f"S_INTERSECTS(geometry, POINT({x} {y}))", **{"filter-crs": EPSG + "28992"})
    turned = "S_INTERSECTS(geometry, POINT(52.001 5.001))"
    assert rd == await _found(turned, **{"filter-crs": EPSG + "4258"}) == ["WK9002A1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("naam = ", "character 8"), ("naam ==", "expected"), ("", "read"), ("naam", "condition"),
        ("kleur = 'rood'", "no property 'kleur'"), ("naam > 3", "compares"),
        ("population = 'veel'", "compares"), ("naam = NULL", "comparison"),
        ("abs(population) > 2", "not taken"), ("S_WITHIN(geometry, POINT(5 52))", "not taken"),
        ("S_INTERSECTS(geometry, POLYGON((5 52,6 53,6 52,5 53,5 52)))", "not valid"),
        ("S_INTERSECTS(geometry, POLYGON((5 52)))", "geometry"),
        ("S_INTERSECTS(geometry, POINT(500 52))", "outside"),
        ("S_INTERSECTS(geometry, BBOX(6,52,5,51))", "lower corner"),
        ("S_INTERSECTS(naam, POINT(5 52))", "no property 'naam'"),
        ("(" * 5000 + "TRUE" + ")" * 5000, "brackets"), ("NOT " * 3000 + "TRUE", "operators"),
        ("naam" + "='a'" * 3000, "operators"), ("a=" + "- " * 4000 + "1", "operators"),
        ("TRUE OR " * 250 + "TRUE", "conditions"), ("naam = '" + "a" * 20_000, "characters"),
    ],
)  # fmt: skip
async def test_a_filter_that_cannot_be_taken_is_400_and_says_what_is_wrong(
    text: str, said: str
) -> None:
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(WIJKEN, params={"filter": text})
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert fault["name"] == "filter"
    assert said in fault["detail"]
    assert fault["detailNl"] != fault["detail"]


async def test_an_unknown_property_is_refused_with_those_there_are_and_the_nearest() -> None:
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(WIJKEN, params={"filter": "populatoin > 3"})
    (fault,) = answer.json()["errors"]
    assert {"geometry", "naam", "population"} <= set(fault["allowed"])
    assert fault["suggestions"][0] == "population"


async def test_queryables_are_what_a_filter_takes() -> None:
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(QUERYABLES)
        shown = answer.json()
        assert answer.headers["content-type"] == "application/schema+json"
        assert shown["$id"].endswith(QUERYABLES)
        for name in shown["properties"]:
            await _ids(client, f'"{name}" IS NULL')
        kinds = {name: each.get("type") for name, each in shown["properties"].items()}
    assert [each["id"] for each in shown["queryables"]] == list(kinds)[1:], "for GDAL"
    assert kinds["population"] == "number"
    assert kinds["naam"] == kinds["population_status"] == "string"
    assert "thefts" not in kinds, "it has no figures on these boundaries"


async def test_a_filter_and_a_box_hold_both_and_a_walk_keeps_them() -> None:
    async with rest_client(MappedStore()) as (client, _):
        query = {"filter": "naam = 'Centrum'", "bbox": "5,52,5.03,52.01", "limit": "1"}
        seen = []
        page = (await client.get(WIJKEN, params=query)).json()
        while page["features"]:
            seen += [each["id"] for each in page["features"]]
            following = [each["href"] for each in page["links"] if each["rel"] == "next"]
            if not following:
                break
            page = (await client.get(following[0])).json()
    assert seen == ["WK900101", "WK9002A1"]


async def test_filters_of_focus_areas_are_over_their_own_properties() -> None:
    address = "/v1/collections/focusgebieden-2024/items"
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(address, params={"filter": "population > 900"})
    assert [each["id"] for each in answer.json()["features"]] == ["elstad"]


_ROWS: list[dict[str, Any]] = [
    {"id": "WK900101", "naam": "Centrum", "population": 1010},
    {"id": "WK900102", "naam": "Noord", "population": 0},
    {"id": "WK900103", "naam": "Éénhoorn", "population": None},
    {"id": "WK900199", "naam": "Groot water", "population": None},
    {"id": "WK9002A1", "naam": "Centrum", "population": 905},
]
_OPS = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, ">=": operator.ge}
_leaves = st.one_of(
    st.tuples(st.sampled_from(sorted(_OPS)), st.just("population"), st.sampled_from([0, 905, 950])),
    st.tuples(st.sampled_from(sorted(_OPS)), st.just("naam"), st.sampled_from(["Centrum", "N"])),
    st.tuples(st.just("null"), st.sampled_from(["naam", "population"]), st.none()),
)
_trees = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    ),
    max_leaves=6,
)


def _text(tree: Any) -> str:
    if tree[0] == "not":
        return f"NOT ({_text(tree[1])})"
    if tree[0] in ("and", "or"):
        return f"({_text(tree[1])}) {tree[0].upper()} ({_text(tree[2])})"
    if tree[0] == "null":
        return f"{tree[1]} IS NULL"
    value = f"'{tree[2]}'" if isinstance(tree[2], str) else str(tree[2])
    return f"{tree[1]} {tree[0]} {value}"


def _holds(tree: Any, row: dict[str, Any]) -> bool | None:
    """Three-valued, as SQL has it: None is not known."""
    if tree[0] == "not":
        inner = _holds(tree[1], row)
        return None if inner is None else not inner
    if tree[0] in ("and", "or"):
        sides = {_holds(tree[1], row), _holds(tree[2], row)}
        decisive = tree[0] == "or"
        return decisive if decisive in sides else None if None in sides else not decisive
    if tree[0] == "null":
        return row[tree[1]] is None
    return None if row[tree[1]] is None else bool(_OPS[tree[0]](row[tree[1]], tree[2]))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tree=_trees)
async def test_any_filter_finds_what_three_valued_logic_finds(tree: Any) -> None:
    expected = [row["id"] for row in _ROWS if _holds(tree, row)]
    assert await _found(_text(tree)) == expected


async def _faults(query: str) -> tuple[int, set[tuple[str, str]]]:
    async with rest_client() as (client, _):
        answer = await client.get(f"/v1/collections/wijken-2024/items?{query}")
    errors = answer.json()["errors"]
    return answer.status_code, {(each["name"], each["code"]) for each in errors}


async def test_a_box_and_a_filter_that_are_none_are_told_with_all_that_is_wrong() -> None:
    outside, unknown = ("bbox", "OUTSIDE_CRS"), ("filter", "UNKNOWN_PROPERTY")
    asked = "bbox=500,2,600,4&filter=nergens%3D1"
    assert await _faults(asked) == (400, {outside, unknown})
    status, found = await _faults(f"{asked}&limit=0&cursor=AAAAAAAAAAAA&f=zip")
    assert (status, found) == (
        400,
        {outside, unknown, ("limit", "OUT_OF_RANGE"), ("f", "NOT_ONE_OF")},
    )
    assert await _faults(f"{asked}&cursor=AAAAAAAAAAAA") == (
        400,
        {outside, unknown, ("cursor", "CURSOR_OF_ANOTHER_LIST")},
    )


async def test_what_a_box_means_is_not_guessed_where_its_system_is_unknown() -> None:
    assert await _faults("bbox=150000,450000,160000,460000&bbox-crs=RD") == (
        400,
        {("bbox-crs", "NOT_ONE_OF")},
    )


async def test_a_moment_outside_the_collection_hides_no_fault() -> None:
    status, found = await _faults("datetime=1990-01-01&filter=((")
    assert (status, found) == (400, {("filter", "UNREADABLE_FILTER")})


@settings(max_examples=150, deadline=None)
@given(st.text("ab%_\\", max_size=6), st.text("ab%", max_size=6))
def test_a_pattern_matches_what_sql_would_match(pattern: str, text: str) -> None:
    def like(at: int, place: int) -> bool:
        if at >= len(pattern):
            return place == len(text)
        sign = pattern[at]
        if sign == "%":
            return any(like(at + 1, i) for i in range(place, len(text) + 1))
        if sign == "\\" and at + 1 < len(pattern):
            return text[place : place + 1] == pattern[at + 1] and like(at + 2, place + 1)
        if sign == "\\":
            return place == len(text)
        return place < len(text) and sign in ("_", text[place]) and like(at + 1, place + 1)

    assert matcher(pattern)(text) == like(0, 0)


@settings(max_examples=60, deadline=None)
@given(
    text=st.one_of(
        st.text("naam='C<>()[]{}:,\" 12-.NOTandIN", max_size=40),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.text("a/", max_size=3)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(["op", "args", "property", "bbox"]), inner),
            ),
            max_leaves=6,
        ).map(json.dumps),
    ),
    language=st.sampled_from(["cql2-text", "cql2-json"]),
    name=st.sampled_from(["filter", "bbox", "datetime"]),
)
async def test_no_text_whatever_makes_the_service_fail(text: str, language: str, name: str) -> None:
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(WIJKEN, params={name: text, "filter-lang": language})
    assert answer.status_code in (200, 400), answer.text
