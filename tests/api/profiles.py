"""A sample country of which a test gives the wijken of 2024, their figures and members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.block import Block, SeriesKey
from db.core.figures import Floats
from db.core.indicator import Direction, Domain, Indicator, Kind
from db.core.levels import Level, Terrain
from db.core.programme import FocusArea, Membership
from db.snapshot.store import Head
from tests.api.sample import INDICATORS, REFERENCE, SampleStore

NAN = float("nan")
DOMAINS = (Domain.HEALTH, Domain.HOUSING, Domain.WORK)


def indicator(slug: str, domain: Domain = Domain.HEALTH, **changed: object) -> Indicator:
    """An indicator of which more is worse, unless said otherwise."""
    given = {"slug": slug, "domain": domain, "direction": Direction.LOWER_IS_BETTER}
    return replace(INDICATORS["lonely"], **{**given, **changed})  # type: ignore[arg-type]


OTHERS = {
    each.slug: each
    for each in (
        indicator("ill", Domain.HEALTH),
        indicator("damp", Domain.HOUSING),
        indicator("idle", Domain.WORK),
        indicator("density", Domain.HOUSING, direction=Direction.NEUTRAL),
        indicator("sort", Domain.HOUSING, direction=Direction.NEUTRAL, kind=Kind.CLASS),
    )
}


def table(codes: Sequence[str], water: Sequence[str] = ()) -> AreaTable:
    count = len(codes)
    return AreaTable(
        level=Level.WIJK,
        vintage=2024,
        ids=np.arange(1000, 1000 + count, dtype=np.int32),
        codes=tuple(codes),
        names=tuple(f"Wijk {code}" for code in codes),
        terrains=tuple(Terrain.WATER if code in water else Terrain.LAND for code in codes),
        parents=tuple("GM" + code[2:6] for code in codes),
        bounds=np.full((count, 4), np.nan),
        centroids=np.full((count, 2), np.nan),
    )


def block(slug: str, values: Sequence[float], years: tuple[int, ...] = (2024,)) -> Block:
    cells: Floats = np.repeat(np.array(values, np.float64)[:, None], len(years), axis=1)
    known = np.where(np.isnan(cells), Reason.NO_FIGURE, Reason.OBSERVED)
    return Block(
        key=SeriesKey(slug, Level.WIJK, 2024),
        periods=years,
        values=cells,
        reasons=known.astype(np.uint8),
        provisional=np.zeros(cells.shape, np.bool_),
        loads=np.zeros(cells.shape, np.uint8),
        load_ids=(1,),
    )


@dataclass
class ProfileStore(SampleStore):
    """The sample with other wijken in 2024."""

    members: tuple[Membership, ...] = ()
    focus_areas: tuple[FocusArea, ...] = field(default=REFERENCE.focus_areas)

    async def head(self, number: int | None) -> Head:
        found = await super().head(number)
        return replace(
            found,
            indicators={**INDICATORS, **OTHERS},
            reference=replace(
                REFERENCE, memberships=self.members, focus_areas=self.focus_areas, stacking=()
            ),
        )


def store_of(
    codes: Sequence[str],
    figures: Mapping[str, Sequence[float]],
    *,
    members: Sequence[Membership] = (),
    water: Sequence[str] = (),
) -> ProfileStore:
    """A store with these wijken, in this order, and figures of 2024."""
    store = ProfileStore(members=tuple(members))
    store.tables[Level.WIJK, 2024] = table(codes, water)
    store.blocks = {key: each for key, each in store.blocks.items() if key.level is not Level.WIJK}
    for slug, values in figures.items():
        made = block(slug, values)
        store.blocks[made.key] = made
    return store
