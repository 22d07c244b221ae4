"""Landing page, conformance and collections of OGC API Features."""

from typing import Any

import orjson

from db.core.crs import CRS84, EXTENT
from service.rest.features import asking
from service.rest.features.collections import (
    Collection,
    collections_of,
    find_collection,
    has_figures,
    is_partial,
)
from service.rest.features.links import (
    HTML,
    JSON,
    OPENAPI,
    Addresses,
    Link,
    collection_links,
    self_links,
)
from service.rest.features.pages import PAGE, page
from service.rest.features.queryables import queryables_of
from service.rest.features.stacking import chosen_definition
from service.rest.features.systems import CRS84 as DEFAULT
from service.rest.features.systems import STORAGE, SYSTEMS
from service.rest.operation import Answer, Asked
from service.rest.record import ADDRESS, ANY_OBJECT, TEXT, Member, Record, list_of
from service.rest.tiles import standard

_FEATURES = "http://www.opengis.net/spec/ogcapi-features"
_CQL2 = (
    "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators",
    "case-insensitive-comparison", "property-property", "arithmetic", "basic-spatial-functions",
    "basic-spatial-functions-plus",
)  # fmt: skip
CLASSES = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    *(f"{_FEATURES}-1/1.0/conf/{each}" for each in ("core", "geojson", "html", "oas30")),
    f"{_FEATURES}-2/1.0/conf/crs",
    *(f"{_FEATURES}-3/1.0/conf/{each}" for each in ("queryables", "filter", "features-filter")),
    *(f"{_FEATURES}-5/1.0/conf/{each}" for each in ("schemas", "core-roles-features")),
    *(f"http://www.opengis.net/spec/cql2/1.0/conf/{each}" for each in _CQL2),
    *standard.CLASSES,
)
_TYPES = {"json": JSON, "html": HTML}
_TITLE = "Leefbaarheid"
_WORDS = {
    "nl": {
        "what": "Gemeenten, wijken, buurten en focusgebieden met hun grenzen, per indeling; met "
        "`indicatoren=` ook hun waarden, elk met status en reden.",
        "service-desc": "Beschrijving van de API",
        "service-doc": "Uitleg bij de API",
        "conformance": "Waaraan deze API voldoet",
        "data": "De collecties",
        "schemes": "Tegelindelingen",
        "figures": "grenzen en cijfers van de indeling van 1 januari {vintage}.",
        "boundaries": "grenzen, zonder cijfers, van de indeling van 1 januari {vintage}.",
        "part": " Slechts een deel ervan is geladen.",
    },
    "en": {
        "what": "Gemeenten, wijken, buurten and focus areas with their boundaries, by vintage; "
        "with `indicatoren=` also their values, each with its status and reason.",
        "service-desc": "Description of the API",
        "service-doc": "Documentation of the API",
        "conformance": "What this API conforms to",
        "data": "The collections",
        "schemes": "Tiling schemes",
        "figures": "boundaries and figures of the vintage of 1 January {vintage}.",
        "boundaries": "boundaries, without figures, of the vintage of 1 January {vintage}.",
        "part": " Only part of it is loaded.",
    },
}
LINK: Record[Link] = Record(
    "OgcLink",
    "Een adres, en hoe het zich verhoudt tot dit antwoord.",
    [
        Member("rel", TEXT, "De verhouding.", lambda it, _: it.rel),
        Member("href", ADDRESS, "Het adres.", lambda it, _: it.href),
        Member("type", TEXT, "Het mediatype dat daar te halen is.", lambda it, _: it.type),
    ],
)


def _member(name: str, schema: Any, nl: str) -> Member[dict[str, Any]]:
    return Member(name, schema, nl, lambda it, _: it[name])


_LINKS = _member("links", list_of(LINK), "Adressen.")


LANDING: Record[dict[str, Any]] = Record(
    "Beginpunt",
    "Waar een client van OGC API begint.",
    [
        _member("title", TEXT, "De naam van de dienst."),
        _member("description", TEXT, "Wat er te halen is."),
        _LINKS,
    ],
    uses=(LINK,),
)
CONFORMANCE: Record[dict[str, Any]] = Record(
    "Conformiteit",
    "De klassen van OGC-standaarden waaraan deze API voldoet.",
    [_member("conformsTo", list_of(ADDRESS), "Hun URI's.")],
)
COLLECTION: Record[dict[str, Any]] = Record(
    "Collectie",
    "Gebieden van één soort in één indeling.",
    [
        _member("id", TEXT, "De naam in adressen."),
        _member("title", TEXT, "De naam."),
        _member("description", TEXT, "Wat erin zit."),
        _member("extent", ANY_OBJECT, "Waar en wanneer."),
        _member("itemType", TEXT, "Altijd `feature`."),
        _member("crs", list_of(ADDRESS), "De coördinatenstelsels waarin ze te krijgen is."),
        _member("storageCrs", ADDRESS, "Het stelsel waarin de grenzen bewaard worden."),
        _LINKS,
    ],
    uses=(LINK,),
)
COLLECTIONS: Record[dict[str, Any]] = Record(
    "Collecties",
    "Alle collecties.",
    [_member("collections", list_of(COLLECTION), "Elke collectie."), _LINKS],
    uses=(COLLECTION, LINK),
)


def _written(record: Record[dict[str, Any]], shown: dict[str, Any], asked: Asked) -> Answer:
    made = record.write(shown, asked.context)
    if asked.format.name == PAGE.name:
        return page(asked, made)
    return Answer(orjson.dumps(made))


def landing(asked: Asked) -> Answer:
    return _written(LANDING, landing_of(asked), asked)


def landing_of(asked: Asked) -> dict[str, Any]:
    at = Addresses(asked)
    root, words = at("/").partition("?")[0], _WORDS[asked.language]
    links = [
        *self_links(asked, _TYPES),
        Link("service-desc", f"{root}openapi.json", OPENAPI, words["service-desc"]),
        Link("service-doc", f"{root}docs", "text/html", words["service-doc"]),
        Link("conformance", at("/conformance"), JSON, words["conformance"]),
        Link("data", at("/collections"), JSON, words["data"]),
        Link(standard.SCHEMES_RELATION, root + standard.SCHEMES_PATH[1:], JSON, words["schemes"]),
    ]
    return {"title": _TITLE, "description": words["what"], "links": [each.shown for each in links]}


def conformance(asked: Asked) -> Answer:
    return _written(CONFORMANCE, {"conformsTo": CLASSES}, asked)


def collections(asked: Asked) -> Answer:
    return _written(COLLECTIONS, collections_shown(asked), asked)


def collections_shown(asked: Asked) -> dict[str, Any]:
    at = Addresses(asked)
    found = []
    for each in collections_of(asked.context):
        own = Link("self", at(f"/collections/{each.id}"), JSON)
        found.append(collection_shown(asked, each, [own]))
    links = [each.shown for each in self_links(asked, _TYPES)]
    return {"collections": found, "links": links}


def collection(asked: Asked) -> Answer:
    found = find_collection(asked.context, asked[asking.COLLECTION])
    return _written(COLLECTION, collection_shown(asked, found, self_links(asked, _TYPES)), asked)


def collection_shown(asked: Asked, found: Collection, own: list[Link]) -> dict[str, Any]:
    west, south, east, north = EXTENT[CRS84]
    words, title = _WORDS[asked.language], found.titled(asked.language)
    what = words["figures" if has_figures(asked.context, found) else "boundaries"]
    part = words["part"] if is_partial(asked.context, found) else ""
    return {
        "id": found.id,
        "title": title,
        "description": f"{title}: {what.format(vintage=found.vintage)}{part}",
        "extent": {
            # The Netherlands with its waters: nothing outside is loaded.
            "spatial": {"bbox": [[west, south, east, north]], "crs": DEFAULT.uri},
            "temporal": {
                "interval": [list(found.interval)],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            },
        },
        "itemType": "feature",
        "crs": [each.uri for each in SYSTEMS],
        "storageCrs": STORAGE.uri,
        "links": [each.shown for each in [*own, *collection_links(asked, found)]],
    }


def queryables(asked: Asked) -> Answer:
    found = find_collection(asked.context, asked[asking.COLLECTION])
    definition = chosen_definition(asked.context, asked.values)
    address = asked.public_url + asked.path
    known = queryables_of(asked.context, found, definition)
    shown = known.shown(address, found.titled(asked.language), asked.language)
    if asked.format.name == PAGE.name:
        return page(asked, shown)
    return Answer(orjson.dumps(shown))
