"""Fetching real tables from the local server: all rows, in the shapes that loaders expect."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from db.core.figures import Parsed
from db.sources.dataset import Dataset, Family, Payload
from db.sources.files import open_bytes, read_bytes
from db.sources.folder import digest
from db.sources.http import open_client
from db.sources.protocols import fetch
from db.sources.protocols.outline import outline
from tests.publishers import PublisherServer

pytestmark = pytest.mark.real

CBS = "https://opendata.cbs.nl"
OTHERS = "https://dataderden.cbs.nl/ODataFeed/OData"
PDOK = "https://service.pdok.nl/cbs/wijkenbuurten/2024/wfs/v1_0"
OGC = "https://api.pdok.nl/cbs/wijken-en-buurten-2024/ogc/v1/collections/wijken/items"


@pytest.fixture(scope="module")
def server(real_data: Path) -> Iterator[PublisherServer]:
    with PublisherServer.from_folder(real_data) as started:
        yield started


@pytest.fixture
def clean(server: PublisherServer) -> PublisherServer:
    server.faults.clear()
    server.log.clear()
    return server


def unread(dataset: Dataset, payload: Payload) -> Parsed:
    raise AssertionError("these tests load nothing")


async def fetched(
    server: PublisherServer, folder: Path, protocol: str, address: str, **options: str
) -> Payload:
    dataset = Dataset(
        "example",
        "cbs",
        Family.KWB,
        2020,
        unread,
        protocol=protocol,
        address=address,
        options=options,
    )
    async with open_client(server.policy) as client:
        return await fetch(server.dataset(dataset), client, folder, lambda *_: None)


def counted(payload: Payload, role: str = "data", member: str = "value") -> int:
    total = 0
    for path in payload.get(role):
        with open_bytes(path) as stream:
            total += outline(stream, member, path.name).rows
    return total


@pytest.mark.parametrize("service", ["ODataFeed", "ODataApi"])
async def test_kwb_2020_arrives_whole_from_both_services(
    clean: PublisherServer, tmp_path: Path, service: str
) -> None:
    payload = await fetched(clean, tmp_path, "odata3", f"{CBS}/{service}/odata/84799NED")

    assert counted(payload) == counted(payload, "WijkenEnBuurten") == 17_341
    assert payload.one("count").read_text() == "17341"
    assert counted(payload, "DataProperties") > 118


async def test_the_rows_of_kwb_2020_are_those_of_the_file(
    clean: PublisherServer, real_data: Path, tmp_path: Path
) -> None:
    table = pq.read_table(real_data / "kwb" / "84799NED_2020_TypedDataSet.parquet")

    payload = await fetched(clean, tmp_path, "odata3", f"{CBS}/ODataFeed/odata/84799NED")

    last = orjson.loads(read_bytes(payload.get("data")[-1]))["value"][-1]
    assert last == table.slice(len(table) - 1).to_pylist()[0]


async def test_three_years_of_health_arrive_with_their_symbols(
    clean: PublisherServer, tmp_path: Path
) -> None:
    payload = await fetched(
        clean,
        tmp_path,
        "odata3",
        f"{OTHERS}/50090NED",
        set="UntypedDataSet",
        filter="Marges eq 'MW00000'",
    )

    assert counted(payload) == 3 * 17_341
    assert set(payload.parts) >= {"Perioden", "Marges", "Leeftijd", "WijkenEnBuurten"}
    assert b'"       .' in read_bytes(payload.one("data"))


async def test_version_4_gives_every_filled_cell_of_kwb_2020(
    clean: PublisherServer, real_data: Path, tmp_path: Path
) -> None:
    table = pq.read_table(real_data / "kwb" / "84799NED_2020_TypedDataSet.parquet")
    filled = sum(len(column) - column.null_count for column in table.columns[2:])

    payload = await fetched(
        clean, tmp_path, "odata4", "https://datasets.cbs.nl/odata/v1/CBS/84799NED"
    )

    assert counted(payload) == int(payload.one("count").read_text()) == filled
    assert len(payload.get("data")) > 5


@pytest.mark.parametrize("protocol", ["ogc", "wfs"])
async def test_the_wijken_of_2024_arrive_over_both_feature_services(
    clean: PublisherServer, tmp_path: Path, protocol: str
) -> None:
    address = OGC if protocol == "ogc" else PDOK
    rd = "http://www.opengis.net/def/crs/EPSG/0/28992"
    wfs = {"layer": "wijken", "sort": "wijkcode", "srs": "EPSG:28992"}
    options = {"crs": rd} if protocol == "ogc" else wfs

    payload = await fetched(clean, tmp_path, protocol, address, **options)

    assert counted(payload, member="features") == 3_475
    assert len(payload.get("data")) == 4


async def test_the_leefbaarometer_arrives_in_one_answer(
    clean: PublisherServer, tmp_path: Path
) -> None:
    payload = await fetched(
        clean,
        tmp_path,
        "wfs",
        "https://geo.leefbaarometer.nl/wfs",
        layer="lbm3:buurtscore24",
        paging="none",
    )

    assert counted(payload, member="features") == 12_147
    assert len(payload.get("data")) == 1


async def test_a_second_fetch_of_kwb_transfers_nothing_and_has_the_same_digest(
    clean: PublisherServer, tmp_path: Path
) -> None:
    address = f"{CBS}/ODataFeed/odata/84799NED"
    first = await fetched(clean, tmp_path, "odata3", address)
    clean.log.clear()

    second = await fetched(clean, tmp_path, "odata3", address)

    assert clean.sent == 0
    assert digest(second) == digest(first)


async def test_a_feature_service_that_stamps_every_answer_has_a_stable_digest(
    clean: PublisherServer, tmp_path: Path
) -> None:
    first = digest(await fetched(clean, tmp_path, "wfs", PDOK, layer="wijken", sort="wijkcode"))

    second = digest(await fetched(clean, tmp_path, "wfs", PDOK, layer="wijken", sort="wijkcode"))

    assert first == second


async def test_a_code_list_is_the_file_itself(
    clean: PublisherServer, real_data: Path, tmp_path: Path
) -> None:
    payload = await fetched(clean, tmp_path, "file", "https://download.cbs.nl/codes/wijk_2025.csv")

    assert read_bytes(payload.one("data")) == (real_data / "codes/wijk_2025.csv").read_bytes()
