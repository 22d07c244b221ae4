"""Sums in a filter (CQL2, class arithmetic): numbers of columns and literals, row by row.

What is absent in either makes the outcome absent, and so does a division by nought: neither is a
number that anything could be compared with.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from service.rest.features.filters.columns import Column
from service.rest.features.filters.reading import unreadable

SUMS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "div": lambda left, right: np.trunc(left / right),
    "%": np.fmod,
    "^": np.power,
}
"""By operator; the remainder has the sign of what is divided, and `div` rounds towards nought."""


def summed(op: str, left: Column, right: Column) -> Column:
    """The outcome for every row."""
    if left.kind != "number" or right.kind != "number":
        raise unreadable(f"{op} takes two numbers", f"{op} neemt twee getallen")
    with np.errstate(all="ignore"):
        values = np.asarray(SUMS[op](left.values, right.values))
    return Column(values, left.present & right.present & np.isfinite(values), "number")
