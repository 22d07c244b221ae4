"""The links of one pair of vintages, from what the store has of both; no connection is needed.

Large maps are laid over each other in a child process: it is handed rows and gives back columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from db.core.area_links import (
    AreaLinks,
    Disagreement,
    LinkKind,
    Method,
    Vintage,
    disagreements,
    link,
    weighted,
)
from db.core.figures import Floats
from db.core.levels import Terrain
from db.core.link_forms import UNCHANGED, doubted, stated
from db.core.overlay import Overlay, Sheet, lay, lay_over, tally
from db.core.ranking import Rows
from db.ingest.link_plan import Grounds

ENOUGH = 0.9
"""Of the land areas that have a link: so many must have addresses, or the table is a sample, in
which the place of a few streets would pass for that of everybody."""


@dataclass(frozen=True, slots=True)
class Side:
    """The open areas of one vintage, in order of ordinal."""

    vintage: Vintage
    ordinals: Rows
    is_land: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    changes: tuple[int | None, ...]
    texts: tuple[bytes | None, ...] = ()
    """Shapes in RD as GeoJSON; none where they are not needed."""

    def sheet(self) -> Sheet:
        """The map, ready to be laid over another."""
        shapes = shapely.from_geojson(np.array(self.texts, object))
        return lay(np.asarray(shapes, object))


@dataclass(frozen=True, slots=True)
class Made:
    """Links on ordinals, and what is said of how they came about."""

    links: AreaLinks
    tolerance: float | None
    slivers: int
    sliver_metres: float
    repaired: tuple[int, int]
    without_shape: tuple[int, int]
    compared: int = 0
    """Areas of which both the publisher and the maps say how they changed."""
    disagreements: tuple[Disagreement, ...] = ()


def side(year: int, rows: Sequence[Mapping[str, Any]], *, shapes: bool = False) -> Side:
    """One side of a pair out of its rows."""
    return Side(
        vintage=Vintage(
            year, tuple(row["code"] for row in rows), tuple(row["name"] for row in rows)
        ),
        ordinals=np.array([row["ordinal"] for row in rows], np.int32),
        is_land=np.array([row["terrain"] == Terrain.LAND.value for row in rows], np.bool_),
        changes=tuple(row["change"] for row in rows),
        texts=tuple(row["full_rd"] for row in rows) if shapes else (),
    )


def overlaid(old: Side, new: Side) -> Overlay:
    """The maps of two vintages over each other; what a child process is asked to do."""
    return lay_over(old.sheet(), new.sheet())


def from_maps(
    old: Side, new: Side, done: Overlay, people: Sequence[tuple[str, str, float]]
) -> Made:
    """Links by surface, by addresses where enough are known; `people` by old and new code."""
    links = link(done.overlap, old.vintage, new.vintage)
    links = doubted(
        links,
        old_lacks=_lacks(old, done.overlap.old_outside),
        new_lacks=_lacks(new, done.overlap.new_outside),
    )

    links = _by_addresses(old, new, links, people)
    compared, apart = _compared(old, new, links)
    return Made(
        links=on_ordinals(links, old, new),
        tolerance=done.tolerance,
        slivers=done.slivers,
        sliver_metres=done.sliver_metres,
        repaired=done.repaired,
        without_shape=done.without_shape,
        compared=compared,
        disagreements=apart,
    )


def unmapped(old: Side, new: Side, grounds: Grounds) -> Made:
    """Links without maps: what the publisher states, or that a country is that country."""
    same = grounds is Grounds.NAME
    changes = [UNCHANGED] * len(new.changes) if same else new.changes
    links = on_ordinals(stated(old.vintage, new.vintage, changes), old, new)
    return Made(links, None, 0, 0.0, (0, 0), (0, 0))


def on_ordinals(links: AreaLinks, old: Side, new: Side) -> AreaLinks:
    """Rows of open areas become ordinals: those of closed areas stay unused."""
    return replace(
        links,
        old=_placed(links.old, old.ordinals),
        new=_placed(links.new, new.ordinals),
        reused=new.ordinals[links.reused],
        olds=_rows(old),
        news=_rows(new),
    )


def _by_addresses(
    old: Side, new: Side, links: AreaLinks, people: Sequence[tuple[str, str, float]]
) -> AreaLinks:
    olds, news = ({code: row for row, code in enumerate(one.vintage.codes)} for one in (old, new))
    known = [(olds[o], news[n], count) for o, n, count in people if o in olds and n in news]
    if not known:
        return links
    before, after, counts = (np.array(column) for column in zip(*known, strict=True))
    table = tally(
        before.astype(np.int32), after.astype(np.int32), counts, olds=len(olds), news=len(news)
    )
    enough = _covers(table.old_outside, links.old, old) and _covers(
        table.new_outside, links.new, new
    )
    return weighted(links, table, Method.ADDRESSES) if enough else links


def _covers(outside: Floats, linked: Rows, one: Side) -> bool:
    """Whether ENOUGH land areas with a link have addresses."""
    rows = np.unique(linked[linked >= 0])
    rows = rows[one.is_land[rows]]
    return bool(len(rows)) and bool((~np.isnan(outside[rows])).mean() >= ENOUGH)


def _compared(old: Side, new: Side, links: AreaLinks) -> tuple[int, tuple[Disagreement, ...]]:
    """The publisher compares with the year before, so that other pairs cannot be compared."""
    if new.vintage.year - old.vintage.year != 1:
        return 0, ()
    at = (links.new >= 0) & (links.kinds != LinkKind.UNPLACED)
    placed = set(links.new[at].tolist())
    compared = sum(row in placed for row, change in enumerate(new.changes) if change)
    return compared, tuple(disagreements(links, old.vintage, new.vintage, new.changes))


def _lacks(one: Side, outside: Floats) -> bool:
    return bool((np.isnan(outside) & one.is_land).any())


def _placed(rows: Rows, ordinals: Rows) -> Rows:
    placed: Rows = np.where(rows >= 0, np.append(ordinals, -1)[rows], -1).astype(np.int32)
    return placed


def _rows(one: Side) -> int:
    return int(one.ordinals[-1]) + 1 if len(one.ordinals) else 0
