"""The benchmark's own parts, where a fault would make its figures wrong without being seen."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import shapely
from graphql import build_schema, parse, validate

from schema.root import sdl
from tests.load import postgis
from tests.load.answers import said
from tests.load.borders import BOX, coverage
from tests.load.client import ask, get, load
from tests.load.documents import DOCUMENTS, OURS, POSTGRAPHILE
from tests.load.measuring import cpu_milliseconds
from tests.load.questions import BY_NAME
from tests.load.services import PeerMissing

_BURN = "import time\nwhile time.process_time() < 0.4: pass"
_BURN_IN_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_BURN!r}])"


def test_invented_borders_are_a_valid_coverage_of_the_whole_box() -> None:
    random = np.random.default_rng(1)
    points = random.uniform(BOX[:2], BOX[2:], (200, 2))
    shapes = coverage(points, random)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(shapely.box(*BOX).area)
    assert shapely.contains(shapes, shapely.points(points)).mean() > 0.9


@pytest.mark.parametrize("name", BY_NAME)
def test_our_documents_are_valid_in_our_schema(name: str) -> None:
    schema = build_schema(sdl())
    if name == "Q6" and schema.query_type and "ranking" not in schema.query_type.fields:
        pytest.skip("there is no ranking yet")
    assert not validate(schema, parse(DOCUMENTS[name][OURS]))


def test_time_of_children_counts_once_also_after_their_end() -> None:
    words = [sys.executable, "-c", f"{_BURN_IN_A_CHILD}; import time; time.sleep(60)"]
    with subprocess.Popen(words) as process:
        try:
            end = time.monotonic() + 30
            while cpu_milliseconds(process.pid) < 400 and time.monotonic() < end:
                time.sleep(0.1)
            time.sleep(0.5)
            assert 400 <= cpu_milliseconds(process.pid) < 750
        finally:
            process.kill()


async def test_answers_with_errors_or_another_status_count_as_bad() -> None:
    bodies = [b'{"data":{}}', b'{"errors":[]}', b"{}"]
    statuses = [b"200 OK", b"200 OK", b"503 Busy"]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for status, body in zip(statuses, bodies, strict=True):
            await reader.readuntil(b"\r\n\r\n")
            length = str(len(body)).encode()
            writer.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: " + length + b"\r\n\r\n")
            writer.write(body)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        tally = await load(port, [get("/")], connections=1, seconds=0)
        first = await ask(port, get("/"))
    assert (len(tally.latencies), tally.bad, tally.size) == (3, 2, sum(map(len, bodies)))
    assert (first.status, first.body) == (200, bodies[0])


def test_who_has_no_postgis_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgis, "_PROGRAMS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PeerMissing, match="apt install postgresql"), postgis.postgis(tmp_path, ""):
        pass


def test_answers_in_other_dialects_say_the_same_and_another_value_does_not() -> None:
    ours = b"""{"data": {"wijken": {"nodes": [
        {"code": "A", "series": [{"points": [{"year": 2023, "value": 1.5}]}]}]}}}"""
    theirs = b'{"data": {"observations": {"nodes": [{"year": 2023, "value": 1.5}]}}}'
    assert said("Q7", OURS, ours) == said("Q7", POSTGRAPHILE, theirs)
    assert said("Q7", OURS, ours.replace(b"1.5", b"1")) != said("Q7", POSTGRAPHILE, theirs)
