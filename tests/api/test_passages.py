"""From one vintage of Voorbeeldland to another: what was merged, split, recoded, and used again."""

from collections.abc import AsyncIterator, Callable
from threading import Thread, current_thread
from typing import Any

import numpy as np
import pytest

from db.core.absence import Reason
from db.core.area_links import LinkKind, Method, Vintage
from db.core.harmonise import Published, carry_counts
from db.core.levels import Level
from db.core.link_forms import stated
from db.core.linked import Linked
from db.core.passage import Passage
from db.pool import connect, open_pool
from db.repository.store import PostgresStore
from db.snapshot.snapshot import Memory, Snapshot, open_snapshot
from schema import passages
from schema.context import Context, NotAtHand, patiently
from schema.facts import Facts
from tests.api.sample import SampleStore, open_sample
from tests.database.country import publish
from tests.databases import copied
from tests.unit.voorbeeldland import demo_country

GEMEENTE, WIJK, BUURT = Level.GEMEENTE, Level.WIJK, Level.BUURT
SURFACE, ADDRESSES = Method.SURFACE, Method.ADDRESSES


@pytest.fixture(scope="module")
async def voorbeeldland(postgres: str) -> AsyncIterator[Snapshot]:
    """The maps and addresses of Voorbeeldland, without its figures."""
    given = [each for each in demo_country().parsed if each[1].areas or each[1].addresses]
    async with copied(postgres, "passages") as dsn:
        connection = await connect(dsn)
        await publish(connection, *given, fictional=True)
        await connection.close()
        async with open_pool(dsn) as pool:
            yield await open_snapshot(PostgresStore(pool), Memory(50_000_000))


async def parts(
    snapshot: Snapshot, level: Level, old: int, new: int, *, of: str
) -> dict[str, tuple[LinkKind, float, Method]]:
    """Kind, share of the old area and its method by the other code, for one old or new code."""
    context = Context(snapshot)
    pair = next(
        each for each in context.pairs(level) if (each.pair.old, each.pair.new) == (old, new)
    )
    links = (await patiently(lambda: context.links(level, [pair])))[0].links
    tables = [await snapshot.areas(level, year) for year in (old, new)]
    before, after = ((*table.codes, "-") for table in tables)
    return {
        (before[o] if after[n] == of else after[n]): (LinkKind(kind), round(share, 3), Method(by))
        for o, n, kind, share, by in zip(
            links.old.tolist(), links.new.tolist(), links.kinds.tolist(),
            links.of_old.tolist(), links.methods.tolist(), strict=True,
        )
        if of in (before[o], after[n])
    }  # fmt: skip


async def weighed(snapshot: Snapshot, level: Level, source: int, target: int) -> Passage:
    context = Context(snapshot)
    found = await patiently(lambda: passages.weigh(context, level, source, target))
    assert found is not None
    return found


async def test_two_gemeenten_that_became_one_are_an_exact_merger(voorbeeldland: Snapshot) -> None:
    found = await parts(voorbeeldland, GEMEENTE, 2021, 2022, of="GM9011")

    assert found == dict.fromkeys(("GM9006", "GM9007"), (LinkKind.MERGED, 1.0, SURFACE))


async def test_a_gemeente_that_was_divided_is_so_by_its_addresses(voorbeeldland: Snapshot) -> None:
    found = await parts(voorbeeldland, GEMEENTE, 2020, 2021, of="GM9008")

    assert set(found) == {"GM9003", "GM9005"}
    assert {(kind, method) for kind, _, method in found.values()} == {(LinkKind.REDRAWN, ADDRESSES)}
    assert sum(share for _, share, _ in found.values()) == pytest.approx(1)


async def test_a_wijk_that_was_split_is_made_up_of_whole_new_ones(voorbeeldland: Snapshot) -> None:
    found = await parts(voorbeeldland, WIJK, 2021, 2022, of="WK900203")

    assert set(found) == {"WK900203", "WK900210"}
    assert {(kind, method) for kind, _, method in found.values()} == {(LinkKind.SPLIT, ADDRESSES)}


async def test_wijken_that_got_other_codes_are_the_same_ground(voorbeeldland: Snapshot) -> None:
    found = await parts(voorbeeldland, WIJK, 2022, 2023, of="WK9001AA")

    assert [each[:2] for each in found.values()] == [(LinkKind.RECODED, 1.0)]
    swapped = await parts(voorbeeldland, WIJK, 2022, 2023, of="WK900904")
    assert {kind for kind, _, _ in swapped.values()} == {LinkKind.RECODED}


async def test_codes_that_changed_place_are_used_again(voorbeeldland: Snapshot) -> None:
    context = Context(voorbeeldland)
    pair = passages.before(context, WIJK, 2023)
    assert pair is not None
    links = (await patiently(lambda: context.links(WIJK, [pair])))[0].links
    codes = (await patiently(lambda: context.table(WIJK, 2023))).codes

    assert [codes[row] for row in links.reused] == ["WK900903", "WK900904"]


async def test_a_code_that_returns_for_other_ground_has_another_lineage(
    voorbeeldland: Snapshot,
) -> None:
    context = Context(voorbeeldland)
    found = await patiently(lambda: passages.lineages(context, WIJK))
    tables = {each.vintage: each for each in context.tables(WIJK)}

    def lineage(code: str, year: int) -> str:
        return found[year][tables[year].ordinals[code]]

    assert [lineage("WK900207", year) for year in (2020, 2021, 2023, 2024)] == [
        *["WK900207@2020"] * 2,
        *["WK900207@2023"] * 2,
    ]
    assert lineage("WK900903", 2023) == lineage("WK900904", 2022) == "WK900904@2020"
    assert lineage("WK9001AA", 2024) == "WK900100@2020"
    assert passages.lineages(context, WIJK) is found


async def test_everybody_of_2020_is_there_on_the_borders_of_2024_and_back_again(
    voorbeeldland: Snapshot,
) -> None:
    for source, target in ((2020, 2024), (2024, 2020)):
        found = await weighed(voorbeeldland, WIJK, source, target)
        people = Published(np.arange(1.0, found.weights.olds + 1))

        carried = carry_counts(people, found.weights)

        assert np.nansum(carried.values) == pytest.approx(people.values.sum())
        assert [step.target for step in found.steps][-1] == target
        assert found.methods == (SURFACE, ADDRESSES)


async def test_a_merged_gemeente_is_shared_out_over_what_it_was_by_addresses(
    voorbeeldland: Snapshot,
) -> None:
    found = await weighed(voorbeeldland, GEMEENTE, 2024, 2020)
    tables = {year: await voorbeeldland.areas(GEMEENTE, year) for year in (2020, 2024)}
    row = tables[2024].ordinals["GM9011"]
    mine = found.weights.old == row

    codes = [tables[2020].codes[new] for new in found.weights.new[mine]]
    assert sorted(codes) == ["GM9006", "GM9007"]
    assert found.weights.of_old[mine].sum() == pytest.approx(1)
    assert all(found.weights.methods[mine] & (1 << ADDRESSES))


async def test_an_area_without_a_shape_leaves_its_ground_unknown_on_the_way(
    voorbeeldland: Snapshot,
) -> None:
    """BU90090100 has no shape in 2021: not gone in 2021, not new in 2022, and no figure crosses."""
    found = await weighed(voorbeeldland, BUURT, 2020, 2022)
    table = await voorbeeldland.areas(BUURT, 2022)

    unknown = [table.codes[row] for row in np.flatnonzero(found.weights.unknown)]
    carried = carry_counts(Published(np.ones(found.weights.olds)), found.weights)

    assert unknown == ["BU90090100"]
    assert carried.reasons[table.ordinals["BU90090100"]] == Reason.OTHER_BOUNDARIES


async def test_the_country_is_the_country_in_every_year(voorbeeldland: Snapshot) -> None:
    found = await weighed(voorbeeldland, Level.LAND, 2020, 2024)

    assert (found.weights.of_old.tolist(), found.methods) == ([1.0], (Method.STATED,))


async def test_ways_and_lineages_are_made_in_threads(
    voorbeeldland: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[Thread] = []

    def noted(make: Callable[..., Any]) -> Callable[..., Any]:
        def made(*given: object) -> Any:
            threads.append(current_thread())
            return make(*given)

        return made

    for name in ("lineages_of", "compose", "passage"):
        monkeypatch.setattr(passages, name, noted(getattr(passages, name)))
    context = Context(voorbeeldland)
    context.facts = Facts(voorbeeldland.head)
    await patiently(lambda: passages.weigh(context, WIJK, 2021, 2023))
    await patiently(lambda: passages.lineages(context, WIJK))

    assert len(threads) >= 3
    assert current_thread() not in threads


async def test_what_is_not_in_memory_is_asked_for_and_what_was_made_is_kept() -> None:
    old = Vintage(2023, ("GM9001", "GM9002", "GM9003"), ("", "", ""))
    new = Vintage(2024, ("GM9001", "GM9002"), ("", ""))
    links = Linked(stated(old, new, [1, 3]))
    store = SampleStore(linked={(GEMEENTE, 2023, 2024): links})
    context = Context(await open_sample(store))

    with pytest.raises(NotAtHand) as lacking:
        passages.weigh(context, GEMEENTE, 2023, 2024)
    await context.load(lacking.value.keys)
    found = await patiently(lambda: passages.weigh(context, GEMEENTE, 2023, 2024))

    assert found is not None
    assert found.weights.unknown.tolist() == [False, True]
    assert passages.weigh(context, GEMEENTE, 2023, 2024) is found
    assert passages.way(context, WIJK, 2023, 2024) is None
    assert passages.weigh(context, WIJK, 2023, 2024) is None
    assert passages.after(context, GEMEENTE, 2024) is None
