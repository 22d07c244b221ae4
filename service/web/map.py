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
_WORDS = {
    "nl": {
        "title": "Kaart van gemeenten, wijken en buurten",
        "map": "Kaart",
        "point": "Wijs een gebied aan voor zijn naam en code.",
        "not_drawn": "Van deze gebieden is geen kaart geladen.",
        "no_name": "zonder naam",
        "closer": "Dichterbij",
        "further": "Verder weg",
        "sources": "Bronnen tonen of verbergen",
        "noscript": 'Deze kaart heeft JavaScript nodig; de <a href="/v1/collections?lang=nl">'
        "gebieden zelf</a> niet.",
    },
    "en": {
        "title": "Map of gemeenten, wijken and buurten",
        "map": "Map",
        "point": "Point at an area for its name and code.",
        "not_drawn": "No map of these areas is loaded.",
        "no_name": "no name",
        "closer": "Zoom in",
        "further": "Zoom out",
        "sources": "Show or hide sources",
        "noscript": 'This map needs JavaScript; the <a href="/v1/collections?lang=en">'
        "areas themselves</a> do not.",
    },
}


def page(serving: Serving) -> Page:
    """The page; it says so where the country that is served is invented."""
    return Page("map.html", serving, policy=_POLICY, loads=_LOADS, words=_WORDS)


def operation(serving: Serving) -> Operation:
    """The address of the page."""
    endpoint = page(serving)
    return Operation(
        path="/kaart",
        id="kaart",
        tag="Kaarten",
        nl="Gemeenten, wijken en buurten op een kaart, voor mensen.",
        parameters=endpoint.parameters,
        formats=(HTML,),
        endpoint=endpoint,
        can_be_pinned=False,
    )
