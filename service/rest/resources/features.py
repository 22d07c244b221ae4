"""OGC API Features: the addresses, from the landing page to one item."""

from typing import Any

from service.rest.common import LANGUAGE
from service.rest.features import asking, documents, items, schemas
from service.rest.features.choosing import diagnosed
from service.rest.features.links import GEOJSON, JSON, SCHEMA
from service.rest.features.pages import PAGE
from service.rest.operation import Answering, Format, Operation, json_of
from service.rest.parameter import Parameter
from service.rest.record import ANY_OBJECT, GEOMETRY, TEXT, WHOLE, Record, Schema, list_of, or_null

_TAG = "Kaarten"
_FEATURE: Schema = {
    "type": "object",
    "required": ["type", "id", "properties", "geometry"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": TEXT,
        "properties": {"type": "object", "description": "Wie het is, en de gekozen indicatoren."},
        "geometry": or_null(GEOMETRY),
    },
}
_PAGE: Schema = {
    "type": "object",
    "required": ["type", "features", "links", "numberMatched", "numberReturned", "timeStamp"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": list_of(_FEATURE),
        "links": list_of(documents.LINK),
        "numberMatched": WHOLE,
        "numberReturned": WHOLE,
        "timeStamp": {"type": "string", "format": "date-time"},
        "publicatie": WHOLE,
    },
}
_ITEM: Schema = {
    **_FEATURE,
    "properties": {**_FEATURE["properties"], "links": list_of(documents.LINK)},
}


def _geojson(schema: Schema) -> Format:
    return Format("json", GEOJSON, schema=schema, also=(JSON,))


def _document(
    path: str, id_: str, nl: str, record: Record[dict[str, Any]], answer: Answering,
    *parameters: Parameter[Any],
) -> Operation:  # fmt: skip
    return Operation(
        path=path,
        id=id_,
        tag=_TAG,
        nl=nl,
        parameters=(*parameters, *asking.CHOSEN, LANGUAGE),
        formats=(json_of(record, spoken=True), PAGE),
        records=(record,),
        answer=answer,
    )


def _schema(
    name: str, id_: str, nl: str, answer: Answering, *parameters: Parameter[Any]
) -> Operation:
    return Operation(
        path=f"/collections/{{collectionId}}/{name}",
        id=id_,
        tag=_TAG,
        nl=nl,
        parameters=(asking.COLLECTION, *parameters, *asking.CHOSEN, LANGUAGE),
        # The same as plain JSON: whoever asks for that may take nothing else (GDAL).
        formats=(
            Format("json", SCHEMA, schema=ANY_OBJECT, spoken=True),
            Format("plain", JSON, schema=ANY_OBJECT, spoken=True),
            PAGE,
        ),
        answer=answer,
    )


OPERATIONS = (
    _document(
        "/", "beginpunt", "Het beginpunt van OGC API Features.", documents.LANDING,
        documents.landing,
    ),
    _document(
        "/conformance", "conformance", "De klassen van OGC-standaarden waaraan de API voldoet.",
        documents.CONFORMANCE, documents.conformance,
    ),
    _document(
        "/collections", "collections", "Alle collecties: elke soort gebieden in elke indeling.",
        documents.COLLECTIONS, documents.collections,
    ),
    _document(
        "/collections/{collectionId}", "collection", "Eén collectie.", documents.COLLECTION,
        documents.collection, asking.COLLECTION,
    ),
    _schema(
        "queryables", "queryables",
        "Waarop de gebieden van een collectie te filteren zijn (JSON Schema).",
        documents.queryables,
    ),
    _schema(
        "schema", "schema",
        "De eigenschappen van de gebieden van een collectie, met wat er gekozen is (JSON Schema "
        "volgens OGC API Features, deel 5).",
        schemas.schema, asking.PROPERTIES,
    ),
    _schema(
        "schema/feature", "featureSchema",
        "Eén gebied van een collectie zoals GeoJSON het heeft (JSON Schema). Elke eigenschap kan "
        "null zijn.",
        schemas.feature_schema, asking.PROPERTIES,
    ),
    Operation(
        path="/collections/{collectionId}/items",
        id="items",
        tag=_TAG,
        nl="De gebieden van een collectie als GeoJSON, op volgorde van code.",
        parameters=(
            asking.COLLECTION, *asking.PAGE, asking.BBOX, asking.BBOX_CRS, asking.CRS,
            asking.DATETIME, asking.FILTER, asking.FILTER_LANG, asking.FILTER_CRS, asking.DETAIL,
            asking.PROPERTIES, *asking.CHOSEN, LANGUAGE,
        ),
        formats=(_geojson(_PAGE), PAGE),
        records=(documents.LINK,),
        headers=("Content-Crs",),
        answer=items.items,
        diagnose=diagnosed,
    ),
    Operation(
        path="/collections/{collectionId}/items/{id}",
        id="item",
        tag=_TAG,
        nl="Eén gebied van een collectie als GeoJSON.",
        parameters=(
            asking.COLLECTION, asking.FEATURE, asking.CRS, asking.DETAIL, asking.PROPERTIES,
            *asking.CHOSEN, LANGUAGE,
        ),
        formats=(_geojson(_ITEM), PAGE),
        records=(documents.LINK,),
        headers=("Content-Crs",),
        answer=items.item,
    ),
)  # fmt: skip
