"""Loading a country: Voorbeeldland, or the Netherlands from its publishers or from a mirror."""

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from db.core.catalogue import Catalogue
from db.core.errors import NothingToLoad, RealDataPresent
from db.core.indicator import Indicator, Matcher
from db.demo.country import build_country
from db.ingest.parsing import Parser, parser
from db.ingest.run import Country, Result, Task, run
from db.ingest.tasks import folder_task, in_folder, parsed_task, publisher_task
from db.reference.facts import load_reference
from db.reference.indicators import load_indicators
from db.repository.facts import bodies
from db.repository.publications import newest, newest_is_fictional
from db.sources.dataset import Dataset, Family
from db.sources.datasets import DATASETS, chosen
from db.sources.http import open_client
from db.sources.policy import FetchPolicy
from service.console import Reporter


def now() -> datetime:
    return datetime.now(UTC)


async def load_demonstration(connection: asyncpg.Connection, reporter: Reporter) -> Result:
    """Publish Voorbeeldland; refused over real data."""
    if await newest(connection) and not await newest_is_fictional(connection):
        raise RealDataPresent
    made = build_country()
    indicators = load_indicators()
    tasks = [
        parsed_task(dataset, parsed, _digest(parsed), indicators, now)
        for dataset, parsed in made.parsed
    ]
    country = Country(
        bodies(made.reference, indicators),
        Catalogue(_by_slug(indicators)),
        fictional=True,
        note="Voorbeeldland (fictief)",
    )
    return await run(connection, tasks, country, clock=now, reporter=reporter)


def _by_slug(indicators: Sequence[Indicator]) -> list[Indicator]:
    """Indicators recognised by their own slug: Voorbeeldland's tables have no publisher's names."""
    return [
        replace(i, matchers=tuple(Matcher(family.value, short=i.slug) for family in Family))
        for i in indicators
    ]


def _digest(made: object) -> str:
    return hashlib.sha256(pickle.dumps(made, protocol=5)).hexdigest()


async def load_netherlands(
    connection: asyncpg.Connection,
    reporter: Reporter,
    *,
    sources: Sequence[str],
    folder: Path | None,
    cache: Path,
    policy: FetchPolicy,
    accept_loss: bool = False,
) -> Result:
    """Publish the real country from a mirror folder, or from the publishers' own addresses."""
    indicators = load_indicators()
    country = Country(bodies(load_reference(), indicators), Catalogue(indicators), fictional=False)
    with parser() as running:
        if folder is not None:
            tasks = _mirror_tasks(sources, folder, running, indicators)
            return await run(
                connection, tasks, country, clock=now, reporter=reporter, accept_loss=accept_loss
            )
        async with open_client(policy) as client:
            tasks = [
                publisher_task(
                    dataset, client, cache, running,
                    indicators=indicators, clock=now, progress=reporter.fetched,
                )
                for dataset in chosen(sources)
                if dataset.address
            ]  # fmt: skip
            return await run(
                connection, tasks, country, clock=now, reporter=reporter, accept_loss=accept_loss
            )


def _mirror_tasks(
    sources: Sequence[str], folder: Path, running: Parser, indicators: Sequence[Indicator]
) -> list[Task]:
    found: list[Dataset] = in_folder(chosen(sources), folder)
    if not found:
        raise NothingToLoad(len(DATASETS))
    return [folder_task(dataset, folder, running, indicators, now) for dataset in found]
