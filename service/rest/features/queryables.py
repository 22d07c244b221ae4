"""What a filter may ask of a collection: its texts, its geometry, and indicators with figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from db.core.indicator import Indicator
from db.core.levels import Level
from db.core.stacking_definition import StackingDefinition
from db.core.suggest import nearest_slugs
from schema.context import Context
from service.rest.features.collections import Collection
from service.rest.features.properties import OF_STACKING, SHAPE, Property, meaning
from service.rest.features.stacking import NAMES, STACKING
from service.rest.parameter import Malformed
from service.rest.record import NUMBER, TEXT

GEOMETRY = "geometry"
STATUS = "_status"
MOST_AT_ONCE = 20
_UNITS = (Level.WIJK, Level.BUURT)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Queryables:
    texts: dict[str, tuple[str, str]]
    """Properties that are texts, each with what it is in Dutch and in English."""
    indicators: dict[str, Indicator]
    """By slug, those with figures on the boundaries of the collection."""
    definition: StackingDefinition | None = None
    """Of the stacking that a filter compares; None where none was chosen."""
    most_at_once: int = MOST_AT_ONCE

    @property
    def counted(self) -> tuple[Property, ...]:
        """Properties of stacking."""
        return OF_STACKING[:-1] if self.definition is not None else ()

    def indicator_of(self, name: str) -> tuple[str, bool]:
        """The slug that a property is of, and whether it is its status; Malformed for another."""
        if name in self.indicators:
            return name, False
        slug = name.removesuffix(STATUS)
        if slug in self.indicators and slug != name:
            return slug, True
        raise self.unknown(name)

    def unknown(self, name: str) -> Malformed:
        """A refusal that names what there is."""
        if name in NAMES and self.definition is None:
            return _nothing_counted(name)
        near = nearest_slugs(name, dict.fromkeys([*self.texts, *self.indicators], ()))
        listed = ", ".join([GEOMETRY, *self.texts])
        return Malformed(
            "UNKNOWN_PROPERTY",
            f"filter: there is no property {name[:_SHOWN]!r}; there are {listed} and "
            f"{len(self.indicators)} indicators, see /queryables",
            f"filter: er is geen eigenschap {name[:_SHOWN]!r}; er zijn {listed} en "
            f"{len(self.indicators)} indicatoren, zie /queryables",
            allowed=[GEOMETRY, *self.texts, *self.indicators],
            suggestions=near,
        )

    @property
    def properties(self) -> Iterator[Property]:
        """Everything that may be asked."""
        yield SHAPE
        yield from self.counted
        for name, (nl, en) in self.texts.items():
            yield Property(name, nl, en, TEXT)
        for slug, each in self.indicators.items():
            nl, en = each.name_nl, each.name_en
            yield Property(slug, nl, en, NUMBER, about=meaning(each))
            yield Property(slug + STATUS, f"{nl}: status", f"{en}: status", TEXT)

    def shown(self, address: str, title: str, language: str) -> dict[str, Any]:
        """As JSON Schema."""
        properties = {each.name: each.shown(language) for each in self.properties}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": address,
            "type": "object",
            "title": title,
            "properties": properties,
            "additionalProperties": False,
            # As the draft had it that GDAL knows.
            "queryables": [{"id": name} for name in properties if name != GEOMETRY],
        }


def _nothing_counted(name: str) -> Malformed:
    return Malformed(
        "NOTHING_CHOSEN",
        f"filter: {name} is there where the parameter {STACKING.name} names a definition",
        f"filter: {name} is er als de parameter {STACKING.name} een definitie noemt",
    )


_CODE = {
    "code": ("De code", "The code"),
    "naam": ("De naam", "The name"),
    "gemeenteCode": ("De gemeente waarin het ligt", "The gemeente it lies in"),
}
_OF_AREAS = _CODE | {
    "ouderCode": ("Het gebied erboven", "The area above it"),
    "terrein": ("land, water of abroad", "land, water or abroad"),
}
_OF_FOCUS = _CODE | {"programma": ("Het programma", "The programme")}


def queryables_of(
    context: Context, collection: Collection, definition: StackingDefinition | None = None
) -> Queryables:
    """What may be asked of a collection of this publication."""
    key = ("queryables", collection)
    found = context.facts.remember(key, lambda: _indicators(context, collection))
    texts = _OF_FOCUS if collection.level is None else _OF_AREAS
    return Queryables(dict(texts), found, definition)


def _indicators(context: Context, collection: Collection) -> dict[str, Indicator]:
    """Those with figures on its boundaries, by slug; found out once a publication."""
    facts, level, vintage = context.facts, collection.level, collection.vintage
    levels = _UNITS if level is None else (level,)
    return {
        slug: each
        for slug, each in sorted(facts.head.indicators.items())
        if any(facts.own_years(slug, at, vintage) for at in levels)
    }
