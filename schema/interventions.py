"""What was done in places, and what changed there beside areas alike, as GraphQL shows it."""

from typing import Annotated, Any

import strawberry

from db.core import intervention as core
from db.core.absence import Reason, Status
from db.core.document import FactCertainty
from db.core.levels import Level
from schema.against_matched import (
    Compared,
    Lacking,
    NotSaid,
    Wanted,
    against_matched,
    unit_of,
)
from schema.comparable import ComparedIndicator, UsedRow, used
from schema.context import Context, Info
from schema.default_vintage import RULE
from schema.documents import SourceDocument, StatedPeriod
from schema.errors import LimitOutOfRange
from schema.fact_enums import CannotBeSaid
from schema.fields import SlugArgument, argument, field
from schema.harmonised_series import HarmonisedSeries
from schema.indicators import Indicator
from schema.language import LanguageArgument, bilingual, said
from schema.nodes import Node
from schema.observations import ReasonType
from schema.place import find_if_loaded, not_found, read_code
from schema.references import AreaItem, FocusAreaItem, GemeenteItem, ProgrammeItem
from schema.series import Series
from schema.span import FromArgument, Span, ToArgument

MOST_MATCHES, MOST_INDICATORS = 30, 20
_WHY = {
    CannotBeSaid.NO_UNIT: (
        "De plaats is kleiner dan een buurt: er bestaan geen cijfers van.",
        "The place is smaller than a buurt: no figures exist of it.",
    ),
    CannotBeSaid.NO_START: (
        "Geen bron zegt wanneer het begon; er is dus geen voor en na.",
        "No source says when it began, so there is no before and after.",
    ),
    CannotBeSaid.UNIT_NOT_LOADED: (
        "De indeling waarin de plaats een eenheid is, is niet geladen.",
        "The boundaries on which the place is a unit are not loaded.",
    ),
    CannotBeSaid.INDICATOR: ("Hiervan zijn er geen cijfers.", "There are no figures of this."),
    CannotBeSaid.CLASS: (
        "De waarden zijn klassen met een nummer; daartussen bestaat geen verschil.",
        "The values are classes by number, which have no differences.",
    ),
    CannotBeSaid.BREAK: (
        "De waarden van voor en na zijn niet met elkaar te vergelijken.",
        "The values before and after are not comparable with each other.",
    ),
    CannotBeSaid.TOO_FEW_YEARS: (
        "Er zijn minder dan twee jaren met een waarde ervoor, of erna.",
        "There are fewer than two years with a value before, or after.",
    ),
    CannotBeSaid.NO_CONTEXT_BEFORE: (
        "Waarop gebieden worden uitgezocht heeft geen cijfers van voor het begin.",
        "What areas are matched on has no figures of before it began.",
    ),
    CannotBeSaid.NO_MATCHES: (
        "Geen gebied dat erop lijkt heeft waarden in al die jaren.",
        "No area alike has values in all those years.",
    ),
    CannotBeSaid.LIMIT: (
        "Dit zijn meer geharmoniseerde indicatoren dan een verzoek mag vragen.",
        "These are more harmonised indicators than a request may ask for.",
    ),
}


def why_text(
    source: strawberry.Parent[NotSaid], info: Info, language: LanguageArgument = None
) -> str:
    return said(source.text or _WHY[source.reason], info.context, language)


@strawberry.type(
    description="That it cannot be said what changed beside areas alike, and why. A change "
    "without them is not given."
)
class InterventionNotCompared:
    slug: str = field("The indicator as it was asked for.")
    reason: CannotBeSaid = field("Why.")
    text: str = field("The same in a sentence.", why_text)

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, NotSaid)


def lacking_reason(source: strawberry.Parent[Lacking]) -> Reason:
    return source.reason


@strawberry.type(description="A year that was compared and in which an area alike has no value.")
class LackingYear:
    year: int = field("The year.")
    status: Status = field("What sort of absence it is.")
    reason: ReasonType = field("Why the value is absent.", lacking_reason)


@strawberry.type(description="An area alike, where nothing is stated to have been done.")
class MatchedArea:
    area: AreaItem = field("The area.")
    distance: float = field("How far its context was, in standard deviations on average.")
    series: Series = field("Its series of the same years, on its own boundaries.")
    harmonised_series: HarmonisedSeries | None = field(
        "The same with years carried to these boundaries; null unless `harmonised` was asked."
    )
    used: bool = field(
        "Whether it counts: it has a value in all years that were compared, and, where changes are "
        "shares of the level before, such a level."
    )
    lacking: list[LackingYear] = field("The years compared in which it has no value, and why.")
    years_estimated: list[int] = field("Years compared in which its value is an estimate.")


def _number(name: str) -> Any:
    def read(source: strawberry.Parent[Compared]) -> float | None:
        found: float | None = getattr(source.result, name)
        return found

    return read


def compared_on(source: strawberry.Parent[Compared]) -> list[UsedRow]:
    return used(source.found)


def matched_areas(source: strawberry.Parent[Compared]) -> int:
    return source.result.matched


@strawberry.type(
    description="The change of a place beside that of areas alike: a difference in differences, "
    "as plain numbers. It describes and proves no effect: what else happened is not known. The "
    "values before and after are means over the years; each area alike counts the same."
)
class InterventionComparison:
    indicator: Indicator = field("What was compared.")
    area: AreaItem = field("The place, on the boundaries of all values.")
    series: Series = field("Its series on these boundaries, of all years asked for.")
    harmonised_series: HarmonisedSeries | None = field(
        "The same with years carried to these boundaries, which the comparison is then of; null "
        "unless `harmonised` was asked."
    )
    years_estimated: list[int] = field(
        "Years compared in which the value of the place is an estimate, between bounds that the "
        "difference does not have: `harmonisedSeries` has them."
    )
    matched_estimated: int = field("Areas alike that count and have an estimate among the years.")
    matched: list[MatchedArea] = field("The areas alike, nearest first, with their series.")
    matched_on: list[ComparedIndicator] = field(
        "What they are alike in, and of which year: before it began.", compared_on
    )
    years_before: list[int] = field("Years with a value before the year in which it began.")
    years_after: list[int] = field("Years with a value after that year.")
    year_left_out: int = field("The year in which it began, which is neither.")
    relative: bool = field(
        "Whether the changes are shares of the level before (0.1: 10 per cent more), as for "
        "counts; otherwise they are in the indicator's unit."
    )
    before: float = field("The place before.", _number("before"))
    after: float = field("The place after.", _number("after"))
    change: float = field("Its change.", _number("change"))
    matched_areas: int = field("Areas alike with a value in all those years.", matched_areas)
    matched_before: float = field("Those areas before, on average.", _number("matched_before"))
    matched_after: float = field("Those areas after, on average.", _number("matched_after"))
    matched_change: float = field("Their mean change.", _number("matched_change"))
    difference: float = field("Its change minus their mean change.", _number("difference"))
    lower: float | None = field(
        "Its change minus the largest of theirs; null with fewer than 9 areas alike.",
        _number("lower"),
    )
    upper: float | None = field("Its change minus the smallest of theirs.", _number("upper"))
    coverage: float | None = field(
        "How often a place that differs from them by chance alone has 0 between `lower` and "
        "`upper`: (n - 1) / (n + 1) for n areas alike. Nothing is assumed of how changes are "
        "spread.",
        _number("coverage"),
    )

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, Compared)


InterventionResult = Annotated[
    InterventionComparison | InterventionNotCompared,
    strawberry.union(
        "InterventionResult",
        description="A change beside that of areas alike, or why there is none.",
    ),
]


def unit_area(source: strawberry.Parent[core.PlaceUnit], info: Info) -> Any:
    return find_if_loaded(info.context, source.level, source.code, source.vintage)


@strawberry.type(description="A unit of the CBS that a place is, or lies in.")
class PlaceUnit:
    level: Level = field("Its level.")
    code: str = field("Its code.")
    vintage: int = field("Year of the boundaries that the code is of.")
    area: AreaItem | None = field("The area; null where that vintage is not loaded.", unit_area)


def done_programme(source: strawberry.Parent[core.Intervention], info: Info) -> Any:
    return info.context.facts.programmes.get(source.programme or "")


def done_focus_area(source: strawberry.Parent[core.Intervention], info: Info) -> Any:
    return info.context.facts.focus_areas.get(source.focus_area or "")


def done_gemeente(source: strawberry.Parent[core.Intervention], info: Info) -> Any:
    return find_if_loaded(
        info.context, Level.GEMEENTE, source.gemeente_code, source.gemeente_vintage
    )


def done_area(source: strawberry.Parent[core.Intervention], info: Info) -> Any:
    return unit_of(info.context, source)


def beside_matched(
    source: strawberry.Parent[core.Intervention],
    info: Info,
    indicators: Annotated[list[str], argument("What is studied, by slug: 1 to 20 different.")],
    matched_on: Annotated[
        list[str],
        argument(
            "Context that areas alike are found by, by slug: 2 to 40 different. What is studied "
            "weighs nothing."
        ),
    ],
    matches: Annotated[int, argument("At most so many areas alike: 1 to 30.")] = 10,
    from_: FromArgument = None,
    to: ToArgument = None,
    vintage: Annotated[
        int | None,
        argument(f"Boundaries on which the place is a unit. Null: of those {RULE}."),
    ] = None,
    harmonised: Annotated[
        bool,
        argument(
            "Carry years published on other boundaries to those of the place and the areas alike, "
            "as a HarmonisedSeries says; estimates are marked. What areas are matched on is of "
            "these boundaries always. False: such years are left out."
        ),
    ] = False,
) -> Any:
    span = Span(from_, to)
    span.check()
    different = tuple(dict.fromkeys(indicators))
    if not 1 <= len(different) <= MOST_INDICATORS:
        raise LimitOutOfRange("indicators", len(different), 1, MOST_INDICATORS)
    if not 1 <= matches <= MOST_MATCHES:
        raise LimitOutOfRange("matches", matches, 1, MOST_MATCHES)
    wanted = Wanted(different, tuple(matched_on), matches, span, vintage, harmonised)
    return against_matched(info.context, source, wanted)


@strawberry.type(description="Something that was done in a place, as a document states it.")
class Intervention(Node):
    slug: str = field("Short name that stays the same.")
    name: str = field("What it is called.", bilingual("name"))
    place: str = field("What the place is called.")
    programme: ProgrammeItem | None = field("The programme that it is of.", done_programme)
    focus_area: FocusAreaItem | None = field("The focus area that it is in.", done_focus_area)
    gemeente_code: str = field("Code of the gemeente.")
    gemeente_vintage: int = field("Vintage that the code is of.")
    gemeente: GemeenteItem | None = field(
        "The gemeente in that vintage; null where it is not loaded.", done_gemeente
    )
    units: list[PlaceUnit] = field(
        "The place as a unit, on the boundaries for which that is stated, oldest first; empty "
        "where it is none."
    )
    within: list[PlaceUnit] = field("Where it is none: the smallest known units it lies in.")
    area: AreaItem | None = field(
        f"The place as an area, on these of its boundaries: {RULE}. Null where it is no unit or "
        "none is loaded.",
        done_area,
    )
    what: str = field("What was done, in our words.", bilingual("what"))
    who: str = field("Who did it.", bilingual("who"))
    period: StatedPeriod = field("From when until when, where a source says.")
    document: SourceDocument = field("The document that states it.")
    certainty: FactCertainty = field("Whether it was checked.")
    note: str | None = field("What to know about it.", bilingual("note"))
    against_matched: list[InterventionResult] | None = field(
        "What changed, beside areas alike of other gemeenten, or why it cannot be said; in the "
        "order of the indicators.",
        beside_matched,
    )

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, core.Intervention)


def list_interventions(
    info: Info,
    gemeente: Annotated[
        str | None, argument("In this gemeente, by the code that it is stated with. Null: any.")
    ] = None,
    programme: Annotated[str | None, argument("Of this programme, by slug. Null: any.")] = None,
) -> Any:
    context = info.context
    facts = context.facts
    if programme is not None:
        facts.require("programme", programme, "programme")
    code = None if gemeente is None else read_code(gemeente, Level.GEMEENTE, "gemeente")[1]
    stated = {each.gemeente_code for each in facts.interventions.values()}
    if code is not None and code not in stated and not _is_a_gemeente(context, code):
        raise not_found(context, context.table(Level.GEMEENTE), code, argument="gemeente")
    return [
        each
        for _, each in sorted(facts.interventions.items())
        if programme in (None, each.programme) and code in (None, each.gemeente_code)
    ]


def _is_a_gemeente(context: Context, code: str) -> bool:
    """Whether any loaded vintage has the code."""
    return any(code in table.ordinals for table in context.tables(Level.GEMEENTE))


def find_intervention(info: Info, slug: SlugArgument) -> Any:
    info.context.facts.require("intervention", slug)
    return info.context.facts.interventions[slug]
