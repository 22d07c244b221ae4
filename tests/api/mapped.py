"""The sample country with a map: every area the lower left half of its box, in both systems."""

from collections.abc import Mapping, Sequence

import numpy as np
import orjson

from db.core.crs import CRS84, RD, transform
from db.core.figures import Floats
from db.core.simplify import Detail, decimals
from tests.api.sample import SampleStore


class MappedStore(SampleStore):
    """Shapes agree with the bounds of their areas; a detail has its own number of decimals."""

    def corners(self, area_id: int) -> Floats:
        """Longitude and latitude of the corners of a triangle."""
        for table in self.tables.values():
            found = np.flatnonzero(table.ids == area_id)
            if len(found):
                west, south, east, north = table.bounds[found[0]]
                return np.array([[west, south], [east, south], [west, north], [west, south]])
        raise KeyError(area_id)

    async def shapes(
        self, number: int, ids: Sequence[int], *, detail: Detail, epsg: int
    ) -> Mapping[int, bytes]:
        self.reads.append(("shapes", detail, epsg, tuple(sorted(ids))))
        found = {}
        for each in ids:
            ring = self.corners(each)
            if epsg == RD:
                ring = transform(ring, CRS84, RD)
            numbers = ring.round(decimals(detail, epsg)).tolist()
            found[each] = orjson.dumps({"type": "Polygon", "coordinates": [numbers]})
        return found
