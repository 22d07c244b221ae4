"""Values of one area: one year of each indicator, or all years; every absent value says why.

One indicator that cannot be answered does not lose the others of the list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from db.core.absence import Reason, Status
from db.core.levels import Level
from schema import asked as askings
from schema import series
from schema.context import Context
from schema.figures import Column, Figure, Problem
from schema.place import Place, Places, find
from schema.provenance import provenance_of
from schema.span import Span
from schema.spread import Figures
from service.rest.common import SLUG_FORM, VINTAGE
from service.rest.operation import Answer, Asked, Operation, json_of
from service.rest.parameter import one_of, whole_number, words
from service.rest.record import (
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
from service.rest.resources.areas import AREA, CODES, code_of_level
from service.rest.writing import written


def _source_slug(figure: Figure, context: Context) -> str | None:
    load = provenance_of(context, figure.load)
    return None if load is None else load.source


def reason_text(reason: Reason) -> Both:
    return Both(reason.text("nl"), reason.text("en"))


FIGURE: Record[Figure] = Record(
    "Waarde",
    "Eén waarde van één indicator in één jaar; leeg is nooit nul, `reden` zegt waarom.",
    [
        Member("indicator", TEXT, "Waarvan het een waarde is.", lambda it, _: it.indicator.slug),
        Member("jaar", WHOLE, "Jaar van de waarde.", lambda it, _: it.year),
        Member(
            "waarde", or_null(NUMBER), "In de eenheid van de indicator.", lambda it, _: it.value
        ),
        Member(
            "status",
            chosen_from(*(each.name for each in Status)),
            "Of er een waarde is en wat voor een.",
            lambda it, _: it.status.name,
        ),
        Member(
            "reden",
            chosen_from(*(each.name for each in Reason)),
            "Waarom, voor machines.",
            lambda it, _: it.reason.name,
        ),
        Member("redenTekst", TEXT, "Waarom, in een zin.", lambda it, _: reason_text(it.reason)),
        Member("ondergrens", or_null(NUMBER), "Marge van de bron zelf.", lambda it, _: it.lower),
        Member("bovengrens", or_null(NUMBER), "Marge van de bron zelf.", lambda it, _: it.upper),
        Member("voorlopig", TRUTH, "Of de bron het zo noemt.", lambda it, _: it.provisional),
        Member(
            "afgerondOp",
            or_null(WHOLE),
            "De bron heeft deze waarde afgerond op een veelvoud hiervan.",
            lambda it, _: it.rounding,
        ),
        Member("bron", or_null(TEXT), "De bron, zie /bronnen.", _source_slug),
    ],
)
PROBLEM: Record[Problem] = Record(
    "IndicatorProbleem",
    "Waarom één indicator van de lijst geen antwoord heeft; de andere hebben het hunne.",
    [
        Member("indicator", TEXT, "Zoals gevraagd.", lambda it, _: it.slug),
        Member("code", TEXT, "Wat er is, voor machines.", lambda it, _: it.code.name),
        Member(
            "tekst",
            TEXT,
            "Wat er is en wat te veranderen.",
            lambda it, _: Both(it.message_nl, it.message),
        ),
        Member("lijktOp", list_of(TEXT), "Wat er op lijkt.", lambda it, _: list(it.suggestions)),
    ],
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of an area, and what could not be answered."""

    place: Place
    figures: list[Figure]
    problems: list[Problem]


SHEET: Record[Sheet] = Record(
    "Waarden",
    "De waarden van één gebied, op zijn eigen grenzen.",
    [
        Member("publicatie", WHOLE, "Uit welke publicatie.", lambda _, context: context.number),
        Member(
            "gebied", AREA.ref, "Het gebied.", lambda it, context: AREA.write(it.place, context)
        ),
        Member(
            "waarden",
            list_of(FIGURE),
            "In de volgorde van de indicatoren, dan van de jaren.",
            lambda it, context: [FIGURE.write(each, context) for each in it.figures],
        ),
        Member(
            "problemen",
            list_of(PROBLEM),
            "Indicatoren zonder antwoord.",
            lambda it, context: [PROBLEM.write(each, context) for each in it.problems],
        ),
    ],
    uses=(AREA, FIGURE, PROBLEM),
)
INDICATORS = words(
    "indicatoren",
    "Slugs van hoogstens 100 indicatoren, met komma's ertussen.",
    pattern=SLUG_FORM,
    most=100,
    example="population",
).needed()
YEAR = whole_number(
    "jaar",
    "Jaar van de waarden; zonder: per indicator het nieuwste met cijfers in deze indeling.",
    least=1900,
    most=2100,
)
YEARS = one_of(
    "jaren", "Met `alle` elk geladen jaar in plaats van één.", {"een": False, "alle": True},
    default="een",
)  # fmt: skip


def _sheet(level: Level, asked: Asked) -> Answer:
    place = find(asked.context, level, asked.values["code"], asked.get(VINTAGE))
    found = list(_found(asked, place))
    return written(
        asked,
        SHEET,
        Sheet(
            place,
            [each for each in found if isinstance(each, Figure)],
            [each for each in found if isinstance(each, Problem)],
        ),
    )


def _found(asked: Asked, place: Place) -> Iterator[Figure | Problem]:
    context, slugs, year = asked.context, asked[INDICATORS], asked.get(YEAR)
    places = Places(place.table, [place.ordinal])
    if asked[YEARS]:
        every = series.asked_of(context, place.table, slugs, Span(year, year))
        yield from Figures(every.spread, context.blocks(every.spread.keys), places)
        yield from (each for each in every.items if isinstance(each, Problem))
        return
    one = askings.asked_of(context, place.table, slugs, year)
    figures = iter(one.figures(context, places))
    yield from (next(figures) if isinstance(each, Column) else each for each in one.items)


OPERATIONS = tuple(
    Operation(
        path=f"/{plural}/{{code}}/waarnemingen",
        id=f"{level.value}Waarnemingen",
        tag="Cijfers",
        nl=f"Waarden van één {level.value}, met status en reden.",
        parameters=(code_of_level(level), INDICATORS, YEAR, YEARS, VINTAGE),
        formats=(json_of(SHEET, spoken=True),),
        records=(SHEET,),
        answer=partial(_sheet, level),
    )
    for level, (plural, *_) in CODES.items()
)
