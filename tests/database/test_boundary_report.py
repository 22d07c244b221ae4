"""The report on boundaries names each area of which the publisher and the maps do not agree."""

import asyncpg

from service.boundary_report import reported
from tests.database.country import dataset, publish
from tests.database.test_links import HALVES, WHOLE, drawn, listed


async def test_a_disagreement_names_the_area_what_either_says_and_what_it_was(
    connection: asyncpg.Connection,
) -> None:
    await publish(
        connection,
        (dataset("map-2016", vintage=2016), drawn(WHOLE)),
        (dataset("map-2017", vintage=2017), drawn(HALVES, {"WK900100": 1, "WK900101": 3})),
        (dataset("list-2018", vintage=2018), listed("WK900100", changes={"WK900100": 1})),
    )

    lines = [line for each in [r async for r in reported(connection)] for line in each.lines()]

    assert lines == [
        "wijk\t2016-2017\tmaps to 67 m, 0 slivers, weighed by surface\tsplit 2",
        "\tpublisher and maps agree on 1 of the 2 areas compared",
        "\tWK900100\tWijk\tpublisher: unchanged\tmaps: border moved (split)\tbefore: WK900100",
        "wijk\t2017-2018\tstated, no map of both\tsame 1, unplaced 1",
    ]


async def test_machines_are_told_the_same(connection: asyncpg.Connection) -> None:
    await publish(
        connection,
        (dataset("map-2016", vintage=2016), drawn(WHOLE)),
        (dataset("map-2017", vintage=2017), drawn(HALVES, {"WK900100": 1})),
    )

    (body,) = [each.body() async for each in reported(connection)]

    assert (body["level"], body["old"], body["new"], body["compared"]) == ("wijk", 2016, 2017, 1)
    assert body["kinds"] == {"split": 2}
    assert body["methods"] == ["surface"]
    assert body["disagreements"] == [
        {"code": "WK900100", "name": "Wijk", "stated": 1, "found": 3, "kind": "split",
         "predecessors": ("WK900100",)}
    ]  # fmt: skip


async def test_an_empty_store_has_nothing_to_report(connection: asyncpg.Connection) -> None:
    assert [each async for each in reported(connection)] == []


async def test_over_several_years_a_change_that_any_year_states_is_held_against_the_maps(
    connection: asyncpg.Connection,
) -> None:
    """WK900100 is halved, as 2017 says of it; WK900109 is not, though 2018 says that it changed."""
    lone = {"WK900108": (8, 9), "WK900109": (9, 10)}
    await publish(
        connection,
        (dataset("map-2016", vintage=2016), drawn({**WHOLE, **lone})),
        (
            dataset("list-2017", vintage=2017),
            listed("WK900100", "WK900108", changes={"WK900100": 3, "WK900108": 1}),
        ),
        (
            dataset("map-2018", vintage=2018),
            drawn({**HALVES, **lone}, {"WK900100": 1, "WK900108": 1, "WK900109": 3}),
        ),
    )

    found = [r async for r in reported(connection) if not r.said.pair.stated]
    lines = [line for each in found for line in each.lines()]

    assert lines[1:] == [
        "\tstated for years between: 2017, 2018; of 3 areas these say enough (2 changed, 1 not), "
        "and the maps agree on 2; of all 4 areas the maps show 2 as changed",
        "\tWK900109\tWijk\tpublisher: border moved\tmaps: unchanged (same)\tbefore: WK900109",
    ]
    (body,) = [each.body() for each in found]
    assert (body["compared"], body["stated_unchanged"], body["stated_years"]) == (
        3,
        1,
        (2017, 2018),
    )
