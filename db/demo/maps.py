"""The yearly maps of Voorbeeldland, and its addresses by postcode for carrying series over."""

from itertools import pairwise

import numpy as np

from db.core.codes import parent_code
from db.core.figures import Account, AddressCount, Areas, Floats, Parsed
from db.core.levels import Level, Terrain
from db.demo.addition import LEVELS
from db.demo.division import Division, Unit
from db.demo.lattice import CRS, Cell, shape
from db.demo.people import Ground

SHAPELESS = {2021: "BU90090100"}
"""A buurt whose outline is missing from one edition, as happens in real ones."""
_NAMELESS_WATER = 2020
"""In this edition water has no name, as in the maps of CBS up to 2017."""

Changes = dict[str, int | None]


def maps(divisions: tuple[Division, ...]) -> tuple[Parsed, ...]:
    first = _map(divisions[0], {})
    return (first, *(_map(after, _changes(before, after)) for before, after in pairwise(divisions)))


def _map(division: Division, changes: Changes) -> Parsed:
    areas = [_areas(division, level, changes) for level in LEVELS]
    account = Account()
    account.accept(sum(len(one.codes) for one in areas))
    if division.vintage in SHAPELESS:
        account.notes["no-geometry"] += 1
    return Parsed(
        account=account,
        areas=areas,
        title=f"Wijk- en buurtkaart Voorbeeldland {division.vintage} (fictief)",
        modified=f"{division.vintage}-09-01",
        source_crs=f"EPSG:{CRS}",
    )


def _areas(division: Division, level: Level, changes: Changes) -> Areas:
    units = division.units(level)
    shapes = np.empty(len(units), dtype=object)
    for row, (code, unit) in enumerate(units.items()):
        shapes[row] = None if code == SHAPELESS.get(division.vintage) else shape(unit.cells)
    return Areas(
        level=level,
        codes=list(units),
        names=[_name(unit, division.vintage) for unit in units.values()],
        terrains=[unit.terrain for unit in units.values()],
        parents=[_parent(code, unit) for code, unit in units.items()],
        shapes=shapes,
        crs=CRS,
        changes=[changes.get(code) for code in units],
    )


def _name(unit: Unit, vintage: int) -> str | None:
    return None if unit.terrain is Terrain.WATER and vintage == _NAMELESS_WATER else unit.name


def _parent(code: str, unit: Unit) -> str | None:
    """Abroad is part of no country here."""
    if unit.terrain is Terrain.ABROAD and code.startswith("GM"):
        return None
    return parent_code(code)


def _changes(before: Division, after: Division) -> Changes:
    """As CBS marks them: 1 unchanged, 2 the same ground under another code, 3 border moved."""
    found: Changes = {}
    for level in LEVELS[1:]:
        earlier = before.land(level)
        grounds = {unit.cells for unit in earlier.values()}
        for code, unit in after.land(level).items():
            same = code in earlier and earlier[code].cells == unit.cells
            found[code] = 1 if same else 2 if unit.cells in grounds else 3
    return found


def addresses(division: Division, ground: Ground, dwellings: Floats) -> Parsed:
    """Addresses by postcode and buurt; a postcode keeps its ground when buurten are redrawn."""
    buurt_of: dict[Cell, str] = {
        cell: code for code, unit in division.land(Level.BUURT).items() for cell in unit.cells
    }
    counted = [
        AddressCount(postcode(position), buurt_of[cell], int(number))
        for position, (cell, number) in enumerate(
            zip(ground.cells, np.round(dwellings), strict=True)
        )
        if number > 0
    ]
    account = Account()
    account.accept(len(counted))
    return Parsed(
        account=account,
        addresses=counted,
        title=f"Adressen per postcode en buurt {division.vintage} (fictief)",
        modified=f"{division.vintage}-10-01",
    )


def postcode(position: int) -> str:
    """The postcode of the n-th cell. It begins with 0, as no Dutch postcode does."""
    letters = "ABCDEFGHJKLMNPRSTVWX"
    return f"0{position // 4:03d}{letters[position % 4]}{letters[position % 20]}"
