"""What the catalogue refers to of others, each with its class and name: lists of the EU, standards.

The profile's shapes look for the class of what is referred to in the catalogue itself.
"""

from collections.abc import Iterator
from typing import Any

from db.core.crs import CRS84, EXTENT

Node = dict[str, Any]

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority"
_CC = "https://creativecommons.org"
_ADMS = "http://purl.org/adms"
_LICENCE_TYPE, _PUBLISHER_TYPE = f"{_ADMS}/licencetype", f"{_ADMS}/publishertype"
PUBLIC = f"{_EU}/access-right/PUBLIC"
SOCIETY, THEMES = f"{_EU}/data-theme/SOCI", f"{_EU}/data-theme"
DUTCH, ENGLISH = f"{_EU}/language/NLD", f"{_EU}/language/ENG"
IRREGULAR = f"{_EU}/frequency/IRREG"
STABLE = f"{_EU}/planned-availability/STABLE"
JSON = f"{_EU}/file-type/JSON"
MEDIA_JSON = "https://www.iana.org/assignments/media-types/application/json"
NETHERLANDS = f"{_EU}/country/NLD"
CC_BY, CC_ZERO = f"{_CC}/licenses/by/4.0/", f"{_CC}/publicdomain/zero/1.0/"
ATTRIBUTION, PUBLIC_DOMAIN, MIXED = (
    f"{_LICENCE_TYPE}/{name}" for name in ("Attribution", "PublicDomain", "UnknownIPR")
)
NATIONAL, REGIONAL, LOCAL = (
    f"{_PUBLISHER_TYPE}/{name}"
    for name in ("NationalAuthority", "RegionalAuthority", "LocalAuthority")
)
DATA_PACKAGE = "https://specs.frictionlessdata.io/data-package/"
GRAPHQL = "https://spec.graphql.org/"
DESIGN_RULES = "https://gitdocumentatie.logius.nl/publicatie/api/adr/"
FEATURES = "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0"

_CONCEPTS = {
    SOCIETY: ("Bevolking en samenleving", "Population and society"),
    STABLE: ("Blijvend", "Stable"),
    ATTRIBUTION: ("Naamsvermelding", "Attribution"),
    PUBLIC_DOMAIN: ("Publiek domein", "Public domain"),
    MIXED: ("Verschilt per bron", "Differs by source"),
    NATIONAL: ("Landelijke overheid", "National authority"),
    REGIONAL: ("Regionale overheid", "Regional authority"),
    LOCAL: ("Plaatselijke overheid", "Local authority"),
}
_SCHEMES = {
    THEMES: ("Thema's van gegevens", "Data themes"),
    f"{_PUBLISHER_TYPE}/1.0": ("Soorten uitgevers (ADMS)", "Publisher types (ADMS)"),
    f"{_LICENCE_TYPE}/1.0": ("Soorten licenties (ADMS)", "Licence types (ADMS)"),
}
_STANDARDS = {
    DATA_PACKAGE: "Data Package (Frictionless)",
    GRAPHQL: "GraphQL",
    DESIGN_RULES: "NL GOV API Design Rules",
    FEATURES: "OGC API - Features - Part 1: Core",
}
_OTHERS = {
    DUTCH: "dct:LinguisticSystem",
    ENGLISH: "dct:LinguisticSystem",
    IRREGULAR: "dct:Frequency",
    JSON: "dct:MediaTypeOrExtent",
    MEDIA_JSON: "dct:MediaType",
}


def at(address: str) -> Node:
    """A reference."""
    return {"@id": address}


def nl(text: str) -> Node:
    return {"@value": text, "@language": "nl"}


def both(dutch: str, english: str) -> list[Node]:
    """A text in both languages."""
    return [nl(dutch), {"@value": english, "@language": "en"}]


def typed(text: str, kind: str) -> Node:
    """A literal with a datatype."""
    return {"@value": text, "@type": kind}


def terms() -> Iterator[Node]:
    """All of them but the place."""
    yield {
        "@id": PUBLIC,
        "@type": "dct:RightsStatement",
        "rdfs:label": both("openbaar", "public"),
        **_listed(PUBLIC),
    }
    for address, names in _CONCEPTS.items():
        kind = {"@type": "skos:Concept", "skos:prefLabel": both(*names)}
        yield {"@id": address, **kind, **_listed(address)}
    for address, names in _SCHEMES.items():
        yield {"@id": address, "@type": "skos:ConceptScheme", "dct:title": both(*names)}
    for address, name in _STANDARDS.items():
        yield {"@id": address, "@type": "dct:Standard", "dct:title": name}
    for address, class_ in _OTHERS.items():
        yield {"@id": address, "@type": class_, **_listed(address)}


def _listed(address: str) -> Node:
    """In which list it is: whoever checks a catalogue need not have the lists at hand."""
    scheme = address.rpartition("/")[0]
    if scheme in (_LICENCE_TYPE, _PUBLISHER_TYPE):
        scheme += "/1.0"
    return {"skos:inScheme": at(scheme)} if scheme.startswith((_EU, _ADMS)) else {}


def place(address: str, dutch: str, english: str) -> Node:
    """A country as the box that all shapes lie in, and its middle."""
    west, south, east, north = EXTENT[CRS84]
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    box = ",".join(f"{x} {y}" for x, y in ring)
    middle = f"{(west + east) / 2:g} {(south + north) / 2:g}"
    return {
        "@id": address,
        "@type": "dct:Location",
        "skos:prefLabel": both(dutch, english),
        **_listed(address),
        "dcat:bbox": typed(f"POLYGON(({box}))", "geo:wktLiteral"),
        "dcat:centroid": typed(f"POINT({middle})", "geo:wktLiteral"),
    }
