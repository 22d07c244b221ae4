"""/bewijzen/verdeling: how a load is spread over areas and years, to be checked, as a zip."""

from collections.abc import Mapping
from typing import Any

from db.core.area import AreaTable
from db.core.indicator import Indicator
from schema.area_extract import WantedAreas, area_extract, wanted_areas
from schema.burdens import check_kind, distributed
from schema.context import Context
from schema.focus_loads import focus_share
from schema.standing import scope, year_of
from service.evidence import spread
from service.rest.common import OF_A_PART, SLUG_FORM, VINTAGE
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Operation
from service.rest.parameter import text
from service.rest.resources.areas import IN_GEMEENTE
from service.rest.resources.bundles import LEVEL, MORE, ZIP, about, pinned, zipped
from service.rest.resources.figures import YEAR

INDICATOR = text(
    "indicator",
    "Slug van de last: een aantal, aandeel of cijfer per zoveel.",
    pattern=SLUG_FORM,
    what_en="the slug of an indicator",
    what_nl="de slug van een indicator",
    example="unemployment_benefits",
).needed()
PROGRAMME = text(
    "programma",
    "Slug van een programma: welk deel van de last zijn focusgebieden dragen.",
    pattern=SLUG_FORM,
    what_en="the slug of a programme",
    what_nl="de slug van een programma",
)


def _indicator(context: Context, values: Mapping[str, Any]) -> Indicator:
    slug = values[INDICATOR.name]
    context.facts.require("indicator", slug)
    found = context.facts.head.indicators[slug]
    check_kind(found)
    return found


def _found(
    context: Context, values: Mapping[str, Any], faults: list[Invalid]
) -> spread.Spread | None:
    """The answer, or all that this publication does not have of what is asked."""
    indicator = table = None
    if INDICATOR.name in values:
        with about(INDICATOR.name, faults):
            indicator = _indicator(context, values)
    if PROGRAMME.name in values:
        with about(PROGRAMME.name, faults):
            context.facts.require("programme", values[PROGRAMME.name])
    if LEVEL.name in values:
        with about(LEVEL.name, faults):
            table = context.table(values[LEVEL.name], values.get(VINTAGE.name))
    if table is not None:
        with about(IN_GEMEENTE.name, faults):
            scope(context, table, values.get(IN_GEMEENTE.name))
        if indicator is not None:
            with about(YEAR.name, faults):
                year_of(context, table, indicator.slug, values.get(YEAR.name))
    if indicator is not None and table is not None and not faults:
        with about(INDICATOR.name, faults):
            gemeente, rows = scope(context, table, values.get(IN_GEMEENTE.name))
            distributed(context, table, indicator, values.get(YEAR.name), gemeente, rows)
            with about(PROGRAMME.name if PROGRAMME.name in values else INDICATOR.name, faults):
                return _spread(context, values, indicator, table)
    return None


def _spread(
    context: Context, values: Mapping[str, Any], indicator: Indicator, table: AreaTable
) -> spread.Spread:
    gemeente, rows = scope(context, table, values.get(IN_GEMEENTE.name))
    chosen = year_of(context, table, indicator.slug, values.get(YEAR.name))

    def of(year: int) -> spread.Year:
        load = distributed(context, table, indicator, year, gemeente, rows)
        slug = values.get(PROGRAMME.name)
        share = None if slug is None else focus_share(context, table, load, slug, None)
        return spread.Year(load, share)

    years = {
        year: of(year)
        for year in context.facts.own_years(indicator.slug, table.level, table.vintage)
    }
    wanted = wanted_areas(
        context, table.level, table.vintage, [indicator.slug], chosen, values.get(IN_GEMEENTE.name)
    )
    assert isinstance(wanted, WantedAreas), "what was asked for has been examined"
    return spread.Spread(
        table=table,
        within=rows,
        gemeente=gemeente,
        asked=years[chosen],
        years=tuple(years.values()),
        extract=area_extract(context, wanted),
    )


def _answer(asked: Asked) -> Answer:
    found: spread.Spread = asked.found
    year = str(found.asked.spread.asked.year)
    address = pinned(asked, found.table, **{YEAR.name: year})
    return zipped(asked, spread.kit_of(asked.context, found, address))


OPERATIONS = (
    Operation(
        path="/bewijzen/verdeling",
        id="bewijsVerdeling",
        tag="Cijfers",
        nl="Hoe een last over gebieden verdeeld is, ook in eerdere jaren, met alles om het na te "
        "gaan.",
        more_nl=MORE,
        parameters=(INDICATOR, LEVEL, VINTAGE, IN_GEMEENTE, YEAR, PROGRAMME),
        formats=(ZIP,),
        find=_found,
        answer=_answer,
        statuses=OF_A_PART,
        headers=("Content-Disposition", "Accept-Ranges"),
    ),
)
