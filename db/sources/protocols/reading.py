"""One fetch of one dataset: its answers, gathered into a Payload, with what must hold of pages.

A page, or a link to a page, seen twice is refused; counts are checked against what the publisher
announces. Leaves behind either the whole payload or only answers that can be revalidated.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeVar
from urllib.parse import urlsplit

import orjson

from db.core.errors import (
    BrokenLoad,
    CountMismatch,
    EndlessPaging,
    FetchFailed,
    TruncatedAnswer,
    UntrustedRedirect,
)
from db.sources.ask import Ask, Kind
from db.sources.conditional import Fetched, Store
from db.sources.dataset import Dataset, Payload
from db.sources.files import open_bytes, read_bytes
from db.sources.http import Client
from db.sources.policy import host_of, joined
from db.sources.protocols.outline import Outline, outline

_SMALL = 1_000_000
# The lowest page cap that any of our publishers is known to have (PDOK, 2024).
SMALLEST_CAP = 1_000

T = TypeVar("T")

NextLink = Callable[[Outline], object]


class Progress(Protocol):
    """Told how many rows (or bytes, for single files) of a dataset have arrived."""

    def __call__(self, dataset_id: str, done: int, total: int | None) -> None: ...


@dataclass(slots=True)
class Paged:
    """The pages of one entity set so far."""

    role: str
    member: str
    expected: int | None = None
    reports: bool = False
    """Whether its rows move the progress bar."""
    rows: int = 0
    pages: list[Fetched] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @property
    def paths(self) -> list[Path]:
        return [page.path for page in self.pages]


class Reading:
    def __init__(self, dataset: Dataset, client: Client, folder: Path, progress: Progress) -> None:
        if not dataset.address:
            raise BrokenLoad(f"dataset {dataset.id} has no address to fetch from")
        self.dataset = dataset
        self.address = dataset.address.rstrip("/")
        self.what = f"{host_of(dataset.address)}, dataset {dataset.id}"
        self.headers: dict[str, str] = {}
        self.store = Store(folder / dataset.id)
        self._client = client
        self._progress = progress
        self.total: int | None = None
        """Rows to expect over all queries, once known."""
        self._parts: defaultdict[str, list[Path]] = defaultdict(list)
        self._touched: set[Path] = set()
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.store.retain(self._touched)
        elif isinstance(error, BrokenLoad) and not isinstance(error, FetchFailed):
            # What contradicts itself must not come back as a 304 next time.
            self.store.clear()
        else:
            self.store.retain_revalidatable()

    def payload(self) -> Payload:
        return Payload({role: tuple(paths) for role, paths in self._parts.items()}, self.headers)

    @property
    def table(self) -> str:
        """Address of the dataset's table, whether or not the address already ends in it."""
        name = self.dataset.table or ""
        named = not name or self.address.lower().endswith(f"/{name.lower()}")
        return self.address if named else f"{self.address}/{name}"

    def add(self, role: str, *paths: Path) -> None:
        self._parts[role].extend(paths)
        self._touched.update(paths)

    def write(self, role: str, text: str) -> None:
        """A part of our own making: the number of rows that the publisher announced."""
        path = self.store.folder / f"{role}.txt"
        path.write_text(text, encoding="ascii")
        self.add(role, path)

    async def fetch(self, role: str, url: str, kind: Kind = Kind.JSON) -> Fetched:
        return await self.ask(Ask(url, role, self.what, kind))

    async def ask(self, ask: Ask) -> Fetched:
        fetched = await self._client.fetch(ask, self.store)
        self._touched.add(fetched.path)
        return fetched

    async def download(self, role: str, url: str, kind: Kind) -> Fetched:
        """One answer whose bytes move the progress bar."""
        fetched = await self._client.fetch(
            Ask(url, role, self.what, kind),
            self.store,
            lambda received: self._progress(self.dataset.id, received, None),
        )
        self._touched.add(fetched.path)
        return fetched

    async def small(self, ask: Ask) -> bytes:
        """An answer of a few bytes, such as a count."""
        fetched = await self.ask(replace(ask, limit=_SMALL))
        return await asyncio.to_thread(read_bytes, fetched.path, _SMALL)

    async def fingerprint(self, role: str, url: str) -> str:
        """What identifies an edition's description; asked before and after the pages."""
        fetched = await self.fetch(role, url)
        content = await asyncio.to_thread(read_bytes, fetched.path)
        self._parts[role] = [fetched.path]
        return hashlib.sha256(content).hexdigest()

    async def page(self, paged: Paged, ask: Ask) -> Outline:
        """Fetch and add the next page; EndlessPaging when its rows were seen before."""
        if len(paged.pages) >= self._client.policy.max_pages:
            raise EndlessPaging(f"{self.what}: more than {len(paged.pages)} pages")
        fetched = await self.ask(ask)
        found = await asyncio.to_thread(_outline_of, fetched.path, paged.member, self.what)
        if found.rows and found.digest in paged.seen:
            raise EndlessPaging(f"{self.what}: {paged.role} holds the same page twice")
        paged.seen.add(found.digest)
        paged.pages.append(fetched)
        paged.rows += found.rows
        if paged.reports:
            self._done += found.rows
            self._progress(self.dataset.id, self._done, self.total)
        return found

    def restart(self, paged: Paged) -> Paged:
        """The same set without its pages, to be read another way."""
        if paged.reports:
            self._done -= paged.rows
        return replace(paged, rows=0, pages=[], seen=set())

    async def follow(self, paged: Paged, url: str, link: NextLink) -> Paged:
        """Pages by the publisher's own links, exactly as given, until there is none."""
        visited: set[str] = set()
        while url:
            if url in visited:
                raise EndlessPaging(f"{self.what}: {paged.role} links to a page already read")
            visited.add(url)
            found = await self.page(paged, Ask(url, paged.role, self.what))
            url = self._next(url, link(found))
        return self.complete(paged)

    async def step(self, paged: Paged, ask_from: Callable[[int], Ask]) -> Paged:
        """Pages by row number. A page that is not full does not end it while rows are missing."""
        while True:
            found = await self.page(paged, ask_from(paged.rows))
            enough = paged.expected is not None and paged.rows >= paged.expected
            last = paged.expected is None and found.rows < SMALLEST_CAP
            if enough or last or not found.rows:
                break
        if not found.rows and len(paged.pages) > 1:
            paged.pages.pop()
        return self.complete(paged)

    def complete(self, paged: Paged) -> Paged:
        """CountMismatch unless all announced rows are there."""
        if paged.expected is not None and paged.rows != paged.expected:
            raise CountMismatch(f"{self.what}, {paged.role}", paged.expected, paged.rows)
        return paged

    def _next(self, url: str, link: object) -> str:
        if link is None:
            return ""
        if not isinstance(link, str):
            raise TruncatedAnswer(f"{self.what}: the link to the next page is no text")
        target = joined(url, link)
        if host_of(target) != host_of(url):
            raise UntrustedRedirect(
                f"{self.what}: the next page is said to be at {host_of(target)[:60]!r}"
            )
        # A publisher behind a proxy may write http into its links; ours stay https.
        if urlsplit(url).scheme == "https" and target.startswith("http://"):
            return "https://" + target.removeprefix("http://")
        return target


def _outline_of(path: Path, member: str, what: str) -> Outline:
    with open_bytes(path) as stream:
        return outline(stream, member, what)


async def together(tasks: Iterable[Coroutine[None, None, T]]) -> list[T]:
    """All results in order; when one fails the others are stopped before its error goes on."""
    running = [asyncio.ensure_future(task) for task in tasks]
    try:
        return await asyncio.gather(*running)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def rows_of(paths: Iterable[Path]) -> list[dict[str, object]]:
    """The rows of a small entity set: a dimension's keys, a table's columns."""
    return [row for path in paths for row in orjson.loads(read_bytes(path))["value"]]


def options_list(text: str | None) -> list[str]:
    """'a, b,c' as a list; empty for None."""
    return [part.strip() for part in (text or "").split(",") if part.strip()]
