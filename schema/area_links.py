"""Areas in time: what an area was, what became of it, and how long its border held.

A code means an area only together with its year: what joins two vintages is the ground, or the
addresses or people on it.
"""

from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
import strawberry

from db.core.area_links import AreaLinks, LinkKind, Method
from db.core.figures import known
from db.core.levels import Level
from schema.context import Context, Info
from schema.fields import field
from schema.passages import after, before, lineages
from schema.place import Place
from schema.references import AreaItem


@dataclass(frozen=True, slots=True)
class Link:
    """The source of an AreaLink."""

    area: Place | None
    share_of_old: float | None
    share_of_new: float | None
    kind: LinkKind
    method: Method | None
    method_of_new: Method | None
    from_vintage: int
    to_vintage: int


@strawberry.type(
    description="How two areas of different vintages hang together: which part of the one is part "
    "of the other. A share says what it was measured in: surface misleads for people."
)
class AreaLink:
    area: AreaItem | None = field(
        "The other area. Null where there is none: NEW, GONE and UNPLACED."
    )
    share_of_old: float | None = field(
        "Part of the older area that the newer one got, 0 to 1; null without another area."
    )
    share_of_new: float | None = field(
        "Part of the newer area that the older one gave, 0 to 1; null without another area."
    )
    kind: LinkKind = field("What happened, as far as both maps show.")
    method: Method | None = field("What `shareOfOld` was measured in.")
    method_of_new: Method | None = field("What `shareOfNew` was measured in.")
    from_vintage: int = field("Year of the boundaries of the older area.")
    to_vintage: int = field("Year of the boundaries of the newer area.")


@dataclass(frozen=True, slots=True)
class Held:
    """The source of a Validity."""

    vintages: tuple[int, ...]
    absent_before: int | None
    absent_from: int | None

    @property
    def first(self) -> int:
        return self.vintages[0]

    @property
    def last(self) -> int:
        return self.vintages[-1]


@strawberry.type(
    description="The loaded vintages in which an area had this border under this code. Between "
    "two of them it held, as far as they show; what lies outside them is not known."
)
class Validity:
    vintages: list[int] = field("The vintages, ascending.")
    first: int = field("The first of them.")
    last: int = field("The last of them.")
    absent_before: int | None = field(
        "The last loaded vintage before the first in which it was not so; null where none is "
        "loaded."
    )
    absent_from: int | None = field(
        "The first loaded vintage after the last in which it was no longer so; null where it holds "
        "in the newest."
    )


def predecessors(place: strawberry.Parent[Place], info: Info) -> Any:
    return predecessors_of(info.context, place)


def successors(place: strawberry.Parent[Place], info: Info) -> Any:
    return successors_of(info.context, place)


def predecessors_of(context: Context, place: Place) -> list[Link] | None:
    """The largest part of the area first; None where no earlier vintage is linked to it."""
    found = before(context, place.level, place.vintage)
    if found is None:
        return None
    links = context.links(place.level, [found])[0].links
    rows = np.flatnonzero(links.new == place.ordinal)
    rows = rows[np.argsort(-links.of_new[rows], kind="stable")]
    return _linked(context, place.level, links, rows, (found.pair.old, found.pair.new), "old")


def successors_of(context: Context, place: Place) -> list[Link] | None:
    """Who got most of the area first; None where no later vintage is linked to it."""
    found = after(context, place.level, place.vintage)
    if found is None:
        return None
    links = context.links(place.level, [found])[0].links
    rows = np.flatnonzero(links.old == place.ordinal)
    rows = rows[np.argsort(-links.of_old[rows], kind="stable")]
    return _linked(context, place.level, links, rows, (found.pair.old, found.pair.new), "new")


def _linked(
    context: Context, level: Level, links: AreaLinks, rows: Any, years: tuple[int, int], side: str
) -> list[Link]:
    table = context.table(level, years[side == "new"])
    others = getattr(links, side)
    return [
        Link(
            area=Place(table, int(others[row])) if others[row] >= 0 else None,
            share_of_old=known(links.of_old.item(row)),
            share_of_new=known(links.of_new.item(row)),
            kind=LinkKind(links.kinds.item(row)),
            method=_method(links.of_old.item(row), links.methods.item(row)),
            method_of_new=_method(links.of_new.item(row), links.new_methods.item(row)),
            from_vintage=years[0],
            to_vintage=years[1],
        )
        for row in rows.tolist()
    ]


def _method(share: float, code: int) -> Method | None:
    return None if isnan(share) else Method(code)


def lineage(place: strawberry.Parent[Place], info: Info) -> str:
    return lineage_of(info.context, place)


def lineage_of(context: Context, place: Place) -> str:
    return lineages(context, place.level)[place.vintage][place.ordinal]


def validity(place: strawberry.Parent[Place], info: Info) -> Held:
    context, own = info.context, lineage_of(info.context, place)
    found = lineages(context, place.level)
    held: list[int] = []
    others: list[int] = []
    for table in context.tables(place.level):
        at = table.ordinals.get(place.code)
        so = at is not None and found[table.vintage][at] == own
        (held if so else others).append(table.vintage)
    return Held(
        vintages=tuple(held),
        absent_before=max((each for each in others if each < held[0]), default=None),
        absent_from=min((each for each in others if each > held[-1]), default=None),
    )
