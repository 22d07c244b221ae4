"""The links of one pair of vintages, from what the store has of both; no connection is needed.

Large maps are laid over each other in a child process: it is handed rows and gives back columns.
"""

from dataclasses import dataclass, replace

import numpy as np

from db.core.area_links import (
    AreaLinks,
    Disagreement,
    comparable,
    disagreements,
    link,
)
from db.core.figures import Floats
from db.core.link_forms import UNCHANGED, doubted, stated
from db.core.overlay import Overlay, overlay
from db.core.ranking import Rows
from db.ingest.link_plan import Grounds
from db.ingest.link_side import Side


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


def overlaid(old: Side, new: Side, tolerance: float | None = None) -> Overlay:
    """The maps of two vintages over each other; what a child process is asked to do."""
    return overlay(old.shapes(), new.shapes(), tolerance=tolerance)


def by_surface(old: Side, new: Side, done: Overlay) -> AreaLinks:
    """What two maps that were laid over each other say."""
    links = link(done.overlap, old.vintage, new.vintage)
    return doubted(
        links,
        old_lacks=_lacks(old, done.overlap.old_outside),
        new_lacks=_lacks(new, done.overlap.new_outside),
    )


def from_maps(old: Side, new: Side, done: Overlay, links: AreaLinks) -> Made:
    """Links on ordinals with their account, held against what the publisher states."""
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


def _compared(old: Side, new: Side, links: AreaLinks) -> tuple[int, tuple[Disagreement, ...]]:
    """The publisher compares with the year before, so that other pairs cannot be compared."""
    if new.vintage.year - old.vintage.year != 1:
        return 0, ()
    compared = int(comparable(links, new.changes).sum())
    return compared, tuple(disagreements(links, old.vintage, new.vintage, new.changes))


def _lacks(one: Side, outside: Floats) -> bool:
    return bool((np.isnan(outside) & one.is_land).any())


def _placed(rows: Rows, ordinals: Rows) -> Rows:
    placed: Rows = np.where(rows >= 0, np.append(ordinals, -1)[rows], -1).astype(np.int32)
    return placed


def _rows(one: Side) -> int:
    return int(one.ordinals[-1]) + 1 if len(one.ordinals) else 0
