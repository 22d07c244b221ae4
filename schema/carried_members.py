"""Members of a programme on boundaries that it is not stated for, by the ground that they share."""

import numpy as np

from db.core.area import AreaTable
from schema.belonging import Belonging, Members, members_of, stated_for
from schema.carried import SLIVER, WHOLE, nearest_vintage, passage_of, shares_of
from schema.context import Context


def carried_members(
    context: Context, table: AreaTable, slug: str, *, argument: str = "programme"
) -> Members | None:
    """Who belongs to a programme: as stated for the table, or else carried from another vintage.

    None where it is neither stated nor can be carried.
    """
    context.facts.require("programme", slug, argument)
    stated = stated_for(context, slug)
    if (table.level, table.vintage) in stated:
        return members_of(context, table, slug)
    vintages = {year for level, year in stated if level is table.level}
    source = nearest_vintage(context, table.level, table.vintage, vintages)
    if source is None:
        return None
    key = ("carried members", table.level, table.vintage, slug)
    return context.facts.remember(key, lambda: _carried(context, table, slug, source))


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


def _carried(context: Context, table: AreaTable, slug: str, source: int) -> Members:
    there = members_of(context, context.table(table.level, source), slug)
    assert there is not None
    by = passage_of(context, table, source).weights
    whole = shares_of(by, (there.codes == Belonging.MEMBER.value).astype(np.float64))
    some = shares_of(by, (there.codes >= Belonging.MEMBER_IN_PART.value).astype(np.float64))
    candidates = shares_of(by, there.candidates.astype(np.float64)) > SLIVER
    codes = np.where(candidates, np.int8(Belonging.CANDIDATE.value), np.int8(0))
    codes[some > SLIVER] = Belonging.MEMBER_IN_PART.value
    codes[whole >= WHOLE] = Belonging.MEMBER.value
    parts = np.where(codes == Belonging.MEMBER_IN_PART.value, np.nan, 0.0)
    parts[whole >= WHOLE] = 1.0
    units = {}
    for area, rows in there.units.items():
        inside = np.zeros(by.olds)
        inside[rows] = 1.0
        units[area] = np.flatnonzero(shares_of(by, inside) > SLIVER).astype(np.int32)
    return Members(slug, parts, codes, candidates, units, there.not_stated, source)
