"""Where a series goes on with figures of another source: a break, as another definition is."""

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
    made: list[SeriesBreak] = []
    before: frozenset[str] = frozenset()
    for column, year in enumerate(block.periods):
        now = _sources(context, block, column)
        if now and before and not now & before:
            made.append(switch(context, year, before, now))
        before = now or before
    return tuple(made)


def _sources(context: Context, block: Block, column: int) -> frozenset[str]:
    used = np.flatnonzero(np.bincount(block.loads[:, column], minlength=256)).tolist()
    known = context.facts.head.loads
    ids = [block.load_ids[each] for each in used if each < len(block.load_ids)]
    return frozenset(known[each].source for each in ids if each in known)


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
