"""PDOK OGC API Features: pages of items, one file a page, in page order.

The server announces no total. Every page must hold what it says it returned, and the last one must
not link to a next: a capped answer is never taken for the whole map.
"""

from db.core.crs import CRS84, RD, epsg_of
from db.core.errors import BrokenLoad, CountMismatch, UnknownSystem
from db.core.figures import Parsed
from db.sources import geojson
from db.sources.area_rows import parsed
from db.sources.dataset import Dataset, Payload
from db.sources.layer import LayerBuilder


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """Areas and figures of the boundaries of the dataset's year (the collections hold several)."""
    builder = LayerBuilder()
    pages = payload.parts["data"]
    for number, path in enumerate(pages, start=1):
        before = builder.rows
        members = geojson.read(path, builder)
        _check_count(members, builder, builder.rows - before, path.name)
        if number == len(pages) and _has_next(members):
            raise BrokenLoad(f"{path.name}: the last page links to a next one that is not here")
    return parsed(dataset, [builder.layer(_system(payload))], paged=True)


def _check_count(members: geojson.Record, builder: LayerBuilder, got: int, page: str) -> None:
    returned = members.get("numberReturned")
    if not isinstance(returned, int):
        builder.notes["page-without-count"] += 1
    elif returned != got:
        raise CountMismatch(f"{page}: numberReturned", returned, got)


def _has_next(members: geojson.Record) -> bool:
    links = members.get("links")
    return isinstance(links, list) and any(
        isinstance(link, dict) and link.get("rel") == "next" for link in links
    )


def _system(payload: Payload) -> int:
    """CRS84 unless a header says otherwise; other degrees put latitude first (OGC 17-069)."""
    for name, value in payload.headers.items():
        if name.lower() == "content-crs":
            degrees_first = "CRS84" in value.upper()
            if epsg_of(value) != RD and not degrees_first:
                raise UnknownSystem(f"Content-Crs {value[:60]} puts latitude first; ask for CRS84")
            return CRS84 if degrees_first else RD
    return CRS84
