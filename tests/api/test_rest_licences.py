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
