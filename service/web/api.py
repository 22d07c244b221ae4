"""The page at /v1/docs, on which people read the REST API and try it; every file comes from us."""

from service.rest.operation import Operation
from service.web.landing import Serving
from service.web.page import HTML, Page

_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    # Swagger UI writes style attributes as it goes.
    "style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LOADS = {
    "swagger_css": "swagger-ui.css",
    "page_css": "page.css",
    "swagger_js": "swagger-ui.js",
    "api_js": "api.js",
}
_WORDS = {
    "nl": {
        "title": "REST-API van Leefbaarheid",
        "lead": "Elk adres met zijn parameters en antwoorden, en een knop om het te proberen; de "
        "woorden op de knoppen zijn Engels. Voor programma's staat hetzelfde in <a href=\""
        '/v1/openapi.json?lang=nl">openapi.json</a>; vragen in GraphQL gaan naar '
        '<a href="/graphql">/graphql</a>.',
        "noscript": 'Deze pagina heeft JavaScript nodig; de <a href="/v1/openapi.json?lang=nl">'
        "beschrijving</a> en de API zelf niet.",
    },
    "en": {
        "title": "REST API of Leefbaarheid",
        "lead": "Every address with its parameters and answers, and a button to try it. Names and "
        'codes are Dutch in both languages. Programs find the same in <a href="'
        '/v1/openapi.json?lang=en">openapi.json</a>; send questions in GraphQL to '
        '<a href="/graphql">/graphql</a>.',
        "noscript": 'This page needs JavaScript; the <a href="/v1/openapi.json?lang=en">'
        "description</a> and the API itself do not.",
    },
}


def page(serving: Serving) -> Page:
    """The page; it says so where the country that is served is invented."""
    return Page("api.html", serving, policy=_POLICY, loads=_LOADS, words=_WORDS)


def operation(serving: Serving) -> Operation:
    """The address of the page."""
    endpoint = page(serving)
    return Operation(
        path="/docs",
        id="docs",
        tag="Dienst",
        nl="Deze API als bladzijde voor mensen.",
        parameters=endpoint.parameters,
        formats=(HTML,),
        endpoint=endpoint,
        can_be_pinned=False,
    )
