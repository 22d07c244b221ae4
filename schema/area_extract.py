"""All areas of a level and vintage with chosen indicators beside them, for files: columns, no text.

The cells are those that `observations` gives over GraphQL: one year of each indicator, on the
boundaries of this vintage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.core.area import AreaTable
from db.core.codes import gemeente_code
from db.core.figures import Bytes, Floats
from db.core.levels import Level
from db.core.programme import Source
from schema.asked import Asked, asked_of
from schema.context import Context
from schema.export import Fault, no_such_gemeente, of_problem, table_or_faults
from schema.figures import Column, Problem
from schema.place import Places
from schema.provenance import provenance_of
from schema.publications import source_of
from schema.spread import Figures


@dataclass(frozen=True, slots=True, eq=False)
class WantedAreas:
    """What a file of areas is of, once it is known that it can be made."""

    table: AreaTable
    complete: bool
    """False where only a part of the areas of this vintage is loaded."""
    ordinals: list[int]
    """In order of their codes."""
    asked: Asked


@dataclass(frozen=True, slots=True, eq=False)
class AreaColumn:
    """One year of one indicator of every area."""

    of: Column
    values: Floats
    """NaN where there is none."""
    reasons: Bytes
    provisional: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class AreaExtract:
    """Areas in order of code, and a column for each indicator in the order asked."""

    publication: int
    wanted: WantedAreas
    columns: list[AreaColumn]
    sources: list[Source]
    """Of the map, then of the figures; each once."""


def wanted_areas(
    context: Context,
    level: Level | None,
    vintage: int | None,
    slugs: Sequence[str],
    year: int | None,
    gemeente: str | None,
) -> WantedAreas | list[Fault]:
    """What is asked for, or all that is wrong with it; a file never lacks a column in silence."""
    faults: list[Fault] = []
    table = None if level is None else table_or_faults(context, level, vintage, faults)
    if table is None:
        return faults
    asked = asked_of(context, table, slugs, year)
    faults += [of_problem(each) for each in asked.items if isinstance(each, Problem)]
    ordinals: list[int] = context.roster(table).by_code.ordinals.tolist()
    if gemeente is not None:
        ordinals = [i for i in ordinals if gemeente_code(table.codes[i]) == gemeente]
        if not ordinals:
            faults.append(no_such_gemeente(gemeente, table.vintage))
    if faults:
        return faults
    complete = context.facts.is_complete(table.level, table.vintage)
    return WantedAreas(table, complete, ordinals, asked)


def area_extract(context: Context, wanted: WantedAreas) -> AreaExtract:
    """All cells of what is wanted, of the publication of this context."""
    spread = wanted.asked.spread
    figures = wanted.asked.figures(context, Places(wanted.table, wanted.ordinals))
    values, reasons = figures.numbers(lambda block: block.values), figures.reasons
    nothing = np.zeros(len(spread.columns), np.bool_)
    provisional = figures.gathered(lambda block: block.provisional, nothing)
    return AreaExtract(
        publication=context.number,
        wanted=wanted,
        columns=[
            AreaColumn(column, values[:, i], reasons[:, i], provisional[:, i])
            for i, column in enumerate(spread.columns)
        ],
        sources=list(_sources(context, wanted, figures)),
    )


def _sources(context: Context, wanted: WantedAreas, figures: Figures) -> Iterator[Source]:
    loads = sorted({*wanted.table.shape_loads, *wanted.table.loads})
    loads += [number for block in figures.blocks for number in block.load_ids]
    seen = set()
    for number in loads:
        load = provenance_of(context, number)
        source = source_of(context, load.source) if load else None
        if source is not None and source.slug not in seen:
            seen.add(source.slug)
            yield source
