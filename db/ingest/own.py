"""Somebody's own indicators into the store: all that is stated is right, or nothing is loaded.

They become an ordinary publication beside the publishers' figures, whose facts stay as they are.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import numpy as np

from db.core.catalogue import Catalogue
from db.core.errors import BrokenLoad, RefusedOwnData
from db.core.figures import Account, Column, Figures, Parsed
from db.core.indicator import Indicator
from db.core.own import OWN_PREFIX, OwnCell, OwnData, OwnTable, Problems
from db.ingest import publishing as opening
from db.ingest.dataset import Received, put_dataset
from db.ingest.drawing import Prepared
from db.ingest.facts import change_facts
from db.ingest.own_checks import Standing, check_cells, check_indicators, read_standing
from db.ingest.publishing import Publishing
from db.ingest.run import Outcome, Reporter, Result, record
from db.repository.facts import own_bodies
from db.repository.publications import newest_is_fictional
from db.sources.dataset import Dataset, Family, Payload
from db.sources.own_table import read_own_table
from db.sql import queries

_OWN = queries("own")
Read = Mapping[str, list[OwnCell]]


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """A metadata file that was read, and the bytes of its tables in the same order."""

    data: OwnData
    contents: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    """One table that was read, as the dataset that it is."""

    data: OwnData
    table: OwnTable
    dataset: Dataset
    checksum: str
    cells: Read


async def publish_own(
    connection: asyncpg.Connection,
    given: Sequence[OwnFiles],
    catalogue: Sequence[Indicator],
    *,
    clock: Callable[[], datetime],
    reporter: Reporter,
    accept_loss: bool = False,
) -> Result:
    """Publish own indicators; RefusedOwnData with all that is wrong, and then nothing changes."""
    problems = Problems()
    jobs = [job for one in given for job in await _jobs(one, clock(), problems)]
    transaction = connection.transaction()
    await transaction.start()
    try:
        publishing = await opening.begin(connection, clock())
        publishing.accept_loss = accept_loss
        standing = await read_standing(publishing, [one.data for one in given], catalogue)
        await _check(publishing, given, jobs, standing, problems)
        outcomes = await _put(publishing, given, jobs, standing)
        changed = publishing.counts.total() > 0
        if changed:
            fictional = bool(await newest_is_fictional(connection))
            names = ", ".join(one.data.id for one in given)
            await opening.close(publishing, fictional=fictional, note=f"own data: {names}"[:200])
    except BrokenLoad as error:
        await transaction.rollback()
        raise RefusedOwnData([str(error)]) from None
    except BaseException:
        await transaction.rollback()
        raise
    await (transaction.commit() if changed else transaction.rollback())
    number = publishing.number if changed else None
    await record(connection, outcomes, number, clock())
    for outcome in outcomes:
        reporter.outcome(outcome)
    counts = {name: n for name, n in sorted(publishing.counts.items()) if n and changed}
    return Result(number, tuple(outcomes), counts)


async def _jobs(given: OwnFiles, now: datetime, problems: Problems) -> list[_Job]:
    jobs = []
    for table, content in zip(given.data.tables, given.contents, strict=True):
        cells = await asyncio.to_thread(read_own_table, table, content, now.date(), problems)
        name = f"{OWN_PREFIX}{given.data.id}-{table.level.value}-{table.vintage}"
        dataset = Dataset(
            name, given.data.source.slug, Family.OWN, table.vintage, _never, table=table.file,
            lists_all_areas=False,
        )  # fmt: skip
        jobs.append(_Job(given.data, table, dataset, hashlib.sha256(content).hexdigest(), cells))
    return jobs


def _never(dataset: Dataset, payload: Payload) -> Parsed:
    raise BrokenLoad(f"{dataset.id} is read where it is given, and not by a loader")


async def _check(
    publishing: Publishing,
    given: Sequence[OwnFiles],
    jobs: Sequence[_Job],
    standing: Standing,
    problems: Problems,
) -> None:
    check_indicators([one.data for one in given], standing, problems)
    for job in jobs:
        indicators = {each.slug: each for each in job.data.indicators}
        await check_cells(publishing, job.table, job.cells, indicators, problems)
    if not problems and not publishing.accept_loss:
        _check_years(jobs, standing, problems)
    if problems:
        raise RefusedOwnData(problems.listed, problems.more)


def _stated(jobs: Sequence[_Job]) -> dict[tuple[str, str, int], set[int]]:
    """Years by indicator, level and vintage."""
    return {
        (slug, job.table.level.value, job.table.vintage): {cell.year for cell in cells}
        for job in jobs
        for slug, cells in job.cells.items()
    }


def _check_years(jobs: Sequence[_Job], standing: Standing, problems: Problems) -> None:
    """A file that lacks whole years or levels of before is one that was cut, unless told."""
    stated = _stated(jobs)
    for key, series in standing.series.items():
        gone = sorted(set(series.years) - stated.get(key, set()))
        if gone:
            slug, level, vintage = key
            listed = ", ".join(map(str, gone))
            problems.add(
                standing.files[slug], None,
                f"{slug} had figures of {listed} for {level} {vintage} and has none now; "
                "if they are really withdrawn, load it with --accept-loss",
            )  # fmt: skip


async def _put(
    publishing: Publishing, given: Sequence[OwnFiles], jobs: Sequence[_Job], standing: Standing
) -> list[Outcome]:
    for one in given:
        facts = own_bodies([one.data.source], one.data.indicators)
        await change_facts(
            publishing, facts, [("withdrawal", each.slug) for each in one.data.indicators]
        )
    stated = _stated(jobs)
    shorter = [
        series.id
        for key, series in standing.series.items()
        if set(series.years) - stated.get(key, set())
    ]
    await close_series(publishing, shorter)
    return [await _outcome(publishing, job) for job in jobs]


async def close_series(publishing: Publishing, ids: Sequence[int]) -> None:
    """Take whole series out of this publication; earlier ones keep them."""
    if not ids:
        return
    closed = await publishing.connection.execute(
        _OWN["close_observations"], list(ids), publishing.number
    )
    await publishing.connection.execute(_OWN["close_blocks"], list(ids), publishing.number)
    publishing.counts["cells_closed"] += int(closed.split()[-1])


async def _outcome(publishing: Publishing, job: _Job) -> Outcome:
    before = publishing.writes
    account = await put_dataset(
        publishing,
        job.dataset,
        Prepared(_parsed(job), []),
        received=Received(f"own file: {job.table.file}", publishing.now, job.checksum),
        catalogue=Catalogue(job.data.indicators),
    )
    word = "published" if publishing.writes != before else "unchanged"
    return Outcome(job.dataset.id, word, None, job.checksum, None, account)


def _parsed(job: _Job) -> Parsed:
    account = Account()
    account.accept(len({cell.line for cells in job.cells.values() for cell in cells}))
    figures = [_figures(slug, cells) for slug, cells in job.cells.items()]
    return Parsed(account, figures=figures, title=job.data.source.name_nl)


def _figures(slug: str, cells: list[OwnCell]) -> Figures:
    bounds = [np.array([[c.lower] for c in cells]), np.array([[c.upper] for c in cells])]
    bounded = not np.isnan(bounds[0]).all()
    return Figures(
        codes=[cell.code for cell in cells],
        periods=np.array([cell.year for cell in cells], np.int32),
        columns=[Column(slug)],
        values=np.array([[cell.value] for cell in cells]),
        reasons=np.array([[cell.reason] for cell in cells], np.uint8),
        lower=bounds[0] if bounded else None,
        upper=bounds[1] if bounded else None,
    )
