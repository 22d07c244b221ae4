"""One name for one border through the years, however often its code changes."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from db.core.area_links import AreaLinks, LinkKind, Method, Vintage

Lineage = tuple[str, ...]
Found = dict[int, NDArray[np.object_]]


def lineages(
    vintages: Sequence[Vintage], links: Mapping[tuple[int, int], AreaLinks]
) -> list[Lineage]:
    """Of each area of each vintage, the code and year under which its border first occurs.

    `WK003402@2016`. Vintages are in order of years; links are by the years they join. A border
    keeps its lineage through any number of codes; a code that is used again has a lineage of its
    own. Where nothing joins an area to an earlier vintage a new lineage begins. What maps show goes
    before what is stated. No two areas of a vintage have the same one.
    """
    found: Found = {}
    for vintage in vintages:
        own = [f"{code}@{vintage.year}" for code in vintage.codes]
        found[vintage.year] = np.array(own, np.object_)
        earlier = [pair for pair in links if pair[1] == vintage.year and pair[0] in found]
        for pair in sorted(earlier, key=lambda pair: (_is_stated(links[pair]), -pair[0])):
            _inherit(found[vintage.year], found[pair[0]], links[pair], own)
    return [tuple(found[vintage.year]) for vintage in vintages]


def _inherit(
    after: NDArray[np.object_], before: NDArray[np.object_], joined: AreaLinks, own: Sequence[str]
) -> None:
    """Give areas that are still the first of their lineage that of what they were."""
    same = joined.kinds <= LinkKind.RECODED
    old, new = joined.old[same], joined.new[same]
    first = after[new] == np.array(own, np.object_)[new]
    free = ~np.isin(before[old].astype(np.str_), after[: len(own)].astype(np.str_))
    after[new[first & free]] = before[old[first & free]]


def _is_stated(links: AreaLinks) -> bool:
    return bool((links.methods == Method.STATED).any())
