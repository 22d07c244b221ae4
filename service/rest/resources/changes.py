"""/wijzigingen: all that publications changed, in order, for who keeps a copy of the data."""

from dataclasses import dataclass
from urllib.parse import urlencode

from db.core.change import Told, Wanted
from db.core.levels import Level
from schema.context import patiently
from service.rest import change_cursor
from service.rest.change_cursor import SINCE
from service.rest.change_event import CHANGE, KINDS
from service.rest.common import LIMIT, PUBLICATION, ROOT, SLUG_FORM
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Faulty, Operation, json_of
from service.rest.page import LINK, Link
from service.rest.parameter import one_of, text
from service.rest.record import TEXT, TRUTH, WHOLE, Member, Record, list_of
from service.rest.resources.areas import IN_GEMEENTE
from service.rest.writing import written

KIND = one_of("soort", "Alleen wat hiervan wijzigde.", KINDS)
LEVEL = one_of(
    "niveau",
    "Alleen waarnemingen, gebieden en lidmaatschappen van dit niveau.",
    {each.value: each for each in Level},
)
INDICATOR = text(
    "indicator",
    "Alleen waarnemingen van deze indicator, en de indicator zelf.",
    pattern=SLUG_FORM,
    what_en="the slug of an indicator",
    what_nl="de slug van een indicator",
    example="population",
)


@dataclass(frozen=True, slots=True)
class Changes:
    told: Told
    cursor: str
    links: list[Link]


PAGE: Record[Changes] = Record(
    "Wijzigingen",
    "Een bladzijde met wijzigingen, in de volgorde waarin ze toe te passen zijn.",
    [
        Member("publicatie", WHOLE, "Tot en met welke.", lambda _, context: context.number),
        Member(
            "resultaten",
            list_of(CHANGE),
            "Wat op deze bladzijde staat; kan minder zijn dan gevraagd, ook als er meer is.",
            lambda it, context: [CHANGE.write(each, context) for each in it.told.changes],
        ),
        Member(
            "cursor",
            TEXT,
            "Waar verder te gaan, ook na de laatste bladzijde: als `sinds`.",
            lambda it, _: it.cursor,
        ),
        Member(
            "meer",
            TRUTH,
            "Of er nu al meer is; zo niet, dan na de volgende publicatie.",
            lambda it, _: not it.told.is_last,
        ),
        Member(
            "links",
            list_of(LINK),
            "Deze bladzijde, de volgende (ook als die nu nog leeg is), en alle gegevens van deze "
            "publicatie om bij te beginnen.",
            lambda it, context: [LINK.write(each, context) for each in it.links],
        ),
    ],
    uses=(CHANGE, LINK),
)


async def _page(asked: Asked) -> Answer:
    context = asked.context
    published = context.facts.publications
    pinned = asked.has(PUBLICATION)
    start = change_cursor.read(asked.get(SINCE), published, context.number, pinned=pinned)
    told = await context.snapshot.changes(start, _wanted(asked), asked[LIMIT])
    if not told.changes:
        await patiently(lambda: _check(asked))
    cursor = change_cursor.write(told.place, published)
    return written(asked, PAGE, Changes(told, cursor, _links(asked, cursor)))


def _wanted(asked: Asked) -> Wanted:
    section, kind = asked.get(KIND) or (None, None)
    return Wanted(section, kind, asked.get(LEVEL), asked.get(IN_GEMEENTE), asked.get(INDICATOR))


def _check(asked: Asked) -> None:
    """Nothing is told: because nothing changed, and not of what was never there."""
    context, faults = asked.context, []
    slug, gemeente = asked.get(INDICATOR), asked.get(IN_GEMEENTE)
    known = {*context.facts.head.indicators, *context.facts.withdrawals}
    if slug is not None and slug not in known:
        en, nl = f"there is no indicator {slug!r}", f"er is geen indicator {slug!r}"
        near = context.facts.nearest("indicator", slug)
        faults.append(Invalid(INDICATOR.name, "UNKNOWN_INDICATOR", en, nl, suggestions=near))
    tables = [] if gemeente is None else context.tables(Level.GEMEENTE)
    if tables and not any(gemeente in table.codes for table in tables):
        en, nl = f"there is no gemeente {gemeente}", f"er is geen gemeente {gemeente}"
        faults.append(Invalid(IN_GEMEENTE.name, "UNKNOWN_CODE", en, nl))
    if faults:
        raise Faulty(faults, 404)


def _links(asked: Asked, cursor: str) -> list[Link]:
    address = f"{asked.public_url}{asked.path}"
    following = {**asked.given, SINCE.name: cursor}
    # A publication that was asked for ends there; whoever goes on wants what follows it.
    following.pop("publicatie", None)
    query = urlencode(sorted(asked.given.items()))
    data = f"{asked.public_url}{ROOT}/publicaties/{asked.context.number}/gegevenspakket"
    return [
        Link("self", f"{address}?{query}" if query else address),
        Link("next", f"{address}?{urlencode(sorted(following.items()))}"),
        Link("collection", data),
    ]


OPERATIONS = (
    Operation(
        path="/wijzigingen",
        id="wijzigingen",
        tag="Publicaties",
        nl="Wat publicaties wijzigden, in volgorde en zonder gaten.",
        more_nl="Om een kopie bij te houden: neem alle gegevens van één publicatie en vraag "
        "daarna `sinds` dat nummer, en verder steeds `sinds` de laatste `cursor`. Wie alles "
        "toepast heeft wat de nieuwste publicatie heeft. Twee keer toepassen kan geen kwaad. "
        "Na `publicatie` is alles van dat nummer verteld. Een waarneming die hier niet genoemd "
        "wordt is niet geladen.",
        parameters=(SINCE, KIND, LEVEL, IN_GEMEENTE, INDICATOR, LIMIT),
        formats=(json_of(PAGE),),
        records=(PAGE,),
        fetch=_page,
        statuses={
            410: "Gone. De publicatie die u noemt is ingetrokken, of de cursor is van een andere "
            "opslag; begin opnieuw bij een "
            "momentopname."
        },
    ),
)
