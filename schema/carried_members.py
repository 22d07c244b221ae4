"""Members of a programme on boundaries that it is not stated for, by the ground that they share.

Each focus area is taken by the vintage that its own units are stated for: the table's where that is
one of them, else the nearest from which links lead there. Nothing is said of a focus area by the
vintage of another.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import strawberry

from db.core import programme
from db.core.area import AreaTable
from schema.belonging import (
    Belonging,
    Codes,
    Mask,
    Members,
    areas_of,
    members_of,
    placed,
    stated_for,
    vintages_of,
)
from schema.carried import SLIVER, WHOLE, nearest_vintage, passage_of, shares_of
from schema.context import Context
from schema.fields import field
from schema.references import FocusAreaItem


@dataclass(frozen=True, slots=True)
class Brought:
    """The source of a CarriedFocusArea."""

    focus_area: programme.FocusArea
    vintage: int


@strawberry.type(description="A focus area whose units were carried from another vintage.")
class CarriedFocusArea:
    focus_area: FocusAreaItem = field("The focus area.")
    vintage: int = field("The vintage that its units are stated for.")


def brought(context: Context, members: Members | None) -> list[Brought]:
    """The focus areas that were carried, by slug."""
    known = context.facts.focus_areas
    listed = {} if members is None else members.carried_from
    return [Brought(known[slug], vintage) for slug, vintage in sorted(listed.items())]


def carried_members(
    context: Context, table: AreaTable, slug: str, *, argument: str = "programme"
) -> Members | None:
    """Who belongs to a programme: each focus area as stated for the table, or else carried.

    None where none is stated, nor can be carried.
    """
    context.facts.require("programme", slug, argument)
    sources = _sources(context, table, slug)
    if not sources:
        return None
    if set(sources.values()) == {table.vintage}:
        return placed(context, table, slug)
    key = ("carried members", table.level, table.vintage, slug)
    return context.facts.remember(key, lambda: _carried(context, table, slug, sources))


def members_on(
    context: Context,
    table: AreaTable,
    slug: str,
    *,
    carried: bool,
    required: bool = True,
    argument: str = "programme",
) -> Members | None:
    """Who belongs to a programme, carried if asked; refused, or None, where it cannot be told."""
    found = carried_members(context, table, slug, argument=argument) if carried else None
    return found or members_of(context, table, slug, required=required, argument=argument)


def _sources(context: Context, table: AreaTable, slug: str) -> dict[str, int]:
    """By focus area the vintage that its units are taken from; those without one are left out.

    There are none where nothing of the programme is stated for the level of the table.
    """
    found: dict[str, int] = {}
    if all(level is not table.level for level, _ in stated_for(context, slug)):
        return found
    for area in areas_of(context, slug):
        stated = vintages_of(context, area)
        loaded = set(stated) & set(context.vintages(table.level))
        if table.vintage in stated:
            found[area] = table.vintage
            continue
        nearest = nearest_vintage(context, table.level, table.vintage, loaded)
        if nearest is not None:
            found[area] = nearest
    return found


def _carried(context: Context, table: AreaTable, slug: str, sources: Mapping[str, int]) -> Members:
    by_vintage: dict[int, list[str]] = defaultdict(list)
    for area, vintage in sources.items():
        by_vintage[vintage].append(area)
    groups = [_group(context, table, slug, vintage, areas) for vintage, areas in by_vintage.items()]
    moved = {area: year for area, year in sources.items() if year != table.vintage}
    return _together(groups, slug, areas_of(context, slug), moved)


def _group(
    context: Context, table: AreaTable, slug: str, vintage: int, areas: Sequence[str]
) -> Members:
    """Focus areas that are stated for one vintage, on the areas of the table."""
    if vintage == table.vintage:
        return placed(context, table, slug, areas)
    there = placed(context, context.table(table.level, vintage), slug, areas)
    by = passage_of(context, table, vintage).weights
    whole = shares_of(by, (there.codes == Belonging.MEMBER.value).astype(np.float64)) >= WHOLE
    some = shares_of(by, (there.codes >= Belonging.MEMBER_IN_PART.value).astype(np.float64))
    units = {}
    for area, rows in there.units.items():
        inside = np.zeros(by.olds)
        inside[rows] = 1.0
        units[area] = np.flatnonzero(shares_of(by, inside) > SLIVER).astype(np.int32)
    return Members(
        slug,
        np.where(whole, 1.0, np.where(some > SLIVER, np.nan, 0.0)),
        _codes(whole, whole | (some > SLIVER), np.zeros(by.news, np.bool_)),
        shares_of(by, there.candidates.astype(np.float64)) > SLIVER,
        units,
        there.not_stated,
    )


def _together(
    groups: Sequence[Members], slug: str, areas: Sequence[str], moved: Mapping[str, int]
) -> Members:
    """Several groups of focus areas as one; how far two parts of an area overlap is not known."""
    inside = np.stack([each.codes >= Belonging.MEMBER_IN_PART.value for each in groups])
    parts = np.stack([each.parts for each in groups])
    whole = np.asarray((parts == 1).any(axis=0))
    several = inside.sum(axis=0) > 1
    found = np.where(whole, 1.0, np.where(several, np.nan, parts.sum(axis=0)))
    candidates = np.asarray(np.stack([each.candidates for each in groups]).any(axis=0))
    units = {area: rows for each in groups for area, rows in each.units.items()}
    return Members(
        slug,
        found,
        _codes(whole, np.asarray(inside.any(axis=0)), candidates),
        candidates,
        units,
        tuple(area for area in areas if area not in units),
        {area: year for area, year in moved.items() if area in units},
    )


def _codes(whole: Mask, inside: Mask, candidates: Mask) -> Codes:
    codes = np.where(candidates, np.int8(Belonging.CANDIDATE.value), np.int8(0))
    codes[inside] = Belonging.MEMBER_IN_PART.value
    codes[inside & whole] = Belonging.MEMBER.value
    return codes
