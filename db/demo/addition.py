"""Adding cells up to areas: which rows a table has, and the totals of each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Floats
from db.core.levels import Level
from db.demo.division import Division
from db.demo.people import Ground, People

LEVELS = (Level.LAND, Level.GEMEENTE, Level.WIJK, Level.BUURT)


@dataclass(frozen=True, slots=True)
class Rows:
    """The land areas of a division, one a row: the country, gemeenten, wijken and buurten."""

    codes: list[str]
    levels: NDArray[np.object_]
    members: tuple[NDArray[np.intp], NDArray[np.intp]]
    """Pairs (row, cell): each cell is once in every level."""

    @property
    def small(self) -> NDArray[np.bool_]:
        """Below gemeente, where counts are rounded and little is shown of few people."""
        return np.array([level in (Level.WIJK, Level.BUURT) for level in self.levels])

    def add(self, values: Floats) -> Floats:
        """Totals by row; added one by one, so that every machine gets the same last digit."""
        row, cell = self.members
        totals = np.bincount(row, weights=values[cell], minlength=len(self.codes))
        return totals.astype(np.float64)

    def totals(self, people: People) -> dict[str, Floats]:
        return {name: self.add(values) for name, values in people.totals.items()}


def rows_of(division: Division, ground: Ground) -> Rows:
    position = {cell: index for index, cell in enumerate(ground.cells)}
    codes: list[str] = []
    levels: list[Level] = []
    pairs: list[tuple[int, int]] = []
    for level in LEVELS:
        for code, unit in division.land(level).items():
            pairs += [(len(codes), position[cell]) for cell in sorted(unit.cells)]
            codes.append(code)
            levels.append(level)
    row, cell = np.array(pairs, dtype=np.intp).T
    return Rows(codes, np.array(levels, dtype=object), (row, cell))
