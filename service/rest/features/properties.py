"""What properties features have: by name, with what each is and of which type.

The schema of a collection, the selection of `properties` and the queryables follow from this.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from db.core.absence import Reason, Status
from db.core.indicator import Indicator
from db.core.levels import Level, Terrain
from service.rest.features.collections import Collection
from service.rest.features.stacking import COUNT, DEFINITION, LEAST, MOST, STATE, State
from service.rest.record import NUMBER, TEXT, TRUTH, WHOLE, Schema, chosen_from, list_of

ID, GEOMETRY = "id", "primary-geometry"
SHAPE: Schema = {
    "title": "De grens",
    "format": "geometry-polygon-or-multipolygon",
    "x-ogc-role": GEOMETRY,
}


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    nl: str
    schema: Schema
    role: str | None = None

    @property
    def shown(self) -> Schema:
        """As JSON Schema with the keywords of OGC API Features Part 5."""
        shown = {"title": self.nl, **self.schema}
        return shown if self.role is None else {**shown, "x-ogc-role": self.role}


_WHO = (Property("code", "De code", TEXT, ID), Property("naam", "De naam", TEXT))
_IN = Property("gemeenteCode", "De gemeente waarin het ligt", TEXT)
_YEAR = Property("indeling", "Jaar van de grenzen", WHOLE)
OF_AREAS = (
    *_WHO,
    Property("niveau", "Gemeente, wijk of buurt", chosen_from(*(each.value for each in Level))),
    _YEAR,
    Property("terrein", "Land, water of buitenland", chosen_from(*(e.value for e in Terrain))),
    _IN,
    Property("ouderCode", "Het gebied erboven", TEXT),
    Property("focusgebieden", "Focusgebieden waarvan het deel is", list_of(TEXT)),
    Property("kandidaatVoor", "Focusgebieden waarvan het misschien deel is", list_of(TEXT)),
)
OF_FOCUS = (
    *_WHO,
    Property("programma", "Het programma", TEXT),
    _IN,
    _YEAR,
    Property("eenheden", "Codes van de wijken en buurten die meetellen", list_of(TEXT)),
    Property("volledig", "Of de grens en de eenheden het hele gebied zijn", TRUTH),
    Property("zekerheid", "Hoe zeker de minst zekere eenheid is", TEXT),
)
OF_STACKING = (
    Property(COUNT, "Domeinen die overschreden zijn, als dat van alle bekend is", WHOLE),
    Property(LEAST, "Domeinen waarvan bekend is dat ze overschreden zijn", WHOLE),
    Property(MOST, "Dezelfde, en die waarvan het niet bekend is", WHOLE),
    Property(STATE, "Of de telling zeker is", chosen_from(*(each.value for each in State))),
    Property(DEFINITION, "De definitie van stapeling", TEXT),
)


def own_properties(collection: Collection) -> Sequence[Property]:
    """Those that every feature of a collection has, whatever is chosen."""
    return OF_FOCUS if collection.level is None else OF_AREAS


def of_indicator(indicator: Indicator) -> list[Property]:
    """A value and what stands beside it."""
    slug, nl = indicator.slug, indicator.name_nl
    value: Schema = {**NUMBER, "description": f"{indicator.description_nl} ({indicator.unit_nl})"}
    states = chosen_from(*(each.name for each in Status))
    return [
        Property(slug, nl, value),
        Property(f"{slug}_status", f"{nl}: of er een waarde is en wat voor een", states),
        Property(f"{slug}_reden", f"{nl}: waarom", chosen_from(*(each.name for each in Reason))),
        Property(f"{slug}_jaar", f"{nl}: jaar van de waarde", WHOLE),
        Property(f"{slug}_voorlopig", f"{nl}: of de bron het voorlopig noemt", TRUTH),
    ]
