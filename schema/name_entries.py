"""What areas and focus areas are called, as entries to search: names, former names, aliases, codes.

Made of tables alone, so that a thread may do it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from db.core.area import AreaTable
from db.core.codes import gemeente_code
from db.core.levels import Level
from db.core.names import NameKind, spellings
from db.core.programme import Alias, FocusArea

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
    alias: Alias | None = None
    boost: float = 0.0
    within: int = -1
    lacked: bool = False
    """Whether it is of a code that the vintage searched lacks."""


@dataclass(slots=True)
class Entries:
    """Targets and entries while they are gathered."""

    rows: dict[Target, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    vintages: dict[tuple[Level, str], tuple[int, ...]] = field(default_factory=dict)
    """Loaded vintages that have a code, ascending."""
    gemeenten: dict[tuple[int | None, str | None], int] = field(default_factory=dict)
    """Rows of gemeenten by vintage and code."""

    def name_only(self, table: AreaTable) -> None:
        """Gemeenten that are not searched, to be typed beside a name."""
        for code, ordinal in table.ordinals.items():
            row = self._row(Target(Level.GEMEENTE, table.vintage, code, asked=False))
            self.entries.append(Entry(row, table.names[ordinal], NameKind.NAME, table.vintage))

    def areas(self, table: AreaTable, loaded: Sequence[AreaTable]) -> None:
        """The areas of a table, and by code or last name those of other vintages that it lacks."""
        vintages = _vintages(loaded)
        others = _other_names(table, loaded)
        for code, ordinal in sorted(table.ordinals.items()):
            self._area(table, code, table.names[ordinal], others.get(code, {}))
        self._gone(table, loaded, vintages)
        self.vintages |= {(table.level, code): years for code, years in vintages.items()}

    def _gone(
        self,
        table: AreaTable,
        loaded: Sequence[AreaTable],
        vintages: Mapping[str, tuple[int, ...]],
    ) -> None:
        """Codes that a table lacks, and their last names where none of its areas is called so."""
        by_year = {each.vintage: each for each in loaded}
        standing = {_proper(table.names[ordinal]) for ordinal in table.ordinals.values()}
        for code in sorted(vintages.keys() - table.ordinals.keys()):
            last = by_year[vintages[code][-1]]
            row = self._row(Target(table.level, last.vintage, code))
            within = self._around(last, code)
            named = Entry(row, code, NameKind.CODE, last.vintage, within=within, lacked=True)
            self.entries.append(named)
            name = last.names[last.ordinals[code]]
            if _proper(name) and _proper(name) not in standing:
                boost, kind = _BOOSTS[table.level], _kind_of(last.vintage, table)
                self.entries.append(named._replace(text=name, kind=kind, boost=boost))

    def _area(self, table: AreaTable, code: str, name: str, others: dict[str, int]) -> None:
        row = self._row(Target(table.level, table.vintage, code))
        within = self._around(table, code)
        named = [(name, NameKind.NAME, table.vintage)] if name else []
        coded = [(code, NameKind.CODE, table.vintage)]
        called = [(text, _kind_of(vintage, table), vintage) for text, vintage in others.items()]
        boost = _BOOSTS[table.level]
        for text, kind, vintage in (*named, *coded, *called):
            self.entries.append(Entry(row, text, kind, vintage, None, boost, within))

    def alias(self, alias: Alias) -> None:
        row = self._row(Target(alias.level, alias.vintage, alias.code))
        within = self._gemeente(alias.vintage, alias.code)
        self.entries.append(
            Entry(
                row,
                alias.name,
                NameKind.ALIAS,
                alias.vintage,
                alias,
                _BOOSTS[alias.level],
                -1 if within == row else within,
            )
        )

    def focus_area(self, area: FocusArea) -> None:
        row = self._row(Target(None, None, area.slug))
        within = self.gemeenten.get((area.gemeente_vintage, area.gemeente_code), -1)
        names = [(area.name, NameKind.NAME), *((each, NameKind.ALIAS) for each in area.aliases)]
        for text, kind in names:
            self.entries.append(Entry(row, text, kind, None, None, _FOCUS_AREA_BOOST, within))

    def _around(self, table: AreaTable, code: str) -> int:
        """The gemeente that a wijk or buurt lies in, where its names were gathered."""
        inside = table.level not in (Level.LAND, Level.GEMEENTE)
        return self._gemeente(table.vintage, code) if inside else -1

    def _gemeente(self, vintage: int | None, code: str) -> int:
        return self.gemeenten.get((vintage, gemeente_code(code)), -1)

    def _row(self, target: Target) -> int:
        row = self.rows.setdefault(target, len(self.rows))
        if target.level is Level.GEMEENTE:
            self.gemeenten.setdefault((target.vintage, target.key), row)
        return row


def _vintages(tables: Iterable[AreaTable]) -> dict[str, tuple[int, ...]]:
    """By code the vintages that have it, ascending."""
    found: dict[str, list[int]] = defaultdict(list)
    for table in sorted(tables, key=lambda each: each.vintage):
        for code in table.ordinals:
            found[code].append(table.vintage)
    # Few different ones among many codes: each is held once.
    same: dict[tuple[int, ...], tuple[int, ...]] = {}
    listed = ((code, tuple(years)) for code, years in found.items())
    return {code: same.setdefault(years, years) for code, years in listed}


def _kind_of(vintage: int, searched: AreaTable) -> NameKind:
    """What a name of another vintage is to who searches this one."""
    return NameKind.LATER_NAME if vintage > searched.vintage else NameKind.FORMER_NAME


def _other_names(searched: AreaTable, tables: Sequence[AreaTable]) -> dict[str, dict[str, int]]:
    """By code: names of other vintages in the same gemeente, each with the nearest that has it.

    One that an earlier vintage has is a former name, whatever later ones say.
    """
    year = searched.vintage
    found: dict[str, dict[str, int]] = {}
    for table in sorted(tables, key=lambda each: (each.vintage > year, abs(each.vintage - year))):
        if table.vintage == year:
            continue
        for code, there in table.ordinals.items():
            here = searched.ordinals.get(code)
            name = table.names[there]
            if here is None or not name or name == searched.names[here]:
                continue
            if _inside(table, there) != _inside(searched, here):
                continue
            names = found.setdefault(code, {})
            if name not in names and _proper(name) not in map(
                _proper, (searched.names[here], *names)
            ):
                names[name] = table.vintage
    return found


def _proper(name: str) -> tuple[str, ...]:
    """The words of a name without its CBS number: `Wijk 01 Centrum` is not another name."""
    return spellings(name)[-1] if spellings(name) else ()


def _inside(table: AreaTable, ordinal: int) -> str | None:
    """Code of what an area lies in as far as it matters here: its gemeente, or the country."""
    parent = table.parents[ordinal]
    return gemeente_code(parent) or parent if parent else None
