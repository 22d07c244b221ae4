"""Names of what a snapshot can load: a table of areas, a block of figures, a pack of shapes,
a union of shapes, the links between two vintages."""

from datetime import datetime
from typing import NamedTuple, TypeAlias

from db.core.block import SeriesKey
from db.core.levels import Level
from db.core.simplify import Detail

__all__ = [
    "PACK", "Key", "LinksKey", "SeriesKey", "ShapesKey", "TableKey", "UnionKey", "Version",
]  # fmt: skip

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


class LinksKey(NamedTuple):
    """The links between the areas of two vintages, the older one first."""

    level: Level
    old: int
    new: int


class UnionKey(NamedTuple):
    """One shape of several areas of a level and vintage, made of theirs."""

    level: Level
    vintage: int
    detail: Detail
    epsg: int
    ordinals: tuple[int, ...]
    """Ascending, each once."""


Key: TypeAlias = TableKey | SeriesKey | ShapesKey | UnionKey | LinksKey


class Version(NamedTuple):
    """The publication that last changed what a key names.

    Its moment tells two publications of one number apart, as after a restore of the store.
    """

    publication: int
    published_at: datetime
