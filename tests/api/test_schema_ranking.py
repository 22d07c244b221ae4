"""Rankings: who has a rank and who has none, ties, years, gemeenten, pages and refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from db.core.block import SeriesKey
from db.core.cursor import Cursor, read_cursor, write_cursor
from db.core.levels import Level
from db.snapshot.snapshot import Memory, open_snapshot
from schema import standing
from schema.facts import facts_of
from tests.api.asking import data, refusal
from tests.api.sample import SampleStore, open_sample

RANKING = """query ($indicator: String!, $level: Level!, $year: Int, $vintage: Int,
    $within: String, $order: RankingOrder, $first: Int, $after: String, $last: Int,
    $before: String) {
  ranking(indicator: $indicator, level: $level, year: $year, vintage: $vintage, within: $within,
      order: $order, first: $first, after: $after, last: $last, before: $before) {
    indicator { slug direction } level vintage year order within tieRule complete
    ranked unranked uninhabited totalCount
    nodes { rank tied value area { code name vintage } observation {
      value status reason { code } year provisional lower upper indicator { slug } area { code }
      provenance { dataset } } }
    edges { cursor node { rank tied value area { code } observation { value } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
LONELY = {"indicator": "lonely", "level": "WIJK"}
_KEY = SeriesKey("lonely", Level.WIJK, 2024)
_INHABITANTS = SeriesKey("population", Level.WIJK, 2024)


def _lonely(*values: float) -> SampleStore:
    """A store in which everybody lives somewhere, with these values of `lonely`."""
    store = SampleStore()
    block = store.blocks[_KEY]
    shape = (len(values), 1)
    store.blocks[_KEY] = replace(
        block,
        values=np.array(values, np.float64).reshape(shape),
        reasons=np.zeros(shape, np.uint8),
        provisional=np.zeros(shape, np.bool_),
        loads=np.zeros(shape, np.uint8),
        lower=None,
        upper=None,
    )
    inhabitants = store.blocks[_INHABITANTS]
    store.blocks[_INHABITANTS] = replace(
        inhabitants, values=np.where(inhabitants.values == 0, 5, inhabitants.values)
    )
    return store


async def _ranking(store: SampleStore | None = None, **variables: Any) -> Any:
    return (await data(RANKING, {**LONELY, **variables}, store=store))["ranking"]


async def _population(**variables: Any) -> Any:
    return await _ranking(indicator="population", **variables)


def _listed(ranking: Any) -> list[tuple[int, bool, float, str]]:
    return [(e["rank"], e["tied"], e["value"], e["area"]["code"]) for e in ranking["nodes"]]


async def test_areas_are_ranked_from_the_highest_value_down() -> None:
    ranking = await _ranking()

    assert _listed(ranking) == [
        (1, False, 51.25, "WK900101"),
        (2, False, 40.5, "WK9002A1"),
        (3, False, 38, "WK900103"),
    ]
    assert (ranking["year"], ranking["vintage"], ranking["level"]) == (2020, 2024, "WIJK")
    assert (ranking["order"], ranking["tieRule"]) == ("HIGHEST_FIRST", "LOWEST_SHARED")
    assert (ranking["within"], ranking["complete"]) == (None, True)


async def test_the_lowest_value_can_have_rank_one() -> None:
    ranking = await _ranking(order="LOWEST_FIRST")

    assert [each[3] for each in _listed(ranking)] == ["WK900103", "WK9002A1", "WK900101"]
    assert ranking["order"] == "LOWEST_FIRST"


@pytest.mark.parametrize("order", ["HIGHEST_FIRST", "LOWEST_FIRST"])
async def test_which_way_is_better_does_not_change_who_is_first(order: str) -> None:
    ranking = await _ranking(order=order)

    assert ranking["indicator"] == {"slug": "lonely", "direction": "LOWER_IS_BETTER"}
    values = [each["value"] for each in ranking["nodes"]]
    assert values == sorted(values, reverse=order == "HIGHEST_FIRST")


@pytest.mark.parametrize("order", ["HIGHEST_FIRST", "LOWEST_FIRST"])
async def test_equal_values_share_the_lowest_rank_and_are_listed_by_code(order: str) -> None:
    ranking = await _ranking(_lonely(7, 7, 9 if order == "HIGHEST_FIRST" else 5, 7), order=order)

    assert [each[:2] + each[3:] for each in _listed(ranking)] == [
        (1, False, "WK900102"),
        (2, True, "WK900101"),
        (2, True, "WK900103"),
        (2, True, "WK9002A1"),
    ]


async def test_the_rank_after_equals_leaves_out_those_that_they_took() -> None:
    ranking = await _ranking(_lonely(7, 7, 9, 1))

    assert [each["rank"] for each in ranking["nodes"]] == [1, 2, 2, 4]


async def test_an_area_without_a_value_has_no_rank_and_is_counted() -> None:
    ranking = await _population()

    assert [each["area"]["code"] for each in ranking["nodes"]] == ["WK900101", "WK9002A1"]
    assert (ranking["ranked"], ranking["unranked"], ranking["uninhabited"]) == (2, 1, 1)
    assert ranking["totalCount"] == 2


async def test_an_area_without_inhabitants_has_no_rank_even_with_a_value() -> None:
    store = _lonely(1, 2, 99, 3)
    store.blocks[_INHABITANTS].values[2, :] = 0

    ranking = await _ranking(store)

    assert "WK900102" not in [each["area"]["code"] for each in ranking["nodes"]]
    assert (ranking["ranked"], ranking["unranked"], ranking["uninhabited"]) == (3, 0, 1)


async def test_whose_inhabitants_are_unknown_is_ranked() -> None:
    store = _lonely(1, 2, 3, 4)
    del store.blocks[_INHABITANTS]

    ranking = await _ranking(store)

    assert (ranking["ranked"], ranking["uninhabited"]) == (4, 0)


async def test_water_takes_no_part_and_is_not_counted() -> None:
    ranking = await _ranking(_lonely(1, 2, 3, 4, 99))

    assert ranking["ranked"] + ranking["unranked"] + ranking["uninhabited"] == 4
    assert "WK900199" not in [each["area"]["code"] for each in ranking["nodes"]]


async def test_an_area_past_the_end_of_the_block_is_without_a_value() -> None:
    ranking = await _ranking(_lonely(1, 2, 3))

    assert (ranking["ranked"], ranking["unranked"]) == (3, 1)


async def test_the_observation_of_a_ranked_area_has_all_that_belongs_to_it() -> None:
    first = (await _population())["nodes"][0]

    assert first["observation"] == {
        "value": 1010,
        "status": "OBSERVED",
        "reason": {"code": "OBSERVED"},
        "year": 2024,
        "provisional": True,
        "lower": None,
        "upper": None,
        "indicator": {"slug": "population"},
        "area": {"code": "WK900101"},
        "provenance": {"dataset": "kerncijfers-2024"},
    }


async def test_without_a_year_it_is_the_newest_of_the_vintage_and_the_answer_says_which() -> None:
    newest, older = await _population(), await _population(year=2023)

    assert (newest["year"], newest["nodes"][0]["value"]) == (2024, 1010)
    assert (older["year"], older["nodes"][0]["value"]) == (2023, 1000)


async def test_another_vintage_ranks_its_own_areas() -> None:
    ranking = await _ranking(vintage=2023)

    assert (ranking["vintage"], ranking["year"]) == (2023, 2016)
    assert _listed(ranking)[0] == (1, False, 50, "WK900102")


async def test_a_vintage_of_which_only_a_part_is_loaded_says_so() -> None:
    store = SampleStore(partial=frozenset({(Level.WIJK, 2023)}))

    assert (await _ranking(store, vintage=2023))["complete"] is False


async def test_within_a_gemeente_its_areas_are_ranked_among_themselves() -> None:
    ranking = await _ranking(_lonely(9, 1, 2, 3), within="GM9001")

    assert _listed(ranking) == [
        (1, False, 3, "WK900103"),
        (2, False, 2, "WK900102"),
        (3, False, 1, "WK900101"),
    ]
    assert (ranking["within"], ranking["ranked"], ranking["unranked"]) == ("GM9001", 3, 0)


async def test_within_the_country_is_all_of_it() -> None:
    assert await _ranking(within="NL00") == await _ranking()


@pytest.mark.parametrize(
    ("within", "code"),
    [
        ("WK900101", "CODE_OF_ANOTHER_LEVEL"),
        ("GM9003", "CODE_NOT_VALID_IN_VINTAGE"),
        ("GM9009", "UNKNOWN_CODE"),
        ("Aadorp", "MALFORMED_CODE"),
    ],
)
async def test_within_what_is_no_gemeente_is_refused_as_a_filter_refuses_it(
    within: str, code: str
) -> None:
    filtered = await refusal(f'{{ wijken(filter: {{gemeente: "{within}"}}) {{ totalCount }} }}')

    error = await refusal(RANKING, {**LONELY, "within": within})

    assert (error["code"], error["argument"]) == (code, "within")
    assert filtered["argument"] == "filter.gemeente"
    told = {name: str(each).replace("within", "filter.gemeente") for name, each in error.items()}
    assert told == {name: str(each) for name, each in filtered.items()}


async def test_a_gemeente_does_not_hold_the_country() -> None:
    error = await refusal(RANKING, {"indicator": "population", "level": "LAND", "within": "GM9001"})

    assert (error["code"], error["expected"]) == ("CODE_OF_ANOTHER_LEVEL", "LAND")


async def test_an_unknown_slug_is_refused_with_the_nearest() -> None:
    error = await refusal(RANKING, {**LONELY, "indicator": "populatoin"})

    assert error["code"] == "UNKNOWN_SLUG"
    assert {"slug": "population"} in error["suggestions"]


@pytest.mark.parametrize(
    ("slug", "problem", "levels"),
    [
        ("thefts", "NOT_AVAILABLE_AT_LEVEL", ["GEMEENTE"]),
        ("school_advice", "NO_OPEN_SOURCE", []),
        ("births", "NOT_LOADED", []),
    ],
)
async def test_without_figures_at_the_level_the_levels_that_have_them_are_named(
    slug: str, problem: str, levels: list[str]
) -> None:
    error = await refusal(RANKING, {**LONELY, "indicator": slug})

    assert error["code"] == "NOT_AVAILABLE_AT_LEVEL"
    assert (error["problem"], error["levels"]) == (problem, levels)
    assert error["messageNl"] != error["message"]


async def test_a_year_on_other_boundaries_is_refused_with_what_there_is() -> None:
    error = await refusal(RANKING, {**LONELY, "year": 2016})

    assert error["code"] == "NOT_AVAILABLE_IN_YEAR"
    assert (error["years"], error["publishedOnVintages"]) == ([2020], [2023])
    assert (error["level"], error["vintage"], error["year"]) == ("WIJK", 2024, 2016)


async def test_a_year_that_nobody_has_is_refused() -> None:
    error = await refusal(RANKING, {**LONELY, "year": 1900})

    assert (error["years"], error["publishedOnVintages"]) == ([2020], [])


async def test_a_vintage_without_any_figures_names_the_vintages_that_have_them() -> None:
    store = SampleStore()
    del store.blocks[_KEY]

    error = await refusal(RANKING, LONELY, store=store)

    assert error["code"] == "NOT_AVAILABLE_IN_YEAR"
    assert (error["year"], error["years"], error["publishedOnVintages"]) == (None, [], [2023])


async def test_a_vintage_that_is_not_loaded_is_refused() -> None:
    assert (await refusal(RANKING, {**LONELY, "vintage": 1999}))["code"] == "VINTAGE_NOT_LOADED"


@pytest.mark.parametrize(("size", "forward"), [("first", "after"), ("last", "before")])
async def test_walking_through_meets_every_area_once_with_its_rank_among_all(
    size: str, forward: str
) -> None:
    store = _lonely(7, 7, 9, 1)
    whole, walked, cursor = _listed(await _ranking(store)), [], None
    while True:
        page = await _ranking(store, **{size: 1, forward: cursor})
        walked += _listed(page)
        info = page["pageInfo"]
        cursor = info["endCursor" if size == "first" else "startCursor"]
        if not info["hasNextPage" if size == "first" else "hasPreviousPage"]:
            break

    assert walked == (whole if size == "first" else whole[::-1])


async def test_an_edge_says_what_the_node_says() -> None:
    ranking = await _ranking(_lonely(7, 7, 9, 1))

    assert [edge["node"] for edge in ranking["edges"]] == [
        {
            **{key: node[key] for key in ("rank", "tied", "value")},
            "area": {"code": node["area"]["code"]},
            "observation": {"value": node["observation"]["value"]},
        }
        for node in ranking["nodes"]
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"order": "LOWEST_FIRST"},
        {"vintage": 2023},
        {"within": "GM9001"},
        {"indicator": "population"},
    ],
)
async def test_a_cursor_of_another_ranking_is_refused(changed: dict[str, str]) -> None:
    cursor = (await _ranking())["pageInfo"]["startCursor"]

    error = await refusal(RANKING, {**LONELY, **changed, "after": cursor})

    assert error["code"] == "CURSOR_OF_ANOTHER_LIST"


async def test_a_cursor_of_a_list_of_wijken_is_refused() -> None:
    listed = await data("{ wijken(first: 1) { pageInfo { endCursor } } }")
    cursor = listed["wijken"]["pageInfo"]["endCursor"]

    error = await refusal(RANKING, {**LONELY, "after": cursor})

    assert error["code"] == "CURSOR_OF_ANOTHER_LIST"


async def test_a_cursor_of_another_publication_is_refused() -> None:
    cursor = (await _ranking())["pageInfo"]["startCursor"]

    error = await refusal(
        RANKING, {**LONELY, "after": cursor}, snapshot=await open_sample(number=2)
    )

    assert error["code"] == "CURSOR_OF_ANOTHER_PUBLICATION"


async def test_a_forged_cursor_of_an_area_without_a_rank_is_refused() -> None:
    given = read_cursor((await _ranking())["pageInfo"]["endCursor"])
    forged = write_cursor(Cursor(given.publication, given.list, "WK900102"))

    assert (await refusal(RANKING, {**LONELY, "after": forged}))["code"] == "BAD_CURSOR"


@pytest.mark.parametrize("given", [{"first": 0}, {"last": 5001}])
async def test_a_page_size_out_of_range_is_refused(given: dict[str, int]) -> None:
    error = await refusal(RANKING, {**LONELY, **given})

    assert error["code"] == "LIMIT_OUT_OF_RANGE"


async def test_a_kept_order_gives_the_same_answer_and_reads_nothing_again() -> None:
    store = SampleStore()
    snapshot = await open_snapshot(store, Memory(10_000_000))
    first = await data(RANKING, LONELY, snapshot=snapshot)
    reads = len(store.reads)

    assert await data(RANKING, LONELY, snapshot=snapshot) == first
    assert len(store.reads) == reads


async def test_without_room_to_keep_an_order_the_answer_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = [await _ranking(first=1), await _ranking(order="LOWEST_FIRST", within="GM9001")]
    monkeypatch.setattr(standing, "_KEPT_BYTES", 0)

    assert [
        await _ranking(first=1),
        await _ranking(order="LOWEST_FIRST", within="GM9001"),
    ] == kept


async def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_KEPT_BYTES", 5000)
    snapshot = await open_sample()
    for within in (None, "GM9001", "GM9002"):
        for order in ("HIGHEST_FIRST", "LOWEST_FIRST"):
            asked = {**LONELY, "within": within, "order": order}
            await data(RANKING, asked, snapshot=snapshot)

    kept = facts_of(snapshot).remembered.get(standing._ORDERS)

    assert kept is not None
    assert 0 < len(kept) <= 2
    assert kept.weight <= 5000
