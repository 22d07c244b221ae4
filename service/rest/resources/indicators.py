"""Indicators: what a figure means, and where there are figures of it."""

from db.core.indicator import (
    Aggregation,
    Direction,
    Domain,
    Indicator,
    Kind,
    Measures,
    Nature,
    Origin,
    SeriesBreak,
)
from db.core.levels import Level
from schema.facts import Availability
from service.rest.common import CURSOR, LIMIT, SLUG
from service.rest.operation import Answer, Asked, Operation, json_of
from service.rest.page import in_order, listed, paged
from service.rest.parameter import one_of
from service.rest.record import (
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

BREAK: Record[SeriesBreak] = Record(
    "Breuk",
    "Vanaf dit jaar zijn waarden niet te vergelijken met die ervoor.",
    [
        Member("jaar", WHOLE, "Eerste jaar van de nieuwe definitie.", lambda it, _: it.year),
        Member("tekst", TEXT, "Wat er veranderde.", lambda it, _: Both(it.text_nl, it.text_en)),
    ],
)
LOADED: Record[Availability] = Record(
    "Beschikbaar",
    "Jaren met cijfers op de gebieden van één niveau en één indeling.",
    [
        Member(
            "niveau",
            chosen_from(*(level.value for level in Level)),
            "Niveau van de gebieden.",
            lambda it, _: it.level.value,
        ),
        Member("indeling", WHOLE, "Jaar van hun grenzen.", lambda it, _: it.vintage),
        Member("jaren", list_of(WHOLE), "Oplopend.", lambda it, _: list(it.years)),
    ],
)
INDICATOR: Record[Indicator] = Record(
    "Indicator",
    "Wat een cijfer betekent: eenheid, richting, soort getal en de regels ervoor.",
    [
        Member("slug", TEXT, "Korte naam die blijft.", lambda it, _: it.slug),
        Member("naam", TEXT, "Hoe het heet.", lambda it, _: Both(it.name_nl, it.name_en)),
        Member(
            "beschrijving",
            TEXT,
            "Wat er geteld of gemeten is.",
            lambda it, _: Both(it.description_nl, it.description_en),
        ),
        Member(
            "eenheid", TEXT, "Eenheid van de waarden.", lambda it, _: Both(it.unit_nl, it.unit_en)
        ),
        Member(
            "domein",
            chosen_from(*(each.value for each in Domain)),
            "Waar het over gaat.",
            lambda it, _: it.domain.value,
        ),
        Member(
            "richting",
            chosen_from(*(each.value for each in Direction)),
            "Welke kant beter is.",
            lambda it, _: it.direction.value,
        ),
        Member(
            "soort",
            chosen_from(*(each.value for each in Kind)),
            "Wat voor getal het is; dat bepaalt wat ermee gerekend mag worden.",
            lambda it, _: it.kind.value,
        ),
        Member(
            "optelling",
            chosen_from(*(each.value for each in Aggregation)),
            "Hoe de waarden van delen die van het geheel maken.",
            lambda it, _: it.aggregation.value,
        ),
        Member(
            "aard",
            chosen_from(*(each.value for each in Nature)),
            "Gemeten, gemodelleerd of ervaren.",
            lambda it, _: it.nature.value,
        ),
        Member(
            "standOfStroom",
            or_null(chosen_from(*(each.value for each in Measures))),
            "Wat er is (stock) of wat er in een jaar kwam of gebeurde (flow); null: niet gezegd.",
            lambda it, _: it.measures and it.measures.value,
        ),
        Member(
            "herkomst",
            chosen_from(*(each.value for each in Origin)),
            "Van een uitgever (published), of geladen door wie deze dienst draait (own).",
            lambda it, _: it.origin.value,
        ),
        Member("decimalen", WHOLE, "Die de bron geeft.", lambda it, _: it.decimals),
        Member(
            "afgerondOp",
            or_null(WHOLE),
            "Onder het niveau van de gemeente rondt de bron af op een veelvoud hiervan.",
            lambda it, _: it.rounding,
        ),
        Member("noemer", or_null(TEXT), "Waardoor gedeeld wordt.", lambda it, _: it.denominator),
        Member("teller", or_null(TEXT), "Wat gedeeld wordt.", lambda it, _: it.numerator),
        Member(
            "breuken",
            list_of(BREAK),
            "Jaren vanaf waar niet te vergelijken is met ervoor.",
            lambda it, context: [BREAK.write(each, context) for each in it.breaks],
        ),
        Member("bron", TEXT, "De bron, zie /bronnen.", lambda it, _: it.source),
        Member(
            "toelichting",
            or_null(TEXT),
            "Wat vooraf te weten.",
            lambda it, _: Both(it.note_nl, it.note_en),
        ),
        Member(
            "leemte",
            TRUTH,
            "Of er geen open landelijke tabel van is: laad dan eigen cijfers.",
            lambda it, _: it.gap,
        ),
        Member(
            "beschikbaar",
            list_of(LOADED),
            "Waar er cijfers van zijn; leeg waar deze publicatie er geen heeft.",
            lambda it, context: [
                LOADED.write(each, context) for each in context.facts.availability(it.slug)
            ],
        ),
    ],
    uses=(BREAK, LOADED),
)
PAGE = paged("Indicatoren", "Een bladzijde met indicatoren, op volgorde van slug.", INDICATOR)
DOMAIN = one_of("domein", "Alleen van dit domein.", {each.value: each for each in Domain})
LEVEL = one_of("niveau", "Alleen met cijfers op dit niveau.", {each.value: each for each in Level})


def _key(indicator: Indicator) -> str:
    return indicator.slug


def _list(asked: Asked) -> Answer:
    domain, level = asked.get(DOMAIN), asked.get(LEVEL)
    facts = asked.context.facts
    found = [
        each
        for each in in_order(asked, "indicators", facts.head.indicators.values(), _key)
        if (domain is None or each.domain is domain)
        and (level is None or facts.years(each.slug, level))
    ]
    return written(asked, PAGE, listed(asked, found, _key))


def _one(asked: Asked) -> Answer:
    asked.context.facts.require("indicator", asked[SLUG])
    return written(asked, INDICATOR, asked.context.facts.head.indicators[asked[SLUG]])


OPERATIONS = (
    Operation(
        path="/indicatoren",
        id="indicatoren",
        tag="Cijfers",
        nl="De indicatoren: wat elk cijfer betekent en waar er cijfers van zijn.",
        parameters=(DOMAIN, LEVEL, LIMIT, CURSOR),
        formats=(json_of(PAGE, spoken=True),),
        records=(PAGE,),
        answer=_list,
    ),
    Operation(
        path="/indicatoren/{slug}",
        id="indicator",
        tag="Cijfers",
        nl="Eén indicator.",
        parameters=(SLUG,),
        formats=(json_of(INDICATOR, spoken=True),),
        records=(INDICATOR,),
        answer=_one,
    ),
)
