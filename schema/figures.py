"""Which cell of which block answers a question for a whole table, worked out once per request.

A year that is published on other vintages only has no value here: it is never joined on the code.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from db.core.absence import Reason, Status
from db.core.area import AreaTable
from db.core.block import NO_LOAD, Block, SeriesKey
from db.core.figures import Floats, known
from db.core.indicator import Indicator
from db.core.levels import Level, Terrain
from schema.context import Context
from schema.enums import ProblemCode
from schema.errors import LimitOutOfRange
from schema.place import Place
from schema.withdrawals import withdrawn_texts

T = TypeVar("T")
MOST_INDICATORS = 100
_SUGGESTED = 20
"""Unknown slugs of one request for which the nearest are looked up: each look-up costs 3 ms."""
_REASONS: dict[int, Reason] = {int(reason): reason for reason in Reason}
ROUNDED_LEVELS = frozenset({Level.WIJK, Level.BUURT})
"""Levels whose values CBS rounds."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one indicator of a list has no answer."""

    slug: str
    code: ProblemCode
    message: str
    message_nl: str
    suggestions: Sequence[str] = ()
    levels: Sequence[Level] = ()
    limit: int | None = None

    @classmethod
    def one_too_many(cls, slug: str, refusal: LimitOutOfRange) -> "Problem":
        """An item beyond what one request may ask; those before it keep their answers."""
        code, texts = ProblemCode.LIMIT_OUT_OF_RANGE, (refusal.en, refusal.nl)
        return cls(slug, code, *texts, limit=refusal.highest)


@dataclass(frozen=True, eq=False)
class Answers(Generic[T]):
    """What a list of slugs comes to, in their order: an answer or a problem for each."""

    items: tuple[T | Problem, ...]

    @cached_property
    def given(self) -> list[T]:
        return [each for each in self.items if not isinstance(each, Problem)]

    @cached_property
    def places(self) -> list[int]:
        """Where the answers stand among the items."""
        return [i for i, each in enumerate(self.items) if not isinstance(each, Problem)]

    @cached_property
    def fixed(self) -> dict[int, Problem]:
        """Problems by where they stand among the items."""
        return {i: each for i, each in enumerate(self.items) if isinstance(each, Problem)}

    @cached_property
    def problems(self) -> list[tuple[Sequence[int], Sequence[Problem]]]:
        return [((i,), (each,)) for i, each in self.fixed.items()]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One year of one indicator on the areas of one table, the same for all requests."""

    indicator: Indicator
    key: SeriesKey
    year: int
    place: int
    """Column of the block; -1 where it has no such year."""
    absent: Reason
    """Why there is no figure where the block has no such column."""
    published_on: tuple[int, ...]
    """Other vintages that this year is published on, where it is not on this one."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """The source of an Observation: a cell, read only as far as asked."""

    of: Column
    block: Block | None
    """The block of the column's indicator; None where it has no such year."""
    area: Place

    @property
    def indicator(self) -> Indicator:
        return self.of.indicator

    @property
    def year(self) -> int:
        return self.of.year

    @property
    def published_on(self) -> tuple[int, ...]:
        return self.of.published_on

    @property
    def _block(self) -> Block | None:
        block = self.block
        return None if block is None or self.area.ordinal >= len(block.values) else block

    @property
    def reason(self) -> Reason:
        block = self._block
        found = self.of.absent if block is None else _REASONS[block.reasons.item(*self._at)]
        # Water that joined after the block was made has no cell that says so: its terrain does.
        lacks = found is Reason.NOT_LOADED and self.area.terrain is not Terrain.LAND
        return Reason.WATER_OR_ABROAD if lacks else found

    @property
    def status(self) -> Status:
        return self.reason.status

    @property
    def value(self) -> float | None:
        block = self._block
        return None if block is None else known(block.values.item(*self._at))

    @property
    def lower(self) -> float | None:
        return self._margin(None if self._block is None else self._block.lower)

    @property
    def upper(self) -> float | None:
        return self._margin(None if self._block is None else self._block.upper)

    @property
    def provisional(self) -> bool:
        block = self._block
        return block is not None and bool(block.provisional.item(*self._at))

    @property
    def rounding(self) -> int | None:
        fine = self.area.level in ROUNDED_LEVELS and self.value is not None
        return self.of.indicator.rounding if fine else None

    @property
    def load(self) -> int | None:
        block = self._block
        index = NO_LOAD if block is None else block.loads.item(*self._at)
        return None if block is None or index >= len(block.load_ids) else block.load_ids[index]

    @property
    def _at(self) -> tuple[int, int]:
        return self.area.ordinal, self.of.place

    def _margin(self, margins: Floats | None) -> float | None:
        return None if margins is None else known(margins.item(*self._at))


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Indicators asked of the areas of one table, each resolved as far as the head allows."""

    level: Level
    vintage: int
    items: tuple[Indicator | Problem, ...]


def worked_out(
    context: Context,
    table: AreaTable,
    slugs: Sequence[str],
    what: Hashable,
    make: Callable[[Question], T],
) -> T:
    """What follows from a list of slugs alone, made once for all requests that ask for it."""
    key = (what, table.level, table.vintage, *slugs)
    found: T | None = context.facts.remembered.get(key)
    if found is None:
        found = context.memo.get(key)
    if found is None:
        asked = _question(context, table, slugs)
        found = make(asked)
        if all(slug in context.facts.head.indicators for slug in slugs):
            context.facts.remembered.keep(key, found)
        else:
            # What strangers make up is worked out for one request and then forgotten.
            context.memo[key] = found
    return found


def _question(context: Context, table: AreaTable, slugs: Sequence[str]) -> Question:
    if len(slugs) > MOST_INDICATORS:
        raise LimitOutOfRange("indicators", len(slugs), 0, MOST_INDICATORS)
    items = tuple(resolve(context, table.level, slug) for slug in slugs)
    return Question(table.level, table.vintage, items)


def resolve(context: Context, level: Level, slug: str) -> Indicator | Problem:
    """The indicator of a slug where it has figures at a level, or why it has none."""
    facts = context.facts
    indicator = facts.head.indicators.get(slug)
    if indicator is not None and facts.years(slug, level):
        return indicator
    levels = list(dict.fromkeys(each.level for each in facts.availability(slug)))
    gone = facts.withdrawals.get(slug)
    if gone is not None and not levels:
        return Problem(slug, ProblemCode.WITHDRAWN, *withdrawn_texts(gone))
    if indicator is None:
        return _unknown(context, slug)
    if indicator.gap and not levels:
        note = (indicator.note_en or "").strip(), (indicator.note_nl or "").strip()
        return Problem(
            slug,
            ProblemCode.NO_OPEN_SOURCE,
            f"no open national table of {slug} exists; load your own. {note[0]}".strip(),
            f"van {slug} bestaat geen open landelijke tabel; laad uw eigen. {note[1]}".strip(),
        )
    if not levels:
        return Problem(
            slug,
            ProblemCode.NOT_LOADED,
            f"this publication has no figures of {slug}",
            f"deze publicatie heeft geen cijfers van {slug}",
        )
    listed = ", ".join(each.name for each in levels)
    return Problem(
        slug,
        ProblemCode.NOT_AVAILABLE_AT_LEVEL,
        f"{slug} has no figures for {level.name}; it has for {listed}",
        f"{slug} heeft geen cijfers voor {level.name}; wel voor {listed}",
        levels=levels,
    )


def _unknown(context: Context, slug: str) -> Problem:
    unknown: dict[str, Problem] = context.memo.setdefault("unknown indicators", {})
    if slug not in unknown:
        near = context.facts.nearest("indicator", slug) if len(unknown) < _SUGGESTED else []
        listed = ", ".join(near)
        unknown[slug] = Problem(
            slug,
            ProblemCode.UNKNOWN_INDICATOR,
            f"there is no indicator {slug[:60]!r}" + (f"; nearest: {listed}" if near else ""),
            f"er is geen indicator {slug[:60]!r}"
            + (f"; het dichtst erbij: {listed}" if near else ""),
            suggestions=near,
        )
    return unknown[slug]


def columns(
    context: Context, level: Level, vintage: int, indicator: Indicator, years: Iterable[int]
) -> tuple[Column, ...]:
    """The columns of an indicator for some years, on the areas of one level and vintage."""
    key = SeriesKey(indicator.slug, level, vintage)
    published = context.facts.years(indicator.slug, level)
    own = {
        year: i for i, year in enumerate(context.facts.own_years(indicator.slug, level, vintage))
    }
    return tuple(
        Column(indicator, key, year, own[year], Reason.NOT_LOADED, ())
        if year in own
        else Column(
            indicator,
            key,
            year,
            -1,
            Reason.OTHER_BOUNDARIES if year in published else Reason.NOT_LOADED,
            published.get(year, ()),
        )
        for year in years
    )


def newest_year(context: Context, level: Level, vintage: int, indicator: Indicator) -> int:
    """Newest year with figures on this vintage; where it has none, on any vintage of the level.

    A vintage of which only a part is loaded is looked at only where there is no other.
    """
    facts = context.facts
    own = facts.own_years(indicator.slug, level, vintage)
    if own:
        return own[-1]
    years = facts.years(indicator.slug, level)
    whole = [y for y, on in years.items() if any(facts.is_complete(level, each) for each in on)]
    return max(whole or years)
