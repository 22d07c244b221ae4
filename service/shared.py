"""The folder in which one service's workers share blocks, gone with the service however it ends."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MADE = "leefbaarheid-workers-"
_BEING_MADE = "leefbaarheid-making-"


@contextmanager
def folder_of_blocks() -> Iterator[Path]:
    """A folder only this user may enter; those that a killed service left behind are removed.

    A lock says that the service of a folder lives, because a process id means nothing to another
    container with the same temporary files. A folder has its name only once it is locked.
    """
    place = Path(tempfile.gettempdir())
    _remove_stale(place)
    made = Path(tempfile.mkdtemp(prefix=_BEING_MADE, dir=place))
    lock = os.open(made, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = made.rename(place / made.name.replace(_BEING_MADE, _MADE))
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def _remove_stale(place: Path) -> None:
    for folder in place.glob(f"{_MADE}*"):
        # Not ours, a link, or of a service that lives.
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(lock).st_uid == os.geteuid():
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
