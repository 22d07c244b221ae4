"""Registered crime (47018NED, police by way of CBS): one row for each area, year and offence.

Every offence becomes a column, the total 0.0.0 and its parts alike. Where the publisher has no
row there is no figure, never a zero. Refuses monthly rows and an offence missing from the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.errors import BrokenLoad
from db.core.figures import Column, Parsed
from db.sources.dataset import Dataset, Payload
from db.sources.odata_answer import Pages, read_records
from db.sources.odata_choice import Chooser, cells_of
from db.sources.odata_dimension import Keys, Member, keys_of, members
from db.sources.odata_pivot import Pivot
from db.sources.odata_reading import PERIODS, read_v3, region_of
from db.sources.odata_topics import is_topic, v3_topics

OFFENCES = "SoortMisdrijf"


def load(dataset: Dataset, payload: Payload) -> Parsed:
    topics = v3_topics(read_records(payload.get("DataProperties")))
    pages = Pages(payload.get("data"))
    tables = pages.tables()
    first = next(tables)
    names = first.column_names
    measure = measure_of(dataset, names)
    reading = read_v3(dataset, payload, region_of(names, topics.region))
    chooser = Chooser(reading, PERIODS in names, _selectors(names, reading.region))
    offences = Offences(members(payload, OFFENCES))
    pivot = Pivot(reading.account, vacant=Reason.NO_ROW)
    _add(first, measure, chooser, offences, pivot)
    for table in tables:
        _add(table, measure, chooser, offences, pivot)
    reading.verify(pages, one_row_an_area=False, gaps=True)
    columns = offences.columns(topics.describe([measure], reading.account)[0])
    figures = pivot.figures(reading.regions.codes, columns)
    if not figures:
        raise BrokenLoad(f"no usable row; rejected: {dict(reading.account.rejected)}")
    return reading.parsed(figures, empty=Reason.NOT_MEASURED)


def measure_of(dataset: Dataset, names: Sequence[str]) -> str:
    """The one figure column, or the one that the dataset's option `measure` names."""
    measures = [name for name in names if is_topic(name)]
    wanted = dataset.options.get("measure")
    if wanted is not None:
        measures = [name for name in measures if name == wanted]
    if len(measures) != 1 or OFFENCES not in names:
        raise BrokenLoad(f"expected {OFFENCES} and one measure; the columns are {', '.join(names)}")
    return measures[0]


class Offences:
    """Offences in order of appearance; each that has a row is a column."""

    def __init__(self, listed: Mapping[str, Member]) -> None:
        self._listed = listed
        self._numbers: dict[str, int] = {}

    def number(self, keys: Keys) -> NDArray[np.int32]:
        for key in keys.texts:
            if self._listed and key not in self._listed:
                raise BrokenLoad(f"offence {key[:20]!r} is not in the list {OFFENCES}")
            self._numbers.setdefault(key, len(self._numbers))
        return np.array([self._numbers[key] for key in keys.texts], np.int32)[keys.index]

    def columns(self, measure: Column) -> list[Column]:
        return [
            replace(measure, key=key, measure=key, title=self._title(key)) for key in self._numbers
        ]

    def _title(self, key: str) -> str | None:
        return self._listed[key].title if key in self._listed else None


def _add(table: pa.Table, measure: str, chooser: Chooser, offences: Offences, pivot: Pivot) -> None:
    chosen = chooser.choose(table)
    if not len(chosen.rows):
        return
    values, reasons = cells_of(table[measure], measure)
    columns = offences.number(keys_of(table[OFFENCES]))
    pivot.add(
        years=chosen.years,
        areas=chosen.areas,
        columns=columns[chosen.rows],
        values=values[chosen.rows],
        reasons=reasons[chosen.rows],
    )


def _selectors(names: Sequence[str], region: str) -> list[str]:
    known = {"ID", region, PERIODS, OFFENCES}
    return [name for name in names if not is_topic(name) and name not in known]
