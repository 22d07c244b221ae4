"""Groups of gemeenten by dated list: the members change, a list does not."""

from typing import TypeAlias

from db.core.programme import Certainty, MunicipalityGroup, MunicipalityGroupList, Precision
from service.rest.common import CURSOR, LIMIT
from service.rest.operation import Answer, Asked, Operation, json_of
from service.rest.page import in_order, listed, paged
from service.rest.record import (
    DATE,
    TEXT,
    WHOLE,
    Both,
    Member,
    Record,
    chosen_from,
    list_of,
    or_null,
)
from service.rest.writing import written

Entry: TypeAlias = tuple[str, str]
"""Code and name of a gemeente as a list writes them."""

ENTRY: Record[Entry] = Record(
    "Groepslid",
    "Een gemeente zoals een lijst haar noemt.",
    [
        Member("code", TEXT, "Code in de indeling van de lijst.", lambda it, _: it[0]),
        Member("naam", TEXT, "Naam zoals de lijst die schrijft.", lambda it, _: it[1]),
    ],
)
LIST: Record[MunicipalityGroupList] = Record(
    "Groepslijst",
    "De leden van een groep zoals één lijst ze noemt.",
    [
        Member("datum", DATE, "De dag waarvan de lijst is.", lambda it, _: it.as_of),
        Member(
            "datumPrecisie",
            chosen_from(*(each.value for each in Precision)),
            "Hoe precies die dag bekend is.",
            lambda it, _: it.as_of_precision.value,
        ),
        Member(
            "zekerheid",
            chosen_from(*(each.value for each in Certainty)),
            "Hoe zeker de codes zijn.",
            lambda it, _: it.certainty.value,
        ),
        Member(
            "bron",
            TEXT,
            "Waar de lijst gevonden is.",
            lambda it, _: Both(it.source_text_nl, it.source_text_en),
        ),
        Member("indeling", WHOLE, "Jaar waarvan de codes zijn.", lambda it, _: it.vintage),
        Member(
            "leden",
            list_of(ENTRY),
            "De leden, op naam.",
            lambda it, context: [ENTRY.write(each, context) for each in it.members],
        ),
    ],
    uses=(ENTRY,),
)
GROUP: Record[MunicipalityGroup] = Record(
    "Gemeentegroep",
    "Een groep van gemeenten, met elke lijst die ervan bekend is.",
    [
        Member("slug", TEXT, "Korte naam die blijft.", lambda it, _: it.slug),
        Member("naam", TEXT, "Hoe de groep heet.", lambda it, _: Both(it.name_nl, it.name_en)),
        Member(
            "beschrijving",
            TEXT,
            "Wat het is.",
            lambda it, _: Both(it.description_nl, it.description_en),
        ),
        Member(
            "bron",
            TEXT,
            "Waar dit staat.",
            lambda it, _: Both(it.source_text_nl, it.source_text_en),
        ),
        Member("bronAdres", or_null(TEXT), "Adres van de bron.", lambda it, _: it.source_url),
        Member(
            "lijsten",
            list_of(LIST),
            "De lijsten, oudste eerst.",
            lambda it, context: [
                LIST.write(each, context) for each in context.facts.lists_of(it.slug)
            ],
        ),
    ],
    uses=(LIST,),
)
PAGE = paged("Gemeentegroepen", "Een bladzijde met groepen van gemeenten.", GROUP)


def _key(group: MunicipalityGroup) -> str:
    return group.slug


def _list(asked: Asked) -> Answer:
    known = in_order(asked, "groups", asked.context.facts.groups.values(), _key)
    return written(asked, PAGE, listed(asked, known, _key))


OPERATIONS = (
    Operation(
        path="/gemeentegroepen",
        id="gemeentegroepen",
        tag="Programma's",
        nl="Groepen van gemeenten, met hun gedateerde lijsten.",
        parameters=(LIMIT, CURSOR),
        formats=(json_of(PAGE, spoken=True),),
        records=(PAGE,),
        answer=_list,
    ),
)
