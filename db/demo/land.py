"""Which ground belongs to which gemeente, and where the water and the abroad of the country lie."""

from collections.abc import Iterable
from dataclasses import dataclass

from db.demo.growth import grow
from db.demo.lattice import Cell, apart, cell_at, kilometres, neighbours
from db.demo.towns import LAGOON, TOWNS, Town

_SEA_REACH = 2
"""How many cells of sea a coastal gemeente has."""
_HORIZON = 30


@dataclass(frozen=True, slots=True)
class Land:
    islands: dict[str, tuple[frozenset[Cell], ...]]
    """Gemeente code -> its pieces of land, the mainland or the largest island first."""
    lagoon: frozenset[Cell]
    sea: dict[str, frozenset[Cell]]
    abroad: frozenset[Cell]


def make_land() -> Land:
    lagoon = {cell for cell in _plane() if apart(cell, LAGOON[0]) <= LAGOON[1]}
    given = grow(*_claims((town, 0) for town in TOWNS if len(town.centres) == 1), lagoon)
    _fill_hollows(given, lagoon)
    shore = lagoon | set(given) | _around(set(given), 2)
    for town in TOWNS:
        for number in range(len(town.centres) if len(town.centres) > 1 else 0):
            island = grow(*_claims([(town, number)]), shore)
            given.update(dict.fromkeys(island, f"{town.code}-{number}"))
            shore |= set(island) | _around(set(island), 1)
    islands = {town.code: tuple(_pieces(town, given)) for town in TOWNS}
    return Land(islands, frozenset(lagoon), _seas(islands, lagoon), _abroad())


def _plane() -> list[Cell]:
    reach = range(-2 * _HORIZON, 2 * _HORIZON)
    cells = ((q, r) for q in reach for r in reach)
    return [cell for cell in cells if max(map(abs, kilometres(cell))) < _HORIZON]


def _claims(places: Iterable[tuple[Town, int]]) -> tuple[dict[Cell, str], dict[str, int]]:
    seeds: dict[Cell, str] = {}
    sizes: dict[str, int] = {}
    for town, number in places:
        seeds[cell_at(town.centres[number])] = town.code
        sizes[town.code] = town.cells[number]
    return seeds, sizes


def _around(cells: set[Cell], steps: int) -> set[Cell]:
    ring = set(cells)
    for _ in range(steps):
        ring |= {step for cell in ring for step in neighbours(cell)}
    return ring - cells


def _fill_hollows(given: dict[Cell, str], lagoon: set[Cell]) -> None:
    """Ground that growth left over inside the country goes to a neighbour; only sea remains."""
    solid = lagoon | set(given)
    sea, edge = set[Cell](), [cell_at((-_HORIZON + 1, -_HORIZON + 1))]
    plane = set(_plane())
    while edge:
        cell = edge.pop()
        if cell in plane and cell not in sea and cell not in solid:
            sea.add(cell)
            edge += neighbours(cell)
    hollows = sorted(plane - sea - solid)
    while hollows:
        beside = {c: given[n] for c in hollows for n in neighbours(c) if n in given}
        given.update(beside)
        hollows = [cell for cell in hollows if cell not in beside]


def _pieces(town: Town, given: dict[Cell, str]) -> Iterable[frozenset[Cell]]:
    for number in range(len(town.centres)):
        owner = town.code if len(town.centres) == 1 else f"{town.code}-{number}"
        yield frozenset(cell for cell, name in given.items() if name == owner)


def _seas(
    islands: dict[str, tuple[frozenset[Cell], ...]], lagoon: set[Cell]
) -> dict[str, frozenset[Cell]]:
    """The water before the coast, for the gemeenten that have a port or are an island."""
    land = {cell for pieces in islands.values() for piece in pieces for cell in piece}
    seas: dict[str, frozenset[Cell]] = {}
    taken = land | lagoon
    for code in ("GM9002", "GM9010"):
        own = {cell for piece in islands[code] for cell in piece}
        seas[code] = frozenset(_around(own, _SEA_REACH) - taken)
        taken |= seas[code]
    return seas


def _abroad() -> frozenset[Cell]:
    """A strip beyond the water in the east, as maps of CBS show the neighbouring countries."""
    return frozenset(c for c in _plane() if _is_abroad(*kilometres(c)))


def _is_abroad(east: float, north: float) -> bool:
    return 23.5 < east < 25.5 and abs(north) < 18
