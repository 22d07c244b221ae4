"""/gebieden: all areas of a level and vintage with their shapes and chosen indicators, as a file.

The file is made before the first byte is sent, so that its length and digest are known and a part
of it can be fetched.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from db.core.simplify import Detail
from schema.area_extract import AreaExtract, WantedAreas, area_extract, wanted_areas
from schema.context import Context, patiently
from schema.export import Fault
from service.feeds.area_formats import AREA_FORMATS, AREA_FORMATS_BY_NAME, AreaFormat, Sheet
from service.feeds.area_table import metadata, table
from service.headers import Field
from service.rest.common import CRS, OF_A_PART, VINTAGE
from service.rest.files import SHELF
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Faulty, Operation
from service.rest.parameter import one_of
from service.rest.resources import figures
from service.rest.resources.areas import CODES, IN_GEMEENTE
from service.rest.resources.observations import LEVEL, links_to

INDICATORS = replace(figures.INDICATORS, required=False)
DETAIL = one_of(
    "geometrie",
    "Hoe fijn de grens is: `overzicht`, `middel` of `volledig` (zoals de uitgever haar geeft).",
    {"overzicht": Detail.OVERVIEW, "middel": Detail.MEDIUM, "volledig": Detail.FULL},
    default="middel",
)
_NAMES = {
    "level": LEVEL.name,
    "vintage": VINTAGE.name,
    "indicator": INDICATORS.name,
    "gemeente": IN_GEMEENTE.name,
}


def _wanted(context: Context, values: Mapping[str, Any]) -> WantedAreas | list[Fault]:
    return wanted_areas(
        context,
        values.get(LEVEL.name),
        values.get(VINTAGE.name),
        values.get(INDICATORS.name, []),
        values.get(figures.YEAR.name),
        values.get(IN_GEMEENTE.name),
    )


def _examined(context: Context, values: Mapping[str, Any]) -> list[Invalid]:
    found = _wanted(context, values)
    return [] if isinstance(found, WantedAreas) else [_of_fault(each) for each in found]


def _of_fault(fault: Fault) -> Invalid:
    name = _NAMES[fault.about]
    return Invalid(name, fault.code, fault.en, fault.nl, fault.allowed, fault.suggestions)


async def _file(asked: Asked) -> Answer:
    context, format_ = asked.context, AREA_FORMATS_BY_NAME[asked.format.name]
    wanted = await patiently(lambda: _wanted(context, asked.values))
    if not isinstance(wanted, WantedAreas):
        raise Faulty([_of_fault(each) for each in wanted], 404)
    extract = await patiently(lambda: area_extract(context, wanted))
    file = await SHELF.held(
        asked.question, format_.ending, lambda path: _write(asked, extract, format_, path)
    )
    return Answer(file, tuple(_fields(asked, extract, format_.ending)))


async def _write(asked: Asked, extract: AreaExtract, format_: AreaFormat, path: Path) -> None:
    of, detail, crs = extract.wanted, asked[DETAIL], asked[CRS]
    shapes = await patiently(
        lambda: asked.context.shape_texts(of.table, of.ordinals, detail, crs.value)
    )
    sheet = Sheet(
        table=await asyncio.to_thread(table, extract),
        shapes=shapes,
        crs=crs,
        layer=_layer(extract.wanted),
        title=_title(extract),
        metadata=metadata(extract, asked.public_url),
        published=asked.context.facts.head.publication.published_at,
    )
    await asyncio.to_thread(format_.write, sheet, path)


def _layer(wanted: WantedAreas) -> str:
    level = wanted.table.level
    return f"{CODES[level][0] if level in CODES else level.value}_{wanted.table.vintage}"


def _title(extract: AreaExtract) -> str:
    of = extract.wanted.table
    return f"Leefbaarheid: {of.level.value} {of.vintage}, publicatie {extract.publication}"


def _fields(asked: Asked, extract: AreaExtract, ending: str) -> Iterator[Field]:
    part = "" if extract.wanted.complete else "-deels"
    name = f"{_layer(extract.wanted).replace('_', '-')}{part}-publicatie-{extract.publication}"
    yield b"content-disposition", f'attachment; filename="{name}.{ending}"'.encode()
    yield b"content-crs", f"<{asked[CRS].uri}>".encode()
    links = list(dict.fromkeys(links_to(extract.sources)))
    if links:
        yield b"link", ", ".join(links).encode()


OPERATIONS = (
    Operation(
        path="/gebieden",
        id="gebieden",
        tag="Gebieden",
        nl="Alle gebieden van een niveau en indeling met hun grens en gekozen indicatoren, "
        "als bestand.",
        more_nl="Naast de waarde van elke indicator staan het jaar, de status, de reden en of zij "
        "voorlopig is. Een waarde die ontbreekt is leeg, nooit nul. Alle formaten hebben dezelfde "
        "gebieden, kolommen en grenzen, en zeggen zelf uit welke publicatie ze komen.",
        parameters=(
            LEVEL, VINTAGE, IN_GEMEENTE, INDICATORS, figures.YEAR, DETAIL, CRS,
        ),
        formats=tuple(each.described for each in AREA_FORMATS),
        fetch=_file,
        examine=_examined,
        statuses=OF_A_PART,
        headers=("Content-Disposition", "Content-Crs", "Link", "Repr-Digest", "Accept-Ranges"),
    ),
)  # fmt: skip
