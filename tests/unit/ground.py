"""What areas of two maps share, written as pairs of an old and a new one."""

import numpy as np

from db.core.overlay import Overlap

Pairs = dict[tuple[int, int], float]


def ground(pairs: Pairs, olds: int, news: int) -> Overlap:
    places = sorted(pairs)
    return Overlap(
        np.array([old for old, _ in places], np.int32),
        np.array([new for _, new in places], np.int32),
        np.array([pairs[place] for place in places], np.float64),
        np.zeros(olds),
        np.zeros(news),
    )
