"""Values that a filter compares: a column of texts or of numbers, or one literal."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.rest.features.layer import Mask

_ENTRY = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One value a row, or one for all."""

    values: NDArray[Any]
    """Texts or numbers; anything where not present."""
    present: Mask
    kind: str
    """`text`, `number` or `truth`."""

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + self.present.nbytes + _ENTRY


def of_texts(texts: list[str | None]) -> Column:
    return Column(
        np.array([each or "" for each in texts], np.str_),
        np.array([each is not None for each in texts], np.bool_),
        "text",
    )


def of_numbers(numbers: NDArray[np.float64]) -> Column:
    return Column(numbers, ~np.isnan(numbers), "number")


def of_literal(value: str | float | bool) -> Column:
    if isinstance(value, bool):
        return Column(np.array([value]), np.array([True]), "truth")
    if isinstance(value, str):
        return Column(np.array([value], np.str_), np.array([True]), "text")
    return Column(np.array([float(value)]), np.array([True]), "number")


def folded(column: Column) -> Column:
    """Without regard to capitals."""
    texts = [each.casefold() for each in column.values.tolist()]
    return Column(np.array(texts, np.str_), column.present, "text")
