"""Published inhabitants of a focus area beside those of its units: does the composition fit?

What belongs in part, to an unknown extent or perhaps gives bounds, and never one number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import strawberry

from db.core.block import SeriesKey
from db.core.programme import Extent, Membership
from schema.context import Context, Info
from schema.fact_enums import Fit
from schema.fields import field
from schema.language import LanguageArgument, chosen
from schema.selection import counts
from schema.whole_table import POPULATION

_ROUNDED_TO = (1000, 100, 10)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The source of a Reconciliation."""

    published: int | None
    published_on: date | None
    why_en: str = ""
    why_nl: str = ""
    least: int | None = None
    most: int | None = None
    year: int | None = None
    vintage: int | None = None
    units: int = 0
    without_figure: int = 0
    uncertain: int = 0
    unidentified: int = 0
    rounding: float = 0.0

    @property
    def difference(self) -> int | None:
        if self.published is None or self.least is None:
            return None
        return self.published - self.least

    @property
    def tolerance(self) -> float | None:
        """Half of what the published number and each unit are rounded to."""
        if self.published is None or self.least is None:
            return None
        own = next((each for each in _ROUNDED_TO if self.published % each == 0), 1)
        return own / 2 + self.rounding * self.units / 2

    @property
    def fit(self) -> Fit:
        room = self.tolerance
        if room is None or self.published is None or self.least is None:
            return Fit.NOT_COMPARED
        over = self.published - self.least
        if self.least == self.most and abs(over) <= room:
            return Fit.WITHIN_ROUNDING
        below = self.most is None or self.published <= self.most + room
        inside = self.least != self.most and over >= -room and below
        return Fit.WITHIN_BOUNDS if inside else Fit.OUTSIDE


def fit_text(
    source: strawberry.Parent[Reconciled], info: Info, language: LanguageArgument = None
) -> str:
    english = chosen(info.context, language) == "en"
    if source.least is None:
        return source.why_en if english else source.why_nl
    if source.published is None:
        return (
            "No number of inhabitants is published for it."
            if english
            else "Er is geen aantal inwoners voor gepubliceerd."
        )
    return (
        f"Published as of {source.published_on or 'an unknown day'}; units counted in "
        f"{source.year}, {source.without_figure} without a figure and {source.uncertain} that "
        "belong to it in part or perhaps."
        if english
        else f"Gepubliceerd voor {source.published_on or 'een onbekende dag'}; eenheden geteld in "
        f"{source.year}, {source.without_figure} zonder cijfer en {source.uncertain} die er voor "
        "een deel of misschien bij horen."
    )


@strawberry.type(
    description="Published inhabitants beside those of the units of a composition. `least` is what "
    "surely belongs to it, `most` adds units that belong to it in part, to an unknown extent or "
    "perhaps; null where parts are unknown, so that there is no most."
)
class Reconciliation:
    published: int | None = field("Inhabitants that are published for it.")
    published_on: date | None = field("The day that they are of.")
    least: int | None = field("Inhabitants of counted, whole units; of parts their known share.")
    most: int | None = field("The same with all that may belong to it.")
    difference: int | None = field("Published minus `least`.")
    tolerance: float | None = field(
        "What rounding alone may explain: half of what the published number ends on (10, 100 or "
        "1,000), and half of the rounding of each unit."
    )
    fit: Fit = field("Whether it fits.")
    year: int | None = field("Year of the inhabitants of the units.")
    vintage: int | None = field("Year of the boundaries of the units.")
    units: int = field("Units that have a figure, of all that count or may count.")
    without_figure: int = field("Units without a figure.")
    uncertain: int = field("Units in part without a known share, of unknown extent, or candidates.")
    unidentified: int = field("Parts that exist, of which it is unknown which unit they are.")
    text: str = field("What was compared, or why not, in a sentence.", fit_text)


def reconciled(
    context: Context, members: Sequence[Membership], published: int | None, on: date | None
) -> Reconciled:
    """Published inhabitants beside bounds for those of the units."""
    named = [each for each in members if each.code is not None and each.vintage is not None]
    begun = Reconciled(published, on, unidentified=len(members) - len(named))
    grounds = {(each.level, each.vintage) for each in named}
    if len(grounds) != 1:
        none = not grounds
        return replace(
            begun,
            why_en="It names no units." if none else "Its units are of several levels or years.",
            why_nl="Er zijn geen eenheden genoemd."
            if none
            else "De eenheden zijn van verschillende niveaus of jaren.",
        )
    ((level, vintage),) = grounds
    key = SeriesKey(POPULATION, level, vintage or 0)
    if vintage not in context.vintages(level) or key not in context.snapshot.head.series:
        return replace(
            begun,
            why_en=f"No inhabitants are loaded for {level.value} vintage {vintage}.",
            why_nl=f"Voor {level.value} indeling {vintage} zijn geen inwoners geladen.",
        )
    return _bounded(context, begun, named, key)


def _bounded(
    context: Context, begun: Reconciled, named: Sequence[Membership], key: SeriesKey
) -> Reconciled:
    (block,) = context.blocks([key])
    table = context.table(key.level, key.vintage)
    year = block.periods[-1]
    least = most = 0.0
    without = uncertain = 0
    for each in named:
        ordinal = table.ordinals.get(each.code or "")
        value = None if ordinal is None else block.cell(ordinal, year).value
        if value is None:
            without += 1
            continue
        low, high = _share(each)
        uncertain += low != high
        least, most = least + low * value, most + high * value
    open_ended = bool(without or begun.unidentified)
    indicator = context.facts.head.indicators.get(POPULATION)
    found = without < len(named)
    return replace(
        begun,
        why_en=f"None of the units has a figure for {year}.",
        why_nl=f"Geen van de eenheden heeft een cijfer voor {year}.",
        least=round(least) if found else None,
        most=round(most) if found and not open_ended else None,
        year=year,
        vintage=key.vintage,
        units=len(named) - without,
        without_figure=without,
        uncertain=uncertain,
        rounding=float(indicator.rounding or 0) if indicator else 0.0,
    )


def _share(member: Membership) -> tuple[float, float]:
    """The least and the most of a unit's inhabitants that belong to the focus area."""
    if not counts(member):
        return 0.0, 1.0
    if member.extent is Extent.WHOLE:
        return 1.0, 1.0
    return (0.0, 1.0) if member.share is None else (member.share, member.share)
