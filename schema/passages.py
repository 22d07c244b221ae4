"""From one vintage to another: which links there are, the way through them, and lineages.

Whole levels are worked out at once and kept by their weight, for as long as the publication.
"""

from collections.abc import Hashable, Mapping, Sequence
from sys import getsizeof

from db.core.area_links import AreaLinks, Vintage
from db.core.harmonise import compose
from db.core.levels import Level
from db.core.lineage import lineages as lineages_of
from db.core.linked import LinkedPair
from db.core.passage import Pair, Passage, Route, passage, route, stay
from schema.context import Context
from schema.workshop import Work

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
    return weigh_all(context, level, [source], target)[0]


def weigh_all(
    context: Context, level: Level, sources: Sequence[int], target: int
) -> list[Passage | None]:
    """The weights from the areas of each of some vintages to those of one, by `weigh`."""
    ways = {each: way(context, level, each, target) for each in sources if each != target}
    routes = {source: steps for source, steps in ways.items() if steps is not None}
    kept = context.facts.passages
    made: dict[int, Passage] = {}
    for source in routes:
        known = kept.get(_key(level, source, target))
        if known is not None:
            made[source] = known
    if len(made) < len(routes):
        made |= _made(context, level, routes, target)
    if target in sources:
        made[target] = stay(len(context.table(level, target)))
    return [made.get(each) for each in sources]


def _made(
    context: Context, level: Level, routes: Mapping[int, Route], target: int
) -> dict[int, Passage]:
    """Passages to a vintage, made in a thread: some milliseconds for each of all buurten."""
    gone_through = {step.pair for steps in routes.values() for step in steps}
    pairs = [each for each in context.pairs(level) if each.pair in gone_through]
    found = context.links(level, pairs)
    links = {p.pair: each.links for p, each in zip(pairs, found, strict=True)}

    def keep(made: dict[int, Passage]) -> None:
        for source, each in made.items():
            context.facts.passages.keep(_key(level, source, target), each, each.nbytes)

    name = ("passages", level, target, *sorted(routes))
    return context.made(Work(name, lambda: _passages(routes, links), keep))


def _passages(routes: Mapping[int, Route], links: Mapping[Pair, AreaLinks]) -> dict[int, Passage]:
    """By source. The rest of a way is one that others need too: each step is gone through once."""
    made: dict[Route, Passage] = {}

    def along(steps: Route) -> Passage:
        if steps not in made:
            first = passage(steps[:1], links)
            if len(steps) > 1:
                onward = along(steps[1:])
                first = Passage(compose(first.weights, onward.weights), steps)
            made[steps] = first
        return made[steps]

    return {source: along(steps) for source, steps in routes.items()}


def _key(level: Level, source: int, target: int) -> Hashable:
    return ("passage", level, source, target)


def lineages(context: Context, level: Level) -> Lineages:
    """Lineages of every area of every vintage of a level; made in a thread."""
    key = ("lineages", level)
    kept = context.facts.passages
    known: Lineages | None = kept.get(key)
    if known is not None:
        return known
    tables = context.tables(level)
    pairs = context.pairs(level)
    links = {
        (each.pair.old, each.pair.new): found.links
        for each, found in zip(pairs, context.links(level, pairs), strict=True)
    }

    def make() -> Lineages:
        vintages = [Vintage(table.vintage, table.codes, table.names) for table in tables]
        found = lineages_of(vintages, links)
        return {each.year: named for each, named in zip(vintages, found, strict=True)}

    return context.made(Work(key, make, lambda made: kept.keep(key, made, _weight(made))))


def before(context: Context, level: Level, vintage: int) -> LinkedPair | None:
    """The pair that shows what areas of a vintage were before; by maps rather than statements."""
    return _best([each for each in context.pairs(level) if each.pair.new == vintage])


def after(context: Context, level: Level, vintage: int) -> LinkedPair | None:
    """The pair that shows what became of areas of a vintage; by maps rather than statements."""
    return _best([each for each in context.pairs(level) if each.pair.old == vintage])


def _best(pairs: list[LinkedPair]) -> LinkedPair | None:
    return min(pairs, key=lambda each: each.pair.stated, default=None)


def _weight(found: Lineages) -> int:
    texts = {text for named in found.values() for text in named}
    return sum(map(getsizeof, texts)) + sum(map(getsizeof, found.values()))
