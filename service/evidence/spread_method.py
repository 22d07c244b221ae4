"""How the spread of a load was worked out, in words. Pure."""

from db.core.burden import COVERAGE
from db.core.programme import Programme
from schema.burdens import Distributed, is_flow

_PROGRAMME_NL = (
    "\nVan {name} tellen de eenheden die als lid van een focusgebied vermeld zijn voor precies "
    "deze indeling; kandidaten niet. `deelVanDeLast` is hun deel van de last, `deelVanWaartegen` "
    "hun deel van waartegen die wordt afgezet, `quotient` het eerste gedeeld door het tweede. Ligt "
    "een gebied er voor een deel in en is niet bekend hoeveel, dan doet het niet mee; `minstens` "
    "en `hoogstens` zijn de grenzen wat het onbekende ook is.\n"
)
_PROGRAMME_EN = (
    "\nOf {name} those units count that are stated as members of a focus area for these very "
    "boundaries; candidates do not. `deelVanDeLast` is their part of the load, `deelVanWaartegen` "
    "their part of what it is set against, `quotient` the first divided by the second. An area "
    "that lies partly in it, nobody knows how far, takes no part; `minstens` and `hoogstens` are "
    "the bounds whatever the unknown is.\n"
)


def nl(spread: Distributed, programme: Programme | None) -> str:
    """In Dutch."""
    indicator, weight = spread.indicator, spread.weight
    kind = (
        "Het is een stroom: wat er in een jaar gebeurde of bij kwam, niet hoeveel er zijn."
        if is_flow(indicator)
        else "Het is een stand: hoeveel er zijn, niet hoeveel er in een jaar bij kwamen."
    )
    own = (
        "de indicator noemt dat zelf als noemer"
        if weight.own
        else "de indicator noemt geen noemer die op deze grenzen bekend is"
    )
    return (
        f"# Verdeling: {indicator.name_nl}\n\n"
        f"{kind} De last van elk gebied wordt afgezet tegen {weight.indicator.name_nl} in "
        f"{weight.year} ({own}). Alle cijfers zijn van één indeling; niets is overgezet.\n\n"
        "1. `quotient` (plaatsquotiënt) is het deel van de last dat in een gebied ligt, gedeeld "
        "door zijn deel van waartegen die wordt afgezet: 1 is naar verhouding, 2 twee keer "
        "zoveel.\n2. `gini` is de Gini-coëfficiënt van de gebieden: 0 bij een gelijke verdeling.\n"
        "3. `ongelijkheidTegenoverRest` is de index van Duncan en Duncan (1955): welk deel zou "
        "moeten verhuizen om de last te verdelen als wie hem niet heeft. Zij is leeg waar de last "
        "geen deel is van waartegen hij wordt afgezet. `ongelijkheidTegenoverAllen` is die van "
        "Hoover (1936).\n4. `vijfden` is het deel van de last in elk vijfde van waartegen hij "
        "wordt afgezet, het minst belaste eerst.\n"
        f"5. Maten worden alleen genoemd als de waarde bekend is voor minstens {COVERAGE:.0%} van "
        "waartegen zij wordt afgezet; anders zegt `oordeel` waarom niet. Een gebied zonder waarde "
        "doet niet mee en telt nooit als nul. Met minder dan tien gebieden heeft toeval veel te "
        "zeggen (`weinigGebieden`).\n"
        f"{_PROGRAMME_NL.format(name=programme.name) if programme else ''}\n"
        "`jaren` in antwoord.json geeft hetzelfde voor elk jaar met cijfers op deze grenzen. Dit "
        "gaat over gebieden, niet over huishoudens, en vergelijkt zonder te oordelen. Een lege cel "
        "is geen nul; `status` en `reden` zeggen waarom zij leeg is.\n"
    )


def en(spread: Distributed, programme: Programme | None) -> str:
    """The same in English."""
    indicator, weight = spread.indicator, spread.weight
    kind = (
        "It is a flow: what happened or was added in a year, not how many there are."
        if is_flow(indicator)
        else "It is a stock: how many there are, not how many were added in a year."
    )
    own = (
        "which the indicator names as its denominator"
        if weight.own
        else "since the indicator names no denominator that is known on these boundaries"
    )
    return (
        f"# Distribution: {indicator.name_en}\n\n"
        f"{kind} The load of each area is set against {weight.indicator.name_en} in {weight.year} "
        f"({own}). All figures are of one vintage of boundaries; nothing was carried.\n\n"
        "1. `quotient` (location quotient) is the part of the load in an area divided by its part "
        "of what the load is set against: 1 is in proportion, 2 twice as much.\n"
        "2. `gini` is the Gini coefficient of the areas: 0 for an even spread.\n"
        "3. `ongelijkheidTegenoverRest` is the index of Duncan and Duncan (1955): the part that "
        "would have to move for the load to be spread as those without it are. It is empty where "
        "the load is no part of what it is set against. `ongelijkheidTegenoverAllen` is Hoover's "
        "(1936).\n4. `vijfden` is the part of the load in each fifth of what it is set against, "
        "the least burdened first.\n"
        f"5. Measures are told only where the value is known for at least {COVERAGE:.0%} of what "
        "it is set against; if not, `oordeel` says why. An area without a value takes no part and "
        "never counts as zero. With fewer than ten areas chance has much to say "
        f"(`weinigGebieden`).\n{_PROGRAMME_EN.format(name=programme.name) if programme else ''}\n"
        "`jaren` in antwoord.json gives the same for every year with figures on these boundaries. "
        "This is about areas, not about households, and compares without judging. An empty cell is "
        "not zero; `status` and `reden` say why it is empty.\n"
    )
