"""GraphiQL, the page in which queries are tried; every file it loads comes from us."""

import html
from importlib.resources import files
from string import Template

from service.web.assets import ASSETS

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        # GraphiQL's editor writes style elements as it goes.
        "style-src 'self' 'unsafe-inline'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-cache",
    "content-language": "en",
}


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
