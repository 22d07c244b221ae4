"""Ready GeoJSON texts out of Postgres: bytes that are sent on, never parsed."""

from collections.abc import Sequence

import asyncpg

from db.core.simplify import Detail
from db.sql import queries

_SHAPES = queries("shapes")
_CRS = {4326: "crs84", 28992: "rd"}


async def read_shapes(
    connection: asyncpg.Connection,
    ids: Sequence[int],
    *,
    detail: Detail,
    epsg: int,
    publication: int,
) -> dict[int, bytes]:
    """Geometry texts by area id; an area without a shape is left out."""
    name = f"{detail.value}_{_CRS[epsg]}"
    rows = await connection.fetch(_SHAPES[name], list(ids), publication)
    return {row["area_id"]: row[name] for row in rows}
