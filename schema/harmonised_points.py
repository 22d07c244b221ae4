"""One year of a harmonised series: a value with where it comes from, or what blocks it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import strawberry
from graphql import GraphQLResolveInfo

from db.core.absence import Reason, Status
from db.core.area_links import LinkKind, Method
from db.core.block import SeriesKey
from db.core.carrying import Carrying
from db.core.figures import Floats
from db.core.harmonised import NO_SOURCE
from db.core.indicator import Indicator as CoreIndicator
from schema.area_links import OtherArea
from schema.batch import Batch, Texts, together
from schema.column_texts import number_texts
from schema.context import Context, Info
from schema.fields import field
from schema.figures import ROUNDED_LEVELS
from schema.harmonised import HarmonisedTable
from schema.indicators import Indicator
from schema.language import LanguageArgument, chosen
from schema.observations import ReasonType
from schema.passages import weigh
from schema.place import Place, Places
from schema.provenance import Provenance, provenance_of

_REASONS = {int(reason): reason for reason in Reason}
_STATUSES = [f'"{_REASONS[i].status.name}"' if i in _REASONS else "null" for i in range(256)]
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """The source of a CarriedPart."""

    area: Place
    kind: LinkKind
    share_of_old: float
    share_of_new: float
    method_bits: int
    reason: Reason
    lacks: CoreIndicator | None
    load: int | None

    @property
    def methods(self) -> list[Method]:
        return methods_in(self.method_bits)

    @property
    def status(self) -> Status:
        return self.reason.status


@dataclass(frozen=True, slots=True, eq=False)
class HarmonisedFigure:
    """The source of a HarmonisedPoint, read only as far as asked."""

    of: HarmonisedTable
    area: Place
    column: int

    @property
    def year(self) -> int:
        return self.of.found.years[self.column]

    @property
    def value(self) -> float | None:
        return _number(self.of.found.values.item(self.area.ordinal, self.column))

    @property
    def reason(self) -> Reason:
        return _REASONS[self.of.found.reasons.item(self.area.ordinal, self.column)]

    @property
    def status(self) -> Status:
        return self.reason.status

    @property
    def source_vintage(self) -> int | None:
        return self.of.vintage_of(self.area.ordinal, self.column)

    @property
    def own(self) -> bool:
        return self.source_vintage == self.of.table.vintage

    @property
    def lower(self) -> float | None:
        return self._bound(0)

    @property
    def upper(self) -> float | None:
        return self._bound(1)

    @property
    def coverage(self) -> float | None:
        found = _number(self.of.found.coverage.item(self.area.ordinal, self.column))
        return None if found is None else round(found, _DECIMALS)

    @property
    def methods(self) -> list[Method]:
        return methods_in(self.of.methods_of(self.area.ordinal, self.column))

    @property
    def rounding(self) -> int | None:
        fine = self.area.level in ROUNDED_LEVELS and self.value is not None
        return self.of.indicator.rounding if fine else None

    def _bound(self, side: int) -> float | None:
        if self.own or self.value is None:
            return None
        if self.reason is not Reason.ESTIMATED:
            return self.value
        place = self.area.ordinal * len(self.of.found.years) + self.column
        found = self.of.found.bounds.at(place)
        return None if found is None else _number(found[side])


def methods_in(bits: int) -> list[Method]:
    return [method for method in Method if bits >> method & 1]


def _number(value: float) -> float | None:
    return None if value != value else value


def parts_of(context: Context, point: HarmonisedFigure) -> list[Part]:
    """The old areas that a value is made of, the largest part of the area first."""
    vintage = point.source_vintage
    if vintage is None or point.own:
        return []
    passage = weigh(context, point.area.level, vintage, point.area.vintage)
    assert passage is not None
    by, row = passage.weights, point.area.ordinal
    first, last = np.searchsorted(by.new, [row, row + 1]).tolist()
    order = sorted(range(first, last), key=lambda i: -by.of_new.item(i))
    table = context.table(point.area.level, vintage)
    blocking = set(point.of.found.blocking(row, point.column))
    tell = _telling(context, point, vintage)
    return [
        Part(
            Place(table, by.old.item(i)),
            LinkKind(by.kinds.item(i)),
            by.of_old.item(i),
            by.of_new.item(i),
            by.methods.item(i),
            *tell(by.old.item(i), by.old.item(i) in blocking),
        )
        for i in order
    ]


Told = tuple[Reason, CoreIndicator | None, int | None]
"""Why a part is as it is, which figure of it is lacking where it blocks, and its load."""


def _telling(
    context: Context, point: HarmonisedFigure, vintage: int
) -> Callable[[int, bool], Told]:
    indicators = _made_of(context, point.of.indicator)
    level, series = point.area.level, context.facts.head.series
    keys = [SeriesKey(each.slug, level, vintage) for each in indicators]
    there = [key for key in keys if key in series]
    blocks = dict(zip(there, context.blocks(there), strict=True))

    def tell(row: int, blocks_it: bool) -> Told:
        cells = [blocks[key].cell(row, point.year) if key in blocks else None for key in keys]
        main = cells[0]
        load = None if main is None else main.load
        if blocks_it:
            for indicator, cell in zip(indicators[1:], cells[1:], strict=True):
                if (
                    main is not None
                    and main.value is not None
                    and (cell is None or cell.value is None)
                ):
                    reason = Reason.NO_DENOMINATOR if cell is None else cell.reason
                    return reason, indicator, load
        reason = Reason.NOT_LOADED if main is None else main.reason
        return reason, indicators[0] if blocks_it else None, load

    return tell


def _made_of(context: Context, indicator: CoreIndicator) -> list[CoreIndicator]:
    """The indicator itself, and what its figures are carried with."""
    carrying = Carrying.of(indicator)
    slugs = [indicator.numerator] if carrying is Carrying.RATIO else []
    if carrying in (Carrying.RATIO, Carrying.MEAN):
        slugs.append(indicator.denominator)
    known = context.facts.head.indicators
    return [indicator, *[known[each] for each in slugs if each in known]]


def parts(source: strawberry.Parent[HarmonisedFigure], info: Info) -> Any:
    return parts_of(info.context, source)


def blocked_by(source: strawberry.Parent[HarmonisedFigure], info: Info) -> Any:
    return [each for each in parts_of(info.context, source) if each.lacks is not None]


def provenances(source: strawberry.Parent[HarmonisedFigure], info: Info) -> Any:
    context = info.context
    if source.own:
        loads = [_own_load(context, source)]
    else:
        loads = [each.load for each in parts_of(context, source)]
    return [provenance_of(context, each) for each in dict.fromkeys(loads) if each is not None]


def _own_load(context: Context, source: HarmonisedFigure) -> int | None:
    (block,) = context.blocks([_key(source)])
    return block.cell(source.area.ordinal, source.year).load


def provisional(source: strawberry.Parent[HarmonisedFigure], info: Info) -> bool:
    context, vintage = info.context, source.source_vintage
    if vintage is None:
        return False
    (block,) = context.blocks([_key(source)])
    rows = [source.area.ordinal]
    if not source.own:
        rows = [each.area.ordinal for each in parts_of(context, source)]
    return any(block.cell(row, source.year).provisional for row in rows)


def _key(source: HarmonisedFigure) -> SeriesKey:
    assert source.source_vintage is not None
    return SeriesKey(source.of.indicator.slug, source.area.level, source.source_vintage)


def published_on(source: strawberry.Parent[HarmonisedFigure], info: Info) -> list[int]:
    known = info.context.facts.years(source.of.indicator.slug, source.area.level)
    return list(known.get(source.year, ()))


def point_reason_text(
    source: strawberry.Parent[HarmonisedFigure], info: Info, language: LanguageArgument = None
) -> str:
    return source.reason.text(chosen(info.context, language))


@strawberry.type(
    description="An area of another vintage of which a value was made, or whose absence blocks it."
)
class CarriedPart:
    area: OtherArea = field("The area, of the source vintage.")
    kind: LinkKind = field("How it hangs together with the area asked, over all vintages between.")
    share_of_old: float = field("Part of it that lies in the area asked, 0 to 1.")
    share_of_new: float = field("Part of the area asked that it makes up, 0 to 1.")
    methods: list[Method] = field("What the shares were measured in, along the way.")
    status: Status = field("Whether it has a figure of that year.")
    reason: ReasonType = field("Why it has a figure or not.")
    lacks: Indicator | None = field(
        "The figure that is lacking, where this part blocks: the indicator itself or what it is "
        "divided by. Null where it does not block."
    )


@strawberry.type(
    description="One year of a harmonised series: the value on the boundaries of the area asked, "
    "and from which boundaries it was carried."
)
class HarmonisedPoint:
    year: int = field("Year that the value is of.")
    value: float | None = field("The value in the indicator's unit; null where it is absent.")
    status: Status = field(
        "RECODED where parts add up exactly, ESTIMATED where an area was divided; as the source "
        "states it on the area's own boundaries, and where code and border are the same."
    )
    reason: ReasonType = field("Why the value is there or not.")
    reason_text: str = field("The reason in a sentence.", point_reason_text)
    lower: float | None = field(
        "The least that the value can be, wherever people live in an area that was divided. The "
        "value itself where carried exactly; null on own boundaries. Rounding and chance are not "
        "in it."
    )
    upper: float | None = field(
        "The most that the value can be, as `lower`; null too where nothing bounds it."
    )
    provisional: bool = field("Whether the source calls any part of it provisional.", provisional)
    rounding: int | None = field(
        "The source has rounded the value, or each part of it, to a multiple of this; null where "
        "it has not, and where there is no value."
    )
    source_vintage: int | None = field(
        "Year of the boundaries that the value was published on, or that block it; null where no "
        "vintage with this year is linked."
    )
    own: bool = field("Whether those are the area's own boundaries: then nothing was carried.")
    methods: list[Method] = field(
        "What the weights of all parts were measured in, along the way. Empty where nothing was "
        "carried."
    )
    coverage: float | None = field(
        "Share of the area in parts that do not block, 0 to 1; null without a source vintage."
    )
    published_on: list[int] = field(
        "Vintages of this level on which the year is published.", published_on,
        name="publishedOnVintages",
    )  # fmt: skip
    parts: list[CarriedPart] = field(
        "Areas of the source vintage that it was made of, the largest first; empty on own "
        "boundaries.",
        parts,
    )
    blocked_by: list[CarriedPart] = field(
        "Those of the parts whose absence makes the value absent.", blocked_by
    )
    provenances: list[Provenance] = field(
        "Where the cells of the parts were loaded from, each load once.", provenances
    )

    @classmethod
    def is_type_of(cls, value: object, info: "GraphQLResolveInfo[Any]") -> bool:
        return isinstance(value, HarmonisedFigure)


@dataclass(frozen=True, slots=True, eq=False)
class Years:
    """Some years of a harmonised indicator: columns from `start` to before `stop`."""

    of: HarmonisedTable
    start: int
    stop: int


class HarmonisedPoints(Batch):
    """Points of some areas: area after area, for each the years of each series in turn."""

    __slots__ = ("places", "series")
    type_name = "HarmonisedPoint"

    def __init__(self, series: Sequence[Years], places: Places) -> None:
        self.series = series
        self.places = places

    def __len__(self) -> int:
        return len(self.places) * sum(each.stop - each.start for each in self.series)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[i] for i in range(*row.indices(len(self)))]
        area, column = divmod(row, len(self) // len(self.places))
        for each in self.series:
            if column < each.stop - each.start:
                return HarmonisedFigure(each.of, self.places[area], each.start + column)
            column -= each.stop - each.start
        raise IndexError(row)

    def gathered(self, of: Callable[[Years, Any], Any]) -> Any:
        """Cells of all points in one array; `of` gives those of a series, one row an area."""
        rows = np.asarray(self.places.ordinals, np.intp)
        return np.concatenate([of(each, rows) for each in self.series], axis=1).ravel()


def cells(name: str) -> Callable[[Years, Any], Any]:
    return lambda years, rows: getattr(years.of.found, name)[rows, years.start : years.stop]


def value_texts(points: HarmonisedPoints) -> list[str]:
    return number_texts(points.gathered(cells("values")))


def status_texts(points: HarmonisedPoints) -> list[str]:
    return [_STATUSES[code] for code in points.gathered(cells("reasons")).tobytes()]


def _bounds(side: str) -> Callable[[Years, Any], Floats]:
    def found(years: Years, rows: Any) -> Floats:
        of = years.of.found
        values: Floats = cells("values")(years, rows).copy()
        sources, reasons = cells("sources")(years, rows), cells("reasons")(years, rows)
        if years.of.table.vintage in of.vintages:
            values[sources == of.vintages.index(years.of.table.vintage)] = np.nan
        estimated = (reasons == Reason.ESTIMATED) & ~np.isnan(values)
        if estimated.any():
            places = rows[:, None] * len(of.years) + np.arange(years.start, years.stop)
            at = np.searchsorted(of.bounds.places, places[estimated])
            values[estimated] = getattr(of.bounds, side)[at]
        return values

    return found


@together(HarmonisedPoints, "year")
def _years(points: HarmonisedPoints, _: Context) -> Texts:
    texts = [
        str(year) for each in points.series for year in each.of.found.years[each.start : each.stop]
    ]
    return texts * len(points.places)


@together(HarmonisedPoints, "value")
def _values(points: HarmonisedPoints, _: Context) -> Texts:
    return value_texts(points)


@together(HarmonisedPoints, "status")
def _statuses(points: HarmonisedPoints, _: Context) -> Texts:
    return status_texts(points)


@together(HarmonisedPoints, "lower")
def _lower(points: HarmonisedPoints, _: Context) -> Texts:
    return number_texts(points.gathered(_bounds("lower")))


@together(HarmonisedPoints, "upper")
def _upper(points: HarmonisedPoints, _: Context) -> Texts:
    return number_texts(points.gathered(_bounds("upper")))


@together(HarmonisedPoints, "coverage")
def _coverage(points: HarmonisedPoints, _: Context) -> Texts:
    found = points.gathered(cells("coverage")).astype(np.float64)
    return number_texts(np.round(found, _DECIMALS))


@together(HarmonisedPoints, "source_vintage")
def _source_vintages(points: HarmonisedPoints, _: Context) -> Texts:
    def vintages(years: Years, rows: Any) -> Any:
        named = np.zeros(NO_SOURCE + 1, np.int32)
        named[: len(years.of.found.vintages)] = years.of.found.vintages
        return named[cells("sources")(years, rows)]

    return [str(each) if each else "null" for each in points.gathered(vintages).tolist()]
