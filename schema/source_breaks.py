"""Where a series goes on with figures of another source: a break, as another definition is."""

from collections.abc import Iterable, Sequence

import numpy as np

from db.core.block import Block
from db.core.indicator import SeriesBreak
from schema.context import Context


def source_breaks(context: Context, block: Block | None) -> tuple[SeriesBreak, ...]:
    """Years of a block in which no cell is of a source that any cell of the year before is of.

    Years without a cell of any load are passed over.
    """
    if block is None:
        return ()
    return context.facts.remember(
        ("source breaks", block.key, block.load_ids), lambda: _found(context, block)
    )


def _found(context: Context, block: Block) -> tuple[SeriesBreak, ...]:
    sources = [_sources(context, block, column) for column in range(len(block.periods))]
    return switches(context, block.periods, sources)


def switches(
    context: Context, years: Sequence[int], sources: Sequence[frozenset[str]]
) -> tuple[SeriesBreak, ...]:
    """Years with no source of the year before; years without any source are passed over."""
    made: list[SeriesBreak] = []
    before: frozenset[str] = frozenset()
    for year, now in zip(years, sources, strict=True):
        if now and before and not now & before:
            made.append(switch(context, year, before, now))
        before = now or before
    return tuple(made)


def within(years: Sequence[int], breaks: Iterable[SeriesBreak]) -> list[SeriesBreak]:
    """The breaks after the first and up to the last of some ascending years, oldest first."""
    inside = (each for each in breaks if years and years[0] < each.year <= years[-1])
    return sorted(inside, key=lambda each: each.year)


def _sources(context: Context, block: Block, column: int) -> frozenset[str]:
    used = np.flatnonzero(np.bincount(block.loads[:, column], minlength=256)).tolist()
    return sources_of(context, [block.load_ids[i] for i in used if i < len(block.load_ids)])


def sources_of(context: Context, loads: Iterable[int]) -> frozenset[str]:
    """The sources of loads, by slug."""
    known = context.facts.head.loads
    return frozenset(known[each].source for each in loads if each in known)


def switch(context: Context, year: int, before: frozenset[str], now: frozenset[str]) -> SeriesBreak:
    """The break in a year; no source at all stands for several."""
    names = [_named(context, each) for each in (before, now)]
    return SeriesBreak(
        year,
        f"Andere bron: {names[1][0]}; daarvoor {names[0][0]}.",
        f"Another source: {names[1][1]}; before that {names[0][1]}.",
    )


def _named(context: Context, slugs: frozenset[str]) -> tuple[str, str]:
    if len(slugs) != 1:
        return "verschillende bronnen", "several sources"
    (slug,) = slugs
    source = context.facts.sources.get(slug)
    return (source.name_nl, source.name_en) if source else (slug, slug)
