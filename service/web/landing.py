"""The page at /: what this is, which data it serves, where to ask. No script, Dutch and English."""

import html
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from string import Template
from urllib.parse import urlencode

from starlette.requests import Request

from service.headers import Field
from service.rest.conditions import changed_at
from service.rest.settled import Settled
from service.web.assets import ASSETS


@dataclass(frozen=True, slots=True)
class Served:
    """What is being served: a publication, since when, and whether the country is invented."""

    publication: int
    published: date
    fictional: bool
    moment: datetime | None = None
    """Of the publication; None where only its day is known."""


# None while nothing has been published or the store has not been reached yet.
Serving = Callable[[], Served | None]

TEXTS = {
    "nl": {
        "title": "Leefbaarheid van wijken en buurten",
        "lead": "Open cijfers, grenzen en focusgebieden van Nederlandse gemeenten, wijken en "
        "buurten, met bij elke waarde de herkomst en bij elke ontbrekende de reden.",
        "notice": "Let op: deze gegevens zijn fictief. Voorbeeldland bestaat niet; "
        "gebruik deze cijfers nergens voor.",
        "data_heading": "Welke gegevens",
        "data": "Deze dienst antwoordt uit publicatie {publication} van {published}. "
        "Een publicatie verandert nooit meer; een correctie krijgt een nieuw nummer.",
        "none": "Er is nog geen publicatie geladen.",
        "ask_heading": "Zelf vragen",
        "ask": "Stel vragen in GraphQL aan het adres /graphql, in een programma of in de browser. "
        "Een voorbeeld:",
        "example_label": "Voorbeeld van een vraag in GraphQL",
        "try": "Probeer dit voorbeeld in GraphiQL",
        "docs": "Elk adres van de REST-API",
        "map": "Kaart van gemeenten, wijken en buurten",
        "health": "Is de dienst gereed?",
        "other": "English",
    },
    "en": {
        "title": "Liveability of Dutch neighbourhoods",
        "lead": "Open figures, boundaries and focus areas of Dutch gemeenten, wijken and buurten: "
        "every value with its origin, every absent one with the reason.",
        "notice": "Please note: these data are fictional (fictief). Voorbeeldland does not exist; "
        "do not use these figures for anything.",
        "data_heading": "Which data",
        "data": "This service answers from publication {publication} of {published}. "
        "A publication never changes; a correction is given a new number.",
        "none": "No publication has been loaded yet.",
        "ask_heading": "Ask for yourself",
        "ask": "Send questions in GraphQL to the address /graphql, from a program or the browser. "
        "An example:",
        "example_label": "An example of a question in GraphQL",
        "try": "Try this example in GraphiQL",
        "docs": "Every address of the REST API",
        "map": "Map of gemeenten, wijken and buurten",
        "health": "Is the service ready?",
        "other": "Nederlands",
    },
}
OTHER = {"nl": "en", "en": "nl"}
_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'self'; img-src data:; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)
_HTML = b"text/html; charset=utf-8"
_VARY: Field = (b"vary", b"Accept-Encoding, Accept-Language")


def endpoint(serving: Serving, example: str) -> Callable[[Request], Awaitable[Settled]]:
    async def landing(request: Request) -> Settled:
        language = language_of(
            request.query_params.get("lang"), request.headers.get("accept-language")
        )
        served = serving()
        moment = served.moment if served is not None else None
        return Settled(
            page(language, served, example),
            _HTML,
            (_POLICY, (b"content-language", language.encode())),
            vary=_VARY,
            changed=moment and changed_at(moment),
        )

    return landing


def language_of(asked: str | None, accepted: str | None) -> str:
    """What was asked for outright, else the browser's first wish of our two, else Dutch."""
    if asked in TEXTS:
        return asked
    wishes: list[tuple[float, str]] = []
    for part in (accepted or "").lower().split(",")[:32]:
        tag, _, quality = part.partition(";q=")
        language = tag.strip().partition("-")[0]
        if language in TEXTS:
            wishes.append((_quality(quality), language))
    wishes.sort(key=lambda wish: -wish[0])
    return wishes[0][1] if wishes and wishes[0][0] > 0 else "nl"


def _quality(text: str) -> float:
    try:
        return float(text) if text.strip() else 1.0
    except ValueError:
        return 0.0


def page(language: str, served: Served | None, example: str) -> bytes:
    """The page in one language."""
    texts = TEXTS[language]
    data = texts["none"]
    if served is not None:
        published = served.published.isoformat()
        data = texts["data"].format(publication=served.publication, published=published)
    fictional = served is not None and served.fictional
    notice = f'<p class="notice">{html.escape(texts["notice"])}</p>' if fictional else ""
    shown = {
        "lang": language,
        "other_lang": OTHER[language],
        "other_name": texts["other"],
        "page_css": ASSETS["page.css"].address,
        "data": data,
        "example": example,
        "try_query": urlencode({"query": example}),
        "try_text": texts["try"],
        "docs_text": texts["docs"],
        "map_text": texts["map"],
        "health_text": texts["health"],
        **{
            name: texts[name]
            for name in ("title", "lead", "data_heading", "ask_heading", "ask", "example_label")
        },
    }
    escaped = {name: html.escape(text) for name, text in shown.items()}
    template = files("service").joinpath("web/landing.html").read_text(encoding="utf-8")
    return Template(template).substitute(escaped, notice=notice).encode()
