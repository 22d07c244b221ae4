"""A file's bytes in memory, shared with every process that maps it, gone with the last array on it.

By the C library itself, because Python's own `mmap` keeps a file descriptor for each mapping: ten
thousand blocks would need ten thousand of them.
"""

import ctypes
import os
import weakref
from functools import cache
from mmap import MAP_SHARED, PROT_READ

import numpy as np
from numpy.typing import NDArray

_FAILED = ctypes.c_void_p(-1).value


def map_file(descriptor: int) -> NDArray[np.uint8]:
    """All bytes of an open file, read-only; the descriptor may be closed afterwards."""
    size = os.fstat(descriptor).st_size
    address = _libc().mmap(None, size, PROT_READ, MAP_SHARED, descriptor, 0)
    if address == _FAILED:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    memory = (ctypes.c_uint8 * size).from_address(address)
    # Not at exit, where arrays may still be in use: the process ends its mappings itself.
    weakref.finalize(memory, _libc().munmap, address, size).atexit = False
    mapped = np.ctypeslib.as_array(memory)
    mapped.flags.writeable = False
    return mapped


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = (
        ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int,
        ctypes.c_longlong if ctypes.sizeof(ctypes.c_long) == 8 else ctypes.c_long,
    )  # fmt: skip
    libc.munmap.restype = ctypes.c_int
    libc.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
    return libc
