"""/waarnemingen: every area of a level and vintage, and every year of one indicator, as a file.

The answer is written while it is sent and coded in chunks, so that a connection that is cut never
looks complete. Everything that can fail has been done before the first byte.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

from db.core.levels import Level
from db.core.programme import Source
from schema.context import Context
from schema.export import Extract, Fault, Wanted, extract, wanted
from service.feeds.formats import BY_NAME, FORMATS
from service.headers import Field
from service.rest.common import VINTAGE
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Faulty, Operation
from service.rest.parameter import one_of, text

_URL = ":/?#[]@!$&'()*+,;=%~"
"""What an address may have unquoted; without the signs that would end it in a header."""
INDICATOR = text(
    "indicator",
    "De slug van de indicator, zie /indicatoren.",
    pattern="[a-z0-9][a-z0-9_-]{0,79}",
    what_en="the slug of an indicator",
    what_nl="de slug van een indicator",
    example="population",
).needed()
LEVEL = replace(
    one_of("niveau", "Het niveau van de gebieden.", {level.value: level for level in Level}),
    required=True,
    example="wijk",
)
_NAMES = {"indicator": INDICATOR.name, "level": LEVEL.name, "vintage": VINTAGE.name}


def _examined(context: Context, values: Mapping[str, Any]) -> list[Invalid]:
    """What this publication does not have of what is asked, as far as that could be read."""
    found = _wanted(context, values)
    return [] if isinstance(found, Wanted) else [_of_fault(each) for each in found]


def _wanted(context: Context, values: Mapping[str, Any]) -> Wanted | list[Fault]:
    slug, level, vintage = (values.get(each.name) for each in (INDICATOR, LEVEL, VINTAGE))
    return wanted(context, slug, level, vintage)


def _of_fault(fault: Fault) -> Invalid:
    name = _NAMES[fault.about]
    return Invalid(name, fault.code, fault.en, fault.nl, fault.allowed, fault.suggestions)


def _file(asked: Asked) -> Answer:
    found = _wanted(asked.context, asked.values)
    if not isinstance(found, Wanted):
        raise Faulty([_of_fault(each) for each in found], 404)
    data = extract(asked.context, found)
    format_ = BY_NAME[asked.format.name]
    return Answer(partial(format_.chunks, data), tuple(_fields(data, format_.ending)))


def _fields(data: Extract, ending: str) -> Iterator[Field]:
    name = _file_name(data, ending)
    yield b"content-disposition", f'attachment; filename="{name}"'.encode()
    links = list(dict.fromkeys(links_to(data.sources.values())))
    if links:
        yield b"link", ", ".join(links).encode()


def _file_name(data: Extract, ending: str) -> str:
    table = data.wanted.table
    part = "" if data.wanted.complete else "-deels"
    slug = quote(data.wanted.indicator.slug, safe="")
    area = f"{table.level.value}-{table.vintage}{part}"
    return f"{slug}-{area}-publicatie-{data.publication}.{ending}"


def links_to(sources: Iterable[Source]) -> Iterator[str]:
    """Whose the figures are and under which terms (RFC 8288); titles may have any letter."""
    for source in sources:
        title = quote(source.attribution_nl, safe="")
        yield f"<{quote(source.url, safe=_URL)}>; rel=\"via\"; title*=UTF-8'nl'{title}"
        if source.licence_url:
            yield f'<{quote(source.licence_url, safe=_URL)}>; rel="license"'


OPERATIONS = (
    Operation(
        path="/waarnemingen",
        id="waarnemingen",
        tag="Cijfers",
        nl="Eén indicator van alle gebieden van een niveau in alle jaren, als bestand.",
        more_nl="Elke rij zegt haar publicatie, indeling, status, reden, bron en licentie; een "
        "waarde die ontbreekt is leeg, nooit nul. Alle formaten hebben dezelfde rijen.",
        parameters=(INDICATOR, LEVEL, VINTAGE),
        formats=tuple(each.described for each in FORMATS),
        answer=_file,
        examine=_examined,
        headers=("Content-Disposition", "Link"),
    ),
)
