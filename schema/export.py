"""All values of indicators on the areas of one level and vintage, for files: columns, no text.

Rows are those that `series` gives over GraphQL, from the same cells: every area in order of code,
and for each every loaded year. A year that only other vintages have is there, without a value.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from db.core.area import AreaTable
from db.core.block import NO_LOAD, Block
from db.core.codes import gemeente_code
from db.core.figures import Bytes, Floats
from db.core.indicator import Indicator
from db.core.levels import Level
from db.core.programme import Source
from schema.context import Context
from schema.errors import UnknownSlug, VintageNotLoaded
from schema.figures import Problem
from schema.place import Places
from schema.provenance import provenance_of
from schema.publications import source_of
from schema.series import Asked, asked_of
from schema.span import Span
from schema.spread import Figures
from schema.withdrawals import Withdrawn


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file cannot be made of what was asked, and what could be asked instead."""

    about: str
    """`indicator`, `level`, `vintage`, `year` or `gemeente`."""
    code: str
    en: str
    nl: str
    allowed: Sequence[str | int] = ()
    suggestions: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What a file is of, once it is known that it can be made."""

    table: AreaTable
    complete: bool
    """False where only a part of the areas of this vintage is loaded."""
    ordinals: list[int]
    """In order of their codes."""
    gemeente: str | None
    """The one that they lie in, where they were asked of one."""
    asked: list[Asked]
    """One for each indicator."""

    @property
    def indicators(self) -> list[Indicator]:
        return [each.outlines[0].indicator for each in self.asked]


@dataclass(frozen=True, slots=True, eq=False)
class Extract:
    """The cells of one indicator: a row for each area in order of code, a column for each year."""

    publication: int
    indicator: Indicator
    table: AreaTable
    years: tuple[int, ...]
    codes: list[str]
    names: list[str]
    """Empty where no source gives a name."""
    values: Floats
    reasons: Bytes
    provisional: NDArray[np.bool_]
    loads: Bytes
    """Index into `sources`."""
    sources: dict[int, Source]
    """Whose the cells of a load are. A cell that no load gave has none."""
    lower: Floats | None
    upper: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class Extracts:
    """The extracts of all indicators that are wanted; each is made when it is its turn.

    Everything they are made of is held, so that none can fail.
    """

    publication: int
    wanted: Wanted
    parts: list[Callable[[], Extract]]
    sources: list[Source]
    """Each once."""

    def __iter__(self) -> Iterator[Extract]:
        return (part() for part in self.parts)

    @property
    def rows(self) -> int:
        """How many cells there are of all indicators together."""
        years = sum(len(asked.spread.columns) for asked in self.wanted.asked)
        return years * len(self.wanted.ordinals)

    @property
    def name(self) -> tuple[Hashable, ...]:
        """Extracts of one publication that have the same name have the same cells."""
        wanted = self.wanted
        asked = [
            (indicator.slug, *(column.year for column in of.spread.columns))
            for indicator, of in zip(wanted.indicators, wanted.asked, strict=True)
        ]
        return wanted.table.level, wanted.table.vintage, wanted.gemeente, tuple(asked)


def wanted(
    context: Context,
    slugs: Sequence[str],
    level: Level | None,
    vintage: int | None,
    year: int | None = None,
    gemeente: str | None = None,
) -> Wanted | list[Fault]:
    """What is asked for, or all that is wrong with it; None for what could not be read.

    Without a vintage it is the one that is meant by that.
    """
    faults: list[Fault] = []
    table = None if level is None else table_or_faults(context, level, vintage, faults)
    if table is None:
        return [*(each for slug in slugs for each in _unknown(context, slug)), *faults]
    asked = [asked_of(context, table, [slug], Span(year, year)) for slug in slugs]
    about = [each for one in asked for each in _of_items(context, one, table.level, year)]
    ordinals: list[int] = context.roster(table).by_code.ordinals.tolist()
    if gemeente is not None:
        ordinals = [i for i in ordinals if gemeente_code(table.codes[i]) == gemeente]
        if not ordinals:
            faults.append(no_such_gemeente(gemeente, table.vintage))
    if about or faults or not asked:
        return [*about, *faults]
    complete = context.facts.is_complete(table.level, table.vintage)
    return Wanted(table, complete, ordinals, gemeente, asked)


def extracts(context: Context, wanted: Wanted) -> Extracts:
    """All cells of what is wanted, of the publication of this context."""
    # All that must be read is asked for at once.
    context.blocks([key for asked in wanted.asked for key in asked.spread.keys])
    table = wanted.table
    codes = [table.codes[i] for i in wanted.ordinals]
    names = [table.names[i] for i in wanted.ordinals]
    parts: list[Callable[[], Extract]] = []
    found: dict[str, Source] = {}
    for asked in wanted.asked:
        blocks = context.blocks(asked.spread.keys)
        sources = _sources(context, blocks)
        found |= {each.slug: each for each in sources.values()}
        figures = Figures(asked.spread, blocks, Places(table, wanted.ordinals))
        indicator = asked.outlines[0].indicator
        parts.append(partial(_extract, context.number, indicator, figures, codes, names, sources))
    return Extracts(context.number, wanted, parts, list(found.values()))


def _extract(
    publication: int,
    indicator: Indicator,
    figures: Figures,
    codes: list[str],
    names: list[str],
    sources: dict[int, Source],
) -> Extract:
    columns, blocks = figures.spread.columns, figures.blocks
    width = len(columns)
    return Extract(
        publication=publication,
        indicator=indicator,
        table=figures.places.table,
        years=tuple(column.year for column in columns),
        codes=codes,
        names=names,
        values=figures.numbers(lambda block: block.values),
        reasons=figures.reasons,
        provisional=figures.gathered(lambda block: block.provisional, np.zeros(width, np.bool_)),
        loads=figures.gathered(lambda block: block.loads, np.full(width, NO_LOAD, np.uint8)),
        sources=sources,
        lower=_margin(figures, [block.lower for block in blocks], lower=True),
        upper=_margin(figures, [block.upper for block in blocks], lower=False),
    )


def _of_items(context: Context, asked: Asked, level: Level, year: int | None) -> Iterator[Fault]:
    """What is wrong with an indicator: it has no figures at this level, or none of this year."""
    for item in asked.items:
        if isinstance(item, Problem):
            yield of_problem(item)
        elif not item.years and year is not None:
            slug = item.indicator.slug
            years = sorted(context.facts.years(slug, level))
            listed = ", ".join(map(str, years))
            yield Fault(
                "year",
                "NOT_LOADED",
                f"{slug} has no figures of {year}; it has of {listed}",
                f"{slug} heeft geen cijfers van {year}; wel van {listed}",
                allowed=years,
            )


def no_such_gemeente(code: str, vintage: int) -> Fault:
    return Fault(
        "gemeente",
        "UNKNOWN_CODE",
        f"there is no gemeente {code} with areas in the vintage {vintage}",
        f"er is geen gemeente {code} met gebieden in de indeling {vintage}",
    )


def table_or_faults(
    context: Context, level: Level, vintage: int | None, faults: list[Fault]
) -> AreaTable | None:
    """The table asked for; where that is not loaded, another one of the level to look further."""
    try:
        return context.table(level, vintage)
    except VintageNotLoaded as error:
        loaded = context.vintages(level)
        about = "vintage" if loaded else "level"
        nl = error.nl
        faults.append(Fault(about, error.code, error.en, nl, allowed=loaded))
        return context.table(level) if loaded else None


def of_problem(problem: Problem) -> Fault:
    return Fault(
        "indicator",
        problem.code.name,
        problem.message,
        problem.message_nl,
        allowed=[level.value for level in problem.levels],
        suggestions=problem.suggestions,
    )


def _unknown(context: Context, slug: str) -> list[Fault]:
    """What is wrong with a slug at any level."""
    try:
        context.facts.require("indicator", slug, "indicator")
    except UnknownSlug as error:
        nl = error.nl
        near = context.facts.nearest("indicator", slug)
        return [Fault("indicator", "UNKNOWN_INDICATOR", error.en, nl, suggestions=near)]
    except Withdrawn as error:
        nl = error.nl
        return [Fault("indicator", error.code, error.en, nl)]
    return []


def _sources(context: Context, blocks: Sequence[Block]) -> dict[int, Source]:
    found: dict[int, Source] = {}
    # One indicator on one vintage lies in one block, so an index means one load.
    for block in blocks:
        for index, number in enumerate(block.load_ids):
            load = provenance_of(context, number)
            source = source_of(context, load.source) if load else None
            if source is not None:
                found[index] = source
    return found


def _margin(figures: Figures, margins: Sequence[Floats | None], *, lower: bool) -> Floats | None:
    if all(margin is None for margin in margins):
        return None
    return figures.numbers(lambda block: block.lower if lower else block.upper)
