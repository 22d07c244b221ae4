"""Feature services and files against a server that speaks them: whole, or an error."""

import pytest

from db.core.errors import (
    AnswerTooLarge,
    BrokenLoad,
    CountMismatch,
    NotWhatWasAsked,
    PublisherRefused,
)
from db.sources.protocols.wfs import number_matched
from tests.publishers import faults
from tests.publishers.fetching import Fetching, codes


async def test_cursors_are_followed_to_the_end(fetching: Fetching) -> None:
    payload = await fetching.ogc(limit="7")

    assert codes(payload) == [f"WK9001{i:02d}" for i in range(25)]
    assert len(payload.get("data")) == 4
    assert payload.headers == {"Content-Crs": "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"}


async def test_a_limit_that_the_server_cuts_loses_no_features(fetching: Fetching) -> None:
    payload = await fetching.ogc()

    assert len(codes(payload)) == 25


async def test_a_limit_that_the_server_refuses_is_lowered(fetching: Fetching) -> None:
    fetching.server.faults.add("limit=1000", faults.status(400))

    payload = await fetching.ogc()

    assert len(codes(payload)) == 25
    refused = ["limit=1000" in request.target for request in fetching.server.log]
    assert refused == [True, False, False, False]


async def test_one_year_is_taken_from_a_collection_of_many(fetching: Fetching) -> None:
    payload = await fetching.ogc(jaarcode="2025")

    assert codes(payload) == [f"WK9001{i:02d}" for i in range(20, 25)]


async def test_the_coordinate_system_asked_for_is_in_the_headers(fetching: Fetching) -> None:
    payload = await fetching.ogc(crs="http://www.opengis.net/def/crs/EPSG/0/28992")

    assert payload.headers["Content-Crs"].endswith("28992>")


async def test_the_coordinate_system_is_kept_when_the_body_is_not_sent_again(
    fetching: Fetching,
) -> None:
    first = await fetching.ogc()

    second = await fetching.ogc()

    assert second.headers == first.headers
    assert fetching.server.log[-1].status == 304


async def test_pages_in_different_coordinate_systems_are_refused(fetching: Fetching) -> None:
    other = faults.headers_of(lambda headers: headers.update({"content-crs": "<x>"}))
    fetching.server.faults.add("cursor", other, times=1)

    with pytest.raises(BrokenLoad, match="coordinate"):
        await fetching.ogc()


async def test_a_wfs_is_read_until_its_hits_are_there(fetching: Fetching) -> None:
    payload = await fetching.wfs()

    assert codes(payload) == [f"WK9001{i:02d}" for i in range(25)]
    assert [len(payload.get(role)) for role in ("data", "hits")] == [3, 1]


async def test_a_wfs_of_one_answer_is_held_against_its_hits(fetching: Fetching) -> None:
    with pytest.raises(CountMismatch, match="announces 25 rows, 10 received"):
        await fetching.wfs(paging="none")


async def test_an_unknown_layer_is_refused(fetching: Fetching) -> None:
    with pytest.raises(PublisherRefused):
        await fetching.wfs(layer="wijken_2019")


@pytest.mark.parametrize(
    ("body", "matched"),
    [
        (b'<FeatureCollection numberMatched="3475"/>', 3_475),
        (b'<wfs:FeatureCollection numberOfFeatures="12"/>', 12),
        (b'<wfs:FeatureCollection numberMatched="unknown"/>', None),
    ],
)
def test_hits_are_read_from_the_root(body: bytes, matched: int | None) -> None:
    assert number_matched(body, "example") == matched


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><FeatureCollection numberMatched="1"/>',
        '<!DOCTYPE a><FeatureCollection numberMatched="1"/>'.encode("utf-16"),
        b'<FeatureCollection numberMatched="1"',
        b'<FeatureCollection numberMatched="-1"/>',
        b"<FeatureCollection/>",
        b'<ExceptionReport numberMatched="1"/>',
        b"",
    ],
)
def test_other_xml_is_no_count(body: bytes) -> None:
    with pytest.raises(BrokenLoad):
        number_matched(body, "example")


async def test_a_single_file_keeps_its_suffix_and_reports_bytes(fetching: Fetching) -> None:
    payload = await fetching("file", "www.leefbaarometer.nl/codes.csv")

    assert payload.one("data").suffix == ".csv"
    assert payload.one("data").read_bytes() == b"code;naam\n01;x\n"
    assert fetching.progress == [("example", 15, None)]


async def test_one_member_is_taken_out_of_a_zip(fetching: Fetching) -> None:
    payload = await fetching("file", "www.leefbaarometer.nl/lbm.zip", member="*wijken*.csv")

    assert payload.one("data").read_bytes() == b"x;y\n1;2\n"
    assert payload.one("data").parent == fetching.folder / "example"


@pytest.mark.parametrize("member", ["*.csv", "*.gpkg"])
async def test_a_member_must_be_the_only_one_that_fits(fetching: Fetching, member: str) -> None:
    with pytest.raises(NotWhatWasAsked, match="not one"):
        await fetching("file", "www.leefbaarometer.nl/lbm.zip", member=member)


async def test_a_zip_bomb_is_stopped(fetching: Fetching) -> None:
    with pytest.raises(AnswerTooLarge):
        await fetching("file", "www.leefbaarometer.nl/bomb.zip", member="*.csv")

    assert fetching.left == []


async def test_a_damaged_zip_is_refused(fetching: Fetching) -> None:
    fetching.server.faults.add("lbm.zip", faults.body_of(lambda body: body[:60]))

    with pytest.raises(NotWhatWasAsked, match="zip"):
        await fetching("file", "www.leefbaarometer.nl/lbm.zip", member="*wijken*")


async def test_a_dataset_without_a_known_protocol_is_refused(fetching: Fetching) -> None:
    with pytest.raises(BrokenLoad, match="gopher"):
        await fetching("gopher", "example.org")
