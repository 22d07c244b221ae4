"""Figures of focus areas as the properties of features: every one asked for, also where none is.

An area of which no unit counts, or whose units have no figures of an indicator, has the same
properties as the others, and they say why nothing is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from db.core.absence import Reason
from db.core.levels import Level
from schema.aggregates import Value, values_of_area
from schema.asked import asked_of
from schema.composed import Composed
from schema.context import Context
from schema.figures import Problem
from service.rest.features.area_layer import refuse_problems, state_text

_LEVELS = (Level.WIJK, Level.BUURT)


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one focus area."""

    slug: str
    value: float | None
    reason: Reason
    year: int | None
    """None where nothing says which year it would be of."""
    provisional: bool = False

    @property
    def text(self) -> str:
        """As the properties of a feature have it, after those before it."""
        number = orjson.dumps(self.value).decode()
        state = state_text(self.slug, self.reason, self.year, provisional=self.provisional)
        return f',"{self.slug}":{number}{state}'


def refuse_unknown(context: Context, vintage: int, slugs: Sequence[str], year: int | None) -> None:
    """Refuses indicators that units of no level can have figures of, each with the reason."""
    levels = [level for level in _LEVELS if vintage in context.vintages(level)]
    fixed = [asked_of(context, context.table(each, vintage), slugs, year).fixed for each in levels]
    if fixed:
        nowhere = sorted(set.intersection(*(set(each) for each in fixed)))
        refuse_problems([fixed[0][at] for at in nowhere])


def cells(
    context: Context, composed: Composed | None, slugs: Sequence[str], year: int | None
) -> list[Cell]:
    """The indicators of one focus area, in the order of the slugs."""
    if composed is None or not composed.units:
        return [Cell(slug, None, Reason.NO_UNITS, year) for slug in slugs]
    return [_cell(each, year) for each in values_of_area(context, composed, slugs, year)]


def _cell(found: Value | Problem, year: int | None) -> Cell:
    if isinstance(found, Problem):
        return Cell(found.slug, None, Reason.NOT_LOADED, year)
    return Cell(
        found.indicator.slug, found.value, found.reason, found.year, provisional=found.provisional
    )
