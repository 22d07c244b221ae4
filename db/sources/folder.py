"""A payload from a folder that mirrors publishers' files, and the digest that knows it again.

The digest is of the content: inflated, in any order of parts, without the time stamp that some
publishers write into every answer. The same answer gives the same digest, fetched or mirrored.
"""

import hashlib
import re
from pathlib import Path

from db.core.errors import AnswerTooLarge, BrokenLoad, MissingFile
from db.sources.dataset import Dataset, Payload
from db.sources.files import open_bytes

MAX_FILE = 2_000_000_000
_CHUNK = 1 << 20
_EDGE = 4_096
_STAMP = re.compile(rb"""(timeStamp["']?\s*[:=]\s*["'])[^"']*""")


def payload_from_folder(dataset: Dataset, root: Path) -> Payload:
    """Each role's files, in order of their names with numbers as numbers."""
    if not dataset.files:
        raise BrokenLoad(f"dataset {dataset.id} is not part of a mirror folder")
    return Payload({role: _matches(dataset, role, root) for role in dataset.files})


def digest(payload: Payload) -> str:
    """SHA-256 over roles and contents; equal for input that has not changed."""
    lines = [f"Content-Crs {payload.headers.get('Content-Crs', '')}"]
    for role in sorted(payload.parts):
        lines += [f"{role} {known}" for known in sorted(map(_content, payload.parts[role]))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _matches(dataset: Dataset, role: str, root: Path) -> tuple[Path, ...]:
    pattern = dataset.files[role]
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise MissingFile(dataset.id, role, pattern)
    found = sorted((path for path in root.glob(pattern) if path.is_file()), key=_natural)
    if not found:
        raise MissingFile(dataset.id, role, pattern)
    for path in found:
        if path.stat().st_size > MAX_FILE:
            raise AnswerTooLarge(f"dataset {dataset.id}: {path.name} is over {MAX_FILE} bytes")
    return tuple(found)


def _natural(path: Path) -> list[tuple[int, str]]:
    """page-2 before page-10."""
    pieces = re.split(r"(\d+)", path.as_posix())
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]


def _content(path: Path) -> str:
    """Hash of the inflated bytes, leaving out time stamps at either end of the file."""
    known = hashlib.sha256()
    with open_bytes(path) as stream:
        known.update(_unstamped(stream.read(_EDGE)))
        held = b""
        while chunk := stream.read(_CHUNK):
            held += chunk
            known.update(held[:-_EDGE])
            held = held[-_EDGE:]
        known.update(_unstamped(held))
    return known.hexdigest()


def _unstamped(edge: bytes) -> bytes:
    return _STAMP.sub(rb"\1", edge)
