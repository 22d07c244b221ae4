"""One side of a pair of vintages: its open areas and, where maps are used, their shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from db.core.area_links import Vintage
from db.core.levels import Terrain
from db.core.overlay import Sheet, lay
from db.core.ranking import Rows


@dataclass(frozen=True, slots=True)
class Side:
    """The open areas of one vintage, in order of ordinal."""

    vintage: Vintage
    ordinals: Rows
    is_land: NDArray[np.bool_]
    changes: tuple[int | None, ...]
    texts: tuple[bytes | None, ...] = ()
    """Shapes in RD as GeoJSON; none where they are not needed."""

    def sheet(self) -> Sheet:
        """The map, ready to be laid over another."""
        shapes = shapely.from_geojson(np.array(self.texts, object))
        return lay(np.asarray(shapes, object))


def side(year: int, rows: Sequence[Mapping[str, Any]], *, shapes: bool = False) -> Side:
    """One side of a pair out of its rows."""
    return Side(
        vintage=Vintage(
            year, tuple(row["code"] for row in rows), tuple(row["name"] for row in rows)
        ),
        ordinals=np.array([row["ordinal"] for row in rows], np.int32),
        is_land=np.array([row["terrain"] == Terrain.LAND.value for row in rows], np.bool_),
        changes=tuple(row["change"] for row in rows),
        texts=tuple(row["full_rd"] for row in rows) if shapes else (),
    )
