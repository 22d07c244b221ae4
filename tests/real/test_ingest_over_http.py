"""Whole ingests from a server that speaks the publishers' protocols, with and without faults."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from db.core.catalogue import Catalogue
from db.ingest.parsing import Parser, parser
from db.ingest.run import Country, Result, run
from db.ingest.tasks import publisher_task
from db.reference.facts import load_reference
from db.reference.indicators import load_indicators
from db.repository.facts import bodies
from db.sources.dataset import Dataset
from db.sources.datasets import dataset
from db.sources.http import Client, open_client
from tests.publishers import PublisherServer
from tests.publishers.clock import StoodClock
from tests.publishers.faults import cut, html, status
from tests.quiet import Quiet

pytestmark = pytest.mark.real
INDICATORS = load_indicators()
_FEW = 300
COUNTRY = Country(bodies(load_reference(), INDICATORS), Catalogue(INDICATORS), fictional=False)


@pytest.fixture(scope="module")
def server(real_data: Path) -> Iterator[PublisherServer]:
    """With few wijken: what is wrong with a connection does not depend on their number."""
    with PublisherServer.from_folder(real_data, wijken=_FEW) as started:
        yield started


@pytest.fixture(scope="module")
def whole(real_data: Path) -> Iterator[PublisherServer]:
    with PublisherServer.from_folder(real_data) as started:
        yield started


@pytest.fixture(scope="module")
def running() -> Iterator[Parser]:
    with parser() as started:
        yield started


class Ingest:
    """Ingests datasets of the server into one database, with one cache of downloads."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        server: PublisherServer,
        client: Client,
        running: Parser,
        folder: Path,
    ) -> None:
        self._connection, self._server, self._client = connection, server, client
        self._running, self._folder = running, folder

    async def __call__(self, *datasets: Dataset) -> Result:
        tasks = [
            publisher_task(
                self._server.dataset(each), self._client, self._folder, self._running,
                indicators=INDICATORS, clock=_now, progress=lambda *_: None,
            )
            for each in datasets
        ]  # fmt: skip
        return await run(self._connection, tasks, COUNTRY, clock=_now, reporter=Quiet())


@pytest.fixture
async def ingest(
    connection: asyncpg.Connection, server: PublisherServer, running: Parser, tmp_path: Path
) -> AsyncIterator[Ingest]:
    server.faults.clear()
    async with open_client(server.policy, StoodClock().clock()) as client:
        yield Ingest(connection, server, client, running, tmp_path)


@pytest.fixture
async def whole_ingest(
    connection: asyncpg.Connection, whole: PublisherServer, running: Parser, tmp_path: Path
) -> AsyncIterator[Ingest]:
    async with open_client(whole.policy, StoodClock().clock()) as client:
        yield Ingest(connection, whole, client, running, tmp_path)


def _now() -> datetime:
    return datetime.now(UTC)


MAP, KWB = dataset("wijk-map-2024"), dataset("kwb-2020")


async def test_a_map_and_a_table_come_over_http_into_one_publication(
    whole_ingest: Ingest, connection: asyncpg.Connection
) -> None:
    result = await whole_ingest(MAP, KWB)
    assert [o.outcome for o in result.outcomes] == ["published", "published"]
    assert result.counts["shapes_opened"] == 3475
    assert result.counts["areas_opened"] == 3475 + 17_341
    rows = await connection.fetchval("SELECT count(*) FROM observation")
    assert rows == result.counts["cells_opened"]


async def test_a_second_run_downloads_nothing_and_publishes_nothing(
    ingest: Ingest, server: PublisherServer
) -> None:
    await ingest(MAP)
    server.log.clear()
    again = await ingest(MAP)
    assert (again.publication, again.outcomes[0].outcome) == (None, "unchanged")
    assert sum(request.sent for request in server.log) == 0


async def test_two_server_errors_are_overcome(ingest: Ingest, server: PublisherServer) -> None:
    server.faults.add("wijken/items", status(500), times=2)
    assert [o.outcome for o in (await ingest(MAP)).outcomes] == ["published"]


async def test_a_cut_connection_is_overcome(ingest: Ingest, server: PublisherServer) -> None:
    server.faults.add("wijken/items", cut(10_000), times=1)
    result = await ingest(MAP)
    assert result.counts["shapes_opened"] == _FEW


async def test_html_with_status_200_fails_and_publishes_nothing(
    ingest: Ingest, server: PublisherServer, connection: asyncpg.Connection
) -> None:
    server.faults.add("wijken/items", html())
    result = await ingest(MAP)
    assert (result.publication, result.outcomes[0].outcome) == (None, "failed")
    assert await connection.fetchval("SELECT count(*) FROM area") == 0


async def test_a_publisher_that_is_down_does_not_stop_the_other(
    ingest: Ingest, server: PublisherServer
) -> None:
    server.faults.add("datasets.cbs.nl", status(503))
    result = await ingest(MAP, KWB)
    assert [o.outcome for o in result.outcomes] == ["published", "failed"]
    assert result.publication == 1
