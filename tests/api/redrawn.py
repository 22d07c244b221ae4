"""A sample country whose wijken were redrawn: merged, recoded, split, and a code used again.

| 2018     | 2020     | 2021     | 2022     |                                   |
|----------|----------|----------|----------|-----------------------------------|
| no links | WK900101 | WK900110 | WK900110 | two merged                        |
|          | WK900102 | WK900110 | WK900110 |                                   |
|          | WK900103 | WK900120 | WK900120 | recoded                           |
|          | WK900104 | WK900130 | WK900130 | split, by surface 3 to 1          |
|          | WK900104 | WK900131 | WK900131 |                                   |
| WK900105 | WK900105 | WK900105 | WK900105 | nothing changed                   |
|          |          |          | WK900101 | new land under a code used before |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from graphql import GraphQLSchema

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.area_links import Vintage, link
from db.core.block import Block, SeriesKey
from db.core.indicator import Aggregation, Direction, Indicator, Kind
from db.core.levels import Level, Terrain
from db.core.linked import Linked
from db.core.overlay import Overlap
from db.core.publication import Load
from db.snapshot.store import Head
from schema.root import build
from tests.api.sample import INDICATORS, SampleStore
from tests.differential.comparison import relaxed

Cell = float | Reason
Figures = Mapping[str, Sequence[Cell]]
"""By code: the values of the years."""

CODES = {
    2018: ("WK900105",),
    2020: ("WK900101", "WK900102", "WK900103", "WK900104", "WK900105"),
    2021: ("WK900105", "WK900110", "WK900120", "WK900130", "WK900131"),
    2022: ("WK900101", "WK900105", "WK900110", "WK900120", "WK900130", "WK900131"),
}
_CHANGED = {
    ("WK900101", "WK900110"): 5.0,
    ("WK900102", "WK900110"): 7.0,
    ("WK900103", "WK900120"): 4.0,
    ("WK900104", "WK900130"): 6.0,
    ("WK900104", "WK900131"): 2.0,
    ("WK900105", "WK900105"): 3.0,
}
_KEPT = {(code, code): 3.0 for code in CODES[2021]}

MEANT = {
    "population": replace(INDICATORS["population"], breaks=()),
    "lonely": replace(INDICATORS["lonely"], nature=INDICATORS["population"].nature),
    "density": replace(
        INDICATORS["lonely"],
        slug="density",
        kind=Kind.RATE,
        aggregation=Aggregation.RECOMPUTE,
        direction=Direction.NEUTRAL,
        numerator="population",
        denominator="hectares",
        factor=100.0,
    ),
    "hectares": replace(INDICATORS["population"], slug="hectares", rounding=None, breaks=()),
    "wealth": replace(
        INDICATORS["lonely"],
        slug="wealth",
        kind=Kind.MEDIAN,
        aggregation=Aggregation.NONE,
        denominator=None,
    ),
    "thefts": replace(INDICATORS["thefts"], direction=Direction.LOWER_IS_BETTER),
}


@cache
def nullable() -> GraphQLSchema:
    """The schema as answers of both executors are compared by."""
    return relaxed(lambda: build()._schema)


def table(vintage: int) -> AreaTable:
    codes = CODES[vintage]
    count = len(codes)
    return AreaTable(
        level=Level.WIJK,
        vintage=vintage,
        ids=np.arange(vintage * 100, vintage * 100 + count, dtype=np.int32),
        codes=codes,
        names=tuple(f"Wijk {code[-2:]}" for code in codes),
        terrains=(Terrain.LAND,) * count,
        parents=("GM9001",) * count,
        bounds=np.full((count, 4), np.nan),
        centroids=np.full((count, 2), np.nan),
    )


def linked(old: int, new: int, hectares: Mapping[tuple[str, str], float]) -> Linked:
    """Links from what areas share, in hectares by their codes."""
    rows = sorted((CODES[old].index(a), CODES[new].index(b), h) for (a, b), h in hectares.items())
    overlap = Overlap(
        np.array([each[0] for each in rows], np.int32),
        np.array([each[1] for each in rows], np.int32),
        np.array([each[2] for each in rows], np.float64),
        np.zeros(len(CODES[old])),
        np.zeros(len(CODES[new])),
    )
    sides = [Vintage(each, CODES[each], ("",) * len(CODES[each])) for each in (old, new)]
    return Linked(link(overlap, *sides))


@dataclass
class RedrawnStore(SampleStore):
    """The sample with these wijken and no others."""

    loads: Mapping[int, Load] = field(default_factory=dict)

    async def head(self, number: int | None) -> Head:
        found = await super().head(number)
        return replace(found, loads={**found.loads, **self.loads})


def store_of(
    figures: Mapping[tuple[str, int], tuple[Sequence[int], Figures]],
    indicators: Mapping[str, Indicator] = MEANT,
) -> RedrawnStore:
    """A store with these figures: by slug and vintage, the years and the values of each code.

    A code that is not named has no row.
    """
    store = RedrawnStore(indicators=dict(indicators))
    store.tables = {key: each for key, each in store.tables.items() if key[0] is not Level.WIJK}
    store.tables |= {(Level.WIJK, vintage): table(vintage) for vintage in CODES}
    store.blocks = {}
    for (slug, vintage), (years, values) in figures.items():
        made = block(slug, vintage, years, values)
        store.blocks[made.key] = made
    store.linked = {
        (Level.WIJK, 2020, 2021): linked(2020, 2021, _CHANGED),
        (Level.WIJK, 2021, 2022): linked(2021, 2022, _KEPT),
    }
    return store


def block(slug: str, vintage: int, years: Sequence[int], figures: Figures, load: int = 1) -> Block:
    nothing = [Reason.NO_ROW] * len(years)
    rows = [figures.get(code, nothing) for code in CODES[vintage]]
    values = [[np.nan if isinstance(each, Reason) else each for each in row] for row in rows]
    reasons = [[_reason(each) for each in row] for row in rows]
    shape = (len(rows), len(years))
    return Block(
        key=SeriesKey(slug, Level.WIJK, vintage),
        periods=tuple(years),
        values=np.array(values, np.float64),
        reasons=np.array(reasons, np.uint8),
        provisional=np.zeros(shape, np.bool_),
        loads=np.zeros(shape, np.uint8),
        load_ids=(load,),
    )


def _reason(cell: Cell) -> Reason:
    return cell if isinstance(cell, Reason) else Reason.OBSERVED
