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
