"""CBS OData v3 (StatLine), Typed and Untyped: a wide row for each area, and period if it has any.

Refuses a partial table, an area twice with different cells, and a figure that is text. Options:
nature, period (year of a table without Perioden), filter, keys, and by its name the wanted key
of any other dimension (Leeftijd). Marges: MW00000 is the estimate, bounds are known by title.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.errors import BrokenLoad
from db.core.figures import Column, Figures, Parsed
from db.sources.dataset import Dataset, Payload
from db.sources.gazetteer import change_of
from db.sources.odata_answer import Pages, read_records
from db.sources.odata_choice import Chooser, Chosen, cells_of
from db.sources.odata_dimension import Keys, Member, keys_of, members, reject_rows
from db.sources.odata_reading import PERIODS, Reading, read_v3, region_of
from db.sources.odata_rectangle import (
    ESTIMATE,
    LOWER,
    UNKNOWN,
    UPPER,
    Block,
    by_year,
    figures_of,
    joined,
    settle,
)
from db.sources.odata_topics import CHANGE_STEM, Topics, is_topic, stem_of, v3_topics

MARGINS = "Marges"


@dataclass(frozen=True, slots=True)
class Layout:
    """What each column of the table is there for."""

    region: str
    selectors: list[str]
    figures: list[str]
    has_periods: bool
    has_margins: bool
    name: str | None
    change: str | None

    @property
    def flat(self) -> bool:
        """One row for each area and nothing else."""
        return not (self.has_periods or self.has_margins or self.selectors)


def load(dataset: Dataset, payload: Payload) -> Parsed:
    text_cells = _has_text_cells(dataset, payload)
    return parse(dataset, payload, Pages(payload.get("data"), text_cells=text_cells))


def parse(dataset: Dataset, payload: Payload, pages: Pages) -> Parsed:
    """Pages of wide rows, wherever they come from."""
    topics = v3_topics(read_records(payload.get("DataProperties")))
    tables = pages.tables()
    first = next(tables)
    layout = layout_of(first.column_names, topics)
    reading = read_v3(dataset, payload, layout.region)
    rows = _Rows(reading, layout, members(payload, MARGINS))
    rows.read(first)
    for table in tables:
        rows.read(table)
    reading.verify(pages, one_row_an_area=layout.flat)
    columns = topics.describe(layout.figures, reading.account)
    # A table of one year is filled in rounds; one of many years does not ask all each year.
    empty = Reason.NOT_MEASURED if layout.has_periods else Reason.NOT_YET_PUBLISHED
    return reading.parsed(rows.figures(columns), empty=empty)


def layout_of(columns: Sequence[str], topics: Topics) -> Layout:
    region = region_of(columns, topics.region)
    dimensions = [c for c in columns if not is_topic(c) and c not in ("ID", region)]
    by_stem = {stem_of(c): c for c in columns if is_topic(c)}
    return Layout(
        region=region,
        selectors=[c for c in dimensions if c not in (PERIODS, MARGINS)],
        figures=[c for c in columns if is_topic(c) and not topics.is_text(c)],
        has_periods=PERIODS in dimensions,
        has_margins=MARGINS in dimensions,
        name=by_stem.get("Gemeentenaam"),
        change=next((c for stem, c in by_stem.items() if stem.startswith(CHANGE_STEM)), None),
    )


def margins_of(keys: Keys, listed: Mapping[str, Member]) -> NDArray[np.uint8]:
    """Estimate, lower or upper bound of each row; a key that no title explains is UNKNOWN."""
    kinds = []
    for key in keys.texts:
        title = (listed[key].title or "").casefold() if key in listed else ""
        if key == "MW00000":
            kinds.append(ESTIMATE)
        elif "ondergrens" in title:
            kinds.append(LOWER)
        else:
            kinds.append(UPPER if "bovengrens" in title else UNKNOWN)
    return np.array(kinds, np.uint8)[keys.index]


class _Rows:
    """Pages parsed into blocks, and blocks joined into figures."""

    def __init__(self, reading: Reading, layout: Layout, margins: Mapping[str, Member]) -> None:
        self._reading = reading
        self._layout = layout
        self._margins = margins
        self._blocks: dict[int, list[Block]] = {}
        self._chooser = Chooser(reading, layout.has_periods, layout.selectors)

    def read(self, table: pa.Table) -> None:
        chosen = self._chooser.choose(table)
        margins = np.zeros(len(chosen.rows), np.uint8)
        if self._layout.has_margins:
            chosen, margins = self._split(chosen, keys_of(table[MARGINS]))
        if len(chosen.rows) < table.num_rows:
            table = table.take(chosen.rows)
        self._describe_areas(table, chosen.areas)
        shape = (len(chosen.rows), len(self._layout.figures))
        values, reasons = np.empty(shape), np.empty(shape, np.uint8)
        for i, key in enumerate(self._layout.figures):
            values[:, i], reasons[:, i] = cells_of(table[key], key)
        block = Block(chosen.areas, chosen.years, margins, values, reasons)
        for year, part in by_year(block).items():
            self._blocks.setdefault(year, []).append(part)

    def figures(self, columns: list[Column]) -> list[Figures]:
        """One rectangle a year, oldest first; what was read is let go year by year."""
        codes, account = self._reading.regions.codes, self._reading.account
        found = []
        for year in sorted(self._blocks):
            block = settle(joined(self._blocks.pop(year)), codes, account)
            if len(block.areas):
                found.append(figures_of(block, codes, columns))
        if not found:
            raise BrokenLoad(f"no usable row; rejected: {dict(account.rejected)}")
        return found

    def _split(self, chosen: Chosen, keys: Keys) -> tuple[Chosen, NDArray[np.uint8]]:
        margins = margins_of(keys, self._margins)
        left = np.zeros(len(margins), np.bool_)
        left[chosen.rows] = True
        reject_rows(self._reading.account, "unknown-margin", keys, left & (margins == UNKNOWN))
        kept = margins[chosen.rows] != UNKNOWN
        return chosen.only(kept), margins[chosen.rows][kept]

    def _describe_areas(self, table: pa.Table, areas: NDArray[np.int32]) -> None:
        numbers, rows = np.unique(areas, return_index=True)
        if self._layout.name:
            self._reading.regions.name(numbers, keys_of(table[self._layout.name].take(rows)))
        if self._layout.change:
            keys = keys_of(table[self._layout.change].take(rows))
            changes = [change_of(text) for text in keys.texts]
            self._reading.regions.change(numbers, [changes[i] for i in keys.index.tolist()])


def _has_text_cells(dataset: Dataset, payload: Payload) -> bool:
    """Whether CSV files are conversions of UntypedDataSet, where a blank means: cannot occur."""
    if (named := dataset.options.get("cells")) is not None:
        return named == "text"
    return any("untyped" in path.name.lower() for path in payload.get("data"))
