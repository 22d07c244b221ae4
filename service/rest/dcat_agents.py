"""Who makes and who offers the data, in the catalogue: name, kind of body, where to ask. Pure.

The kind is told only where it is known: of the publishers that we load by their name, of whoever
runs the service by their address in the government's list of organisations (TOOI).
"""

import re

from db.core.programme import Source
from service.rest.dcat_terms import LOCAL, NATIONAL, REGIONAL, Node, at, nl
from service.rest.operator import Operator

_PUBLISHERS = {
    "CBS": NATIONAL,
    "CBS / Kadaster": NATIONAL,
    "RIVM, GGD'en, CBS": NATIONAL,
    "Politie": NATIONAL,
    "Nationaal Programma Leefbaarheid en Veiligheid": NATIONAL,
}
"""Of several the first, who publishes."""
_FIRST_WORDS = {"Ministerie": NATIONAL, "Provincie": REGIONAL, "Gemeente": LOCAL}
_TOOI = re.compile(r"https://identifier\.overheid\.nl/tooi/id/([a-z_]+)/[a-z]+[0-9]+")
_LISTS = {
    "ministerie": NATIONAL,
    "zbo": NATIONAL,
    "provincie": REGIONAL,
    "waterschap": REGIONAL,
    "gemeente": LOCAL,
}


def operator_address(operator: Operator, public_url: str) -> str:
    return operator.identifier or f"{public_url}/#uitgever"


def offering(operator: Operator, public_url: str) -> Node:
    """Whoever runs the service. The homepage of the service is not that of an organisation."""
    listed = _TOOI.fullmatch(operator.identifier or "")
    kind = _LISTS.get(listed[1]) if listed else None
    page = {} if operator.identifier else {"foaf:homepage": at(f"{public_url}/")}
    return {
        "@id": operator_address(operator, public_url),
        "@type": "foaf:Agent",
        "foaf:name": nl(operator.name),
        **_of_kind(kind),
        **page,
    }


def making(source: Source, address: str) -> Node:
    """A publisher whose figures are in it."""
    return {
        "@id": address,
        "@type": "foaf:Agent",
        "foaf:name": nl(source.publisher),
        **_of_kind(kind_of(source.publisher)),
        "foaf:homepage": at(source.url),
    }


def kind_of(publisher: str) -> str | None:
    """The kind of body; None where it is not known, as of a country that does not exist."""
    return _PUBLISHERS.get(publisher) or _FIRST_WORDS.get(publisher.partition(" ")[0])


def contact(operator: Operator, public_url: str) -> Node:
    return {
        "@id": f"{public_url}/#contact",
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": nl(operator.name),
        "vcard:hasEmail": at(f"mailto:{operator.contact}"),
        "vcard:hasURL": at(f"{public_url}/.well-known/security.txt"),
    }


def _of_kind(kind: str | None) -> Node:
    return {"dct:type": at(kind)} if kind else {}
