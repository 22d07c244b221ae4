"""The checksums of a publication are those of its real downloads, whoever asks and how often."""

import asyncio
import csv
import hashlib
import subprocess
from base64 import b64encode
from io import StringIO
from pathlib import Path
from shutil import which
from typing import Any
from unittest.mock import patch

import httpx
import pytest
import yaml

from service.rest.resources import checksums
from tests.api.resting import rest_client
from tests.api.sample import SampleStore, open_sample

_PATH = "/v1/publicaties/3/controlesommen"
_PLAIN = {"accept-encoding": "identity"}


async def _walk(client: httpx.AsyncClient, address: str) -> list[dict[str, Any]]:
    """All rows, by the links `next`."""
    found: list[dict[str, Any]] = []
    while address:
        answer = await client.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["resultaten"]
        address = next((each["href"] for each in page["links"] if each["rel"] == "next"), "")
    assert len(found) == page["aantal"]
    return found


async def test_every_file_of_the_package_is_there_once_and_in_its_order() -> None:
    async with rest_client() as (client, _):
        package = (await client.get("/v1/publicaties/3/gegevenspakket")).json()
        rows = await _walk(client, f"{_PATH}?limit=4")
    assert len(rows) > 4
    assert [each["adres"] for each in rows] == [each["path"] for each in package["resources"]]
    assert {each["mediatype"] for each in rows} == {"text/csv"}


async def test_bytes_rows_sum_and_name_are_those_of_the_download() -> None:
    async with rest_client() as (client, _):
        rows = await _walk(client, _PATH)
        for row in rows:
            wish = {**_PLAIN, "want-repr-digest": "sha-256=5"}
            file = await client.get(row["adres"], headers=wish)
            digest = hashlib.sha256(file.content).digest()
            assert row["sha256"] == digest.hex()
            assert file.headers["repr-digest"] == f"sha-256=:{b64encode(digest).decode()}:"
            assert row["bytes"] == len(file.content)
            assert row["rijen"] == len(list(csv.reader(StringIO(file.text, newline="")))) - 1
            assert f'filename="{row["bestand"]}"' in file.headers["content-disposition"]
    assert len({each["sha256"] for each in rows}) == len({each["bestand"] for each in rows})


@pytest.mark.skipif(which("sha256sum") is None, reason="no sha256sum here")
async def test_sha256sum_agrees_and_sees_one_byte_that_changed(tmp_path: Path) -> None:
    async with rest_client() as (client, _):
        first = await client.get(f"{_PATH}?f=sha256&limit=3")
        assert first.headers["content-type"] == "text/plain; charset=utf-8"
        after = await client.get(first.links["next"]["url"])
        rows = await _walk(client, _PATH)
        for row in rows[:3]:
            file = await client.get(row["adres"], headers=_PLAIN)
            (tmp_path / row["bestand"]).write_bytes(file.content)
    assert after.text.splitlines()[0] == f"{rows[3]['sha256']}  {rows[3]['bestand']}"

    def checked() -> int:
        # What it reads comes from our own service, and nothing of it is a command.
        command = ["sha256sum", "--strict", "-c"]
        return subprocess.run(
            command, input=first.content, cwd=tmp_path, capture_output=True, check=False
        ).returncode

    assert checked() == 0
    changed = tmp_path / rows[1]["bestand"]
    changed.write_bytes(changed.read_bytes()[:-3] + b"9\r\n")
    assert checked() == 1


async def test_a_page_never_changes_whatever_is_published() -> None:
    address = "/v1/publicaties/2/controlesommen"
    async with rest_client() as (client, held):
        held.snapshot = await open_sample(held.store, 2)
        before = await client.get(address)
        held.snapshot = await open_sample(held.store, 3)
        after = await client.get(address)
    assert before.content == after.content
    assert before.headers["etag"] == after.headers["etag"]
    assert after.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_the_publication_its_package_and_its_citation_lead_there() -> None:
    async with rest_client() as (client, _):
        one = (await client.get("/v1/publicaties/3")).json()["controlesommen"]
        package = (await client.get("/v1/publicaties/3/gegevenspakket")).json()
        cited = yaml.safe_load((await client.get("/v1/publicaties/3/citaat?f=cff")).text)
        assert one.endswith(_PATH)
        assert (await client.get(one)).status_code == 200
    assert package["controlesommen"] == one
    assert one in package["description"]
    assert [each["value"] for each in cited["identifiers"]] == [one]


async def test_the_running_service_gives_whole_addresses(stories: httpx.AsyncClient) -> None:
    package = (await stories.get("/v1/publicaties/1/gegevenspakket")).json()
    one = (await stories.get("/v1/publicaties/1")).json()["controlesommen"]
    row = (await stories.get(f"{one}?limit=1")).json()["resultaten"][0]
    assert one == package["controlesommen"]
    assert row["adres"] == package["resources"][0]["path"]
    file = await stories.get(row["adres"], headers=_PLAIN)
    assert hashlib.sha256(file.content).hexdigest() == row["sha256"]


async def test_a_limit_above_the_most_is_the_most_and_a_cursor_of_another_list_is_refused() -> None:
    async with rest_client() as (client, _):
        many = (await client.get(f"{_PATH}?limit=5000")).json()
        usual = (await client.get(_PATH)).json()
        first = (await client.get(f"{_PATH}?limit=1")).json()["links"][1]["href"]
        other = await client.get(first.replace("/3/", "/2/"))
    assert many["resultaten"] == usual["resultaten"]
    assert len(many["resultaten"]) <= 50
    assert (other.status_code, other.json()["errors"][0]["name"]) == (404, "cursor")


async def test_each_file_is_written_once_however_many_ask_at_once() -> None:
    async with rest_client(SampleStore()) as (client, held):
        with patch.object(checksums, "_summed", side_effect=checksums._summed) as made:
            answers = await asyncio.gather(*(client.get(_PATH) for _ in range(4)))
            # Facts remember a bounded number of things; sums are not among what they forget.
            for number in range(300):
                held.context().facts.remember(("other", number), object)
            again = await client.get(f"{_PATH}?limit=2")
    assert [each.status_code for each in answers] == [200] * 4
    assert len({each.content for each in answers}) == 1
    assert again.status_code == 200
    assert made.call_count == len(answers[0].json()["resultaten"])


async def test_who_comes_when_too_many_wait_is_asked_to_come_again() -> None:
    async with rest_client(SampleStore()) as (client, _):
        answers = await asyncio.gather(*(client.get(f"{_PATH}?limit={n}") for n in range(1, 13)))
        statuses = sorted(each.status_code for each in answers)
        refused = next(each for each in answers if each.status_code == 503)
        assert statuses == [200] * 8 + [503] * 4
        assert "retry-after" in refused.headers
        later = await client.get(f"{_PATH}?limit=12")
    assert later.status_code == 200
