"""Everything that areas and focus areas are called, made ready to search once a publication.

Areas are those of the vintage of each level that is meant where none is named. A former or later
name is what the same code is called in another loaded vintage, in the same gemeente: a lead, and no
claim that it is the same area. A code that this vintage lacks is found as well, also by its last
name where no area of this vintage is called so, and leads to the area that had it last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from db.core.area import AreaTable
from db.core.bounded import Bounded
from db.core.levels import Level
from db.core.names import NameIndex, NameKind, Names
from db.core.programme import Alias, FocusArea
from schema.context import Context
from schema.name_entries import Entries, Entry, Target
from schema.workshop import Work

_KEPT = "name indexes"
_KEPT_BYTES = 48 * 1024 * 1024
"""Of one publication: that of all levels takes some 12 MB, that of gemeenten and wijken 3 MB."""
_NAME_BYTES = 600
"""Of one name in an index, with its runs of letters and its text."""
_CODE_BYTES = 200


@dataclass(frozen=True, slots=True, eq=False)
class SearchIndex:
    """Names with what they lead to, the same for all requests of a publication."""

    targets: tuple[Target, ...]
    entries: tuple[Entry, ...]
    vintages: dict[tuple[Level, str], tuple[int, ...]]
    names: NameIndex

    def vintages_of(self, target: Target) -> tuple[int, ...]:
        """Loaded vintages of the level of an area that have its code, ascending."""
        return () if target.level is None else self.vintages.get((target.level, target.key), ())


@dataclass(frozen=True, slots=True, eq=False)
class _Material:
    """What an index is made of."""

    searched: dict[Level, AreaTable]
    loaded: dict[Level, list[AreaTable]]
    """Of each level searched, all vintages."""
    beside: list[AreaTable]
    aliases: list[Alias]
    focus_areas: Sequence[FocusArea]


def search_index(context: Context, levels: Sequence[Level]) -> SearchIndex:
    """The index of some levels, kept or made in a thread; refused where one has no vintage."""
    chosen = tuple(each for each in Level if each in levels)
    kept: Bounded[tuple[Level, ...], SearchIndex] = context.facts.remember(
        _KEPT, lambda: Bounded(_KEPT_BYTES)
    )
    known = kept.get(chosen)
    if known is not None:
        return known
    return context.made(
        Work(
            (_KEPT, chosen),
            # A second of work for all buurten.
            partial(_made, _material(context, chosen)),
            lambda made: kept.keep(chosen, made, _weight(made.entries)),
        )
    )


def _weight(entries: Iterable[Entry]) -> int:
    return sum(_CODE_BYTES if each.kind is NameKind.CODE else _NAME_BYTES for each in entries)


def _material(context: Context, levels: tuple[Level, ...]) -> _Material:
    searched = {level: context.table(level) for level in levels}
    reference = context.facts.head.reference
    return _Material(
        searched,
        {level: context.tables(level) for level in levels},
        _gemeenten_beside(context, searched),
        _aliases(context, searched),
        reference.focus_areas,
    )


def _made(material: _Material) -> SearchIndex:
    collected = Entries()
    for table in material.beside:
        collected.name_only(table)
    for level, table in material.searched.items():
        collected.areas(table, material.loaded[level])
    for alias in material.aliases:
        collected.alias(alias)
    for focus_area in material.focus_areas:
        collected.focus_area(focus_area)
    entries = tuple(collected.entries)
    names = NameIndex(_names(entries))
    return SearchIndex(tuple(collected.rows), entries, collected.vintages, names)


def _names(entries: Sequence[Entry]) -> Names:
    return Names(
        rows=np.array([each.row for each in entries], np.int32),
        texts=[each.text for each in entries],
        kinds=np.array([each.kind for each in entries], np.uint8),
        boosts=np.array([each.boost for each in entries], np.float64),
        within=np.array([each.within for each in entries], np.int32),
    )


def _gemeenten_beside(context: Context, searched: dict[Level, AreaTable]) -> list[AreaTable]:
    """Gemeenten of the vintages that wijken and buurten are found in, where not searched.

    Those are the vintages searched, and later ones, which have areas of their own.
    """
    below = {
        level: searched[level].vintage for level in (Level.WIJK, Level.BUURT) if level in searched
    }
    vintages = {
        vintage
        for level, year in below.items()
        for vintage in context.vintages(level)
        if vintage >= year
    }
    here = {searched[Level.GEMEENTE].vintage} if Level.GEMEENTE in searched else set()
    wanted = sorted(vintages.intersection(context.vintages(Level.GEMEENTE)) - here)
    return [context.table(Level.GEMEENTE, each) for each in wanted]


def _aliases(context: Context, searched: dict[Level, AreaTable]) -> list[Alias]:
    """Of each alias the one stated for the vintage searched, or else for what is meant of others.

    Where none of its vintages is loaded, for the newest.
    """
    best: dict[tuple[str, str], tuple[bool, bool, Any]] = {}
    found: dict[tuple[str, str], Alias] = {}
    for alias in context.facts.head.reference.aliases:
        table = searched.get(alias.level)
        if table is None:
            continue
        key = (alias.code, alias.name)
        known = context.facts.default_vintage.merit(alias.level, alias.vintage)
        merit = (alias.vintage == table.vintage, known is not None, known or alias.vintage)
        if key not in best or merit > best[key]:
            best[key], found[key] = merit, alias
    return list(found.values())
