"""How this process uses memory once it serves: what was loaded at the start stays where it is.

Python's collector would look through the schema and all modules again and again, and glibc would
give the memory of every large answer back to the system and ask for it anew: together a quarter
of what a large answer costs. It would also give every thread memory of its own, of which each
keeps what it once used: 11 MB of a worker, for threads that hardly ever run at the same time.
"""

import contextlib
import ctypes
import gc
import resource
import sys
from collections.abc import Iterator

_GENERATIONS = (20_000, 50, 50)
"""Requests make little that refers to itself: what they drop is freed at once."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_TRIM_BYTES = 16 * 1024 * 1024
_MMAP_BYTES = 8 * 1024 * 1024
_OPEN_FILES = 4096
"""A thousand connections, the files that they fetch, and what the process has besides."""


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """For what makes much that lasts, as importing does: looking through it is a sixth of that."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def settle() -> None:
    """Called when everything that lasts is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GENERATIONS)
    _allow_open_files()
    if sys.platform == "linux":
        # Another C library has no such call, and does without.
        with contextlib.suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None)
            libc.mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES)
            libc.mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)
            libc.mallopt(_M_ARENA_MAX, 1)


def _allow_open_files() -> None:
    """Systems begin with 1024, which connections alone would use up, and give more to who asks."""
    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if most == resource.RLIM_INFINITY else min(_OPEN_FILES, most)
    if resource.RLIM_INFINITY != given < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
