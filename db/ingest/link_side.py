"""One side of a pair of vintages: its open areas and, where maps are used, their shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from db.core.area_links import Vintage
from db.core.geometry import Shapes
from db.core.levels import Terrain
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

    def only(self, wanted: NDArray[np.bool_]) -> "Side":
        """The same areas, with no shapes but those that are wanted."""
        texts = [text if keep else None for text, keep in zip(self.texts, wanted, strict=True)]
        return replace(self, texts=tuple(texts))

    def shapes(self) -> Shapes:
        """Polygons in RD, None for an area without a shape."""
        return np.asarray(shapely.from_geojson(np.array(self.texts, object)), object)


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
