"""One value in a few sentences, in Dutch or English: how much, beside what, and since when.

Made of the value, a benchmark, its significance and the trend. "Worse" is said only where a test
says so: of a difference by the limits of the value, of a change by Mann and Kendall. What cannot
be said is said to be so.
"""

from typing import Annotated, Any

import strawberry

from db.core.trend import Change
from schema.benchmark_comparison import Comparison
from schema.benchmarks import PeersArgument, ProgrammeArgument, comparison_of
from schema.comparison_enums import BenchmarkBase, BenchmarkGroup
from schema.context import Context, Info
from schema.fields import argument
from schema.figures import Figure, columns
from schema.language import LanguageArgument, chosen
from schema.significance import SignificanceGround, significance_of
from schema.source_breaks import source_breaks
from schema.span import Span
from schema.trends import CONFIDENCE, Fit, fitted, stretch

GROUPS = {
    BenchmarkGroup.GEMEENTE: ("de gebieden in de gemeente", "the areas in the gemeente"),
    BenchmarkGroup.REST_OF_GEMEENTE: ("de rest van de gemeente", "the rest of the gemeente"),
    BenchmarkGroup.NATIONAL: ("alle gebieden in het land", "all areas in the country"),
    BenchmarkGroup.FOCUS_AREAS: ("de focusgebieden", "the focus areas"),
    BenchmarkGroup.OUTSIDE_FOCUS_AREAS: (
        "de gebieden buiten de focusgebieden",
        "the areas outside the focus areas",
    ),
    BenchmarkGroup.PEERS: ("vergelijkbare gebieden", "comparable areas"),
}
_BASES = {
    BenchmarkBase.AGGREGATE: ("het gemiddelde van", "the mean of"),
    BenchmarkBase.MEDIAN: ("de mediaan van", "the median of"),
}
_RELATIONS = (
    ("Lager dan", "Lower than"),
    ("Gelijk aan", "Equal to"),
    ("Hoger dan", "Higher than"),
)
_CHANGES = {
    Change.WORSENING: ("een trend naar slechter", "a trend for the worse"),
    Change.IMPROVING: ("een trend naar beter", "a trend for the better"),
    Change.NO_CLEAR_CHANGE: ("geen trend aangetoond", "no trend is shown"),
}
_TOO_FEW = (
    "Over een trend is niets te zeggen: er zijn minder dan vijf waarden op deze grenzen.",
    "Nothing can be said of a trend: there are fewer than five values on these boundaries.",
)


def number(value: float, decimals: int, english: bool) -> str:
    """A number as people write it: 12,345.6 in English and 12.345,6 in Dutch."""
    shown = f"{value:,.{decimals}f}"
    return shown if english else shown.translate(str.maketrans(",.", ".,"))


def sentence(
    source: strawberry.Parent[Figure],
    info: Info,
    against: Annotated[
        BenchmarkGroup, argument("The group that the value is put beside.")
    ] = BenchmarkGroup.NATIONAL,
    programme: ProgrammeArgument = None,
    peers: PeersArgument = None,
    language: LanguageArgument = None,
) -> Any:
    context = info.context
    if programme is not None:
        context.facts.require("programme", programme, "programme")
    english = chosen(context, language) == "en"
    name = _name(source, english)
    if source.value is None:
        return f"{name} ({source.year}): {_lowered(source.reason.text('en' if english else 'nl'))}"
    told = [f"{name} ({source.year}): {_amount(source, source.value, english)}."]
    comparison = comparison_of(context, source, against, programme, peers)
    told += _beside(context, comparison, english)
    told += _trend(context, source, english)
    return " ".join(told)


def _name(figure: Figure, english: bool) -> str:
    return figure.indicator.name_en if english else figure.indicator.name_nl


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _amount(figure: Figure, value: float, english: bool) -> str:
    indicator = figure.indicator
    unit = indicator.unit_en if english else indicator.unit_nl
    return f"{number(value, indicator.decimals, english)} {unit}".strip()


def _beside(context: Context, beside: Comparison, english: bool) -> list[str]:
    figure, against, base = beside.figure, beside.against, beside.compared_with
    if beside.summed:
        # A count beside the total of a group, or beside areas of other sizes, says nothing.
        return []
    found = significance_of(context, figure, against, summed=False, level=CONFIDENCE)
    group = GROUPS[beside.group][english]
    if against is None or base is None or figure.value is None:
        nothing = ("Niet te vergelijken met", "Cannot be compared with")[english]
        return [f"{nothing} {group}."]
    side = _RELATIONS[1 + (figure.value > against) - (figure.value < against)][english]
    # Enough decimals to see on which side it is.
    amount = number(against, figure.indicator.decimals + 1, english)
    told = [f"{side} {_BASES[base][english]} {group} ({amount})."]
    if found.ground is SignificanceGround.NEUTRAL:
        return told
    test = found.test("en" if english else "nl")
    text = found.text("en" if english else "nl")
    return [*told, text if test is None else f"{text[:-1]} ({test})."]


def _trend(context: Context, figure: Figure, english: bool) -> list[str]:
    """What a trend on these boundaries says; nothing of a neutral indicator."""
    fit = fit_of(context, figure)
    if fit is None or fit.change is None:
        return []
    if fit.change is Change.INSUFFICIENT_DATA or fit.p is None:
        return [_TOO_FEW[english]]
    p = number(fit.p, 3, english)
    how = (f"Mann-Kendall, p = {p}, {fit.points_used} waarden",
           f"Mann-Kendall, p = {p}, {fit.points_used} values")[english]  # fmt: skip
    years = f"{fit.first_year}-{fit.last_year}"
    return [f"{years}: {_CHANGES[fit.change][english]} ({how})."]


def fit_of(context: Context, figure: Figure) -> Fit | None:
    """The trend of a value's indicator in its area, up to the year of the value."""
    if figure.block is None:
        return None
    table, indicator = figure.area.table, figure.indicator
    own = context.facts.own_years(indicator.slug, table.level, table.vintage)
    found = columns(context, table.level, table.vintage, indicator, own)
    used = stretch(
        indicator, found, figure.block, Span(last=figure.year), source_breaks(context, figure.block)
    )
    return Fit(fitted(used, figure.block, [figure.area.ordinal]), 0)
