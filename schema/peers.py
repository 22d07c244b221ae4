"""Peers as a benchmark: the areas most like one in their context, and what they say together.

Who the peers are follows from a definition that the answer names: indicators of context, of the
year and the boundaries of the value, by the distance of `comparable`. What is studied is no context
of itself. Cells that the source withholds go into nothing, as with every other group.
"""

import hashlib
import json
from dataclasses import dataclass, replace

import numpy as np
import strawberry

from db.core.area import AreaTable
from db.core.benchmarks import benchmarks
from db.core.likeness import Measure
from schema.benchmark_cells import BenchmarkCells
from schema.benchmark_groups import MOST_COLUMNS, Asked, Compared, Group, guarded
from schema.comparison_enums import BenchmarkGroup, BenchmarkRefusal
from schema.context import Context
from schema.errors import LimitOutOfRange
from schema.figures import Column, Figure
from schema.likeness import FEWEST_INDICATORS, MOST_NEAREST, Found, likeness
from schema.roster import Ordinals

_METHOD = 1
"""Part of every id: raise it when peers are found in any other way."""
_CELLS = "cells of peers"
LEAST_USED = 0.5
"""Part of the indicators of a definition, but for the one studied, that must be usable."""
LABEL = "context@1"
CONTEXT = (
    "address_density", "population_density", "household_size", "population_0_15_share",
    "population_15_25_share", "population_25_45_share", "population_65_plus_share",
    "owner_occupied_share", "corporation_share", "multifamily_share",
)  # fmt: skip
"""Our own choice, of what surrounds people and not of how they fare: density, ages, households and
dwellings."""
COUNT = 20


@strawberry.input(description="Which areas are the peers of an area.")
class PeersInput:
    indicators: list[str] | None = strawberry.field(
        default=None,
        description="Slugs of the context, 2 to 40 different ones, neutral ones too. Choose what "
        f"surrounds people, not how they fare. Null: those of `{LABEL}`, our own choice.",
    )
    count: int = strawberry.field(
        default=COUNT, description="At most so many peers, the nearest first: 1 to 100."
    )
    measure: Measure = strawberry.field(
        default=Measure.EUCLIDEAN, description="How distance is measured."
    )
    exclude_own_gemeente: bool = strawberry.field(
        default=False, description="Whether areas of its own gemeente are no peers."
    )


@dataclass(frozen=True, slots=True)
class PeerDefinition:
    """Who counts as a peer."""

    indicators: tuple[str, ...]
    count: int
    measure: Measure
    exclude_own_gemeente: bool

    @property
    def id(self) -> str:
        """128 bits over all that changes an answer; the order of indicators does not."""
        content = [
            _METHOD, sorted(self.indicators), self.count, self.measure.value,
            self.exclude_own_gemeente,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]

    @property
    def label(self) -> str | None:
        return LABEL if sorted(self.indicators) == sorted(CONTEXT) else None


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """The source of a BenchmarkPeers: who the peers of one area are."""

    definition: PeerDefinition
    found: Found
    studied: frozenset[str]
    """What of the definition is the very indicator that is compared."""

    @property
    def number(self) -> int:
        return len(self.found.likeness.rows)

    @property
    def rows(self) -> Ordinals:
        """The peers as rows of the table, nearest first."""
        return self.found.of.rows[self.found.likeness.rows]

    @property
    def known(self) -> bool:
        """Whether enough of the context could be compared to say who they are."""
        used = len(self.found.likeness.used)
        asked = len(self.definition.indicators) - len(self.studied)
        return self.number > 0 and used >= FEWEST_INDICATORS and used >= LEAST_USED * asked


def definition_of(given: PeersInput | None) -> PeerDefinition:
    meant = PeersInput() if given is None else given
    if not 1 <= meant.count <= MOST_NEAREST:
        raise LimitOutOfRange("peers.count", meant.count, 1, MOST_NEAREST)
    slugs = CONTEXT if meant.indicators is None else tuple(dict.fromkeys(meant.indicators))
    return PeerDefinition(slugs, meant.count, meant.measure, meant.exclude_own_gemeente)


def peers_of(context: Context, figure: Figure, given: PeersInput | None) -> Peers:
    """The peers of an area for one figure, worked out once a request for all that ask for them."""
    definition, slug = definition_of(given), figure.indicator.slug
    studied = frozenset({slug}) & frozenset(definition.indicators)
    table = figure.area.table
    key = ("peers", table.level, table.vintage, figure.area.ordinal, figure.year, definition,
           studied)  # fmt: skip
    known: Peers | None = context.memo.get(key)
    if known is None:
        found = likeness(
            context,
            figure.area,
            definition.indicators,
            first=definition.count,
            measure=definition.measure,
            exclude_own_gemeente=definition.exclude_own_gemeente,
            year=figure.year,
            studied=studied,
            argument="peers.indicators",
        )
        known = context.memo[key] = Peers(definition, found, studied)
    return known


def beside_peers(context: Context, figure: Figure, peers: Peers) -> Compared | BenchmarkRefusal:
    """What the peers say together; or why nothing."""
    if not peers.known:
        return BenchmarkRefusal.PEERS_UNKNOWN
    table = figure.area.table
    cells = _of_rows(_cells(context, table, figure.of), peers.rows)
    one = np.zeros(peers.number, np.int32)
    group = Group(one, 1, one)
    found = benchmarks(
        cells.values, cells.weights, cells.rule, one, number=1, numerators=cells.numerators
    )
    revealing = np.zeros(1, np.bool_)
    asked = Asked(table.level, table.vintage, figure.indicator.slug, figure.year,
                  BenchmarkGroup.PEERS, None)  # fmt: skip
    return Compared(
        asked,
        group,
        guarded(found, cells, group, revealing, apart=False, chosen=True),
        revealing,
        cells.weighing,
        context.facts.is_complete(table.level, table.vintage),
    )


def _cells(context: Context, table: AreaTable, column: Column) -> BenchmarkCells:
    """The cells of a whole column, read once a request."""
    kept: dict[tuple[object, ...], BenchmarkCells] = context.memo.setdefault(_CELLS, {})
    key = (table.level, table.vintage, column.indicator.slug, column.year)
    if key not in kept:
        if len(kept) >= MOST_COLUMNS:
            what = "indicators and years beside peers", "indicatoren en jaren naast soortgenoten"
            raise LimitOutOfRange("indicators", len(kept) + 1, 0, MOST_COLUMNS, what=what)
        kept[key] = BenchmarkCells.of(context, table, column)
    return kept[key]


def _of_rows(cells: BenchmarkCells, rows: Ordinals) -> BenchmarkCells:
    numerators = cells.numerators
    return replace(
        cells,
        values=cells.values[rows],
        weights=replace(cells.weights, values=cells.weights.values[rows]),
        numerators=None if numerators is None else numerators[rows],
        secret=cells.secret[rows],
    )
