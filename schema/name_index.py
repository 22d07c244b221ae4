"""Everything that areas and focus areas are called, made ready to search once a publication.

Areas are those of the newest whole vintage of each level. A former name is what the same code was
called in an older loaded vintage, in the same gemeente: a lead, and no claim that it is the same
area.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from db.core.area import AreaTable
from db.core.bounded import Bounded
from db.core.codes import gemeente_code
from db.core.levels import Level
from db.core.names import NameIndex, NameKind, Names, spellings
from db.core.programme import Alias, FocusArea
from schema.context import Context

_KEPT = "name indexes"
_KEPT_BYTES = 48 * 1024 * 1024
"""Of one publication: that of all levels takes some 12 MB, that of gemeenten and wijken 3 MB."""
_NAME_BYTES = 600
"""Of one name in an index, with its runs of letters and its text."""
_CODE_BYTES = 100
_BOOSTS = {Level.LAND: 0.1, Level.GEMEENTE: 0.1, Level.WIJK: 0.05, Level.BUURT: 0.0}
_FOCUS_AREA_BOOST = 0.05


class Target(NamedTuple):
    """What a name may lead to: an area of one vintage, or a focus area."""

    level: Level | None
    vintage: int | None
    key: str
    """Code of the area, or slug of the focus area."""
    asked: bool = True
    """False for a gemeente that is known only to be typed beside the name of a wijk or buurt."""


class Entry(NamedTuple):
    """One name, alias or code of a target."""

    row: int
    text: str
    kind: NameKind
    vintage: int | None
    """Of the boundaries on which it is, or was, called so."""
    alias: Alias | None
    boost: float
    within: int


@dataclass(frozen=True, slots=True, eq=False)
class SearchIndex:
    """Names with what they lead to, the same for all requests of a publication."""

    targets: tuple[Target, ...]
    entries: tuple[Entry, ...]
    names: NameIndex


def search_index(context: Context, levels: Sequence[Level]) -> SearchIndex:
    """The index of some levels, kept or made now; refused where one has no vintage."""
    chosen = tuple(each for each in Level if each in levels)
    kept: Bounded[tuple[Level, ...], SearchIndex] = context.facts.remember(
        _KEPT, lambda: Bounded(_KEPT_BYTES)
    )
    known = kept.get(chosen)
    if known is None:
        known = _made(context, chosen)
        kept.keep(chosen, known, _weight(known.entries))
    return known


def _weight(entries: Iterable[Entry]) -> int:
    return sum(_CODE_BYTES if each.kind is NameKind.CODE else _NAME_BYTES for each in entries)


def _made(context: Context, levels: tuple[Level, ...]) -> SearchIndex:
    collected = _Collected()
    newest = {level: context.table(level) for level in levels}
    former = {level: _former_names(newest[level], context.tables(level)) for level in levels}
    for table in _gemeenten_beside(context, newest):
        collected.name_only(table)
    for level, table in newest.items():
        collected.areas(context, table, former[level])
    reference = context.facts.head.reference
    for alias in _aliases(context, newest):
        collected.alias(alias)
    for focus_area in reference.focus_areas:
        collected.focus_area(focus_area)
    return SearchIndex(
        tuple(collected.rows), tuple(collected.entries), NameIndex(_names(collected.entries))
    )


def _names(entries: Sequence[Entry]) -> Names:
    return Names(
        rows=np.array([each.row for each in entries], np.int32),
        texts=[each.text for each in entries],
        kinds=np.array([each.kind for each in entries], np.uint8),
        boosts=np.array([each.boost for each in entries], np.float64),
        within=np.array([each.within for each in entries], np.int32),
    )


def _gemeenten_beside(context: Context, newest: dict[Level, AreaTable]) -> list[AreaTable]:
    """Gemeenten of the same vintages as the wijken and buurten, where those are not searched."""
    loaded = context.vintages(Level.GEMEENTE)
    below = {newest[each].vintage for each in (Level.WIJK, Level.BUURT) if each in newest}
    searched = newest.get(Level.GEMEENTE)
    vintages = below.intersection(loaded) - ({searched.vintage} if searched else set())
    return [context.table(Level.GEMEENTE, each) for each in sorted(vintages)]


def _former_names(newest: AreaTable, tables: Sequence[AreaTable]) -> dict[str, dict[str, int]]:
    """By code: names that it had before in the same gemeente, each with the last vintage of it."""
    found: dict[str, dict[str, int]] = {}
    for table in sorted(tables, key=lambda each: -each.vintage):
        if table.vintage >= newest.vintage:
            continue
        for code, before in table.ordinals.items():
            now = newest.ordinals.get(code)
            name = table.names[before]
            if now is None or not name or name == newest.names[now]:
                continue
            if _gemeente(table, before) != _gemeente(newest, now):
                continue
            names = found.setdefault(code, {})
            if name not in names and _proper(name) not in map(_proper, (newest.names[now], *names)):
                names[name] = table.vintage
    return found


def _proper(name: str) -> tuple[str, ...]:
    """The words of a name without its CBS number: `Wijk 01 Centrum` is not another name."""
    return spellings(name)[-1] if spellings(name) else ()


def _gemeente(table: AreaTable, ordinal: int) -> str | None:
    """Code of what an area lies in as far as it matters here: its gemeente, or the country."""
    parent = table.parents[ordinal]
    return gemeente_code(parent) or parent if parent else None


def _aliases(context: Context, newest: dict[Level, AreaTable]) -> list[Alias]:
    """Of each alias the one stated for the vintage searched, or else for the newest loaded one."""
    best: dict[tuple[str, str], tuple[bool, bool, int]] = {}
    found: dict[tuple[str, str], Alias] = {}
    for alias in context.facts.head.reference.aliases:
        table = newest.get(alias.level)
        if table is None:
            continue
        key = (alias.code, alias.name)
        loaded = alias.vintage in context.vintages(alias.level)
        merit = (alias.vintage == table.vintage, loaded, alias.vintage)
        if key not in best or merit > best[key]:
            best[key], found[key] = merit, alias
    return list(found.values())


@dataclass(slots=True)
class _Collected:
    """Targets and entries while they are gathered."""

    rows: dict[Target, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    gemeenten: dict[tuple[int | None, str | None], int] = field(default_factory=dict)
    """Rows of gemeenten by vintage and code."""

    def name_only(self, table: AreaTable) -> None:
        for code, ordinal in table.ordinals.items():
            row = self._row(Target(Level.GEMEENTE, table.vintage, code, asked=False))
            self._add(row, table.names[ordinal], NameKind.NAME, table.vintage)

    def areas(self, context: Context, table: AreaTable, former: dict[str, dict[str, int]]) -> None:
        boost = _BOOSTS[table.level]
        for ordinal in context.roster(table).by_code.ordinals.tolist():
            code, name = table.codes[ordinal], table.names[ordinal]
            row = self._row(Target(table.level, table.vintage, code))
            within = self._within(table, code)
            if name:
                self._add(row, name, NameKind.NAME, table.vintage, boost, within)
            self._add(row, code, NameKind.CODE, table.vintage, boost, within)
            for before, vintage in former.get(code, {}).items():
                self._add(row, before, NameKind.FORMER_NAME, vintage, boost, within)

    def alias(self, alias: Alias) -> None:
        row = self._row(Target(alias.level, alias.vintage, alias.code))
        within = self.gemeenten.get((alias.vintage, gemeente_code(alias.code)), -1)
        within = -1 if within == row else within
        boost = _BOOSTS[alias.level]
        self._add(row, alias.name, NameKind.ALIAS, alias.vintage, boost, within, alias)

    def focus_area(self, focus_area: FocusArea) -> None:
        row = self._row(Target(None, None, focus_area.slug))
        gemeente = (focus_area.gemeente_vintage, focus_area.gemeente_code)
        within = self.gemeenten.get(gemeente, -1)
        self._add(row, focus_area.name, NameKind.NAME, None, _FOCUS_AREA_BOOST, within)
        for name in focus_area.aliases:
            self._add(row, name, NameKind.ALIAS, None, _FOCUS_AREA_BOOST, within)

    def _within(self, table: AreaTable, code: str) -> int:
        if table.level in (Level.LAND, Level.GEMEENTE):
            return -1
        return self.gemeenten.get((table.vintage, gemeente_code(code)), -1)

    def _row(self, target: Target) -> int:
        row = self.rows.setdefault(target, len(self.rows))
        if target.level is Level.GEMEENTE:
            self.gemeenten.setdefault((target.vintage, target.key), row)
        return row

    def _add(
        self,
        row: int,
        text: str,
        kind: NameKind,
        vintage: int | None,
        boost: float = 0.0,
        within: int = -1,
        alias: Alias | None = None,
    ) -> None:
        self.entries.append(Entry(row, text, kind, vintage, alias, boost, within))
