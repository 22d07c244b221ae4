"""Names of what a snapshot can load: a table of areas, a block of figures, a pack of shapes."""

from datetime import datetime
from typing import NamedTuple, TypeAlias

from db.core.block import SeriesKey
from db.core.levels import Level
from db.core.simplify import Detail

__all__ = ["PACK", "Key", "SeriesKey", "ShapesKey", "TableKey", "Version"]

PACK = 512
"""Areas in a pack of shapes: consecutive ordinals, from `pack * PACK` on."""


class TableKey(NamedTuple):
    """The areas of a level and vintage."""

    level: Level
    vintage: int


class ShapesKey(NamedTuple):
    """The shapes of PACK consecutive ordinals, at one detail and in one system of coordinates."""

    level: Level
    vintage: int
    detail: Detail
    epsg: int
    pack: int


Key: TypeAlias = TableKey | SeriesKey | ShapesKey


class Version(NamedTuple):
    """The publication that last changed what a key names.

    Its moment tells two publications of one number apart, as after a restore of the store.
    """

    publication: int
    published_at: datetime
