"""Sources: whose the figures are, and the terms they are used under."""

from db.core.indicator import Origin
from db.core.programme import Source
from service.rest.common import CURSOR, LIMIT
from service.rest.operation import Answer, Asked, Operation, json_of
from service.rest.page import in_order, listed, paged
from service.rest.record import TEXT, Both, Member, Record, chosen_from, or_null
from service.rest.writing import written

SOURCE: Record[Source] = Record(
    "Bron",
    "Een product van een uitgever en de voorwaarden waaronder het gebruikt mag worden.",
    [
        Member("slug", TEXT, "Korte naam die blijft.", lambda it, _: it.slug),
        Member("uitgever", TEXT, "Wie het uitgeeft.", lambda it, _: it.publisher),
        Member("naam", TEXT, "Hoe het heet.", lambda it, _: Both(it.name_nl, it.name_en)),
        Member("adres", TEXT, "Waar het te vinden is.", lambda it, _: it.url),
        Member(
            "licentie", TEXT, "SPDX-naam, of de woorden van de uitgever.", lambda it, _: it.licence
        ),
        Member(
            "licentieAdres", or_null(TEXT), "De voorwaarden voluit.", lambda it, _: it.licence_url
        ),
        Member(
            "bronvermelding",
            TEXT,
            "Hoe de bron te noemen.",
            lambda it, _: Both(it.attribution_nl, it.attribution_en),
        ),
        Member(
            "herkomst",
            chosen_from(*(each.value for each in Origin)),
            "Van een uitgever (published), of van wie deze dienst draait (own).",
            lambda it, _: it.origin.value,
        ),
        Member(
            "toelichting",
            or_null(TEXT),
            "Wat vooraf te weten.",
            lambda it, _: Both(it.note_nl, it.note_en),
        ),
    ],
)
PAGE = paged("Bronnen", "Een bladzijde met bronnen, op volgorde van slug.", SOURCE)


def _key(source: Source) -> str:
    return source.slug


def _list(asked: Asked) -> Answer:
    known = in_order(asked, "sources", asked.context.facts.sources.values(), _key)
    return written(asked, PAGE, listed(asked, known, _key))


OPERATIONS = (
    Operation(
        path="/bronnen",
        id="bronnen",
        tag="Cijfers",
        nl="De bronnen van de cijfers, met hun voorwaarden.",
        parameters=(LIMIT, CURSOR),
        formats=(json_of(PAGE, spoken=True),),
        records=(PAGE,),
        answer=_list,
    ),
)
