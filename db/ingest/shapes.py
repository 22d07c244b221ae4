"""Shapes of a load become ready GeoJSON texts: three details in two systems, simplified together.

Texts are made and written some hundred areas at a time: the most detailed map has three million
vertices, and all its texts at once would not fit the memory we promise.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from db.core.crs import CRS84, RD, transform_shapes
from db.core.errors import BrokenLoad
from db.core.figures import Areas, Floats
from db.core.geometry import Shapes, bounds, points_inside, to_geojson_text
from db.core.simplify import Detail, decimals
from db.ingest.drawing import Drawn
from db.ingest.publishing import Publishing
from db.sources.dataset import Dataset
from db.sql import queries

_SHAPES = queries("shapes")
_BATCH = 500
_DETAILS = (Detail.OVERVIEW, Detail.MEDIUM, Detail.FULL)
_COLUMNS = [
    "area_id", "from_publication", "load_id", "checksum", "west", "south", "east", "north",
    "longitude", "latitude", "overview_crs84", "medium_crs84", "full_crs84", "overview_rd",
    "medium_rd", "full_rd",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ready:
    """One area's shape as it is stored."""

    id: int
    box: Floats
    inside: Floats
    texts: tuple[bytes, ...]
    """CRS84 then RD, each overview, medium, full."""

    @property
    def checksum(self) -> bytes:
        return hashlib.sha256(b"\0".join(self.texts)).digest()


async def put_shapes(
    publishing: Publishing, dataset: Dataset, areas: Areas, drawn: Drawn, load: int
) -> Counter[str]:
    """Open the shapes that are new or changed; the rest stays."""
    roster = await publishing.roster(areas.level, dataset.vintage)
    rows = await publishing.connection.fetch(_SHAPES["open"], areas.level.value, dataset.vintage)
    standing = {row["area_id"]: (row["checksum"], row["load_id"]) for row in rows}
    ids = np.array([roster.entries[code].id for code in areas.codes], np.int64)
    outranked = {i for i, (_, of) in standing.items() if publishing.goes_before(of, dataset)}
    present = ~shapely.is_missing(areas.shapes)
    free = np.flatnonzero(present & ~np.isin(ids, list(outranked)))
    counted = Counter(
        {
            "areas": len(areas.codes),
            "without_shape": int((~present).sum()),
            "outranked": int(present.sum()) - len(free),
            "unmatched_borders": drawn.report.unmatched,
            "unmatched_metres": round(drawn.report.unmatched_metres),
        }
    )
    for start in range(0, len(free), _BATCH):
        batch = made_ready(areas, drawn, free[start : start + _BATCH], ids)
        changed = [r for r in batch if standing.get(r.id, (None,))[0] != r.checksum]
        await _write(publishing, changed, load, {r.id for r in changed if r.id in standing})
        counted["opened"] += len(changed)
        counted["unchanged"] += len(batch) - len(changed)
    return counted


def made_ready(
    areas: Areas, drawn: Drawn, part: NDArray[np.int64], ids: NDArray[np.int64]
) -> list[Ready]:
    """A batch of areas with all their texts.

    The full detail is as published in its own system: a round trip would move it by millimetres.
    """
    assert areas.shapes is not None
    assert areas.crs is not None
    full = areas.shapes[part]
    rd = {detail: kept[part] for detail, kept in drawn.simplified.items()}
    degrees = {detail: transform_shapes(kept, RD, CRS84) for detail, kept in rd.items()}
    rd[Detail.FULL] = transform_shapes(full, areas.crs, RD)
    degrees[Detail.FULL] = transform_shapes(full, areas.crs, CRS84)
    for kept in (rd, degrees):
        # An area too thin for a detail keeps the next finer one: no area loses its shape.
        for detail, finer in ((Detail.MEDIUM, Detail.FULL), (Detail.OVERVIEW, Detail.MEDIUM)):
            gone = shapely.is_missing(kept[detail])
            kept[detail][gone] = kept[finer][gone]
    return _texts(ids[part], degrees, rd)


def _texts(
    ids: NDArray[np.int64], degrees: dict[Detail, Shapes], rd: dict[Detail, Shapes]
) -> list[Ready]:
    columns = [
        to_geojson_text(kept[detail], decimals(detail, system))
        for kept, system in ((degrees, CRS84), (rd, RD))
        for detail in _DETAILS
    ]
    boxes, inside = bounds(degrees[Detail.FULL]), points_inside(degrees[Detail.FULL])
    return [
        Ready(int(ids[i]), boxes[i], inside[i], _written([column[i] for column in columns]))
        for i in range(len(ids))
    ]


def _written(texts: list[bytes | None]) -> tuple[bytes, ...]:
    written = tuple(text for text in texts if text is not None)
    if len(written) != len(texts):
        raise BrokenLoad("an area loses its shape when it is written")
    return written


async def _write(publishing: Publishing, ready: list[Ready], load: int, standing: set[int]) -> None:
    connection, number = publishing.connection, publishing.number
    if standing:
        await publishing.give_way(
            "shapes", _SHAPES["forget"], _SHAPES["close"], list(standing), number
        )
    await connection.copy_records_to_table(
        "shape",
        records=[
            (
                r.id, number, load, r.checksum, *map(float, r.box), *map(float, r.inside),
                *r.texts,
            )
            for r in ready
        ],
        columns=_COLUMNS,
    )  # fmt: skip
    publishing.opened("shapes", len(ready))
