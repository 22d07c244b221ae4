"""The page at /v1/docs, on which people read the REST API and try it; every file comes from us."""

from importlib.resources import files
from string import Template

from starlette.types import Receive, Scope, Send

from service.rest.fixed import Fixed
from service.rest.operation import Format, Operation
from service.rest.record import TEXT
from service.web.assets import ASSETS
from service.web.landing import Serving
from service.web.notice import FICTIONAL

_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    # Swagger UI writes style attributes as it goes.
    "style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HTML = Format("html", "text/html", "text/html; charset=utf-8", TEXT)


class DocsPage:
    """The page; it says so where the country that is served is invented."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        fields = ((b"content-security-policy", _POLICY.encode()), (b"content-language", b"nl"))
        self._pages = {
            fictional: Fixed([_HTML], _page(FICTIONAL if fictional else ""), fields)
            for fictional in (False, True)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        served = self._serving()
        page = self._pages[served is not None and served.fictional]
        await page(scope, receive, send)


def operation(serving: Serving) -> Operation:
    """The address of the page."""
    return Operation(
        path="/docs",
        id="docs",
        tag="Dienst",
        nl="Deze API als bladzijde voor mensen.",
        formats=(_HTML,),
        endpoint=DocsPage(serving),
        can_be_pinned=False,
    )


def _page(notice: str) -> bytes:
    template = files("service").joinpath("web/api.html").read_text(encoding="utf-8")
    return (
        Template(template)
        .substitute(
            swagger_css=ASSETS["swagger-ui.css"].address,
            page_css=ASSETS["page.css"].address,
            swagger_js=ASSETS["swagger-ui.js"].address,
            api_js=ASSETS["api.js"].address,
            notice=notice,
        )
        .encode()
    )
