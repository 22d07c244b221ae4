"""How areas take shape: cells are given out from seeds, so that every area hangs together."""

from collections.abc import Callable, Collection, Mapping
from heapq import heappop, heappush
from math import fsum

from db.demo.lattice import Cell, apart, kilometres, neighbours
from db.demo.noise import noise

Cost = Callable[[Cell, Cell], float]


def grow(seeds: Mapping[Cell, str], sizes: Mapping[str, int], taken: set[Cell]) -> dict[Cell, str]:
    """Owners spread over free ground until each has its number of cells."""
    given: dict[Cell, str] = {}
    left = dict(sizes)
    queue = [(0.0, cell, owner) for cell, owner in sorted(seeds.items())]
    while queue:
        cost, cell, owner = heappop(queue)
        if cell in given or cell in taken or not left[owner]:
            continue
        given[cell] = owner
        left[owner] -= 1
        for step in neighbours(cell):
            heappush(queue, (cost + 1 + 1.2 * noise("growth", owner, *step), step, owner))
    return given


def partition(parts: int, start: Cell, cells: Collection[Cell], *, cost: Cost) -> list[set[Cell]]:
    """Cut cells into parts; where steps cost more, parts are smaller. In order from `start`."""
    seeds = [start]
    for _ in range(min(parts, len(cells)) - 1):
        reached = _reach(seeds, cells, cost)
        seeds.append(max(reached, key=lambda cell: (reached[cell][0], cell)))
    for _ in range(2):
        seeds = [_middle(part) for part in _assign(seeds, cells, cost)]
    found = _assign(seeds, cells, cost)
    first = _reach([start], cells, cost)
    return sorted(found, key=lambda part: min((first[cell][0], cell) for cell in part))


def _assign(seeds: list[Cell], cells: Collection[Cell], cost: Cost) -> list[set[Cell]]:
    parts: list[set[Cell]] = [set() for _ in seeds]
    for cell, (_, nearest) in _reach(seeds, cells, cost).items():
        parts[nearest].add(cell)
    return parts


def _reach(seeds: list[Cell], cells: Collection[Cell], cost: Cost) -> dict[Cell, tuple[float, int]]:
    """For each cell what it costs to get there, and from which seed."""
    allowed = set(cells)
    reached: dict[Cell, tuple[float, int]] = {}
    queue = [(0.0, cell, index) for index, cell in enumerate(seeds)]
    while queue:
        spent, cell, seed = heappop(queue)
        if cell in reached:
            continue
        reached[cell] = (spent, seed)
        for step in neighbours(cell):
            if step in allowed and step not in reached:
                heappush(queue, (spent + cost(cell, step), step, seed))
    return reached


def _middle(part: set[Cell]) -> Cell:
    """The cell of a part that is nearest to the mean of all."""
    points = [kilometres(cell) for cell in sorted(part)]
    east = fsum(point[0] for point in points) / len(points)
    north = fsum(point[1] for point in points) / len(points)

    def off(cell: Cell) -> tuple[float, Cell]:
        return apart(cell, (east, north)), cell

    return min(part, key=off)
