"""From one vintage to another: which links there are, the way through them, and lineages.

Whole levels are worked out at once and kept by their weight, for as long as the publication.
"""

from collections.abc import Callable, Hashable, Mapping
from sys import getsizeof
from typing import TypeVar

from db.core.area_links import Vintage
from db.core.harmonise import compose
from db.core.levels import Level
from db.core.lineage import lineages as lineages_of
from db.core.linked import LinkedPair
from db.core.passage import Passage, Route, passage, route, stay
from schema.context import Context

T = TypeVar("T")

Lineages = Mapping[int, tuple[str, ...]]
"""By vintage, the lineage of each area in order of ordinal: `WK003402@2016`."""


def way(context: Context, level: Level, source: int, target: int) -> Route | None:
    """The pairs through which areas of one vintage are carried to another; never waits.

    None where no links lead there. Either of the two may be the earlier one.
    """
    return route([each.pair for each in context.pairs(level)], source, target)


def weigh(context: Context, level: Level, source: int, target: int) -> Passage | None:
    """The weights from the areas of vintage `source` to those of vintage `target`.

    Rows of both are ordinals of the level's tables. None where no links lead there.
    """
    if source == target:
        return stay(len(context.table(level, source)))
    steps = way(context, level, source, target)
    if steps is None:
        return None

    def make() -> Passage:
        gone_through = {step.pair for step in steps}
        pairs = [each for each in context.pairs(level) if each.pair in gone_through]
        found = context.links(level, pairs)
        links = {p.pair: each.links for p, each in zip(pairs, found, strict=True)}
        if len(steps) == 1:
            return passage(steps, links)
        # The rest of the way is one that others need too: each step is gone through once.
        onward = weigh(context, level, steps[0].target, target)
        assert onward is not None
        first = passage(steps[:1], links)
        by = compose(first.weights, onward.weights)
        return Passage(by, (*first.steps, *onward.steps))

    return _kept(context, ("passage", level, source, target), make, lambda made: made.nbytes)


def lineages(context: Context, level: Level) -> Lineages:
    """Lineages of every area of every vintage of a level."""

    def make() -> Lineages:
        tables = context.tables(level)
        pairs = context.pairs(level)
        links = {
            (each.pair.old, each.pair.new): found.links
            for each, found in zip(pairs, context.links(level, pairs), strict=True)
        }
        vintages = [Vintage(table.vintage, table.codes, table.names) for table in tables]
        found = lineages_of(vintages, links)
        return {each.year: named for each, named in zip(vintages, found, strict=True)}

    return _kept(context, ("lineages", level), make, _weight)


def before(context: Context, level: Level, vintage: int) -> LinkedPair | None:
    """The pair that shows what areas of a vintage were before; by maps rather than statements."""
    return _best([each for each in context.pairs(level) if each.pair.new == vintage])


def after(context: Context, level: Level, vintage: int) -> LinkedPair | None:
    """The pair that shows what became of areas of a vintage; by maps rather than statements."""
    return _best([each for each in context.pairs(level) if each.pair.old == vintage])


def _best(pairs: list[LinkedPair]) -> LinkedPair | None:
    return min(pairs, key=lambda each: each.pair.stated, default=None)


def _kept(context: Context, key: Hashable, make: Callable[[], T], weight: Callable[[T], int]) -> T:
    kept = context.facts.passages
    found: T | None = kept.get(key)
    if found is None:
        found = make()
        kept.keep(key, found, weight(found))
    return found


def _weight(found: Lineages) -> int:
    texts = {text for named in found.values() for text in named}
    return sum(map(getsizeof, texts)) + sum(map(getsizeof, found.values()))
