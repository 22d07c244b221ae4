"""Files of lines say in each of their rows what all of it is, and anyone can see if it is so."""

import asyncio
import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

import httpx
import pytest

from db.core.levels import Level
from schema.context import Context, patiently
from schema.export import Wanted, extracts, wanted
from service.feeds import sealed
from service.feeds.csv import DIALECT
from service.feeds.lines import lines
from service.feeds.sealed import Sealed
from service.feeds.slate import Slate
from tests.api.large_file import large_store
from tests.api.opened import PATH, client_of, parsed, renamed, sample_client
from tests.api.resting import rest_client
from tests.api.sample import open_sample

_TEXT = (Path(__file__).parents[2] / "docs" / "researchers.md").read_text()
_WIJKEN = {"indicator": "population", "niveau": "wijk"}
_FILES = {
    "csv": "waarnemingen.csv",
    "csv-excel": "waarnemingen-excel.csv",
    "ndjson": "waarnemingen.ndjson",
}
"""What they are called in the lines for a shell."""
_SHELL = re.search(r"^```sh\n(sed .*?)```", _TEXT, re.MULTILINE | re.DOTALL)
_PYTHON = re.search(r"^```python\n(import hashlib.*?)```", _TEXT, re.MULTILINE | re.DOTALL)


async def _written(name: str) -> bytes:
    """A file with names that hold commas, quotes and the ends of lines."""
    async with client_of(await renamed()) as (client, _):
        return (await client.get(PATH, params={**_WIJKEN, "f": name})).content


def _by_shell(file: Path) -> str:
    assert _SHELL is not None
    (line,) = [each for each in _SHELL[1].splitlines() if file.name in each.split()]
    # The line is of our own documentation, and nothing of it comes from elsewhere.
    ran = subprocess.run(
        ["sh", "-c", line], cwd=file.parent, capture_output=True, text=True, check=True
    )
    return ran.stdout.split()[0]


def _by_python(file: Path) -> tuple[str, bool]:
    """The digest, and whether all rows say it."""
    assert _PYTHON is not None
    found: dict[str, Any] = {}
    exec(_PYTHON[1].replace("waarnemingen.csv", str(file)), found)
    return found["digest"], found["whole"]


def _said(content: bytes) -> list[str]:
    """What the rows say, in a file without line ends in its names."""
    return re.findall(r'[0-9a-f]{64}(?="?}?\r?\n)', content.decode())


@pytest.mark.skipif(which("sha256sum") is None or which("sed") is None, reason="no such tools here")
@pytest.mark.parametrize("name", _FILES)
async def test_one_line_in_a_shell_or_in_python_finds_what_every_row_says(
    name: str, tmp_path: Path
) -> None:
    file = tmp_path / _FILES[name]
    file.write_bytes(await _written(name))
    digest = _by_shell(file)
    assert _by_python(file) == (digest, True)
    assert _said(file.read_bytes()) == [digest] * 15


@pytest.mark.parametrize("name", _FILES)
async def test_a_file_that_was_cut_anywhere_is_another_than_it_says(
    name: str, tmp_path: Path
) -> None:
    content, file = await _written(name), tmp_path / "cut"
    ends = [each.end() for each in re.finditer(rb"\n", content)][:-1]
    assert len(ends) >= 14
    for end in (*ends, len(content) - 1, len(content) - 30):
        file.write_bytes(content[:end])
        digest, whole = _by_python(file)
        assert digest not in _said(content)
        assert not whole


async def test_rows_that_changed_or_are_twice_there_are_another_file(tmp_path: Path) -> None:
    content, file = await _written("csv"), tmp_path / "changed"
    names, *rows, last_but_one, last = content.splitlines(keepends=True)
    turned = b"".join([names, *rows, last, last_but_one])
    for changed in (content + last, turned, content.replace(b",2022,", b",2021,", 1)):
        file.write_bytes(changed)
        assert _by_python(file)[1] is False


@dataclass
class _Counted:
    """How often files were written, without their digest and with it."""

    without: int = 0
    said: list[str] = field(default_factory=list)
    broken: bool = False


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> _Counted:
    found = _Counted()

    def written(extracts: Any, dialect: Any, digest: str | None = None) -> Iterator[bytes]:
        if digest is None:
            found.without += 1
        else:
            found.said.append(digest)
        for piece in lines(extracts, dialect, digest):
            if found.broken:
                raise RuntimeError("while the rows are written")
            yield piece

    monkeypatch.setattr(sealed, "lines", written)
    # A small file would be held until it is sent, and written once.
    monkeypatch.setattr(sealed, "SLATE", Slate(0))
    return found


async def _get(client: httpx.AsyncClient, coding: str, **more: str) -> httpx.Response:
    return await client.get(PATH, params={**_WIJKEN, **more}, headers={"accept-encoding": coding})


async def test_the_digest_is_made_once_for_all_who_ask_in_any_coding(counted: _Counted) -> None:
    async with sample_client() as (client, _):
        for coding in ("identity", "gzip", "zstd", "br"):
            await _get(client, coding)
        await _get(client, "gzip", indeling="2024", f="csv")
    assert counted.without == 1
    assert len(counted.said) == 5
    assert len(set(counted.said)) == 1


async def test_other_rows_another_dialect_and_another_publication_have_their_own(
    counted: _Counted,
) -> None:
    others = [
        {"f": "csv-excel"}, {"f": "ndjson"}, {"indeling": "2023"}, {"jaar": "2024"},
        {"gemeenteCode": "GM9001"}, {"gemeenteCode": "GM9001", "jaar": "2024"},
        {"indicator": "lonely"}, {"indicator": "lonely,population"},
        {"indicator": "population,lonely"}, {"publicatie": "2"},
    ]  # fmt: skip
    async with sample_client() as (client, _):
        for each in ({}, *others):
            content = (await _get(client, "identity", **each)).content
            assert set(_said(content)) == {counted.said[-1]}
    assert counted.without == len(set(counted.said)) == len(others) + 1


async def test_who_asks_for_nothing_but_headers_has_nothing_made(counted: _Counted) -> None:
    async with sample_client() as (client, _):
        head = await client.head(PATH, params=_WIJKEN)
        assert (counted.without, counted.said) == (0, [])
        got = await client.get(PATH, params=_WIJKEN)
        held = {"if-modified-since": got.headers.get("last-modified", "")}
        unchanged = await client.get(PATH, params={**_WIJKEN, "f": "ndjson"}, headers=held)
    assert head.headers == got.headers
    assert unchanged.status_code == 304
    assert counted.without == 1


async def test_a_fault_while_the_digest_is_made_is_told_before_the_file_begins(
    counted: _Counted,
) -> None:
    counted.broken = True
    async with sample_client() as (client, _):
        answer = await client.get(PATH, params=_WIJKEN)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.status_code == 500
        counted.broken = False
        again = await client.get(PATH, params=_WIJKEN)
    assert len(parsed(again.content)) == 15


async def test_the_checksums_and_the_downloads_share_a_digest(counted: _Counted) -> None:
    async with rest_client() as (client, _):
        sums = (await client.get("/v1/publicaties/3/controlesommen")).json()["resultaten"]
        made = counted.without
        for each in sums:
            content = (await client.get(each["adres"])).content
            assert hashlib.sha256(content).hexdigest() == each["sha256"]
            assert set(_said(content)) == {each["inhoudSha256"]}
    assert counted.without == made == len(sums)


@pytest.mark.parametrize("heavy", [True, False])
async def test_others_have_their_turn_while_the_digest_is_made(heavy: bool) -> None:
    turns, context = 0, Context(await open_sample(large_store(3000, 40)))
    found = await patiently(lambda: wanted(context, ["population"], Level.WIJK, 2024))
    assert isinstance(found, Wanted)
    data = await patiently(lambda: extracts(context, found))

    async def other() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    file = Sealed(data, DIALECT, context.snapshot, heavy=heavy)
    task = asyncio.ensure_future(other())
    await file.made()
    task.cancel()
    assert turns > 10
    assert file.seal.length == sum(map(len, file.pieces()))
