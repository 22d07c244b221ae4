"""HTTP is kept to outside of the contract too: pages, files that they load, GraphQL by GET."""

import gzip
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import httpx
import pytest
from starlette.routing import Route

from service import well_known
from service.web import api
from service.web import map as map_page
from service.web.assets import ASSETS
from service.web.landing import Served
from tests.api.small import client

_LONG_AGO = "Sat, 01 Jan 2000 00:00:00 GMT"
_PLAIN = {"accept-encoding": "identity"}
_HTML = {"accept": "text/html"}
_PAGES = ["/", "/?lang=en", "/graphql", "/v1/docs", "/v1/kaart"]
_OTHERS = ["/.well-known/security.txt", "/.well-known/api-catalog", "/graphql?query={hello}"]
_FILES = [each.address for each in ASSETS.values()]
_WITHOUT_MOMENT = {"/.well-known/security.txt", "/graphql?query={hello}", *_FILES}
"""Of which nobody can tell when they changed, or that are named by their content."""


@asynccontextmanager
async def _open(served: Served | None = None) -> AsyncIterator[httpx.AsyncClient]:
    shown = served or _served(fictional=True)
    pages = [
        Route("/v1/docs", api.page(lambda: shown)),
        Route("/v1/kaart", map_page.page(lambda: shown)),
    ]
    known = well_known.routes("http://service", "beheer@example.nl")
    async with client(serving=lambda: shown, further=[*pages, *known]) as opened:
        yield opened


def _served(*, fictional: bool) -> Served:
    return Served(7, date(2026, 11, 1), fictional, datetime(2026, 11, 1, 9, tzinfo=UTC))


@pytest.mark.parametrize("address", [*_PAGES, *_OTHERS, *_FILES])
async def test_what_a_client_holds_is_not_sent_again(address: str) -> None:
    asking = {**_PLAIN, **(_HTML if address in _PAGES else {})}
    async with _open() as http:
        plain = await http.get(address, headers=asking)
        head = await http.head(address, headers=asking)
        tag = plain.headers["etag"]
        held = [
            await http.get(address, headers={**asking, "if-none-match": tags})
            for tags in (tag, f'"other", W/{tag}', "*")
        ]
        other = await http.get(address, headers={**asking, "if-match": '"other"'})
        same = await http.get(address, headers={**asking, "if-match": tag})
    assert (plain.status_code, tag.startswith('"')) == (200, True)
    assert (head.headers, head.content) == (plain.headers, b"")
    assert {(each.status_code, each.content) for each in held} == {(304, b"")}
    for name in ("etag", "vary", "cache-control"):
        assert {each.headers[name] for each in held} == {plain.headers[name]}
    assert (other.status_code, same.status_code) == (412, 200)


@pytest.mark.parametrize("address", [*_PAGES, *_OTHERS, *_FILES])
async def test_a_coded_body_has_a_tag_of_its_own_and_is_the_same_text(address: str) -> None:
    asking = _HTML if address in _PAGES else {"accept": "*/*"}
    async with _open() as http:
        plain = await http.get(address, headers={**asking, **_PLAIN})
        sending = http.build_request("GET", address, headers={**asking, "accept-encoding": "gzip"})
        coded = await http.send(sending, stream=True)
        body = b"".join([part async for part in coded.aiter_raw()])
    if "content-encoding" in coded.headers:
        assert coded.headers["etag"] != plain.headers["etag"]
        assert "Accept-Encoding" in plain.headers["vary"]
        body = gzip.decompress(body)
    else:
        assert len(body) < 1024
    assert body == plain.content


@pytest.mark.parametrize("address", [*_PAGES, *_OTHERS])
async def test_a_moment_is_said_where_there_is_one(address: str) -> None:
    asking = {**_PLAIN, **(_HTML if address in _PAGES else {})}
    async with _open() as http:
        moment = (await http.get(address, headers=asking)).headers.get("last-modified")
        assert (moment is None) == (address in _WITHOUT_MOMENT)
        for since, status in ((moment, 304), (_LONG_AGO, 200)):
            headers = {**asking, "if-modified-since": since or _LONG_AGO}
            answer = await http.get(address, headers=headers)
            assert answer.status_code == (status if moment else 200)


@pytest.mark.parametrize("address", ["/", "/v1/docs", "/v1/kaart"])
async def test_who_holds_a_page_of_invented_data_is_sent_the_page_of_real_ones(
    address: str,
) -> None:
    async with _open(_served(fictional=True)) as http:
        tag = (await http.get(address, headers=_PLAIN)).headers["etag"]
    async with _open(_served(fictional=False)) as http:
        answer = await http.get(address, headers={**_PLAIN, "if-none-match": tag})
    assert answer.status_code == 200
    assert "fictief" not in answer.text


async def test_a_file_is_kept_for_ever_only_under_the_name_of_its_content() -> None:
    asset = ASSETS["page.css"]
    async with _open() as http:
        kept = await http.get(asset.address)
        others = [await http.get(f"/assets/page.css{each}") for each in ("", "?v=0123456789abcdef")]
    assert hashlib.sha256(kept.content).hexdigest().startswith(asset.digest)
    assert "immutable" in kept.headers["cache-control"]
    assert {each.headers["cache-control"] for each in others} == {"public, no-cache"}


async def test_a_refused_coding_is_not_sent() -> None:
    async with _open() as http:
        answer = await http.get("/assets/page.css", headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in answer.headers


async def test_health_is_never_kept() -> None:
    async with _open() as http:
        answers = [await http.get(f"/health/{each}") for each in ("live", "ready")]
    assert {each.headers["cache-control"] for each in answers} == {"no-store"}
