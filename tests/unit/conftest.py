"""A server that speaks every publisher's protocol, which each test begins without faults."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publishers import PublisherServer
from tests.publishers.fetching import Fetching, every_protocol


@pytest.fixture(scope="module")
def one_server() -> Iterator[PublisherServer]:
    with every_protocol() as started:
        yield started


@pytest.fixture
def fetching(one_server: PublisherServer, tmp_path: Path) -> Fetching:
    one_server.faults.clear()
    one_server.log.clear()
    return Fetching(one_server, tmp_path)
