"""OGC API Features for people: plain pages without scripts, in Dutch or English.

They show what the JSON says, and link to it; maps are for map programs.
"""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from service.rest.common import ROOT
from service.rest.features.collections import Collection
from service.rest.features.links import HTML, Link, here
from service.rest.operation import Answer, Asked, Format
from service.rest.record import TEXT
from service.web.assets import ASSETS

PAGE = Format("html", HTML, "text/html; charset=utf-8", TEXT, spoken=True)
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
        b"form-action 'none'; frame-ancestors 'none'",
    ),
)
_WORDS = {
    "nl": {
        "other": "English",
        "links": "Adressen",
        "collections": "Collecties",
        "classes": "Voldoet aan",
        "crs": "Coördinatenstelsels",
        "properties": "Eigenschappen",
        "items": "gebieden",
        "of": "van",
        "home": "Begin",
        "fictional": "Let op: deze gegevens zijn fictief.",
    },
    "en": {
        "other": "Nederlands",
        "links": "Addresses",
        "collections": "Collections",
        "classes": "Conforms to",
        "crs": "Coordinate systems",
        "properties": "Properties",
        "items": "areas",
        "of": "of",
        "home": "Start",
        "fictional": "Please note: these data are fictional (fictief).",
    },
}
_RELATIONS = {
    "nl": {
        "self": "Deze pagina", "alternate": "Deze pagina in een ander formaat",
        "next": "Volgende bladzijde", "collection": "De collectie", "data": "De collecties",
        "items": "De gebieden", "conformance": "Waaraan deze API voldoet",
        "service-desc": "Beschrijving voor machines (OpenAPI)", "service-doc": "Uitleg bij de API",
        "license": "Licentie", "queryables": "Waarop te filteren is",
        "schema": "De eigenschappen", "describedBy": "Eén gebied in GeoJSON, beschreven",
        "tilesets-vector": "Vectortegels",
    },
    "en": {
        "self": "This page", "alternate": "This page in another format", "next": "Next page",
        "collection": "The collection", "data": "The collections", "items": "The areas",
        "conformance": "What this API conforms to",
        "service-desc": "Description for machines (OpenAPI)",
        "service-doc": "Documentation of the API", "license": "Licence",
        "queryables": "What can be filtered on", "schema": "The properties",
        "describedBy": "One area in GeoJSON, described", "tilesets-vector": "Vector tiles",
    },
}  # fmt: skip


def page(asked: Asked, shown: Mapping[str, Any]) -> Answer:
    """A document: its title, its lists, and where it leads."""
    words = _WORDS[asked.language]
    parts = []
    if "description" in shown:
        parts.append(f'<p class="lead">{_safe(shown["description"])}</p>')
    if "collections" in shown:
        parts.append(_list([_collection(asked, each) for each in shown["collections"]]))
    if "conformsTo" in shown:
        parts.append(_section(words["classes"], map(_safe, shown["conformsTo"])))
    if "crs" in shown:
        parts.append(_section(words["crs"], map(_safe, shown["crs"])))
    if "properties" in shown:
        found = [
            f"<code>{_safe(name)}</code>: {_safe(each['title'])}"
            for name, each in shown["properties"].items()
        ]
        parts.append(_section(words["properties"], found))
    parts.append(_links(asked, shown.get("links", [])))
    return _answer(asked, _title(asked, shown), "".join(parts))


def table(
    asked: Asked,
    collection: Collection,
    total: int,
    rows: Sequence[Mapping[str, Any]],
    links: Sequence[Link],
) -> Answer:
    """Items as a table, one row each; what is absent is an empty cell beside its reason."""
    words = _WORDS[asked.language]
    names = list(rows[0]) if rows else []
    head = "".join(f'<th scope="col">{_safe(name)}</th>' for name in names)
    body = "".join(_row(names, row) for row in rows)
    title = collection.titled(asked.language)
    count = f"{len(rows)} {words['of']} {total} {words['items']}"
    # A wide table scrolls by itself, also with the keyboard.
    shown = (
        f'<div role="region" tabindex="0" aria-label="{_safe(title)}" class="wide"><table>'
        f"<caption>{count}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        "</div>"
    )
    return _answer(asked, title, shown + _links(asked, [each.shown for each in links]))


def _row(names: Sequence[str], row: Mapping[str, Any]) -> str:
    first, *others = (_cell(row.get(name)) for name in names)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{each}</td>" for each in others)}</tr>'


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return _safe(", ".join(map(str, value)))
    return _safe(value)


def _collection(asked: Asked, shown: Mapping[str, Any]) -> str:
    own = next(each["href"] for each in shown["links"] if each["rel"] == "self")
    return f'<a href="{_safe(_as_page(own, asked))}">{_safe(shown["title"])}</a>'


def _links(asked: Asked, links: Sequence[Mapping[str, str]]) -> str:
    known = _RELATIONS[asked.language]
    found: dict[tuple[str, str], str] = {}
    for each in links:
        words = known.get(each["rel"].rpartition("/")[2], each["rel"])
        if each["rel"] == "license":
            words += f": {each['title']}"
        place = _as_page(each["href"], asked) if each["rel"] != "alternate" else each["href"]
        shown = f'<a href="{_safe(place)}">{_safe(words)}</a> ({_safe(each["type"])})'
        # What is named twice for the sake of programs is shown once.
        found.setdefault((words, place), shown)
    return _section(_WORDS[asked.language]["links"], found.values())


def _as_page(address: str, asked: Asked) -> str:
    """The address as this reader goes on with it: a browser asks for pages by itself."""
    if asked.given.get("lang") is None or not address.startswith(asked.public_url):
        return address
    mark = "&" if "?" in address else "?"
    has = f"lang={asked.language}" in address
    return address if has else f"{address}{mark}lang={asked.language}"


def _section(title: str, items: Any) -> str:
    return f"<h2>{_safe(title)}</h2>{_list(items)}"


def _list(items: Any) -> str:
    return "<ul>" + "".join(f"<li>{each}</li>" for each in items) + "</ul>"


def _title(asked: Asked, shown: Mapping[str, Any]) -> str:
    words = _WORDS[asked.language]
    if "collections" in shown:
        return words["collections"]
    return str(shown.get("title", words["classes"]))


def _answer(asked: Asked, title: str, body: str) -> Answer:
    words, language = _WORDS[asked.language], asked.language
    other = "en" if language == "nl" else "nl"
    notice, home = "", f"{asked.public_url}{ROOT}/"
    if asked.context.snapshot.head.publication.fictional:
        notice = f'<p class="notice">{_safe(words["fictional"])}</p>'
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{_safe(title)} - Leefbaarheid</title><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="{ASSETS["page.css"].address}"></head><body><header>'
        f'<p class="languages"><a href="{_safe(here(asked, {"lang": other, "f": "html"}))}" '
        f'lang="{other}" hreflang="{other}">{words["other"]}</a></p>'
        f'<p><a href="{_safe(_as_page(home, asked))}">{words["home"]}</a></p>'
        f"<h1>{_safe(title)}</h1></header>"
        f"<main>{notice}{body}</main></body></html>"
    )
    return Answer(text.encode(), _HEADERS)


def _safe(value: object) -> str:
    return html.escape(str(value))
