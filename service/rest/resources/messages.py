"""/berichten: a message a publication, for feed readers: JSON Feed 1.1 and Atom (RFC 4287).

Plain ElementTree and orjson: a feed has a dozen elements, and a library for it would bring an XML
parser of its own into the service.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from xml.etree import ElementTree as Xml

import orjson

from db.core.publication import Publication
from service.rest.common import LIMIT, ROOT
from service.rest.operation import Answer, Asked, Format, Operation
from service.rest.record import ANY_OBJECT, TEXT

_ATOM = "http://www.w3.org/2005/Atom"
_TITLE = "Leefbaarheid: publicaties"
_NOUNS = {
    "areas": "gebieden",
    "cells": "waarnemingen",
    "facts": "feiten",
    "links": "koppelingen tussen indelingen",
    "shapes": "grenzen",
    "tiles": "kaarttegels",
}
_VERBS = {"opened": "nieuw of anders", "closed": "vervangen of vervallen"}
_FORMATS = (
    Format(
        "jsonfeed",
        "application/feed+json",
        schema={
            **ANY_OBJECT,
            "required": ["version", "title", "items"],
            "properties": {"version": TEXT, "title": TEXT, "items": {"type": "array", "items": {}}},
        },
    ),
    Format("atom", "application/atom+xml", schema=TEXT),
)


def _messages(asked: Asked) -> Answer:
    known = sorted(asked.context.facts.head.publications, key=lambda each: each.number)
    newest = known[::-1][: asked[LIMIT]]
    if asked.format.name == "atom":
        return Answer(_atom(asked, known[0], newest))
    return Answer(orjson.dumps(_json(asked, known[0], newest)))


def _json(asked: Asked, first: Publication, newest: list[Publication]) -> dict[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _TITLE,
        "home_page_url": asked.public_url,
        "feed_url": f"{asked.public_url}{asked.path}?f=jsonfeed",
        "language": "nl",
        "authors": [{"name": "Leefbaarheid", "url": asked.public_url}],
        "_leefbaarheid": {"id": _urn("feed", first)},
        "items": [
            {
                "id": _urn("publicatie", each),
                "url": _page(asked, each),
                "title": _title(each),
                "content_text": _text(each),
                "date_published": _moment(each.published_at),
                "_leefbaarheid": {
                    "publicatie": each.number,
                    "fictief": each.fictional,
                    "aantallen": dict(each.counts),
                    "wijzigingen": _changes(asked, each),
                },
            }
            for each in newest
        ],
    }


def _atom(asked: Asked, first: Publication, newest: list[Publication]) -> bytes:
    feed = Xml.Element("feed", {"xmlns": _ATOM, "xml:lang": "nl"})
    _put(feed, "id", _urn("feed", first))
    _put(feed, "title", _TITLE)
    _put(feed, "updated", _moment(newest[0].published_at))
    Xml.SubElement(feed, "link", rel="self", href=f"{asked.public_url}{asked.path}?f=atom")
    Xml.SubElement(feed, "link", rel="alternate", href=asked.public_url)
    _put(Xml.SubElement(feed, "author"), "name", "Leefbaarheid")
    for each in newest:
        entry = Xml.SubElement(feed, "entry")
        _put(entry, "id", _urn("publicatie", each))
        _put(entry, "title", _title(each))
        _put(entry, "updated", _moment(each.published_at))
        Xml.SubElement(entry, "link", rel="alternate", href=_page(asked, each))
        Xml.SubElement(entry, "link", rel="related", href=_changes(asked, each))
        _put(entry, "content", _text(each), type="text")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(feed)


def _put(parent: Xml.Element, name: str, text: str, **attributes: str) -> None:
    Xml.SubElement(parent, name, attributes).text = "".join(filter(_is_xml, text))


def _is_xml(letter: str) -> bool:
    """XML has no place for control characters, however they are written."""
    return letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff")


def _urn(what: str, publication: Publication) -> str:
    """By number and moment: the same under another address, another in another store."""
    name = f"leefbaarheid {what} {publication.number} {publication.published_at.isoformat()}"
    return uuid5(NAMESPACE_OID, name).urn


def _title(publication: Publication) -> str:
    fictional = " (fictief: Voorbeeldland)" if publication.fictional else ""
    return f"Publicatie {publication.number}{fictional}"


def _text(publication: Publication) -> str:
    note = "" if publication.note is None else f"{publication.note}\n"
    return f"{note}{_counted(publication.counts)}"


def _counted(counts: Mapping[str, int]) -> str:
    words = []
    for name, number in counts.items():
        noun, _, verb = name.rpartition("_")
        if verb in _VERBS:
            words.append(f"{_NOUNS.get(noun, noun)} {_VERBS[verb]}: {number}")
    return "; ".join(words) or "Niets geteld."


def _page(asked: Asked, publication: Publication) -> str:
    return f"{asked.public_url}{ROOT}/publicaties/{publication.number}"


def _changes(asked: Asked, publication: Publication) -> str:
    """Where the changes of this publication begin."""
    before = publication.number - 1
    return f"{asked.public_url}{ROOT}/wijzigingen?sinds={before}"


def _moment(moment: datetime) -> str:
    """As RFC 3339 has it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


OPERATIONS = (
    Operation(
        path="/berichten",
        id="berichten",
        tag="Publicaties",
        nl="Eén bericht per publicatie, nieuwste eerst, voor feedlezers (JSON Feed, Atom).",
        parameters=(LIMIT,),
        formats=_FORMATS,
        answer=_messages,
    ),
)
