"""ETags: what may be kept by whom, and when an answer need not be sent again."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.counted import LARGE, QUERY, Counted
from tests.api.small import Small, client, settings

GET = {"query": QUERY}


@pytest.fixture
async def opened() -> AsyncIterator[tuple[Counted, httpx.AsyncClient]]:
    async with Counted.open(LEEFBAARHEID_RESPONSE_CACHE_BYTES="0") as pair:
        yield pair


Opened = tuple[Counted, httpx.AsyncClient]


async def test_an_answer_to_get_may_be_kept_by_all_who_ask_whether_it_is_current(
    opened: Opened,
) -> None:
    answer = await opened[1].get("/graphql", params=GET)

    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["access-control-expose-headers"] == "Retry-After, ETag, Link"


async def test_what_a_client_still_has_is_not_run_again(opened: Opened) -> None:
    counted, http = opened
    first = await http.get("/graphql", params=GET)
    headers = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
    again = await http.get("/graphql", params=GET, headers=headers)

    assert (again.status_code, again.content) == (304, b"")
    assert counted.run == ["text"]
    shared = ("etag", "cache-control", "vary", "access-control-allow-origin")
    assert {again.headers[name] == first.headers[name] for name in shared} == {True}
    assert not {"content-type", "content-length", "content-encoding"} & set(again.headers)


async def test_head_says_the_same_and_sends_nothing(opened: Opened) -> None:
    _, http = opened
    for query in (QUERY, LARGE):
        for encoding in ("identity", "gzip", "br", "zstd"):
            asked = {"params": {"query": query}, "headers": {"accept-encoding": encoding}}
            get = await http.get("/graphql", **asked)  # type: ignore[arg-type]
            head = await http.head("/graphql", **asked)  # type: ignore[arg-type]
            tag = {"accept-encoding": encoding, "if-none-match": get.headers["etag"]}
            again = await http.head("/graphql", params={"query": query}, headers=tag)

            assert head.headers == get.headers
            assert (head.status_code, head.content, again.status_code) == (200, b"", 304)


async def test_another_publication_has_another_tag_and_sends_a_new_answer(opened: Opened) -> None:
    counted, http = opened
    first = await http.get("/graphql", params=GET)
    counted.publication = 8
    headers = {"if-none-match": first.headers["etag"]}
    second = await http.get("/graphql", params=GET, headers=headers)
    counted.publication = 7
    back = await http.get("/graphql", params=GET, headers=headers)

    assert (second.status_code, second.json()["extensions"]["publication"]) == (200, 8)
    assert second.headers["etag"] != first.headers["etag"]
    assert back.status_code == 304


async def test_requests_media_types_and_codings_have_tags_of_their_own(opened: Opened) -> None:
    _, http = opened
    variables = "query ($n: Int!) { text(length: $n) }"
    asked: list[tuple[dict[str, str], dict[str, str]]] = [
        (GET, {}),
        (GET, {"accept": Small.GRAPHQL}),
        ({"query": QUERY + " "}, {}),
        ({"query": "query A " + QUERY + " query B { __typename }", "operationName": "A"}, {}),
        ({"query": "query A " + QUERY + " query B { __typename }", "operationName": "B"}, {}),
        ({"query": variables, "variables": '{"n":5000}'}, {}),
        ({"query": variables, "variables": '{"n":5001}'}, {}),
        ({"query": variables, "variables": '{"n":5001}'}, {"accept-encoding": "gzip"}),
        ({"query": variables, "variables": '{"n":5001}'}, {"accept-encoding": "br"}),
        ({"query": variables, "variables": '{"n":5001}'}, {"accept-encoding": "zstd"}),
    ]
    answers = [await http.get("/graphql", params=p, headers=h) for p, h in asked]

    assert [answer.status_code for answer in answers] == [200] * len(asked)
    assert len({answer.headers["etag"] for answer in answers}) == len(asked)


async def test_a_tag_of_a_coding_that_is_no_longer_taken_sends_the_answer(opened: Opened) -> None:
    _, http = opened
    packed = await http.get("/graphql", params={"query": LARGE}, headers={"accept-encoding": "br"})
    headers = {"if-none-match": packed.headers["etag"], "accept-encoding": "identity"}
    plain = await http.get("/graphql", params={"query": LARGE}, headers=headers)
    both = f"{plain.headers['etag']}, {packed.headers['etag']}"
    again = await http.get("/graphql", params={"query": LARGE}, headers={"if-none-match": both})

    assert (plain.status_code, plain.text) == (200, packed.text)
    assert (again.status_code, again.headers["etag"]) == (304, plain.headers["etag"])
    assert again.headers["vary"] == plain.headers["vary"] == "Accept, Accept-Encoding"


async def test_a_star_takes_asking_to_know(opened: Opened) -> None:
    counted, http = opened
    star = {"if-none-match": "*"}
    found = await http.get("/graphql", params=GET, headers=star)
    failed = await http.get("/graphql", params={"query": "{ broken }"}, headers=star)
    wrong = await http.get(
        "/graphql", params={"query": "{ no }"}, headers=star | {"accept": Small.GRAPHQL}
    )

    assert (found.status_code, found.headers["etag"][:1]) == (304, '"')
    assert (failed.status_code, wrong.status_code) == (200, 400)
    assert counted.run == ["text", "broken"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("query", ["{ broken }", "{ broken text(length: 9) }", "{ no }", "{"])
async def test_what_went_wrong_is_not_kept_by_anybody(
    opened: Opened, method: str, query: str
) -> None:
    _, http = opened
    more = {"params": {"query": query}} if method == "GET" else {"json": {"query": query}}
    answer = await http.request(method, "/graphql", **more)  # type: ignore[arg-type]

    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_an_answer_to_post_is_not_kept_and_its_tag_means_nothing(opened: Opened) -> None:
    _, http = opened
    tag = (await http.get("/graphql", params=GET)).headers["etag"]
    answer = await http.post("/graphql", json=GET, headers={"if-none-match": tag})
    any_tag = await http.post("/graphql", json=GET, headers={"if-none-match": "*"})

    assert (answer.status_code, any_tag.status_code) == (200, 200)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_a_store_that_is_away_keeps_nobody_from_what_they_have() -> None:
    async with client(deadline_seconds=0.05) as http:
        late = await http.get("/graphql", params={"query": "{ slow }"})
        away = await http.get("/graphql", params={"query": "{ away }"})
        await asyncio.sleep(0)

    assert (late.status_code, away.status_code) == (503, 503)
    assert all("etag" not in each.headers for each in (late, away))
    assert all(each.headers["cache-control"] == "no-store" for each in (late, away))


async def test_without_a_publication_a_wrong_request_is_still_told_what_is_wrong() -> None:
    def none() -> object:
        raise RuntimeError("no publication")

    async with client(context=none) as http:
        wrong = await http.post("/graphql", json={"query": "{ no }"})
        tag = {"if-none-match": '"000000000000000000000000"'}
        right = await http.get("/graphql", params={"query": "{ hello }"}, headers=tag)

    assert wrong.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert right.status_code == 500


async def test_behind_https_answers_and_304_insist_on_it() -> None:
    behind = settings(LEEFBAARHEID_PUBLIC_URL="https://leefbaarheid.example.nl")
    async with client(settings=behind) as http:
        first = await http.get("/graphql", params={"query": "{ hello }"})
        headers = {"if-none-match": first.headers["etag"]}
        again = await http.get("/graphql", params={"query": "{ hello }"}, headers=headers)

    assert again.status_code == 304
    assert all("max-age" in each.headers["strict-transport-security"] for each in (first, again))


async def test_what_the_application_says_is_what_its_middleware_would_say() -> None:
    """The fast way past Starlette leaves out no header that every other address has."""
    async with client() as http:
        page = await http.get("/health/live")
        answers = [
            await http.get("/graphql", params={"query": "{ hello }"}),
            await http.post("/graphql", json={"query": "{ hello }"}),
            await http.post("/graphql", json={"query": "{"}),
            await http.put("/graphql"),
            await http.options("/graphql"),
        ]

    common = set(page.headers) - {"content-type", "content-length", "cache-control"}
    assert len(common) == 6
    for answer in answers:
        assert {name: answer.headers[name] for name in common} == {
            name: page.headers[name] for name in common
        }
