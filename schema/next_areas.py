"""Which areas outside a programme come next by a definition of stacking, by size of gemeente."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import numpy as np
import strawberry

from db.core.area import AreaTable
from db.core.codes import gemeente_code
from db.core.figures import known
from db.core.next_in_line import Next, next_in_line
from db.core.ranking import Rows
from db.core.stacking_definition import StackingDefinition
from schema.area_lists import MOST_LISTED, FirstArgument, first_by_code
from schema.areas import Area
from schema.belonging import Belonging, Members
from schema.carried_members import CarriedFocusArea, brought, members_on
from schema.context import Info
from schema.errors import BadArgument, LimitOutOfRange
from schema.fields import LevelArgument, VintageArgument, argument, field
from schema.gemeente_sizes import People, people_of
from schema.place import Place
from schema.stacked import Stacked, stacked
from schema.stacking import (
    DefinitionArgument,
    OwnArgument,
    StackingDefinitionType,
    YearArgument,
    asked_definition,
)
from schema.whole_table import inhabitants_of

_MOST_BOUNDS = 10


@dataclass(frozen=True, eq=False)
class InLine:
    """The source of NextAreas."""

    table: AreaTable
    stacked: Stacked
    members: Members
    first: int
    bounds: tuple[int, ...]
    people: People | None
    inhabitants_year: int | None

    @cached_property
    def candidates(self) -> Any:
        outside = self.members.codes < Belonging.MEMBER_IN_PART.value
        return self.stacked.found.eligible & outside

    @cached_property
    def found(self) -> Next:
        of = self.stacked.found
        return next_in_line(of.count_min, of.count_max, self.candidates, self.first)

    @property
    def definition(self) -> StackingDefinition:
        return self.stacked.definition

    @property
    def vintage(self) -> int:
        return self.table.vintage

    @property
    def size_year(self) -> int | None:
        return None if self.people is None else self.table.vintage

    @property
    def cut(self) -> int:
        return self.found.cut


@dataclass(frozen=True, slots=True)
class Group:
    """The source of a NextGroup."""

    line: InLine
    rows: Rows

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def inhabitants(self) -> float | None:
        if self.line.inhabitants_year is None:
            return None
        return float(self.line.stacked.found.inhabitants[self.rows].sum())


@dataclass(frozen=True, slots=True)
class Band:
    """The source of a NextBand: areas in gemeenten of a size."""

    smallest: int | None
    below: int | None
    known: bool
    group: Group

    @property
    def count(self) -> int:
        return self.group.count

    @property
    def inhabitants(self) -> float | None:
        return self.group.inhabitants


@dataclass(frozen=True, slots=True)
class Item:
    """The source of a NextArea."""

    line: InLine
    row: int

    @property
    def area(self) -> Place:
        return Place(self.line.table, self.row)

    @property
    def count_min(self) -> int:
        return int(self.line.stacked.found.count_min[self.row])

    @property
    def count_max(self) -> int:
        return int(self.line.stacked.found.count_max[self.row])

    @property
    def gemeente_inhabitants(self) -> float | None:
        return known(_size(self.line, self.row))


def _size(line: InLine, row: int) -> float:
    code = gemeente_code(line.table.codes[row]) or ""
    return (line.people or {}).get(code, ("", float("nan")))[1]


def listed(source: strawberry.Parent[Group], first: FirstArgument = 100) -> Any:
    rows = first_by_code(source.line.table, source.rows, first)
    return [Item(source.line, row) for row in rows]


def by_size(source: strawberry.Parent[Group]) -> list[Band]:
    """Every band, empty ones too; last those of which the size is not known, if there are any."""
    sizes = np.array([_size(source.line, row) for row in source.rows.tolist()], np.float64)
    at = np.searchsorted(source.line.bounds, sizes, side="right")
    at[np.isnan(sizes)] = -1
    edges = [None, *source.line.bounds, None]
    bands = [
        Band(edges[i], edges[i + 1], True, Group(source.line, source.rows[at == i]))
        for i in range(len(edges) - 1)
    ]
    unknown = source.rows[at == -1]
    return [*bands, Band(None, None, False, Group(source.line, unknown))] if len(unknown) else bands


@strawberry.type(description="An area that comes next, or may.")
class NextArea:
    area: Area = field("The area.")
    count_min: int = field("Domains known to be exceeded.")
    count_max: int = field("The same, with those of which it is not known.")
    gemeente_inhabitants: float | None = field(
        "Inhabitants of its gemeente on 1 January of the year of the boundaries; null: not known."
    )


@strawberry.type(description="Areas in gemeenten of one size.")
class NextBand:
    smallest: int | None = field("Inhabitants of a gemeente from which it is of this size.")
    below: int | None = field("Inhabitants from which it is of the next size.")
    known: bool = field("False: the size of the gemeenten of these areas is not known.")
    count: int = field("How many areas.")
    inhabitants: float | None = field("Inhabitants of those areas; null where none are loaded.")


@strawberry.type(description="Some areas, with how many people live there.")
class NextGroup:
    count: int = field("How many areas.")
    inhabitants: float | None = field("Their inhabitants; null where none are loaded.")
    by_size: list[NextBand] | None = field("The same by size of gemeente.", by_size)
    listed: list[NextArea] | None = field("The areas, by code.", listed)


def _group(name: str) -> Any:
    def read(source: strawberry.Parent[InLine]) -> Group:
        return Group(source, getattr(source.found, name))

    return read


def candidate_count(source: strawberry.Parent[InLine]) -> int:
    return int(source.candidates.sum())


def members_carried_from(source: strawberry.Parent[InLine]) -> list[int]:
    return source.members.vintages


def members_carried(source: strawberry.Parent[InLine], info: Info) -> Any:
    return brought(info.context, source.members)


def not_stated(source: strawberry.Parent[InLine]) -> Sequence[str]:
    return source.members.not_stated


@strawberry.type(
    description="Areas outside a programme with the most exceeded domains. No tie is broken and "
    "no unknown domain counts as either, so that the order of rows decides nothing. No money is "
    "known for areas outside a programme."
)
class NextAreas:
    definition: StackingDefinitionType = field("The definition of stacking.")
    vintage: int = field("Year of the boundaries.")
    inhabitants_year: int | None = field("Year of the inhabitants; null where none are loaded.")
    size_year: int | None = field(
        "Year of the size of gemeenten, that of the boundaries; null where it is not loaded."
    )
    candidates: int = field("Judged areas that are no members of the programme.", candidate_count)
    cut: int = field("Exceeded domains of the last that come next, those tied included.")
    surely: NextGroup = field(
        "At most `first` areas: all with more known exceeded domains than any other.",
        _group("surely"),
    )
    tied: NextGroup = field(
        "Areas with equally many, of which only some would fit: none is chosen.", _group("tied")
    )
    perhaps: NextGroup = field(
        "Areas that would be among those if their unknown domains are exceeded.", _group("perhaps")
    )
    members_carried_from: list[int] = field(
        "The other vintages that members of the programme were carried from, ascending.",
        members_carried_from,
    )
    members_carried: list[CarriedFocusArea] = field(
        "Focus areas whose units are stated for another vintage and were carried, each from the "
        "nearest of its own.",
        members_carried,
    )
    not_stated: list[str] = field(
        "Focus areas of the programme of which no unit is stated on these boundaries: their "
        "areas are not left out.",
        not_stated,
    )


def next_areas(
    info: Info,
    level: LevelArgument,
    outside_programme: Annotated[
        str, argument("Leave out members of this programme, by slug, whole or in part.")
    ],
    first: Annotated[int, argument("How many come next: 1 to 1000.")] = 20,
    size_bounds: Annotated[
        list[int] | None,
        argument("Inhabitants at which sizes of gemeenten part, ascending. Null: 30000, 80000."),
    ] = None,
    vintage: VintageArgument = None,
    year: YearArgument = None,
    definition: DefinitionArgument = None,
    own: OwnArgument = None,
    carried: Annotated[
        bool,
        argument(
            "Whether members of the programme that are stated for another vintage are looked for "
            "on these boundaries, by the ground that they share. More than 5 per cent of an "
            "area's ground makes it a member, in part or whole."
        ),
    ] = False,
) -> Any:
    context = info.context
    bounds = tuple((30_000, 80_000) if size_bounds is None else size_bounds)
    if not 1 <= first <= MOST_LISTED:
        raise LimitOutOfRange("first", first, 1, MOST_LISTED)
    if len(bounds) > _MOST_BOUNDS or any(
        b <= a for a, b in zip((0, *bounds), bounds, strict=False)
    ):
        raise BadArgument(
            f"`sizeBounds` must be at most {_MOST_BOUNDS} ascending numbers above 0",
            f"`sizeBounds` moet uit ten hoogste {_MOST_BOUNDS} oplopende getallen boven 0 bestaan",
            argument="sizeBounds",
            minimum=1,
            most=_MOST_BOUNDS,
        )
    meant = asked_definition(context, definition, own)
    table = context.table(level, vintage)
    members = members_on(
        context, table, outside_programme, carried=carried, argument="outsideProgramme"
    )
    assert members is not None
    inhabitants = inhabitants_of(context, table)
    return InLine(
        table, stacked(context, table, meant, year), members, first, bounds,
        people_of(context, table.vintage), None if inhabitants is None else inhabitants.year,
    )  # fmt: skip
