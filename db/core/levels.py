"""The levels of Dutch statistical areas, from the whole country down to the buurt."""

from enum import Enum


class Level(Enum):
    """A level of area; the value is how it is stored, `prefix` how its codes begin."""

    LAND = "land"
    GEMEENTE = "gemeente"
    WIJK = "wijk"
    BUURT = "buurt"

    # Members are single objects and keys of what every request looks up.
    __hash__ = object.__hash__

    @property
    def prefix(self) -> str:
        return _PREFIX[self]


_PREFIX = {Level.LAND: "NL", Level.GEMEENTE: "GM", Level.WIJK: "WK", Level.BUURT: "BU"}


class Terrain(Enum):
    """What an area is made of. Only LAND takes part in rankings."""

    LAND = "land"
    WATER = "water"
    ABROAD = "abroad"

    __hash__ = object.__hash__
