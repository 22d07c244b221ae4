"""Leefbaarometer 3.0: scores of a model by area, from its WFS, a mirror of that, or the CSV.

The deviation `afw` is the sum of five parts; where it is not, that is noted. Areas with too few
homes are not in the answer. What a mirror's author added to the service's fields is not published.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from db.core.absence import Reason
from db.core.codes import parse_code
from db.core.crs import check_extent
from db.core.errors import BrokenLoad, CountMismatch, MalformedCode
from db.core.figures import Account, Areas, Figures, Parsed
from db.core.levels import Level
from db.sources import geojson
from db.sources.area_rows import locate
from db.sources.attributes import figures_in
from db.sources.dataset import Dataset, Payload
from db.sources.files import open_text
from db.sources.geojson import Record
from db.sources.keys import year_of
from db.sources.layer import Layer, LayerBuilder
from db.sources.wfs_total import announced_total

PARTS = ("won", "fys", "vrz", "soc", "onv")
"""Homes, surroundings, amenities, social cohesion, nuisance and safety; they add up to `afw`."""

_ROUNDING = 1e-5
_RENAMED = {
    **dict.fromkeys(("id", "wk_code", "bu_code", "gm_code", "gwb_code"), "code"),
    **dict.fromkeys(("naam", "wk_naam", "bu_naam", "gm_naam"), "name"),
    "year": "jaar",
}


@dataclass(frozen=True, slots=True)
class _Row:
    index: int
    level: Level
    code: str
    year: int


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """Scores by area and year, and the areas with their shapes; all files make one dataset."""
    builder = LayerBuilder()
    account = Account()
    unpack = _unpacker(account.notes)
    pages: list[Record] = []
    for path in payload.parts["data"]:
        if ".csv" in path.suffixes:
            _add_table(path, builder)
        else:
            pages.append(geojson.read(path, builder, unpack))
    stated = next((crs for crs in map(geojson.stated_crs, pages) if crs), None)
    layer = builder.layer(stated)
    system = locate(layer, dataset, account)
    rows = list(_rows(dataset, layer, account))
    _check_total(dataset, announced_total(pages, payload.get("hits")), account)
    areas = _areas(layer, rows, system)
    return Parsed(
        account,
        areas=areas,
        figures=[_figures(layer, rows, account)],
        source_crs=None if system is None else f"EPSG:{system}",
    )


def _unpacker(notes: Counter[str]) -> Callable[[Record], Record]:
    def unpack(feature: Record) -> Record:
        own = geojson.properties(feature)
        raw = own.get("raw")
        if not isinstance(raw, dict):
            return _renamed(own)
        # A mirror keeps the service's own fields in `raw`, beside percentiles of its own making.
        kept = {name: own.get(name) for name in ("code", "naam", "gemeente")}
        notes.update(f"not-published: {name}" for name in own.keys() - kept.keys() - {"raw"})
        return _renamed({**raw, **kept})

    return unpack


def _renamed(record: Record) -> Record:
    return {_RENAMED.get(name, name): value for name, value in record.items()}


def _add_table(path: Path, builder: LayerBuilder) -> None:
    """Official column names; the leading index column has none, or a number for a name."""
    with open_text(path, whole_lines=True) as stream:
        for record in csv.DictReader(stream):
            named = {n: v or None for n, v in record.items() if n and not n.isdigit()}
            builder.add(_renamed(named), [])


def _rows(dataset: Dataset, layer: Layer, account: Account) -> Iterator[_Row]:
    seen: dict[tuple[str, int], list[object]] = {}
    years = layer.columns.get("jaar", [dataset.options.get("period")] * layer.rows)
    for index, stated in enumerate(layer.columns.get("code", ())):
        try:
            level, code = parse_code(str(stated or ""))
        except MalformedCode:
            account.reject("no-code", str(stated))
            continue
        year = year_of([years[index]])
        if year is None:
            raise BrokenLoad(f"{dataset.id}: no year of measurement for {code}")
        content: list[object] = [cells[index] for cells in layer.columns.values()]
        if seen.setdefault((code, year), content) is content:
            account.accept()
            yield _Row(index, level, code, year)
        elif seen[code, year] == content:
            account.reject("duplicate", f"{code} {year}")
        else:
            raise BrokenLoad(f"{dataset.id}: two different scores for {code} in {year}")


def _check_total(dataset: Dataset, announced: int | None, account: Account) -> None:
    distinct = account.rows_read - account.rejected["duplicate"]
    if announced is not None and announced != distinct:
        raise CountMismatch(dataset.id, announced, distinct)
    if not account.rows_accepted:
        raise BrokenLoad(f"{dataset.id}: no row with an area code")


def _areas(layer: Layer, rows: list[_Row], system: int | None) -> list[Areas]:
    """Areas in order of first appearance, each as its first row draws and names it."""
    first = {row.code: row for row in reversed(rows)}
    names = layer.columns.get("name", [None] * layer.rows)
    areas: list[Areas] = []
    for level in dict.fromkeys(row.level for row in rows):
        own = [row for row in rows if row.level is level and first[row.code] is row]
        shapes = None if layer.shapes is None else layer.shapes[[row.index for row in own]]
        codes = [row.code for row in own]
        if shapes is not None and system is not None:
            check_extent(shapes, codes, system)
        areas.append(
            Areas(
                level=level,
                codes=codes,
                names=[str(names[row.index] or "").strip() or None for row in own],
                terrains=[None] * len(own),
                parents=[None] * len(own),
                shapes=shapes,
                crs=system,
            )
        )
    return areas


def _figures(layer: Layer, rows: list[_Row], account: Account) -> Figures:
    indices = np.array([row.index for row in rows], np.int64)
    columns, values, reasons = figures_in(layer.columns, indices, account.notes)
    keys = [column.key for column in columns]
    if missing := {"afw", *PARTS} - set(keys):
        raise BrokenLoad(f"no numbers in the columns {', '.join(sorted(missing))}")
    reasons[reasons == Reason.OBSERVED] = Reason.MODELLED
    parts = values[:, [keys.index(part) for part in PARTS]].sum(axis=1)
    unequal = np.abs(parts - values[:, keys.index("afw")]) > _ROUNDING
    if unequal.any():
        account.notes["parts-do-not-add-up"] += int(unequal.sum())
    return Figures(
        codes=[row.code for row in rows],
        periods=np.array([row.year for row in rows], np.int32),
        columns=columns,
        values=values,
        reasons=reasons,
    )
