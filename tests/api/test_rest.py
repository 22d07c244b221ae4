"""What every address of the REST contract has in common: refusals, headers, tags, pages, pins."""

from datetime import UTC, datetime

import pytest

from db.core.publication import WithdrawnPublication
from service.feeds import csv
from service.feeds.lines import SEAL
from tests.api.resting import PUBLIC_URL, rest_client
from tests.api.sample import SampleStore, open_sample


async def test_every_answer_names_the_version_of_the_api_errors_too() -> None:
    async with rest_client() as (client, _):
        for address in ("/v1/wijken", "/v1/wijken/XX", "/v1/nergens", "/v1/openapi.json", "/v1/"):
            answer = await client.get(address)
            assert answer.headers["api-version"] == "1.0.0", address
            assert "API-Version" in answer.headers["access-control-expose-headers"]
        assert (await client.post("/v1/wijken")).headers["api-version"] == "1.0.0"


async def test_a_refusal_names_every_fault_at_once() -> None:
    async with rest_client() as (client, _):
        query = {"indeling": "24", "limit": "0", "gemeenteCode": "Utrecht", "kleur": "rood"}
        answer = await client.get("/v1/wijken", params=query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    faults = {each["name"]: each for each in answer.json()["errors"]}
    assert sorted(faults) == ["gemeenteCode", "indeling", "kleur", "limit"]
    assert faults["kleur"]["allowed"] == [
        "indeling", "gemeenteCode", "limit", "cursor", "publicatie", "f",
    ]  # fmt: skip
    assert "from 1 to 5000" in faults["limit"]["detail"]
    assert "van 1 tot en met 5000" in faults["limit"]["detailNl"]


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/v1/wijken/WK000199", 404, "UNKNOWN_CODE"),
        ("/v1/wijken/WK", 400, "INVALID_REQUEST"),
        ("/v1/wijken?indeling=1999", 404, "VINTAGE_NOT_LOADED"),
        ("/v1/publicaties/99", 404, "UNKNOWN_PUBLICATION"),
        ("/v1/wijken?publicatie=99", 404, "UNKNOWN_PUBLICATION"),
        ("/v1/wijken/", 404, "NOT_FOUND"),
        ("/v1/wijken?gemeenteCode=GM9998", 404, "INVALID_REQUEST"),
        ("/v1/wijken?cursor=AAAAAAAA", 404, "INVALID_REQUEST"),
        ("/v1/wijken?f=xml", 400, "INVALID_REQUEST"),
        ("/v1/wijzigingen?sinds=2&publicatie=1", 400, "INVALID_REQUEST"),
        ("/v1/wijzigingen?sinds=4", 410, "INVALID_REQUEST"),
    ],
)
async def test_what_is_not_there_and_what_is_wrong_are_told_apart(
    address: str, status: int, code: str
) -> None:
    async with rest_client() as (client, _):
        answer = await client.get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "where", "name"),
    [
        ("/v1/wijken/WK000199", "path", "code"),
        ("/v1/wijken?indeling=1999", "query", "indeling"),
        ("/v1/publicaties/99", "path", "nummer"),
        ("/v1/wijken?publicatie=99", "query", "publicatie"),
        ("/v1/indicatoren/geen", "path", "slug"),
        ("/v1/collections/dorpen-2024/items", "path", "collectionId"),
        ("/v1/collections/focusgebieden-2024/items/nergens", "path", "id"),
    ],
)
async def test_what_is_not_there_names_the_parameter_that_asked_for_it(
    address: str, where: str, name: str
) -> None:
    async with rest_client() as (client, _):
        answer = await client.get(address)
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["in"], fault["name"]) == (404, where, name)
    assert fault["detail"] != fault["detailNl"]


@pytest.mark.parametrize(
    ("address", "status", "names"),
    [
        ("/v1/wijken?publicatie=99&limit=0", 400, {"publicatie", "limit"}),
        ("/v1/wijken?publicatie=1&kleur=rood", 400, {"publicatie", "kleur"}),
        (
            "/v1/collections/wijken-2024/items?stapeling=geen&indicatoren=geen,population&"
            "properties=zzz&cursor=AAAAAAAAAAAA",
            404,
            {"stapeling", "indicatoren", "properties", "cursor"},
        ),
        (
            "/v1/collections/wijken-2024/items?stapeling=geen&bbox=500,1,501,2",
            400,
            {"stapeling", "bbox"},
        ),
    ],
)
async def test_what_is_not_there_is_told_with_all_else_that_is_wrong(
    address: str, status: int, names: set[str]
) -> None:
    store = SampleStore()
    moment = datetime(2024, 7, 1, tzinfo=UTC)
    store.gone[1] = WithdrawnPublication(1, moment, "fout", "wrong")
    async with rest_client(store) as (client, _):
        answer = await client.get(address)
    assert answer.status_code == status, answer.text
    assert {each["name"] for each in answer.json()["errors"]} == names


async def test_a_withdrawn_publication_is_410_also_where_no_format_is_wanted() -> None:
    store = SampleStore()
    moment = datetime(2024, 7, 1, tzinfo=UTC)
    store.gone[1] = WithdrawnPublication(1, moment, "fout", "wrong")
    async with rest_client(store) as (client, _):
        for headers in ({}, {"accept": "text/csv"}):
            answer = await client.get("/v1/wijken?publicatie=1", headers=headers)
            assert answer.status_code == 410
            assert "publicatie" in {each["name"] for each in answer.json()["errors"]}


async def test_a_media_type_that_we_do_not_have_is_406_and_another_method_405() -> None:
    async with rest_client() as (client, _):
        other = await client.get("/v1/wijken", headers={"accept": "text/xml"})
        posted = await client.post("/v1/wijken")
    assert other.status_code == 406
    assert other.json()["errors"][0]["allowed"] == ["application/json"]
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")


async def test_without_a_publication_it_says_to_come_back() -> None:
    async with rest_client(empty=True) as (client, _):
        answer = await client.get("/v1/wijken")
        described = await client.get("/v1/openapi.json")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert described.status_code == 200


async def test_a_tag_that_is_current_is_answered_with_304_before_anything_is_read() -> None:
    store = SampleStore()
    async with rest_client(store) as (client, _):
        first = await client.get("/v1/wijken")
        store.reads.clear()
        again = await client.get("/v1/wijken", headers={"if-none-match": first.headers["etag"]})
        other = await client.get(
            "/v1/wijken?limit=1", headers={"if-none-match": first.headers["etag"]}
        )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert store.reads == []
    assert other.status_code == 200


async def test_head_has_the_headers_of_get_and_no_body() -> None:
    async with rest_client() as (client, _):
        get = await client.get("/v1/wijken")
        head = await client.head("/v1/wijken")
    assert head.headers == get.headers
    assert head.content == b""


async def test_a_walk_along_next_sees_every_area_once_and_one_publication() -> None:
    store = SampleStore()
    async with rest_client(store) as (client, held):
        held.snapshot = await open_sample(store, 2)
        whole = (await client.get("/v1/wijken?limit=5000")).json()
        seen: list[str] = []
        address: str | None = "/v1/wijken?limit=1"
        publications = set()
        while address is not None:
            page = (await client.get(address)).json()
            publications.add(page["publicatie"])
            seen += [each["code"] for each in page["resultaten"]]
            held.snapshot = await open_sample(store, 3)
            address = next((x["href"] for x in page["links"] if x["rel"] == "next"), None)
    assert seen == [each["code"] for each in whole["resultaten"]]
    assert len(seen) == whole["aantal"] > 2
    assert publications == {2}


async def test_a_cursor_holds_for_its_own_list_only() -> None:
    async with rest_client() as (client, _):
        page = (await client.get("/v1/wijken?limit=1&indeling=2024")).json()
        following = next(x["href"] for x in page["links"] if x["rel"] == "next")
        assert following.startswith(f"{PUBLIC_URL}/v1/wijken?cursor=")
        other = await client.get(following.replace("indeling=2024", "indeling=2023"))
    assert other.status_code == 404
    assert other.json()["errors"][0]["code"] == "CURSOR_OF_ANOTHER_LIST"


async def test_a_pinned_answer_may_be_kept_for_ever_and_stays_what_it_was() -> None:
    store = SampleStore()
    async with rest_client(store) as (client, held):
        newest = await client.get("/v1/publicaties")
        pinned = await client.get("/v1/wijken?publicatie=2")
        held.snapshot = await open_sample(store, 2)
        again = await client.get("/v1/wijken?publicatie=2")
    assert newest.headers["cache-control"] == "public, no-cache"
    assert pinned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert pinned.json()["publicatie"] == 2
    assert again.content == pinned.content


async def test_the_description_names_every_address_and_stands_alone() -> None:
    async with rest_client() as (client, _):
        described = (await client.get("/v1/openapi.json")).json()
    assert described["openapi"] == "3.0.3"
    assert {"/openapi.json", "/wijken", "/wijken/{code}", "/publicaties/{nummer}"} <= set(
        described["paths"]
    )
    assert described["servers"][0]["url"] == f"{PUBLIC_URL}/v1"


async def test_values_say_why_they_are_absent_and_one_unknown_slug_loses_only_itself() -> None:
    query = {"indicatoren": "population,average_incom,severe_loneliness", "jaren": "alle"}
    async with rest_client() as (client, _):
        codes = [each["code"] for each in (await client.get("/v1/wijken")).json()["resultaten"]]
        answer = (await client.get(f"/v1/wijken/{codes[0]}/waarnemingen", params=query)).json()
    assert {each["indicator"] for each in answer["problemen"]} >= {"average_incom"}
    assert answer["waarden"]
    for value in answer["waarden"]:
        assert (value["waarde"] is None) == (value["status"] not in _PRESENT)
        assert value["redenTekst"]


_PRESENT = ("OBSERVED", "MODELLED", "RECODED", "ESTIMATED")


async def test_a_border_comes_as_geojson_in_the_system_that_is_asked_for() -> None:
    rd = "http://www.opengis.net/def/crs/EPSG/0/28992"
    async with rest_client() as (client, _):
        code = (await client.get("/v1/wijken")).json()["resultaten"][0]["code"]
        plain = await client.get(f"/v1/wijken/{code}")
        degrees = await client.get(f"/v1/wijken/{code}?geometrie=overzicht")
        metres = await client.get(
            f"/v1/wijken/{code}", params={"geometrie": "overzicht", "crs": rd}
        )
        other = await client.get(f"/v1/wijken/{code}?geometrie=overzicht&crs=EPSG:3857")
    assert (plain.json()["geometrie"], "content-crs" in plain.headers) == (None, False)
    assert degrees.headers["content-crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert metres.headers["content-crs"] == f"<{rd}>"
    assert degrees.json()["geometrie"]["coordinates"] != metres.json()["geometrie"]["coordinates"]
    assert degrees.headers["etag"] != metres.headers["etag"]
    assert other.status_code == 400
    assert rd in other.json()["errors"][0]["allowed"]


async def test_a_part_of_an_answer_can_be_fetched_and_joined_with_the_rest() -> None:
    plain = {"accept-encoding": "identity"}
    async with rest_client() as (client, _):
        whole = await client.get("/v1/wijken", headers=plain)
        tag = whole.headers["etag"]
        begin = await client.get("/v1/wijken", headers={**plain, "range": "bytes=0-99"})
        rest = await client.get(
            "/v1/wijken", headers={**plain, "range": "bytes=100-", "if-range": tag}
        )
        other = await client.get(
            "/v1/wijken", headers={**plain, "range": "bytes=100-", "if-range": '"other"'}
        )
        beyond = await client.get("/v1/wijken", headers={**plain, "range": "bytes=99999-"})
    assert whole.headers["accept-ranges"] == "bytes"
    assert [each.status_code for each in (begin, rest, other, beyond)] == [206, 206, 200, 416]
    assert begin.headers["content-range"] == f"bytes 0-99/{len(whole.content)}"
    assert begin.content + rest.content == whole.content == other.content
    assert beyond.headers["content-range"] == f"bytes */{len(whole.content)}"
    assert beyond.headers["content-type"] == "application/problem+json"


async def test_a_publication_and_its_package_and_citation_stay_what_they_were() -> None:
    store = SampleStore()
    addresses = [
        "/v1/publicaties/2",
        "/v1/publicaties/2/gegevenspakket",
        "/v1/publicaties/2/citaat?f=cff",
    ]
    async with rest_client(store) as (client, held):
        held.snapshot = await open_sample(store, 2)
        before = [await client.get(each) for each in addresses]
        held.snapshot = await open_sample(store, 3)
        after = [await client.get(each) for each in addresses]
    assert [each.status_code for each in before] == [200] * 3
    for one, other in zip(before, after, strict=True):
        assert one.content == other.content
        assert one.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert one.headers["etag"] == other.headers["etag"]


async def test_the_package_names_a_pinned_file_of_every_series_and_its_columns() -> None:
    async with rest_client() as (client, held):
        package = (await client.get("/v1/publicaties/3/gegevenspakket")).json()
        assert held.snapshot is not None
        assert len(package["resources"]) == len(held.snapshot.head.series)
    names = [each["name"] for each in package["resources"]]
    assert len(set(names)) == len(names)
    assert all("publicatie=3" in each["path"] for each in package["resources"])
    fields = [each["name"] for each in package["resources"][0]["schema"]["fields"]]
    assert tuple(fields) == (*csv.COLUMNS, SEAL)


async def test_the_areas_of_a_gemeente_are_those_that_name_it_in_order_of_code() -> None:
    async with rest_client() as (client, _):
        every = (await client.get("/v1/wijken?limit=5000")).json()["resultaten"]
        code = every[0]["gemeenteCode"]
        some = (await client.get(f"/v1/wijken?gemeenteCode={code}")).json()["resultaten"]
    assert some == [each for each in every if each["gemeenteCode"] == code]
    assert 0 < len(some) < len(every)


async def test_a_list_is_put_in_order_once_a_publication() -> None:
    async with rest_client() as (client, held):
        await client.get("/v1/bronnen")
        facts = held.context().facts
        before = facts.remembered.get(("in order", "sources"))
        await client.get("/v1/bronnen?limit=1")
        assert facts.remembered.get(("in order", "sources")) is before is not None


async def test_an_answer_is_dated_by_its_publication_and_held_since() -> None:
    async with rest_client() as (client, _):
        first = await client.get("/v1/bronnen")
        moment = first.headers["last-modified"]
        held = await client.get("/v1/bronnen", headers={"if-modified-since": moment})
        assert (held.status_code, held.headers["etag"]) == (304, first.headers["etag"])
        other = {"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}
        assert (await client.get("/v1/bronnen", headers=other)).status_code == 200
