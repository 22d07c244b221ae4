"""Addresses counted by postcode and area, from the PC6-huisnummer tables and from PC4 counts.

Only counts leave this module: no house number is kept. A table whose codes lost leading zeros
is refused, unless the dataset says that its codes are numbers (option codes = 'numeric').
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from db.core.codes import with_prefix
from db.core.errors import BrokenLoad, MalformedCode, RefusedFile
from db.core.figures import Account, AddressCount, Parsed
from db.core.levels import Level
from db.sources.csv_text import Table, read_table, refuse_repeats
from db.sources.dataset import Dataset, Payload
from db.sources.files import open_lines

_YEARLY = re.compile(r"(gemeente|wijk|buurt)((?:19|20)\d{2})", re.ASCII | re.IGNORECASE)
_PC4 = re.compile(r"[1-9]\d{3}", re.ASCII)
_PC6 = "^[1-9][0-9]{3}[A-Z]{2}$"
_BUURT = "^[0-9]{4}[0-9A-Z]{4}$"
_WIDTH = {"buurt": 8, "wijk": 6, "gemeente": 4}
# 9 million rows peak at 400 MB with blocks of 1 MB, at 600 MB with 8 MB, in the same 5 seconds.
_BLOCK_BYTES = 1 << 20
Block = dict[str, Any]
"""Some rows: column name to an Arrow array of text."""


def load(dataset: Dataset, payload: Payload) -> Parsed:
    """Counts by PC6 and buurt, or by PC4 and gemeente; the part is called 'data'."""
    path = payload.one("data")
    table = read_table(path, delimiters=";,")
    if table.index("PC4") is not None:
        return _pc4(dataset, table)
    if "PC6" in map(_plain, table.header):
        return _pc6(dataset, path, table)
    raise BrokenLoad(f"{path.name} is no table of addresses: no column PC6 or PC4")


def _pc4(dataset: Dataset, table: Table) -> Parsed:
    """Ready counts by PC4 and gemeente; the code is a number there, which loses nothing."""
    code_at = _area_column(table, Level.GEMEENTE, dataset.vintage)
    key_at, rows_at = table.index("PC4"), table.index("address_rows")
    if key_at is None or rows_at is None:
        raise BrokenLoad(f"{table.name} has no column address_rows")
    account = Account()
    counts: dict[tuple[str, str], int] = {}
    for row in table.rows:
        key, digits, count = (row.cells[i].strip() for i in (key_at, code_at, rows_at))
        code = _gemeente(digits)
        if not _PC4.fullmatch(key):
            account.reject("no-postcode", key)
        elif code is None:
            account.reject("no-area-code", f"{key} {digits}")
        elif not (count.isascii() and count.isdigit()):
            raise BrokenLoad(f"{table.name}, line {row.line}: {count[:20]!r} is no count")
        elif (key, code) in counts:
            account.reject("duplicate", f"{key} {code}")
        else:
            account.accept()
            if len(digits) < _WIDTH["gemeente"]:
                account.notes["padded-code"] += 1
            counts[key, code] = int(count)
    return _parsed(account, counts.items(), table.name)


def _gemeente(digits: str) -> str | None:
    try:
        return with_prefix(Level.GEMEENTE, digits.zfill(_WIDTH["gemeente"]))
    except MalformedCode:
        return None


def _pc6(dataset: Dataset, path: Path, table: Table) -> Parsed:
    """Addresses row by row; a list copied with a row number has ',PC6' as its first title."""
    _area_column(table, Level.BUURT, dataset.vintage)
    names = [_plain(title) for title in table.header]
    refuse_repeats(names, table.name)
    account, blocks = Account(), []
    for block in _blocks(path, names):
        if table.header[names.index("PC6")] != "PC6":
            block["PC6"] = pc.replace_substring_regex(block["PC6"], "^[0-9]*,", "")
        if dataset.options.get("codes") == "numeric":
            _pad(block, account)
        blocks.append(_counted(block, account, table.name))
    merged = pa.concat_tables(blocks).group_by(["PC6", "buurt"]).aggregate([("count_all", "sum")])
    ordered = merged.sort_by([("PC6", "ascending"), ("buurt", "ascending")])
    keys, codes, sums = (ordered[name].to_pylist() for name in ("PC6", "buurt", "count_all_sum"))
    pairs = ((key, with_prefix(Level.BUURT, code)) for key, code in zip(keys, codes, strict=True))
    return _parsed(account, zip(pairs, sums, strict=True), table.name)


def _blocks(path: Path, names: list[str]) -> Iterator[Block]:
    """The area columns as text, a megabyte at a time; house numbers are not even read."""
    wanted = [name for name in names if name in ("PC6", *_WIDTH)]
    try:
        with (
            open_lines(path) as stream,
            csv.open_csv(
                stream,
                # One thread, so that a ragged row can be named in the message.
                csv.ReadOptions(
                    block_size=_BLOCK_BYTES, use_threads=False, column_names=names, skip_rows=1
                ),
                csv.ParseOptions(delimiter=";"),
                csv.ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=False,
                ),
            ) as reader,
        ):
            for batch in reader:
                yield dict(zip(wanted, batch.columns, strict=True))
    except (pa.ArrowException, OSError) as error:
        fact = re.search(r"Row #\d+: .*?, got \d+", str(error))
        raise BrokenLoad(
            f"{path.name}: {fact[0] if fact else 'no proper UTF-8 CSV, or cut off'}"
        ) from error


def _pad(block: Block, account: Account) -> None:
    """Codes written as numbers (before letters came in 2023): the width says what is missing."""
    for name in _WIDTH.keys() & block.keys():
        if name == "buurt":
            short = pc.less(pc.utf8_length(block[name]), _WIDTH[name])
            account.notes["padded-code"] += pc.sum(short).as_py() or 0
        block[name] = pc.utf8_lpad(block[name], _WIDTH[name], "0")


def _counted(block: Block, account: Account, file: str) -> pa.Table:
    """The good rows of a block, counted by PC6 and buurt; the account has the others."""
    _refuse_lost_zeros(block["buurt"], file)
    postcode = _mask(pc.match_substring_regex(block["PC6"], _PC6))
    code = _mask(pc.match_substring_regex(block["buurt"], _BUURT))
    agree = np.ones(len(code), np.bool_)
    for name in ("wijk", "gemeente"):
        if name in block:
            part = pc.utf8_slice_codeunits(block["buurt"], 0, _WIDTH[name])
            agree &= _mask(pc.equal(part, block[name]))
    _reject(account, "no-postcode", ~postcode, block)
    _reject(account, "no-area-code", postcode & ~code, block)
    _reject(account, "areas-disagree", postcode & code & ~agree, block)
    good = postcode & code & agree
    account.accept(int(good.sum()))
    rows = pa.table({name: block[name] for name in ("PC6", "buurt")}).filter(pa.array(good))
    return rows.group_by(["PC6", "buurt"]).aggregate([([], "count_all")])


def _refuse_lost_zeros(codes: Any, file: str) -> None:
    short = codes.filter(pc.match_substring_regex(codes, "^[0-9A-Z]{5,7}$"))
    if len(short):
        raise RefusedFile(
            f"{file}: {short[0].as_py()!r} is too short for a buurt; leading zeros were lost. "
            "If its codes are numbers throughout, set the option codes = 'numeric'"
        )


def _reject(account: Account, reason: str, bad: NDArray[np.bool_], block: Block) -> None:
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        example = f"{block['PC6'][first].as_py()} {block['buurt'][first].as_py()}"
        account.reject(reason, example, int(bad.sum()))


def _mask(condition: Any) -> NDArray[np.bool_]:
    return np.asarray(condition.to_numpy(zero_copy_only=False), np.bool_)


def _area_column(table: Table, level: Level, vintage: int) -> int:
    """Place of the column 'Buurt2025'; every such title must be of the dataset's year."""
    place = None
    for i, title in enumerate(table.header):
        found = _YEARLY.fullmatch(title)
        if found is not None and int(found[2]) != vintage:
            raise BrokenLoad(f"{table.name} is of {found[2]} by its header, not of {vintage}")
        if found is not None and found[1].lower() == level.value:
            place = i
    if place is None:
        raise BrokenLoad(f"{table.name} has no column {level.value.title()}{vintage}")
    return place


def _plain(title: str) -> str:
    """',PC6' -> 'PC6' and 'Buurt2025' -> 'buurt'; another title as it is."""
    if title.split(",")[-1] == "PC6":
        return "PC6"
    found = _YEARLY.fullmatch(title)
    return found[1].lower() if found else title


def _parsed(account: Account, counts: Iterable[tuple[tuple[str, str], int]], file: str) -> Parsed:
    account.check()
    if not account.rows_accepted:
        raise BrokenLoad(f"{file}: not one row could be taken")
    return Parsed(account, addresses=[AddressCount(*pair, n) for pair, n in counts])
