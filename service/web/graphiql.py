"""GraphiQL, the page in which queries are tried; every file it loads comes from us."""

import html
from importlib.resources import files
from string import Template

from starlette.types import ASGIApp

from service.headers import CommonHeaders, Field
from service.rest.conditions import STARTED, changed_at
from service.rest.settled import Settled
from service.web.assets import ASSETS

_HEADERS: tuple[Field, ...] = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        # GraphiQL's editor writes style elements as it goes.
        b"style-src 'self' 'unsafe-inline'; font-src 'self'; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"content-language", b"en"),
)


def endpoint(example: str, *, https: bool) -> ASGIApp:
    """What sends the page, with the headers that every answer has."""
    settled = Settled(
        page(example), b"text/html; charset=utf-8", _HEADERS, changed=changed_at(STARTED)
    )
    return CommonHeaders(settled, https=https)


def page(example: str) -> bytes:
    """The page, with the query it opens with."""
    template = files("service").joinpath("web/graphiql.html").read_text(encoding="utf-8")
    return (
        Template(template)
        .substitute(
            graphiql_css=ASSETS["graphiql.min.css"].address,
            page_css=ASSETS["page.css"].address,
            react=ASSETS["react.min.js"].address,
            react_dom=ASSETS["react-dom.min.js"].address,
            graphiql_js=ASSETS["graphiql.min.js"].address,
            explorer=ASSETS["explorer.js"].address,
            example=html.escape(example),
        )
        .encode()
    )
