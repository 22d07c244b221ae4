"""Links follow the maps, statements and addresses of their publication; earlier ones stay."""

import re
from collections.abc import Mapping

import asyncpg
import numpy as np
import pytest
import shapely

from db.core.area_links import Disagreement, LinkKind, Method
from db.core.figures import Account, AddressCount, Parsed
from db.core.levels import Level
from db.core.linked import Linked, LinkedPair
from db.ingest import links as ingested
from db.repository.areas import read_areas
from db.repository.differences import difference
from db.repository.links import array, read_links, read_pairs
from db.snapshot.keys import LinksKey
from db.snapshot.snapshot import Memory, open_snapshot
from tests.database.country import INDICATORS, dataset, parsed, publish
from tests.database.reading import telling

WIJK = Level.WIJK
SAME, SPLIT, UNPLACED = LinkKind.SAME, LinkKind.SPLIT, LinkKind.UNPLACED
HALVES = {"WK900100": (0, 1), "WK900101": (1, 2)}
WHOLE = {"WK900100": (0, 2)}

Share = tuple[str, str, LinkKind, float, float, Method]
Bounds = Mapping[str, tuple[float, float]]


def drawn(bounds: Bounds, changes: dict[str, int] | None = None) -> Parsed:
    """Wijken side by side, from west to east in km; and how each changed."""
    made = parsed({}, names=dict.fromkeys(bounds, "Wijk"))
    areas = made.areas[0]
    areas.shapes = np.array(
        [shapely.box(150_000 + 1000 * w, 450_000, 150_000 + 1000 * e, 451_000)
         for _, (w, e) in sorted(bounds.items())]
    )  # fmt: skip
    areas.crs = 28992
    areas.changes = None if changes is None else [changes.get(code) for code in areas.codes]
    return made


def listed(*codes: str, changes: dict[str, int] | None = None) -> Parsed:
    """Wijken without a map."""
    made = parsed({}, names=dict.fromkeys(codes, "Wijk"))
    areas = made.areas[0]
    areas.changes = None if changes is None else [changes.get(code) for code in areas.codes]
    return made


def counted(counts: dict[tuple[str, str], int]) -> Parsed:
    """Addresses by postcode and buurt."""
    account = Account()
    account.accept(len(counts))
    rows = [AddressCount(postcode, code, number) for (postcode, code), number in counts.items()]
    return Parsed(account, addresses=rows)


async def pair(
    connection: asyncpg.Connection, old: int, new: int, publication: int
) -> tuple[LinkedPair, Linked]:
    pairs = (await read_pairs(connection, publication))[WIJK]
    found = await read_links(connection, WIJK, old, new, publication)
    assert found is not None
    return next(each for each in pairs if (each.pair.old, each.pair.new) == (old, new)), found


async def shares(
    connection: asyncpg.Connection, old: int, new: int, publication: int
) -> list[Share]:
    """Codes, kind, shares and method of each link; -1 for a share of nothing."""
    found = await read_links(connection, WIJK, old, new, publication)
    assert found is not None
    tables = [await read_areas(connection, WIJK, year, publication) for year in (old, new)]
    before, after = ((*table.codes, "-") for table in tables)
    links = found.links
    return [
        (before[o][-3:], after[n][-3:], LinkKind(kind), round(x, 6), round(y, 6), Method(method))
        for o, n, kind, x, y, method in zip(
            links.old.tolist(), links.new.tolist(), links.kinds.tolist(),
            np.nan_to_num(links.of_old, nan=-1).tolist(),
            np.nan_to_num(links.of_new, nan=-1).tolist(), links.methods.tolist(), strict=True,
        )
    ]  # fmt: skip


ONE, TWO = dataset("one", vintage=2016), dataset("two", vintage=2022)
SPLIT_IN_TWO = [
    ("100", "100", SPLIT, 0.5, 1.0, Method.SURFACE),
    ("100", "101", SPLIT, 0.5, 1.0, Method.SURFACE),
]


async def test_two_maps_are_published_with_their_links(connection: asyncpg.Connection) -> None:
    result = await publish(connection, (ONE, drawn(WHOLE)), (TWO, drawn(HALVES)))

    assert result.counts["links_opened"] == 2
    assert await shares(connection, 2016, 2022, 1) == SPLIT_IN_TWO
    said, _ = await pair(connection, 2016, 2022, 1)
    assert (said.slivers, said.without_shape, said.compared) == (0, (0, 0), 0)
    assert said.tolerance == pytest.approx(200 / 3)


async def test_links_are_kept_while_maps_statements_and_addresses_are_as_they_were(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(connection, (ONE, drawn(WHOLE)), (TWO, drawn(HALVES)))
    monkeypatch.setattr(ingested, "lay_over", _never)

    renamed = drawn(HALVES)
    renamed.areas[0].names = ["Oost", "West"]
    result = await publish(connection, (TWO, renamed))

    assert result.publication == 2
    assert "links_opened" not in result.counts
    said, _ = await pair(connection, 2016, 2022, 2)
    assert said.version == 1


def _never(*_: object) -> None:
    raise AssertionError("laid over again")


async def test_a_corrected_shape_closes_the_links_that_it_was_in_and_no_others(
    connection: asyncpg.Connection,
) -> None:
    three = dataset("three", vintage=2024)
    await publish(connection, (ONE, drawn(WHOLE)), (TWO, drawn(HALVES)), (three, drawn(HALVES)))

    corrected = drawn({"WK900100": (0, 1.5)})
    result = await publish(connection, (dataset("new", vintage=2016), corrected))

    assert (result.counts["links_opened"], result.counts["links_closed"]) == (2, 2)
    assert await shares(connection, 2016, 2022, 1) == SPLIT_IN_TWO
    assert await shares(connection, 2016, 2022, 2) != SPLIT_IN_TWO
    assert [(await pair(connection, 2022, 2024, n))[0].version for n in (1, 2)] == [1, 1]
    rows = await connection.fetch(
        "SELECT old_vintage, from_publication, until_publication FROM area_link_pair ORDER BY 1, 2"
    )
    assert [tuple(row) for row in rows] == [(2016, 1, 2), (2016, 2, None), (2022, 1, None)]


async def test_maps_that_cannot_be_laid_over_are_named_and_tried_again(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise shapely.GEOSException("TopologyException")

    with monkeypatch.context() as patched:
        patched.setattr(ingested, "lay_over", broken)
        result = await publish(connection, (ONE, drawn(WHOLE)), (TWO, drawn(HALVES)))
    outcomes = {each.dataset: each.outcome for each in result.outcomes}
    assert outcomes == {"one": "published", "two": "published", "links-wijk-2016-2022": "failed"}
    assert await read_pairs(connection, 1) == {}

    again = await publish(connection, (ONE, drawn(WHOLE)), (TWO, drawn(HALVES)))

    assert (again.publication, again.counts) == (2, {"links_opened": 2})
    assert await shares(connection, 2016, 2022, 2) == SPLIT_IN_TWO


async def test_large_maps_laid_over_by_children_have_the_same_links(
    connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingested, "_SMALL", 0)

    await publish(connection, (ONE, drawn(WHOLE)), (TWO, drawn(HALVES)))

    assert await shares(connection, 2016, 2022, 1) == SPLIT_IN_TWO


async def test_a_year_without_a_map_is_linked_by_what_its_publisher_states(
    connection: asyncpg.Connection,
) -> None:
    stated = listed("WK900100", "WK900101", changes={"WK900100": 1, "WK900101": 3})
    await publish(
        connection,
        (dataset("map-2019", vintage=2019), drawn(HALVES)),
        (dataset("list-2020", vintage=2020), stated),
        (dataset("map-2022", vintage=2022), drawn(HALVES)),
    )

    assert await shares(connection, 2019, 2020, 1) == [
        ("100", "100", SAME, 1.0, 1.0, Method.STATED),
        ("101", "-", UNPLACED, -1, -1, Method.STATED),
        ("-", "101", UNPLACED, -1, -1, Method.STATED),
    ]
    pairs = (await read_pairs(connection, 1))[WIJK]
    assert [(p.pair.old, p.pair.new, p.pair.stated, p.tolerance is None) for p in pairs] == [
        (2019, 2020, True, True),
        (2019, 2022, False, False),
    ]


@pytest.mark.parametrize(("year", "changes"), [(2021, {"WK900100": 1}), (2020, None)])
async def test_nothing_is_taken_for_stated_of_other_years_or_where_nothing_was(
    connection: asyncpg.Connection, year: int, changes: dict[str, int] | None
) -> None:
    """Indelingswijziging compares with the year before, and not every table has it."""
    later = listed("WK900100", changes=changes)
    await publish(
        connection,
        (dataset("map", vintage=2019), drawn(WHOLE)),
        (dataset("list", vintage=year), later),
    )

    assert await read_pairs(connection, 1) == {}


async def test_where_maps_and_publisher_differ_both_are_kept(
    connection: asyncpg.Connection,
) -> None:
    stated = {"WK900100": 1, "WK900101": 3}
    await publish(
        connection,
        (dataset("map-2016", vintage=2016), drawn(WHOLE)),
        (dataset("map-2017", vintage=2017), drawn(HALVES, stated)),
    )

    said, found = await pair(connection, 2016, 2017, 1)

    assert (said.compared, said.disagreeing) == (2, 1)
    assert found.disagreements == (Disagreement("WK900100", "Wijk", 1, 3, SPLIT, ("WK900100",)),)
    assert await shares(connection, 2016, 2017, 1) == SPLIT_IN_TWO


async def test_a_map_of_a_few_areas_is_no_map_and_what_it_lacks_is_not_gone(
    connection: asyncpg.Connection,
) -> None:
    few = drawn({"WK900100": (0, 1), "WK900101": (1, 2), "WK900102": (2, 3)})
    shapes = few.areas[0].shapes
    assert shapes is not None
    shapes[1:] = None
    await publish(connection, (ONE, drawn(HALVES)), (TWO, few))
    assert await read_pairs(connection, 1) == {}

    shapes[1] = shapely.box(151_000, 450_000, 151_500, 451_000)
    result = await publish(connection, (dataset("more", vintage=2022), few))

    assert result.counts["links_opened"] == 3
    assert [each[:3] for each in await shares(connection, 2016, 2022, 2)] == [
        ("100", "100", SAME),
        ("101", "101", LinkKind.REDRAWN),
        ("-", "102", UNPLACED),
    ]


COUNTS = {
    2016: {("1000AA", "BU90010000"): 60, ("1000AB", "BU90010000"): 40},
    2022: {("1000AA", "BU90010000"): 55, ("1000AB", "BU90010100"): 45},
}


async def put_counts(
    connection: asyncpg.Connection, counts: Mapping[int, dict[tuple[str, str], int]]
) -> None:
    await publish(
        connection,
        (ONE, drawn(WHOLE)),
        (TWO, drawn(HALVES)),
        *((dataset(f"pc6-{year}", vintage=year), counted(rows)) for year, rows in counts.items()),
    )


async def test_shares_are_by_addresses_where_both_years_have_them(
    connection: asyncpg.Connection,
) -> None:
    await put_counts(connection, COUNTS)

    assert await shares(connection, 2016, 2022, 1) == [
        ("100", "100", SPLIT, 0.6, 1.0, Method.ADDRESSES),
        ("100", "101", SPLIT, 0.4, 1.0, Method.ADDRESSES),
    ]


async def test_a_postcode_in_two_new_areas_is_shared_out_as_its_addresses_now_are(
    connection: asyncpg.Connection,
) -> None:
    apart = {
        ("1000AA", "BU90010000"): 30,
        ("1000AA", "BU90010100"): 30,
        ("1000AB", "BU90010100"): 9,
    }
    await put_counts(connection, {**COUNTS, 2022: apart})

    found = await shares(connection, 2016, 2022, 1)

    assert [each[3] for each in found] == [0.3, 0.7]


async def test_a_postcode_in_two_areas_in_both_years_says_nothing(
    connection: asyncpg.Connection,
) -> None:
    old = {("1000AA", "BU90010000"): 60, ("1000AZ", "BU90010000"): 5, ("1000AZ", "BU90019900"): 5}
    new = {("1000AA", "BU90010000"): 60, ("1000AZ", "BU90010000"): 5, ("1000AZ", "BU90010100"): 5}
    await put_counts(connection, {2016: old, 2022: new})

    # And so the second area has no addresses: half of the areas, which is a sample of them.
    assert await shares(connection, 2016, 2022, 1) == SPLIT_IN_TWO


async def test_new_counts_of_addresses_are_new_links(connection: asyncpg.Connection) -> None:
    await put_counts(connection, COUNTS)
    corrected = {("1000AA", "BU90010000"): 80, ("1000AB", "BU90010000"): 20}

    result = await publish(connection, (dataset("pc6-2016", vintage=2016), counted(corrected)))

    assert result.counts["links_opened"] == 2
    assert [each[3] for each in await shares(connection, 2016, 2022, 2)] == [0.8, 0.2]


async def test_links_of_the_demonstration_leave_with_it(connection: asyncpg.Connection) -> None:
    await publish(connection, (ONE, drawn(WHOLE)), (TWO, drawn(HALVES)), fictional=True)

    await publish(connection, (dataset("real", vintage=2023), drawn(HALVES)))

    assert await read_pairs(connection, 2) == {}
    assert await shares(connection, 2016, 2022, 1) == SPLIT_IN_TWO


async def test_the_difference_of_two_publications_counts_links(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (ONE, drawn(WHOLE)))
    await publish(connection, (TWO, drawn(HALVES)))

    changes = {change.noun: change for change in (await difference(connection, 1, 2)).changes}

    assert (changes["link"].kind, changes["link"].opened, changes["link"].closed) == ("wijk", 2, 0)


async def test_links_can_be_read_one_by_one_in_words(connection: asyncpg.Connection) -> None:
    await put_counts(connection, COUNTS)

    rows = await connection.fetch(
        "SELECT old_code, new_code, of_old, kind, method, new_code_is_reused FROM area_link"
    )

    assert [tuple(row) for row in rows] == [
        ("WK900100", "WK900100", 0.6, "split", "addresses", False),
        ("WK900100", "WK900101", 0.4, "split", "addresses", False),
    ]
    view = await connection.fetchval("SELECT pg_get_viewdef('area_link')")
    words = [re.findall(r"'(\w+)'::text", each) for each in re.findall(r"ARRAY\[(.*?)\]", view)]
    assert words == [[each.name.lower() for each in names] for names in (LinkKind, Method)]


async def test_an_area_that_left_keeps_its_row_and_has_no_links(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (ONE, drawn(HALVES)), (TWO, drawn(HALVES)))
    await connection.execute(
        "UPDATE area_version SET until_publication = 2 FROM area"
        " WHERE id = area_id AND vintage = 2016 AND code = 'WK900100';"
        "UPDATE shape SET until_publication = 2 FROM area"
        " WHERE id = area_id AND vintage = 2016 AND code = 'WK900100'"
    )

    await publish(connection, (dataset("other", vintage=2022), drawn(HALVES)))

    _, found = await pair(connection, 2016, 2022, 2)
    assert (found.links.old.tolist(), found.links.new.tolist()) == ([1, -1], [1, 0])
    assert (found.links.olds, found.links.news) == (2, 2)


async def test_arrays_are_read_as_they_were_sent(connection: asyncpg.Connection) -> None:
    sent = await connection.fetchrow(
        "SELECT array_send('{}'::integer[]), array_send('{1.5,NaN}'::double precision[]),"
        " array_send('{3,-1}'::smallint[])"
    )

    assert array(sent[0], "i4").tolist() == []
    assert np.nan_to_num(array(sent[1], "f8"), nan=-9).tolist() == [1.5, -9]
    assert array(sent[2], "i2").tolist() == [3, -1]


async def test_a_snapshot_keeps_links_that_a_publication_did_not_change(
    database: str, connection: asyncpg.Connection
) -> None:
    await publish(connection, (ONE, drawn(WHOLE)), (TWO, drawn(HALVES)))
    async with telling(database) as store:
        memory, key = Memory(1_000_000), LinksKey(WIJK, 2016, 2022)
        first = await open_snapshot(store, memory, 1)
        found = await first.load(key)
        await publish(connection, (dataset("names", vintage=2022), listed("WK900100", "WK900105")))
        second = await open_snapshot(store, memory, 2)

        assert second.at_hand(key) is None
        assert await second.load(key) is not found
        await publish(connection, (dataset("facts"), parsed({})), indicators=INDICATORS[:1])
        assert (await open_snapshot(store, memory, 3)).at_hand(key) is second.at_hand(key)
        with pytest.raises(KeyError):
            await second.load(LinksKey(WIJK, 2016, 2024))
