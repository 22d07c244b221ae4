"""Mode `csv`: one indicator of all wijken and years as CSV, beside `COPY` in Postgres itself.

A CSV says its own digest, which is made for the first who asks for a file: the bar is of that one.
Beside it what the same file costs whoever comes later. And Parquet: sent when it was made before,
and made for the first who asks.
"""

import asyncio
import io
import re
import time

import asyncpg

from tests.load.bench import Bench, Outcome
from tests.load.client import ask, get
from tests.load.documents import OURS
from tests.load.measuring import cpu_milliseconds, memory
from tests.load.nation import FIRST
from tests.load.rounds import Figures, Turn, medians
from tests.load.services import Service, started
from tests.load.table import MISSED, cheaper, print_figures

_PATH = "/v1/waarnemingen?indicator=%s&niveau=wijk&f=%s"
_COPY = "COPY"
_PARQUET = "Parquet"
_MADE = "Parquet, made"
_FIRST_TIME = f"{OURS}, 1st"
# The same file, line for line, as Postgres makes it of the store that we serve from; without the
# digest of it, which Postgres does not know.
_ROWS = f"""SELECT 1 AS publicatie, s.indicator, s.level AS niveau, s.vintage AS indeling, a.code,
        v.name AS naam, o.period AS jaar, r.status, r.name AS reden,
        o.provisional::text AS voorlopig, l.source AS bron, 'CC-BY-4.0' AS licentie,
        'Bron: CBS' AS bronvermelding, o.value AS waarde, o.lower AS ondergrens,
        o.upper AS bovengrens
    FROM observation o
    JOIN series s ON s.id = o.series_id
    JOIN area a ON a.id = o.area_id
    JOIN area_version v ON v.area_id = a.id AND v.until_publication IS NULL
    JOIN (VALUES (0::smallint, 'OBSERVED', 'OBSERVED'), (10, 'SUPPRESSED', 'CONFIDENTIAL'),
        (21, 'UNKNOWN', 'NO_FIGURE'), (51, 'NOT_PUBLISHED', 'NOT_MEASURED')) r (code, status, name)
        ON r.code = o.reason
    JOIN load l ON l.id = o.load_id
    WHERE s.indicator = '{FIRST[0]}' AND s.level = 'wijk' AND o.until_publication IS NULL
    ORDER BY a.code, o.period"""
_TIMES = 4.0
_LAST = re.compile(rb",(inhoud_sha256|[0-9a-f]{64})\r(?=\n)")
"""The digest, as nothing else ends a line."""


def run(bench: Bench) -> Outcome:
    with started(bench.ground, OURS) as service:
        request = get(_PATH % (FIRST[0], "csv"))
        answer = asyncio.run(ask(service.port, request))
        if answer.status != 200:
            return Outcome({}, [f"CSV is skipped: {request!r} answers {answer.status}"])
        if _LAST.sub(b"", answer.body) != asyncio.run(_copy(bench)):
            return Outcome({}, [f"CSV: {MISSED}, COPY writes another file than we do"])
        made = [asyncio.run(_made(service, "parquet"))]
        turn = Turn(OURS, service, [request], connections=1)
        parquet = Turn(_PARQUET, service, [get(_PATH % (FIRST[0], "parquet"))], connections=1)
        ours, first, kept, copied = [], [], [], []
        for _ in range(bench.course.rounds):
            ours.append(bench.course.measured(turn))
            kept.append(bench.course.measured(parquet))
            copied.append(asyncio.run(_copied(bench)))
            # One that has given no file yet.
            with started(bench.ground, OURS) as new:
                first.append(asyncio.run(_made(new, "csv")))
    found = {OURS: ours, _FIRST_TIME: first, _COPY: copied, _PARQUET: kept, _MADE: made}
    print_figures("CSV", {name: medians(rounds) for name, rounds in found.items()})
    said = cheaper(medians(first), medians(copied), _TIMES, "COPY")
    return Outcome({"CSV": found}, [said])


async def _made(service: Service, form: str) -> Figures:
    """The file of each indicator for the first time; what it is made of lies in memory."""
    for slug in FIRST:
        # Another file of the same figures; what writes files is loaded too.
        await ask(service.port, get(f"{_PATH % (slug, form)}&jaar=2023"))
    latencies: list[float] = []
    size, start, before = 0, time.perf_counter(), cpu_milliseconds(service.pid)
    for slug in FIRST:
        begun = time.perf_counter()
        answer = await ask(service.port, get(_PATH % (slug, form)))
        latencies.append((time.perf_counter() - begun) * 1000)
        size += len(answer.body)
    used, seconds = cpu_milliseconds(service.pid) - before, time.perf_counter() - start
    held, count = memory(service.pid), len(FIRST)
    latencies.sort()
    return Figures(
        requests=count, per_second=count / seconds, p50=latencies[count // 2], p99=latencies[-1],
        service=used / count, postgres=0.0, kilobytes=size / count / 1000,
        resident=held.resident, shared_fairly=held.shared_fairly, bad=0,
    )  # fmt: skip


async def _copy(bench: Bench) -> bytes:
    """The file as Postgres writes it."""
    connection = await asyncpg.connect(bench.ground.dsn)
    written = io.BytesIO()
    await connection.copy_from_query(_ROWS, output=written, format="csv", header=True)
    await connection.close()
    return written.getvalue()


async def _copied(bench: Bench) -> Figures:
    """What it costs Postgres; the client, this process, is not counted."""
    connection = await asyncpg.connect(bench.ground.dsn)
    latencies: list[float] = []
    size = 0

    async def sink(data: bytes) -> None:
        nonlocal size
        size += len(data)

    async def copy() -> None:
        await connection.copy_from_query(_ROWS, output=sink, format="csv", header=True)

    await copy()
    size = 0
    start, before = time.perf_counter(), cpu_milliseconds(bench.course.postgres)
    while len(latencies) < 3 or time.perf_counter() - start < bench.course.seconds:
        begun = time.perf_counter()
        await copy()
        latencies.append((time.perf_counter() - begun) * 1000)
    used = cpu_milliseconds(bench.course.postgres) - before
    seconds, count = time.perf_counter() - start, len(latencies)
    await connection.close()
    held = memory(bench.course.postgres)
    latencies.sort()
    return Figures(
        requests=count, per_second=count / seconds, p50=latencies[count // 2], p99=latencies[-1],
        service=0.0, postgres=used / count, kilobytes=size / count / 1000,
        resident=held.resident, shared_fairly=held.shared_fairly, bad=0,
    )  # fmt: skip
