"""The landing page, and everything outside GraphQL that a client may run into."""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from service.web.landing import Served
from tests.api.small import EXAMPLE, client, settings


async def _landing(
    address: str = "/", served: Served | None = None, accepted: str = ""
) -> httpx.Response:
    changes = {} if served is None else {"serving": lambda: served}
    async with client(**changes) as http:
        return await http.get(address, headers={"accept-language": accepted})


async def test_the_page_is_dutch_unless_asked_otherwise() -> None:
    page = await _landing()

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-language"] == "nl"
    assert page.headers["vary"] == "Accept-Encoding, Accept-Language"
    assert '<html lang="nl">' in page.text
    assert "Leefbaarheid van wijken en buurten" in page.text


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/", "en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("/", "de,nl;q=0.5,en;q=0.4", "nl"),
        ("/", "de", "nl"),
        ("/", "en;q=0", "nl"),
        ("/", "en;q=nonsense,;;,", "nl"),
        ("/?lang=en", "nl", "en"),
        ("/?lang=nl", "en", "nl"),
        ("/?lang=xx", "en", "en"),
    ],
)
async def test_the_language_follows_the_link_and_then_the_browser(
    address: str, accepted: str, language: str
) -> None:
    page = await _landing(address, accepted=accepted)

    assert page.headers["content-language"] == language


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_page_says_which_publication_it_serves_and_that_it_is_fictional(
    language: str,
) -> None:
    served = Served(publication=31, published=date(2026, 11, 20), fictional=True)
    page = await _landing(f"/?lang={language}", served)

    assert "31" in page.text
    assert "2026-11-20" in page.text
    assert "fictief" in page.text


async def test_real_data_are_not_called_fictional() -> None:
    served = Served(publication=31, published=date(2026, 11, 20), fictional=False)

    assert "fictief" not in (await _landing("/", served)).text


async def test_without_a_publication_the_page_says_so() -> None:
    async with client(serving=lambda: None) as http:
        page = await http.get("/")

    assert page.status_code == 200
    assert "nog geen publicatie" in page.text


async def test_the_example_is_shown_as_text_and_leads_to_graphiql() -> None:
    page = (await _landing()).text
    link = re.search(r'href="(/graphql\?[^"]+)"', page)

    assert "&lt;Utrecht&gt; &amp; omstreken" in page
    assert "<Utrecht>" not in page
    assert link is not None
    assert parse_qs(urlsplit(link[1]).query)["query"] == [EXAMPLE]


async def test_the_page_needs_no_script_and_no_other_site() -> None:
    page = await _landing()

    assert "<script" not in page.text
    assert "http" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_the_page_can_be_read_by_a_screen_reader() -> None:
    page = (await _landing()).text

    assert page.count("<h1>") == 1
    assert page.index("<h1>") < page.index("<main>") < page.index("<h2>")
    assert re.search(r'<a href="/\?lang=en" lang="en" hreflang="en">English</a>', page)


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_page_leads_to_the_other_doors_in_its_own_language(language: str) -> None:
    page = (await _landing(f"/?lang={language}")).text

    assert f'href="/v1/docs?lang={language}"' in page
    assert f'href="/v1/kaart?lang={language}"' in page


@pytest.mark.parametrize(
    ("method", "address", "status"), [("GET", "/nowhere", 404), ("PUT", "/", 405)]
)
async def test_errors_elsewhere_are_problems(method: str, address: str, status: int) -> None:
    async with client() as http:
        answer = await http.request(method, address)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"status", "title", "detail", "detailNl"}
    assert answer.headers["api-version"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (answer.headers.get("allow") is not None) == (status == 405)


async def test_a_fault_is_a_problem_with_a_number_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> Served:
        raise RuntimeError("password=secret")

    async with client(serving=broken) as http:
        answer = await http.get("/")

    assert answer.status_code == 500
    assert "secret" not in answer.text
    number = answer.json()["detail"].split("mention ")[1].split()[0]
    assert number in caplog.text


async def test_only_behind_https_do_browsers_learn_to_insist_on_it() -> None:
    behind = settings(LEEFBAARHEID_PUBLIC_URL="https://leefbaarheid.example.nl")
    async with client(settings=behind) as http:
        secure = await http.get("/")
    plain = await _landing()

    assert "max-age" in secure.headers["strict-transport-security"]
    assert "strict-transport-security" not in plain.headers
