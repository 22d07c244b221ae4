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


def page(serving: Serving) -> Page:
    """The page; it says so where the country that is served is invented."""
    return Page("api.html", serving, policy=_POLICY, loads=_LOADS)


def operation(serving: Serving) -> Operation:
    """The address of the page."""
    return Operation(
        path="/docs",
        id="docs",
        tag="Dienst",
        nl="Deze API als bladzijde voor mensen.",
        formats=(HTML,),
        endpoint=page(serving),
        can_be_pinned=False,
    )
