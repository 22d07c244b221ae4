"""Which vintage is meant where a question names none: the one rule of every door.

A list of codes comes out long before any figure on its boundaries. Who names no year wants figures,
so such a vintage waits until a publisher has some; somebody's own indicator does not make it usual
for all others.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from db.core.completeness import STATUSES, Counted
from db.core.indicator import Origin
from db.core.levels import Level
from db.snapshot.store import Head

RULE = (
    "the newest that is loaded whole and has figures of a publisher; where none has, the newest "
    "that is loaded whole, or else in part"
)
RULE_NL = (
    "de nieuwste die geheel geladen is en cijfers van een uitgever heeft; heeft geen enkele die, "
    "dan de nieuwste die geheel, of anders deels, geladen is"
)


class Has(IntEnum):
    """Whose values there are on the areas of a level and vintage, the better ones higher."""

    NONE = 0
    OWN = 1
    PUBLISHED = 2


class Merit(NamedTuple):
    """What makes a vintage go before another, the first thing first."""

    whole: bool
    has: Has
    vintage: int


class DefaultVintage:
    """The merits of every vintage of a publication, found out once."""

    def __init__(self, head: Head) -> None:
        has = _what_there_is(head)
        self._merits = {
            (level, vintage): Merit(
                (level, vintage) not in head.partial, has.get((level, vintage), Has.NONE), vintage
            )
            for level, vintages in head.vintages.items()
            for vintage in vintages
        }

    def merit(self, level: Level, vintage: int) -> Merit | None:
        """None for a vintage that is not loaded."""
        return self._merits.get((level, vintage))

    def of(self, levels: Iterable[Level]) -> int | None:
        """The vintage that is meant for areas of all these levels; None where none has them all.

        One vintage goes before another by the worse of its levels first.
        """
        wanted = frozenset(levels)
        vintages = {vintage for level, vintage in self._merits if level in wanted}
        known = [
            sorted(self._merits[level, vintage] for level in wanted)
            for vintage in vintages
            if all((level, vintage) in self._merits for level in wanted)
        ]
        best = max(known, key=_together, default=None)
        return best[0].vintage if best else None

    def among(self, stated: Iterable[tuple[Level, int]]) -> int | None:
        """The same of some levels and vintages that a fact is stated for; None: none is loaded."""
        merits = [self._merits[each] for each in stated if each in self._merits]
        return max(merits).vintage if merits else None


def _together(merits: Sequence[Merit]) -> tuple[bool, list[Has], int]:
    """The merit of one vintage for several levels, of which the worst comes first."""
    return (
        all(each.whole for each in merits),
        sorted(each.has for each in merits),
        merits[0].vintage,
    )


def _what_there_is(head: Head) -> dict[tuple[Level, int], Has]:
    found: dict[tuple[Level, int], Has] = {}
    for key in head.series:
        at = (key.level, key.vintage)
        indicator = head.indicators.get(key.indicator)
        own = indicator is not None and indicator.origin is Origin.OWN
        has = Has.OWN if own else Has.PUBLISHED
        if found.get(at, Has.NONE) < has and _has_any_value(head.counted.get(key)):
            found[at] = has
    return found


def _has_any_value(counted: Counted | None) -> bool:
    """Whether a series has a value and not only reasons for absence; yes where nobody counted."""
    if counted is None:
        return True
    width = len(STATUSES)
    return any(n and STATUSES[at % width].has_value for at, n in enumerate(counted.counts))
