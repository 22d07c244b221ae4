"""OGC API Features as PDOK serves it: opaque cursors, no total, limits that may be cut.

Options: limit (1000), jaarcode, bbox, crs. The CRS of the answer is in its Content-Crs header,
which the payload keeps.
"""

from pathlib import Path

from db.core.errors import BrokenLoad, CountMismatch, PublisherRefused, TruncatedAnswer
from db.sources.ask import with_query
from db.sources.dataset import Dataset, Payload
from db.sources.http import Client
from db.sources.protocols.outline import Outline
from db.sources.protocols.reading import Paged, Progress, Reading

_FILTERS = ("jaarcode", "bbox", "crs")
# One client reports that more than this is refused, two others use 300 and 1,000 (2025).
_SAFE_LIMIT = "100"


async def fetch(dataset: Dataset, client: Client, folder: Path, progress: Progress) -> Payload:
    with Reading(dataset, client, folder, progress) as reading:
        paged = await _read(reading)
        reading.add("data", *paged.paths)
        systems = {page.headers.get("content-crs") for page in paged.pages}
        if len(systems) > 1:
            raise BrokenLoad(f"{reading.what}: pages name different coordinate systems")
        if system := systems.pop():
            reading.headers["Content-Crs"] = system
        return reading.payload()


async def _read(reading: Reading) -> Paged:
    paged = Paged("data", "features", reports=True)
    limit = reading.dataset.options.get("limit", "1000")
    try:
        return await reading.follow(paged, _first(reading, limit), _Links(reading.what))
    except PublisherRefused as refused:
        if refused.status != 400 or paged.pages or limit == _SAFE_LIMIT:
            raise
    return await reading.follow(paged, _first(reading, _SAFE_LIMIT), _Links(reading.what))


def _first(reading: Reading, limit: str) -> str:
    options = reading.dataset.options
    items = reading.address if reading.address.endswith("/items") else f"{reading.address}/items"
    filters = {name: options[name] for name in _FILTERS if name in options}
    return with_query(items, {"f": "json", "limit": limit, **filters})


class _Links:
    """Finds the next page and holds what each page says of its own size against its features."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._rows = 0

    def __call__(self, page: Outline) -> object:
        self._rows += page.rows
        returned = page.members.get("numberReturned")
        if isinstance(returned, int) and returned != page.rows:
            raise CountMismatch(f"{self._what}, a page", returned, page.rows)
        links = page.members.get("links", [])
        if not isinstance(links, list):
            raise TruncatedAnswer(f"{self._what}: the page's links are no list")
        following = [link.get("href") for link in links if _is_next(link)]
        if not following:
            self._check_total(page)
        return following[0] if following else None

    def _check_total(self, last: Outline) -> None:
        """PDOK announces no total; where a server does, it must be right."""
        total = last.members.get("numberMatched")
        if isinstance(total, int) and total != self._rows:
            raise CountMismatch(self._what, total, self._rows)


def _is_next(link: object) -> bool:
    return isinstance(link, dict) and link.get("rel") == "next"
