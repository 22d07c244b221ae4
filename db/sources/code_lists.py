"""Lists of area codes and names: the yearly CBS lists, and lists that name parents or WATER.

Codes stay text. A yearly list carries its year in the header, and that year must be the
dataset's; a list whose codes lost leading zeros is refused, not padded by guess.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from db.core.codes import parse_code, with_prefix
from db.core.errors import BrokenLoad, MalformedCode, RefusedFile
from db.core.figures import Account, Parsed
from db.core.levels import Level
from db.sources.csv_text import Row, Table, read_table, refuse_repeats
from db.sources.dataset import Dataset, Payload
from db.sources.gazetteer import Gazetteer, Place, terrain_of

_LEVELS = (Level.BUURT, Level.WIJK, Level.GEMEENTE)
_YEARLY = re.compile(r"(gemeente|wijk|buurt)((?:19|20)\d{2})", re.ASCII | re.IGNORECASE)


class _Names(NamedTuple):
    """Columns of one level: where its code stands, and its name if there is one."""

    level: Level
    code: int
    name: int | None


@dataclass(frozen=True, slots=True)
class _Header:
    """`levels` run from the finest, which the list is about, to the widest."""

    levels: list[_Names]
    prefixed: bool
    water: int | None = None
    edition: int | None = None


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """Areas of every level the list names; the part is called 'data'."""
    table = read_table(payload.one("data"), delimiters=";,")
    refuse_repeats(table.header, table.name)
    header = _yearly(table, dataset.vintage) or _prefixed(table)
    account, gazetteer = Account(), Gazetteer()
    for row in table.rows:
        try:
            _take(header, row, dataset.vintage, gazetteer, account)
        except MalformedCode as error:
            raise RefusedFile(
                f"{table.name}, line {row.line}: {error}; were leading zeros lost?"
            ) from error
        except BrokenLoad as error:
            raise BrokenLoad(f"{table.name}, line {row.line}: {error}") from error
    account.check()
    if not account.rows_accepted:
        raise BrokenLoad(f"{table.name}: not one row could be taken")
    return Parsed(account, gazetteer.areas())


def _yearly(table: Table, vintage: int) -> _Header | None:
    """'Buurt2025;buurtnaam2025': codes without prefix, the year in both titles."""
    found = _YEARLY.fullmatch(table.header[0])
    if found is None:
        return None
    level, year = Level(found[1].lower()), int(found[2])
    if year != vintage:
        raise BrokenLoad(f"{table.name} is of {year} by its header, not of {vintage}")
    names = _Names(level, 0, table.index(f"{level.value}naam{year}"))
    return _Header([names], prefixed=False)


def _prefixed(table: Table) -> _Header:
    """'bu_code;bu_naam;wk_code;...' in any case: full codes, and so their parents."""
    levels = [
        _Names(level, code, table.index(f"{level.prefix}_NAAM"))
        for level in _LEVELS
        if (code := table.index(f"{level.prefix}_CODE")) is not None
    ]
    if not levels:
        raise BrokenLoad(f"{table.name} is no list of areas: no column with their codes")
    return _Header(
        levels, prefixed=True, water=table.index("WATER"), edition=table.index("JRSTATCODE")
    )


def _take(header: _Header, row: Row, vintage: int, gazetteer: Gazetteer, account: Account) -> None:
    texts = [row.cells[names.code] for names in header.levels]
    codes = [
        _code(names.level, text, prefixed=header.prefixed)
        for names, text in zip(header.levels, texts, strict=True)
    ]
    _check_edition(header, row, codes[0], vintage)
    if gazetteer.has(header.levels[0].level, codes[0]):
        account.reject("duplicate", codes[0])
        return
    for i, names in enumerate(header.levels):
        name = "" if names.name is None else row.cells[names.name].strip()
        # WATER speaks of the row's own area, not of the wider ones around it.
        water = row.cells[header.water] if header.water is not None and i == 0 else None
        parent = codes[i + 1] if i + 1 < len(codes) else None
        place = Place(name or None, terrain_of(name, water), parent)
        gazetteer.add(names.level, codes[i], place)
    account.accept()


def _code(level: Level, text: str, *, prefixed: bool) -> str:
    if not prefixed:
        return with_prefix(level, text)
    found, code = parse_code(text)
    if found != level:
        raise BrokenLoad(f"{code} is no code of a {level.value}")
    return code


def _check_edition(header: _Header, row: Row, code: str, vintage: int) -> None:
    """JRSTATCODE is the year and the code in one: the only year such a list carries."""
    if header.edition is None:
        return
    edition = row.cells[header.edition].strip()
    if edition != f"{vintage}{code}":
        raise BrokenLoad(f"JRSTATCODE {edition[:20]!r} is not {vintage}{code}")
