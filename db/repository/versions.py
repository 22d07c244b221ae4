"""Which publication last changed the areas and shapes of a level and vintage, or the facts.

Told from what publications say they changed and which loads went into them: both are read anyway,
where asking every row of every map takes half a second. A version may be younger than the rows,
which costs a reload; it is never older.
"""

from collections.abc import Iterable, Mapping, Sequence

from db.core.levels import Level
from db.core.publication import Load, Publication

_LEAVES_AREAS = ("cells_", "facts_", "address_counts_", "tiles_", "links_")
"""Counts of what changes no area; any other kind of count may have changed some."""
_LEAVES_FACTS = ("cells_", "areas_", "shapes_", "address_counts_", "tiles_", "links_")
"""Likewise for facts."""


def area_versions(
    publications: Sequence[Publication],
    loads: Iterable[Load],
    vintages: Mapping[Level, Sequence[int]],
) -> dict[tuple[Level, int], int]:
    """By level and vintage; `publications` are all up to the one that is read, newest first."""
    touching = [each for each in publications if _changes(each, _LEAVES_AREAS)]
    loaded: dict[int, set[int]] = {}
    for load in loads:
        loaded.setdefault(load.publication, set()).add(load.vintage)
    newest = publications[0].number
    return {
        (level, vintage): _last(touching, loaded, vintage, newest)
        for level, listed in vintages.items()
        for vintage in listed
    }


def last_facts(publications: Sequence[Publication]) -> Publication:
    """The publication that last changed a reference fact; `publications` as above."""
    changing = (each for each in publications if _changes(each, _LEAVES_FACTS))
    return next(changing, publications[0])


def _changes(publication: Publication, leaves: tuple[str, ...]) -> bool:
    return any(not name.startswith(leaves) for name in publication.counts)


def _last(
    touching: Sequence[Publication], loaded: Mapping[int, set[int]], vintage: int, newest: int
) -> int:
    for publication in touching:
        vintages = loaded.get(publication.number)
        if vintages is None or vintage in vintages or _leaves_demonstration(publication):
            return publication.number
    # Areas that no publication owns up to: nothing is taken over from an earlier one.
    return newest


def _leaves_demonstration(publication: Publication) -> bool:
    return any(name.startswith("demonstration_") for name in publication.counts)
