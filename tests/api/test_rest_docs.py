"""The page of the REST API: everything it loads is ours, and fictional data are called that."""

import re
from datetime import date
from functools import partial
from importlib.resources import files
from types import ModuleType

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from service.headers import CommonHeaders
from service.web import api, assets
from service.web import map as map_page
from service.web.landing import Served


def _client(*, fictional: bool) -> httpx.AsyncClient:
    page = api.page(lambda: Served(1, date(2026, 1, 1), fictional))
    app = Starlette(routes=[Route("/v1/docs", page), Route("/assets/{name}", assets.endpoint())])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service.test")


async def test_everything_the_page_loads_is_served_by_us() -> None:
    async with _client(fictional=False) as client:
        page = await client.get("/v1/docs")
        loaded = re.findall(r'(?:<script src|<link rel="stylesheet" href)="([^"]+)"', page.text)
        answers = [await client.get(each) for each in loaded]
    assert len(loaded) == 4
    assert all(each.startswith("/assets/") for each in loaded)
    assert [each.status_code for each in answers] == [200] * 4
    assert "http" not in page.headers["content-security-policy"]
    assert page.headers["content-language"] == "nl"


async def test_the_page_has_one_main_part_with_a_script_and_without() -> None:
    """Swagger UI brings its own, so ours is there only where it does not run."""
    async with _client(fictional=False) as client:
        page = (await client.get("/v1/docs")).text
    assert re.findall(r".{10}<main", page) == ["<noscript><main"]


async def test_the_page_says_so_where_the_data_are_fictional_and_not_where_they_are_real() -> None:
    async with _client(fictional=True) as invented, _client(fictional=False) as real:
        pages = [(await each.get("/v1/docs")).text for each in (invented, real)]
    assert ["fictief" in each for each in pages] == [True, False]


async def test_a_page_that_is_held_already_is_not_sent_again() -> None:
    async with _client(fictional=True) as client:
        tag = (await client.get("/v1/docs")).headers["etag"]
        again = await client.get("/v1/docs", headers={"if-none-match": tag})
    assert again.status_code == 304


async def test_the_map_too_loads_only_what_is_ours_and_says_what_is_fictional() -> None:
    pages = [
        map_page.page(partial(Served, 1, date(2026, 1, 1), fictional))
        for fictional in (True, False)
    ]
    routes = [Route(f"/{n}", each) for n, each in enumerate(pages)]
    app = Starlette(routes=[*routes, Route("/assets/{name}", assets.endpoint())])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
        invented, real = [await client.get(f"/{number}") for number in (0, 1)]
        loaded = re.findall(r'(?: src|<link rel="stylesheet" href)="([^"]+)"', real.text)
        loaded += re.findall(r'data-(?:library|worker)="([^"]+)"', real.text)
        answers = [await client.get(each) for each in loaded]
    assert ["fictief" in each.text for each in (invented, real)] == [True, False]
    assert [each.status_code for each in answers] == [200] * 5
    assert all(
        "http" not in each.headers["content-security-policy"] for each in (real, answers[-1])
    )
    assert "connect-src 'self'" in answers[-1].headers["content-security-policy"]


@pytest.mark.parametrize(("module", "path"), [(api, "docs"), (map_page, "kaart")])
async def test_a_page_is_in_the_language_of_its_reader_and_leads_to_the_other(
    module: ModuleType, path: str
) -> None:
    page = module.page(partial(Served, 1, date(2026, 1, 1), True))
    transport = httpx.ASGITransport(Starlette(routes=[Route(f"/v1/{path}", page)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
        dutch = await client.get(f"/v1/{path}")
        english = await client.get(f"/v1/{path}", headers={"accept-language": "en-GB"})
        chosen = await client.get(f"/v1/{path}?lang=nl", headers={"accept-language": "en-GB"})
        unknown = await client.get(f"/v1/{path}?lang=de")
    for shown, own, other in ((dutch, "nl", "en"), (english, "en", "nl")):
        assert f'<html lang="{own}">' in shown.text
        assert f'href="/v1/{path}?lang={other}" lang="{other}" hreflang="{other}"' in shown.text
        assert re.search(rf'data-(?:description|collections)="[^"]+\?lang={own}"', shown.text)
        assert shown.headers["content-language"] == own
        assert "Accept-Language" in shown.headers["vary"]
        assert "$" not in shown.text
    assert "fictional" in english.text
    assert dutch.headers["etag"] != english.headers["etag"]
    assert chosen.text == dutch.text
    assert unknown.status_code == 400


def test_scripts_of_our_pages_hold_no_words_of_their_own() -> None:
    """What people read stands in the page, in its language."""
    for name in ("map.js", "api.js"):
        source = files("service").joinpath(f"web/{name}").read_text(encoding="utf-8")
        code = re.sub(r"^\s*//.*$", "", source, flags=re.MULTILINE)
        quoted = re.findall(r'"([^"]*)"', code) + re.findall(r"`([^`]*)`", code)
        spoken = [each for each in quoted if re.search(r"[a-z]{2} [a-z]{2}", each)]
        assert set(spoken) <= {"use strict"}, name


async def test_a_page_that_is_held_already_keeps_the_policy_that_it_came_with() -> None:
    """Browsers put the headers of a 304 over those that they hold: one that forbids all scripts
    would leave a page without its own when it is loaded again.
    """
    page = api.page(partial(Served, 1, date(2026, 1, 1), True))
    common = [Middleware(CommonHeaders, https=True)]
    transport = httpx.ASGITransport(Starlette(routes=[Route("/v1/docs", page)], middleware=common))
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
        first = await client.get("/v1/docs")
        again = await client.get("/v1/docs", headers={"if-none-match": first.headers["etag"]})
    assert "script-src 'self'" in first.headers["content-security-policy"]
    assert (again.status_code, again.headers["api-version"]) == (304, "1.0.0")
    assert again.headers["access-control-allow-origin"] == "*"
    assert {"content-security-policy", "x-frame-options"} & set(again.headers) == set()
