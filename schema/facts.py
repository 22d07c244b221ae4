"""What a publication states beside figures, indexed once: memberships, lists, years of series.

Built from the head of a snapshot when first asked, and kept as long as the snapshot is.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from db.core.area import AreaTable
from db.core.block import SeriesKey
from db.core.bounded import Bounded
from db.core.levels import Level
from db.core.programme import Membership, MunicipalityGroupList
from db.core.suggest import nearest_slugs
from db.snapshot.keys import TableKey
from db.snapshot.snapshot import Snapshot
from db.snapshot.store import Head
from schema.default_vintage import DefaultVintage
from schema.errors import NoListOnDate, UnknownSlug
from schema.roster import Roster
from schema.withdrawals import Withdrawn
from schema.workshop import Workshop

T = TypeVar("T")
_REMEMBERED = 256
"""Questions of at most a hundred known slugs each: some kilobytes apiece."""
_PASSAGE_BYTES = 24_000_000
"""A way between two vintages of all buurten takes 0.6 MB, the lineages of ten vintages 4 MB."""
_ROSTERS = 12
"""Tables of which the orders are kept: some 6 MB with the table for the buurten of one vintage."""


@dataclass(frozen=True, slots=True)
class Availability:
    """The years for which an indicator has figures on the areas of one level and vintage."""

    level: Level
    vintage: int
    years: tuple[int, ...]
    indicator: str = ""
    """Its slug."""


class Facts:
    """Look-ups over the head of one publication."""

    def __init__(self, head: Head) -> None:
        reference = head.reference
        self.head = head
        published = head.publication
        self.edition = (published.number, published.published_at.isoformat())
        """The moment beside the number: another store counts its publications from 1 again."""
        self.programmes = {each.slug: each for each in reference.programmes}
        self.focus_areas = {each.slug: each for each in reference.focus_areas}
        self.groups = {each.slug: each for each in reference.groups}
        self.sources = {each.slug: each for each in reference.sources}
        self.funding = {each.slug: each for each in reference.funding}
        self.interventions = {each.slug: each for each in reference.interventions}
        self.statements = {each.slug: each for each in reference.statements}
        self.withdrawals = {each.slug: each for each in reference.withdrawals}
        self.publications = {each.number: each for each in head.publications}
        self._named: dict[str, dict[str, tuple[str, ...]]] = {
            "focus area": {a.slug: (a.name, *a.aliases) for a in reference.focus_areas},
            "programme": {p.slug: (p.name,) for p in reference.programmes},
            "municipality group": {g.slug: (g.name_nl, g.name_en) for g in reference.groups},
            "indicator": {i.slug: (i.name_nl, i.name_en) for i in head.indicators.values()},
            "funding stream": {f.slug: (f.name_nl, f.name_en) for f in reference.funding},
            "intervention": {i.slug: (i.place, i.name_nl) for i in reference.interventions},
            "statement": {s.slug: () for s in reference.statements},
        }
        """By kind: the names that each slug goes by."""
        self._of_area: dict[tuple[Level, int, str], list[Membership]] = defaultdict(list)
        self._of_focus_area: dict[str, list[Membership]] = defaultdict(list)
        self._of_version: dict[tuple[str, str], list[Membership]] = defaultdict(list)
        for each in reference.memberships:
            self._enter(each)
        self._stated = _vintages((level, vintage) for level, vintage, _ in self._of_area)
        self._lists: dict[str, list[MunicipalityGroupList]] = defaultdict(list)
        for listed in sorted(reference.group_lists, key=lambda each: each.as_of):
            self._lists[listed.group].append(listed)
        self._series: dict[str, list[Availability]] = defaultdict(list)
        for key, years in head.series.items():
            found = Availability(key.level, key.vintage, years, key.indicator)
            self._series[key.indicator].append(found)
        self._years: dict[tuple[str, Level], dict[int, tuple[int, ...]]] = {}
        self._rosters: Bounded[tuple[Level, int], Roster] = Bounded(_ROSTERS)
        self.remembered: Bounded[Hashable, Any] = Bounded(_REMEMBERED)
        """What questions of many requests have in common."""
        self.passages: Bounded[Hashable, Any] = Bounded(_PASSAGE_BYTES)
        """Ways between vintages, and lineages, by what they weigh."""
        self.workshop = Workshop()
        self.default_vintage = DefaultVintage(head)
        self.table_keys = dict(self._keys())
        """What to read for a level and vintage; for None the vintage that is meant by that."""

    def _enter(self, member: Membership) -> None:
        """Index a membership: of another composition it counts nowhere else."""
        if member.version is not None:
            self._of_version[member.focus_area, member.version].append(member)
            return
        self._of_focus_area[member.focus_area].append(member)
        if member.code is not None and member.vintage is not None:
            self._of_area[member.level, member.vintage, member.code].append(member)

    def _keys(self) -> Iterator[tuple[tuple[Level, int | None], TableKey]]:
        for level, vintages in self.head.vintages.items():
            yield from (((level, each), TableKey(level, each)) for each in vintages)
            meant = self.default_vintage.of([level])
            if meant is not None:
                yield (level, None), TableKey(level, meant)

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is made of facts alone, made once; the oldest are forgotten."""
        found: T | None = self.remembered.get(key)
        if found is None:
            found = make()
            self.remembered.keep(key, found)
        return found

    def is_complete(self, level: Level, vintage: int) -> bool:
        """Whether all areas of a level and vintage are loaded, and not only some of them."""
        return (level, vintage) not in self.head.partial

    def known_roster(self, table: AreaTable) -> Roster | None:
        """Orders and look-ups of this very table, where they are kept."""
        found = self._rosters.get((table.level, table.vintage))
        return found if found is not None and found.table is table else None

    def roster(self, table: AreaTable) -> Roster:
        """Orders and look-ups of a table of this publication."""
        found = self.known_roster(table)
        if found is None:
            found = Roster(table, self.is_complete(table.level, table.vintage))
            self._rosters.keep((table.level, table.vintage), found)
        return found

    def memberships_of_area(self, level: Level, vintage: int, code: str) -> list[Membership]:
        """Memberships stated for exactly this area, and for no other vintage of its code."""
        return self._of_area.get((level, vintage, code), [])

    def memberships_of(self, focus_area: str) -> list[Membership]:
        return self._of_focus_area.get(focus_area, [])

    def memberships_of_version(self, focus_area: str, version: str) -> list[Membership]:
        """Of another composition; they count nowhere else."""
        return self._of_version.get((focus_area, version), [])

    def stated_for(self, level: Level) -> tuple[int, ...]:
        """Vintages of a level for which any membership is stated, ascending."""
        return self._stated.get(level, ())

    def lists_of(self, group: str) -> list[MunicipalityGroupList]:
        """The dated lists of a group, oldest first."""
        return self._lists.get(group, [])

    def list_at(self, group: str, at: date | None) -> MunicipalityGroupList:
        """The newest list of a group that was there on a date, or the newest of all."""
        lists = self.lists_of(group)
        known = [each for each in lists if at is None or each.as_of <= at]
        if not known:
            raise NoListOnDate(group, at, lists[0].as_of if lists else None)
        return known[-1]

    def availability(self, indicator: str) -> list[Availability]:
        """Where an indicator has figures: by level from large to small, then by vintage."""
        order = list(Level)
        found = self._series.get(indicator, [])
        return sorted(found, key=lambda each: (order.index(each.level), each.vintage))

    def years(self, indicator: str, level: Level) -> dict[int, tuple[int, ...]]:
        """Every loaded year of an indicator at a level, ascending, with the vintages it is on."""
        known = self._years.get((indicator, level))
        if known is None:
            known = self._years[indicator, level] = self._collect(indicator, level)
        return known

    def _collect(self, indicator: str, level: Level) -> dict[int, tuple[int, ...]]:
        vintages: dict[int, list[int]] = defaultdict(list)
        for each in self.availability(indicator):
            if each.level is level:
                for year in each.years:
                    vintages[year].append(each.vintage)
        return {year: tuple(vintages[year]) for year in sorted(vintages)}

    def own_years(self, indicator: str, level: Level, vintage: int) -> tuple[int, ...]:
        """Loaded years of an indicator on the areas of exactly this vintage, ascending."""
        return self.head.series.get(SeriesKey(indicator, level, vintage), ())

    def require(self, kind: str, slug: str, argument: str = "slug") -> None:
        """Refuse a slug that this publication does not have, with the nearest that it has.

        `argument` is where it was given.
        """
        if slug not in self._named[kind]:
            if kind == "indicator" and slug in self.withdrawals:
                raise Withdrawn(self.withdrawals[slug], argument=argument)
            raise UnknownSlug(kind, slug, self.nearest(kind, slug), argument=argument)

    def nearest(self, kind: str, text: str) -> list[str]:
        """The slugs of a kind that a text may stand for, by slug and by name."""
        return nearest_slugs(text, self._named[kind])


def _vintages(stated: Iterable[tuple[Level, int]]) -> dict[Level, tuple[int, ...]]:
    """The vintages that are stated, by level, ascending."""
    found: dict[Level, set[int]] = defaultdict(set)
    for level, vintage in stated:
        found[level].add(vintage)
    return {level: tuple(sorted(vintages)) for level, vintages in found.items()}


@lru_cache(maxsize=2)
def facts_of(snapshot: Snapshot) -> Facts:
    """The facts of a snapshot, built once however many requests read it."""
    return Facts(snapshot.head)
