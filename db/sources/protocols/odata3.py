"""CBS OData version 3 (StatLine, police, RIVM): a wide row per area, in pages of 10,000.

ODataFeed links its pages; ODataApi pages by $top and $skip, and refuses $skip with HTTP 500 since
2026, so a set that does not fit one page is then read from ODataFeed.

Options: set (TypedDataSet), dimensions, filter, select, each (a dimension: one query per key of
it), keys (only these keys of `each`).
"""

import asyncio
import re
from pathlib import Path

from db.core.errors import (
    ChangedMeanwhile,
    CountMismatch,
    PublisherRefused,
    PublisherUnavailable,
    UnknownKey,
)
from db.sources.ask import Ask, Kind, with_query
from db.sources.dataset import Dataset, Payload
from db.sources.http import Client
from db.sources.protocols.outline import Outline
from db.sources.protocols.reading import Paged, Progress, Reading, options_list, rows_of, together

PAGE = 10_000
_DIMENSIONS = ("Dimension", "GeoDimension", "GeoDetail", "TimeDimension")
_EQUALS = re.compile(r"(\w+)\s+eq\s+'((?:[^']|'')*)'")
_NO_SKIP = b"not supported on the ODataApi"

Query = dict[str, str]


async def fetch(dataset: Dataset, client: Client, folder: Path, progress: Progress) -> Payload:
    with Reading(dataset, client, folder, progress) as reading:
        table = _Table(reading)
        infos = table.url("TableInfos", {})
        edition = await reading.fingerprint("TableInfos", infos)
        await table.read_metadata()
        await table.read_data()
        if await reading.fingerprint("TableInfos", infos) != edition:
            raise ChangedMeanwhile(f"{reading.what}: a new edition came out during the fetch")
        return reading.payload()


class _Table:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._options = reading.dataset.options
        self._keys: dict[str, list[str]] = {}
        self._base = reading.table

    def url(self, entity_set: str, query: Query, *, feed: bool = False) -> str:
        base = self._base.replace("/ODataApi/", "/ODataFeed/") if feed else self._base
        return with_query(f"{base}/{entity_set}", {"$format": "json", **query})

    async def read_metadata(self) -> None:
        properties = await self._read(Paged("DataProperties", "value"), "DataProperties", {})
        names = options_list(self._options.get("dimensions"))
        for name in names or await asyncio.to_thread(_dimensions_in, properties.paths):
            pages = await self._read(Paged(name, "value"), name, {})
            self._keys[name] = await asyncio.to_thread(_keys_in, pages.paths)
            self._reading.add(name, *pages.paths)
        self._reading.add("DataProperties", *properties.paths)

    async def read_data(self) -> None:
        each = self._options.get("each")
        if each is None:
            await self._read_whole()
            return
        parts = [f"{each} eq '{key}'" for key in self._wanted(each)]
        if not parts:
            raise UnknownKey(f"{self._reading.what}: {each} has no keys to ask for")
        answers = await together(self._read_counted(part) for part in parts)
        for paged in answers:
            if paged.rows == 0 and paged.expected is None:
                # A key of the dimension without any row looks like a key of the wrong width.
                raise CountMismatch(f"{self._reading.what}, a key of {each}", 1, 0)
            self._reading.add("data", *paged.paths)
        totals = [paged.expected for paged in answers if paged.expected is not None]
        if len(totals) == len(answers):
            self._reading.write("count", str(sum(totals)))

    async def _read_whole(self) -> None:
        paged = await self._read_counted(None)
        self._reading.add("data", *paged.paths)
        if paged.expected is not None:
            self._reading.write("count", str(paged.expected))

    async def _read_counted(self, part: str | None) -> Paged:
        """The rows of one query, checked against the publisher's own count of them."""
        entity_set = self._options.get("set", "TypedDataSet")
        filters = [part, self._padded(self._options.get("filter"))]
        filtered = " and ".join(f"({text})" for text in filters if text)
        query = {"$filter": filtered} if filtered else {}
        paged = Paged("data", "value", await self._count(entity_set, query), reports=True)
        if part is None:
            self._reading.total = paged.expected
        selected = self._options.get("select")
        return await self._read(
            paged, entity_set, query | ({"$select": selected} if selected else {})
        )

    async def _read(self, paged: Paged, entity_set: str, query: Query) -> Paged:
        reading = self._reading
        if "/ODataApi/" not in self._base:
            return await reading.follow(paged, self.url(entity_set, query), _next_link)

        def ask_from(row: int) -> Ask:
            bounds = {"$top": str(PAGE), "$skip": str(row)} if row else {"$top": str(PAGE)}
            url = self.url(entity_set, {**query, **bounds})
            return Ask(url, paged.role, reading.what, hopeless=_NO_SKIP)

        try:
            return await reading.step(paged, ask_from)
        except PublisherRefused:
            if not paged.rows:
                raise
        fresh = reading.restart(paged)
        return await reading.follow(fresh, self.url(entity_set, query, feed=True), _next_link)

    async def _count(self, entity_set: str, query: Query) -> int | None:
        """What the publisher counts; the number of areas where it does not count."""
        url = with_query(f"{self._base}/{entity_set}/$count", dict(query))
        try:
            text = await self._reading.small(Ask(url, "count", self._reading.what, Kind.TEXT))
        except (PublisherRefused, PublisherUnavailable):
            return self._areas() if not query else None
        number = text.decode("utf-8-sig", "replace").strip()
        return int(number) if number.isdecimal() else None

    def _areas(self) -> int | None:
        """Rows of a table whose only dimension is the area: one per key (KWB, any year)."""
        keys = list(self._keys.values())
        return len(keys[0]) if len(keys) == 1 else None

    def _wanted(self, dimension: str) -> list[str]:
        chosen = options_list(self._options.get("keys"))
        if not chosen:
            return [key.replace("'", "''") for key in self._keys.get(dimension, [])]
        return [self._key(dimension, key) for key in chosen]

    def _padded(self, text: str | None) -> str | None:
        """The filter with every key as wide as the publisher writes it.

        CBS answers a key of another width with an empty list and status 200.
        """
        return text and _EQUALS.sub(
            lambda found: f"{found[1]} eq '{self._key(found[1], found[2])}'", text
        )

    def _key(self, dimension: str, key: str) -> str:
        if dimension not in self._keys:
            return key
        bare = key.strip()
        for known in self._keys[dimension]:
            if known.strip() == bare:
                return known
        raise UnknownKey(f"{self._reading.what}: {dimension} has no key {bare[:20]!r}")


def _next_link(page: Outline) -> object:
    return page.members.get("odata.nextLink")


def _keys_in(paths: list[Path]) -> list[str]:
    return [str(row["Key"]) for row in rows_of(paths)]


def _dimensions_in(paths: list[Path]) -> list[str]:
    return [str(row["Key"]) for row in rows_of(paths) if row.get("Type") in _DIMENSIONS]
