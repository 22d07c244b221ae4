"""Every answer with figures says under which terms they may be used."""

from dataclasses import replace

from tests.api.resting import rest_client
from tests.api.sample import REFERENCE, SampleStore

_CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def _licensed() -> SampleStore:
    sources = tuple(replace(each, licence_url=_CC_BY) for each in REFERENCE.sources)
    return SampleStore(reference=replace(REFERENCE, sources=sources))


async def test_answers_name_the_licence_once() -> None:
    async with rest_client(_licensed()) as (client, _):
        for address in (
            "/v1/wijken",
            "/v1/wijken/WK900101/waarnemingen?indicatoren=population",
            "/v1/waarnemingen?indicator=population&niveau=wijk",
            "/v1/bewijzen/stapeling?niveau=wijk",
            "/v1/publicaties/2/citaat",
        ):
            answer = await client.get(address)
            assert answer.status_code == 200, answer.text
            link = answer.headers["link"]
            assert f'<{_CC_BY}>; rel="license"' in link, address
            assert link.count('rel="license"') == 1, address


async def test_a_refusal_and_the_description_have_none() -> None:
    async with rest_client(_licensed()) as (client, _):
        for address in ("/v1/wijken?limit=0", "/v1/openapi.json"):
            assert "license" not in (await client.get(address)).headers.get("link", "")


async def test_a_collection_claims_the_licences_of_the_sources_and_no_other() -> None:
    zero = "https://creativecommons.org/publicdomain/zero/1.0/"
    sources = tuple(
        replace(each, licence_url=zero, licence="CC0-1.0") for each in REFERENCE.sources
    )
    store = SampleStore(reference=replace(REFERENCE, sources=sources))
    async with rest_client(store) as (client, _):
        for path in ("wijken-2024", "wijken-2024/items"):
            links = (await client.get(f"/v1/collections/{path}?f=json")).json()["links"]
            found = [(each["href"], each["title"]) for each in links if each["rel"] == "license"]
            assert found == [(zero, "CC0-1.0")]
        page = await client.get("/v1/collections/wijken-2024?f=html&lang=en")
    assert "Licence: CC0-1.0" in page.text
    assert "CC BY" not in page.text
