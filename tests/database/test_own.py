"""Indicators of somebody's own in the store: whole or not at all, and beside the publishers'."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import asyncpg
import pytest

from db.core.absence import Reason
from db.core.block import Block, SeriesKey
from db.core.errors import (
    NoOwnIndicator,
    OwnIndicatorInUse,
    OwnSlugInRelease,
    RefusedOwnData,
    UnknownPublication,
)
from db.core.levels import Level
from db.core.own import Problems
from db.ingest.own import OwnFiles, publish_own
from db.ingest.run import Result
from db.ingest.withdrawal import withdraw_own
from db.repository.blocks import read_block
from db.repository.facts import read_facts
from db.repository.publications import newest, read_loads
from db.sources.own_metadata import read_metadata
from db.sources.own_table import read_own_table
from tests.database.country import INDICATORS, NOW, dataset, indicator, parsed, publish
from tests.quiet import Quiet
from tests.unit.own_files import METADATA, TABLE

LATER = NOW + timedelta(days=60)
CELLS = {"population": {"WK900100": 100.0, "WK900101": 50.0, "WK900199": Reason.NO_FIGURE}}
GAP = replace(indicator("hardship"), gap=True, matchers=())


async def country(
    connection: asyncpg.Connection, *, fictional: bool = False, **given: Any
) -> Result:
    return await publish(connection, (dataset(), parsed(CELLS)), fictional=fictional, **given)


def files(table: bytes = TABLE, *changes: tuple[str, str]) -> OwnFiles:
    text = METADATA
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    problems = Problems()
    data = read_metadata("own.toml", text.encode(), problems)
    assert data is not None, problems.listed
    return OwnFiles(data, (table,) * len(data.tables))


async def load(connection: asyncpg.Connection, *given: OwnFiles, **options: Any) -> Result:
    return await publish_own(
        connection, given or [files()], INDICATORS, clock=lambda: LATER, reporter=Quiet(), **options
    )


async def withdraw(connection: asyncpg.Connection, slug: str) -> Result:
    return await withdraw_own(connection, slug, "Fout.", [*INDICATORS, GAP], clock=lambda: LATER)


async def refused(connection: asyncpg.Connection, *given: OwnFiles) -> list[str]:
    before = await newest(connection), await open_rows(connection)
    with pytest.raises(RefusedOwnData) as error:
        await load(connection, *given)
    assert (await newest(connection), await open_rows(connection)) == before
    return list(error.value.problems)


async def open_rows(connection: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await connection.fetch(
        "SELECT o.series_id, o.area_id, o.period, o.value, o.reason FROM observation AS o"
        " WHERE o.until_publication IS NULL ORDER BY 1, 2, 3"
    )
    facts = await connection.fetch(
        "SELECT kind, key FROM fact WHERE until_publication IS NULL ORDER BY 1, 2"
    )
    return [tuple(row) for row in (*rows, *facts)]


async def block_at(connection: asyncpg.Connection, number: int) -> Block | None:
    return await read_block(connection, SeriesKey("hardship", Level.WIJK, 2024), number)


async def slugs_at(connection: asyncpg.Connection, number: int) -> set[str]:
    return set((await read_facts(connection, number))[1])


async def test_own_figures_become_an_ordinary_publication(connection: asyncpg.Connection) -> None:
    await country(connection)

    result = await load(connection)

    block = await block_at(connection, 2)
    assert result.publication == 2
    assert block is not None
    assert [block.cell(row, 2023).reason for row in range(3)] == [
        Reason.OBSERVED, Reason.CONFIDENTIAL, Reason.WATER_OR_ABROAD,
    ]  # fmt: skip
    load_ = (await read_loads(connection, 2))[block.load_ids[0]]
    assert (load_.dataset, load_.source) == ("own-bureau-advies-wijk-2024", "own-bureau-advies")
    assert (load_.location, load_.table) == ("own file: hardship.csv", "hardship.csv")
    reference, _ = await read_facts(connection, 2)
    assert "own-bureau-advies" in {source.slug for source in reference.sources}


async def test_an_area_that_the_file_does_not_have_is_absent_and_says_so(
    connection: asyncpg.Connection,
) -> None:
    await country(connection)

    await load(connection, files(b"wijk;jaar;deel\nWK900101;2023;0\n"))

    block = await block_at(connection, 2)
    assert block is not None
    assert (block.cell(0, 2023).value, block.cell(0, 2023).reason) == (None, Reason.NO_ROW)
    assert block.cell(1, 2023).value == 0


async def test_the_same_files_again_publish_nothing(connection: asyncpg.Connection) -> None:
    await country(connection)
    await load(connection)

    again = await load(connection)

    assert (again.publication, again.outcomes[0].outcome) == (None, "unchanged")
    assert await newest(connection) == 2


async def test_a_corrected_file_closes_and_opens(connection: asyncpg.Connection) -> None:
    await country(connection)
    await load(connection)

    await load(connection, files(TABLE.replace(b"12,5", b"13")))

    rows = await connection.fetch(
        "SELECT value, from_publication, until_publication FROM observation AS o"
        " JOIN series AS s ON s.id = o.series_id WHERE s.indicator = 'hardship' ORDER BY 2, 1"
    )
    assert [tuple(row) for row in rows] == [(12.5, 2, 3), (None, 2, None), (13, 3, None)]


async def test_a_file_that_lost_rows_or_years_is_refused_unless_that_is_meant(
    connection: asyncpg.Connection,
) -> None:
    await country(connection)
    two = TABLE + b"WK900100;2022;11\r\nWK900101;2022;7\r\n"
    await load(connection, files(two))

    (problem,) = await refused(connection, files(TABLE))
    assert "had figures of 2022 for wijk 2024 and has none now" in problem
    (problem,) = await refused(connection, files(two.replace(b"WK900101;2022;7\r\n", b"")))
    assert "--accept-loss" in problem

    await load(connection, files(TABLE), accept_loss=True)
    before, after = await block_at(connection, 2), await block_at(connection, 3)
    assert before is not None
    assert after is not None
    assert (before.periods, after.periods) == ((2022, 2023), (2023,))


async def test_publishers_and_owners_do_not_close_what_the_other_brought(
    connection: asyncpg.Connection,
) -> None:
    await country(connection, indicators=[*INDICATORS, GAP])
    await load(connection)
    own = await open_rows(connection)

    changed = parsed({"population": {**CELLS["population"], "WK900100": 101.0}})
    result = await publish(connection, (dataset(), changed), indicators=[*INDICATORS, GAP])

    assert result.publication == 3
    assert len(await open_rows(connection)) == len(own)
    _, indicators = await read_facts(connection, 3)
    assert indicators["hardship"].origin.value == "own"
    assert indicators.keys() == {"population", "households", "hardship"}
    assert await block_at(connection, 3) is not None


async def test_a_release_that_takes_an_own_slug_is_refused_until_it_is_withdrawn(
    connection: asyncpg.Connection,
) -> None:
    await country(connection)
    await load(connection)
    release = [*INDICATORS, indicator("hardship")]

    with pytest.raises(OwnSlugInRelease, match="--withdraw hardship"):
        await country(connection, indicators=release)

    await withdraw(connection, "hardship")
    cells = {"hardship": {"WK900100": 3.0}}
    published = await publish(connection, (dataset("new"), parsed(cells)), indicators=release)
    assert published.publication == 4


async def test_own_figures_on_a_fictional_country_are_fictional_and_leave_with_it(
    connection: asyncpg.Connection,
) -> None:
    await country(connection, fictional=True)
    await load(connection)
    assert await connection.fetchval("SELECT fictional FROM publication WHERE number = 2")

    await country(connection, fictional=True, indicators=INDICATORS)
    assert "hardship" in await slugs_at(connection, 2)
    await publish(connection, (dataset("real"), parsed(CELLS)))

    assert "hardship" not in await slugs_at(connection, 3)
    assert await block_at(connection, 3) is None


async def test_what_is_withdrawn_leaves_a_note_and_earlier_publications_as_they_were(
    connection: asyncpg.Connection,
) -> None:
    await country(connection)
    await load(connection)

    result = await withdraw(connection, "hardship")

    assert result.publication == 3
    reference, indicators = await read_facts(connection, 3)
    (gone,) = reference.withdrawals
    assert (gone.slug, gone.publisher, gone.reason) == ("hardship", "Bureau", "Fout.")
    assert indicators["hardship"].gap
    assert "own-bureau-advies" not in {source.slug for source in reference.sources}
    assert await block_at(connection, 2) is not None
    assert await block_at(connection, 3) is None


async def test_what_was_withdrawn_can_be_loaded_again(connection: asyncpg.Connection) -> None:
    await country(connection)
    await load(connection)
    await withdraw(connection, "hardship")

    again = await load(connection)

    reference, indicators = await read_facts(connection, 4)
    assert again.publication == 4
    assert (reference.withdrawals, indicators["hardship"].origin.value) == ((), "own")
    assert await block_at(connection, 4) is not None


async def test_only_own_indicators_that_nothing_rests_on_are_withdrawn(
    connection: asyncpg.Connection,
) -> None:
    await country(connection)
    await load(connection)
    with pytest.raises(NoOwnIndicator, match="it has: hardship"):
        await withdraw(connection, "population")

    head, tables = METADATA.split("[[tables]]")
    households = (
        head.split("[indicators.hardship]")[1]
        .replace('kind = "share"', 'kind = "count"')
        .replace('aggregation = "weighted_mean"\ndenominator = "population"', 'aggregation = "sum"')
    )
    counted = files(
        b"wijk;jaar;deel\nWK900100;2023;5\n",
        ("bureau-advies", "bureau-noemer"),
        ("[indicators.hardship]", "[indicators.pupils]" + households + "[indicators.schooling]"),
        ('denominator = "population"', 'denominator = "pupils"'),
        (tables, tables.replace('"hardship", value', '"pupils", value').replace(
            '"deel" }]', '"deel" }, { indicator = "schooling", value = "deel" }]')),
    )  # fmt: skip
    await load(connection, counted)
    with pytest.raises(OwnIndicatorInUse, match="schooling are divided or weighted by pupils"):
        await withdraw(connection, "pupils")


async def test_what_does_not_fit_the_store_is_told_and_nothing_is_loaded(
    connection: asyncpg.Connection,
) -> None:
    await country(connection)
    taken = ("hardship]", "population]"), ('indicator = "hardship"', 'indicator = "population"')
    nobody = ('denominator = "population"', 'denominator = "nobody"')
    wrong: list[tuple[OwnFiles, str]] = [
        (files(TABLE.replace(b"01;", b"07;")), "line 3: WK900107 is no wijk of vintage 2024 here"),
        (files(TABLE.replace(b"12,5", b"120")), "line 2: hardship is 120; a share is a percentage"),
        (files(TABLE.replace(b"00;2023", b"99;2023")), "line 2: WK900199 is water or abroad"),
        (files(TABLE, ("vintage = 2024", "vintage = 2019")), "of vintage 2019; loaded: 2024"),
        (files(TABLE, *taken), "is an indicator of toy; of the catalogue you may give only"),
        (files(TABLE, nobody), "nobody is no indicator of the catalogue"),
    ]

    for given, told in wrong:
        problems = await refused(connection, given)
        assert any(told in each for each in problems), (told, problems)


async def test_a_code_of_another_vintage_is_told_where_it_is_one(
    connection: asyncpg.Connection,
) -> None:
    older = parsed({"population": {"WK900107": 9.0}})
    await publish(connection, (dataset(), parsed(CELLS)), (dataset("old", vintage=2020), older))

    problems = await refused(connection, files(TABLE.replace(b"01;", b"07;")))

    assert problems == [
        "hardship.csv, line 3: WK900107 is no wijk of vintage 2024 here; it is one of 2020"
    ]


async def test_a_slug_has_one_owner_and_is_not_dropped_in_silence(
    connection: asyncpg.Connection,
) -> None:
    await country(connection)
    await load(connection)

    (problem,) = await refused(connection, files(TABLE, ("bureau-advies", "somebody-else")))
    assert "is given by own-bureau-advies already" in problem
    renamed = files(TABLE, ("hardship]", "harm]"), ('indicator = "hardship"', 'indicator = "harm"'))
    (problem,) = await refused(connection, renamed)
    assert "use --withdraw hardship" in problem


async def test_a_gap_of_the_catalogue_is_given_as_the_catalogue_means_it(
    connection: asyncpg.Connection,
) -> None:
    await country(connection)
    shipped = [*INDICATORS, replace(files().data.indicators[0], gap=True)]
    stock = files(TABLE, ('measures = "stock"', 'measures = "flow"'), ('"poverty"', '"work"'))

    with pytest.raises(RefusedOwnData) as error:
        await publish_own(connection, [stock], shipped, clock=lambda: LATER, reporter=Quiet())

    assert list(error.value.problems) == [
        "own.toml: indicators.hardship: domain is work; the catalogue says poverty",
        "own.toml: indicators.hardship: measures is flow; the catalogue says stock",
    ]


async def test_an_empty_store_says_what_to_do_first(connection: asyncpg.Connection) -> None:
    with pytest.raises(UnknownPublication, match="leefbaarheid demo"):
        await load(connection)


async def test_whatever_a_damaged_file_holds_all_of_it_is_published_or_nothing(
    connection: asyncpg.Connection,
) -> None:
    await country(connection)
    await load(connection)
    chance, whole = Random(7), 0
    for _ in range(40):
        content = bytearray(TABLE)
        for _ in range(chance.randint(1, 3)):
            content[chance.randrange(len(content))] = chance.choice(b';x,\n"0129W\xff\0')
        before = await newest(connection), await open_rows(connection)
        try:
            result = await load(connection, files(bytes(content)), accept_loss=True)
        except RefusedOwnData:
            assert (await newest(connection), await open_rows(connection)) == before
        else:
            whole += result.publication is not None
            block = await block_at(connection, await newest(connection) or 0)
            assert block is not None
            cells = read_own_table(files().data.tables[0], bytes(content), LATER.date(), Problems())
            for cell in cells["hardship"]:
                row = ("WK900100", "WK900101").index(cell.code)
                assert block.cell(row, cell.year).reason is cell.reason
    assert whole > 0
