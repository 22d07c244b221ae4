"""The country as it was divided in 2020: wijken small in town, wide outside, with water beside."""

from collections.abc import Iterator
from math import sqrt

from db.core.levels import Terrain
from db.demo.division import ABROAD, Draft, Unit
from db.demo.growth import partition
from db.demo.land import Land
from db.demo.lattice import Cell, apart, neighbours
from db.demo.noise import noise
from db.demo.towns import TOWNS, Town


def density(town: Town, cell: Cell) -> float:
    """How closely people live there, compared with the centre of the town."""
    away = min(apart(cell, centre) for centre in town.centres) / town.reach
    thinning = 1 + away * away
    return 0.04 + 1 / (thinning * thinning)


def settle(land: Land) -> Draft:
    draft = Draft()
    for town in TOWNS:
        draft.gemeenten[town.code] = town.name
        for number, (name, pieces) in enumerate(_wijken(town, land.islands[town.code])):
            _add_wijk(draft, town, number=number, name=name, pieces=pieces)
    _add_waters(draft, land)
    draft.gemeenten[ABROAD] = "Buitenland (fictief)"
    _add(
        draft,
        "WK999999",
        land.abroad,
        name="Buitenland (fictief)",
        suffix="99",
        terrain=Terrain.ABROAD,
    )
    return draft


def _wijken(
    town: Town, pieces: tuple[frozenset[Cell], ...]
) -> Iterator[tuple[str, list[frozenset[Cell]]]]:
    """Wijken of the mainland or the largest island; smaller islands together are the last one."""
    others = list(pieces[1:])
    count = len(town.wijken) - bool(others)
    parts = _cut(town, pieces[0], count)
    yield from zip(town.wijken, ([part] for part in parts), strict=False)
    if others:
        yield town.wijken[-1], others


def _cut(town: Town, cells: frozenset[Cell], parts: int) -> list[frozenset[Cell]]:
    def cost(begin: Cell, end: Cell) -> float:
        closeness = (density(town, begin) + density(town, end)) / 2
        return sqrt(closeness) * (0.8 + 0.4 * noise("step", *begin, *end))

    start = min(cells, key=lambda cell: (min(apart(cell, c) for c in town.centres), cell))
    return [frozenset(part) for part in partition(parts, start, cells, cost=cost)]


def _add_wijk(
    draft: Draft, town: Town, *, number: int, name: str, pieces: list[frozenset[Cell]]
) -> None:
    # A code that ends in 99 is no sign of water: WK168199 and others are ordinary wijken.
    last = town.code == "GM9005" and number == len(town.wijken) - 1
    digits = "99" if last else f"{number:02d}"
    code = f"WK{town.code[2:]}{digits}"
    draft.wijken[code] = f"Wijk {digits} {name}" if town.numbered else name
    for piece in pieces:
        count = 2 + int(3.5 * noise("buurten", code, len(piece)))
        for part in _cut(town, piece, min(count, (len(piece) + 1) // 2)):
            draft.add_buurt(code, part)


def _add_waters(draft: Draft, land: Land) -> None:
    _add(draft, "WK900199", land.lagoon, name="Groot water", suffix="97", buurt="Groot binnenwater")
    for gemeente, sea in land.sea.items():
        code = f"WK{gemeente[2:]}99"
        _add(draft, code, sea, name="Groot water", suffix="98", buurt="Buitenwater")
    _carve_lake(draft, "WK900599", water="WK900588", name="De Zonneplas")
    _carve_lake(draft, "WK901002", water="WK901088", name="Het Kokkelmeer")


def _add(
    draft: Draft,
    wijk: str,
    cells: frozenset[Cell],
    *,
    name: str,
    suffix: str,
    terrain: Terrain = Terrain.WATER,
    buurt: str | None = None,
) -> None:
    draft.wijken[wijk] = name
    draft.add_buurt(wijk, cells, name=buurt or name, terrain=terrain, suffix=suffix)


def _carve_lake(draft: Draft, wijk: str, *, water: str, name: str) -> None:
    """One cell in the middle of a wijk becomes water: the wijk gets a hole."""
    own = draft.cells_of(wijk)
    code, cell = next(
        (code, cell)
        for code in draft.buurten_of(wijk)
        for cell in sorted(draft.buurten[code].cells)
        if len(draft.buurten[code].cells) > 1 and own.issuperset(neighbours(cell))
    )
    unit = draft.buurten[code]
    draft.buurten[code] = Unit(unit.name, unit.terrain, unit.cells - {cell})
    _add(draft, water, frozenset([cell]), name=name, suffix="00")
