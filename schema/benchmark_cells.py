"""The published cells that benchmarks are made of, by area; what is withheld is left out."""

from dataclasses import dataclass

import numpy as np

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.benchmark_rows import Mask
from db.core.benchmarks import Rule, WeighedBy, Weights
from db.core.figures import Bytes, Floats
from db.core.indicator import Aggregation, Indicator, Kind
from schema.context import Context
from schema.figures import Column
from schema.whole_table import column_of, inhabitants_column, on_land, values_of

_PERHAPS = [Reason.DOT, Reason.NO_FIGURE, Reason.MISSING_CODE]
"""Signs that stand for secret too, or do not say that they do not."""


@dataclass(frozen=True, slots=True)
class BenchmarkCells:
    """The cells that everything is made of, by area."""

    values: Floats
    weights: Weights
    weighing: Column | None
    rule: Rule
    numerators: Floats | None
    recomputable: bool
    """False: the parts to recompute from are not there."""
    additive: bool
    """Whether what is published for a whole follows from what is published for its parts."""
    secret: Mask
    """Areas on land whose value the source withholds, or may have withheld."""

    @classmethod
    def of(cls, context: Context, table: AreaTable, column: Column) -> "BenchmarkCells":
        indicator = column.indicator
        rule = _rule(indicator)
        slugs = (indicator.denominator, indicator.numerator)
        denominator, numerator = (_beside(context, table, each, column.year) for each in slugs)
        recomputed = rule.aggregates_by(Aggregation.RECOMPUTE)
        recomputable = not recomputed or None not in (denominator, numerator)
        weighing = denominator or inhabitants_column(context, table)
        # All that is not at hand is asked for at once.
        wanted = [column, weighing or column, numerator or column]
        values, weights, numerators = values_of(context, table, wanted)
        if weighing is None:
            weights = np.full(len(table), np.nan)
        reasons = _reasons(context, table, column)
        # Where there is nothing to count, a sign that may stand for secret hides nothing.
        secret = on_land(context, table) & (
            (reasons == Reason.CONFIDENTIAL) | (np.isin(reasons, _PERHAPS) & ~(weights == 0))
        )
        by = WeighedBy.INHABITANTS if denominator is None else WeighedBy.DENOMINATOR
        return cls(
            values=np.where(secret, np.nan, values),
            weights=Weights(by, weights),
            weighing=weighing,
            rule=rule if recomputable else Rule(rule.kind, Aggregation.NONE),
            # Two published numbers may tell a quotient that the source withholds.
            numerators=np.where(secret, np.nan, numerators) if recomputed else None,
            recomputable=recomputable,
            additive=Rule.of(indicator).aggregable,
            secret=secret,
        )


def _rule(indicator: Indicator) -> Rule:
    """The catalogue's, but for indices: the index of parts is not the mean of their indices."""
    rule = Rule.of(indicator)
    return Rule(rule.kind, Aggregation.NONE) if rule.kind is Kind.INDEX else rule


def _beside(context: Context, table: AreaTable, slug: str | None, year: int) -> Column | None:
    """An indicator of the same year on the same boundaries; None where that is not loaded."""
    indicator = context.facts.head.indicators.get(slug or "")
    found = None if indicator is None else column_of(context, table, indicator, year)
    return None if found is None or found.place < 0 else found


def _reasons(context: Context, table: AreaTable, column: Column) -> Bytes:
    """Why each area has its value or none."""
    reasons = np.full(len(table), int(Reason.NOT_LOADED), np.uint8)
    if column.place >= 0:
        (block,) = context.blocks([column.key])
        found = block.reasons[: len(table), column.place]
        reasons[: len(found)] = found
    return reasons
