"""All values of one indicator on the areas of one level and vintage, for files: columns, no text.

Rows are those that `series` gives over GraphQL, from the same cells: every area in order of code,
and for each every loaded year. A year that only other vintages have is there, without a value.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.area import AreaTable
from db.core.block import NO_LOAD, Block
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
from schema.series import Asked, Outline, asked_of
from schema.spread import Figures
from schema.withdrawals import Withdrawn


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file cannot be made of what was asked, and what could be asked instead."""

    about: str
    """`indicator`, `level` or `vintage`."""
    code: str
    en: str
    nl: str
    allowed: Sequence[str | int] = ()
    suggestions: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What a file is of, once it is known that it can be made."""

    indicator: Indicator
    table: AreaTable
    complete: bool
    """False where only a part of the areas of this vintage is loaded."""
    asked: Asked


@dataclass(frozen=True, slots=True, eq=False)
class Extract:
    """The cells as arrays: a row for each area in order of code, a column for each year."""

    publication: int
    wanted: Wanted
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


def wanted(
    context: Context, slug: str | None, level: Level | None, vintage: int | None
) -> Wanted | list[Fault]:
    """What is asked for, or all that is wrong with it; None for what could not be read.

    Without a vintage it is the newest one that is loaded whole.
    """
    faults: list[Fault] = []
    table = None if level is None else table_or_faults(context, level, vintage, faults)
    found = None
    if slug is not None and table is not None:
        asked = asked_of(context, table, [slug], (None, None))
        found = asked.items[0]
        if isinstance(found, Problem):
            faults.insert(0, of_problem(found))
    elif slug is not None:
        faults[:0] = _unknown(context, slug)
    if faults or table is None or not isinstance(found, Outline):
        return faults
    complete = context.facts.is_complete(table.level, table.vintage)
    return Wanted(found.indicator, table, complete, asked)


def extract(context: Context, wanted: Wanted) -> Extract:
    """All cells of what is wanted, of the publication of this context."""
    table, spread = wanted.table, wanted.asked.spread
    blocks = context.blocks(spread.keys)
    ordinals = context.roster(table).by_code.ordinals
    figures = Figures(spread, blocks, Places(table, ordinals.tolist()))
    width = len(spread.columns)
    return Extract(
        publication=context.number,
        wanted=wanted,
        years=tuple(column.year for column in spread.columns),
        codes=[table.codes[i] for i in figures.places.ordinals],
        names=[table.names[i] for i in figures.places.ordinals],
        values=figures.numbers(lambda block: block.values),
        reasons=figures.reasons,
        provisional=figures.gathered(lambda block: block.provisional, np.zeros(width, np.bool_)),
        loads=figures.gathered(lambda block: block.loads, np.full(width, NO_LOAD, np.uint8)),
        sources=_sources(context, blocks),
        lower=_margin(figures, [block.lower for block in blocks], lower=True),
        upper=_margin(figures, [block.upper for block in blocks], lower=False),
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
        nl = str(error.extensions["messageNl"])
        faults.append(Fault(about, error.code, str(error), nl, allowed=loaded))
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
        context.facts.require("indicator", slug)
    except UnknownSlug as error:
        nl = str(error.extensions["messageNl"])
        near = context.facts.nearest("indicator", slug)
        return [Fault("indicator", "UNKNOWN_INDICATOR", str(error), nl, suggestions=near)]
    except Withdrawn as error:
        nl = str(error.extensions["messageNl"])
        return [Fault("indicator", error.code, str(error), nl)]
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
