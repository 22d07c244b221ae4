"""All areas of one level and one vintage, as parallel columns; the ordinal is the row number."""

from dataclasses import dataclass, field
from sys import getsizeof

import numpy as np
from numpy.typing import NDArray

from db.core.levels import Level, Terrain


@dataclass(frozen=True, slots=True)
class AreaTable:
    """Areas in ordinal order. An ordinal is given once and kept: new areas are appended.

    `bounds` (west, south, east, north) and `centroids` (longitude, latitude of a point inside)
    are CRS84 degrees, NaN for an area without a shape.
    """

    level: Level
    vintage: int
    ids: NDArray[np.int32]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    """Empty string where no source gives a name (water in some maps)."""
    terrains: tuple[Terrain, ...]
    parents: tuple[str | None, ...]
    """Code of the containing area one level up, same vintage."""
    bounds: NDArray[np.float64]
    centroids: NDArray[np.float64]
    changes: tuple[int | None, ...] = ()
    """CBS Indelingswijziging: 1 unchanged, 2 recoded, 3 border moved, None not stated."""
    loads: tuple[int, ...] = ()
    """Load that the current name and attributes come from."""
    ordinals: dict[str, int] = field(default_factory=dict)
    shape_loads: tuple[int, ...] = ()
    """Load that each shape comes from (0 without a shape); empty where the store does not say."""

    def __post_init__(self) -> None:
        if not self.ordinals:
            self.ordinals.update({code: i for i, code in enumerate(self.codes)})

    def __len__(self) -> int:
        return len(self.codes)

    def has_shape(self, ordinal: int) -> bool:
        return not bool(np.isnan(self.bounds[ordinal, 0]))

    @property
    def nbytes(self) -> int:
        """Size in memory, for the bound on what is kept; worked out anew each time."""
        columns = (
            self.codes, self.names, self.terrains, self.parents, self.changes, self.loads,
            self.shape_loads, self.ordinals,
        )  # fmt: skip
        texts = {*self.codes, *self.names, *self.parents}
        arrays = (self.ids, self.bounds, self.centroids)
        return (
            sum(map(getsizeof, columns))
            + sum(map(getsizeof, texts))
            + sum(array.nbytes + getsizeof(array) for array in arrays)
            + getsizeof(len(self)) * len(self.ordinals)
        )
