"""The stacking of all areas of a table: worked out once for a definition, and read by row."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from db.core import stacking as core
from db.core.area import AreaTable
from db.core.figures import Floats
from db.core.indicator import Indicator
from db.core.levels import Level
from db.core.percentiles import Percentiles
from db.core.stacking_definition import StackingDefinition
from schema.batch import Cycle, Same
from schema.column_texts import number_texts
from schema.comparison_enums import Exceeded
from schema.context import Context
from schema.errors import UnknownSlug
from schema.figures import newest_year
from schema.ground import Elsewhere, Ground, Items, Listed, Made, Reader, reads
from schema.percentiles import Judged, judged
from schema.roster import Roster
from schema.whole_table import column_of, inhabitants_of, on_land
from schema.workings import Workings

_ENTRY_BYTES = 4000
WORDS = {core.YES: Exceeded.YES, core.NO: Exceeded.NO, core.UNKNOWN: Exceeded.UNKNOWN}


class Asked(NamedTuple):
    """What is stacked; equal for equal questions."""

    definition: str
    """Its id: names and order of indicators do not matter."""
    level: Level
    vintage: int
    year: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """An indicator of a domain with the year of its values; without one it is unknown to all."""

    indicator: Indicator
    weight: float
    judged: Judged | None
    asked: int | None
    """The year that was asked for; None: the newest."""

    @property
    def places(self) -> Percentiles | None:
        """The places that count; None where there are too few to say anything of all areas."""
        return None if self.judged is None or not self.judged.for_all else self.judged.found


@dataclass(frozen=True, eq=False)
class Stacked:
    """All areas of a table under a definition, the same for all requests of a publication."""

    definition: StackingDefinition
    found: core.Stacking
    parts: tuple[tuple[Part, ...], ...]
    """By domain."""

    @cached_property
    def sensitivity(self) -> tuple[core.Stacking, ...]:
        return core.sensitivity(self.found)

    @cached_property
    def judged(self) -> int:
        return int(self.found.eligible.sum())


_WORKINGS: Workings[Asked, Stacked] = Workings(
    "stackings",
    ("different stackings in one request", "verschillende stapelingen in een verzoek"),
    "definition",
    most_asked=12,
    # Some thirty definitions on all wijken, or seven on all buurten.
    most_bytes=16 * 1024 * 1024,
)


def stacked(
    context: Context, table: AreaTable, definition: StackingDefinition, year: int | None
) -> Stacked:
    """The stacking of all areas of a table, kept or worked out now."""
    asked = Asked(definition.id, table.level, table.vintage, year)
    known = _WORKINGS.held(context.facts).get(asked)
    if known is not None and known.definition != definition:
        # The same indicators in another order, or under other names.
        _WORKINGS.held(context.facts).drop(asked)
    return _WORKINGS.take(
        context, asked, lambda: _worked_out(context, table, definition, year), _weight
    )


def _weight(made: Stacked) -> int:
    found = made.found
    arrays = (found.scores, found.percentiles, found.exceeded, found.count, found.unknown)
    return 4 * sum(each.nbytes for each in arrays) + _ENTRY_BYTES


def _worked_out(
    context: Context, table: AreaTable, definition: StackingDefinition, year: int | None
) -> Stacked:
    parts = tuple(
        tuple(
            Part(indicator, each.weight, _judged(context, table, indicator, definition, year), year)
            for each in domain.indicators
            if (indicator := context.facts.head.indicators.get(each.slug)) is not None
        )
        for domain in definition.domains
    )
    inhabitants = inhabitants_of(context, table)
    nobody = np.full(len(table), np.nan)
    columns = {
        part.indicator.slug: nobody if part.places is None else part.places.percentiles
        for domain in parts
        for part in domain
    }
    for domain in definition.domains:
        for each in domain.indicators:
            columns.setdefault(each.slug, nobody)
    found = core.stack(
        definition,
        np.array(list(columns.values())).T,
        list(columns),
        inhabitants=nobody if inhabitants is None else inhabitants.values,
        eligible=on_land(context, table),
    )
    return Stacked(definition, found, parts)


def _judged(
    context: Context,
    table: AreaTable,
    indicator: Indicator,
    definition: StackingDefinition,
    year: int | None,
) -> Judged | None:
    """The percentiles of an indicator; None where these boundaries have no figures of it."""
    own = context.facts.own_years(indicator.slug, table.level, table.vintage)
    wanted = year
    if wanted is None and own:
        wanted = newest_year(context, table.level, table.vintage, indicator)
    if wanted not in own or wanted is None:
        return None
    return judged(
        context,
        table,
        column_of(context, table, indicator, wanted),
        weighting=definition.weighting,
        minimum=max(1, definition.minimum_inhabitants),
    )


def find_definition(context: Context, text: str | None) -> StackingDefinition:
    """The definition with this label (`nplv-like@1`), or the newest of a slug; None: the first."""
    known = context.facts.head.reference.stacking
    found = [each for each in known if text is None or text in (each.label, each.slug)]
    if not found:
        labels = [each.label for each in known]
        raise UnknownSlug("stacking definition", text or "", labels, argument="definition")
    return found[0] if text is None else max(found, key=lambda each: each.version)


class StackedRows(Ground):
    """The stacking of all areas of a table."""

    type_name = "Stacking"

    def __init__(self, stacked: Stacked) -> None:
        self.stacked = stacked


class StackedParts(Ground):
    """The same by domain; each domain is a place."""

    type_name = "StackingPart"

    def __init__(self, stacked: Stacked) -> None:
        self.stacked = stacked
        self.width = len(stacked.definition.domains)


@reads(Roster, "stacking")
def _stacking_of_rows(
    roster: Roster, context: Context, definition: str | None = None, **given: Any
) -> Elsewhere | None:
    if given.get("own") is not None:
        return None
    meant = find_definition(context, definition)
    return Elsewhere([StackedRows(stacked(context, roster.table, meant, given.get("year")))])


def _counted(name: str, count: Any) -> None:
    @reads(StackedRows, name)
    def _(rows: StackedRows, _: Context) -> list[Reader]:
        return [Listed(list(map(str, count(rows.stacked.found).tolist())))]


_counted("count_min", lambda found: found.count_min)
_counted("count_max", lambda found: found.count_max)


@reads(StackedRows, "count")
def _count_of_rows(rows: StackedRows, _: Context) -> list[Reader]:
    found = rows.stacked.found
    known = np.where(found.certain, found.count.astype(np.float64), np.nan)
    return [Listed([text.removesuffix(".0") for text in number_texts(known)])]


@reads(StackedRows, "eligible")
def _eligible_of_rows(rows: StackedRows, _: Context) -> list[Reader]:
    eligible = rows.stacked.found.eligible
    return [Listed(Made(lambda row: "true" if eligible.item(row) else "false", len(eligible)))]


@reads(StackedRows, "judged")
def _judged_of_rows(rows: StackedRows, _: Context) -> Same:
    return Same(str(rows.stacked.judged))


@reads(StackedRows, "parts")
def _parts_of_rows(rows: StackedRows, _: Context) -> Items:
    return Items(StackedParts(rows.stacked), [slice(None)])


@reads(StackedParts, "domain")
def _domains_of_rows(parts: StackedParts, _: Context) -> Cycle:
    return Cycle([f'"{each.slug}"' for each in parts.stacked.definition.domains])


@reads(StackedParts, "threshold")
def _thresholds_of_rows(parts: StackedParts, _: Context) -> Cycle:
    return Cycle(number_texts(list(parts.stacked.definition.thresholds)))


@reads(StackedParts, "score")
def _scores_of_rows(parts: StackedParts, _: Context) -> list[Reader]:
    return _numbers(parts.stacked.found.scores)


@reads(StackedParts, "percentile")
def _percentiles_of_rows(parts: StackedParts, _: Context) -> list[Reader]:
    return _numbers(parts.stacked.found.percentiles)


def _numbers(values: Floats) -> list[Reader]:
    return [Listed(number_texts(values[:, at].copy())) for at in range(values.shape[1])]


@reads(StackedParts, "exceeded")
def _exceeded_of_rows(parts: StackedParts, _: Context) -> list[Reader]:
    texts = {code: f'"{word.name}"' for code, word in WORDS.items()}
    columns = parts.stacked.found.exceeded.T.tolist()
    return [Listed([texts[each] for each in column]) for column in columns]
