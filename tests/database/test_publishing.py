"""Publications are numbered, immutable and whole; rows close and open, blocks follow the rows."""

from dataclasses import replace

import asyncpg
import numpy as np

from db.core.absence import Reason
from db.core.block import NO_LOAD, Block, SeriesKey
from db.core.completeness import completeness
from db.core.levels import Level, Terrain
from db.repository.areas import read_areas, read_known
from db.repository.blocks import read_block, read_index
from db.repository.differences import difference
from db.repository.publications import read_loads
from tests.database.country import REFERENCE, SOURCE, dataset, parsed, publish

POPULATION = SeriesKey("population", Level.WIJK, 2024)
FIRST = {"population": {"WK900100": 100.0, "WK900101": Reason.DOT}}


async def block_at(connection: asyncpg.Connection, number: int) -> Block:
    block = await read_block(connection, POPULATION, number)
    assert block is not None
    return block


async def test_the_first_ingest_is_publication_one(connection: asyncpg.Connection) -> None:
    result = await publish(connection, (dataset(), parsed(FIRST)))
    assert result.publication == 1
    assert result.counts["cells_opened"] == 2


async def test_the_note_of_a_dataset_is_kept_in_both_languages(
    connection: asyncpg.Connection,
) -> None:
    noted = replace(dataset(), note_nl="Alleen een deel.", note_en="A part only.")
    await publish(connection, (noted, parsed(FIRST)))
    (load,) = (await read_loads(connection, 1)).values()
    assert (load.note_nl, load.note_en) == ("Alleen een deel.", "A part only.")


async def test_the_same_input_again_publishes_nothing(connection: asyncpg.Connection) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    again = await publish(connection, (dataset(), parsed(FIRST)))
    assert (again.publication, again.outcomes[0].outcome) == (None, "unchanged")
    assert await connection.fetchval("SELECT count(*) FROM publication") == 1


async def test_other_bytes_with_the_same_cells_publish_nothing(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    other = parsed(FIRST)
    other.title = "the same figures under another title"
    again = await publish(connection, (dataset(), other))
    assert (again.publication, again.outcomes[0].outcome) == (None, "unchanged")


async def test_a_correction_closes_the_old_row_and_opens_a_new_one(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    await publish(
        connection,
        (dataset(), parsed({"population": {"WK900100": 110.0, "WK900101": Reason.DOT}})),
    )
    rows = await connection.fetch(
        "SELECT value, from_publication, until_publication FROM observation ORDER BY 2, 1"
    )
    assert [tuple(row) for row in rows] == [(100.0, 1, 2), (None, 1, None), (110.0, 2, None)]


async def test_an_earlier_publication_still_reads_as_it_was(connection: asyncpg.Connection) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    await publish(
        connection,
        (dataset(), parsed({"population": {"WK900100": 110.0, "WK900101": Reason.DOT}})),
    )
    before, after = await block_at(connection, 1), await block_at(connection, 2)
    assert (before.cell(0, 2024).value, after.cell(0, 2024).value) == (100.0, 110.0)


async def test_the_difference_of_two_publications_names_the_revised_cell(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    await publish(
        connection,
        (dataset(), parsed({"population": {"WK900100": 110.0, "WK900101": Reason.DOT}})),
    )
    found = await difference(connection, 1, 2)
    assert [(r.code, r.period, r.old, r.new) for r in found.revisions] == [
        ("WK900100", 2024, "100", "110")
    ]


async def test_the_difference_names_areas_that_are_new_or_renamed(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    more = parsed(FIRST, names={"WK900100": "Nieuw", "WK900199": "Meer"})
    await publish(connection, (dataset(), more))
    found = await difference(connection, 1, 2)
    assert [(a.what, a.noun, a.key, a.old, a.new) for a in found.areas] == [
        ("changed", "wijk 2024", "WK900100", "Wijk 00", "Nieuw"),
        ("new", "wijk 2024", "WK900199", None, "Meer"),
    ]


async def test_an_unknown_dataset_column_is_reported_and_not_published(
    connection: asyncpg.Connection,
) -> None:
    cells = {**FIRST, "Geheimzinnig_9": {"WK900100": 1.0}}
    result = await publish(connection, (dataset(), parsed(cells)))
    account = result.outcomes[0].account["cells"]
    assert account["columns_not_published"] == {"unknown": ["Geheimzinnig_9"]}
    assert account["read"] == 4
    assert account["by_reason"] == {"observed": 1, "dot": 1}


async def test_a_row_of_an_area_in_no_list_is_counted_and_not_published(
    connection: asyncpg.Connection,
) -> None:
    stray = parsed({"population": {"WK900100": 5.0, "WK900101": 6.0}, "households": {}})
    stray.figures[0].codes = ["WK900100", "WK900177"]
    result = await publish(connection, (dataset(), stray))
    account = result.outcomes[0].account["cells"]
    assert (account["read"], account["in_unknown_areas"]) == (4, 2)
    assert account["by_reason"] == {"observed": 1, "no-figure": 1}
    assert await connection.fetchval("SELECT count(*) FROM observation WHERE value = 6") == 0


async def test_water_that_a_lower_ranked_list_states_stands_where_a_higher_one_is_silent(
    connection: asyncpg.Connection,
) -> None:
    silent = parsed({"population": {"WK900199": 5.0}})
    silent.areas[0].terrains[0] = None
    stated = parsed({"population": {"WK900199": 5.0}})
    await publish(connection, (dataset("high", rank=60), silent), (dataset("low", rank=40), stated))
    assert (await read_areas(connection, Level.WIJK, 2024, 1)).terrains == (Terrain.WATER,)


async def test_water_explains_its_absence_as_water(connection: asyncpg.Connection) -> None:
    cells = {"population": {"WK900100": 5.0, "WK900199": Reason.NO_FIGURE}}
    await publish(connection, (dataset(), parsed(cells)))
    block = await block_at(connection, 1)
    assert block.cell(1, 2024).reason is Reason.WATER_OR_ABROAD


async def test_a_renamed_area_is_reopened_and_the_old_name_stays_readable(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    await publish(connection, (dataset(), parsed(FIRST, names={"WK900100": "Nieuw"})))
    names = [(await read_areas(connection, Level.WIJK, 2024, number)).names[0] for number in (1, 2)]
    assert names == ["Wijk 00", "Nieuw"]


async def test_a_broken_dataset_is_named_and_the_others_are_published(
    connection: asyncpg.Connection,
) -> None:
    broken = parsed(FIRST)
    broken.account.rows_read += 1
    result = await publish(
        connection, (dataset("broken"), broken), (dataset("sound"), parsed(FIRST))
    )
    assert [o.outcome for o in result.outcomes] == ["failed", "published"]
    assert result.publication == 1


async def test_an_ingest_in_which_everything_fails_leaves_the_demonstration(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset("demo"), parsed(FIRST)), fictional=True)
    broken = parsed(FIRST)
    broken.account.rows_read += 1
    result = await publish(connection, (dataset("real"), broken))
    assert (result.publication, result.failed) == (None, True)
    assert (await block_at(connection, 1)).cell(0, 2024).value == 100.0


async def test_new_facts_of_a_release_arrive_though_no_figure_is_new_and_a_file_is_refused(
    connection: asyncpg.Connection,
) -> None:
    broken = parsed({"population": {"WK900100": 1.0, "WK900101": 2.0}})
    broken.account.rows_read += 1
    files = (dataset(), parsed(FIRST)), (dataset("broken", rank=60), broken)
    await publish(connection, *files)
    later = replace(REFERENCE, sources=(replace(SOURCE, publisher="Others"),))

    result = await publish(connection, *files, reference=later)

    assert [each.outcome for each in result.outcomes] == ["unchanged", "failed"]
    assert (result.publication, result.counts) == (2, {"facts_closed": 1, "facts_opened": 1})
    assert (await publish(connection, *files, reference=later)).publication is None


async def test_years_of_two_datasets_share_one_series(connection: asyncpg.Connection) -> None:
    await publish(
        connection,
        (dataset("health-2016"), parsed(FIRST, year=2016)),
        (dataset("health-2020"), parsed(FIRST, year=2020)),
    )
    block = await block_at(connection, 1)
    assert block.periods == (2016, 2020)
    assert [block.cell(0, year).value for year in (2016, 2020)] == [100.0, 100.0]


async def test_the_real_country_replaces_the_demonstration(connection: asyncpg.Connection) -> None:
    await publish(connection, (dataset("demo"), parsed(FIRST)), fictional=True)
    await publish(connection, (dataset("real", vintage=2023), parsed(FIRST, year=2023)))
    assert await read_block(connection, POPULATION, 2) is None
    assert (await block_at(connection, 1)).cell(0, 2024).value == 100.0


async def test_what_is_replaced_within_one_publication_counts_as_never_opened(
    connection: asyncpg.Connection,
) -> None:
    better = parsed({"population": {"WK900100": 9.0, "WK900101": 8.0}}, names={"WK900100": "Beter"})
    result = await publish(
        connection, (dataset(), parsed(FIRST)), (dataset("better", rank=60), better)
    )
    counts = {k: n for k, n in result.counts.items() if not k.startswith("facts")}
    assert counts == {"areas_opened": 2, "cells_opened": 2}
    rows = await connection.fetch("SELECT value, load_id FROM observation ORDER BY value")
    assert [tuple(row) for row in rows] == [(8.0, 2), (9.0, 2)]
    assert [o.outcome for o in result.outcomes] == ["published", "published"]


async def test_a_block_holds_exactly_the_open_rows(connection: asyncpg.Connection) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    later = {"population": {"WK900101": 7.0, "WK900100": Reason.CONFIDENTIAL}}
    await publish(connection, (dataset("later", rank=60), parsed(later)))
    rows = await connection.fetch(
        "SELECT a.ordinal, o.period, o.value, o.reason, o.load_id FROM observation AS o"
        " JOIN area AS a ON a.id = o.area_id WHERE until_publication IS NULL ORDER BY 1"
    )
    assert [tuple(row) for row in rows] == _cells(await block_at(connection, 2))


def _cells(block: Block) -> list[tuple[int, int, float | None, int, int]]:
    found = []
    for ordinal, column in zip(*np.nonzero(block.loads != NO_LOAD), strict=True):
        cell = block.cell(int(ordinal), block.periods[column])
        assert cell.load is not None
        found.append((int(ordinal), block.periods[column], cell.value, int(cell.reason), cell.load))
    return found


async def test_a_cut_edition_is_refused_and_what_stood_stays(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    cut = parsed({"population": {"WK900100": 100.0}})
    result = await publish(connection, (dataset(), cut))
    assert (result.publication, result.outcomes[0].outcome) == (None, "failed")
    assert "--accept-loss" in (result.outcomes[0].message or "")


async def test_a_loss_that_is_accepted_is_published(connection: asyncpg.Connection) -> None:
    await publish(connection, (dataset(), parsed(FIRST)))
    cut = parsed({"population": {"WK900100": 100.0}})
    result = await publish(connection, (dataset(), cut), accept_loss=True)
    assert result.publication == 2
    assert (await block_at(connection, 2)).cell(1, 2024).reason is Reason.NO_ROW


async def test_a_vintage_of_which_only_a_sample_is_loaded_is_partial(
    connection: asyncpg.Connection,
) -> None:
    sample = replace(dataset(), lists_all_areas=False)
    await publish(connection, (sample, parsed(FIRST)))
    assert (await read_known(connection, 1)).partial == {(Level.WIJK, 2024)}
    await publish(connection, (dataset("all", rank=60), parsed(FIRST, names={"WK900100": "Een"})))
    assert (await read_known(connection, 2)).partial == frozenset()


async def test_the_counts_of_a_block_are_those_of_its_cells(
    connection: asyncpg.Connection,
) -> None:
    """Water counts as such; an area that was here before the country came is no area."""
    await publish(
        connection, (dataset(), parsed({"population": {"WK900102": 1.0}})), fictional=True
    )
    cells = {"population": {"WK900100": 100.0, "WK900101": Reason.DOT, "WK900199": Reason.DOT}}
    await publish(connection, (dataset("real"), parsed(cells)))

    counted = (await read_index(connection, 2)).counted[POPULATION]
    (found,) = completeness((2024,), counted)
    assert (counted.rows, found.areas, found.known) == (4, 3, 1)
    assert {s.name: n for s, n in found.by_status.items() if n} == {
        "OBSERVED": 1, "UNKNOWN": 1, "NOT_APPLICABLE": 1,
    }  # fmt: skip


async def test_the_store_explains_every_reason_that_its_rows_name(
    connection: asyncpg.Connection,
) -> None:
    await publish(connection, (dataset(), parsed({"population": {"WK900100": Reason.DOT}})))
    # As a release before would have left it.
    await connection.execute("UPDATE reason SET text_nl = 'anders' WHERE slug = 'dot'")
    await publish(connection, (dataset(), parsed({"population": {"WK900100": 1.0}})))
    rows = await connection.fetch("SELECT code, slug, status, text_nl, text_en FROM reason")
    assert {tuple(row) for row in rows} == {
        (int(r), r.slug, r.status.name, r.text("nl"), r.text("en")) for r in Reason
    }
