"""/waarnemingen: every area of a level and vintage, and every year of indicators, as a file.

The answer is written while it is sent and coded in chunks, so that a connection that is cut never
looks complete. Everything that can fail has been done before the first byte. Parquet is written
first: programs read its end before the rest, and only the parts that they need.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from db.core.levels import Level
from db.core.programme import Source
from schema.context import Context, patiently
from schema.export import Extracts, Fault, Wanted, extracts, wanted
from service.feeds.formats import BY_NAME, FORMATS
from service.feeds.lines import Dialect
from service.feeds.sealed import Sealed
from service.headers import Field
from service.rest import csvw
from service.rest.common import OF_A_PART, ROOT, SLUG_FORM, VINTAGE
from service.rest.files import SHELF
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Faulty, Format, Operation
from service.rest.parameter import one_of, whole_number, words
from service.rest.record import ANY_OBJECT
from service.rest.resources.areas import IN_GEMEENTE

_URL = ":/?#[]@!$&'()*+,;=%~"
"""What an address may have unquoted; without the signs that would end it in a header."""
INDICATOR = words(
    "indicator",
    "De slug van de indicator, zie /indicatoren; of van hoogstens 20, met komma's ertussen.",
    pattern=SLUG_FORM,
    most=20,
    example="population",
).needed()
YEAR = whole_number("jaar", "Alleen dit jaar; zonder: alle.", least=1900, most=2100)
LEVEL = replace(
    one_of("niveau", "Het niveau van de gebieden.", {level.value: level for level in Level}),
    required=True,
    example="wijk",
)
CSV = "csv"
WITH_FORMAT = one_of(
    "metFormaat",
    "Of het adres van het bestand `f=csv` heeft: een beschrijving is van een adres.",
    {"nee": False, "ja": True},
    default="nee",
)
_PATH = f"{ROOT}/waarnemingen"
_NAMES = {
    "indicator": INDICATOR.name,
    "level": LEVEL.name,
    "vintage": VINTAGE.name,
    "year": YEAR.name,
    "gemeente": IN_GEMEENTE.name,
}


def _examined(context: Context, values: Mapping[str, Any]) -> list[Invalid]:
    """What this publication does not have of what is asked, as far as that could be read."""
    found = _wanted(context, values)
    return [] if isinstance(found, Wanted) else [_of_fault(each) for each in found]


def _wanted(context: Context, values: Mapping[str, Any]) -> Wanted | list[Fault]:
    return wanted(
        context,
        values.get(INDICATOR.name, []),
        *(values.get(each.name) for each in (LEVEL, VINTAGE, YEAR, IN_GEMEENTE)),
    )


def _of_fault(fault: Fault) -> Invalid:
    name = _NAMES[fault.about]
    return Invalid(name, fault.code, fault.en, fault.nl, fault.allowed, fault.suggestions)


async def _file(asked: Asked) -> Answer:
    found = await patiently(lambda: _wanted(asked.context, asked.values))
    if not isinstance(found, Wanted):
        raise Faulty([_of_fault(each) for each in found], 404)
    data = await patiently(lambda: extracts(asked.context, found))
    format_ = BY_NAME[asked.format.name]
    fields = tuple(_fields(data, asked, format_.ending))
    writing, heavy = format_.writing, format_.heavy
    if isinstance(writing, Dialect):
        sealed = Sealed(data, writing, asked.context.snapshot, heavy=heavy)
        return Answer(sealed, fields, heavy=heavy)
    write = partial(writing, data)
    if not format_.whole:
        return Answer(write, fields, heavy=heavy)
    file = await SHELF.held(
        asked.question, format_.ending, lambda path: asyncio.to_thread(_write, write, path)
    )
    return Answer(file, fields)


def _write(pieces: Callable[[], Iterable[bytes]], path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(pieces())


def _fields(data: Extracts, asked: Asked, ending: str) -> Iterator[Field]:
    name = file_name(data, asked.get(YEAR), ending)
    yield b"content-disposition", f'attachment; filename="{name}"'.encode()
    links = list(dict.fromkeys(links_to(data.sources)))
    if asked.format.name == CSV:
        links.insert(0, f'<{_description(asked)}>; rel="describedby"; type="{csvw.MEDIA}"')
    if links:
        yield b"link", ", ".join(links).encode()


def _description(asked: Asked) -> str:
    """Where the file is described: with what it was asked for, in the same order."""
    given = [
        (WITH_FORMAT.name, "ja") if name == "f" else (name, text)
        for name, text in asked.given.items()
    ]
    return f"{asked.public_url}{_PATH}/beschrijving?{urlencode(given, safe=',')}"


def _described(asked: Asked) -> Answer:
    """The file is named as it was asked for: a description of another address is no use."""
    found = _wanted(asked.context, asked.values)
    assert isinstance(found, Wanted), "what was asked for has been examined"
    given = [
        ("f", CSV) if name == WITH_FORMAT.name else (name, text)
        for name, text in asked.given.items()
        if name != "f" and (name, text) != (WITH_FORMAT.name, "nee")
    ]
    facts = asked.context.facts
    published = facts.head.publication
    slugs = dict.fromkeys(each.source for each in found.indicators)
    said = csvw.described(
        f"{asked.public_url}{_PATH}?{urlencode(given, safe=',')}",
        f"{asked.public_url}{ROOT}/publicaties/{published.number}",
        published.published_at,
        fictional=published.fictional,
        indicators=found.indicators,
        sources=[facts.sources[slug] for slug in slugs if slug in facts.sources],
    )
    return Answer(orjson.dumps(said))


def file_name(data: Extracts, year: int | None, ending: str) -> str:
    """What a file is called: of one year or of all."""
    wanted = data.wanted
    level, vintage = wanted.table.level.value, wanted.table.vintage
    slugs = [each.slug for each in wanted.indicators]
    what = quote(slugs[0], safe="") if len(slugs) == 1 else f"{len(slugs)}-indicatoren"
    parts = [what, level, vintage, *([] if wanted.complete else ["deels"])]
    parts += [] if wanted.gemeente is None else [wanted.gemeente]
    parts += [] if year is None else [f"jaar-{year}"]
    return f"{'-'.join(map(str, parts))}-publicatie-{data.publication}.{ending}"


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
        nl="Indicatoren van alle gebieden van een niveau in alle jaren, als bestand.",
        more_nl="Elke rij zegt haar publicatie, indeling, status, reden, bron en licentie; een "
        "waarde die ontbreekt is leeg, nooit nul. Alle formaten hebben dezelfde rijen: van elke "
        "indicator de gebieden op volgorde van code, en van elk gebied de jaren oplopend. Elk "
        "bestand zegt zelf wat zijn SHA-256 is: Parquet en Arrow in hun metadata, de andere op "
        "elke rij in `inhoud_sha256`, de laatste kolom: dat van het bestand zonder die kolom.",
        parameters=(INDICATOR, LEVEL, VINTAGE, IN_GEMEENTE, YEAR),
        formats=tuple(each.described for each in FORMATS),
        fetch=_file,
        examine=_examined,
        statuses=OF_A_PART,
        headers=("Content-Disposition", "Link", "Accept-Ranges"),
    ),
    Operation(
        path="/waarnemingen/beschrijving",
        id="waarnemingenBeschrijving",
        tag="Cijfers",
        nl="Wat de kolommen van een CSV met waarnemingen zijn, voor programma's (CSV on the Web).",
        more_nl="Neemt dezelfde parameters als het bestand, dat er zelf naar verwijst (`Link` met "
        "`rel=describedby`). Noemt van elke kolom het type, en van elke reden wat zij betekent.",
        parameters=(INDICATOR, LEVEL, VINTAGE, IN_GEMEENTE, YEAR, WITH_FORMAT),
        formats=(Format("csvw", csvw.MEDIA, schema=ANY_OBJECT, also=("application/json",)),),
        answer=_described,
        examine=_examined,
    ),
)
