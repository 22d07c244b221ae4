"""CBS OData v4: one observation a row, with the publisher's own word for why a value is absent.

The only API that tells secret from impossible. Refuses a ValueAttribute, a measure or an area
that the metadata do not know, and a partial download. Without Observations it gives the areas
only. Options of the dataset: as in cbs_odata3.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.codes import level_of
from db.core.errors import BrokenLoad
from db.core.figures import Bytes, Floats, Parsed
from db.sources.dataset import Dataset, Payload
from db.sources.gazetteer import change_of
from db.sources.odata_answer import Pages, read_records, text
from db.sources.odata_choice import Chooser, Chosen, cells_of
from db.sources.odata_dimension import Keys, keys_of
from db.sources.odata_pivot import Pivot
from db.sources.odata_reading import PERIODS, Reading, read_v4, region_of
from db.sources.odata_topics import CHANGE_STEM, Topics, v4_topics

# An imputed value is the publisher's estimate for one it could not observe: a model's, not a count.
_ATTRIBUTES = {
    "None": Reason.OBSERVED,
    "Imputed": Reason.MODELLED,
    "Missing": Reason.NO_FIGURE,
    "Impossible": Reason.IMPOSSIBLE,
    "Confidential": Reason.CONFIDENTIAL,
    "Unknown": Reason.UNKNOWN_TO_PUBLISHER,
}
_GEO_KINDS = {"GeoDetail", "GeoDimension"}
_CELL = ("Measure", "ValueAttribute", "Value")
_NO_DIMENSIONS = {"Id", "StringValue", PERIODS, *_CELL}


def load(dataset: Dataset, payload: Payload) -> Parsed:
    topics = v4_topics(
        read_records(payload.get("MeasureCodes")), read_records(payload.get("MeasureGroups"))
    )
    paths = payload.get("data") or payload.get("Observations")
    region = region_of([role.removesuffix("Codes") for role in payload.parts], _described(payload))
    reading = read_v4(dataset, payload, region)
    if not paths:
        return _areas_only(reading)
    pages = Pages(paths)
    tables = pages.tables()
    first = next(tables)
    observations = _Observations(reading, topics, first.column_names)
    observations.add(first)
    for table in tables:
        observations.add(table)
    reading.verify(pages, one_row_an_area=False)
    return observations.parsed()


def attributed(values: Floats, reasons: Bytes, attributes: Keys) -> tuple[Floats, Bytes, int]:
    """Values and reasons by ValueAttribute; also how many values it tells us not to show."""
    for name in attributes.texts:
        if name not in _ATTRIBUTES:
            raise BrokenLoad(
                f"ValueAttribute {name[:20]!r} is not known; known are {', '.join(_ATTRIBUTES)}"
            )
    named = np.array([_ATTRIBUTES[name] for name in attributes.texts], np.uint8)[attributes.index]
    shown = named < Reason.CONFIDENTIAL
    hidden = int((~shown & ~np.isnan(values)).sum())
    found = reasons == Reason.OBSERVED
    reasons = np.where(shown & ~found, reasons, named)
    return np.where(shown, values, np.nan), reasons, hidden


class _Observations:
    """The observations of a table, pivoted page by page."""

    def __init__(self, reading: Reading, topics: Topics, names: Sequence[str]) -> None:
        if absent := {*_CELL, reading.region} - set(names):
            raise BrokenLoad(f"observations without {', '.join(sorted(absent))}")
        self._reading = reading
        self._topics = topics
        self._figures = [key for key in topics.columns if not topics.is_text(key)]
        self._numbers = {key: number for number, key in enumerate(self._figures)}
        self._has_periods = PERIODS in names
        others = [n for n in names if n not in _NO_DIMENSIONS and n != reading.region]
        self._chooser = Chooser(reading, self._has_periods, others)
        self._pivot = Pivot(reading.account, vacant=Reason.NO_FIGURE)

    def add(self, table: pa.Table) -> None:
        chosen = self._chooser.choose(table)
        measures = keys_of(table["Measure"])
        columns = self._columns(measures)[chosen.rows]
        self._texts(table, measures, chosen.only(columns < 0))
        columns, chosen = columns[columns >= 0], chosen.only(columns >= 0)
        if not len(chosen.rows):
            return
        values, reasons, hidden = attributed(
            *cells_of(table["Value"], "Value"), keys_of(table["ValueAttribute"])
        )
        if hidden:
            self._reading.account.notes["value-beside-its-absence"] += hidden
        self._pivot.add(
            years=chosen.years,
            areas=chosen.areas,
            columns=columns,
            values=values[chosen.rows],
            reasons=reasons[chosen.rows],
        )

    def parsed(self) -> Parsed:
        account = self._reading.account
        columns = self._topics.describe(self._figures, account)
        figures = self._pivot.figures(self._reading.regions.codes, columns)
        if not figures:
            raise BrokenLoad(f"no usable observation; rejected: {dict(account.rejected)}")
        empty = Reason.NOT_MEASURED if self._has_periods else Reason.NOT_YET_PUBLISHED
        return self._reading.parsed(figures, empty=empty)

    def _columns(self, measures: Keys) -> NDArray[np.int32]:
        """The column of each row; -1 for a measure that is text."""
        for key in measures.texts:
            if key not in self._topics.columns:
                raise BrokenLoad(f"measure {key[:20]!r} is not in the list MeasureCodes")
        numbers = [self._numbers.get(key, -1) for key in measures.texts]
        return np.array(numbers, np.int32)[measures.index]

    def _texts(self, table: pa.Table, measures: Keys, chosen: Chosen) -> None:
        """Text measures are no figures; one of them says how an area's border changed."""
        count = len(chosen.rows)
        if not count:
            return
        self._reading.account.accept(count)
        self._reading.account.notes["text-observation"] += count
        if "StringValue" not in table.column_names:
            return
        is_change = measures.mask(map(self._is_change, measures.texts))[chosen.rows]
        changes = keys_of(table["StringValue"].take(chosen.rows[is_change]))
        found = [change_of(change) for change in changes.texts]
        self._reading.regions.change(
            chosen.areas[is_change], [found[i] for i in changes.index.tolist()]
        )

    def _is_change(self, measure: str) -> bool:
        return (self._topics.columns[measure].title or "").startswith(CHANGE_STEM)


def _described(payload: Payload) -> str | None:
    dimensions = read_records(payload.get("Dimensions"))
    geo = [text(row, "Identifier") for row in dimensions if text(row, "Kind") in _GEO_KINDS]
    return geo[0] if geo else None


def _areas_only(reading: Reading) -> Parsed:
    """A folder with the metadata alone: its list of areas is what was read."""
    for key in reading.listed:
        if level_of(key) is None:
            reading.account.reject("no-area-code", key)
        else:
            reading.account.accept()
    reading.account.notes["observations-absent"] += 1
    return reading.parsed([], empty=Reason.NOT_YET_PUBLISHED)
