"""One file at one address; with option `member`, one file out of a zip there.

The member's name is matched, never used as a path; what it inflates to is counted.
"""

import asyncio
import zipfile
import zlib
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from db.core.errors import AnswerTooLarge, NotWhatWasAsked
from db.sources.ask import Kind
from db.sources.dataset import Dataset, Payload
from db.sources.files import inflated
from db.sources.http import Client
from db.sources.policy import FetchPolicy
from db.sources.protocols.reading import Progress, Reading

_STEP = 1 << 20
_RATIO_FROM = 8_000_000


async def fetch(dataset: Dataset, client: Client, folder: Path, progress: Progress) -> Payload:
    member = dataset.options.get("member")
    with Reading(dataset, client, folder, progress) as reading:
        kind = Kind.ZIP if member else Kind.FILE
        fetched = await reading.download("data", reading.address, kind)
        path = fetched.path
        if member:
            path = await asyncio.to_thread(
                extract, path, member, what=reading.what, policy=client.policy
            )
        reading.add("data", path)
        return reading.payload()


def extract(archive: Path, pattern: str, *, what: str, policy: FetchPolicy) -> Path:
    """The archive's one member whose name fits, beside the archive; limits as for any answer."""
    target = archive.with_name(f"member{PurePosixPath(pattern).suffix.lower()}")
    part = target.with_name(f"{target.name}.part")
    try:
        with zipfile.ZipFile(inflated(archive, archive.parent)) as opened:
            _copy(opened, _member(opened, pattern, what), part, what=what, policy=policy)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as broken:
        raise NotWhatWasAsked(f"{what}: the answer is no readable zip") from broken
    else:
        return part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _member(opened: zipfile.ZipFile, pattern: str, what: str) -> zipfile.ZipInfo:
    fitting = [
        entry
        for entry in opened.infolist()
        if not entry.is_dir()
        and (fnmatch(entry.filename, pattern) or fnmatch(Path(entry.filename).name, pattern))
    ]
    if len(fitting) != 1:
        raise NotWhatWasAsked(f"{what}: {len(fitting)} files in the zip match {pattern!r}, not one")
    return fitting[0]


def _copy(
    opened: zipfile.ZipFile, entry: zipfile.ZipInfo, part: Path, *, what: str, policy: FetchPolicy
) -> None:
    """Counts what comes out; the size in the zip's own directory can lie."""
    size = 0
    with opened.open(entry) as source, part.open("wb") as copy:
        while chunk := source.read(_STEP):
            size += len(chunk)
            steep = size > _RATIO_FROM and size > entry.compress_size * policy.max_ratio
            if size > policy.max_bytes or steep:
                raise AnswerTooLarge(f"{what}: the zip inflates past the limit")
            copy.write(chunk)
