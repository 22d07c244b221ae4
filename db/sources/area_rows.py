"""From the rows of a map layer to areas and figures, with every row accounted for.

Refuses two rows of one code that contradict each other, a map of another year, and shapes outside
the Netherlands. What is not understood is passed on by name, never dropped silently.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from db.core.absence import Reason
from db.core.codes import parse_code
from db.core.crs import check_extent, epsg_of, guess_crs
from db.core.errors import BrokenLoad, MalformedCode
from db.core.figures import Account, Areas, Figures, Parsed
from db.core.geometry import Shapes, merged, repair
from db.core.levels import Level, Terrain
from db.sources.attributes import figures_in
from db.sources.dataset import Dataset
from db.sources.keys import Keys, is_identity, recognise, terrain_of, year_of
from db.sources.layer import Layer


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the layer that names an area."""

    index: int
    level: Level
    code: str
    name: str | None
    terrain: Terrain | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read, and the account that is kept of it."""

    dataset: Dataset
    layer: Layer
    keys: Keys
    account: Account
    paged: bool
    """The rows come from a service, where two shapes of one code are two editions."""


def parsed(dataset: Dataset, layers: Sequence[Layer], *, paged: bool = False) -> Parsed:
    """Areas (one Areas a level) and figures of the layers of one map."""
    account = Account()
    areas: list[Areas] = []
    figures: list[Figures] = []
    system = None
    for layer in layers:
        keys = recognise(layer.columns, dataset.options)
        if keys is None:
            account.reject("layer-without-codes", rows=layer.rows)
            continue
        reading = _Reading(dataset, layer, keys, account, paged)
        system = locate(layer, dataset, account)
        groups = [_settled(reading, group) for group in _grouped(reading)]
        rows = [group[0] for group in groups]
        areas += _areas(reading, rows, _shapes(layer, groups), system)
        if rows and dataset.options.get("figures") != "no":
            figures += _figures(reading, rows)
    if not account.rows_accepted:
        raise BrokenLoad(
            f"{dataset.id}: none of {account.rows_read} rows is an area; "
            "a map needs a column of codes, it is never joined on names"
        )
    source_crs = None if system is None else f"EPSG:{system}"
    return Parsed(account, areas=areas, figures=figures, source_crs=source_crs)


def locate(layer: Layer, dataset: Dataset, account: Account) -> int | None:
    """Repair the layer's shapes in place; the system they are in, None where it has none."""
    account.notes.update(layer.notes)
    if layer.shapes is None:
        return None
    repaired = repair(layer.shapes)
    layer.shapes = repaired.shapes
    for note, count in (
        ("repaired-polygon", repaired.repaired),
        ("no-geometry", repaired.without_shape),
        ("lost-part", repaired.lost_parts),
    ):
        if count:
            account.notes[note] += count
    if repaired.without_shape == layer.rows:
        return None
    if layer.crs is not None:
        return layer.crs
    if "crs" in dataset.options:
        return epsg_of(dataset.options["crs"])
    account.notes["crs-by-extent"] += 1
    return guess_crs(shapely.total_bounds(layer.shapes))


def _grouped(reading: _Reading) -> list[list[_Row]]:
    groups: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in _of_the_year(reading, _rows(reading)):
        groups[row.code].append(row)
    return list(groups.values())


def _rows(reading: _Reading) -> Iterable[_Row]:
    layer, keys = reading.layer, reading.keys
    absent = [None] * layer.rows
    names = layer.columns[keys.name] if keys.name else absent
    waters = layer.columns[keys.water] if keys.water else absent
    for index, stated in enumerate(layer.columns[keys.code]):
        try:
            level, code = parse_code(str(stated or ""))
        except MalformedCode:
            reading.account.reject("no-code", str(stated))
            continue
        name = str(names[index] or "").strip() or None
        yield _Row(index, level, code, name, terrain_of(waters[index], code, name))


def _of_the_year(reading: _Reading, rows: Iterable[_Row]) -> list[_Row]:
    """Rows of the dataset's own boundaries; a file that has only others is refused."""
    stated = [reading.layer.columns[column] for column in reading.keys.years]
    vintage = reading.dataset.vintage
    own: list[_Row] = []
    others: Counter[int] = Counter()
    for row in rows:
        year = year_of([column[row.index] for column in stated]) or vintage
        if year == vintage:
            own.append(row)
        else:
            others[year] += 1
            reading.account.reject("other-year", f"{year} {row.code}")
    if others and not own:
        raise BrokenLoad(
            f"{reading.dataset.id}: boundaries of {sorted(others)} where {vintage} was expected"
        )
    return own


def _settled(reading: _Reading, group: list[_Row]) -> list[_Row]:
    """The rows that make one area, the one with its attributes first.

    The layer of gemeenten draws land and water of one gemeente as two rows (477 rows, 389 codes in
    2017): the land is the area. WK191104 of 2016 is drawn as two rows, one an islet: one area.
    """
    rows = _without_copies(reading, group)
    land = [row for row in rows if row.terrain is Terrain.LAND]
    if 0 < len(land) < len(rows):
        reading.account.reject("water-part", rows[0].code, len(rows) - len(land))
        rows = land
    if len(rows) > 1:
        texts = {repr(_attributes(reading.layer, row)) for row in rows}
        if reading.paged or len(texts) > 1:
            raise BrokenLoad(f"{rows[0].code} occurs {len(rows)} times, with different content")
        reading.account.notes["merged-part"] += len(rows) - 1
    reading.account.accept(len(rows))
    return rows


def _without_copies(reading: _Reading, group: list[_Row]) -> list[_Row]:
    distinct: list[_Row] = []
    for row in group:
        if any(_same(reading.layer, row, other) for other in distinct):
            reading.account.reject("duplicate", row.code)
        else:
            distinct.append(row)
    return distinct


def _same(layer: Layer, row: _Row, other: _Row) -> bool:
    if _attributes(layer, row) != _attributes(layer, other):
        return False
    if layer.shapes is None:
        return True
    one, two = layer.shapes[row.index], layer.shapes[other.index]
    return one is two or bool(one is not None and two is not None and shapely.equals(one, two))


def _attributes(layer: Layer, row: _Row) -> list[object]:
    """All that a row says, but for the identifiers that differ from release to release."""
    return [cells[row.index] for name, cells in layer.columns.items() if not is_identity(name)]


def _shapes(layer: Layer, groups: list[list[_Row]]) -> Shapes | None:
    if layer.shapes is None:
        return None
    shapes = layer.shapes[[group[0].index for group in groups]]
    for i, group in enumerate(groups):
        if len(group) > 1:
            shapes[i] = merged(layer.shapes[[row.index for row in group]])
    return shapes


def _areas(
    reading: _Reading, rows: list[_Row], shapes: Shapes | None, system: int | None
) -> list[Areas]:
    if shapes is not None and system is not None:
        check_extent(shapes, [row.code for row in rows], system)
    levels: defaultdict[Level, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        levels[row.level].append(i)
    return [
        Areas(
            level=level,
            codes=[rows[i].code for i in own],
            names=[rows[i].name for i in own],
            terrains=[rows[i].terrain for i in own],
            parents=[_parent(reading, rows[i]) for i in own],
            shapes=None if shapes is None else shapes[own],
            crs=system,
            changes=[_change(reading, rows[i]) for i in own] if reading.keys.change else None,
        )
        for level, own in levels.items()
    ]


def _parent(reading: _Reading, row: _Row) -> str | None:
    """The containing area as the row names it; a name or a blank is no code."""
    if reading.keys.parent is None:
        return None
    stated = str(reading.layer.columns[reading.keys.parent][row.index] or "")
    try:
        return parse_code(stated)[1]
    except MalformedCode:
        return None


def _change(reading: _Reading, row: _Row) -> int | None:
    """1, 2 or 3, as number or text; anything else (a sentinel for water) is not stated."""
    stated = str(reading.layer.columns[reading.keys.change or ""][row.index]).strip()
    return int(stated) if stated in ("1", "2", "3") else None


def _figures(reading: _Reading, rows: list[_Row]) -> list[Figures]:
    indices = np.array([row.index for row in rows], np.int64)
    columns, values, reasons = figures_in(reading.layer.columns, indices, reading.account.notes)
    if not columns:
        return []
    wet = [row.terrain in (Terrain.WATER, Terrain.ABROAD) for row in rows]
    reasons[np.array(wet)[:, None] & np.isnan(values)] = Reason.WATER_OR_ABROAD
    period = int(reading.dataset.options.get("period", reading.dataset.vintage))
    periods = np.full(len(rows), period, np.int32)
    return [Figures([row.code for row in rows], periods, columns, values, reasons)]
