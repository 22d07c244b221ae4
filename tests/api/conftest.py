"""Voorbeeldland served once for all stories, which only read it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.demonstration import served
from tests.databases import copied


@pytest.fixture(scope="session")
async def stories(
    postgres: str, demonstration: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service over Voorbeeldland."""
    async with (
        copied(postgres, "stories", demonstration) as dsn,
        served(dsn, tmp_path_factory.mktemp("stories"), "{ __typename }") as opened,
    ):
        yield opened
