"""Publications: numbered, immutable states of all data."""

from typing import Any

from db.core.errors import UnknownPublication
from db.core.publication import Load, Publication
from service.rest.common import CURSOR, LIMIT
from service.rest.operation import Answer, Asked, Operation, json_of
from service.rest.page import listed, paged
from service.rest.parameter import whole_number
from service.rest.record import (
    MOMENT,
    TEXT,
    TRUTH,
    WHOLE,
    Member,
    Record,
    list_of,
    or_null,
)
from service.rest.writing import written

LOAD: Record[Load] = Record(
    "Lading",
    "Een gegevensbestand zoals het één keer is opgehaald; elke waarde leidt naar een lading.",
    [
        Member("bestand", TEXT, "Onze naam van het bestand.", lambda load, _: load.dataset),
        Member("bron", TEXT, "De bron, zie /bronnen.", lambda load, _: load.source),
        Member("tabel", or_null(TEXT), "Tabel van de uitgever.", lambda load, _: load.table),
        Member("titel", or_null(TEXT), "Hoe de uitgever het noemt.", lambda load, _: load.title),
        Member("indeling", WHOLE, "Jaar van de grenzen.", lambda load, _: load.vintage),
        Member("adres", TEXT, "Waar het vandaan komt.", lambda load, _: load.location),
        Member("opgehaald", MOMENT, "Wanneer.", lambda load, _: load.retrieved_at),
        Member(
            "gewijzigd", or_null(TEXT), "Versie volgens de uitgever.", lambda load, _: load.modified
        ),
        Member("sha256", TEXT, "Van de bytes zoals ontvangen.", lambda load, _: load.checksum),
    ],
)

PUBLICATION: Record[Publication] = Record(
    "Publicatie",
    "Een genummerde, onveranderlijke stand van alle gegevens.",
    [
        Member("nummer", WHOLE, "Het nummer; latere zijn hoger.", lambda each, _: each.number),
        Member("gepubliceerd", MOMENT, "Wanneer.", lambda each, _: each.published_at),
        Member(
            "fictief",
            TRUTH,
            "Of alles verzonnen is: het voorbeeldland Voorbeeldland.",
            lambda each, _: each.fictional,
        ),
        Member("toelichting", or_null(TEXT), "Wat erbij gezegd is.", lambda each, _: each.note),
        Member(
            "ladingen",
            list_of(LOAD),
            "Bestanden die met deze publicatie kwamen en nog in gebruik zijn.",
            lambda each, context: [
                LOAD.write(load, context)
                for load in sorted(context.facts.head.loads.values(), key=lambda load: load.id)
                if load.publication == each.number
            ],
        ),
    ],
    uses=(LOAD,),
)
PAGE = paged("Publicaties", "Een bladzijde met publicaties, oudste eerst.", PUBLICATION)

NUMBER = whole_number("nummer", "Nummer van de publicatie.", least=1, most=2_000_000_000).in_path()


def _key(each: Publication) -> str:
    return f"{each.number:010d}"


def _list(asked: Asked) -> Answer:
    known = sorted(asked.context.facts.head.publications, key=_key)
    return written(asked, PAGE, listed(asked, known, _key))


def _one(asked: Asked) -> Answer:
    found: Any = asked.context.facts.publications.get(asked[NUMBER])
    if found is None:
        raise UnknownPublication(asked[NUMBER])
    return written(asked, PUBLICATION, found)


OPERATIONS = (
    Operation(
        path="/publicaties",
        id="publicaties",
        tag="Publicaties",
        nl="Alle publicaties, oudste eerst.",
        parameters=(LIMIT, CURSOR),
        formats=(json_of(PAGE),),
        records=(PAGE,),
        answer=_list,
    ),
    Operation(
        path="/publicaties/{nummer}",
        id="publicatie",
        tag="Publicaties",
        nl="Eén publicatie.",
        parameters=(NUMBER,),
        formats=(json_of(PUBLICATION),),
        records=(PUBLICATION,),
        answer=_one,
    ),
)
