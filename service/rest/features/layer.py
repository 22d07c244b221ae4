"""What a collection's items are read from: rows with an id, properties as text, and a shape."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Floats
from db.core.simplify import Detail
from db.core.stacking_definition import StackingDefinition
from schema.context import Context
from schema.enums import Crs
from service.rest.features.collections import Collection
from service.rest.features.stacking import Counts

Texts = Sequence[str | None]
Mask = NDArray[np.bool_]
NO_FIGURES = b'},"geometry":'
"""What stands between the properties of a feature and its shape, where no figures are asked."""


class Layer(ABC):
    """The rows of one collection, of one publication."""

    collection: Collection
    ids: Sequence[str]
    """By row."""
    order: Sequence[int]
    """Rows in order of their ids."""

    @abstractmethod
    def heads(self, context: Context, rows: Sequence[int]) -> list[bytes]:
        """Features as JSON from the end of the one before to their properties, which stay open."""

    @abstractmethod
    def properties(self, context: Context, row: int) -> dict[str, object]:
        """What every feature says of itself, whatever is chosen."""

    @abstractmethod
    def stacking(
        self, context: Context, definition: StackingDefinition, year: int | None
    ) -> Counts:
        """In how many domains of a definition each row is among the worst."""

    @abstractmethod
    def shapes(self, context: Context, rows: Sequence[int], detail: Detail, crs: Crs) -> Texts:
        """GeoJSON texts, None for a row without a shape."""

    @abstractmethod
    def figures(
        self, context: Context, rows: Sequence[int], slugs: Sequence[str], year: int | None
    ) -> list[bytes]:
        """The rest of the properties: those of indicators, up to where the shape follows."""

    @abstractmethod
    def boxes(self, context: Context) -> Floats:
        """West, south, east and north of every row in CRS84, NaN for a row without a shape."""

    @abstractmethod
    def texts(self, context: Context, name: str) -> list[str | None]:
        """A property that is a text, of every row."""

    @abstractmethod
    def numbers(self, context: Context, slug: str, year: int | None) -> Floats:
        """Values of an indicator of every row, NaN for none."""

    @abstractmethod
    def statuses(self, context: Context, slug: str, year: int | None) -> Sequence[str]:
        """What is known of an indicator of every row."""

    @property
    @abstractmethod
    def ordered(self) -> NDArray[Any]:
        """The same as an array."""

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {self.ids[row]: row for row in self.order}
