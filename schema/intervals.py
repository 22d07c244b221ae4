"""How certain a value is: limits with what they rest on, or that nothing is known of it."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import strawberry

from db.core.absence import Status
from db.core.figures import Floats
from db.core.indicator import Direction, Indicator, Kind, Nature
from db.core.uncertainty import Basis, Intervals, byar, byar_rate, rounded, wilson
from schema.context import Context, Info
from schema.errors import BadArgument
from schema.fields import argument, field
from schema.figures import Figure
from schema.language import LanguageArgument, chosen
from schema.whole_table import column_of

_LEAST, _MOST = 0.5, 0.999
_TEXT_EN = {
    Basis.NONE: "Nothing is known of how certain this value is; that does not make it certain.",
    Basis.PUBLISHER: "The source's own margins.",
    Basis.BINOMIAL: "Chance in a share of few people (Wilson's interval); what the source gets "
    "wrong is not in it.",
    Basis.POISSON: "Chance in small numbers (Byar's approximation); what the source gets wrong is "
    "not in it.",
    Basis.ROUNDING: "Only how the source rounds: it gives a multiple, the number lies around it.",
    Basis.HARMONISATION: "Bounds of a conversion from other boundaries.",
}
_TEXT_NL = {
    Basis.NONE: "Van de zekerheid van deze waarde is niets bekend; daarmee is zij niet zeker.",
    Basis.PUBLISHER: "De eigen marges van de bron.",
    Basis.BINOMIAL: "Toeval in een aandeel van weinig mensen (interval van Wilson); fouten van de "
    "bron zitten er niet in.",
    Basis.POISSON: "Toeval in kleine aantallen (benadering van Byar); fouten van de bron zitten er "
    "niet in.",
    Basis.ROUNDING: "Alleen de afronding door de bron: zij geeft een veelvoud, het aantal ligt "
    "daaromheen.",
    Basis.HARMONISATION: "Grenzen van een omrekening vanaf andere grenzen.",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The source of an Interval."""

    basis: Basis
    lower: float | None = None
    upper: float | None = None
    level: float | None = None
    denominator: float | None = None


def limits_of(context: Context, figure: Figure, level: float) -> Limits | None:
    """The limits of a value; None where there is no value."""
    value = figure.value
    if value is None:
        return None
    if figure.lower is not None and figure.upper is not None:
        return Limits(Basis.PUBLISHER, figure.lower, figure.upper)
    indicator, given = figure.indicator, np.array([value])
    # What a model or a survey makes has another uncertainty than the chance in its result.
    if figure.status is not Status.OBSERVED or indicator.nature is not Nature.MEASURED:
        return Limits(Basis.NONE)
    base, judged = float(figure.rounding or 0), indicator.direction is not Direction.NEUTRAL
    if indicator.kind is Kind.SHARE:
        number = _denominator(context, figure)
        if number is not None:
            step = 10.0**-indicator.decimals
            found = wilson(np.array([number]), percent=given, rounding=step, level=level)
            return _limits(found, level, number)
    if indicator.kind is Kind.RATE and indicator.factor != 1.0 and judged:
        number = _denominator(context, figure)
        if number:
            return _limits(_of_rate(indicator, given, number, level), level, number)
    if indicator.kind is Kind.COUNT and judged:
        return _limits(byar(given, rounding=base, level=level), level)
    if indicator.kind is Kind.COUNT and base:
        return _limits(rounded(given, base=base, least=0.0), None)
    return Limits(Basis.NONE)


def _of_rate(indicator: Indicator, given: Floats, number: float, level: float) -> Intervals:
    """Limits of events per `factor` of a known number; a published rate is rounded to decimals."""
    events = number / indicator.factor
    step = 10.0**-indicator.decimals
    return byar_rate(
        given * events, np.array([number]),
        per=indicator.factor, rounding=step * events, level=level,
    )  # fmt: skip


def _denominator(context: Context, figure: Figure) -> float | None:
    """What a share is of, in the same year on the same boundaries; None where that is absent."""
    slug = figure.indicator.denominator
    indicator = context.facts.head.indicators.get(slug) if slug else None
    table = figure.area.table
    own = () if slug is None else context.facts.own_years(slug, table.level, table.vintage)
    if indicator is None or figure.year not in own:
        return None
    column = column_of(context, table, indicator, figure.year)
    return Figure(column, context.blocks([column.key])[0], figure.area).value


def _limits(found: Intervals, level: float | None, denominator: float | None = None) -> Limits:
    basis = Basis(int(found.bases[0]))
    if basis is Basis.NONE:
        return Limits(basis)
    return Limits(basis, float(found.lower[0]), float(found.upper[0]), level, denominator)


ConfidenceArgument = Annotated[
    float, argument("Probability that the limits are made for: 0.5 to 0.999.")
]


def check_level(level: float) -> None:
    """Refuses what is no probability that limits are made for."""
    if not _LEAST <= level <= _MOST:
        raise BadArgument(
            f"`level` is {level:g}; it must be from {_LEAST} to {_MOST}, such as 0.95",
            f"`level` is {level:g}; het moet van {_LEAST} tot {_MOST} zijn, zoals 0.95",
            argument="level",
            minimum=_LEAST,
            maximum=_MOST,
        )


def interval(
    source: strawberry.Parent[Figure], info: Info, level: ConfidenceArgument = 0.95
) -> Any:
    check_level(level)
    return limits_of(info.context, source, level)


def interval_text(
    source: strawberry.Parent[Limits], info: Info, language: LanguageArgument = None
) -> str:
    return (_TEXT_EN if chosen(info.context, language) == "en" else _TEXT_NL)[source.basis]


@strawberry.type(description="Between which limits a value lies, and what those rest on.")
class Interval:
    basis: Basis = field("What the limits rest on; NONE: nothing is known, and there are none.")
    lower: float | None = field("Lower limit, in the indicator's unit; null where basis is NONE.")
    upper: float | None = field("Upper limit, in the indicator's unit; null where basis is NONE.")
    level: float | None = field(
        "Probability that they are made for; null for the source's own margins and for rounding."
    )
    denominator: float | None = field(
        "The number that a share or rate is of: of the same year, on the same boundaries."
    )
    text: str = field("What they rest on, in a sentence.", interval_text)
