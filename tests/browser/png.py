"""Pixels out of a PNG of eight bits a colour, without a library for it."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_CHANNELS = {2: 3, 6: 4}


def pixels(png: bytes) -> NDArray[np.uint8]:
    """Rows, columns, and red, green and blue."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width = height = channels = 0
    packed, at = b"", 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + size]
        at += 12 + size
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", content)
            assert (depth, interlaced) == (8, 0)
            channels = _CHANNELS[colour]
        elif kind == b"IDAT":
            packed += content
    lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * channels)
    above = np.zeros((width, channels), np.int64)
    found = np.empty((height, width, channels), np.uint8)
    for row, line in enumerate(lines):
        above = _plain(int(line[0]), line[1:].reshape(width, channels).astype(np.int64), above)
        found[row] = above
    return found[:, :, :3]


def _plain(kind: int, line: NDArray[np.int64], above: NDArray[np.int64]) -> NDArray[np.int64]:
    """A line without its filter (PNG, 9.2)."""
    if kind == 0:
        return line
    if kind == 1:
        return np.cumsum(line, axis=0) & 255
    if kind == 2:
        return (line + above) & 255
    plain = line.tolist()
    left = corner = [0] * line.shape[1]
    for column, up in enumerate(above.tolist()):
        for channel, value in enumerate(plain[column]):
            a, b, c = left[channel], up[channel], corner[channel]
            guess = (a + b) // 2 if kind == 3 else _nearest(a, b, c)
            plain[column][channel] = (value + guess) & 255
        left, corner = plain[column], up
    return np.array(plain, np.int64)


def _nearest(a: int, b: int, c: int) -> int:
    """Paeth's predictor."""
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
