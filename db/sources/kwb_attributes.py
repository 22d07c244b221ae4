"""The attribute table of a Wijk- en Buurtkaart as CSV: figures under short upper-case names.

Land and water of one gemeente are two rows with one code (2017): the land row is the gemeente,
the water row is accounted for and dropped. Missing is -99999999, in water rows everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from db.core.absence import Reason
from db.core.codes import parse_code
from db.core.errors import BrokenLoad, LeefbaarheidError, MalformedCode, RefusedFile
from db.core.figures import Account, Column, Parsed
from db.core.levels import Level, Terrain
from db.sources.cells import parse_cell
from db.sources.csv_text import Row, Table, read_table, refuse_repeats
from db.sources.dataset import Dataset, Payload
from db.sources.decimal_mark import DecimalMark
from db.sources.gazetteer import Gazetteer, Place, change_of, terrain_of
from db.sources.rectangle import Rectangle, explain_water, finish

_PREFIX = {Level.BUURT: "BU", Level.WIJK: "WK", Level.GEMEENTE: "GM"}
_PARENT = {Level.BUURT: "WK_CODE", Level.WIJK: "GM_CODE"}
_WATER = ("WATER", "H2O")
_CHANGE = ("IND_WBI", "IND_WBZ")
_SURFACE = {"SHAPE_LENG", "SHAPE_LENGTH", "SHAPE_AREA", "OBJECTID"}


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the columns that identify a row stand, and which hold figures."""

    level: Level
    code: int
    name: int | None
    parent: int | None
    water: int | None
    change: int | None
    edition: int | None
    figures: list[int]

    def terrain(self, row: Row) -> Terrain | None:
        name = self.text(row, self.name) or ""
        return terrain_of(name, self.text(row, self.water))

    def place(self, row: Row) -> Place:
        parent = self.text(row, self.parent)
        return Place(
            name=self.text(row, self.name) or None,
            terrain=self.terrain(row),
            parent=parse_code(parent)[1] if parent else None,
            change=change_of(self.text(row, self.change)),
        )

    def text(self, row: Row, index: int | None) -> str | None:
        return None if index is None else row.cells[index].strip()


def code_column(table: Table) -> Level | None:
    """The finest level the table has codes of, or None if it is no attribute table."""
    return next(
        (level for level, prefix in _PREFIX.items() if table.index(f"{prefix}_CODE") is not None),
        None,
    )


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """Areas and figures of one level; the part is called 'data'."""
    path = payload.one("data")
    table = read_table(path, delimiters=";,")
    places = _places(table)
    loading = _Loading(dataset, path.name, places, _land_codes(path, places))
    rectangle = Rectangle(
        [Column(key=table.header[i]) for i in places.figures], DecimalMark(path.name)
    )
    gazetteer = Gazetteer(changes=places.change is not None)
    dry: list[bool] = []
    for row in table.rows:
        code = loading.admit(row)
        if code is not None:
            place = loading.place(row)
            gazetteer.add(places.level, code, place)
            # A dbf has no CBS symbols: blank is null there, not "cannot occur".
            cells = [row.cells[i].strip() or None for i in places.figures]
            rectangle.add(code, dataset.vintage, cells)
            dry.append(place.terrain in (Terrain.LAND, None))
    figures = rectangle.figures()
    explain_water(figures, np.array(dry, np.bool_))
    account = loading.close()
    finish(figures, dataset, account)
    return Parsed(account, gazetteer.areas(), [figures])


class _Loading:
    """The rows of one file as they are judged, and the account of them."""

    def __init__(self, dataset: Dataset, file: str, places: _Places, land: set[str]) -> None:
        self._vintage = dataset.vintage
        self._file = file
        self._places = places
        self._land = land
        self._taken: set[str] = set()
        self._account = Account()

    def admit(self, row: Row) -> str | None:
        """The code of a row that is taken; the account says why another is not."""
        if missing := sum(map(_is_sentinel, row.cells)):
            self._account.notes["missing-code-cells"] += missing
        text = row.cells[self._places.code]
        code = _code_of(text, self._places.level)
        if code is None:
            self._account.reject("no-area-code", text)
            return None
        self._check_edition(row, code)
        if code in self._land and not self._is_land(row):
            self._account.reject("water-part", code)
        elif code in self._taken:
            self._account.reject("duplicate", code)
        else:
            self._taken.add(code)
            self._account.accept()
            return code
        return None

    def place(self, row: Row) -> Place:
        try:
            return self._places.place(row)
        except LeefbaarheidError as error:
            raise BrokenLoad(f"{self._file}, line {row.line}: {error}") from error

    def close(self) -> Account:
        self._account.check()
        if not self._account.rows_accepted:
            raise BrokenLoad(f"{self._file}: not one row has a code of an area")
        return self._account

    def _is_land(self, row: Row) -> bool:
        return self.place(row).terrain in (Terrain.LAND, None)

    def _check_edition(self, row: Row, code: str) -> None:
        edition = self._places.text(row, self._places.edition)
        if edition is not None and edition != f"{self._vintage}{code}":
            raise BrokenLoad(
                f"{self._file}, line {row.line}: JRSTATCODE {edition[:20]!r} is not "
                f"{self._vintage}{code}"
            )


def _places(table: Table) -> _Places:
    level = code_column(table)
    if level is None:
        raise RefusedFile(
            f"{table.name} has no column GM_CODE, WK_CODE or BU_CODE to say which area a row is"
        )
    refuse_repeats(table.header, table.name)
    prefix = _PREFIX[level]
    known = {title: table.index(title) for title in (*_WATER, *_CHANGE, "JRSTATCODE", "JAAR")}
    naming = [f"{p}_{word}" for p in _PREFIX.values() for word in ("CODE", "NAAM")]
    skipped = {*known, *naming, *_SURFACE}
    figures = [i for i, title in enumerate(table.header) if title.upper() not in skipped]
    if not figures:
        raise BrokenLoad(f"{table.name}: no column with figures")
    return _Places(
        level=level,
        code=cast(int, table.index(f"{prefix}_CODE")),
        name=table.index(f"{prefix}_NAAM"),
        parent=table.index(_PARENT[level]) if level in _PARENT else None,
        water=_first(known, _WATER),
        change=_first(known, _CHANGE),
        edition=known["JRSTATCODE"],
        figures=figures,
    )


def _first(known: Mapping[str, int | None], titles: Sequence[str]) -> int | None:
    return next((place for title in titles if (place := known[title]) is not None), None)


def _land_codes(path: Path, places: _Places) -> set[str]:
    """Codes that have a row for land; a first pass, as water may come before it."""
    if places.water is None:
        return set()
    rows = read_table(path, delimiters=";,").rows
    return {
        row.cells[places.code].strip()
        for row in rows
        if row.cells[places.water].strip().upper() == "NEE"
    }


def _code_of(text: str, expected: Level) -> str | None:
    try:
        level, code = parse_code(text)
    except MalformedCode:
        return None
    return code if level == expected else None


def _is_sentinel(cell: str) -> bool:
    """Mostly -99999999, in a column of decimals also -99999999.0."""
    return cell.startswith("-999") and parse_cell(cell)[1] == Reason.MISSING_CODE
