"""Who comes to have many exceeded domains, and who no longer has, when a definition changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import strawberry

from db.core import stacking as core
from db.core.area import AreaTable
from db.core.figures import known
from db.core.ranking import Rows
from db.core.stacking_definition import StackingDefinition
from schema.area_lists import FirstArgument, first_by_code
from schema.areas import Area
from schema.context import Context, Info
from schema.errors import BadArgument, LimitOutOfRange
from schema.fields import LevelArgument, VintageArgument, argument, field
from schema.place import Place
from schema.stacked import Stacked, stacked
from schema.stacking import (
    DefinitionArgument,
    OwnArgument,
    StackingDefinitionType,
    YearArgument,
    asked_definition,
    checked,
)
from schema.stacking_input import StackingDefinitionInput
from schema.whole_table import inhabitants_of

_MOST_DISTANCE = 20.0


@dataclass(frozen=True, eq=False)
class Change:
    """The source of a StackingChange: one table under two definitions."""

    table: AreaTable
    before: Stacked
    after: Stacked
    at_least: int
    distance: float
    inhabitants_year: int | None

    @cached_property
    def moved(self) -> core.Movement:
        return core.moved(self.before.found, self.after.found, self.at_least)

    @cached_property
    def border(self) -> core.Border:
        return core.border(self.before.found, self.at_least, self.distance)

    def among(self, rows: Rows) -> "Group":
        return Group(self, rows)

    @property
    def vintage(self) -> int:
        return self.table.vintage

    @property
    def before_definition(self) -> StackingDefinition:
        return self.before.definition

    @property
    def after_definition(self) -> StackingDefinition:
        return self.after.definition


@dataclass(frozen=True, slots=True)
class Group:
    """The source of a StackingGroup: some areas, by code."""

    change: Change
    rows: Rows

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def inhabitants(self) -> float | None:
        if self.change.inhabitants_year is None:
            return None
        return float(self.change.before.found.inhabitants[self.rows].sum())


@dataclass(frozen=True, slots=True)
class Moved:
    """The source of a StackingMove: one area under both definitions."""

    change: Change
    row: int

    @property
    def area(self) -> Place:
        return Place(self.change.table, self.row)

    @property
    def before_min(self) -> int:
        return int(self.change.before.found.count_min[self.row])

    @property
    def before_max(self) -> int:
        return int(self.change.before.found.count_max[self.row])

    @property
    def after_min(self) -> int:
        return int(self.change.after.found.count_min[self.row])

    @property
    def after_max(self) -> int:
        return int(self.change.after.found.count_max[self.row])


@dataclass(frozen=True, slots=True)
class Measure:
    """The source of an AdjustedHeadcount."""

    found: core.AdjustedHeadcount

    @property
    def values(self) -> Iterable[tuple[str, core.Bounds]]:
        return (
            ("headcount", self.found.headcount),
            ("intensity", self.found.intensity),
            ("adjusted", self.found.adjusted),
        )


def moves(source: strawberry.Parent[Group], first: FirstArgument = 100) -> Any:
    rows = first_by_code(source.change.table, source.rows, first)
    return [Moved(source.change, row) for row in rows]


def _bound(name: str, end: str) -> Any:
    def read(source: strawberry.Parent[Measure]) -> float | None:
        value: float = getattr(dict(source.values)[name], end)
        return known(value)

    return read


@strawberry.type(
    description="Stacking in a set of areas as one number (Alkire and Foster 2011), areas counted "
    "by their inhabitants. Each measure has bounds for what is unknown; they need not be reached "
    "together."
)
class AdjustedHeadcount:
    headcount_min: float | None = field(
        "Share of the inhabitants that live where at least so many domains are exceeded, at least.",
        _bound("headcount", "lower"),
    )
    headcount_max: float | None = field("The same, at most.", _bound("headcount", "upper"))
    intensity_min: float | None = field(
        "Mean share of the domains exceeded where they live, at least; null where nobody can.",
        _bound("intensity", "lower"),
    )
    intensity_max: float | None = field("The same, at most.", _bound("intensity", "upper"))
    adjusted_min: float | None = field(
        "Headcount times intensity, at least.", _bound("adjusted", "lower")
    )
    adjusted_max: float | None = field("The same, at most.", _bound("adjusted", "upper"))


@strawberry.type(description="An area under both definitions.")
class StackingMove:
    area: Area = field("The area.")
    before_min: int = field("Domains known to be exceeded under the first definition.")
    before_max: int = field("The same, with those of which it is not known.")
    after_min: int = field("Domains known to be exceeded under the second definition.")
    after_max: int = field("The same, with those of which it is not known.")


@strawberry.type(description="Some areas, with how many people live there.")
class StackingGroup:
    count: int = field("How many areas.")
    inhabitants: float | None = field(
        "Their inhabitants; null where no inhabitants on these boundaries are loaded."
    )
    moves: list[StackingMove] | None = field("The areas, by code.", moves)


def _group(name: str) -> Any:
    def read(source: strawberry.Parent[Change]) -> Any:
        return source.among(getattr(source.moved, name))

    return read


def near(source: strawberry.Parent[Change]) -> Any:
    return source.among(source.border.tipping)


def near_unsaid(source: strawberry.Parent[Change]) -> Any:
    return source.among(source.border.unsaid)


def headcount_before(source: strawberry.Parent[Change]) -> Any:
    return Measure(core.adjusted_headcount(source.before.found, source.at_least))


def headcount_after(source: strawberry.Parent[Change]) -> Any:
    return Measure(core.adjusted_headcount(source.after.found, source.at_least))


@strawberry.type(
    description="Who enters and who leaves the areas with many exceeded domains from one "
    "definition to another, on the same areas. It does not depend on the order of anything, and "
    "what is unknown counts as neither."
)
class StackingChange:
    before_definition: StackingDefinitionType = field("The first definition.")
    after_definition: StackingDefinitionType = field("The second definition.")
    vintage: int = field("Year of the boundaries.")
    at_least: int = field("Domains from which an area counts.")
    inhabitants_year: int | None = field("Year of the inhabitants; null where none are loaded.")
    enters: StackingGroup = field("Areas that come to have so many.", _group("enters"))
    leaves: StackingGroup = field("Areas that no longer have so many.", _group("leaves"))
    unsaid: StackingGroup = field(
        "Areas that may do either: a domain is unknown, or only one of the two judges them.",
        _group("unsaid"),
    )
    near: StackingGroup = field(
        "Areas for which one domain within `distance` of its threshold decides, under the first.",
        near,
    )
    near_unsaid: StackingGroup = field(
        "Areas for which it may decide, depending on a domain that is unknown.", near_unsaid
    )
    headcount_before: AdjustedHeadcount = field("All areas, the first.", headcount_before)
    headcount_after: AdjustedHeadcount = field("All areas, the second.", headcount_after)


def stacking_change(
    info: Info,
    level: LevelArgument,
    vintage: VintageArgument = None,
    year: YearArgument = None,
    definition: DefinitionArgument = None,
    own: OwnArgument = None,
    threshold: Annotated[
        float | None,
        argument("The second definition is the first with this threshold for all domains."),
    ] = None,
    other: Annotated[
        StackingDefinitionInput | None,
        argument("The second definition, in the place of `threshold`."),
    ] = None,
    at_least: Annotated[int, argument("Domains from which an area counts: 1 or more.")] = 4,
    distance: Annotated[
        float, argument("How near a threshold is near: 0 to 20 percentile points.")
    ] = 2.0,
) -> Any:
    context = info.context
    if (threshold is None) is (other is None):
        raise BadArgument(
            "give `threshold` or `other`, one of the two",
            "geef `threshold` of `other`, een van de twee",
            argument="threshold",
        )
    if not 0 <= distance <= _MOST_DISTANCE:
        raise BadArgument(
            f"`distance` must be from 0 to {_MOST_DISTANCE:g}",
            f"`distance` moet van 0 tot {_MOST_DISTANCE:g} zijn",
            argument="distance",
            minimum=0,
            maximum=_MOST_DISTANCE,
        )
    before = asked_definition(context, definition, own)
    after = _second(context, before, threshold, other)
    most = max(len(before.domains), len(after.domains))
    if not 1 <= at_least <= most:
        raise LimitOutOfRange("atLeast", at_least, 1, most)
    table = context.table(level, vintage)
    inhabitants = inhabitants_of(context, table)
    return Change(
        table,
        stacked(context, table, before, year),
        stacked(context, table, after, year),
        at_least,
        distance,
        None if inhabitants is None else inhabitants.year,
    )


def _second(
    context: Context,
    before: StackingDefinition,
    threshold: float | None,
    other: StackingDefinitionInput | None,
) -> StackingDefinition:
    if threshold is None:
        return asked_definition(context, None, other, argument="other")
    return checked(context, before.at_threshold(threshold), argument="threshold")
