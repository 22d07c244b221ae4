"""WFS 2.0 (PDOK, Leefbaarometer): a count in XML, then pages of GeoJSON until all are there.

Options: layer, srs, sort (the code's column: pages are in no order unless asked), count (1000),
paging ('none' for one answer with everything).
"""

import asyncio
import re
from pathlib import Path
from xml.parsers import expat

from db.core.errors import BrokenLoad, TruncatedAnswer
from db.sources.ask import Ask, Kind, with_query
from db.sources.dataset import Dataset, Payload
from db.sources.files import read_bytes
from db.sources.http import Client
from db.sources.protocols.reading import Paged, Progress, Reading

_HITS_LIMIT = 1_000_000


async def fetch(dataset: Dataset, client: Client, folder: Path, progress: Progress) -> Payload:
    with Reading(dataset, client, folder, progress) as reading:
        expected = await _hits(reading)
        reading.total = expected
        paged = Paged("data", "features", expected, reports=True)
        if dataset.options.get("paging") == "none":
            await reading.page(paged, Ask(_features(reading, {}), "data", reading.what))
            reading.complete(paged)
        else:
            await reading.step(paged, lambda row: _page(reading, row))
        reading.add("data", *paged.paths)
        return reading.payload()


def _page(reading: Reading, row: int) -> Ask:
    options = reading.dataset.options
    bounds = {"count": options.get("count", "1000"), "startIndex": str(row)}
    if "sort" in options:
        bounds["sortBy"] = options["sort"]
    return Ask(_features(reading, bounds), "data", reading.what)


def _features(reading: Reading, bounds: dict[str, str]) -> str:
    srs = reading.dataset.options.get("srs")
    wanted = {"outputFormat": "application/json"} | ({"srsName": srs} if srs else {})
    return with_query(reading.address, _request(reading) | wanted | bounds)


def _request(reading: Reading) -> dict[str, str]:
    layer = reading.dataset.options.get("layer")
    if not layer:
        raise BrokenLoad(f"{reading.what}: the dataset names no layer")
    return {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": layer,
    }


async def _hits(reading: Reading) -> int | None:
    """What the server counts; None where it says 'unknown', as the standard allows."""
    url = with_query(reading.address, _request(reading) | {"resultType": "hits"})
    fetched = await reading.ask(Ask(url, "hits", reading.what, Kind.XML, limit=_HITS_LIMIT))
    reading.add("hits", fetched.path)
    body = await asyncio.to_thread(read_bytes, fetched.path, _HITS_LIMIT)
    return number_matched(body, reading.what)


def number_matched(body: bytes, what: str) -> int | None:
    """The numberMatched of a hits answer; a DOCTYPE is refused, whatever it declares."""
    root: list[tuple[str, dict[str, str]]] = []

    def refuse(*_: object) -> None:
        raise TruncatedAnswer(f"{what}: XML with a DOCTYPE is not read")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: root.append((name, attributes))
    try:
        parser.Parse(body, True)
    except expat.ExpatError as broken:
        raise TruncatedAnswer(f"{what}: the XML ends too early or is malformed") from broken
    name, attributes = root[0]
    if name.rpartition(":")[2] != "FeatureCollection":
        raise BrokenLoad(f"{what}: asked for a count, the answer is {_word(name)}")
    matched = attributes.get("numberMatched", attributes.get("numberOfFeatures", ""))
    if matched == "unknown":
        return None
    if not matched.isdecimal():
        raise TruncatedAnswer(f"{what}: the answer to a count holds no number")
    return int(matched)


def _word(text: str) -> str:
    return re.sub(r"[^\w:]", "", text)[:40]
