"""The Dutch API design rules (NL GOV ADR 2.1 and 2.2), rule by rule, over every operation.

Names are those of the rules. The exceptions that OGC standards ask for are listed here.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.api.resting import described, rest_client

DOCUMENT = described()
KEBAB_BY_OGC = {"bbox-crs", "filter-crs", "filter-lang"}
"""Query keys that OGC API standards fix; the rule asks for camel case."""
OPERATIONS_AT_THE_END = re.compile(r"_[a-z]+")


def _segments() -> Iterator[str]:
    for path in DOCUMENT["paths"]:
        yield from path.strip("/").split("/")


def _answers() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for status, answer in item["get"]["responses"].items():
            if "$ref" in answer:
                answer = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
            yield path, status, answer


def _is_versioned(answer: dict[str, Any]) -> bool:
    return "API-Version" in answer["headers"]


def test_core_uri_version_the_major_version_is_in_the_path() -> None:
    assert all(each["url"].endswith("/v1") for each in DOCUMENT["servers"])


def test_core_no_trailing_slash() -> None:
    assert [path for path in DOCUMENT["paths"] if path != "/" and path.endswith("/")] == []


def test_core_path_segments_kebab_case() -> None:
    plain = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*|\{[A-Za-z]+\}")
    odd = {each for each in _segments() if each and not plain.fullmatch(each)}
    assert {each for each in odd if not OPERATIONS_AT_THE_END.fullmatch(each)} == {"openapi.json"}


def test_core_query_keys_camel_case() -> None:
    camel = re.compile(r"[a-z]+([A-Z][a-z0-9]*)*")
    keys = {
        parameter["name"]
        for item in DOCUMENT["paths"].values()
        for parameter in item["get"]["parameters"]
        if parameter["in"] == "query"
    }
    assert {key for key in keys if not camel.fullmatch(key)} <= KEBAB_BY_OGC


def test_core_http_methods_only_reading_is_offered() -> None:
    assert {method for item in DOCUMENT["paths"].values() for method in item} == {"get"}


def test_core_version_header_is_described_on_every_answer() -> None:
    lacking = [
        (path, status) for path, status, each in _answers() if "API-Version" not in each["headers"]
    ]
    assert lacking == []


def test_core_semver_and_the_header_equals_the_version_of_the_description() -> None:
    version = DOCUMENT["info"]["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert DOCUMENT["components"]["headers"]["API-Version"]["schema"]["example"] == version


def test_core_doc_openapi_contact_has_name_email_and_url() -> None:
    assert set(DOCUMENT["info"]["contact"]) == {"name", "email", "url"}


def test_core_publish_openapi_is_in_its_own_paths() -> None:
    assert "/openapi.json" in DOCUMENT["paths"]


def test_core_publish_openapi_any_site_may_read_it() -> None:
    described = DOCUMENT["paths"]["/openapi.json"]["get"]["responses"]
    for status in ("200", "304"):
        assert "access-control-allow-origin" in described[status]["headers"]


def test_every_operation_has_an_id_of_its_own_a_known_tag_and_a_summary() -> None:
    operations = [item["get"] for item in DOCUMENT["paths"].values()]
    ids = [each["operationId"] for each in operations]
    tags = {each["name"] for each in DOCUMENT["tags"]}
    assert len(set(ids)) == len(ids)
    assert all(set(each["tags"]) <= tags and each["summary"] for each in operations)


def test_the_description_refers_to_nothing_outside_itself() -> None:
    references = re.findall(r"'\$ref': '([^']*)'", str(DOCUMENT))
    assert references
    for each in references:
        assert each.startswith("#/components/")
        _, _, kind, name = each.split("/")
        assert name in DOCUMENT["components"][kind], each


def test_core_error_handling_problem_details_on_every_error() -> None:
    for path, status, answer in _answers():
        if status.startswith(("4", "5")):
            assert list(answer["content"]) == ["application/problem+json"], (path, status)


@pytest.mark.parametrize(
    "address", ["/v1/wijken", "/v1/wijken/WK000199", "/v1/wijken?limit=0", "/v1/openapi.json"]
)
async def test_core_transport_security_headers_and_cors_on_every_status(address: str) -> None:
    async with rest_client() as (client, _):
        answer = await client.get(address)
    shown = answer.headers
    assert shown["x-content-type-options"] == "nosniff"
    assert shown["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in shown["content-security-policy"]
    assert shown["strict-transport-security"].startswith("max-age=")
    assert shown["referrer-policy"]
    assert shown["cache-control"]
    assert shown["access-control-allow-origin"] == "*"


async def test_core_hide_implementation_no_answer_names_a_product() -> None:
    async with rest_client() as (client, _):
        for address in ("/v1/wijken", "/v1/wijken/x", "/v1/nergens"):
            answer = await client.get(address)
            assert not {"server", "x-powered-by"} & set(answer.headers)
            assert not re.search("starlette|uvicorn|asyncpg|postgres|python", answer.text.lower())


async def test_core_date_time_moments_are_in_utc_with_a_z() -> None:
    async with rest_client() as (client, _):
        page = (await client.get("/v1/publicaties")).json()
    for each in page["resultaten"]:
        assert each["gepubliceerd"].endswith("Z")
        assert datetime.fromisoformat(each["gepubliceerd"]).tzinfo is not None
