"""Programmes and their focus areas, with the units that each is made of and how sure that is."""

from db.core.programme import Certainty, Extent, FocusArea, Membership, Precision, Programme
from schema.selection import counts
from service.rest.common import CURSOR, LIMIT, SLUG
from service.rest.operation import Answer, Asked, Operation, json_of
from service.rest.page import in_order, listed, paged
from service.rest.parameter import text
from service.rest.record import (
    DATE,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Both,
    Member,
    Record,
    chosen_from,
    list_of,
    or_null,
)
from service.rest.writing import written

_PRECISIONS = chosen_from(*(each.value for each in Precision))

PROGRAMME: Record[Programme] = Record(
    "Programma",
    "Een programma dat gekozen gebieden iets geeft, in een periode.",
    [
        Member("slug", TEXT, "Korte naam die blijft.", lambda it, _: it.slug),
        Member("naam", TEXT, "Hoe het heet.", lambda it, _: it.name),
        Member(
            "beschrijving",
            TEXT,
            "Wat het is.",
            lambda it, _: Both(it.description_nl, it.description_en),
        ),
        Member("geldigVanaf", or_null(DATE), "Eerste dag.", lambda it, _: it.valid_from),
        Member(
            "geldigVanafPrecisie",
            _PRECISIONS,
            "Hoe precies die dag bekend is.",
            lambda it, _: it.valid_from_precision.value,
        ),
        Member(
            "geldigTot",
            or_null(DATE),
            "Eerste dag dat het niet meer geldt.",
            lambda it, _: it.valid_until,
        ),
        Member("grondslag", or_null(TEXT), "Wet of besluit.", lambda it, _: it.legal_basis),
        Member(
            "bron",
            TEXT,
            "Waar dit staat.",
            lambda it, _: Both(it.source_text_nl, it.source_text_en),
        ),
        Member("bronAdres", or_null(TEXT), "Adres van de bron.", lambda it, _: it.source_url),
        Member(
            "focusgebieden",
            list_of(TEXT),
            "De slugs van zijn focusgebieden, zie /focusgebieden.",
            lambda it, context: sorted(
                area.slug
                for area in context.facts.focus_areas.values()
                if area.programme == it.slug
            ),
        ),
    ],
)

MEMBERSHIP: Record[Membership] = Record(
    "Lidmaatschap",
    "Een wijk of buurt van één indeling hoort in een periode bij een focusgebied.",
    [
        Member("focusgebied", TEXT, "Het focusgebied.", lambda it, _: it.focus_area),
        Member(
            "niveau",
            chosen_from("land", "gemeente", "wijk", "buurt"),
            "Niveau van de eenheid.",
            lambda it, _: it.level.value,
        ),
        Member(
            "code",
            or_null(TEXT),
            "Code; leeg waar niet bekend is welke het is.",
            lambda it, _: it.code,
        ),
        Member(
            "indeling", or_null(WHOLE), "Indeling waarvan de code is.", lambda it, _: it.vintage
        ),
        Member("naam", or_null(TEXT), "Zoals de bron de eenheid noemt.", lambda it, _: it.name),
        Member(
            "omvang",
            chosen_from(*(each.value for each in Extent)),
            "Of de hele eenheid erbij hoort.",
            lambda it, _: it.extent.value,
        ),
        Member(
            "aandeel",
            or_null(NUMBER),
            "Deel van de inwoners dat erbij hoort, 0 tot 1; leeg waar onbekend.",
            lambda it, _: it.share,
        ),
        Member("geldigVanaf", or_null(DATE), "Eerste dag.", lambda it, _: it.valid_from),
        Member(
            "geldigVanafPrecisie",
            _PRECISIONS,
            "Hoe precies die dag bekend is.",
            lambda it, _: it.valid_from_precision.value,
        ),
        Member(
            "geldigTot",
            or_null(DATE),
            "Eerste dag dat het niet meer geldt.",
            lambda it, _: it.valid_until,
        ),
        Member(
            "zekerheid",
            chosen_from(*(each.value for each in Certainty)),
            "Hoe zeker het is; een kandidaat telt niet als lid.",
            lambda it, _: it.certainty.value,
        ),
        Member("telt", TRUTH, "Of het als lid telt.", lambda it, _: counts(it)),
        Member("grondslag", or_null(TEXT), "Wet of besluit.", lambda it, _: it.legal_basis),
        Member(
            "bron",
            TEXT,
            "Waar dit staat.",
            lambda it, _: Both(it.source_text_nl, it.source_text_en),
        ),
        Member(
            "toelichting",
            or_null(TEXT),
            "Wat erbij te weten.",
            lambda it, _: Both(it.note_nl, it.note_en),
        ),
    ],
)

FOCUS_AREA: Record[FocusArea] = Record(
    "Focusgebied",
    "Een gebied dat een programma gekozen heeft, gemaakt van wijken of buurten.",
    [
        Member("slug", TEXT, "Korte naam die blijft.", lambda it, _: it.slug),
        Member("naam", TEXT, "Hoe het programma het noemt.", lambda it, _: it.name),
        Member("anders", list_of(TEXT), "Andere namen.", lambda it, _: list(it.aliases)),
        Member("programma", TEXT, "Het programma.", lambda it, _: it.programme),
        Member(
            "gemeenteCode", TEXT, "De gemeente waarin het ligt.", lambda it, _: it.gemeente_code
        ),
        Member(
            "gemeenteIndeling", WHOLE, "Indeling van die code.", lambda it, _: it.gemeente_vintage
        ),
        Member(
            "gepubliceerdeInwoners",
            or_null(WHOLE),
            "Inwoners volgens het programma of het CBS; geen optelling van ons.",
            lambda it, _: it.published_population,
        ),
        Member(
            "gepubliceerdeInwonersDatum",
            or_null(DATE),
            "De dag waarop die geteld zijn.",
            lambda it, _: it.published_population_date,
        ),
        Member(
            "eenheden",
            list_of(MEMBERSHIP),
            "Waaruit het bestaat, kandidaten erbij en als zodanig gemerkt.",
            lambda it, context: [
                MEMBERSHIP.write(each, context) for each in context.facts.memberships_of(it.slug)
            ],
        ),
        Member(
            "toelichting",
            or_null(TEXT),
            "Over de samenstelling.",
            lambda it, _: Both(it.note_nl, it.note_en),
        ),
    ],
    uses=(MEMBERSHIP,),
)
PROGRAMMES = paged("Programmas", "Een bladzijde met programma's.", PROGRAMME)
FOCUS_AREAS = paged("Focusgebieden", "Een bladzijde met focusgebieden.", FOCUS_AREA)
OF_PROGRAMME = text(
    "programma",
    "Alleen van dit programma.",
    pattern="[a-z0-9-]{1,60}",
    what_en="the slug of a programme",
    what_nl="de slug van een programma",
)


def _programme_key(programme: Programme) -> str:
    return programme.slug


def _area_key(area: FocusArea) -> str:
    return area.slug


def _programmes(asked: Asked) -> Answer:
    known = in_order(asked, "programmes", asked.context.facts.programmes.values(), _programme_key)
    return written(asked, PROGRAMMES, listed(asked, known, _programme_key))


def _programme(asked: Asked) -> Answer:
    asked.context.facts.require("programme", asked[SLUG])
    return written(asked, PROGRAMME, asked.context.facts.programmes[asked[SLUG]])


def _focus_areas(asked: Asked) -> Answer:
    facts, programme = asked.context.facts, asked.get(OF_PROGRAMME)
    if programme is not None:
        facts.require("programme", programme, "programme")
    found = [
        each
        for each in in_order(asked, "focus areas", facts.focus_areas.values(), _area_key)
        if programme is None or each.programme == programme
    ]
    return written(asked, FOCUS_AREAS, listed(asked, found, _area_key))


def _focus_area(asked: Asked) -> Answer:
    asked.context.facts.require("focus area", asked[SLUG])
    return written(asked, FOCUS_AREA, asked.context.facts.focus_areas[asked[SLUG]])


OPERATIONS = (
    Operation(
        path="/programmas",
        id="programmas",
        tag="Programma's",
        nl="De programma's.",
        parameters=(LIMIT, CURSOR),
        formats=(json_of(PROGRAMMES, spoken=True),),
        records=(PROGRAMMES,),
        answer=_programmes,
    ),
    Operation(
        path="/programmas/{slug}",
        id="programma",
        tag="Programma's",
        nl="Eén programma.",
        parameters=(SLUG,),
        formats=(json_of(PROGRAMME, spoken=True),),
        records=(PROGRAMME,),
        answer=_programme,
    ),
    Operation(
        path="/focusgebieden",
        id="focusgebieden",
        tag="Programma's",
        nl="De focusgebieden met hun eenheden en hoe zeker die zijn.",
        parameters=(OF_PROGRAMME, LIMIT, CURSOR),
        formats=(json_of(FOCUS_AREAS, spoken=True),),
        records=(FOCUS_AREAS,),
        answer=_focus_areas,
    ),
    Operation(
        path="/focusgebieden/{slug}",
        id="focusgebied",
        tag="Programma's",
        nl="Eén focusgebied.",
        parameters=(SLUG,),
        formats=(json_of(FOCUS_AREA, spoken=True),),
        records=(FOCUS_AREA,),
        answer=_focus_area,
    ),
)
