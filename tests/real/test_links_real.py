"""Links between the real maps as they are stored: known history, the overlap tables, the way."""

import csv
import gzip
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import numpy as np
import pytest
import pytest_asyncio

from db.core.area_links import LinkKind, Method
from db.core.harmonise import Published, carry_counts
from db.core.levels import Level
from db.ingest.run import Result
from db.pool import connect, open_pool
from db.repository.store import PostgresStore
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from schema import passages
from schema.context import Context, patiently
from service.boundary_report import reported

pytestmark = pytest.mark.real

GEMEENTE, WIJK = Level.GEMEENTE, Level.WIJK
Parts = dict[str, tuple[str, float, str]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def snapshot(netherlands: tuple[str, Result]) -> AsyncIterator[Snapshot]:
    async with open_pool(netherlands[0]) as pool:
        yield await open_snapshot(PostgresStore(pool), Memory(100_000_000))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def connection(netherlands: tuple[str, Result]) -> AsyncIterator[asyncpg.Connection]:
    opened = await connect(netherlands[0])
    yield opened
    await opened.close()


async def became(connection: asyncpg.Connection, old: int, new: int, code: str) -> Parts:
    """What became of a gemeente: kind, share of it and method by new code."""
    rows = await connection.fetch(
        "SELECT new_code, kind, of_old, method FROM area_link WHERE level = 'gemeente'"
        " AND old_vintage = $1 AND new_vintage = $2 AND old_code = $3 ORDER BY of_old DESC",
        old, new, code,
    )  # fmt: skip
    return {r["new_code"]: (r["kind"], round(r["of_old"], 2), r["method"]) for r in rows}


async def came_from(connection: asyncpg.Connection, old: int, new: int, code: str) -> Parts:
    rows = await connection.fetch(
        "SELECT old_code, kind, of_old, method FROM area_link WHERE level = 'gemeente'"
        " AND old_vintage = $1 AND new_vintage = $2 AND new_code = $3",
        old, new, code,
    )  # fmt: skip
    return {r["old_code"]: (r["kind"], round(r["of_old"], 2), r["method"]) for r in rows}


async def test_haaren_went_to_four_gemeenten_by_its_inhabitants(
    connection: asyncpg.Connection,
) -> None:
    """By surface it would be 45 % to Vught and 28 % to Oisterwijk; counted it was 34 % and 41 %."""
    found = await became(connection, 2019, 2022, "GM0788")

    assert list(found) == ["GM0824", "GM0865", "GM0757", "GM0855"]
    assert {(kind, method) for kind, _, method in found.values()} == {("redrawn", "population")}
    assert (found["GM0824"][1], found["GM0865"][1]) == pytest.approx((0.39, 0.37), abs=0.01)


@pytest.mark.parametrize(
    ("old", "new", "code", "parts"),
    [
        (2019, 2022, "GM1979", {"GM0003", "GM0010", "GM0024"}),
        (2022, 2023, "GM1992", {"GM0501", "GM0530", "GM0614"}),
    ],
)
async def test_eemsdelta_and_voorne_aan_zee_are_exact_mergers(
    connection: asyncpg.Connection, old: int, new: int, code: str, parts: set[str]
) -> None:
    found = await came_from(connection, old, new, code)

    assert found.keys() == parts
    assert {each[:2] for each in found.values()} == {("merged", 1.0)}


async def test_weesp_went_whole_to_amsterdam(connection: asyncpg.Connection) -> None:
    found = await became(connection, 2022, 2023, "GM0457")

    assert {code: each[1] for code, each in found.items()} == {"GM0363": 1.0}


@pytest.mark.parametrize(("old", "new"), [(2016, 2022), (2022, 2024)])
async def test_shares_of_wijken_are_those_of_the_overlap_tables(
    connection: asyncpg.Connection, real_data: Path, old: int, new: int
) -> None:
    rows = await connection.fetch(
        "SELECT old_code, new_code, of_old FROM area_link WHERE level = 'wijk' AND of_old > 0"
        " AND old_vintage = $1 AND new_vintage = $2 AND method = 'surface'", old, new,
    )  # fmt: skip
    ours = {(row["old_code"], row["new_code"]): row["of_old"] for row in rows}
    with gzip.open(real_data / "geo" / f"wijk_overlap_{old}_{new}.csv.gz", "rt") as file:
        theirs = {
            (row["from_code"], row["to_code"]): float(row["share_of_from"])
            for row in csv.DictReader(file)
        }

    # The tables have slivers too: what is left of an area without them is all of it for us.
    placed: defaultdict[str, float] = defaultdict(float)
    for key in ours.keys() & theirs:
        placed[key[0]] += theirs[key]
    apart = np.array(
        [abs(ours[key] - theirs[key] / placed[key[0]]) for key in ours.keys() & theirs]
    )
    missing = [share for key, share in theirs.items() if key not in ours]

    assert len(apart) > 3000
    assert np.median(apart) < 1e-4
    assert np.quantile(apart, 0.99) < 0.03
    assert np.quantile(missing, 0.9) < 0.04


async def test_all_inhabitants_of_2012_are_there_in_2024_and_all_of_2024_in_2012(
    snapshot: Snapshot,
) -> None:
    context = Context(snapshot)
    for source, target in ((2012, 2024), (2024, 2012)):
        found = await patiently(
            lambda ends=(source, target): passages.weigh(context, GEMEENTE, *ends)  # type: ignore[misc]
        )
        assert found is not None
        people = np.where(np.bincount(found.weights.old, minlength=found.weights.olds) > 0, 1e4, 0)
        carried = carry_counts(Published(people), found.weights)
        assert len(found.steps) == 6
        assert Method.POPULATION in found.methods
        assert np.nansum(carried.values[~found.weights.unknown]) == pytest.approx(
            people.sum(), rel=0.01
        )


async def test_wijken_of_2017_have_no_map_and_go_by_statement_to_that_of_2016(
    snapshot: Snapshot,
) -> None:
    context = Context(snapshot)
    steps = passages.way(context, WIJK, 2017, 2024)
    found = await patiently(lambda: passages.weigh(context, WIJK, 2017, 2024))

    assert [step.target for step in steps or ()] == [2016, 2022, 2024]
    assert found is not None
    assert Method.STATED in found.methods
    # Those that changed in 2017 are not known on later borders, and neither is what they went into.
    assert 200 < found.weights.unknown.sum() < 1000


async def test_changes_that_the_publisher_states_between_two_maps_are_mostly_shown_by_them(
    connection: asyncpg.Connection,
) -> None:
    """No map of the year before a statement is there, so that spans of years are compared.

    Of 2015, 2018 and 2022 nothing is stated, so that no area is stated unchanged over a whole span.
    What the maps do not show lies below their tolerance (43 m, 123 m), or moved back.
    """
    told = [each async for each in reported(connection)]
    spans = {
        (each.said.pair.old, each.said.pair.new): each.span
        for each in told
        if each.level is WIJK and each.span is not None
    }

    assert [each.said.pair for each in told if each.said.compared] == []
    assert {
        pair: (span.years, span.compared, span.unchanged, len(span.disagreements))
        for pair, span in spans.items()
    } == {
        (2014, 2016): ((2016,), 161, 0, 10),
        (2016, 2022): ((2017, 2019, 2020, 2021), 346, 0, 29),
        (2022, 2024): ((), 0, 0, 0),
    }
    for span in spans.values():
        assert {(each.stated, each.found) for each in span.disagreements} <= {(3, 1), (3, 2)}


async def test_links_of_areas_that_are_not_placed_say_so(connection: asyncpg.Connection) -> None:
    rows = await connection.fetch(
        "SELECT DISTINCT kind FROM area_link WHERE of_old IS NULL AND of_new IS NULL"
    )

    kinds = {each.name.lower() for each in (LinkKind.NEW, LinkKind.GONE, LinkKind.UNPLACED)}
    assert {row["kind"] for row in rows} <= kinds
