"""The addresses that programs look for by themselves."""

from datetime import date, datetime

import httpx
import pytest
from starlette.applications import Starlette

from service.well_known import routes

URL = "https://data.example.nl"


def _client(today: date) -> httpx.AsyncClient:
    app = Starlette(routes=routes(URL, "beheer@example.nl", today=lambda: today))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL)


@pytest.mark.parametrize(
    "today", [date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2028, 2, 29)]
)
async def test_security_txt_says_whom_to_tell_and_is_never_expired(today: date) -> None:
    async with _client(today) as client:
        answer = await client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:beheer@example.nl"
    assert fields["Canonical"] == f"{URL}/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]).date() - today
    assert 180 <= left.days <= 366


async def test_security_txt_claims_no_address_of_its_own_that_is_not_https() -> None:
    app = Starlette(routes=routes("http://127.0.0.1:8000", "beheer@example.nl"))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        said = (await client.get("/.well-known/security.txt")).text
    assert "Canonical" not in said
    assert "Expires: " in said


async def test_a_head_request_tells_where_the_catalogue_of_apis_is() -> None:
    async with _client(date(2026, 1, 1)) as client:
        answer = await client.head("/.well-known/api-catalog")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["link"] == f'<{URL}/.well-known/api-catalog>; rel="api-catalog"'


async def test_the_catalogue_of_apis_leads_to_descriptions_and_pages() -> None:
    async with _client(date(2026, 1, 1)) as client:
        answer = await client.get("/.well-known/api-catalog")
    assert answer.headers["content-type"].startswith("application/linkset+json; profile=")
    assert 'rel="api-catalog"' in answer.headers["link"]
    catalog, rest, graphql = answer.json()["linkset"]
    assert [each["href"] for each in catalog["item"]] == [rest["anchor"], graphql["anchor"]]
    assert rest["service-desc"][0]["href"] == f"{URL}/v1/openapi.json"
    assert rest["service-doc"][0]["href"] == f"{URL}/v1/docs"
