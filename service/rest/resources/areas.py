"""Gemeenten, wijken and buurten: who they are in one vintage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import orjson

from db.core.codes import gemeente_code
from db.core.levels import Level
from db.core.simplify import Detail
from schema.place import Place, Places, find
from service.rest.common import CRS, CURSOR, LIMIT, VINTAGE
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Faulty, Operation, json_of
from service.rest.page import listed, paged
from service.rest.parameter import Parameter, one_of, text
from service.rest.record import (
    GEOMETRY,
    TEXT,
    WHOLE,
    Member,
    Record,
    chosen_from,
    list_of,
    or_null,
)
from service.rest.resources.programmes import MEMBERSHIP
from service.rest.writing import written


def _of_place(member: Member[Place]) -> "Member[Drawn]":
    return Member(
        member.name, member.type, member.nl, lambda it, context: member.read(it.place, context)
    )


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


@dataclass(frozen=True, slots=True)
class Drawn:
    """An area with its shape, where one is asked for."""

    place: Place
    shape: str | None
    """GeoJSON text."""


DETAIL: Record[Drawn] = Record(
    "GebiedMetGrens",
    "Een gebied met, als erom gevraagd is, zijn grens.",
    [
        *(_of_place(member) for member in AREA.members),
        Member(
            "geometrie",
            or_null(GEOMETRY),
            "De grens als GeoJSON; leeg waar er niet om gevraagd is en waar geen kaart haar heeft.",
            lambda it, _: None if it.shape is None else orjson.Fragment(it.shape),
        ),
        Member(
            "lidmaatschappen",
            list_of(MEMBERSHIP),
            "Bij welke focusgebieden het hoort, kandidaten gemerkt; van deze indeling.",
            lambda it, context: [
                MEMBERSHIP.write(each, context)
                for each in context.facts.memberships_of_area(
                    it.place.level, it.place.vintage, it.place.code
                )
            ],
        ),
    ],
    uses=(MEMBERSHIP,),
)
PAGE = paged("Gebieden", "Een bladzijde met gebieden, op volgorde van code.", AREA)

IN_GEMEENTE = text(
    "gemeenteCode",
    "Alleen wat in deze gemeente ligt.",
    pattern="GM[0-9]{4}",
    what_en="the code of a gemeente such as GM0344",
    what_nl="de code van een gemeente zoals GM0344",
    example="GM0344",
)
SHAPE = one_of(
    "geometrie",
    "De grens erbij, zo fijn: `overzicht`, `middel` of `volledig`; zonder geen grens.",
    {"overzicht": Detail.OVERVIEW, "middel": Detail.MEDIUM, "volledig": Detail.FULL},
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
        within = roster.by_gemeente.get(gemeente, ())
        ordinals = sorted(map(int, within), key=table.codes.__getitem__)
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
    detail, crs = asked.get(SHAPE), asked[CRS]
    if detail is None:
        return written(asked, DETAIL, Drawn(place, None))
    (shape,) = asked.context.shape_texts(place.table, [place.ordinal], detail, crs.value)
    answer = written(asked, DETAIL, Drawn(place, shape))
    return replace(answer, fields=((b"content-crs", f"<{crs.uri}>".encode()),))


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
            parameters=(code, VINTAGE, SHAPE, CRS),
            formats=(json_of(DETAIL, spoken=True),),
            records=(DETAIL,),
            headers=("Content-Crs",),
            answer=partial(_one, level),
        ),
    )


OPERATIONS = tuple(each for level in CODES for each in _operations(level))
