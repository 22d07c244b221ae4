"""Links of the documents of OGC API Features, all of them built from the public address."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.rest.common import CURSOR, PUBLICATION, ROOT
from service.rest.features.asking import CHOSEN
from service.rest.features.collections import Collection
from service.rest.licences import licences
from service.rest.operation import Asked
from service.rest.query import query_of
from service.rest.tiles.standard import RELATION

JSON, HTML, GEOJSON = "application/json", "text/html", "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
PROPERTIES = "http://www.opengis.net/def/rel/ogc/1.0/schema"
DESCRIBED, FILTERED = "describedBy", "queryables"
"""As GDAL spells them: the first by any case (RFC 8288), the second as the draft had it."""
_KEPT = (*(each.name for each in CHOSEN), PUBLICATION.name)
_SAFE = ",:/"
_TITLES = {
    "nl": {
        "tiles": "Vectortegels",
        "items": "De items als GeoJSON",
        "queryables": "Waarop te filteren is",
        "properties": "De eigenschappen",
        "one": "Eén gebied in GeoJSON",
    },
    "en": {
        "tiles": "Vector tiles",
        "items": "The items as GeoJSON",
        "queryables": "What can be filtered on",
        "properties": "The properties",
        "one": "One area in GeoJSON",
    },
}


@dataclass(frozen=True, slots=True)
class Link:
    rel: str
    href: str
    type: str
    title: str = ""

    @property
    def shown(self) -> dict[str, str]:
        shown = {"rel": self.rel, "href": self.href, "type": self.type}
        return {**shown, "title": self.title} if self.title else shown


class Addresses:
    """Addresses below the landing page, which keep what was chosen and the publication."""

    def __init__(self, asked: Asked) -> None:
        self._root = asked.public_url + ROOT
        self._kept = {name: asked.given[name] for name in _KEPT if name in asked.given}

    def __call__(self, path: str, more: Mapping[str, str] | None = None) -> str:
        query = query_of({**self._kept, **(more or {})}.items(), _SAFE)
        return f"{self._root}{path}" + (f"?{query}" if query else "")


def here(asked: Asked, more: Mapping[str, str]) -> str:
    """The address that was asked, with these parameters."""
    query = query_of(sorted({**asked.given, **more}.items()), _SAFE)
    return f"{asked.public_url}{asked.path}" + (f"?{query}" if query else "")


def self_links(asked: Asked, types: Mapping[str, str]) -> list[Link]:
    """This document, and the same in the other formats; `types` are media by name of format."""
    own = asked.format.name
    found = [Link("self", here(asked, {}), types[own])]
    others = {name: media for name, media in types.items() if name != own}
    return found + [Link("alternate", here(asked, {"f": n}), m) for n, m in others.items()]


def page_links(asked: Asked, collection: Collection, following: str | None) -> list[Link]:
    """Out of a page of items; `next` names the publication, so that a walk sees one."""
    types = {"json": GEOJSON, "html": HTML}
    found = self_links(asked, types)
    if following is not None:
        more = {CURSOR.name: following, PUBLICATION.name: str(asked.context.number)}
        found.append(Link("next", here(asked, more), types[asked.format.name]))
    at = Addresses(asked)(f"/collections/{collection.id}")
    return [*found, Link("collection", at, JSON), *_licence_links(asked)]


def _licence_links(asked: Asked) -> list[Link]:
    """The terms of every source: a publication may have figures under several."""
    return [Link("license", address, HTML, name) for address, name in licences(asked.context)]


def feature_links(asked: Asked, collection: Collection) -> list[Link]:
    """Out of one item."""
    return page_links(asked, collection, None)


def collection_links(asked: Asked, collection: Collection) -> list[Link]:
    """To what a collection has."""
    at, path = Addresses(asked), f"/collections/{collection.id}"
    titles = _TITLES[asked.language]
    # Focus areas are made of wijken and buurten, whose tiles show them.
    pin = {PUBLICATION.name: asked.given.get(PUBLICATION.name, "")}
    query = f"?{query_of(pin.items())}" if pin[PUBLICATION.name] else ""
    tiles = f"{asked.public_url}{ROOT}{path}/tiles{query}"
    drawn = [Link(RELATION, tiles, JSON, titles["tiles"])] if collection.level else []
    return [
        Link("items", at(f"{path}/items"), GEOJSON, titles["items"]),
        Link(QUERYABLES, at(f"{path}/queryables"), SCHEMA, titles["queryables"]),
        Link(FILTERED, at(f"{path}/queryables"), JSON, titles["queryables"]),
        Link(PROPERTIES, at(f"{path}/schema"), SCHEMA, titles["properties"]),
        Link(DESCRIBED, at(f"{path}/schema/feature"), SCHEMA, titles["one"]),
        *drawn,
        *_licence_links(asked),
    ]
