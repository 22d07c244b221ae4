"""Schemas of a collection: its properties by OGC API Features Part 5, and a feature as GeoJSON.

Both describe what items at the same address have: indicators and stacking where they are chosen.
"""

from typing import Any

import orjson

from service.rest.features import asking
from service.rest.features.choosing import layer_of
from service.rest.features.collections import find_collection
from service.rest.features.links import here
from service.rest.features.pages import PAGE, page
from service.rest.features.properties import SHAPE, Property
from service.rest.features.selected import selected
from service.rest.operation import Answer, Asked
from service.rest.record import GEOMETRY, TEXT

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(asked: Asked) -> Answer:
    """The properties, each with its type and its role (Part 5)."""
    found = {
        each.name: {**each.shown(asked.language), "x-ogc-propertySeq": at}
        for at, each in enumerate(_properties(asked), 1)
    }
    shape = {**SHAPE.shown(asked.language), "x-ogc-propertySeq": len(found) + 1}
    return _written(asked, {"properties": {**found, "geometry": shape}})


def feature_schema(asked: Asked) -> Answer:
    """One feature as GeoJSON has it; programs such as GDAL take the types of columns from it."""
    # One type each: a list of types, which null would need, is not read by GDAL.
    found = {
        each.name: {**each.shown(asked.language), "nullable": True} for each in _properties(asked)
    }
    members = {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": TEXT,
        "properties": {"type": "object", "properties": found},
        "geometry": {"oneOf": [GEOMETRY, {"type": "null"}]},
    }
    body = {"required": list(members), "properties": members}
    # People are shown the properties, which is what they look for.
    return _written(asked, {"properties": found} if asked.format.name == PAGE.name else body)


def _properties(asked: Asked) -> list[Property]:
    layer = layer_of(asked.context, asked.values)
    return selected(asked, layer).properties(asked.context, layer)


def _written(asked: Asked, body: dict[str, Any]) -> Answer:
    title = find_collection(asked.context, asked[asking.COLLECTION]).titled(asked.language)
    head = {"$schema": _DIALECT, "$id": here(asked, {}), "type": "object", "title": title}
    shown = {**head, **body}
    return page(asked, shown) if asked.format.name == PAGE.name else Answer(orjson.dumps(shown))
