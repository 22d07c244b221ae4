"""What the address of a tile is made of: a map, a tile matrix set, and a place in it.

What cannot be read is a fault of its parameter (400); what reads well and is not there is Missing.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from db.core.levels import Level
from db.core.tile_matrix import LAYERS, SETS, TileMatrixSet, zooms
from db.repository.tiles import Place
from service.rest.invalid import Invalid
from service.rest.operation import Missing
from service.rest.parameter import Malformed, Parameter, text
from service.rest.refusals import invalid

_LEVELS = {name: level for level, name in LAYERS.items()}
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_SHOWN = 60

COLLECTION = text(
    "collectionId",
    "Een niveau en het jaar van zijn grenzen. Een code betekent alleen iets samen met dat jaar.",
    pattern=rf"(?:{'|'.join(_LEVELS)})-[12][0-9]{{3}}",
    what_en=f"one of {', '.join(_LEVELS)}, a hyphen and a year: wijken-2024",
    what_nl=f"een van {', '.join(_LEVELS)}, een streepje en een jaar: wijken-2024",
    example="wijken-2024",
).in_path()
MATRIX_SET = text(
    "tileMatrixSetId",
    f"Hoe het land in tegels verdeeld is: {' of '.join(SETS)}.",
    pattern="[A-Za-z][A-Za-z0-9]{0,39}",
    what_en=f"one of {', '.join(SETS)}",
    what_nl=f"een van {', '.join(SETS)}",
    example="WebMercatorQuad",
).in_path()


def _counted(name: str, nl: str, example: int) -> Parameter[int]:
    def read(given: str) -> int:
        if not _NUMBER.fullmatch(given):
            raise Malformed(
                "MALFORMED",
                f"{name} is {given[:_SHOWN]!r}; it must be a whole number without leading zeros",
                f"{name} is {given[:_SHOWN]!r}; het moet een geheel getal zijn, zonder nullen "
                "ervoor",
            )
        return int(given)

    schema = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    return Parameter(name, nl, schema, read, where="path", required=True, example=example)


ZOOM = _counted("tileMatrix", "De schaal; elke volgende is twee keer zo groot.", 7)
ROW = _counted("tileRow", "De rij, van boven af geteld.", 41)
COLUMN = _counted("tileCol", "De kolom, van links af geteld.", 65)
PLACE = (COLLECTION, MATRIX_SET, ZOOM, ROW, COLUMN)


class Drawn(NamedTuple):
    """A map of which there may be tiles."""

    level: Level
    vintage: int

    @property
    def layer(self) -> str:
        return LAYERS[self.level]

    @property
    def id(self) -> str:
        return f"{self.layer}-{self.vintage}"


def drawn(collection: str) -> Drawn:
    """The map that a collection, which could be read, names."""
    layer, _, vintage = collection.partition("-")
    return Drawn(_LEVELS[layer], int(vintage))


def matrix_set(name: str) -> TileMatrixSet:
    found = SETS.get(name)
    if found is None:
        listed = ", ".join(SETS)
        raise Missing(
            "UNKNOWN_TILE_MATRIX_SET",
            f"there is no tile matrix set {name!r}; there are: {listed}",
            f"er is geen tegelindeling {name!r}; er zijn: {listed}",
            allowed=list(SETS),
        )
    return found


def not_drawn(asked: Drawn) -> Missing:
    """There are no tiles of a map in this publication."""
    return Missing(
        "UNKNOWN_COLLECTION",
        f"there is no map of {asked.layer} of {asked.vintage}",
        f"er is geen kaart van {asked.layer} van {asked.vintage}",
    )


def read(given: Mapping[str, str]) -> tuple[dict[str, str | int], list[Invalid]]:
    """The parts of the address of a tile that could be read, and what is wrong with the others."""
    values: dict[str, str | int] = {}
    faults = []
    for each in PLACE:
        try:
            values[each.name] = each.read(given[each.name])
        except Malformed as wrong:
            faults.append(invalid(each, wrong))
    return values, faults


def place(values: Mapping[str, str | int]) -> Place:
    """Where a tile is whose address could be read; Missing where none can ever be."""
    found = matrix_set(str(values[MATRIX_SET.name]))
    asked = drawn(str(values[COLLECTION.name]))
    zoom, row, column = (int(values[each.name]) for each in (ZOOM, ROW, COLUMN))
    stored = zooms(found, asked.level)
    if zoom not in stored:
        first, last = stored.start, stored.stop - 1
        raise Missing(
            "OUTSIDE_TILE_MATRIX_SET",
            f"{asked.layer} have tiles at zoom {first} to {last} of {found.id}; "
            "enlarge the last for closer views",
            f"{asked.layer} hebben tegels op schaal {first} tot en met {last} van {found.id}; "
            "vergroot de laatste voor wat dichterbij is",
        )
    if max(row, column) >= 2**zoom:
        raise Missing(
            "OUTSIDE_TILE_MATRIX_SET",
            f"rows and columns at zoom {zoom} go from 0 to {2**zoom - 1}",
            f"rijen en kolommen op schaal {zoom} gaan van 0 tot en met {2**zoom - 1}",
        )
    return Place(asked.level, asked.vintage, found.id, zoom, row, column)
