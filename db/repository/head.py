"""The small things of a publication, read once when it is opened."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from db.core.block import SeriesKey
from db.core.completeness import Counted
from db.core.indicator import Indicator
from db.core.levels import Level
from db.core.linked import LinkedPair
from db.core.programme import Reference
from db.core.publication import Load, Publication


@dataclass(frozen=True, slots=True)
class Head:
    publication: Publication
    publications: tuple[Publication, ...]
    """All up to and including this one, newest first."""
    loads: Mapping[int, Load]
    indicators: Mapping[str, Indicator]
    reference: Reference
    vintages: Mapping[Level, tuple[int, ...]]
    """Vintages with areas, ascending, for each level."""
    series: Mapping[SeriesKey, tuple[int, ...]]
    """Years (ascending) for which a block exists, for each series."""
    partial: frozenset[tuple[Level, int]] = frozenset()
    """Levels and vintages of which no load lists all areas: only some of them are known."""
    block_versions: Mapping[SeriesKey, int] = field(default_factory=dict)
    """Publication that last changed the block of a series; this one where it is not given."""
    counted: Mapping[SeriesKey, Counted] = field(default_factory=dict)
    """The areas of each series by status; not where an earlier release wrote its block."""
    area_versions: Mapping[tuple[Level, int], int] = field(default_factory=dict)
    """Publication that last changed an area or shape of a level and vintage; likewise."""
    linked: Mapping[Level, tuple[LinkedPair, ...]] = field(default_factory=dict)
    """Pairs of vintages whose areas are linked, in order of years, for each level."""
