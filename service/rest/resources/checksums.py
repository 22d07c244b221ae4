"""/publicaties/{nummer}/controlesommen: what every file of the data package must be, to the byte.

A sum is had by writing the file, as whoever downloads it has it written, and throwing it away piece
by piece. That is done by a thread, one page at a time, and what comes of it is kept: whatever is
asked, of each file once a publication.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from weakref import WeakKeyDictionary

from db.core.block import SeriesKey
from db.core.bounded import Bounded
from schema.context import Context, patiently
from schema.export import Extracts, Wanted, extracts, wanted
from schema.facts import Facts
from schema.workshop import Work
from service.feeds.csv import DIALECT
from service.feeds.sealed import Sealed
from service.headers import Field
from service.rest.common import CURSOR
from service.rest.datapackage import MEDIA, files, path_of
from service.rest.operation import Answer, Asked, Format, Operation, json_of
from service.rest.page import Listed, Page, cut, in_order, links, paged
from service.rest.parameter import whole_number
from service.rest.record import ADDRESS, TEXT, WHOLE, Member, Record
from service.rest.resources.observations import CSV, file_name
from service.rest.resources.publications import NUMBER
from service.rest.writing import written

_LIMIT = whole_number(
    "limit",
    "Hoeveel bestanden er hoogstens op een bladzijde staan: van elk wordt gerekend.",
    least=1,
    most=50,
    default=50,
    capped=True,
)
_KEPT_BYTES = 4 << 20
_SUM_BYTES = 700
"""Of a file, its key and its name, about."""
_WAITING = 8
"""Pages of a publication that wait for their turn; further ones are refused."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a file is, as it is without content coding."""

    key: SeriesKey
    name: str
    """As a download calls it."""
    length: int
    rows: int
    """Without the line with names."""
    sha256: str
    inside: str
    """What its rows say of it: the digest of the file without the column that says so."""


def _summed(key: SeriesKey, data: Extracts, file: Sealed) -> Sum:
    """The file is written as for who downloads it, and no more of it than a piece is ever held."""
    for _ in file.making():
        pass
    digest = hashlib.sha256()
    for piece in file.pieces():
        digest.update(piece)
    seal, name = file.seal, file_name(data, None, CSV)
    return Sum(key, name, seal.length, data.rows, digest.hexdigest(), seal.digest)


class _Sums:
    """The sums of one publication, and whose turn it is to have more of them made."""

    def __init__(self) -> None:
        self._kept: Bounded[SeriesKey, Sum] = Bounded(_KEPT_BYTES)
        self._one = asyncio.Lock()
        self._waiting = 0

    async def of(self, context: Context, keys: Sequence[SeriesKey]) -> list[Sum]:
        """Of these files; TimeoutError where too many wait already."""
        kept = [self._kept.get(key) for key in keys]
        if None not in kept:
            return [each for each in kept if each is not None]
        async with self._turn():
            return [self._kept.get(key) or await self._made(context, key) for key in keys]

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= _WAITING:
            raise TimeoutError
        self._waiting += 1
        try:
            async with self._one:
                yield
        finally:
            self._waiting -= 1

    async def _made(self, context: Context, key: SeriesKey) -> Sum:
        # A context keeps all that it read: with one of its own, a file's figures go with the file.
        own = Context(context.snapshot)
        slugs = [key.indicator]
        found = await patiently(lambda: wanted(own, slugs, key.level, key.vintage))
        assert isinstance(found, Wanted), "what a publication has figures of has a file"
        data = await patiently(lambda: extracts(own, found))
        file = Sealed(data, DIALECT, context.snapshot)
        work = Work(("sum", key), partial(_summed, key, data, file), self._keep)
        made = await own.facts.workshop.made(work)
        file.keep()
        file.let_go()
        return made

    def _keep(self, made: Sum) -> None:
        self._kept.keep(made.key, made, _SUM_BYTES)


# Not among what facts remember: a walk over all files makes them forget their oldest.
_OF_PUBLICATION: WeakKeyDictionary[Facts, _Sums] = WeakKeyDictionary()


def _place(key: SeriesKey) -> str:
    return f"{key.indicator}\0{key.level.value}\0{key.vintage}"


async def _page(asked: Asked) -> Answer:
    context, head = asked.context, asked.context.facts.head
    keys = in_order(asked, "files", files(head.indicators, head.series), _place)
    page = cut(asked, keys, _place)
    sums = await _OF_PUBLICATION.setdefault(context.facts, _Sums()).of(context, page.items)
    shown = links(asked, page, by_query=False)
    if asked.format.name == "json":
        return written(asked, PAGE, Listed(Page(sums, page.total, page.next), shown))
    fields: tuple[Field, ...] = tuple(
        (b"link", f'<{each.href}>; rel="next"'.encode()) for each in shown if each.rel == "next"
    )
    return Answer("".join(f"{each.sha256}  {each.name}\n" for each in sums).encode(), fields)


SUM: Record[Sum] = Record(
    "Controlesom",
    "Wat een bestand van het gegevenspakket tot op de byte is, zonder Content-Encoding.",
    [
        Member(
            "adres",
            ADDRESS,
            "Het adres, zoals het gegevenspakket het heeft.",
            lambda it, context: path_of(context.public_url, context.number, it.key),
        ),
        Member("bestand", TEXT, "Hoe een download het noemt.", lambda it, _: it.name),
        Member("mediatype", TEXT, "Het mediatype.", lambda *_: MEDIA),
        Member("bytes", WHOLE, "Hoe lang het is.", lambda it, _: it.length),
        Member("rijen", WHOLE, "Hoeveel rijen, zonder de kop.", lambda it, _: it.rows),
        Member(
            "sha256",
            TEXT,
            "Het SHA-256 in hexadecimalen; `Repr-Digest` zegt hetzelfde in base64.",
            lambda it, _: it.sha256,
        ),
        Member(
            "inhoudSha256",
            TEXT,
            "Wat elke rij van het bestand in de kolom `inhoud_sha256` heeft.",
            lambda it, _: it.inside,
        ),
    ],
)
PAGE = paged("Controlesommen", "Een bladzijde, op volgorde van het gegevenspakket.", SUM)

OPERATIONS = (
    Operation(
        path="/publicaties/{nummer}/controlesommen",
        id="controlesommen",
        tag="Publicaties",
        nl="Van elk bestand van een publicatie het SHA-256, de bytes en de rijen.",
        more_nl="Om na te gaan of een bestand van het gegevenspakket heel en onveranderd is. "
        "`f=sha256` geeft regels zoals `sha256sum -c` ze leest, met de namen die een download "
        "krijgt; de volgende bladzijde staat dan in de header `Link`.",
        parameters=(NUMBER, _LIMIT, CURSOR),
        formats=(
            json_of(PAGE),
            Format("sha256", "text/plain", "text/plain; charset=utf-8", TEXT),
        ),
        records=(PAGE,),
        fetch=_page,
        can_be_pinned=False,
        pinned_by=NUMBER.name,
    ),
)
