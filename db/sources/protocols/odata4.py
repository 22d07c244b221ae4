"""CBS OData version 4: one row per cell, in linked pages of 100,000, with why a value is absent.

Options: filter, select. Every dimension that the table lists is read with its codes and groups.
"""

import asyncio
from pathlib import Path

import orjson

from db.core.errors import ChangedMeanwhile, CountMismatch, PublisherRefused
from db.sources.ask import Ask, Kind, with_query
from db.sources.dataset import Dataset, Payload
from db.sources.files import read_bytes
from db.sources.http import Client
from db.sources.protocols.outline import Outline
from db.sources.protocols.reading import Paged, Progress, Reading, rows_of, together


async def fetch(dataset: Dataset, client: Client, folder: Path, progress: Progress) -> Payload:
    with Reading(dataset, client, folder, progress) as reading:
        table = _Table(reading)
        edition = await reading.fingerprint("Properties", table.url("Properties"))
        await table.read_metadata()
        await table.read_observations()
        if await reading.fingerprint("Properties", table.url("Properties")) != edition:
            raise ChangedMeanwhile(f"{reading.what}: a new edition came out during the fetch")
        return reading.payload()


class _Table:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._base = reading.table

    def url(self, entity_set: str, query: dict[str, str] | None = None) -> str:
        return with_query(f"{self._base}/{entity_set}", query or {})

    async def read_metadata(self) -> None:
        dimensions = await self._read("Dimensions")
        names = await asyncio.to_thread(_identifiers, dimensions.paths)
        await together(
            [
                self._read("MeasureCodes"),
                self._read_optional("MeasureGroups"),
                *(self._read(f"{name}Codes") for name in names),
                *(self._read_optional(f"{name}Groups") for name in names),
            ]
        )

    async def read_observations(self) -> None:
        options = self._reading.dataset.options
        query = {f"${name}": options[name] for name in ("filter", "select") if name in options}
        expected = await self._count(query)
        self._reading.total = expected
        paged = Paged("data", "value", expected, reports=True)
        await self._reading.follow(paged, self.url("Observations", query), _next_link)
        self._reading.add("data", *paged.paths)
        self._reading.write("count", str(expected))

    async def _read(self, entity_set: str) -> Paged:
        paged = Paged(entity_set, "value")
        await self._reading.follow(paged, self.url(entity_set), _next_link)
        self._reading.add(entity_set, *paged.paths)
        return paged

    async def _read_optional(self, entity_set: str) -> Paged:
        """Not every table has groups; one without answers 404."""
        try:
            return await self._read(entity_set)
        except PublisherRefused as refused:
            if refused.status != 404:
                raise
            return Paged(entity_set, "value")

    async def _count(self, query: dict[str, str]) -> int:
        """The publisher's count of these observations; without one nothing can be checked."""
        counted = {name: value for name, value in query.items() if name == "$filter"}
        ask = Ask(self.url("Observations/$count", counted), "count", self._reading.what, Kind.TEXT)
        try:
            text = (await self._reading.small(ask)).decode("utf-8-sig", "replace").strip()
        except PublisherRefused:
            text = "" if counted else await self._count_in_properties()
        if not text.isdecimal():
            raise CountMismatch(f"{self._reading.what}, a count of observations", 1, 0)
        return int(text)

    async def _count_in_properties(self) -> str:
        fetched = await self._reading.fetch("Properties", self.url("Properties"))
        return str(orjson.loads(read_bytes(fetched.path)).get("ObservationCount", ""))


def _next_link(page: Outline) -> object:
    return page.members.get("@odata.nextLink")


def _identifiers(paths: list[Path]) -> list[str]:
    return [str(row["Identifier"]) for row in rows_of(paths)]
