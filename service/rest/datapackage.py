"""A publication as a data package (Frictionless 1): each series a file with its schema. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from db.core.block import SeriesKey
from db.core.indicator import Indicator
from db.core.programme import Source

_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("publicatie", "integer", "Number of the publication."),
    ("indicator", "string", "Slug of the indicator."),
    ("niveau", "string", "Level of the areas."),
    ("indeling", "integer", "Year of the boundaries: a code means an area only with this year."),
    ("code", "string", "Code of the area."),
    ("naam", "string", "Name of the area."),
    ("jaar", "integer", "Year that the value is of."),
    ("status", "string", "Whether there is a value and of what sort."),
    ("reden", "string", "Why the value is there or not."),
    ("voorlopig", "boolean", "Whether the source calls it provisional."),
    ("bron", "string", "Slug of the source."),
    ("licentie", "string", "Licence of the source."),
    ("bronvermelding", "string", "How to name the source, in Dutch."),
    ("waarde", "number", "The value; empty is absent, never zero."),
    ("ondergrens", "number", "The source's own lower margin."),
    ("bovengrens", "number", "The source's own upper margin."),
)
_SCHEMA = {
    "fields": [{"name": n, "type": kind, "description": text} for n, kind, text in _FIELDS],
    "missingValues": [""],
    "primaryKey": ["indicator", "niveau", "indeling", "code", "jaar"],
}
COLUMNS = tuple(name for name, _, _ in _FIELDS)


def package(
    public_url: str,
    number: int,
    published: datetime,
    *,
    fictional: bool,
    indicators: Mapping[str, Indicator],
    series: Iterable[SeriesKey],
    sources: Sequence[Source],
) -> dict[str, Any]:
    """The description; its files are addresses that name the publication, so they never change."""
    address = f"{public_url}/v1/publicaties/{number}"
    kind = " (fictional data: Voorbeeldland does not exist)" if fictional else ""
    return {
        "profile": "tabular-data-package",
        "name": f"leefbaarheid-publicatie-{number}",
        "id": address,
        "title": f"Liveability of Dutch neighbourhoods, publication {number}{kind}",
        "homepage": address,
        "version": str(number),
        "created": published.isoformat(),
        "licenses": [
            {"name": name, **({"path": path} if path else {})}
            for name, path in sorted({(each.licence, each.licence_url or "") for each in sources})
        ],
        "sources": [{"title": each.attribution_en, "path": each.url} for each in sources],
        "resources": [
            _resource(public_url, number, key, indicators[key.indicator])
            for key in sorted(series, key=lambda key: (key.indicator, key.level.value, key.vintage))
            if key.indicator in indicators
        ],
    }


def _resource(public_url: str, number: int, key: SeriesKey, indicator: Indicator) -> dict[str, Any]:
    query = urlencode(
        {
            "indicator": key.indicator,
            "niveau": key.level.value,
            "indeling": key.vintage,
            "publicatie": number,
            "f": "csv",
        }
    )
    name = f"{key.indicator}-{key.level.value}-{key.vintage}".lower().replace("_", "-")
    return {
        "name": name,
        "title": f"{indicator.name_en}, {key.level.value}, boundaries of {key.vintage}",
        "path": f"{public_url}/v1/waarnemingen?{query}",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _SCHEMA,
    }
