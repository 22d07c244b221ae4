"""The way from one vintage to another through the pairs of vintages that have links."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from db.core.area_links import AreaLinks, LinkKind, Method
from db.core.harmonise import Weights, compose, weights
from db.core.link_forms import reverse


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two vintages of one level, the older one first, whose areas are linked."""

    old: int
    new: int
    stated: bool
    """Whether the links rest on statements alone, and on no maps."""


@dataclass(frozen=True, slots=True)
class Step:
    """A pair gone through, from old to new or back."""

    pair: Pair
    forward: bool

    @property
    def target(self) -> int:
        """The vintage at the end of the step."""
        return self.pair.new if self.forward else self.pair.old


Route = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Weights from the areas of one vintage to those of another, and the way they came about."""

    weights: Weights
    """`old` are rows of the vintage that is carried, `new` of the one it is carried to, whichever
    of the two is the earlier."""
    steps: Route

    @property
    def methods(self) -> tuple[Method, ...]:
        """All methods that any share rests on."""
        used = int(np.bitwise_or.reduce(self.weights.methods, initial=0))
        return tuple(method for method in Method if used >> method & 1)

    @property
    def nbytes(self) -> int:
        return self.weights.nbytes


def route(pairs: Sequence[Pair], source: int, target: int) -> Route | None:
    """The way with the fewest stated steps, then the fewest steps, then the fewest years.

    It may go back before it goes on: from 2020, of which there is no map, by statement to 2019 and
    from there by maps to 2022, which shows what was merged in between. None where there is none.
    """
    waiting: list[tuple[tuple[int, int, int], int, tuple[tuple[int, Pair], ...]]] = [
        ((0, 0, 0), source, ())
    ]
    seen: set[int] = set()
    while waiting:
        (stated, steps, years), at, way = heapq.heappop(waiting)
        if at == target:
            return tuple(Step(pair, bool(forward)) for forward, pair in way)
        if at in seen:
            continue
        seen.add(at)
        for pair in pairs:
            if at not in (pair.old, pair.new):
                continue
            forward = at == pair.old
            cost = (stated + pair.stated, steps + 1, years + pair.new - pair.old)
            beyond = pair.new if forward else pair.old
            heapq.heappush(waiting, (cost, beyond, (*way, (int(forward), pair))))
    return None


def passage(steps: Route, links: Mapping[Pair, AreaLinks]) -> Passage:
    """The weights along a way of one step or more."""
    found: Weights | None = None
    for step in steps:
        joined = links[step.pair]
        by = weights(joined if step.forward else reverse(joined))
        found = by if found is None else compose(found, by)
    assert found is not None
    return Passage(found, steps)


def stay(areas: int) -> Passage:
    """From a vintage to itself: everything is as it was."""
    rows, ones = np.arange(areas, dtype=np.int32), np.ones(areas)
    kinds = np.full(areas, LinkKind.SAME, np.uint8)
    unmeasured = np.zeros(areas, np.uint8)
    known = np.zeros(areas, np.bool_)
    return Passage(Weights(rows, rows, ones, ones, kinds, unmeasured, known, areas, areas), ())
