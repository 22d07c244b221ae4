"""Areas met in one file, gathered by level in the order of the file.

An area may be met often (once a year, once for each of its parts); what the file says of it
must not change on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from db.core.errors import BrokenLoad
from db.core.figures import Areas
from db.core.levels import Level, Terrain

# The names are exact and complete in the 2025 lists; a code ending in 99 or 97 proves nothing
# (WK168197 Nieuw-Buinen has 4,970 inhabitants).
_TERRAIN_OF_NAME = {
    "Groot water": Terrain.WATER,
    "Groot binnenwater": Terrain.WATER,
    "Buitenwater": Terrain.WATER,
    "Buitenland": Terrain.ABROAD,
}
_TERRAIN_OF_ATTRIBUTE = {"NEE": Terrain.LAND, "JA": Terrain.WATER, "B": Terrain.ABROAD}
CHANGES = {"1": 1, "2": 2, "3": 3}


@dataclass(frozen=True, slots=True)
class Place:
    """What a file says of one area."""

    name: str | None = None
    terrain: Terrain | None = None
    parent: str | None = None
    change: int | None = None


class Gazetteer:
    """Areas by level; the first name of an area stays, a second parent is an error."""

    def __init__(self, *, changes: bool = False) -> None:
        self._levels: dict[Level, dict[str, Place]] = {}
        self._changes = changes

    def has(self, level: Level, code: str) -> bool:
        return code in self._levels.get(level, ())

    def add(self, level: Level, code: str, place: Place) -> None:
        known = self._levels.setdefault(level, {}).setdefault(code, place)
        if known.parent != place.parent:
            raise BrokenLoad(f"{code} lies in {known.parent} and in {place.parent} in one file")

    def areas(self) -> Sequence[Areas]:
        return [self._of(level) for level in Level if level in self._levels]

    def _of(self, level: Level) -> Areas:
        places = list(self._levels[level].values())
        return Areas(
            level=level,
            codes=list(self._levels[level]),
            names=[place.name for place in places],
            terrains=[place.terrain for place in places],
            parents=[place.parent for place in places],
            changes=[place.change for place in places] if self._changes else None,
        )


def terrain_of(name: str, attribute: str | None = None) -> Terrain | None:
    """Terrain by exact name, else by the WATER attribute; None where neither says.

    The name goes first: the 2023 v0 map calls Buitenland land.
    """
    if (named := _TERRAIN_OF_NAME.get(name.strip())) is not None:
        return named
    if attribute is None:
        return None
    if attribute.strip().upper() not in _TERRAIN_OF_ATTRIBUTE:
        raise BrokenLoad(f"{attribute[:20]!r} is no value of WATER; expected NEE, JA or B")
    return _TERRAIN_OF_ATTRIBUTE[attribute.strip().upper()]


def change_of(cell: str | float | None) -> int | None:
    """CBS Indelingswijziging of a cell; a dot, a blank and a missing code say nothing."""
    text = f"{cell:.0f}" if isinstance(cell, float | int) else (cell or "").strip()
    if text in ("", ".") or text.startswith("-999"):
        return None
    if text not in CHANGES:
        raise BrokenLoad(f"{text[:20]!r} is no Indelingswijziging; expected 1, 2 or 3")
    return CHANGES[text]
