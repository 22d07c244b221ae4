"""Who belongs to a programme, on the areas of one table: one reading of its memberships for all.

A unit of another level counts where it lies: a wijk for each buurt in it, a buurt for the wijk
that holds it, which belongs in part and to an unknown extent. Nothing is joined across vintages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from db.core.area import AreaTable
from db.core.codes import gemeente_code, parent_code
from db.core.figures import Floats
from db.core.levels import Level
from db.core.programme import Extent, Membership
from schema.context import Context
from schema.errors import NotStatedForVintage
from schema.roster import Ordinals, Roster
from schema.selection import NOBODY, counts, holds

Codes = NDArray[np.int8]
Mask = NDArray[np.bool_]
_DEPTH = {level: depth for depth, level in enumerate(Level)}


class Belonging(Enum):
    """Whether an area belongs to a programme."""

    NOT_A_MEMBER = 0
    CANDIDATE = 1
    MEMBER_IN_PART = 2
    MEMBER = 3


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Who belongs to a programme, on the areas of one table."""

    programme: str
    parts: Floats
    """What part of each area is inside, 0 to 1; NaN where an unknown part of it is."""
    codes: Codes
    """A Belonging for each area; what counts goes before what is a candidate."""
    candidates: Mask
    """Areas that hold, are or lie in a candidate, whatever else they are."""
    units: Mapping[str, Ordinals]
    """By focus area the areas that its counted units are, hold or lie in."""
    not_stated: tuple[str, ...]
    """Focus areas of the programme without any counted unit on these boundaries."""
    carried_from: Mapping[str, int] = field(default_factory=dict)
    """By focus area the vintage that it is stated for, where that is not the table's."""

    @property
    def vintages(self) -> list[int]:
        """The other vintages that focus areas were carried from, ascending."""
        return sorted({*self.carried_from.values()})

    @property
    def anybody(self) -> bool:
        """Whether any area of the table is a member, wholly or in part."""
        return bool((self.codes >= Belonging.MEMBER_IN_PART.value).any())


def members_of(
    context: Context,
    table: AreaTable,
    slug: str,
    *,
    required: bool = True,
    at: date | None = None,
    argument: str = "programme",
) -> Members | None:
    """Who belongs to a programme on a date, or has not ended.

    Refused, or None if not `required`, where no unit of the level is stated for the vintage.
    """
    context.facts.require("programme", slug, argument)
    stated = stated_for(context, slug)
    if (table.level, table.vintage) not in stated:
        if not required:
            return None
        known = sorted(stated, key=lambda each: (each[0].value, each[1]))
        raise NotStatedForVintage(slug, table.level, table.vintage, known, argument=argument)
    if at is not None:
        return _placed(context, table, slug, at)
    return placed(context, table, slug)


def placed(
    context: Context, table: AreaTable, slug: str, areas: Sequence[str] | None = None
) -> Members:
    """Who has not ended to belong to a programme, of the units stated for the table's vintage.

    With `areas` of these focus areas only.
    """
    if areas is not None:
        return _placed(context, table, slug, None, areas)
    key = ("members of a programme", table.level, table.vintage, slug)
    return context.facts.remember(key, lambda: _placed(context, table, slug, None))


def stated_for(context: Context, slug: str) -> frozenset[tuple[Level, int]]:
    """Levels and vintages for which a programme states any unit."""
    return context.facts.remember(
        ("a programme is stated for", slug),
        lambda: frozenset(
            (each.level, each.vintage or 0)
            for listed in _memberships(context, slug).values()
            for each in listed
            if each.code is not None and each.vintage is not None
        ),
    )


def areas_of(context: Context, slug: str) -> list[str]:
    """The focus areas of a programme, by slug."""
    known = context.facts.focus_areas.values()
    return sorted(each.slug for each in known if each.programme == slug)


def vintages_of(context: Context, area: str) -> frozenset[int]:
    """Vintages that the units of a focus area are stated for: those that count, if any does."""
    lasting = [
        each
        for each in context.facts.memberships_of(area)
        if holds(each, None) and each.code is not None and each.vintage is not None
    ]
    counted = [each for each in lasting if counts(each)]
    return frozenset(each.vintage or 0 for each in counted or lasting)


def _memberships(context: Context, slug: str) -> dict[str, list[Membership]]:
    return {area: context.facts.memberships_of(area) for area in areas_of(context, slug)}


def _placed(
    context: Context,
    table: AreaTable,
    slug: str,
    at: date | None,
    areas: Sequence[str] | None = None,
) -> Members:
    roster = context.roster(table)
    parts, candidates = np.zeros(len(table)), np.zeros(len(table), np.bool_)
    inside = np.zeros(len(table), np.bool_)
    units: dict[str, Ordinals] = {}
    listed = _memberships(context, slug)
    for area, members in listed.items():
        if areas is not None and area not in areas:
            continue
        lasting = [each for each in members if each.vintage == table.vintage and holds(each, at)]
        counted = [each for each in lasting if counts(each) and each.code is not None]
        for each in counted:
            found = _units(roster, each)
            parts[found] = _together(parts[found], _part(each, table.level))
        if counted:
            units[area] = _all_units(roster, counted)
            inside[units[area]] = True
        candidates[_all_units(roster, [each for each in lasting if not counts(each)])] = True
    codes = np.where(candidates, np.int8(Belonging.CANDIDATE.value), np.int8(0))
    codes[inside] = Belonging.MEMBER_IN_PART.value
    codes[inside & (parts == 1)] = Belonging.MEMBER.value
    missing = tuple(area for area in listed if area not in units)
    return Members(slug, parts, codes, candidates, units, missing)


def _all_units(roster: Roster, members: Iterable[Membership]) -> Ordinals:
    rows = [np.asarray(_units(roster, each), np.int32) for each in members]
    return np.unique(np.concatenate([NOBODY, *rows]))


def _units(roster: Roster, member: Membership) -> Ordinals | Sequence[int]:
    """The areas of a table that a unit of its vintage is, holds, or lies in."""
    table, code = roster.table, member.code or ""
    deeper = _DEPTH[member.level] - _DEPTH[table.level]
    if deeper < 0:
        groups = roster.by_gemeente if member.level is Level.GEMEENTE else roster.by_parent
        return groups.get(code, NOBODY)
    if deeper > 0:
        above = gemeente_code(code) if table.level is Level.GEMEENTE else parent_code(code)
        code = above or ""
    ordinal = table.ordinals.get(code)
    return NOBODY if ordinal is None else [ordinal]


def _part(member: Membership, level: Level) -> float:
    """What part of the areas of a level a unit puts inside: of a smaller unit it is not known."""
    if _DEPTH[member.level] > _DEPTH[level]:
        return np.nan
    if member.extent is Extent.WHOLE:
        return 1.0
    if member.level is not level or member.share is None:
        return np.nan
    return member.share


def _together(parts: Floats, more: float) -> Floats:
    """Whole stays whole; of two parts of one area it is not known how far they overlap."""
    either = np.where(parts == 0, more, parts if more == 0 else np.nan)
    return np.where((parts == 1) | (more == 1), 1.0, either)
