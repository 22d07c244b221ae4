"""From a filter to the rows of a table: the smallest group first, then masks over the columns."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from numpy.typing import NDArray

from db.core.area import AreaTable
from db.core.levels import Level, Terrain
from db.core.programme import Certainty, FocusArea, Membership, Programme
from db.core.suggest import fold
from schema.code_errors import CodeOfAnotherLevel
from schema.connections import CodeProblem
from schema.context import Context
from schema.drawn import drawn_table, has_any_shape
from schema.enums import AreaOrderField, OrderDirection
from schema.errors import NotStatedForVintage
from schema.filters import AreaFilter, AreaOrder, BoundingBoxInput, definition
from schema.paging import AreaListing, Page, Window, cut
from schema.place import ABOVE, not_found, read_code
from schema.refusal import Refusal
from schema.roster import Order, Ordinals, Roster

Mask = NDArray[np.bool_]
NOBODY = np.array([], np.int32)
COUNTED = frozenset({Certainty.OFFICIAL, Certainty.NAME_MATCH})
"""Candidates are shown, but are no members."""
_SUGGESTED = 10
"""Unknown codes of one list for which the nearest are looked up: each look-up costs 2 ms."""


def page_of_areas(
    context: Context,
    table: AreaTable,
    chosen: AreaFilter | None,
    order: AreaOrder | None,
    window: Window,
) -> Page:
    """The page of a filtered and sorted list of the areas of a table."""
    roster = context.roster(table)
    if chosen is None:
        return Branches(roster, context.number, Terrain.LAND, order, window).page(None)
    sorted_by = order or AreaOrder()
    window.check()
    by = _order(roster, sorted_by)
    try:
        chosen.check()
        groups, missing = _groups(context, roster, chosen)
        masks = _masks(context, roster, chosen)
    except Refusal as refusal:
        refusal.is_inside("filter")
        raise
    ordinals = _narrowed(groups, masks, by)
    return cut(
        AreaListing(roster, ordinals, by),
        window,
        publication=context.number,
        definition=lambda: definition(table.level, table.vintage, chosen, sorted_by),
        missing=missing,
    )


class Branches:
    """For every parent, or for none, the same page of the areas with that parent.

    Pages are kept with the table, whose order they share; not those that a cursor begins or ends.
    """

    def __init__(
        self,
        roster: Roster,
        publication: int,
        terrain: Terrain | None,
        order: AreaOrder | None,
        window: Window,
    ) -> None:
        window.check()
        self._roster = roster
        self._publication = publication
        self._terrain = terrain
        self._order = order or AreaOrder()
        self._window = window
        self._name: str | None = None
        if window.after is None and window.before is None:
            by, way = self._order.field.value, self._order.direction.value
            on = None if terrain is None else terrain.value
            self._name = f"{on} {by} {way} {window.first} {window.last}"

    def page(self, parent: str | None) -> Page:
        if self._name is None:
            return self._cut(parent)
        key = (parent, self._name)
        found = self._roster.pages.get(key)
        if found is None:
            found = self._cut(parent)
            self._roster.pages.keep(key, found, found.weight)
        return found

    def _cut(self, parent: str | None) -> Page:
        roster, order, terrain = self._roster, self._order, self._terrain
        ordinals = _kept(roster, parent, terrain, order)
        level, vintage = roster.table.level, roster.table.vintage
        return cut(
            AreaListing(roster, ordinals, _order(roster, order)),
            self._window,
            publication=self._publication,
            definition=lambda: definition(
                level, vintage, AreaFilter(parent=parent, terrain=terrain), order
            ),
        )


def _kept(
    roster: Roster, parent: str | None, terrain: Terrain | None, order: AreaOrder
) -> Ordinals:
    """All areas with a parent, or all of the table, in order; what was asked last is kept."""
    key = (parent, terrain, order.field, order.direction)
    ordinals = roster.lists.get(key)
    if ordinals is None:
        groups = [] if parent is None else [roster.by_parent.get(parent, NOBODY)]
        masks = [] if terrain is None else [roster.terrains[terrain]]
        ordinals = _narrowed(groups, masks, _order(roster, order))
        roster.lists.keep(key, ordinals, len(ordinals) + 20)
    return ordinals


def _narrowed(groups: list[Ordinals], masks: list[Mask], by: Order) -> Ordinals:
    """Areas that are in every group and under every mask, in order."""
    if not groups:
        return by.ordinals[np.logical_and.reduce(masks)[by.ordinals]] if masks else by.ordinals
    rows = min(groups, key=len)
    for group in groups:
        if group is not rows:
            rows = rows[np.isin(rows, group)]
    for mask in masks:
        rows = rows[mask[rows]]
    return rows[by.rank[rows].argsort()]


def _order(roster: Roster, order: AreaOrder) -> Order:
    by = roster.by_name if order.field is AreaOrderField.NAME else roster.by_code
    return by.reversed() if order.direction is OrderDirection.DESC else by


def _groups(
    context: Context, roster: Roster, chosen: AreaFilter
) -> tuple[list[Ordinals], list[CodeProblem]]:
    """The conditions that name areas, or an area that holds them."""
    groups: list[Ordinals] = []
    missing: list[CodeProblem] = []
    if chosen.codes is not None:
        found, missing = _codes(context, roster.table, chosen.codes)
        groups.append(np.array(found, np.int32))
    if chosen.gemeente is not None:
        groups.append(_inside(context, roster, Level.GEMEENTE, chosen.gemeente))
    if chosen.parent is not None:
        groups.append(_inside(context, roster, None, chosen.parent))
    return groups, missing


def _masks(context: Context, roster: Roster, chosen: AreaFilter) -> list[Mask]:
    """The conditions that each area meets or does not."""
    masks: list[Mask] = []
    if chosen.terrain is not None:
        masks.append(roster.terrains[chosen.terrain])
    if chosen.bbox is not None:
        if not has_any_shape(roster.table):
            drawn_table(context, roster.table.level, roster.table.vintage)  # refuses
        masks.append(_meets(roster.table, chosen.bbox))
    if chosen.name is not None:
        text = fold(chosen.name)
        masks.append(np.array([text in name for name in roster.folded], np.bool_))
    return [*masks, *_memberships(context, roster, chosen)]


def _rows(table: AreaTable, rows: Iterable[int]) -> Mask:
    mask = np.zeros(len(table), np.bool_)
    mask[list(rows)] = True
    return mask


def _codes(
    context: Context, table: AreaTable, codes: list[str]
) -> tuple[list[int], list[CodeProblem]]:
    found: list[int] = []
    missing: list[CodeProblem] = []
    for text in dict.fromkeys(codes):
        code = read_code(text, table.level, "codes")[1]
        ordinal = table.ordinals.get(code)
        if ordinal is not None:
            found.append(ordinal)
            continue
        why = not_found(context, table, code, suggest=len(missing) < _SUGGESTED)
        missing.append(
            CodeProblem(
                code=text,
                reason=why.code,
                message=why.en,
                message_nl=why.nl,
            )
        )
    return found, missing


def _inside(context: Context, roster: Roster, level: Level | None, text: str) -> Ordinals:
    """Areas in the gemeente, or directly in the parent, that a code names."""
    argument = "gemeente" if level is Level.GEMEENTE else "parent"
    table = roster.table
    above = level or ABOVE.get(table.level)
    given, code = read_code(text, level, argument)
    if above is None or given is not above:
        raise CodeOfAnotherLevel(code, given, above or Level.LAND, argument=argument)
    if above is table.level:
        groups = {code: _one(table, code)}
    else:
        groups = roster.by_gemeente if level is Level.GEMEENTE else roster.by_parent
    if code not in groups or not len(groups[code]):
        containing = context.table(above, table.vintage)
        if code not in containing.ordinals:
            raise not_found(context, containing, code, argument=argument)
    return groups.get(code, NOBODY)


def _one(table: AreaTable, code: str) -> Ordinals:
    ordinal = table.ordinals.get(code)
    return NOBODY if ordinal is None else np.array([ordinal], np.int32)


def _meets(table: AreaTable, box: BoundingBoxInput) -> Mask:
    west, south, east, north = table.bounds.T
    # Comparisons with NaN are false: areas without a shape meet nothing.
    return np.asarray(
        (west <= box.east) & (east >= box.west) & (south <= box.north) & (north >= box.south)
    )


def _memberships(context: Context, roster: Roster, chosen: AreaFilter) -> list[Mask]:
    facts, masks = context.facts, []
    if chosen.focus_area is not None:
        facts.require("focus area", chosen.focus_area, "focusArea")
        areas = [facts.focus_areas[chosen.focus_area]]
        masks.append(_members(context, roster, "focusArea", chosen.focus_area, areas, chosen.at))
    if chosen.programme is not None:
        facts.require("programme", chosen.programme, "programme")
        areas = [a for a in facts.focus_areas.values() if a.programme == chosen.programme]
        masks.append(_members(context, roster, "programme", chosen.programme, areas, chosen.at))
    if chosen.municipality_group is not None:
        masks.append(_group(context, roster, chosen.municipality_group, chosen.at))
    return masks


def _members(
    context: Context,
    roster: Roster,
    argument: str,
    what: str,
    areas: list[FocusArea],
    at: date | None,
) -> Mask:
    table = roster.table
    members = [m for area in areas for m in context.facts.memberships_of(area.slug)]
    if table.level is Level.GEMEENTE:
        stated = [(Level.GEMEENTE, area.gemeente_vintage, area.gemeente_code) for area in areas]
        running = [area for area in areas if holds(context.facts.programmes[area.programme], at)]
        valid = [(Level.GEMEENTE, area.gemeente_vintage, area.gemeente_code) for area in running]
    else:
        placed = [m for m in members if m.code is not None and m.vintage is not None]
        stated = [(m.level, m.vintage or 0, m.code or "") for m in placed]
        valid = [
            (m.level, m.vintage or 0, m.code or "") for m in placed if counts(m) and holds(m, at)
        ]
    here = (table.level, table.vintage)
    if here not in {each[:2] for each in stated}:
        known = sorted({each[:2] for each in stated}, key=lambda k: (k[0].value, k[1]))
        raise NotStatedForVintage(what, table.level, table.vintage, known, argument=argument)
    codes = [code for *at_level, code in valid if tuple(at_level) == here]
    return _rows(table, [table.ordinals[code] for code in codes if code in table.ordinals])


def _group(context: Context, roster: Roster, slug: str, at: date | None) -> Mask:
    return _rows(roster.table, in_group(context, roster, slug, at).tolist())


def in_group(context: Context, roster: Roster, slug: str, at: date | None) -> Ordinals:
    """The areas in gemeenten of a group, by its list of that date or its newest."""
    context.facts.require("municipality group", slug, "municipalityGroup")
    listed = context.facts.list_at(slug, at)
    table = roster.table
    if listed.vintage != table.vintage:
        known = [(Level.GEMEENTE, listed.vintage)]
        raise NotStatedForVintage(
            slug, table.level, table.vintage, known, argument="municipalityGroup"
        )
    none = np.array([], np.int32)
    rows: Ordinals = np.concatenate(
        [none, *(roster.by_gemeente.get(code, none) for code, _ in listed.members)]
    )
    return rows


def counts(member: Membership) -> bool:
    """Whether a membership counts: a candidate does not."""
    return member.certainty in COUNTED


def holds(fact: Membership | Programme, at: date | None) -> bool:
    """Whether a membership or programme holds on a date; without one: whether it has not ended."""
    if at is None:
        return fact.valid_until is None
    begun = fact.valid_from is None or fact.valid_from <= at
    return begun and (fact.valid_until is None or at < fact.valid_until)
