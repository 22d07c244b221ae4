"""Every protocol against every fault: the right error, or the right rows after all."""

from dataclasses import replace
from pathlib import Path

import httpx
import orjson
import pytest

from db.core.errors import (
    AnswerTooLarge,
    CountMismatch,
    EndlessPaging,
    LeefbaarheidError,
    NotWhatWasAsked,
    PublisherRefused,
    PublisherUnavailable,
    TruncatedAnswer,
    UntrustedRedirect,
)
from db.sources.dataset import Dataset, Family
from db.sources.http import Client
from db.sources.policy import FetchPolicy
from db.sources.protocols.reading import Paged, Reading
from tests.publishers import faults
from tests.publishers.clock import StoodClock
from tests.publishers.fetching import Fetching, rows, unread


def shorter(body: bytes) -> bytes:
    return body[: len(body) // 2]


def one_more(body: bytes) -> bytes:
    for count, next_one in ((b"3500", b"3501"), (b'"25"', b'"26"'), (b"25", b"26")):
        if count in body:
            return body.replace(count, next_one)
    return body


def one_returned_more(body: bytes) -> bytes:
    return body.replace(b'"numberReturned":10', b'"numberReturned":11')


def elsewhere(body: bytes) -> bytes:
    return body.replace(b"//127.0.0.1", b"//localhost")


PAGES = {
    "feed": r"TypedDataSet\?",
    "api": r"TypedDataSet\?",
    "v4": r"Observations\?",
    "ogc": "items",
    "wfs": "outputFormat",
}
COUNTS = {"feed": r"\$count", "api": r"\$count", "v4": r"\$count", "wfs": "hits"}
PLACE = ("$skip", "startIndex", "cursor")


@pytest.mark.parametrize("protocol", PAGES)
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.status(500), PublisherUnavailable),
        (faults.status(403), PublisherRefused),
        (faults.html(), NotWhatWasAsked),
        (faults.body_of(shorter), TruncatedAnswer),
        (faults.bomb(20_000_000), AnswerTooLarge),
        (faults.redirect("https://example.org/"), UntrustedRedirect),
    ],
    ids=["500", "403", "html", "truncated", "bomb", "redirect"],
)
async def test_a_faulty_page_fails_the_whole_fetch(
    fetching: Fetching, protocol: str, fault: faults.Fault, error: type[LeefbaarheidError]
) -> None:
    fetching.server.faults.add(PAGES[protocol], fault, skip=1)

    with pytest.raises(error):
        await getattr(fetching, protocol)()

    assert not [name for name in fetching.left if name.endswith(".part")]


@pytest.mark.parametrize("protocol", PAGES)
async def test_a_page_that_breaks_off_or_fails_for_a_while_is_had_in_the_end(
    fetching: Fetching, protocol: str
) -> None:
    expected = await getattr(Fetching(fetching.server, fetching.folder / "healthy"), protocol)()
    fetching.server.faults.add(PAGES[protocol], faults.cut(60), times=1, skip=1)
    fetching.server.faults.add(PAGES[protocol], faults.status(502), times=2)

    payload = await getattr(fetching, protocol)()

    member = "features" if protocol in ("ogc", "wfs") else "value"
    assert rows(payload, member=member) == rows(expected, member=member)


@pytest.mark.parametrize("protocol", COUNTS)
async def test_one_row_less_than_announced_fails(fetching: Fetching, protocol: str) -> None:
    fetching.server.faults.add(COUNTS[protocol], faults.body_of(one_more))

    with pytest.raises(CountMismatch):
        await getattr(fetching, protocol)()

    assert fetching.left == []


async def test_a_page_that_miscounts_itself_fails(fetching: Fetching) -> None:
    fetching.server.faults.add("items", faults.body_of(one_returned_more))

    with pytest.raises(CountMismatch):
        await fetching.ogc()


@pytest.mark.parametrize("protocol", PAGES)
async def test_a_page_sent_twice_is_not_counted_twice(fetching: Fetching, protocol: str) -> None:
    fetching.server.faults.add(PAGES[protocol], faults.deaf_to(*PLACE), skip=1)

    with pytest.raises(EndlessPaging):
        await getattr(fetching, protocol)()

    assert fetching.left == []


async def test_pages_without_end_are_given_up(fetching: Fetching) -> None:
    fetching.policy = replace(fetching.policy, max_pages=2)

    with pytest.raises(EndlessPaging, match="more than 2 pages"):
        await fetching.ogc()


@pytest.mark.parametrize("protocol", ["feed", "v4", "ogc"])
async def test_a_next_link_to_another_host_is_not_followed(
    fetching: Fetching, protocol: str
) -> None:
    fetching.server.faults.add(PAGES[protocol], faults.body_of(elsewhere))

    with pytest.raises(UntrustedRedirect, match="localhost"):
        await getattr(fetching, protocol)()


async def test_a_plain_http_link_of_an_https_publisher_is_fetched_over_https(
    tmp_path: Path,
) -> None:
    """Publishers behind a proxy are known to write http into their links."""
    link = "http://opendata.cbs.nl/ODataFeed/odata/90001NED/Perioden?page=2"
    first = {"value": [{"Key": "2024JJ00"}], "odata.nextLink": link}
    asked: list[httpx.URL] = []

    def publisher(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        again = "page" in request.url.params
        body = {"value": [{"Key": "2025JJ00"}]} if again else first
        return httpx.Response(200, stream=httpx.ByteStream(orjson.dumps(body)))

    dataset = Dataset(
        "example", "cbs", Family.KWB, 2020, unread, address="https://opendata.cbs.nl/ODataFeed/x"
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(publisher)) as http:
        client = Client(http, FetchPolicy(), StoodClock().clock())
        reading = Reading(dataset, client, tmp_path, lambda *_: None)
        paged = await reading.follow(
            Paged("Perioden", "value"),
            f"{reading.address}/Perioden",
            lambda page: page.members.get("odata.nextLink"),
        )

    assert paged.rows == 2
    assert [url.scheme for url in asked] == ["https", "https"]


async def test_a_failed_fetch_leaves_only_whole_answers_to_revalidate(fetching: Fetching) -> None:
    fetching.server.faults.add(r"TypedDataSet\?.*skip=3000", faults.status(500))
    with pytest.raises(PublisherUnavailable):
        await fetching.feed()
    fetching.server.faults.clear()
    fetching.server.log.clear()

    payload = await fetching.feed()

    assert len(rows(payload)) == 3_500
    sent = [request.target for request in fetching.server.log if request.sent]
    assert len(sent) == 1
    assert "skip=3000" in sent[0]
