"""Areas made of units of one vintage: a focus area, or what a caller puts together.

A unit is a wijk or buurt, whole or by a share. No ground is counted twice, and what was named but
does not count is kept with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import nan

from db.core import programme
from db.core.area import AreaTable
from db.core.codes import parent_code
from db.core.figures import known
from db.core.levels import Level
from db.core.programme import Certainty, Extent, Membership
from schema.aggregate_enums import NotCounted
from schema.connections import CodeProblem
from schema.context import Context
from schema.errors import BadArgument, LimitOutOfRange, NotStatedForVintage
from schema.place import Place, not_found, read_code
from schema.refusal import Refusal
from schema.selection import counts, holds

MOST_UNITS = 200
"""Of an area that a caller puts together."""
_LEVELS = (Level.WIJK, Level.BUURT)
_UNSURE = (Certainty.OFFICIAL, Certainty.NAME_MATCH, Certainty.CANDIDATE)


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """The source of a ComposedUnit: an area that counts, whole or in part."""

    area: Place
    extent: Extent
    known_share: float
    """1 for the whole of it; NaN where the share is not known."""
    certainty: Certainty | None = None

    @property
    def share(self) -> float | None:
        return known(self.known_share)


@dataclass(frozen=True, slots=True)
class Omitted:
    """The source of an OmittedUnit: what was named and does not count."""

    reason: NotCounted
    level: Level
    code: str | None
    name: str | None
    vintage: int | None


@dataclass(frozen=True, eq=False)
class Composed:
    """The source of a ComposedArea."""

    vintage: int
    units: tuple[Unit, ...]
    """By level, wijken first, then by code."""
    omitted: tuple[Omitted, ...] = ()
    missing: tuple[CodeProblem, ...] = ()
    focus_area: programme.FocusArea | None = None

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What it is made of; equal for equal areas."""
        units = ((each.area.level, each.area.ordinal, each.share) for each in self.units)
        return (self.vintage, *units)

    @property
    def complete(self) -> bool:
        whole = all(each.known_share == 1 for each in self.units)
        lost = any(each.reason is not NotCounted.CONTAINED for each in self.omitted)
        return bool(self.units) and whole and not lost and not self.missing

    @property
    def is_one(self) -> bool:
        """Whether it is one whole unit and nothing else."""
        return len(self.units) == 1 and self.units[0].known_share == 1

    @property
    def certainty(self) -> Certainty | None:
        """That of the least sure of its units."""
        found = [each.certainty for each in self.units if each.certainty is not None]
        return max(found, key=_UNSURE.index, default=None)

    @cached_property
    def tables(self) -> list[AreaTable]:
        """The tables that units are rows of, wijken before buurten."""
        return list({id(each.area.table): each.area.table for each in self.units}.values())

    @property
    def levels(self) -> list[Level]:
        return [each.level for each in self.tables]


def composed_of_codes(context: Context, codes: Sequence[str], vintage: int | None) -> Composed:
    """The area that wijken and buurten of one vintage make up; a bad code loses only itself."""
    if not 1 <= len(codes) <= MOST_UNITS:
        raise LimitOutOfRange("codes", len(codes), 1, MOST_UNITS)
    named: list[tuple[Level, str]] = []
    missing: list[CodeProblem] = []
    for text in dict.fromkeys(codes):
        try:
            level, code = read_code(text)
            if level not in _LEVELS:
                raise _neither(text)
            named.append((level, code))
        except Refusal as refusal:
            missing.append(_problem(text, refusal))
    tables = _tables(context, [level for level, _ in named], vintage)
    found: list[Unit] = []
    for level, code in dict.fromkeys(named):
        table = tables[level]
        ordinal = table.ordinals.get(code)
        if ordinal is None:
            missing.append(_problem(code, not_found(context, table, code)))
        else:
            found.append(Unit(Place(table, ordinal), Extent.WHOLE, 1.0))
    if not found:
        raise _nothing(missing)
    units, contained = _once(found)
    return Composed(units[0].area.vintage, units, contained, tuple(missing))


def _neither(text: str) -> BadArgument:
    return BadArgument(
        f"{text} is not the code of a wijk or buurt, of which an area can be made",
        f"{text} is niet de code van een wijk of buurt, waarvan een gebied te maken is",
        argument="codes",
    )


def _nothing(missing: Sequence[CodeProblem]) -> BadArgument:
    return BadArgument(
        f"codes: none of them names an area; of the first, {missing[0].message}",
        f"codes: geen ervan noemt een gebied; van de eerste: {missing[0].message_nl}",
        argument="codes",
        missingCodes=[each.code for each in missing],
    )


def _problem(text: str, refusal: Refusal) -> CodeProblem:
    return CodeProblem(
        code=text,
        reason=refusal.code,
        message=refusal.en,
        message_nl=refusal.nl,
    )


def _tables(
    context: Context, levels: Sequence[Level], vintage: int | None
) -> dict[Level, AreaTable]:
    """The tables of some levels, of one vintage: that asked for, or what is meant for all."""
    if vintage is None and levels:
        # Without one that all have, what one level lacks is refused by its name.
        meant = context.facts.default_vintage.of(levels)
        vintage = meant or min(context.table(level).vintage for level in dict.fromkeys(levels))
    return {level: context.table(level, vintage) for level in dict.fromkeys(levels)}


def composed_of_focus_area(
    context: Context, area: programme.FocusArea, vintage: int | None, at: date | None
) -> Composed:
    """What the counted units of a focus area make up; refused where none is stated."""
    listed = [each for each in context.facts.memberships_of(area.slug) if holds(each, at)]
    if not any(counts(each) and each.code is not None for each in listed):
        raise _nobody(area.slug, at)
    chosen = _vintage(context, area, listed, vintage)
    units: list[Unit] = []
    omitted: list[Omitted] = []
    for member in listed:
        found = _member(context, member, chosen)
        if isinstance(found, Unit):
            units.append(found)
        else:
            omitted.append(found)
    kept, contained = _once(_each_once(units))
    return Composed(chosen, kept, (*omitted, *contained), focus_area=area)


def _nobody(slug: str, at: date | None) -> BadArgument:
    day_en, day_nl = (f" on {at}", f" op {at}") if at else ("", "")
    return BadArgument(
        f"{slug}: no unit counts as a member{day_en}; candidates do not, and of what has ended "
        "`at` asks",
        f"{slug}: geen eenheid telt als lid{day_nl}; kandidaten tellen niet, en naar wat is "
        "beëindigd vraagt `at`",
        argument="at",
    )


def _vintage(
    context: Context, area: programme.FocusArea, listed: Sequence[Membership], wanted: int | None
) -> int:
    """The vintage asked for, or what is meant of those for which any counted unit is stated."""
    stated = {
        (each.level, each.vintage)
        for each in listed
        if counts(each) and each.code is not None and each.vintage is not None
    }
    loaded = {year for level, year in stated if year in context.vintages(level)}
    chosen = context.facts.default_vintage.among(stated) if wanted is None else wanted
    if chosen is None or chosen not in loaded:
        known = sorted(stated, key=lambda each: (each[0].value, each[1]))
        year = chosen or area.gemeente_vintage
        raise NotStatedForVintage(area.slug, known[0][0], year, known, argument="vintage")
    return chosen


def _member(context: Context, member: Membership, vintage: int) -> Unit | Omitted:
    def omitted(why: NotCounted) -> Omitted:
        return Omitted(why, member.level, member.code, member.name, member.vintage)

    if member.code is None:
        return omitted(NotCounted.UNIDENTIFIED)
    if member.vintage != vintage:
        return omitted(NotCounted.OTHER_VINTAGE)
    if not counts(member):
        return omitted(NotCounted.CANDIDATE)
    if vintage not in context.vintages(member.level):
        return omitted(NotCounted.NOT_LOADED)
    table = context.table(member.level, vintage)
    ordinal = table.ordinals.get(member.code)
    if ordinal is None:
        return omitted(NotCounted.NOT_LOADED)
    whole = member.extent is Extent.WHOLE
    share = 1.0 if whole else nan if member.share is None else member.share
    return Unit(Place(table, ordinal), member.extent, share, member.certainty)


def _each_once(units: Iterable[Unit]) -> list[Unit]:
    """Units by area: named twice, whole goes before a part, and of two shares neither is known."""
    found: dict[tuple[Level, int], Unit] = {}
    for unit in units:
        key = (unit.area.level, unit.area.ordinal)
        other = found.get(key)
        if other is None or unit.known_share == 1:
            found[key] = unit
        elif other.known_share not in (1, unit.known_share):
            found[key] = Unit(unit.area, Extent.UNKNOWN, nan, unit.certainty)
    return list(found.values())


def _once(units: Sequence[Unit]) -> tuple[tuple[Unit, ...], tuple[Omitted, ...]]:
    """The units without those that lie in another one, so that nobody is counted twice."""
    codes = {each.area.code for each in units}
    inside = [each for each in units if parent_code(each.area.code) in codes]
    kept = [each for each in units if each not in inside]
    kept.sort(key=lambda each: (_LEVELS.index(each.area.level), each.area.code))
    contained = tuple(
        Omitted(
            NotCounted.CONTAINED,
            each.area.level,
            each.area.code,
            each.area.name,
            each.area.vintage,
        )
        for each in inside
    )
    return tuple(kept), contained
