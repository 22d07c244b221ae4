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


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    nl: str
    en: str
    schema: Schema
    role: str | None = None
    about: tuple[str, str] | None = None
    """More of what it is, in Dutch and in English."""

    def shown(self, language: str) -> Schema:
        """As JSON Schema with the keywords of OGC API Features Part 5."""
        english = language == "en"
        shown = {"title": self.en if english else self.nl, **self.schema}
        if self.about is not None:
            shown["description"] = self.about[english]
        return shown if self.role is None else {**shown, "x-ogc-role": self.role}


SHAPE = Property(
    "geometry", "De grens", "The boundary", {"format": "geometry-polygon-or-multipolygon"}, GEOMETRY
)

_WHO = (
    Property("code", "De code", "The code", TEXT, ID),
    Property("naam", "De naam", "The name", TEXT),
)
_IN = Property("gemeenteCode", "De gemeente waarin het ligt", "The gemeente it lies in", TEXT)
_YEAR = Property("indeling", "Jaar van de grenzen", "Year of the boundaries", WHOLE)
OF_AREAS = (
    *_WHO,
    Property(
        "niveau",
        "Gemeente, wijk of buurt",
        "Gemeente, wijk or buurt",
        chosen_from(*(each.value for each in Level)),
    ),
    _YEAR,
    Property(
        "terrein",
        "Land, water of buitenland",
        "Land, water or abroad",
        chosen_from(*(e.value for e in Terrain)),
    ),
    _IN,
    Property("ouderCode", "Het gebied erboven", "The area above it", TEXT),
    Property(
        "focusgebieden",
        "Focusgebieden waarvan het deel is",
        "Focus areas it is part of",
        list_of(TEXT),
    ),
    Property(
        "kandidaatVoor",
        "Focusgebieden waarvan het misschien deel is",
        "Focus areas it may be part of",
        list_of(TEXT),
    ),
)
OF_FOCUS = (
    *_WHO,
    Property("programma", "Het programma", "The programme", TEXT),
    _IN,
    _YEAR,
    Property(
        "eenheden",
        "Codes van de wijken en buurten die meetellen",
        "Codes of the wijken and buurten that count",
        list_of(TEXT),
    ),
    Property(
        "volledig",
        "Of de grens en de eenheden het hele gebied zijn",
        "Whether the boundary and the units are the whole area",
        TRUTH,
    ),
    Property(
        "zekerheid",
        "Hoe zeker de minst zekere eenheid is",
        "How certain the least certain unit is",
        TEXT,
    ),
)
OF_STACKING = (
    Property(
        COUNT,
        "Domeinen die overschreden zijn, als dat van alle bekend is",
        "Domains exceeded, if that is known of all",
        WHOLE,
    ),
    Property(
        LEAST,
        "Domeinen waarvan bekend is dat ze overschreden zijn",
        "Domains known to be exceeded",
        WHOLE,
    ),
    Property(
        MOST,
        "Dezelfde, en die waarvan het niet bekend is",
        "The same, and those of which it is not known",
        WHOLE,
    ),
    Property(
        STATE,
        "Of de telling zeker is",
        "Whether the count is certain",
        chosen_from(*(each.value for each in State)),
    ),
    Property(DEFINITION, "De definitie van stapeling", "The definition of stacking", TEXT),
)


_BESIDE: tuple[tuple[str, str, str, Schema], ...] = (
    (
        "status",
        "of er een waarde is en wat voor een",
        "whether there is a value and of what kind",
        chosen_from(*(each.name for each in Status)),
    ),
    ("reden", "waarom", "why", chosen_from(*(each.name for each in Reason))),
    ("jaar", "jaar van de waarde", "year of the value", WHOLE),
    (
        "voorlopig",
        "of de bron het voorlopig noemt",
        "whether the source calls it provisional",
        TRUTH,
    ),
)
"""What stands beside a value of an indicator."""


def own_properties(collection: Collection) -> Sequence[Property]:
    """Those that every feature of a collection has, whatever is chosen."""
    return OF_FOCUS if collection.level is None else OF_AREAS


def of_indicator(indicator: Indicator) -> list[Property]:
    """A value and what stands beside it."""
    slug, nl, en = indicator.slug, indicator.name_nl, indicator.name_en
    return [
        Property(slug, nl, en, NUMBER, about=meaning(indicator)),
        *(
            Property(f"{slug}_{name}", f"{nl}: {dutch}", f"{en}: {english}", schema)
            for name, dutch, english, schema in _BESIDE
        ),
    ]


def meaning(indicator: Indicator) -> tuple[str, str]:
    """What an indicator counts or measures and in what, in Dutch and in English."""
    return (
        f"{indicator.description_nl} ({indicator.unit_nl})",
        f"{indicator.description_en} ({indicator.unit_en})",
    )
