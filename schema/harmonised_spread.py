"""Points of many harmonised series at once; each field says what its resolver says of one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from db.core.absence import Reason
from db.core.figures import Floats
from db.core.harmonised import NO_SOURCE
from schema.batch import Batch, Texts, together
from schema.column_texts import number_texts
from schema.context import Context
from schema.harmonised import HarmonisedTable
from schema.harmonised_figures import DECIMALS, HarmonisedFigure
from schema.place import Places

_REASONS = {int(reason): reason for reason in Reason}
_STATUSES = [f'"{_REASONS[i].status.name}"' if i in _REASONS else "null" for i in range(256)]


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
    return number_texts(np.round(found, DECIMALS))


@together(HarmonisedPoints, "source_vintage")
def _source_vintages(points: HarmonisedPoints, _: Context) -> Texts:
    def vintages(years: Years, rows: Any) -> Any:
        named = np.zeros(NO_SOURCE + 1, np.int32)
        named[: len(years.of.found.vintages)] = years.of.found.vintages
        return named[cells("sources")(years, rows)]

    return [str(each) if each else "null" for each in points.gathered(vintages).tolist()]
