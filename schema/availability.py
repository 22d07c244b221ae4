"""Which figures there are: by indicator, level, vintage and year, how complete, and why not.

Counts were made when each series was published; nothing here reads a cell. An indicator that has
nothing here is named with the reason: no list is empty without one.
"""

from typing import Annotated

import strawberry

from db.core.cursor import MalformedCursor
from db.core.indicator import Domain
from db.core.levels import Level
from schema.connections import Edge, PageInfo
from schema.context import Context, Info
from schema.enums import ProblemCode
from schema.errors import BadArgument, NotAvailableAtLevel
from schema.facts import Availability as Series
from schema.fields import AfterArgument, BeforeArgument, LastArgument, argument, field
from schema.figures import Problem, resolve
from schema.indicators import Availability
from schema.observations import IndicatorProblem
from schema.paging import ItemListing, Page, Window, cut

DEFAULT_SERIES = 30
_ORDER = {level: place for place, level in enumerate(Level)}


class SeriesListing(ItemListing[Series]):
    """Series of a publication, by slug, then from the country down, then by vintage."""

    __slots__ = ()

    def key(self, place: int) -> str:
        each = self.items[place]
        return f"{each.indicator} {each.level.value} {each.vintage}"

    def places(self, key: str) -> tuple[int, int]:
        for place in range(len(self.items)):
            if self.key(place) == key:
                return place, place + 1
        raise MalformedCursor


@strawberry.type(description="A page of series, and the indicators that have none of them.")
class AvailabilityConnection:
    total_count: int = field("How many series the whole list has.")
    nodes: list[Availability] = field("The series of this page.")
    edges: list[Edge[Availability]] = field("The series of this page, each with its cursor.")
    page_info: PageInfo = field("Where this page stands in the list.")
    missing: list[IndicatorProblem] = field(
        "Every indicator that is asked for and has no series in the whole list, and why.",
        name="missingIndicators",
    )


def availability(
    info: Info,
    indicator: Annotated[
        str | None, argument("Slug of one indicator. Null: all, of `domain` if that is given.")
    ] = None,
    level: Annotated[Level | None, argument("At this level only. Null: at any.")] = None,
    domain: Annotated[Domain | None, argument("Of this field only. Null: of all.")] = None,
    vintage: Annotated[
        int | None, argument("On the boundaries of this year only. Null: of any.")
    ] = None,
    first: Annotated[
        int | None,
        argument(
            "At most so many series from the beginning (or after `after`): 1 to 5000, otherwise an "
            "error. 30 where neither `first` nor `last` is given."
        ),
    ] = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> Page:
    context = info.context
    if vintage is not None:
        _check_vintage(context, level, vintage)
    slugs = _chosen(context, indicator, level, domain)
    found, missing = [], []
    for slug in slugs:
        series = _series(context, slug, level, vintage)
        found += series
        if not series:
            missing.append(_why(context, slug, level, vintage))
    if first is None and last is None:
        first = DEFAULT_SERIES
    window = Window(first, after, last, before)
    return cut(
        SeriesListing(found),
        window,
        publication=context.number,
        definition=lambda: ["availability", indicator, level, domain, vintage],
        missing=missing,
    )


def _check_vintage(context: Context, level: Level | None, vintage: int) -> None:
    """Refuse a year of boundaries that is not loaded, at the level or at any."""
    if level is not None:
        context.table(level, vintage)
        return
    loaded = sorted({year for at in Level for year in context.vintages(at)})
    if vintage not in loaded:
        listed = ", ".join(map(str, loaded)) or "-"
        raise BadArgument(
            f"`vintage` is {vintage}; loaded at any level: {listed}",
            f"`vintage` is {vintage}; op enig niveau geladen: {listed}",
            argument="vintage",
            loadedVintages=loaded,
        )


def _chosen(
    context: Context, indicator: str | None, level: Level | None, domain: Domain | None
) -> list[str]:
    """Slugs that are asked for; one by its name must be there at the level that is named."""
    indicators = context.facts.head.indicators
    if indicator is None:
        return sorted(i.slug for i in indicators.values() if domain in (None, i.domain))
    context.facts.require("indicator", indicator, "indicator")
    found = indicators[indicator]
    if domain not in (None, found.domain):
        raise BadArgument(
            f"{indicator} is of {found.domain.name}; leave `domain` out, or ask for that",
            f"{indicator} hoort bij {found.domain.name}; laat `domain` weg, of vraag daarnaar",
            argument="domain",
            domain=found.domain.name,
        )
    if not _series(context, indicator, level, None):
        why = _why(context, indicator, level, None)
        raise NotAvailableAtLevel(why.message, why.message_nl, why.code.name, why.levels)
    return [indicator]


def _series(context: Context, slug: str, level: Level | None, vintage: int | None) -> list[Series]:
    return [
        each
        for each in context.facts.availability(slug)
        if level in (None, each.level) and vintage in (None, each.vintage)
    ]


def _why(context: Context, slug: str, level: Level | None, vintage: int | None) -> Problem:
    """Why an indicator has no series at a level and vintage."""
    # Where no level is named, one that has nothing anywhere has nothing at this one.
    nowhere = not context.facts.availability(slug)
    at = level or Level.LAND
    if nowhere or (level is not None and not context.facts.years(slug, level)):
        found = resolve(context, at, slug)
        assert isinstance(found, Problem)
        return found
    known = _series(context, slug, level, None)
    vintages = ", ".join(str(each) for each in sorted({each.vintage for each in known}))
    return Problem(
        slug,
        ProblemCode.NOT_ON_THESE_BOUNDARIES,
        f"{slug} has no figures on boundaries of {vintage}; it has on those of {vintages}",
        f"{slug} heeft geen cijfers op grenzen van {vintage}; wel op die van {vintages}",
        levels=sorted({each.level for each in known}, key=_ORDER.__getitem__),
    )
