"""The page at /v1/kaart, which draws our vector tiles with MapLibre; every file comes from us."""

from service.rest.operation import Operation
from service.web.landing import Serving
from service.web.page import HTML, Page

_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; style-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LOADS = {
    "maplibre_css": "maplibre-gl.css",
    "maplibre_js": "maplibre-gl.js",
    "worker_js": "maplibre-gl-worker.js",
    "page_css": "page.css",
    "map_js": "map.js",
}


def page(serving: Serving) -> Page:
    """The page; it says so where the country that is served is invented."""
    return Page("map.html", serving, policy=_POLICY, loads=_LOADS)


def operation(serving: Serving) -> Operation:
    """The address of the page."""
    return Operation(
        path="/kaart",
        id="kaart",
        tag="Kaarten",
        nl="Gemeenten, wijken en buurten op een kaart, voor mensen.",
        formats=(HTML,),
        endpoint=page(serving),
        can_be_pinned=False,
    )
