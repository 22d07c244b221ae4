"""OGC API Features for people: pages in Dutch and English that need nothing from elsewhere."""

import re
from html.parser import HTMLParser

import pytest

from tests.api.mapped import MappedStore
from tests.api.resting import PUBLIC_URL, rest_client

_BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_ADDRESSES = [
    "/v1/", "/v1/conformance", "/v1/collections", "/v1/collections/wijken-2024",
    "/v1/collections/wijken-2024/queryables", "/v1/collections/wijken-2024/items?limit=2",
    "/v1/collections/wijken-2024/items/WK900101?indicatoren=population",
    "/v1/collections/focusgebieden-2024/items?filter=naam='Elstad'",
]  # fmt: skip


class _Page(HTMLParser):
    """What a page has: its elements, and the addresses that it leads to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.language = ""
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append(tag)
        if tag == "html":
            self.language = given["lang"]
        if tag == "a":
            self.leads.append(given["href"])
        self.loads += [given[name] for name in ("src",) if name in given]
        if tag == "link":
            self.loads.append(given["href"])


@pytest.mark.parametrize("address", _ADDRESSES)
@pytest.mark.parametrize("language", ["nl", "en"])
async def test_a_browser_gets_a_page_in_its_language(address: str, language: str) -> None:
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(address, headers={**_BROWSER, "accept-language": language})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["content-language"] == language
        assert "Accept-Language" in answer.headers["vary"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        page = _Page(answer.text)
        assert page.language == language
        assert (page.elements.count("h1"), page.elements.count("title")) == (1, 1)
        assert "main" in page.elements
        assert not {"script", "img", "iframe", "style"} & set(page.elements)
        assert all(each.startswith(("/assets/", "data:")) for each in page.loads)
        assert ("fictief" in answer.text) or language == "en"
        for place in page.leads:
            if place.startswith((PUBLIC_URL, "/v1")) and "/docs" not in place:
                assert (await client.get(place, headers=_BROWSER)).status_code == 200, place


async def test_the_two_languages_are_two_representations_with_tags_of_their_own() -> None:
    async with rest_client(MappedStore()) as (client, _):
        dutch = await client.get("/v1/collections?f=html", headers={"accept-language": "nl"})
        english = await client.get("/v1/collections?f=html", headers={"accept-language": "en"})
        asked = await client.get(
            "/v1/collections?f=html&lang=en", headers={"accept-language": "nl"}
        )
        held = {"accept-language": "nl", "if-none-match": dutch.headers["etag"]}
        unchanged = await client.get("/v1/collections?f=html", headers=held)
        other = await client.get(
            "/v1/collections?f=html", headers={**held, "accept-language": "en"}
        )
    assert dutch.headers["etag"] != english.headers["etag"]
    assert asked.headers["content-language"] == "en"
    assert (unchanged.status_code, other.status_code) == (304, 200)
    assert unchanged.headers["vary"] == dutch.headers["vary"]


async def test_programs_that_ask_for_nothing_get_json() -> None:
    async with rest_client(MappedStore()) as (client, _):
        for address in _ADDRESSES:
            answer = await client.get(address, headers={"accept": "*/*"})
            assert re.fullmatch(r"application/(\w+\+)?json", answer.headers["content-type"])


async def test_a_text_of_a_request_never_becomes_markup() -> None:
    async with rest_client(MappedStore()) as (client, _):
        answer = await client.get(
            "/v1/collections/wijken-2024/items",
            params={"filter": "naam = '<script>\"&'", "f": "html"},
        )
    assert answer.status_code == 200
    assert "<script" not in answer.text


async def test_a_refusal_is_never_a_page() -> None:
    async with rest_client(MappedStore()) as (client, _):
        for address in ("/v1/collections/niets-2024", "/v1/collections/wijken-2024/items?limit=0"):
            answer = await client.get(address, headers=_BROWSER)
            assert answer.status_code in (400, 404)
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_link_that_programs_need_twice_is_shown_once() -> None:
    async with rest_client(MappedStore()) as (client, _):
        address = "/v1/collections/wijken-2024"
        links = (await client.get(address)).json()["links"]
        page = (await client.get(address, headers={"accept": "text/html"})).text
    queryables = [each["href"] for each in links if each["href"].endswith("/queryables")]
    assert len(queryables) == 2
    assert page.count(f'href="{queryables[0]}"') == 1
