"""A server with a hand-made table of every protocol, and fetching from it into one folder."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import orjson

from db.core.figures import Parsed
from db.sources.conditional import STATE
from db.sources.dataset import Dataset, Family, Payload
from db.sources.files import read_bytes
from db.sources.http import open_client
from db.sources.protocols import fetch
from tests.publishers import PublisherServer, tiny
from tests.publishers.clock import StoodClock
from tests.publishers.features import Collection, OgcApi, Wfs
from tests.publishers.files import Files
from tests.publishers.odata import ODataV3, ODataV4, Table, TableV4

OGC = "api.pdok.nl/cbs/wijken-en-buurten-2024/ogc/v1/collections/wijken/items"
WFS = "service.pdok.nl/cbs/wijkenbuurten/2024/wfs/v1_0"
CODES = [f"BU9001{i:04d}" for i in range(3_500)]


def every_protocol() -> PublisherServer:
    """Small pages, so that everything has several."""
    wide = tiny.wide(CODES)
    files = {
        "www.leefbaarometer.nl/lbm.zip": zipped(a__wijken=b"x;y\n1;2\n", a__buurten=b"x;y\n"),
        "www.leefbaarometer.nl/bomb.zip": zipped(wijken=b" " * 30_000_000),
        "www.leefbaarometer.nl/codes.csv": b"code;naam\n01;x\n",
    }
    return PublisherServer(
        ODataV3(
            Table("90001NED", lambda: wide, page=1_500),
            Table("90002NED", lambda: wide, page=1_500, skips=False),
            Table("90003NED", lambda: wide, page=1_500, counts=False),
            Table("47018NED", tiny.police, host="dataderden.cbs.nl"),
            Table("47000NED", lambda: tiny.police("1.1.2 "), host="dataderden.cbs.nl"),
            Table("47001NED", lambda: tiny.police("1.1.2 "), "dataderden.cbs.nl", counts=False),
        ),
        ODataV4(
            TableV4("90004NED", lambda: tiny.long(25), {"Modified": "2026"}, page=10),
            TableV4("90005NED", lambda: tiny.long(25), {"ObservationCount": 25}, counts=False),
            TableV4("90006NED", lambda: tiny.long(25), {}, counts=False),
        ),
        OgcApi(Collection(OGC, "wijken", lambda: tiny.features(25), cap=10)),
        Wfs(Collection(WFS, "wijken", lambda: tiny.features(25), cap=10)),
        Files(files, "application/octet-stream"),
    )


class Fetching:
    """Fetches a dataset from the local server into one folder, and remembers its progress."""

    def __init__(self, server: PublisherServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.policy = server.policy
        self.progress: list[tuple[str, int, int | None]] = []

    async def __call__(
        self, protocol: str, address: str, *, table: str | None = None, **options: str
    ) -> Payload:
        dataset = Dataset(
            "example",
            "cbs",
            Family.KWB,
            2020,
            unread,
            table=table,
            address=self.server.mirror(f"https://{address}"),
            protocol=protocol,
            options=options,
        )
        async with open_client(self.policy, StoodClock().clock()) as client:
            return await fetch(dataset, client, self.folder, self._note)

    async def feed(self, table: str = "90001NED", **options: str) -> Payload:
        return await self("odata3", f"opendata.cbs.nl/ODataFeed/odata/{table}", **options)

    async def api(self, table: str = "90001NED", **options: str) -> Payload:
        return await self("odata3", f"opendata.cbs.nl/ODataApi/odata/{table}", **options)

    async def police(self, table: str = "47018NED", **options: str) -> Payload:
        return await self("odata3", f"dataderden.cbs.nl/ODataApi/OData/{table}", **options)

    async def v4(self, table: str = "90004NED", **options: str) -> Payload:
        return await self("odata4", "datasets.cbs.nl/odata/v1/CBS", table=table, **options)

    async def ogc(self, **options: str) -> Payload:
        return await self("ogc", OGC, **options)

    async def wfs(self, **options: str) -> Payload:
        return await self("wfs", WFS, **{"layer": "wijken", "sort": "wijkcode", **options})

    @property
    def left(self) -> list[str]:
        return [p.name for p in self.folder.rglob("*") if p.is_file() and p.name != STATE]

    def _note(self, dataset_id: str, done: int, total: int | None) -> None:
        self.progress.append((dataset_id, done, total))


def unread(dataset: Dataset, payload: Payload) -> Parsed:
    raise AssertionError("these tests load nothing")


def rows(payload: Payload, role: str = "data", member: str = "value") -> list[dict[str, object]]:
    return [row for path in payload.get(role) for row in orjson.loads(read_bytes(path))[member]]


def codes(payload: Payload) -> list[object]:
    return [known(row)["wijkcode"] for row in rows(payload, member="features")]


def known(feature: Mapping[str, object]) -> Mapping[str, object]:
    properties = feature["properties"]
    return properties if isinstance(properties, dict) else {}


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name.replace("__", "/") + ".csv", content)
    return packed.getvalue()
