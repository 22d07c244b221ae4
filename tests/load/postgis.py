"""A PostgreSQL with PostGIS for tipg, from the system's packages: the embedded server has none."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.load.services import PeerMissing, free_port

_PROGRAMS = Path("/usr/lib/postgresql")
_SHARED = Path("/usr/share/postgresql")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "256MB",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
_ACCOUNT = "postgres"
_TABLE = """
    CREATE EXTENSION postgis;
    CREATE SCHEMA nb;
    CREATE TABLE nb.wijk (
        id integer PRIMARY KEY, code text NOT NULL, name text NOT NULL,
        inhabitants double precision, households double precision, area_ha double precision,
        density double precision, urbanity double precision,
        geom geometry(Geometry, 4326) NOT NULL
    );
    CREATE INDEX ON nb.wijk USING gist (geom);
"""
COLUMNS = ("inhabitants", "households", "area_ha", "density", "urbanity")
"""The newest figures of a wijk: of the first indicators of the nation, in their order."""
_WIJKEN = f"SELECT id, code, name, {', '.join(COLUMNS)}, geojson::text FROM nb.wijk"
_INSERT = """INSERT INTO nb.wijk
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ST_SetSRID(ST_GeomFromGeoJSON($9), 4326))"""


@dataclass(frozen=True, slots=True)
class PostGis:
    dsn: str
    pid: int


@contextmanager
def postgis(folder: Path, store: str) -> Iterator[PostGis]:
    """A server of its own for the block, with the wijken and their shapes out of `store`."""
    programs = _programs()
    account = _ACCOUNT if os.geteuid() == 0 else None
    cluster = folder / "postgis"
    shutil.rmtree(cluster, ignore_errors=True)
    cluster.mkdir(parents=True, mode=0o700)
    if account:
        shutil.chown(cluster, account)
        _check_reachable(cluster, account)
    words = [
        str(programs / "initdb"),
        "-D",
        str(cluster),
        "-U",
        "tipg",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    _run(words, account)
    port = free_port()
    settings = [f"{key}={value}" for key, value in (_SETTINGS | {"port": str(port)}).items()]
    options = [word for setting in settings for word in ("-c", setting)]
    sockets = ["-c", f"unix_socket_directories={cluster}"]
    process = subprocess.Popen(
        [str(programs / "postgres"), "-D", str(cluster), *options, *sockets],
        user=account, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        dsn = f"postgresql://tipg@127.0.0.1:{port}/postgres"
        asyncio.run(_fill(dsn, store))
        yield PostGis(dsn, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _run(words: Sequence[str], account: str | None) -> None:
    done = subprocess.run(words, user=account, check=False, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise PeerMissing(f"{words[0]} did not work: {done.stderr.strip()[-300:]}")


def _programs() -> Path:
    """The newest that Debian's packages brought, or whatever `pg_config` belongs to."""
    installed = [
        (home / "bin", _SHARED / home.name) for home in sorted(_PROGRAMS.glob("*"), reverse=True)
    ]
    if tool := shutil.which("pg_config"):
        words = [tool, "--bindir", "--sharedir"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split("\n")
        installed.append((Path(said[0]), Path(said[1])))
    for programs, shared in installed:
        control = shared / "extension" / "postgis.control"
        if control.exists() and (programs / "initdb").exists():
            return programs
    raise PeerMissing(
        "no PostgreSQL with PostGIS is installed (Debian and Ubuntu: apt install "
        "postgresql-15-postgis-3, or the number that your release has)"
    )


def _check_reachable(cluster: Path, account: str) -> None:
    """Postgres does not run as root, and another account must be able to come to its folder."""
    tried = subprocess.run(["test", "-w", str(cluster)], user=account, cwd="/", check=False)
    if tried.returncode:
        raise PeerMissing(
            f"the account {account} cannot reach {cluster}: name another folder with --keep"
        )


async def _fill(dsn: str, store: str) -> None:
    connection = await _connected(dsn)
    ours = await asyncpg.connect(store)
    await connection.execute(_TABLE)
    await connection.executemany(_INSERT, [tuple(row) for row in await ours.fetch(_WIJKEN)])
    await connection.execute("VACUUM ANALYZE nb.wijk")
    await connection.close()
    await ours.close()


async def _connected(dsn: str) -> asyncpg.Connection:
    end = time.monotonic() + 30
    while True:
        try:
            return await asyncpg.connect(dsn)
        except (OSError, asyncpg.CannotConnectNowError):
            if time.monotonic() > end:
                raise PeerMissing("PostgreSQL with PostGIS does not start") from None
            await asyncio.sleep(0.1)
