"""Which pairs of vintages get links, on what grounds, and from which inputs."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby, pairwise

from db.core.levels import Level

RECIPE = "1"
"""Part of every digest: raise it when the same inputs give other links."""

MAPPED = 0.5
"""Of the land areas of a vintage: with fewer shapes than that there is no map to lay over another,
but a sample of one."""

AFFORDED = 40_000_000
"""Bytes of shapes of a map of smaller areas: the buurten of 2016 at full detail have 100 million,
and would take longer than all maps of wijken together."""

_FINEST_FIRST = (Level.BUURT, Level.WIJK, Level.GEMEENTE)


class Grounds(Enum):
    """What the links of a pair rest on."""

    MAPS = "maps"
    STATEMENTS = "statements"
    """Indelingswijziging, of a year without a map."""
    NAME = "name"
    """A country is that country."""


@dataclass(frozen=True, slots=True)
class Stock:
    """What there is of one level and vintage."""

    level: Level
    vintage: int
    land: int
    land_shapes: int
    shapes: int
    """Also of water and abroad."""
    statements: int
    """Areas of which the publisher says how they changed."""
    is_whole: bool
    """Whether some load lists all areas."""
    nbytes: int
    """Size of the shapes."""
    digest: bytes

    @property
    def has_map(self) -> bool:
        some = self.shapes > 0 and self.land_shapes >= MAPPED * self.land
        return self.is_whole and some


@dataclass(frozen=True, slots=True)
class Planned:
    """A pair of vintages to be linked, and a digest of all that its links are made from."""

    level: Level
    old: int
    new: int
    grounds: Grounds
    digest: bytes
    nbytes: int
    counted: Level | None = None
    """The level whose areas have addresses in both vintages; None where there are none."""
    peopled: tuple[Level, int] | None = None
    """A map of smaller areas in one of the two, with their inhabitants: for want of addresses."""

    def __str__(self) -> str:
        return f"links-{self.level.value}-{self.old}-{self.new}"

    @property
    def key(self) -> tuple[Level, int, int]:
        return self.level, self.old, self.new


Addresses = Mapping[tuple[int, str], str]
"""By vintage and prefix of the area codes, a text that changes when the counts do."""


Populations = Mapping[tuple[Level, int], str]
"""By level and vintage with numbers of inhabitants, a text that changes when they do."""


def planned(
    stocks: Sequence[Stock], addresses: Addresses, populations: Populations
) -> list[Planned]:
    """All pairs, the largest maps first, so that no core is left with them in the end.

    Maps: of each vintage that has one, and the next that has. Statements: of each vintage and the
    next year's, where one of the two has no map; they make the way to the nearest map.
    """
    known = {(each.level, each.vintage): each for each in stocks}
    counts = _Counts(addresses, populations, known)
    found = [
        _pair(old, new, grounds, counts)
        for _, level in groupby(
            sorted(stocks, key=lambda each: (each.level.value, each.vintage)),
            key=lambda each: each.level,
        )
        for old, new, grounds in _pairs(list(level))
    ]
    return sorted(found, key=lambda each: (-each.nbytes, each.level.value, each.old))


def _pairs(stocks: Sequence[Stock]) -> Iterator[tuple[Stock, Stock, Grounds]]:
    if stocks[0].level is Level.LAND:
        yield from ((old, new, Grounds.NAME) for old, new in pairwise(stocks))
        return
    mapped = [each for each in stocks if each.has_map]
    yield from ((old, new, Grounds.MAPS) for old, new in pairwise(mapped))
    for old, new in pairwise(stocks):
        apart = new.vintage - old.vintage
        if apart == 1 and new.statements and not (old.has_map and new.has_map):
            yield old, new, Grounds.STATEMENTS


@dataclass(frozen=True, slots=True)
class _Counts:
    """Whatever shares may be weighed by."""

    addresses: Addresses
    populations: Populations
    stocks: Mapping[tuple[Level, int], Stock]


def _pair(old: Stock, new: Stock, grounds: Grounds, counts: _Counts) -> Planned:
    parts = [RECIPE.encode(), grounds.value.encode(), old.digest, new.digest]
    counted, peopled = None, None
    if grounds is Grounds.MAPS:
        counted = _counted(old, new, counts.addresses)
        peopled = _peopled(old, new, counts)
    if counted is not None:
        parts += [counts.addresses[each.vintage, counted.prefix].encode() for each in (old, new)]
    if peopled is not None:
        parts += [counts.stocks[peopled].digest, counts.populations[peopled].encode()]
    nbytes = old.nbytes + new.nbytes if grounds is Grounds.MAPS else 0
    digest = hashlib.sha256(b"\n".join(parts)).digest()
    return Planned(old.level, old.vintage, new.vintage, grounds, digest, nbytes, counted, peopled)


def _counted(old: Stock, new: Stock, addresses: Addresses) -> Level | None:
    """The finest level, at or below that of the pair, whose areas have addresses in both years."""
    both = (
        each
        for each in _within(old.level)
        if {(old.vintage, each.prefix), (new.vintage, each.prefix)} <= addresses.keys()
    )
    return next(both, None)


def _peopled(old: Stock, new: Stock, counts: _Counts) -> tuple[Level, int] | None:
    """The next level below, or else the one below that; of the newer year, or else the older."""
    below = reversed([each for each in _within(old.level) if each is not old.level])
    for level in below:
        for vintage in (new.vintage, old.vintage):
            stock = counts.stocks.get((level, vintage))
            drawn = stock is not None and stock.has_map and stock.nbytes <= AFFORDED
            if drawn and (level, vintage) in counts.populations:
                return level, vintage
    return None


def _within(level: Level) -> tuple[Level, ...]:
    """A level and all below it, the finest first."""
    return _FINEST_FIRST[: _FINEST_FIRST.index(level) + 1]
