"""Dimensions of a CBS table: the keys in a column, and what the dimension's own list says of them.

Keys are padded to a width of their own in v3 and compared without padding here.
Refuses a list that has a key twice; a key that is no area code is left for the caller to reject.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from db.core.codes import gemeente_code, parent_code, parse_code
from db.core.errors import BrokenLoad, MalformedCode
from db.core.figures import Account, Areas
from db.core.levels import Level
from db.sources.dataset import Payload
from db.sources.gazetteer import Gazetteer, Place, terrain_of
from db.sources.odata_answer import Record, read_records, text

_YEAR = re.compile(r"(\d{4})JJ00")
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of a dimension's list."""

    key: str
    title: str | None = None
    gemeente: str | None = None
    status: str | None = None
    """Of a period: 'Voorlopig', 'NaderVoorlopig', 'Definitief'."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A column of keys, each text once; `index[row]` points into `texts`."""

    texts: list[str]
    index: NDArray[np.int32]

    def mask(self, wanted: Iterable[bool]) -> NDArray[np.bool_]:
        """Rows whose text is wanted, given a yes or no for each text."""
        return np.fromiter(wanted, np.bool_, len(self.texts))[self.index]


def keys_of(column: pa.ChunkedArray) -> Keys:
    if pa.types.is_nested(column.type):
        raise BrokenLoad("a column of keys holds objects or lists")
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), ""))
    encoded = trimmed.combine_chunks().dictionary_encode()
    index = encoded.indices.to_numpy(zero_copy_only=False)
    return Keys(encoded.dictionary.to_pylist(), index.astype(np.int32))


def members(payload: Payload, role: str) -> dict[str, Member]:
    """A dimension's list by key without padding; empty where the part was not received."""
    found: dict[str, Member] = {}
    for record in read_records(payload.get(role)):
        member = _member(record, role)
        if member.key in found:
            raise BrokenLoad(f"{role} lists {member.key[:20]!r} twice")
        found[member.key] = member
    return found


def years_of(periods: Keys) -> NDArray[np.int32]:
    """The year of each row's period code; 0 for a month, a quarter or a day."""
    years = [int(m[1]) if (m := _YEAR.fullmatch(key)) else 0 for key in periods.texts]
    return np.array(years, np.int32)[periods.index]


def provisional_years(periods: Iterable[Member]) -> frozenset[int]:
    """Years that the publisher calls Voorlopig or NaderVoorlopig."""
    found = ((_YEAR.fullmatch(p.key), (p.status or "").casefold()) for p in periods)
    return frozenset(int(m[1]) for m, status in found if m and "voorlopig" in status)


def reject_rows(account: Account, reason: str, keys: Keys, rejected: NDArray[np.bool_]) -> None:
    """Account for rejected rows, with some of their keys as examples."""
    count = int(rejected.sum())
    examples = np.unique(keys.index[rejected])[:_EXAMPLES]
    for example in examples:
        account.reject(reason, keys.texts[example] or "(blank)")
    if count > len(examples):
        account.reject(reason, rows=count - len(examples))


class Regions:
    """Areas in order of appearance, each with a number; a row refers to its area by number."""

    def __init__(self, listed: Mapping[str, Member]) -> None:
        self.codes: list[str] = []
        self.met: set[str] = set()
        """Keys as the publisher writes them, without padding."""
        self._listed = listed
        self._levels: list[Level] = []
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._changes: dict[int, int | None] = {}

    def number(self, keys: Keys) -> NDArray[np.int32]:
        """The area of each row, -1 where the key is no code of country, gemeente, wijk, buurt."""
        self.met.update(keys.texts)
        numbers = [self._number_of(key) for key in keys.texts]
        return np.array(numbers, np.int32)[keys.index]

    def name(self, areas: NDArray[np.int32], names: Keys) -> None:
        """Names of gemeenten and the country from a column; wijken have their gemeente there."""
        for area, name in zip(areas.tolist(), names.index.tolist(), strict=True):
            if self._levels[area] in (Level.LAND, Level.GEMEENTE):
                self._names.setdefault(area, names.texts[name])

    def change(self, areas: NDArray[np.int32], changes: Sequence[int | None]) -> None:
        """The Indelingswijziging of areas; the first that is known stays."""
        for area, change in zip(areas.tolist(), changes, strict=True):
            if change is not None or area not in self._changes:
                self._changes[area] = change

    def add_listed(self, account: Account) -> None:
        """Areas of the dimension's list that no row was about exist all the same."""
        for key in self._listed:
            if self._number_of(key) < 0:
                account.notes["listed-key-no-area"] += 1

    def areas(self, account: Account) -> Sequence[Areas]:
        """By level; the parent is what the list says, else what the code says."""
        listed = {code: entry for entry in self._listed.values() if (code := _code(entry.key))}
        gazetteer = Gazetteer(changes=bool(self._changes))
        for number, code in enumerate(self.codes):
            entry = listed.get(code)
            name = (entry and entry.title) or self._names.get(number) or None
            place = Place(
                name=name,
                terrain=terrain_of(name) if name else None,
                parent=_parent(code, entry, account),
                change=self._changes.get(number),
            )
            gazetteer.add(self._levels[number], code, place)
        return gazetteer.areas()

    def _number_of(self, key: str) -> int:
        try:
            level, code = parse_code(key)
        except MalformedCode:
            return -1
        if code not in self._numbers:
            self._numbers[code] = len(self.codes)
            self.codes.append(code)
            self._levels.append(level)
        return self._numbers[code]


def _parent(code: str, listed: Member | None, account: Account) -> str | None:
    """A list may know better than the code in which gemeente a wijk lies; a buurt's wijk not."""
    if listed is None or listed.gemeente in (None, gemeente_code(code)):
        return parent_code(code)
    account.notes["gemeente-differs-from-code"] += 1
    return listed.gemeente if code.startswith(Level.WIJK.prefix) else parent_code(code)


def _code(key: str) -> str | None:
    try:
        return parse_code(key)[1]
    except MalformedCode:
        return None


def _member(record: Record, role: str) -> Member:
    """v3 calls the key Key and the gemeente Municipality; v4 Identifier and DimensionGroupId."""
    key = text(record, "Key") or text(record, "Identifier")
    if key is None:
        raise BrokenLoad(f"{role} has an entry without a key")
    gemeente = text(record, "Municipality") or text(record, "DimensionGroupId")
    named = gemeente if gemeente and re.fullmatch(r"GM\d{4}", gemeente) else None
    return Member(key, text(record, "Title"), named, text(record, "Status"))
