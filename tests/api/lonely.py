"""The sample country with given figures for its wijken on land."""

from dataclasses import replace

import numpy as np

from db.core.block import SeriesKey
from db.core.levels import Level
from tests.api.sample import SampleStore

WIJKEN = ("WK900101", "WK900102", "WK900103", "WK9002A1")
"""Those on land."""


def lonely_store(lonely: list[float], people: list[float]) -> SampleStore:
    """The sample with these shares of lonely people and inhabitants, in the order of `WIJKEN`."""
    store = SampleStore()
    table = store.tables[Level.WIJK, 2024]
    for slug, given in ("lonely", lonely), ("population", people):
        values = np.full(len(table), np.nan)
        values[[table.ordinals[code] for code in WIJKEN]] = given
        key = SeriesKey(slug, Level.WIJK, 2024)
        shape = (len(values), len(store.blocks[key].periods))
        store.blocks[key] = replace(
            store.blocks[key],
            values=np.repeat(values[:, None], shape[1], axis=1),
            reasons=np.zeros(shape, np.uint8),
            provisional=np.zeros(shape, np.bool_),
            loads=np.zeros(shape, np.uint8),
            lower=None,
            upper=None,
        )
    return store
