"""One answer over HTTP: whole and as asked, or an error that says what happened."""

import asyncio
import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from db.core.errors import (
    AnswerTooLarge,
    BrokenDownload,
    LeefbaarheidError,
    NotWhatWasAsked,
    PublisherAsksToWait,
    PublisherRefused,
    PublisherTooSlow,
    PublisherUnavailable,
    UntrustedRedirect,
)
from db.sources.ask import Ask, Kind
from db.sources.conditional import STATE, Fetched, Store
from db.sources.files import read_bytes
from db.sources.http import open_client
from db.sources.policy import FetchPolicy
from tests.publishers import PublisherServer, faults
from tests.publishers.clock import START, StoodClock
from tests.publishers.files import Files

BODY = b"PC6;Huisnummer\n" + b"".join(b"%04dAB;%d\n" % (i, i) for i in range(20_000))
ADDRESS = "https://download.cbs.nl/pc6.csv"


@pytest.fixture(scope="module")
def one_server() -> Iterator[PublisherServer]:
    with PublisherServer(
        Files({"download.cbs.nl/pc6.csv": BODY, "download.cbs.nl/tiny.csv": b"a;b\n1;2\n"}),
        Files({"download.cbs.nl/page": b'{"value":[]}'}, "application/json"),
    ) as started:
        yield started


@pytest.fixture
def server(one_server: PublisherServer) -> PublisherServer:
    one_server.faults.clear()
    one_server.log.clear()
    return one_server


class Fetching:
    """What these tests do: fetch one address into one folder, with waits that take no time."""

    def __init__(self, server: PublisherServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.stood = StoodClock()
        self.policy = server.policy

    async def __call__(self, address: str = ADDRESS, kind: Kind = Kind.FILE) -> Fetched:
        ask = Ask(self.server.mirror(address), "data", "download.cbs.nl, dataset pc6", kind)
        async with open_client(self.policy, self.stood.clock()) as client:
            return await client.fetch(ask, Store(self.folder))

    async def fails(self, error: type[LeefbaarheidError]) -> str:
        """The message, after seeing that nothing of the body stayed behind."""
        with pytest.raises(error) as caught:
            await self()
        assert self.left == []
        return str(caught.value)

    @property
    def left(self) -> list[str]:
        if not self.folder.exists():
            return []
        return [path.name for path in self.folder.iterdir() if path.name != STATE]


@pytest.fixture
def fetching(server: PublisherServer, tmp_path: Path) -> Fetching:
    return Fetching(server, tmp_path / "cache")


async def test_a_body_arrives_whole_and_stays_compressed(fetching: Fetching) -> None:
    fetched = await fetching()

    assert read_bytes(fetched.path) == BODY
    assert fetched.path.name.endswith(".csv.gz")
    assert fetched.size == len(BODY)
    assert fetching.left == [fetched.path.name]


async def test_requests_carry_a_name_and_a_way_to_reach_us(fetching: Fetching) -> None:
    fetching.policy = replace(fetching.policy, contact="mailto:data@voorbeeld.example")

    await fetching()

    agent = fetching.server.log[0].headers["user-agent"]
    assert re.fullmatch(r"leefbaarheid/[\d.]+ \(\+mailto:data@voorbeeld\.example\)", agent)


async def test_a_host_gets_no_more_than_its_share_of_requests_at_once(fetching: Fetching) -> None:
    fetching.policy = replace(fetching.policy, per_host=3)
    fetching.server.faults.add("tiny", faults.drip(4, 0.02))
    fetching.server.busiest = 0
    addresses = [f"https://download.cbs.nl/tiny.csv?part={part}" for part in range(9)]
    asks = [Ask(fetching.server.mirror(one), "data", "example", Kind.FILE) for one in addresses]

    async with open_client(fetching.policy) as client:
        store = Store(fetching.folder)
        fetched = await asyncio.gather(*(client.fetch(ask, store) for ask in asks))

    assert len({one.path for one in fetched}) == 9
    assert fetching.server.busiest == 3


async def test_an_unchanged_answer_is_not_sent_again(fetching: Fetching) -> None:
    first = await fetching()
    fetching.server.log.clear()

    second = await fetching()

    assert second == replace(first, unchanged=True)
    assert [request.status for request in fetching.server.log] == [304]
    assert fetching.server.sent == 0


@pytest.mark.parametrize("damage", ["body gone", "body short", "state damaged"])
async def test_a_damaged_cache_is_fetched_anew(fetching: Fetching, damage: str) -> None:
    first = await fetching()
    match damage:
        case "body gone":
            first.path.unlink()
        case "body short":
            first.path.write_bytes(first.path.read_bytes()[:-1])
        case "state damaged":
            (fetching.folder / STATE).write_text('{"x": [')

    second = await fetching()

    assert not second.unchanged
    assert read_bytes(second.path) == BODY


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
async def test_passing_errors_are_retried(fetching: Fetching, code: int) -> None:
    fetching.server.faults.add("pc6", faults.status(code), times=2)

    fetched = await fetching()

    assert read_bytes(fetched.path) == BODY
    assert len(fetching.stood.waits) == 2


async def test_errors_that_stay_are_reported_with_host_and_dataset(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.status(503))

    message = await fetching.fails(PublisherUnavailable)

    assert message.startswith("download.cbs.nl, dataset pc6: ")
    assert str(fetching.folder) not in message


async def test_a_refusal_is_not_repeated(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.status(404))

    await fetching.fails(PublisherRefused)

    assert len(fetching.server.log) == 1


async def test_retry_after_in_seconds_is_obeyed(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.status(429, retry_after="7"), times=1)

    await fetching()

    assert fetching.stood.waits == [7.0]


async def test_retry_after_as_a_date_is_obeyed(fetching: Fetching) -> None:
    moment = format_datetime(START + timedelta(seconds=45), usegmt=True)
    fetching.server.faults.add("pc6", faults.status(503, retry_after=moment), times=1)

    await fetching()

    assert fetching.stood.waits == [45.0]


async def test_a_long_retry_after_fails_and_says_when_to_come_back(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.status(503, retry_after="86400"))

    message = await fetching.fails(PublisherAsksToWait)

    assert "2026-03-02T12:00" in message


async def test_a_cut_connection_is_resumed_where_it_broke(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.cut(9_000), times=1)

    fetched = await fetching()

    assert read_bytes(fetched.path) == BODY
    first, second = fetching.server.log
    assert second.headers["range"] == "bytes=9000-"
    assert second.headers["if-range"] == '"' + fetched.headers["etag"].strip('"') + '"'
    assert first.sent + second.sent == fetched.path.stat().st_size


async def test_without_a_strong_etag_a_broken_download_starts_over(fetching: Fetching) -> None:
    weak = faults.headers_of(lambda headers: headers.update({"etag": 'W/"1"'}))
    fetching.server.faults.add("pc6", weak)
    fetching.server.faults.add("pc6", faults.cut(9_000), times=1)

    fetched = await fetching()

    assert read_bytes(fetched.path) == BODY
    assert "range" not in fetching.server.log[1].headers


async def test_an_etag_that_changes_before_the_resume_starts_over(fetching: Fetching) -> None:
    other = faults.headers_of(lambda headers: headers.update({"etag": '"older"'}))
    fetching.server.faults.add("pc6", other, times=1)
    fetching.server.faults.add("pc6", faults.cut(9_000), times=1)

    fetched = await fetching()

    assert read_bytes(fetched.path) == BODY
    assert [request.status for request in fetching.server.log] == [200, 200]


async def test_a_rest_of_another_edition_is_not_glued_on(fetching: Fetching) -> None:
    """A server that overlooks If-Range and serves the rest of a newer body."""
    newer = faults.headers_of(lambda headers: headers.update({"etag": '"newer"'}))
    fetching.server.faults.add("pc6", newer, times=1, skip=1)
    fetching.server.faults.add("pc6", faults.cut(9_000), times=1)

    fetched = await fetching()

    assert read_bytes(fetched.path) == BODY
    assert [request.status for request in fetching.server.log] == [200, 206, 200]


async def test_a_connection_that_is_always_cut_is_a_broken_download(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.cut(100))

    await fetching.fails(BrokenDownload)


async def test_a_gzip_that_ends_too_early_is_a_broken_download(fetching: Fetching) -> None:
    half = gzip.compress(BODY)[:-9]
    packed = faults.headers_of(lambda headers: headers.update({"content-encoding": "gzip"}))
    fetching.server.faults.add("pc6", faults.body_of(lambda _: half))
    fetching.server.faults.add("pc6", packed)

    await fetching.fails(BrokenDownload)


async def test_html_with_status_200_is_not_what_was_asked(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.html())

    message = await fetching.fails(NotWhatWasAsked)

    assert "HTML" in message


async def test_html_that_calls_itself_json_is_recognised(fetching: Fetching) -> None:
    fetching.server.faults.add("page", faults.body_of(lambda _: b"\n<!doctype HTML><p>x"))

    with pytest.raises(NotWhatWasAsked):
        await fetching("https://download.cbs.nl/page", Kind.JSON)


async def test_a_csv_is_no_zip(fetching: Fetching) -> None:
    with pytest.raises(NotWhatWasAsked, match="ZIP"):
        await fetching(ADDRESS, Kind.ZIP)


async def test_a_redirect_to_another_host_is_not_followed(fetching: Fetching) -> None:
    target = f"{fetching.server.elsewhere}/download.cbs.nl/tiny.csv"
    fetching.server.faults.add("pc6", faults.redirect(target))

    message = await fetching.fails(UntrustedRedirect)

    assert "localhost" in message
    assert fetching.server.requests("tiny") == []


@pytest.mark.parametrize("target", ["http://[broken/", "ftp://127.0.0.1/x", "//"])
async def test_a_malformed_redirect_is_not_followed(fetching: Fetching, target: str) -> None:
    fetching.server.faults.add("pc6", faults.redirect(target))

    await fetching.fails(UntrustedRedirect)


async def test_a_redirect_on_an_allowed_host_is_followed(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.redirect("/download.cbs.nl/tiny.csv"))

    fetched = await fetching()

    assert read_bytes(fetched.path) == b"a;b\n1;2\n"


async def test_redirects_without_end_are_given_up(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.redirect("/download.cbs.nl/pc6.csv"))

    await fetching.fails(UntrustedRedirect)

    assert len(fetching.server.log) == 4


async def test_a_gzip_bomb_is_stopped_by_its_ratio(fetching: Fetching) -> None:
    fetching.server.faults.add("pc6", faults.bomb(100_000_000))

    await fetching.fails(AnswerTooLarge)


async def test_a_gzip_bomb_is_stopped_by_its_size(fetching: Fetching) -> None:
    fetching.policy = replace(fetching.policy, max_bytes=20_000_000, max_ratio=100_000)
    fetching.server.faults.add("pc6", faults.bomb(100_000_000))

    await fetching.fails(AnswerTooLarge)


async def test_a_body_that_announces_too_much_is_not_read(fetching: Fetching) -> None:
    fetching.policy = replace(fetching.policy, max_bytes=10_000)
    fetching.server.faults.add("pc6", faults.body_of(lambda body: body))

    await fetching.fails(AnswerTooLarge)


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc")
async def test_a_bomb_of_300_megabytes_costs_under_30_of_memory(fetching: Fetching) -> None:
    fetching.policy = replace(fetching.policy, max_bytes=290_000_000, max_ratio=100_000)
    fetching.server.faults.add("pc6", faults.bomb(300_000_000))
    before = _restart_peak()

    await fetching.fails(AnswerTooLarge)

    assert _memory("VmHWM") - before < 30_000


async def test_a_slow_drip_ends_at_the_total_time(fetching: Fetching) -> None:
    fetching.policy = replace(fetching.policy, total_seconds=0.2)
    fetching.server.faults.add("pc6", faults.drip(50, 0.05))
    ask = Ask(fetching.server.mirror(ADDRESS), "data", "example", Kind.FILE)

    async with open_client(fetching.policy) as client:
        with pytest.raises(PublisherTooSlow):
            await client.fetch(ask, Store(fetching.folder))

    assert fetching.left == []


async def test_silence_is_given_up_after_the_read_time(fetching: Fetching) -> None:
    fetching.policy = replace(fetching.policy, read_seconds=0.1, attempts=2)
    fetching.server.faults.add("pc6", faults.drip(50, 1.0))

    await fetching.fails(BrokenDownload)


async def test_a_host_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    stood = StoodClock()
    policy = FetchPolicy(hosts=frozenset({"127.0.0.1"}), allow_http=True)
    ask = Ask("http://127.0.0.1:9/x", "data", "example", Kind.FILE)

    async with open_client(policy, stood.clock()) as client:
        with pytest.raises(PublisherUnavailable):
            await client.fetch(ask, Store(tmp_path))

    assert len(stood.waits) == policy.attempts - 1


def _restart_peak() -> int:
    """Kilobytes in use now; the peak is measured from here."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0
