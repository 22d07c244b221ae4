"""A publication as a data package (Frictionless 1): each series a file with its schema. Pure."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from db.core.block import SeriesKey
from db.core.indicator import Indicator
from db.core.programme import Source
from service.feeds.lines import SEAL

FIELDS: tuple[tuple[str, str, str, str], ...] = (
    ("publicatie", "integer", "Nummer van de publicatie.", "Number of the publication."),
    ("indicator", "string", "Slug van de indicator.", "Slug of the indicator."),
    ("niveau", "string", "Niveau van het gebied.", "Level of the area."),
    ("indeling", "integer",
     "Jaar van de grenzen: een code betekent alleen iets samen met dit jaar.",
     "Year of the boundaries: a code means an area only with this year."),
    ("code", "string", "Code van het gebied.", "Code of the area."),
    ("naam", "string", "Naam van het gebied.", "Name of the area."),
    ("jaar", "integer", "Jaar van de waarde.", "Year that the value is of."),
    ("status", "string", "Of er een waarde is en wat voor een.",
     "Whether there is a value and of what sort."),
    ("reden", "string", "Waarom de waarde er is of niet.", "Why the value is there or not."),
    ("voorlopig", "boolean", "Of de bron haar voorlopig noemt.",
     "Whether the source calls it provisional."),
    ("bron", "string", "Slug van de bron.", "Slug of the source."),
    ("licentie", "string", "Licentie van de bron.", "Licence of the source."),
    ("bronvermelding", "string", "Hoe de bron te noemen.", "How to name the source, in Dutch."),
    ("waarde", "number", "De waarde; leeg is afwezig, nooit nul.",
     "The value; empty is absent, never zero."),
    ("ondergrens", "number", "Ondermarge van de bron zelf.", "The source's own lower margin."),
    ("bovengrens", "number", "Bovenmarge van de bron zelf.", "The source's own upper margin."),
    (SEAL, "string",
     "SHA-256 van het bestand zonder deze kolom, op elke rij gelijk: zegt of het heel is.",
     "SHA-256 of the file without this column, the same in every row: tells if it is whole."),
)  # fmt: skip
"""Columns of a CSV of observations: name, type, and what it means in both languages."""
LABELS = {
    "publicatie": "publication", "indicator": "indicator", "niveau": "level",
    "indeling": "vintage", "code": "code", "naam": "name", "jaar": "year", "status": "status",
    "reden": "reason", "voorlopig": "provisional", "bron": "source", "licentie": "licence",
    "bronvermelding": "attribution", "waarde": "value", "ondergrens": "lower bound",
    "bovengrens": "upper bound", SEAL: "content SHA-256",
}  # fmt: skip
"""What the columns are called in English; their names in files are Dutch."""
MEDIA = "text/csv"
KEY = ("indicator", "niveau", "indeling", "code", "jaar")
"""What a row is found by."""
_SCHEMAS = {
    language: {
        "fields": [
            {
                "name": name,
                "title": name if language == "nl" else LABELS[name],
                "type": kind,
                "description": nl if language == "nl" else en,
            }
            for name, kind, nl, en in FIELDS
        ],
        "missingValues": [""],
        "primaryKey": list(KEY),
    }
    for language in ("nl", "en")
}
_WORDS = {
    "nl": {
        "fictional": " (fictieve gegevens: Voorbeeldland bestaat niet)",
        "title": "Leefbaarheid van Nederlandse wijken en buurten, publicatie {number}",
        "description": "Bytes, rijen en SHA-256 van elk bestand: {sums} (met f=sha256 zoals "
        "`sha256sum -c` ze leest). De bestanden veranderen nooit.",
        "resource": "{indicator}, {level}, grenzen van {vintage}",
    },
    "en": {
        "fictional": " (fictional data: Voorbeeldland does not exist)",
        "title": "Liveability of Dutch neighbourhoods, publication {number}",
        "description": "Bytes, rows and SHA-256 of every file: {sums} (with f=sha256 as "
        "`sha256sum -c` reads them). The files never change.",
        "resource": "{indicator}, {level}, boundaries of {vintage}",
    },
}
COLUMNS = tuple(name for name, *_ in FIELDS)


def package(
    public_url: str,
    number: int,
    published: datetime,
    *,
    fictional: bool,
    indicators: Mapping[str, Indicator],
    series: Iterable[SeriesKey],
    sources: Sequence[Source],
    language: str,
) -> dict[str, Any]:
    """The description; its files are addresses that name the publication, so they never change.

    In one language: a title is one text to whoever checks a package (`datapackage.json` 1).
    """
    words, english = _WORDS[language], language == "en"
    address = f"{public_url}/v1/publicaties/{number}"
    sums = sums_of(address)
    kind = words["fictional"] if fictional else ""
    return {
        "profile": "tabular-data-package",
        "name": f"leefbaarheid-publicatie-{number}",
        "id": address,
        "title": words["title"].format(number=number) + kind,
        "description": words["description"].format(sums=sums),
        "homepage": address,
        "controlesommen": sums,
        "version": str(number),
        "created": published.isoformat(),
        "licenses": [
            {"name": name, **({"path": path} if path else {})}
            for name, path in sorted({(each.licence, each.licence_url or "") for each in sources})
        ],
        "sources": [
            {"title": each.attribution_en if english else each.attribution_nl, "path": each.url}
            for each in sources
        ],
        "resources": [
            _resource(public_url, number, key, indicators[key.indicator], language)
            for key in files(indicators, series)
        ],
    }


def sums_of(address: str) -> str:
    """Where the checksums are of the files of the publication at an address."""
    return f"{address}/controlesommen"


def files(indicators: Container[str], series: Iterable[SeriesKey]) -> list[SeriesKey]:
    """The series that the package has a file of, in its order."""
    return sorted((key for key in series if key.indicator in indicators), key=_place)


def _place(key: SeriesKey) -> tuple[str, str, int]:
    return key.indicator, key.level.value, key.vintage


def path_of(public_url: str, number: int, key: SeriesKey) -> str:
    """The address of the file of a series: of one publication, so that it never changes."""
    query = urlencode(
        {
            "indicator": key.indicator,
            "niveau": key.level.value,
            "indeling": key.vintage,
            "publicatie": number,
            "f": "csv",
        }
    )
    return f"{public_url}/v1/waarnemingen?{query}"


def _resource(
    public_url: str, number: int, key: SeriesKey, indicator: Indicator, language: str
) -> dict[str, Any]:
    title = _WORDS[language]["resource"].format(
        indicator=indicator.name_en if language == "en" else indicator.name_nl,
        level=key.level.value,
        vintage=key.vintage,
    )
    name = f"{key.indicator}-{key.level.value}-{key.vintage}".lower().replace("_", "-")
    return {
        "name": name,
        "title": title,
        "path": path_of(public_url, number, key),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": MEDIA,
        "encoding": "utf-8",
        "schema": _SCHEMAS[language],
    }
