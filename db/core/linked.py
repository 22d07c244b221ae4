"""Pairs of vintages that have links: what is said of each, and its links."""

from dataclasses import dataclass
from sys import getsizeof

from db.core.area_links import AreaLinks, Disagreement
from db.core.passage import Pair


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """A pair of vintages of one level, and how its links came about."""

    pair: Pair
    version: int
    """Publication that made them."""
    tolerance: float | None
    """Metres: what is thinner where two areas overlap is a sliver. None where no maps were used."""
    slivers: int
    sliver_metres: float
    """Square metres of all slivers."""
    repaired: tuple[int, int]
    """Invalid shapes of either map that were made valid first."""
    without_shape: tuple[int, int]
    """Areas of either vintage that could not be placed."""
    compared: int
    """Areas of which both CBS (Indelingswijziging) and the maps say how they changed."""
    disagreeing: int
    """Those of which they do not say the same."""
    links: int


@dataclass(frozen=True, slots=True)
class Linked:
    """The links of a pair, on ordinals, and where CBS says something else."""

    links: AreaLinks
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def nbytes(self) -> int:
        """Size in memory, for the bound on what is kept."""
        texts = sum(
            getsizeof(each.name) + getsizeof(each.code) * (2 + len(each.predecessors))
            for each in self.disagreements
        )
        return self.links.nbytes + 8 * getsizeof(self.links.old) + 200 + texts
