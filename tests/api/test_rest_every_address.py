"""What holds for every address of the contract: bad input is refused, and HTTP is kept to.

The addresses and their parameters are read from the description, so that a new one is in.
"""

import gzip
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.resting import described, rest_client

_PATHS = described()["paths"]


def _parameters(path: str, where: str) -> list[dict[str, Any]]:
    return [each for each in _PATHS[path]["get"]["parameters"] if each["in"] == where]


_THERE = {
    ("/bewijzen/minstens-even-slecht", "referentie"): "WK900101",
    ("/bewijzen/verdeling", "indicator"): "thefts",
}
"""What the sample has, where the example in the description is of the real country."""


async def addresses(client: Any) -> dict[str, str]:
    """Of each path an address that answers: codes and slugs are looked up in the lists."""
    found = {}
    for path in _PATHS:
        address = f"/v1{path}"
        if path.startswith(("/collections/", "/tiling-schemes/")):
            example = {each["name"]: each.get("example") for each in _parameters(path, "path")}
            example |= {"collectionId": "wijken-2024", "id": "WK900101"}
            address = f"/v1{path.format_map(example)}"
        elif "{" in path:
            collection, _, rest = path.partition("/{")
            page = (await client.get(f"/v1{collection}")).json()
            first = page["resultaten"][0]
            value = first.get("code") or first.get("slug") or first.get("nummer")
            address = f"/v1{collection}/{value}{rest.partition('}')[2]}"
        required = [each for each in _parameters(path, "query") if each["required"]]
        query = "&".join(f"{each['name']}={_example(path, each)}" for each in required)
        found[path] = address + (f"?{query}" if query else "")
    return found


def _example(path: str, parameter: dict[str, Any]) -> str:
    example = (
        _THERE.get((path, parameter["name"]))
        or parameter.get("example")
        or parameter["schema"].get("enum", ["1"])[0]
    )
    return quote(",".join(example) if isinstance(example, list) else str(example))


def _wrong(path: str) -> Iterator[tuple[str, str]]:
    """Queries that are wrong, each with the parameter that must be named."""
    yield "onbekend=1", "onbekend"
    for parameter in _parameters(path, "query"):
        name, schema = parameter["name"], parameter["schema"]
        yield f"{name}=a&{name}=b", name
        if schema["type"] == "integer":
            for text in ("0", "-1", "1.5", "x", "", "%00", "1e3", "9" * 400, "٣"):
                yield f"{name}={quote(text)}", name
        elif "enum" in schema:
            yield f"{name}=geen-van-deze", name
        yield f"{name}=%00%ff%fe", name


@pytest.mark.parametrize("path", list(_PATHS))
async def test_what_is_wrong_is_refused_and_named_and_never_answered_with_an_empty_list(
    path: str,
) -> None:
    async with rest_client() as (client, _):
        address = (await addresses(client))[path].partition("?")[0]
        for query, name in _wrong(path):
            answer = await client.get(f"{address}?{query}")
            assert answer.status_code in (400, 404), (query, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            named = {each["name"] for each in answer.json().get("errors", [])}
            assert name in named, (query, answer.text)


@pytest.mark.parametrize("path", list(_PATHS))
async def test_every_address_keeps_to_http(path: str) -> None:
    async with rest_client() as (client, _):
        address = (await addresses(client))[path]
        plain = await client.get(address, headers={"accept-encoding": "identity"})
        assert plain.status_code == 200, plain.text
        tag = plain.headers["etag"]
        assert not tag.startswith("W/")
        assert "Accept-Encoding" in plain.headers["vary"]
        head = await client.head(address, headers={"accept-encoding": "identity"})
        assert (head.headers, head.content) == (plain.headers, b"")
        held = {"if-none-match": f'"other", {tag}', "accept-encoding": "identity"}
        unchanged = await client.get(address, headers=held)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == tag
        for name in ("cache-control", "vary"):
            assert unchanged.headers[name] == plain.headers[name]
        async with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as coded:
            body = b"".join([part async for part in coded.aiter_raw()])
        if coded.headers.get("content-encoding") == "gzip":
            assert coded.headers["etag"] != tag
            body = gzip.decompress(body)
        assert body == plain.content
        part = {"range": "bytes=0-3", "accept-encoding": "identity"}
        assert (await client.head(address, headers=part)).status_code == 200
        refused = await client.get(address, headers={"if-match": '"other"'})
        assert (refused.status_code, refused.json()["code"]) == (412, "PRECONDITION_FAILED")
        insisting = {"if-match": tag, "if-none-match": tag, "accept-encoding": "identity"}
        assert (await client.get(address, headers=insisting)).status_code == 304
        await _goes_by_moments(client, address, plain)
        posted = await client.post(address)
        assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")


_NO_MOMENT = {"/v1/leveringen"}
"""Who tries to load something writes that down; when it could first be read is not known."""


async def _goes_by_moments(client: Any, address: str, plain: Any) -> None:
    """Last-Modified, and what clients do with it that know no tags."""
    moment = plain.headers.get("last-modified")
    assert (moment is None) == (address in _NO_MOMENT)
    if moment is None:
        return
    long_ago, exact = "Sat, 01 Jan 2000 00:00:00 GMT", {"accept-encoding": "identity"}
    for name, since, status in (
        ("if-modified-since", moment, 304),
        ("if-modified-since", long_ago, 200),
        ("if-unmodified-since", moment, 200),
        ("if-unmodified-since", long_ago, 412),
    ):
        answer = await client.get(address, headers={name: since, **exact})
        assert answer.status_code == status, (name, since)
    # A tag says more than a moment.
    both = {"if-none-match": '"other"', "if-modified-since": moment, **exact}
    assert (await client.get(address, headers=both)).status_code == 200
