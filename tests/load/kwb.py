"""What loading and publishing the full KWB 2020 table costs, against a plain COPY of its cells.

    python -m tests.load.kwb [--folder FOLDER] [--runs 5]

Both in one run, alternating, into the same server. The COPY is the fastest there is: the same rows
in binary, ready in memory, into the same columns without index or check. The other side is the
whole way from the file on disk to a committed publication, in a fresh database. Prints wall time,
their ratio and the largest memory of this process with its children. Bounds: 4 times, 600 MB.
"""

import argparse
import asyncio
import multiprocessing
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import numpy as np

from db.core.catalogue import Catalogue
from db.core.figures import Figures
from db.embedded import EmbeddedPostgres
from db.ingest import binary_copy
from db.ingest.parsing import Parser, parser
from db.ingest.run import Country, Result, run
from db.ingest.tasks import folder_task
from db.migrate import migrate
from db.pool import connect
from db.reference.facts import load_reference
from db.reference.indicators import load_indicators
from db.repository.facts import bodies
from db.sources.datasets import dataset
from db.sources.folder import payload_from_folder
from service.loading import now
from tests.databases import database_of
from tests.quiet import Quiet

RATIO, MEGABYTES = 4.0, 600
_TABLE = "kwb-2020-typed"
_CREATE = """CREATE TABLE plain (
    value double precision, lower double precision, upper double precision, series_id integer,
    area_id integer, load_id integer, from_publication integer, period smallint, reason smallint,
    provisional boolean)"""


def peak_megabytes(process: object) -> float:
    """Largest resident memory so far; not ru_maxrss, which a child inherits from its parent."""
    status = Path(f"/proc/{process}/status").read_text()
    peak = re.search(r"VmHWM:\s+(\d+)", status)
    return int(peak[1]) / 1024 if peak else 0.0


def children() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid]


def cells_of(figures: Figures) -> list[bytes]:
    """All cells of the table as binary rows."""
    rows, columns = figures.values.shape
    chunks = [binary_copy.HEADER]
    for column in range(columns):
        cells = {
            "value": (">f8", figures.values[:, column]),
            "lower": (">f8", np.full(rows, np.nan)),
            "upper": (">f8", np.full(rows, np.nan)),
            "series_id": (">i4", np.full(rows, column, np.int32)),
            "area_id": (">i4", np.arange(rows, dtype=np.int32)),
            "load_id": (">i4", np.ones(rows, np.int32)),
            "from_publication": (">i4", np.ones(rows, np.int32)),
            "period": (">i2", figures.periods.astype(np.int16)),
            "reason": (">i2", figures.reasons[:, column].astype(np.int16)),
            "provisional": ("?", np.zeros(rows, np.bool_)),
        }
        chunks.extend(binary_copy.rows(cells))
    return [*chunks, binary_copy.TRAILER]


async def plain_copy(dsn: str, chunks: list[bytes]) -> float:
    connection = await connect(dsn)
    await connection.execute("DROP TABLE IF EXISTS plain")
    await connection.execute(_CREATE)

    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    start = time.perf_counter()
    await connection.copy_to_table("plain", source=stream(), format="binary")
    elapsed = time.perf_counter() - start
    await connection.close()
    return elapsed


async def ingest(dsn: str, folder: Path, running: Parser) -> tuple[float, Result]:
    indicators = load_indicators()
    country = Country(bodies(load_reference(), indicators), Catalogue(indicators), fictional=False)
    connection = await connect(dsn)
    await migrate(connection)
    start = time.perf_counter()
    task = folder_task(dataset(_TABLE), folder, running, indicators, now)
    result = await run(connection, [task], country, clock=now, reporter=Quiet())
    elapsed = time.perf_counter() - start
    await connection.close()
    return elapsed, result


async def fresh(dsn: str, name: str) -> str:
    admin: asyncpg.Connection = await connect(dsn)
    await admin.execute(f"DROP DATABASE IF EXISTS {name}")
    await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    return database_of(dsn, name)


async def measure(dsn: str, folder: Path, runs: int) -> bool:
    chosen = dataset(_TABLE)
    with parser() as running:
        figures = (await running.parse(chosen, payload_from_folder(chosen, folder))).parsed.figures[
            0
        ]
        chunks, cells = cells_of(figures), figures.values.size
        del figures
        pairs = []
        for _ in range(runs):
            copied = await plain_copy(await fresh(dsn, "plain"), chunks)
            loaded, result = await ingest(await fresh(dsn, "loaded"), folder, running)
            pairs.append((copied, loaded))
            print(f"COPY {copied:.2f} s, load and publish {loaded:.2f} s: {loaded / copied:.2f} x")
        own, child = peak_megabytes("self"), max(map(peak_megabytes, children()))
    print(f"{cells:,} cells; counts {result.counts}")
    ratio = statistics.median(loaded / copied for copied, loaded in pairs)
    held = sum(map(len, chunks)) / 1e6
    print(f"median {ratio:.2f} x (bound {RATIO}); memory: this process {own:.0f} MB, of which")
    print(f"{held:.0f} MB are the rows kept for COPY; the loader's process {child:.0f} MB")
    return ratio <= RATIO and own - held + child <= MEGABYTES


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    with (
        tempfile.TemporaryDirectory() as place,
        EmbeddedPostgres(Path(place) / "postgres") as dsn,
    ):
        raise SystemExit(not asyncio.run(measure(dsn, given.folder, given.runs)))


if __name__ == "__main__":
    main()
