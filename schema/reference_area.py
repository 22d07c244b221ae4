"""The area that others are compared with: one, several as one, or the units of a focus area.

Level and vintage follow from it. A focus area is what its counted, whole units of one vintage are.
Nothing is joined on a code from another vintage; on request units are carried by their ground.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import strawberry

from db.core import programme
from db.core.area import AreaTable
from db.core.area_links import Method
from db.core.levels import Level
from db.core.programme import Extent, Membership
from schema.carried import carry, nearest_vintage, passage_of
from schema.context import Context
from schema.default_vintage import RULE
from schema.enums import described
from schema.errors import BadArgument, LimitOutOfRange, NotStatedForVintage
from schema.place import Place, find, read_code
from schema.refusal import Refusal
from schema.selection import counts, holds

MOST_CODES = 50


class ReferenceUnits(Enum):
    """What a reference of several areas is, to those compared with it."""

    TOGETHER = "together"
    EVERY = "every"


described(
    ReferenceUnits,
    "What a reference of several areas is, domain by domain.",
    TOGETHER="One area: the mean of their scores by inhabitants, placed among all scores.",
    EVERY="The worst of them: who is at least as bad is so beside every one of them. Unknown where "
    "it is unknown of any.",
)


@strawberry.input(
    description="What to compare others with: `code`, `codes` or `focusArea`, one of them."
)
class AreaReferenceInput:
    code: str | None = strawberry.field(
        default=None, description="CBS code of a gemeente, wijk or buurt."
    )
    codes: list[str] | None = strawberry.field(
        default=None,
        description="CBS codes of areas of one level and vintage that are compared with as one, at "
        "most 50: that they belong together is yours to know.",
    )
    focus_area: str | None = strawberry.field(
        default=None,
        description="Slug of a focus area: its whole units that count as members and have not "
        "ended. Units in part and candidates are no part of its profile.",
    )
    vintage: int | None = strawberry.field(
        default=None,
        description=f"Year of the boundaries. Null: of the level {RULE}; for a focus area of those "
        "that its units are stated for.",
    )
    units: ReferenceUnits = strawberry.field(
        default=ReferenceUnits.TOGETHER, description="What several areas are together."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What others are compared with, on the areas of one table."""

    table: AreaTable
    key: str
    """What it is, in a table; equal for equal references."""
    name: str
    rows: tuple[int, ...]
    """The areas that it is made of, in order of code."""
    area: Place | None = None
    focus_area: programme.FocusArea | None = None
    in_part: int = 0
    """Counted units that belong to it in part, or to an unknown extent."""
    uncertain: int = 0
    """Candidates, and parts of which it is not known which unit they are."""
    not_loaded: int = 0
    """Counted whole units that are not among the areas loaded."""
    units: ReferenceUnits = ReferenceUnits.TOGETHER
    carried_from: int | None = None
    """The vintage that the units are stated for, where it is another."""
    carried_by: tuple[Method, ...] = ()
    not_carried: int = 0
    """Of those units, how many are not wholly in the areas that it is made of."""


def find_reference(
    context: Context, given: AreaReferenceInput, *, carried: bool = False
) -> Reference:
    """What is meant, refused where it is not one thing or not stated for the vintage.

    With `carried` units that are stated for another vintage are looked for by their ground.
    """
    if [given.code, given.codes, given.focus_area].count(None) != 2:
        raise BadArgument(
            "reference: give one of `code`, `codes` and `focusArea`, and not more",
            "reference: geef een van `code`, `codes` en `focusArea`, en niet meer",
            argument="reference",
        )
    try:
        found = _found(context, given, carried)
    except Refusal as refusal:
        if refusal.argument != "reference":
            refusal.is_inside("reference")
        raise
    return replace(found, key=f"{given.units.value} {found.key}", units=given.units)


def _found(context: Context, given: AreaReferenceInput, carried: bool) -> Reference:
    if given.code is not None:
        level, code = read_code(given.code)
        place = find(context, level, code, given.vintage)
        return Reference(place.table, code, code, (place.ordinal,), area=place)
    if given.codes is not None:
        return _several(context, given.codes, given.vintage)
    return _focus_area(context, given.focus_area or "", given.vintage, carried)


def _several(context: Context, codes: Sequence[str], vintage: int | None) -> Reference:
    """Areas of one level as one, in order of code."""
    if not 1 <= len(codes) <= MOST_CODES:
        raise LimitOutOfRange("codes", len(codes), 1, MOST_CODES)
    read = sorted({read_code(each, None, "codes") for each in codes}, key=lambda each: each[1])
    if len({level for level, _ in read}) > 1:
        raise BadArgument(
            "reference: `codes` are of several levels; give codes of one",
            "reference: `codes` zijn van meer dan een niveau; geef codes van een niveau",
            argument="codes",
        )
    places = [find(context, level, code, vintage, "codes") for level, code in read]
    name = ", ".join(each.code for each in places)
    return Reference(places[0].table, name, name, tuple(each.ordinal for each in places))


def _focus_area(context: Context, slug: str, vintage: int | None, carried: bool) -> Reference:
    context.facts.require("focus area", slug, "focusArea")
    known = [each for each in context.facts.memberships_of(slug) if holds(each, None)]
    if carried and vintage is not None:
        level, source = _carried_from(context, known, vintage)
        if source is not None:
            return _carried(context, _stated(context, slug, known, source), level, vintage)
    return _stated(context, slug, known, vintage)


def _carried_from(
    context: Context, known: Sequence[Membership], vintage: int
) -> tuple[Level, int | None]:
    """The level of the units and the vintage that they are carried from; None where stated."""
    stated = _stated_for(known)
    level = max((each for each, _ in stated), key=list(Level).index, default=Level.WIJK)
    if any(year == vintage for _, year in stated) or vintage not in context.vintages(level):
        return level, None
    years = {year for each, year in stated if each is level}
    return level, nearest_vintage(context, level, vintage, years)


def _carried(context: Context, there: Reference, level: Level, vintage: int) -> Reference:
    """A focus area on the boundaries of another vintage than it is stated for."""
    table, source = context.table(level, vintage), there.table.vintage
    found = carry(context, table, source, there.rows)
    rank = context.roster(table).by_code.rank
    return replace(
        there,
        table=table,
        key=f"{there.key} of {source}",
        rows=tuple(sorted(found.whole.tolist(), key=lambda row: int(rank[row]))),
        in_part=there.in_part + len(found.partial),
        carried_from=source,
        carried_by=passage_of(context, table, source).methods,
        not_carried=found.lost,
    )


def _stated(
    context: Context, slug: str, known: Sequence[Membership], vintage: int | None
) -> Reference:
    table = _table(context, slug, known, vintage)
    here = [
        each
        for each in known
        if counts(each) and each.code and (each.level, each.vintage) == (table.level, table.vintage)
    ]
    whole = [each.code or "" for each in here if each.extent is Extent.WHOLE]
    found = [code for code in sorted(set(whole)) if code in table.ordinals]
    return Reference(
        table,
        f"focus area {slug}",
        slug,
        tuple(table.ordinals[code] for code in found),
        focus_area=context.facts.focus_areas[slug],
        in_part=sum(each.extent is not Extent.WHOLE for each in here),
        uncertain=sum(not counts(each) or each.code is None for each in known),
        not_loaded=len(set(whole)) - len(found),
    )


def _stated_for(known: Sequence[Membership]) -> set[tuple[Level, int]]:
    """Levels and vintages that counted units are stated for."""
    return {
        (each.level, each.vintage)
        for each in known
        if counts(each) and each.code is not None and each.vintage is not None
    }


def _table(
    context: Context, slug: str, known: Sequence[Membership], vintage: int | None
) -> AreaTable:
    """The areas that the units of a focus area are among."""
    stated = _stated_for(known)
    loaded = [at for at in stated if at[1] in context.vintages(at[0])]
    wanted = (context.facts.default_vintage.among(loaded) or 0) if vintage is None else vintage
    levels = [at[0] for at in loaded if at[1] == wanted]
    if not levels:
        listed = sorted(stated, key=lambda at: (at[0].value, at[1]))
        level = listed[0][0] if listed else Level.WIJK
        raise NotStatedForVintage(slug, level, wanted, listed, argument="focusArea")
    if len(levels) > 1:
        raise BadArgument(
            f"reference: the units of {slug} are of several levels in vintage {wanted}, and one "
            "profile cannot be made of them; give the `code` of one of its areas",
            f"reference: de eenheden van {slug} zijn in indeling {wanted} van meer dan een niveau, "
            "en daarvan is geen profiel te maken; geef de `code` van een van de gebieden",
            argument="reference",
        )
    return context.table(levels[0], wanted)
