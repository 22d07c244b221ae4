"""The catalogue by DCAT-AP-NL 3: publications as a series of datasets, and the services. Pure.

Every node has an address, so that the same publication is written the same every time. Agents,
licences, themes and the like are typed, which the profile's shapes check.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from db.core.programme import Source
from db.core.publication import Publication

Node = dict[str, Any]

CONTEXT: Mapping[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority"
_PUBLIC, _SOCIETY = f"{_EU}/access-right/PUBLIC", f"{_EU}/data-theme/SOCI"
_DUTCH, _IRREGULAR = f"{_EU}/language/NLD", f"{_EU}/frequency/IRREG"
_JSON, _IANA_JSON = (
    f"{_EU}/file-type/JSON",
    "https://www.iana.org/assignments/media-types/application/json",
)
_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_MOST_DATASETS = 100
"""The newest; all are listed at /v1/publicaties."""
_ABOUT = (
    "Cijfers over de leefbaarheid van Nederlandse gemeenten, wijken en buurten door de jaren, met "
    "hun grenzen en de focusgebieden van programma's. Een waarde die ontbreekt zegt waarom."
)
_FICTIONAL = "Fictieve gegevens van het niet bestaande Voorbeeldland. "


def catalogue(
    public_url: str, publications: Sequence[Publication], sources: Sequence[Source]
) -> dict[str, Any]:
    """The catalogue as JSON-LD; `publications` newest first."""
    listed = publications[:_MOST_DATASETS]
    graph = [
        *_typed(public_url),
        *(_maker(public_url, source) for source in sources),
        _rights(public_url, sources),
        *(_service(public_url, listed[0].number, *each) for each in _SERVICES),
        _series(public_url, publications),
        *(node for each in listed for node in _dataset(public_url, each, sources)),
        _catalog(public_url, listed),
    ]
    return {"@context": CONTEXT, "@graph": graph}


_SERVICES = (
    ("rest", "REST en OGC API Features", "v1", "v1/openapi.json"),
    ("graphql", "GraphQL", "graphql", "graphql"),
)


def _at(address: str) -> Node:
    return {"@id": address}


def _nl(text: str) -> Node:
    return {"@value": text, "@language": "nl"}


def _moment(publication: Publication) -> Node:
    return {"@value": publication.published_at.isoformat(), "@type": "xsd:dateTime"}


def _dataset_address(public_url: str, number: int) -> str:
    return f"{public_url}/v1/publicaties/{number}"


def _common(public_url: str) -> Node:
    """What a dataset, a series, a service and the catalogue all must say."""
    return {
        "dct:publisher": _at(f"{public_url}/#uitgever"),
        "dcat:contactPoint": _at(f"{public_url}/#contact"),
    }


def _typed(public_url: str) -> Iterator[Node]:
    """What others refer to, with its class."""
    yield {
        "@id": f"{public_url}/#uitgever",
        "@type": "foaf:Agent",
        "foaf:name": _nl("Leefbaarheid"),
        "foaf:homepage": _at(f"{public_url}/"),
    }
    yield {
        "@id": f"{public_url}/#contact",
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": _nl("Leefbaarheid"),
        "vcard:hasURL": _at(f"{public_url}/.well-known/security.txt"),
    }
    yield {"@id": f"{public_url}/", "@type": "foaf:Document"}
    yield {"@id": f"{public_url}/v1/docs", "@type": "foaf:Document"}
    yield {"@id": _PUBLIC, "@type": "dct:RightsStatement", "rdfs:label": _nl("openbaar")}
    yield _concept(_SOCIETY, "Bevolking en samenleving")
    yield {"@id": _CC_BY, "@type": "dct:LicenseDocument", "dct:title": _nl("CC BY 4.0")}
    yield {"@id": _DUTCH, "@type": "dct:LinguisticSystem"}
    yield {"@id": _IRREGULAR, "@type": "dct:Frequency"}
    yield {"@id": _JSON, "@type": "dct:MediaTypeOrExtent"}
    yield {"@id": _IANA_JSON, "@type": "dct:MediaType"}


def _concept(address: str, label: str) -> Node:
    return {"@id": address, "@type": "skos:Concept", "skos:prefLabel": _nl(label)}


def _maker_address(public_url: str, source: Source) -> str:
    return f"{public_url}/v1/bronnen#{source.slug}"


def _maker(public_url: str, source: Source) -> Node:
    return {
        "@id": _maker_address(public_url, source),
        "@type": "foaf:Agent",
        "foaf:name": _nl(source.publisher),
        "foaf:homepage": _at(source.url),
    }


def _rights(public_url: str, sources: Sequence[Source]) -> Node:
    """Each source has terms of its own: they are said in full beside the licence of the whole."""
    said = [f"{each.attribution_nl} Licentie: {each.licence}." for each in sources]
    return {
        "@id": f"{public_url}/#rechten",
        "@type": "dct:RightsStatement",
        "rdfs:label": _nl(" ".join(said) or "Geen bronnen."),
    }


def _service(
    public_url: str, newest: int, name: str, title: str, path: str, described: str
) -> Node:
    return {
        "@id": f"{public_url}/#{name}",
        "@type": "dcat:DataService",
        **_common(public_url),
        "dct:title": _nl(f"Leefbaarheid: {title}"),
        "dct:description": _nl(f"{_ABOUT} Te bevragen met {title}."),
        "dct:identifier": f"{public_url}/#{name}",
        "dct:accessRights": _at(_PUBLIC),
        "dct:license": _at(_CC_BY),
        "dcat:theme": _at(_SOCIETY),
        "dcat:endpointURL": _at(f"{public_url}/{path}"),
        "dcat:endpointDescription": _at(f"{public_url}/{described}"),
        "dcat:servesDataset": _at(_dataset_address(public_url, newest)),
        "foaf:page": _at(f"{public_url}/v1/docs"),
    }


def _series(public_url: str, publications: Sequence[Publication]) -> Node:
    fictional = any(each.fictional for each in publications[:1])
    return {
        "@id": f"{public_url}/#reeks",
        "@type": "dcat:DatasetSeries",
        **_common(public_url),
        "dct:title": _nl("Leefbaarheid van wijken en buurten"),
        "dct:description": _nl((_FICTIONAL if fictional else "") + _ABOUT),
        "dct:accrualPeriodicity": _at(_IRREGULAR),
    }


def _dataset(
    public_url: str, publication: Publication, sources: Sequence[Source]
) -> Iterator[Node]:
    address = _dataset_address(public_url, publication.number)
    about = (_FICTIONAL if publication.fictional else "") + _ABOUT
    yield {
        "@id": address,
        "@type": "dcat:Dataset",
        **_common(public_url),
        "dct:title": _nl(f"Leefbaarheid van wijken en buurten, publicatie {publication.number}"),
        "dct:description": _nl(about),
        "dct:identifier": address,
        "dct:accessRights": _at(_PUBLIC),
        "dct:creator": [_at(_maker_address(public_url, each)) for each in sources]
        or _at(f"{public_url}/#uitgever"),
        "dct:rights": _at(f"{public_url}/#rechten"),
        "dct:issued": _moment(publication),
        "dct:language": _at(_DUTCH),
        "dcat:version": str(publication.number),
        "dcat:theme": _at(_SOCIETY),
        "dcat:inSeries": _at(f"{public_url}/#reeks"),
        "dcat:distribution": _at(f"{address}/gegevenspakket"),
    }
    yield {
        "@id": f"{address}/gegevenspakket",
        "@type": "dcat:Distribution",
        "dct:title": _nl("Gegevenspakket (Frictionless): alle bestanden met hun schema"),
        "dcat:accessURL": _at(f"{address}/gegevenspakket"),
        "dcat:accessService": _at(f"{public_url}/#rest"),
        "dct:license": _at(_CC_BY),
        "dct:rights": _at(f"{public_url}/#rechten"),
        "dct:format": _at(_JSON),
        "dcat:mediaType": _at(_IANA_JSON),
        "dct:issued": _moment(publication),
    }


def _catalog(public_url: str, publications: Sequence[Publication]) -> Node:
    return {
        "@id": f"{public_url}/v1/catalogus",
        "@type": "dcat:Catalog",
        **_common(public_url),
        "dct:title": _nl("Leefbaarheid"),
        "dct:description": _nl(_ABOUT),
        "dct:license": _at(_CC_BY),
        "dct:language": _at(_DUTCH),
        "foaf:homepage": _at(f"{public_url}/"),
        "dcat:dataset": [_at(_dataset_address(public_url, each.number)) for each in publications],
        "dcat:service": [_at(f"{public_url}/#{name}") for name, *_ in _SERVICES],
    }
