"""What all addresses of evidence share: refusals by name, the level, and the zip."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from db.core.area import AreaTable
from db.core.errors import LeefbaarheidError
from db.core.levels import Level
from schema.errors import VintageNotLoaded, code_of
from schema.refusal import Refusal
from service.evidence.files import bundle
from service.evidence.kit import Kit
from service.rest.common import PUBLICATION, VINTAGE
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Format
from service.rest.parameter import one_of

ZIP = Format("zip", "application/zip")
MORE = (
    "Een zip met de gegevens (CSV, JSON, GeoJSON, GeoPackage), waar nodig de cijfers waaruit zij "
    "berekend zijn, een kaart (SVG), de methode in twee talen, de definitie, het citaat, de "
    "licenties en een manifest met het SHA-256 van elk bestand. Dezelfde "
    "publicatie geeft dezelfde bytes."
)
LEVEL = one_of(
    "niveau",
    "Het niveau van de gebieden.",
    {each.value: each for each in (Level.GEMEENTE, Level.WIJK, Level.BUURT)},
).needed()


@contextmanager
def about(name: str, faults: list[Invalid]) -> Iterator[None]:
    """What is refused inside is a fault of this parameter."""
    try:
        yield
    except LeefbaarheidError as error:
        known = code_of(error)
        if known is None:
            raise
        code, more = known
        meant = VINTAGE.name if isinstance(error, VintageNotLoaded) else name
        near: Any = more.get("suggestions", ())
        listed = [str(next(iter(each.values()), "")) for each in near if isinstance(each, dict)]
        en, nl = str(error), str(more.get("messageNl", error))
        if isinstance(error, Refusal):
            en, nl = error.en, error.nl
        faults.append(Invalid(meant, code, en, nl, suggestions=listed))


def pinned(asked: Asked, table: AreaTable, **more: str) -> str:
    """The address of the same bundle for ever: nothing is left to what is newest."""
    given = {
        **asked.given,
        **more,
        VINTAGE.name: str(table.vintage),
        PUBLICATION.name: str(asked.context.number),
    }
    return f"{asked.public_url}{asked.path}?{urlencode(sorted(given.items()), safe='@,')}"


def zipped(asked: Asked, kit: Kit) -> Answer:
    """The bundle; a map for map programs takes longer than a turn."""
    name = f"{quote(kit.name, safe='')}-publicatie-{kit.publication}.zip"
    fields = ((b"content-disposition", f'attachment; filename="{name}"'.encode()),)
    return Answer(partial(bundle, kit, asked.public_url), fields, heavy=True)
