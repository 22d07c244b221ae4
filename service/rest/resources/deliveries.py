"""/leveringen: how fresh everything is, and what could not be fetched or loaded the last time.

The one address under /v1 that no publication answers: a try that fails publishes nothing, and what
was there before goes on being served. It says what `deliveries` of GraphQL says.
"""

from collections.abc import Sequence

from starlette.types import Receive, Scope, Send

from schema.context import patiently
from schema.deliveries import Delivery, Outcome, deliveries
from service.rest import refusals
from service.rest.door import Open, refused
from service.rest.operation import Operation, json_of
from service.rest.record import (
    MOMENT,
    TEXT,
    WHOLE,
    Both,
    Member,
    Record,
    chosen_from,
    list_of,
    or_null,
)
from service.rest.spoken import Spoken
from service.rest.writing import json_text

DELIVERY: Record[Delivery] = Record(
    "Levering",
    "Een gegevensbestand van een uitgever: wat er van geleverd wordt, en hoe het de laatste keer "
    "ging.",
    [
        Member("bestand", TEXT, "Onze naam van het bestand.", lambda it, _: it.dataset),
        Member(
            "bron",
            or_null(TEXT),
            "De bron, zie /bronnen; leeg waar er nog nooit iets van geladen is.",
            lambda it, _: it.load and it.load.source,
        ),
        Member(
            "opgehaald",
            or_null(MOMENT),
            "Wanneer het geladene is opgehaald.",
            lambda it, _: it.load and it.load.retrieved_at,
        ),
        Member(
            "gewijzigd",
            or_null(TEXT),
            "Versie of wijzigingsmoment daarvan volgens de uitgever.",
            lambda it, _: it.load and it.load.modified,
        ),
        Member(
            "publicatie",
            or_null(WHOLE),
            "De publicatie waarmee het kwam.",
            lambda it, _: it.load and it.load.publication,
        ),
        Member(
            "geprobeerd",
            or_null(MOMENT),
            "Wanneer het voor het laatst is opgehaald of geprobeerd.",
            lambda it, _: it.attempted_at,
        ),
        Member(
            "uitkomst",
            or_null(chosen_from(*(each.name.lower() for each in Outcome))),
            "Hoe dat afliep, voor machines.",
            lambda it, _: it.outcome and it.outcome.name.lower(),
        ),
        Member(
            "tekst",
            or_null(TEXT),
            "Hoe dat afliep, in een zin.",
            lambda it, _: it.texts and Both(*it.texts),
        ),
    ],
)
LIST: Record[Sequence[Delivery]] = Record(
    "Leveringen",
    "Alle gegevensbestanden, op volgorde van naam.",
    [
        Member("publicatie", WHOLE, "De nieuwste publicatie.", lambda _, context: context.number),
        Member(
            "storingen",
            WHOLE,
            "Bij hoeveel bestanden het de laatste keer misging.",
            lambda it, _: sum(each.faulty for each in it),
        ),
        Member(
            "resultaten",
            list_of(DELIVERY),
            "De bestanden.",
            lambda it, context: [DELIVERY.write(each, context) for each in it],
        ),
    ],
    uses=(DELIVERY,),
)
_FORMATS = (json_of(LIST, spoken=True),)


class Deliveries:
    """The endpoint; its tag is of what it says, for a try that failed changes no publication."""

    def __init__(self, opened: Open) -> None:
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await refusals.method(scope, receive, send)
            return
        try:
            context = await self._opened(None)
            found = await patiently(lambda: deliveries(context))
        except Exception as error:
            await refused(error)(scope, receive, send)
            return
        said = Spoken(_FORMATS, lambda language: json_text(LIST, found, context, language))
        await said(scope, receive, send)


def operation(opened: Open) -> Operation:
    """The address; `opened` opens the newest publication."""
    return Operation(
        path="/leveringen",
        id="leveringen",
        tag="Dienst",
        nl="Hoe vers elk gegevensbestand is, en wat er de laatste keer misging.",
        more_nl="Een poging die mislukt verandert niets: wat er was wordt nog geleverd. Daarom is "
        "dit antwoord van geen publicatie. Wanneer een uitgever met een volgende levering komt "
        "staat er niet in: geen van de bronnen geeft daar een datum van.",
        formats=_FORMATS,
        records=(LIST,),
        endpoint=Deliveries(opened),
        can_be_pinned=False,
    )
