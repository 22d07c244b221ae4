"""What people read of the REST contract comes in their language, each language with its own tag."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from service.rest.english.texts import texts
from service.rest.operation import Format
from service.rest.spoken import Spoken
from tests.api.mapped import MappedStore
from tests.api.resting import rest_client
from tests.conformance.test_english import DUTCH, silent

DESCRIPTION = "/v1/openapi.json"
_THE_SAME = re.compile(r"Leefbaarheid|(Gemeenten|Wijken|Buurten) \d{4}.*|CC.*|EUPL.*")
"""Names, which are what they are in both languages."""


@pytest.mark.parametrize(
    ("query", "wish", "language"),
    [
        ("", None, "nl"),
        ("", "en-GB,en;q=0.9,nl;q=0.8", "en"),
        ("", "nl,en;q=0.5", "nl"),
        ("", "fr", "nl"),
        ("?lang=en", "nl", "en"),
        ("?lang=nl", "en", "nl"),
    ],
)
async def test_the_description_is_in_the_language_of_its_reader(
    query: str, wish: str | None, language: str
) -> None:
    async with rest_client() as (client, _):
        headers = {} if wish is None else {"accept-language": wish}
        answer = await client.get(DESCRIPTION + query, headers=headers)
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]
    said = {"nl": "Deze dienst", "en": "This service"}
    assert answer.json()["servers"][0]["description"] == said[language]


async def test_each_language_has_a_strong_tag_of_its_own() -> None:
    async with rest_client() as (client, _):
        dutch, english = [
            (await client.get(DESCRIPTION, headers={"accept-language": each})).headers["etag"]
            for each in ("nl", "en")
        ]
        held = await client.get(
            DESCRIPTION, headers={"accept-language": "en", "if-none-match": english}
        )
        other = await client.get(
            DESCRIPTION, headers={"accept-language": "en", "if-none-match": dutch}
        )
    assert dutch != english
    assert not english.startswith("W/")
    assert (held.status_code, other.status_code) == (304, 200)
    assert "Accept-Language" in held.headers["vary"]


@pytest.mark.parametrize("query", ["lang=fr", "lang=", "lang=nl&lang=en", "taal=en"])
async def test_a_language_that_is_not_there_is_refused(query: str) -> None:
    async with rest_client() as (client, _):
        answer = await client.get(f"{DESCRIPTION}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["name"] == query.partition("=")[0]


async def test_tiles_are_described_in_the_language_of_their_reader() -> None:
    place = "/v1/collections/wijken-2024/tiles/WebMercatorQuad?f=tilejson"
    async with rest_client() as (client, _):
        dutch, english = [
            await client.get(place, headers={"accept-language": each}) for each in ("nl", "en")
        ]
    assert dutch.json()["description"] == "Grenzen van wijken, indeling 2024."
    assert english.json()["description"] == "Boundaries of wijken, vintage 2024."
    assert english.headers["content-language"] == "en"
    assert dutch.headers["etag"] != english.headers["etag"]
    assert dutch.json()["tiles"] == english.json()["tiles"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/",
        "/v1/conformance",
        "/v1/collections",
        "/v1/collections/focusgebieden-2024",
        "/v1/collections/wijken-2024/queryables?stapeling=alone",
        "/v1/collections/wijken-2024/schema?indicatoren=population&stapeling=alone",
        "/v1/collections/focusgebieden-2024/schema/feature?indicatoren=population",
        "/v1/collections/wijken-2024/tiles",
    ],
)
async def test_documents_of_ogc_say_the_same_in_each_language(path: str) -> None:
    async with rest_client(MappedStore()) as (client, _):
        answers = {
            language: await client.get(path, headers={"accept-language": language})
            for language in ("nl", "en")
        }
    for language, answer in answers.items():
        assert (answer.status_code, answer.headers["content-language"]) == (200, language)
        assert "Accept-Language" in answer.headers["vary"]
    dutch, english = (each.json() for each in answers.values())
    assert silent(dutch) == silent(english)
    for one, other in zip(texts(dutch), texts(english), strict=True):
        assert _THE_SAME.fullmatch(other) if one == other else not DUTCH.search(other.lower())


@pytest.mark.parametrize(
    ("path", "spoken"),
    [
        ("indicatoren", {"naam", "beschrijving", "eenheid", "toelichting", "tekst"}),
        ("indicatoren/population", {"naam", "beschrijving", "eenheid", "toelichting", "tekst"}),
        ("bronnen", {"naam", "bronvermelding", "toelichting"}),
        ("programmas", {"beschrijving", "bron"}),
        ("focusgebieden", {"bron", "toelichting"}),
        ("gemeentegroepen", {"naam", "beschrijving", "bron"}),
        ("wijken/WK900101", {"bron", "toelichting"}),
        ("wijken/WK900101/waarnemingen?indicatoren=population,no-such", {"redenTekst", "tekst"}),
    ],
)
async def test_what_answers_say_to_people_is_in_their_language_and_nothing_else(
    path: str, spoken: set[str]
) -> None:
    async with rest_client() as (client, _):
        dutch, english = [
            await client.get(f"/v1/{path}", headers={"accept-language": each})
            for each in ("nl", "en")
        ]
    assert (dutch.headers["content-language"], english.headers["content-language"]) == ("nl", "en")
    assert dutch.headers["etag"] != english.headers["etag"]
    differing = set(_differing(dutch.json(), english.json()))
    assert differing <= spoken
    assert differing


def _differing(one: Any, other: Any, name: str = "") -> Iterator[str]:
    """Names of the members that are not the same in two answers."""
    if isinstance(one, dict) and isinstance(other, dict):
        assert list(one) == list(other)
        for member, value in one.items():
            yield from _differing(value, other[member], member)
    elif isinstance(one, list) and isinstance(other, list):
        for left, right in zip(one, other, strict=True):
            yield from _differing(left, right, name)
    elif one != other:
        yield name


async def test_a_walk_may_go_on_in_another_language() -> None:
    async with rest_client() as (client, _):
        page = (await client.get("/v1/indicatoren?limit=1&lang=en")).json()
        following = page["links"][1]["href"]
        assert "lang=en" in following
        other = await client.get(following.replace("lang=en", "lang=nl"))
    assert other.status_code == 200


async def test_a_page_of_ogc_has_no_dutch_left_in_english() -> None:
    async with rest_client(MappedStore()) as (client, _):
        for path in ("", "collections", "collections/focusgebieden-2024/schema"):
            page = await client.get(f"/v1/{path}", params={"f": "html", "lang": "en"})
            shown = re.sub(r"<code>.*?</code>|<[^>]*>", " ", page.text)
            assert DUTCH.findall(shown.lower()) == [], path
            assert "/v1/?lang=en" in page.text


async def test_a_data_package_has_its_titles_in_the_language_of_its_reader() -> None:
    place = "/v1/publicaties/3/gegevenspakket"
    async with rest_client() as (client, _):
        plain, dutch, english = [
            await client.get(place + query) for query in ("", "?lang=nl", "?lang=en")
        ]
    assert plain.content == dutch.content
    assert (dutch.headers["content-language"], english.headers["content-language"]) == ("nl", "en")
    said = [each.json() for each in (dutch, english)]
    assert [each["title"].partition(",")[0] for each in said] == [
        "Leefbaarheid van Nederlandse wijken en buurten",
        "Liveability of Dutch neighbourhoods",
    ]
    (one, other) = [each["resources"][0] for each in said]
    assert one["path"] == other["path"]
    assert one["title"] != other["title"]
    fields = [
        {each["name"]: each["title"] for each in it["schema"]["fields"]} for it in (one, other)
    ]
    assert list(fields[0]) == list(fields[1])
    assert (fields[0]["indeling"], fields[1]["indeling"]) == ("indeling", "vintage")


def test_a_language_is_made_once_and_only_when_it_is_asked_for() -> None:
    made: list[str] = []

    def write(language: str) -> bytes:
        made.append(language)
        return language.encode()

    spoken = Spoken([Format("text", "text/plain")], write)
    app = Starlette(routes=[Route("/", spoken)])

    async def ask(*languages: str) -> list[str]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
            return [(await client.get("/", params={"lang": each})).text for each in languages]

    assert asyncio.run(ask("nl", "nl")) == ["nl", "nl"]
    assert made == ["nl"]
    assert asyncio.run(ask("en", "en")) == ["en", "en"]
    assert made == ["nl", "en"]
