"""Points of many harmonised series at once; each field says what its resolver says of one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from orjson import dumps

from db.core.absence import Reason
from db.core.figures import Floats
from db.core.harmonised import NO_SOURCE
from schema.batch import Batch, Linked, Texts, together
from schema.column_texts import number_texts
from schema.context import Context
from schema.harmonised import HarmonisedTable
from schema.harmonised_figures import DECIMALS, HarmonisedFigure, methods_in
from schema.language import Language, chosen
from schema.place import Places

_REASONS = {int(reason): reason for reason in Reason}
_METHODS = [dumps([each.name for each in methods_in(bits)]).decode() for bits in range(256)]
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

    def gathered(self, of: "Cells") -> Any:
        """Cells of all points in one array; `of` gives those of a series, one row an area."""
        ordinals = self.places.ordinals
        if len(ordinals) == 1:
            # One area is what most questions are about: a part of an array is quicker than a copy.
            return np.concatenate([of(each, ordinals[0]) for each in self.series])
        rows = np.asarray(ordinals, np.intp)
        return np.concatenate([of(each, rows) for each in self.series], axis=1).ravel()


Cells = Callable[[Years, Any], Any]
"""The cells of a series for some rows, or for one."""


def cells(name: str) -> Cells:
    return lambda years, rows: getattr(years.of.found, name)[rows, years.start : years.stop]


_VALUES, _CODES, _SOURCES = cells("values"), cells("reasons"), cells("sources")
_COVERAGE = cells("coverage")


def value_texts(points: HarmonisedPoints) -> list[str]:
    return number_texts(points.gathered(_VALUES))


def status_texts(points: HarmonisedPoints) -> list[str]:
    return [_STATUSES[code] for code in points.gathered(_CODES).tobytes()]


def _bounds(side: str) -> Cells:
    def found(years: Years, rows: Any) -> Floats:
        of = years.of.found
        values: Floats = _VALUES(years, rows).copy()
        if of.vintages[:1] == (years.of.table.vintage,):
            values[_SOURCES(years, rows) == 0] = np.nan
        estimated = _CODES(years, rows) == Reason.ESTIMATED
        if estimated.any():
            first = np.asarray(rows)[..., None] * len(of.years)
            places = (first + np.arange(years.start, years.stop))[estimated]
            kept = getattr(of.bounds, side)[np.searchsorted(of.bounds.places, places)]
            values[estimated] = np.where(np.isnan(values[estimated]), np.nan, kept)
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
    found = points.gathered(_COVERAGE).astype(np.float64)
    return number_texts(np.round(found, DECIMALS))


@together(HarmonisedPoints, "source_vintage")
def _source_vintages(points: HarmonisedPoints, _: Context) -> Texts:
    def vintages(years: Years, rows: Any) -> Any:
        named = np.zeros(NO_SOURCE + 1, np.int32)
        named[: len(years.of.found.vintages)] = years.of.found.vintages
        return named[_SOURCES(years, rows)]

    return [str(each) if each else "null" for each in points.gathered(vintages).tolist()]


@together(HarmonisedPoints, "own")
def _own(points: HarmonisedPoints, _: Context) -> Texts:
    def own(years: Years, rows: Any) -> Any:
        has = years.of.found.vintages[:1] == (years.of.table.vintage,)
        return _SOURCES(years, rows) == (0 if has else NO_SOURCE + 1)

    return ["true" if each else "false" for each in points.gathered(own).tolist()]


@together(HarmonisedPoints, "methods")
def _methods(points: HarmonisedPoints, _: Context) -> Texts:
    def bits(years: Years, rows: Any) -> Any:
        methods = np.zeros((NO_SOURCE + 1, *np.shape(rows)), np.uint8)
        for i, each in enumerate(years.of.methods):
            if each is not None:
                methods[i] = each[rows]
        sources = _SOURCES(years, rows)
        return methods[sources] if methods.ndim == 1 else _taken(methods, sources)

    return [_METHODS[each] for each in points.gathered(bits).tobytes()]


def _taken(methods: Any, sources: Any) -> Any:
    """Of each row and column the bits of its source."""
    return methods[sources, np.arange(len(sources))[:, None]]


@together(HarmonisedPoints, "reason")
def _reasons(points: HarmonisedPoints, _: Context) -> Linked:
    codes = points.gathered(_CODES).tobytes()
    distinct = sorted(set(codes))
    at = {code: i for i, code in enumerate(distinct)}
    return Linked([_REASONS[code] for code in distinct], [at[code] for code in codes])


@together(HarmonisedPoints, "reason_text")
def _reason_texts(
    points: HarmonisedPoints, context: Context, language: Language | None = None
) -> Texts:
    spoken = chosen(context, language)
    codes = points.gathered(_CODES).tobytes()
    texts = {code: dumps(_REASONS[code].text(spoken)).decode() for code in set(codes)}
    return [texts[code] for code in codes]
