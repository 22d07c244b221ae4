"""How an answer was worked out, in words a reader without the service can follow. Pure."""

from db.core.percentiles import Weighting
from db.core.stacking_definition import SCOPE_EN, SCOPE_NL, StackingDefinition

_UNKNOWN_NL = (
    "Wat niet bekend is telt nooit als slecht en nooit als goed: het staat apart, op de kaart "
    "gearceerd en in de tabel leeg. Een lege cel is geen nul.\n"
)
_UNKNOWN_EN = (
    "What is not known never counts as bad and never as good: it stands apart, hatched on the map "
    "and empty in the table. An empty cell is not zero.\n"
)


_CARRIED_NL = (
    "Niets is overgezet: wat alleen voor een andere indeling vermeld is doet niet mee.\n",
    "Eenheden en leden die voor een andere indeling vermeld zijn, zijn op deze grenzen gezocht "
    "naar de grond die zij delen, nooit op hun code: vanaf 95 procent is het geheel, tot en met 5 "
    "procent niets.\n",
)
_CARRIED_EN = (
    "Nothing was carried: what is stated for another vintage only takes no part.\n",
    "Units and members that are stated for another vintage were looked for on these boundaries by "
    "the ground that they share, never by their code: from 95 per cent on it is all, up to 5 per "
    "cent none.\n",
)


def stacking_nl(definition: StackingDefinition) -> str:
    """Percentiles, scores and thresholds, in Dutch."""
    weighed = (
        "gewogen naar inwoners: het aandeel van de inwoners dat in een beter gebied woont, met "
        "de helft van wie in een even goed gebied woont"
        if definition.weighting is Weighting.INHABITANTS
        else "elk gebied telt even zwaar"
    )
    return (
        f"De definitie is {definition.name_nl} ({definition.label}, kenmerk {definition.id}).\n\n"
        "1. Elke indicator wordt zo gericht dat hoog slecht is en krijgt per gebied een percentiel "
        f"van 0 tot 100 (100 het slechtst), {weighed}.\n"
        "2. De score van een domein is het gewogen gemiddelde van de percentielen van zijn "
        f"indicatoren, als minstens {definition.minimum_share:.0%} van hun gewicht bekend is.\n"
        "3. Het percentiel van een domein is de plaats van die score tussen de scores van alle "
        "beoordeelde gebieden.\n"
        f"4. Beoordeeld worden gebieden op het land met minstens {definition.minimum_inhabitants} "
        "inwoners.\n\n"
        f"{_domains(definition, english=False)}\n{_UNKNOWN_NL}\n{SCOPE_NL}\n"
    )


def stacking_en(definition: StackingDefinition) -> str:
    """The same in English."""
    weighed = (
        "weighed by inhabitants: the share of the inhabitants that live in a better area, "
        "with half of those that live in an equal one"
        if definition.weighting is Weighting.INHABITANTS
        else "each area counting the same"
    )
    return (
        f"The definition is {definition.name_en} ({definition.label}, id {definition.id}).\n\n"
        "1. Every indicator is turned so that high is bad, and gets a percentile of 0 to 100 for "
        f"each area (100 the worst), {weighed}.\n"
        "2. The score of a domain is the weighted mean of the percentiles of its indicators, where "
        f"at least {definition.minimum_share:.0%} of their weight is known.\n"
        "3. The percentile of a domain is where that score stands among the scores of all judged "
        "areas.\n"
        f"4. Judged are areas on land with at least {definition.minimum_inhabitants} "
        "inhabitants.\n\n"
        f"{_domains(definition, english=True)}\n{_UNKNOWN_EN}\n{SCOPE_EN}\n"
    )


def _domains(definition: StackingDefinition, *, english: bool) -> str:
    from_, weight = ("threshold", "weight") if english else ("drempel", "gewicht")
    lines = []
    for each, threshold in zip(definition.domains, definition.thresholds, strict=True):
        name = each.name_en if english else each.name_nl
        parts = ", ".join(f"{one.slug} ({weight} {one.weight:g})" for one in each.indicators)
        lines.append(f"- {name} (`{each.slug}`, {from_} {threshold:g}): {parts}\n")
    return "".join(lines)


def as_bad_nl(
    definition: StackingDefinition, reference: str, required: int, *, carried: bool
) -> str:
    """Areas beside a reference, in Dutch."""
    return (
        f"# Minstens even slecht als {reference}\n\n"
        "Elk gebied van hetzelfde niveau en dezelfde indeling wordt per domein naast "
        f"{reference} gelegd. Een gebied is minstens even slecht als zijn percentiel in minstens "
        f"{required} van {len(definition.domains)} domeinen even hoog of hoger is. Een veel hoger "
        "percentiel in het ene domein weegt niet op tegen een lager in het andere. Of een gebied "
        "minstens even slecht is kan niet gezegd worden als onbekende domeinen daarover beslissen: "
        "dat is geen nee. `marge` is het gemiddelde verschil in percentielpunten; het beslist "
        "niets, het zet alleen op volgorde.\n\n"
        "Een focusgebied is wat zijn hele, meetellende eenheden zijn: de score per domein is hun "
        "naar inwoners gewogen gemiddelde, of hun slechtste als naast elk van hen gevraagd is. "
        "Kandidaten en delen tellen daarin niet mee.\n\n"
        f"{_CARRIED_NL[carried]}\n{stacking_nl(definition)}"
    )


def as_bad_en(
    definition: StackingDefinition, reference: str, required: int, *, carried: bool
) -> str:
    """The same in English."""
    return (
        f"# At least as bad as {reference}\n\n"
        "Every area of the same level and vintage of boundaries is put beside "
        f"{reference}, domain by domain. An area is at least as bad where its percentile is as "
        f"high or higher in at least {required} of {len(definition.domains)} domains. A much "
        "higher percentile in one domain does not make up for a lower one in another. Whether an "
        "area is at least as bad cannot be said where unknown domains decide it: that is not a no. "
        "`marge` is the mean difference in percentile points; it decides nothing, it only puts in "
        "order.\n\n"
        "A focus area is what its whole, counted units are: its score in a domain is their mean, "
        "weighed by inhabitants, or the worst of them where beside every one is asked. Candidates "
        "and parts have no share in it.\n\n"
        f"{_CARRIED_EN[carried]}\n{stacking_en(definition)}"
    )


def counts_nl(definition: StackingDefinition) -> str:
    """In how many domains areas are among the worst, in Dutch."""
    return (
        f"# Stapeling: {definition.name_nl}\n\n"
        "`aantal` is het aantal domeinen waarvan het percentiel op of boven de drempel ligt. Waar "
        "onbekende domeinen het openlaten is het leeg, en ligt het tussen `aantalMin` en "
        f"`aantalMax`.\n\n{stacking_nl(definition)}"
    )


def counts_en(definition: StackingDefinition) -> str:
    """The same in English."""
    return (
        f"# Stacking: {definition.name_en}\n\n"
        "`aantal` is the number of domains of which the percentile is at or above the threshold. "
        "Where unknown domains leave it open it is empty, and lies between `aantalMin` and "
        f"`aantalMax`.\n\n{stacking_en(definition)}"
    )
