"""An ingest: datasets are obtained, parsed and merged one by one, and published all at once.

One transaction, so that a failure or a kill at any point leaves the last publication serving. A
dataset that is refused or broken is rolled back by itself and named; the others still publish.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import asyncpg

from db.core.catalogue import Catalogue
from db.core.errors import LeefbaarheidError, RefusedFile
from db.ingest import publishing as opening
from db.ingest.dataset import Received, put_dataset
from db.ingest.demonstration import leave_demonstration
from db.ingest.drawing import Prepared
from db.ingest.facts import put_facts
from db.ingest.links import put_links
from db.ingest.publishing import Publishing
from db.ingest.tiles import put_tiles
from db.repository.facts import Bodies
from db.sources.dataset import Dataset
from db.sql import queries

_LOADS = queries("loads")
_logger = logging.getLogger("leefbaarheid.ingest")


@dataclass(frozen=True, slots=True)
class Obtained:
    """A dataset's bytes at hand: where from, and how to parse them when they turn out new."""

    received: Received
    parse: Callable[[], Awaitable[Prepared]]


@dataclass(frozen=True, slots=True)
class Task:
    """A dataset to ingest, how to obtain it, and a digest of everything else that shapes it."""

    dataset: Dataset
    recipe: str
    obtain: Callable[[], Awaitable[Obtained]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one dataset: published, unchanged, refused or failed."""

    dataset: str
    outcome: str
    message: str | None = None
    checksum: str | None = None
    recipe: str | None = None
    account: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    publication: int | None
    """The number published, or None where nothing changed."""
    outcomes: tuple[Outcome, ...]
    counts: dict[str, int]

    @property
    def failed(self) -> bool:
        return any(outcome.outcome == "failed" for outcome in self.outcomes)


class Reporter(Protocol):
    """Told of every step; `done` of `total` datasets are finished."""

    def step(self, dataset: str, phase: str, done: int, total: int) -> None: ...

    def outcome(self, outcome: Outcome) -> None: ...


@dataclass(frozen=True, slots=True)
class Country:
    """What an ingest publishes besides figures: the facts and the catalogue it reads them by."""

    facts: Bodies
    catalogue: Catalogue
    fictional: bool
    note: str | None = None


async def run(
    connection: asyncpg.Connection,
    tasks: Sequence[Task],
    country: Country,
    *,
    clock: Callable[[], datetime],
    reporter: Reporter,
    accept_loss: bool = False,
) -> Result:
    """Ingest `tasks` into one publication; Result.publication is None where nothing changed.

    Everything is fetched before the transaction opens: no lock waits for a publisher.
    """
    steps = _Steps(reporter, len(tasks))
    fetched = await asyncio.gather(*(_fetched(task, steps) for task in tasks))
    transaction = connection.transaction()
    await transaction.start()
    try:
        publishing = await opening.begin(connection, clock())
        publishing.accept_loss = accept_loss
        if not country.fictional:
            await leave_demonstration(publishing)
        await put_facts(publishing, country.facts)
        outcomes = [
            await _ingested(publishing, task, found, country.catalogue, steps)
            for task, found in zip(tasks, fetched, strict=True)
        ]
        changed = _worth_publishing(outcomes)
        if changed:
            outcomes += await _drawn(publishing, steps)
            outcomes += await _linked(publishing, steps)
            changed = publishing.counts.total() > 0
        if changed:
            await opening.close(publishing, fictional=country.fictional, note=country.note)
    except BaseException:
        await transaction.rollback()
        raise
    await (transaction.commit() if changed else transaction.rollback())
    number = publishing.number if changed else None
    await record(connection, outcomes, number, clock())
    counts = {name: n for name, n in sorted(publishing.counts.items()) if n and changed}
    return Result(number, tuple(outcomes), counts)


def _worth_publishing(outcomes: Sequence[Outcome]) -> bool:
    """Not when nothing could be loaded: publishers that are down must not empty the store.

    Where anything stands as it was fetched, a release's new facts arrive, whatever else is refused.
    """
    words = {outcome.outcome for outcome in outcomes}
    return not words or not words.isdisjoint({"published", "unchanged"})


async def _drawn(publishing: Publishing, steps: "_Steps") -> list[Outcome]:
    """Make the tiles; a map that cannot be drawn is named, and nothing waits for it."""
    failed = await put_tiles(publishing, lambda one: steps.step(str(one), "draw"))
    outcomes = [Outcome(str(one), "failed", "not drawn as tiles; see the log") for one in failed]
    for outcome in outcomes:
        steps.reporter.outcome(outcome)
    return outcomes


async def _linked(publishing: Publishing, steps: "_Steps") -> list[Outcome]:
    """Link the vintages; a pair that cannot be linked is named, and nothing waits for it."""
    failed = await put_links(publishing, lambda pair: steps.step(str(pair), "link"))
    outcomes = [Outcome(str(pair), "failed", "not linked; see the log") for pair in failed]
    for outcome in outcomes:
        steps.reporter.outcome(outcome)
    return outcomes


@dataclass(slots=True)
class _Steps:
    """Tells the reporter how far the ingest is."""

    reporter: Reporter
    total: int
    done: int = 0

    def step(self, dataset: str, phase: str) -> None:
        self.reporter.step(dataset, phase, self.done, self.total)

    def finish(self, outcome: Outcome) -> Outcome:
        self.done += 1
        self.reporter.outcome(outcome)
        return outcome


async def _fetched(task: Task, steps: _Steps) -> Obtained | Outcome:
    steps.step(task.dataset.id, "fetch")
    try:
        return await task.obtain()
    except LeefbaarheidError as failure:
        return _unloaded(task, failure)


async def _ingested(
    publishing: Publishing,
    task: Task,
    found: Obtained | Outcome,
    catalogue: Catalogue,
    steps: _Steps,
) -> Outcome:
    if isinstance(found, Outcome):
        return steps.finish(found)
    name, checksum = task.dataset.id, found.received.checksum
    try:
        if await _seen(publishing.connection, task, checksum):
            return steps.finish(Outcome(name, "unchanged", None, checksum, task.recipe))
        steps.step(name, "parse")
        prepared = await found.parse()
        steps.step(name, "merge")
        account, changed = await _merged(publishing, task.dataset, prepared, found, catalogue)
    except (LeefbaarheidError, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as why:
        return steps.finish(_unloaded(task, why))
    word = "published" if changed else "unchanged"
    return steps.finish(Outcome(name, word, None, checksum, task.recipe, account))


def _unloaded(task: Task, why: Exception) -> Outcome:
    if isinstance(why, RefusedFile):
        return Outcome(task.dataset.id, "refused", str(why))
    if isinstance(why, LeefbaarheidError):
        return Outcome(task.dataset.id, "failed", str(why))
    # Postgres' own words may quote data or SQL: they go to the log, not into the outcome.
    _logger.error("the store refused rows of %s", task.dataset.id, exc_info=why)
    return Outcome(task.dataset.id, "failed", "the store refused these rows; see the log")


async def _merged(
    publishing: Publishing,
    dataset: Dataset,
    prepared: Prepared,
    obtained: Obtained,
    catalogue: Catalogue,
) -> tuple[dict[str, Any], bool]:
    """Merge under a savepoint: a failure takes back this dataset and nothing else."""
    counts, writes = publishing.counts.copy(), publishing.writes
    try:
        async with publishing.connection.transaction():
            account = await put_dataset(
                publishing, dataset, prepared, received=obtained.received, catalogue=catalogue
            )
    except BaseException:
        publishing.counts, publishing.writes = counts, writes
        publishing.rosters.clear()
        raise
    return account, publishing.writes != writes


async def _seen(connection: asyncpg.Connection, task: Task, checksum: str) -> bool:
    last = await connection.fetchrow(_LOADS["last_attempt"], task.dataset.id)
    return last is not None and (last["checksum"], last["recipe"]) == (checksum, task.recipe)


async def record(
    connection: asyncpg.Connection, outcomes: Sequence[Outcome], number: int | None, now: datetime
) -> None:
    """Write down what became of every dataset, also where nothing was published."""
    await connection.executemany(
        _LOADS["record_attempt"],
        [
            (o.dataset, now, o.outcome, o.message, o.checksum, o.recipe, number)
            for o in outcomes
        ],
    )  # fmt: skip
