"""Shares of links by addresses or inhabitants, where enough is known of either; else by surface."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.area_links import AreaLinks, Method, weighted
from db.core.figures import Floats
from db.core.overlay import Overlap, tally
from db.core.ranking import Rows
from db.ingest.link_side import Side

ENOUGH = 0.9
"""Of the land areas that have a link: so many must have addresses, or the table is a sample, in
which the place of a few streets would pass for that of everybody."""

Mask = NDArray[np.bool_]
Counts = Sequence[tuple[str, str, float]]
"""Addresses by the code they had and the code they have."""


@dataclass(frozen=True, slots=True)
class Finer:
    """Inhabitants of smaller areas, each of which lies in one area of one of the two sides."""

    shared: Overlap
    """Surface: by the smaller area, then the area of the other side."""
    nest: Rows
    """Row of the area that each smaller one lies in; -1 for none."""
    people: Floats
    """NaN where not known; water and abroad have nobody."""
    in_new: bool
    """Whether they lie in the new areas; else in the old ones."""


def divided_by_surface(links: AreaLinks) -> tuple[Mask, Mask]:
    """Old and new areas that share ground with several, or with one that does.

    None where anything but surface says how much each got.
    """
    old, new = np.zeros(links.olds, np.bool_), np.zeros(links.news, np.bool_)
    if (links.methods != Method.SURFACE).any():
        return old, new
    linked = (links.old >= 0) & (links.new >= 0)
    before, after = links.old[linked], links.new[linked]
    several = np.bincount(before, minlength=len(old))[before] > 1
    several |= np.bincount(after, minlength=len(new))[after] > 1
    old[before[several]] = new[after[several]] = True
    return old, new


def by_addresses(old: Side, new: Side, links: AreaLinks, counts: Counts) -> AreaLinks:
    """The same links weighed by addresses, if ENOUGH areas of both years have any."""
    olds, news = ({code: row for row, code in enumerate(one.vintage.codes)} for one in (old, new))
    known = [(olds[o], news[n], count) for o, n, count in counts if o in olds and n in news]
    if not known:
        return links
    before, after, numbers = (np.array(column) for column in zip(*known, strict=True))
    table = tally(
        before.astype(np.int32), after.astype(np.int32), numbers, olds=len(olds), news=len(news)
    )
    enough = _covers(table.old_outside, links.old, old) and _covers(
        table.new_outside, links.new, new
    )
    return weighted(links, table, Method.ADDRESSES) if enough else links


def by_population(links: AreaLinks, finer: Finer) -> AreaLinks:
    """The same links weighed by the inhabitants of smaller areas.

    One that lies in several areas of the other side is shared out by surface, which is a guess
    about a wijk and no longer one about a gemeente. Where the inhabitants of one are not known,
    the areas it lies in, and all that share ground with those, stay by surface.
    """
    small, other = finer.shared.old, finer.shared.new
    placed = np.bincount(small, finer.shared.amounts, len(finer.people))
    with np.errstate(invalid="ignore"):
        counts = finer.people[small] * finer.shared.amounts / placed[small]
    nest = finer.nest[small]
    unknown = ~np.isfinite(finer.people) | ((placed == 0) & (finer.people > 0))
    sides = links.news if finer.in_new else links.olds, links.olds if finer.in_new else links.news
    unsure = _marked(finer.nest[unknown], sides[0]), _marked(other[unknown[small]], sides[1])
    bad_new, bad_old = unsure if finer.in_new else unsure[::-1]
    bad_old, bad_new = _spread(links, bad_old, bad_new)
    before, after = (other, nest) if finer.in_new else (nest, other)
    sure = (nest >= 0) & ~bad_old[before] & ~bad_new[after]
    table = tally(before[sure], after[sure], counts[sure], olds=links.olds, news=links.news)
    return weighted(links, table, Method.POPULATION)


def _marked(rows: Rows, length: int) -> Mask:
    marked = np.zeros(length, np.bool_)
    marked[rows[rows >= 0]] = True
    return marked


def _spread(links: AreaLinks, old: Mask, new: Mask) -> tuple[Mask, Mask]:
    """Also mark what shares ground with what is marked, and so on."""
    linked = (links.old >= 0) & (links.new >= 0)
    before, after = links.old[linked], links.new[linked]
    while True:
        either = old[before] | new[after]
        more = _marked(before[either], len(old)) | old, _marked(after[either], len(new)) | new
        if (more[0] == old).all() and (more[1] == new).all():
            return more
        old, new = more


def _covers(outside: Floats, linked: Rows, one: Side) -> bool:
    """Whether ENOUGH land areas with a link have addresses."""
    rows = np.unique(linked[linked >= 0])
    rows = rows[one.is_land[rows]]
    return bool(len(rows)) and bool((~np.isnan(outside[rows])).mean() >= ENOUGH)
