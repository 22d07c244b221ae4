"""Somebody's own indicators from files on this machine into the store, and out of it again."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg

from db.core.errors import RefusedOwnData
from db.core.own import OwnData, Problems
from db.ingest.own import OwnFiles, publish_own
from db.ingest.run import Result
from db.ingest.withdrawal import withdraw_own
from db.reference.indicators import load_indicators
from db.sources.own_metadata import MAX_METADATA, read_metadata
from db.sources.own_table import MAX_TABLE
from service.console import Reporter
from service.loading import now

_LONGEST_REASON = 500


async def load_own(
    connection: asyncpg.Connection, reporter: Reporter, place: Path, *, accept_loss: bool = False
) -> Result:
    """Publish the metadata file `place`, or all of the folder `place`; all of it or nothing."""
    return await publish_own(
        connection,
        own_files(place),
        load_indicators(),
        clock=now,
        reporter=reporter,
        accept_loss=accept_loss,
    )


async def withdraw(connection: asyncpg.Connection, slug: str, reason: str | None) -> Result:
    """Publish without an own indicator; who asks for it is told the reason."""
    if reason is not None and (len(reason) > _LONGEST_REASON or not reason.isprintable()):
        wrong = f"--reason must be one line of at most {_LONGEST_REASON} characters"
        raise RefusedOwnData([wrong])
    return await withdraw_own(connection, slug, reason, load_indicators(), clock=now)


def own_files(place: Path) -> list[OwnFiles]:
    """Everything that is given, read; RefusedOwnData where a file is not there or wrong."""
    problems = Problems()
    found = list(_files(place, problems))
    if problems:
        raise RefusedOwnData(problems.listed, problems.more)
    return found


def _files(place: Path, problems: Problems) -> Iterator[OwnFiles]:
    chosen = sorted(place.glob("*.toml")) if place.is_dir() else [place]
    if not chosen:
        problems.add(place.name, None, "the folder has no metadata file (.toml)")
    for path in chosen:
        content = _content(path, path.name, MAX_METADATA, problems)
        data = None if content is None else read_metadata(path.name, content, problems)
        if data is not None:
            contents = [each for each in _contents(path.parent, data, problems) if each is not None]
            yield OwnFiles(data, tuple(contents))


def _contents(folder: Path, data: OwnData, problems: Problems) -> Iterator[bytes | None]:
    for table in data.tables:
        path = folder / table.file
        try:
            inside = path.resolve().is_relative_to(folder.resolve())
        except OSError:
            inside = False
        if inside:
            yield _content(path, table.file, MAX_TABLE, problems)
        else:
            problems.add(data.file, None, f"{table.file!r} does not lie in this folder")


def _content(path: Path, name: str, most: int, problems: Problems) -> bytes | None:
    """The bytes of a file, and one more where it is too large; its reader refuses that."""
    try:
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        problems.add(name, None, f"the file cannot be read ({type(error).__name__})")
        return None
