"""Gemeenten, wijken and buurten: who they are in one vintage."""

from collections.abc import Sequence
from functools import partial

from db.core.codes import gemeente_code
from db.core.levels import Level
from schema.place import Place, Places, find
from service.rest.common import CURSOR, LIMIT, VINTAGE
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Faulty, Operation, json_of
from service.rest.page import listed, paged
from service.rest.parameter import Parameter, text
from service.rest.record import TEXT, WHOLE, Member, Record, chosen_from, or_null
from service.rest.writing import written

AREA: Record[Place] = Record(
    "Gebied",
    "Een gebied in één indeling; dezelfde code kan in een ander jaar een ander gebied zijn.",
    [
        Member("code", TEXT, "De code van het CBS.", lambda place, _: place.code),
        Member("naam", TEXT, "Leeg waar geen bron een naam geeft.", lambda place, _: place.name),
        Member(
            "niveau",
            chosen_from("land", "gemeente", "wijk", "buurt"),
            "Het niveau.",
            lambda place, _: place.level.value,
        ),
        Member("indeling", WHOLE, "Jaar van de grenzen.", lambda place, _: place.vintage),
        Member(
            "terrein",
            chosen_from("land", "water", "abroad"),
            "Land, groot water of buitenland.",
            lambda place, _: place.terrain.value,
        ),
        Member(
            "gemeenteCode",
            or_null(TEXT),
            "De gemeente waarin het ligt, in dezelfde indeling.",
            lambda place, _: None if place.level is Level.LAND else gemeente_code(place.code),
        ),
        Member(
            "ouderCode",
            or_null(TEXT),
            "Het gebied één niveau hoger, in dezelfde indeling.",
            lambda place, _: place.parent_code,
        ),
    ],
)  # fmt: skip
PAGE = paged("Gebieden", "Een bladzijde met gebieden, op volgorde van code.", AREA)

IN_GEMEENTE = text(
    "gemeenteCode",
    "Alleen wat in deze gemeente ligt.",
    pattern="GM[0-9]{4}",
    what_en="the code of a gemeente such as GM0344",
    what_nl="de code van een gemeente zoals GM0344",
    example="GM0344",
)
CODES = {
    Level.GEMEENTE: ("gemeenten", "GM[0-9]{4}", "GM0344"),
    Level.WIJK: ("wijken", "WK[0-9]{4}[0-9A-Z]{2}", "WK034403"),
    Level.BUURT: ("buurten", "BU[0-9]{4}[0-9A-Z]{4}", "BU03440311"),
}


def _list(level: Level, asked: Asked) -> Answer:
    table = asked.context.table(level, asked.get(VINTAGE))
    roster = asked.context.roster(table)
    ordinals: Sequence[int] = roster.by_code.ordinals.tolist()
    gemeente = asked.get(IN_GEMEENTE) if level is not Level.GEMEENTE else None
    if gemeente is not None:
        ordinals = [i for i in ordinals if gemeente_code(table.codes[i]) == gemeente]
        if not ordinals:
            raise Faulty([_no_such_gemeente(gemeente, table.vintage)], 404)
    return written(asked, PAGE, listed(asked, Places(table, ordinals), lambda place: place.code))


def _no_such_gemeente(code: str, vintage: int) -> Invalid:
    return Invalid(
        IN_GEMEENTE.name,
        "UNKNOWN_CODE",
        f"there is no gemeente {code} with areas in the vintage {vintage}",
        f"er is geen gemeente {code} met gebieden in de indeling {vintage}",
    )


def _one(level: Level, asked: Asked) -> Answer:
    place = find(asked.context, level, asked.values["code"], asked.get(VINTAGE))
    return written(asked, AREA, place)


def code_of_level(level: Level) -> Parameter[str]:
    """The code of an area in a path."""
    _, pattern, example = CODES[level]
    return text(
        "code",
        f"De code van de {level.value}.",
        pattern=pattern,
        what_en=f"a code such as {example}",
        what_nl=f"een code zoals {example}",
        example=example,
    ).in_path()


def _operations(level: Level) -> tuple[Operation, Operation]:
    plural = CODES[level][0]
    code = code_of_level(level)
    within = () if level is Level.GEMEENTE else (IN_GEMEENTE,)
    return (
        Operation(
            path=f"/{plural}",
            id=plural,
            tag="Gebieden",
            nl=f"De {plural} van één indeling, op volgorde van code.",
            parameters=(VINTAGE, *within, LIMIT, CURSOR),
            formats=(json_of(PAGE),),
            records=(PAGE,),
            answer=partial(_list, level),
        ),
        Operation(
            path=f"/{plural}/{{code}}",
            id=level.value,
            tag="Gebieden",
            nl=f"Eén {level.value} in één indeling.",
            parameters=(code, VINTAGE),
            formats=(json_of(AREA),),
            records=(AREA,),
            answer=partial(_one, level),
        ),
    )


OPERATIONS = tuple(each for level in CODES for each in _operations(level))
