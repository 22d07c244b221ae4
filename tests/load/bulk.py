"""Mode `csv`: one indicator of all wijken and years as CSV, beside `COPY` in Postgres itself."""

import asyncio
import time

import asyncpg

from tests.load.bench import Bench, Outcome
from tests.load.client import ask, get
from tests.load.documents import OURS
from tests.load.measuring import cpu_milliseconds, memory
from tests.load.nation import FIRST
from tests.load.rounds import Figures, Turn, medians
from tests.load.services import started
from tests.load.table import cheaper, print_figures

_PATH = f"/v1/waarnemingen?indicator={FIRST[0]}&niveau=wijk&f=csv"
_COPY = "COPY"
# The same file, line for line, as Postgres makes it of the store that we serve from.
_ROWS = f"""SELECT 1 AS publicatie, s.indicator, s.level AS niveau, s.vintage AS indeling, a.code,
        v.name AS naam, o.period AS jaar, r.status, r.name AS reden, o.provisional AS voorlopig,
        l.source AS bron, 'CC-BY-4.0' AS licentie, o.value AS waarde, o.lower AS ondergrens,
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


def run(bench: Bench) -> Outcome:
    with started(bench.ground, OURS) as service:
        request = get(_PATH, [("accept", "text/csv")])
        answer = asyncio.run(ask(service.port, request))
        if answer.status != 200:
            return Outcome({}, [f"CSV is skipped: {_PATH} answers {answer.status}"])
        turn = Turn(OURS, service, [request], connections=1)
        ours, copied = [], []
        for _ in range(bench.course.rounds):
            ours.append(bench.course.measured(turn))
            copied.append(asyncio.run(_copied(bench)))
    print_figures("CSV", {OURS: medians(ours), _COPY: medians(copied)})
    said = cheaper(medians(ours), medians(copied), _TIMES, "COPY")
    return Outcome({"CSV": {OURS: ours, _COPY: copied}}, [said])


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
