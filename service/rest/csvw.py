"""What a CSV of observations is, for programs (CSV on the Web): types and absence. Pure.

An empty `waarde` is absent; `status` says of what sort and `reden` why, and every word that they
may have is told here in both languages.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from db.core.absence import Reason, Status
from db.core.indicator import Indicator
from db.core.levels import Level
from db.core.programme import Source
from service.feeds.lines import SEAL
from service.rest.datapackage import FIELDS, KEY, LABELS

MEDIA = "application/csvm+json"
_EMPTY = frozenset({"bron", "licentie", "bronvermelding", "waarde", "ondergrens", "bovengrens"})
"""Columns whose cells may be empty."""
_TYPES = {"number": "double"}
_CHOSEN: Mapping[str, Sequence[str]] = {
    "niveau": [each.value for each in Level],
    "status": [each.name for each in Status],
    "reden": [each.name for each in Reason],
}


def described(
    address: str,
    publication: str,
    published: datetime,
    *,
    fictional: bool,
    indicators: Sequence[Indicator],
    sources: Sequence[Source],
) -> dict[str, Any]:
    """The description of the file at an address, of the publication at another."""
    kind = ("Fictieve gegevens. ", "Fictional data. ") if fictional else ("", "")
    about = (
        f"{kind[0]}Een lege waarde ontbreekt en is nooit nul: status en reden zeggen waarom.",
        f"{kind[1]}An empty value is absent, never zero: status and reason say why.",
    )
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": address,
        "dc:title": _both(*(", ".join(n) for n in _names(indicators))),
        "dc:description": _both(*about),
        "dc:isPartOf": {"@id": publication},
        "dc:issued": {"@value": published.isoformat(), "@type": "xsd:dateTime"},
        "dc:source": [{"@id": each.url} for each in sources],
        "dc:license": [{"@id": each.licence_url} for each in sources if each.licence_url],
        "dc:rights": _both(
            " ".join(each.attribution_nl for each in sources),
            " ".join(each.attribution_en for each in sources),
        ),
        "notes": [*map(_unit, indicators), *map(_reason, Reason)],
        "dialect": {"header": True, "delimiter": ",", "encoding": "utf-8"},
        "tableSchema": {
            "columns": [_column(*each) for each in FIELDS],
            "primaryKey": list(KEY),
        },
    }


def _names(indicators: Sequence[Indicator]) -> tuple[list[str], list[str]]:
    return [each.name_nl for each in indicators], [each.name_en for each in indicators]


def _both(dutch: str, english: str) -> list[dict[str, str]]:
    return [{"@value": dutch, "@language": "nl"}, {"@value": english, "@language": "en"}]


def _column(name: str, kind: str, dutch: str, english: str) -> dict[str, Any]:
    datatype: Any = _TYPES.get(kind, kind)
    if name == SEAL:
        datatype = {"base": "string", "format": "[0-9a-f]{64}"}
    if name in _CHOSEN:
        datatype = {"base": "string", "format": "|".join(_CHOSEN[name])}
    return {
        "name": name,
        "titles": {"nl": name, "en": LABELS[name]},
        "datatype": datatype,
        "required": name not in _EMPTY,
        "dc:description": _both(dutch, english),
    }


def _unit(indicator: Indicator) -> dict[str, Any]:
    return {
        "indicator": indicator.slug,
        "naam": indicator.name_nl,
        "name": indicator.name_en,
        "eenheid": indicator.unit_nl,
        "unit": indicator.unit_en,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "reden": reason.name,
        "status": reason.status.name,
        "heeftWaarde": reason.status.has_value,
        "tekst": reason.text("nl"),
        "text": reason.text("en"),
    }
