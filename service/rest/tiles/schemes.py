"""How the country is cut into tiles, as OGC writes that down (17-083r4): tile matrix sets.

The same as OGC's registered ones, at addresses of ours: programs such as GDAL fetch a definition
before any tile, and the register may be out of their reach.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from db.core.tile_matrix import RD_NEW, SETS, WEB_MERCATOR, TileMatrixSet
from service.rest.common import ROOT
from service.rest.features.documents import LINK
from service.rest.features.links import JSON, Link
from service.rest.operation import Answer, Asked, Operation, json_of
from service.rest.record import (
    ADDRESS,
    NUMBER,
    TEXT,
    WHOLE,
    Member,
    Record,
    Schema,
    chosen_from,
    list_of,
)
from service.rest.tiles import places
from service.rest.tiles.standard import SCHEMES_PATH
from service.rest.writing import written

_PIXELS = 256
_PIXEL_METRES = 0.00028
"""Of a pixel on the screen that scales are stated for (OGC)."""
_MATRICES = {WEB_MERCATOR.id: range(25), RD_NEW.id: range(17)}
"""All that are registered; tiles are stored at some of them only."""
_TITLES = {WEB_MERCATOR.id: "Web Mercator (EPSG:3857)", RD_NEW.id: "RD New (EPSG:28992)"}


def registered(of: TileMatrixSet) -> str:
    """The name that OGC gave it."""
    return f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{of.id}"


def crs(of: TileMatrixSet) -> str:
    """The URI of the system of its metres."""
    return f"http://www.opengis.net/def/crs/EPSG/0/{of.epsg}"


def address(public_url: str, of: TileMatrixSet) -> str:
    """Where its definition is."""
    return f"{public_url}{ROOT}{SCHEMES_PATH}/{of.id}"


def definition(of: TileMatrixSet, zooms: Iterable[int]) -> dict[str, Any]:
    """The set with the matrices of some zooms."""
    matrices = [_matrix(of, zoom) for zoom in zooms]
    return {**_named(of), "orderedAxes": ["X", "Y"], "tileMatrices": matrices}


def _named(of: TileMatrixSet) -> dict[str, Any]:
    return {"id": of.id, "title": _TITLES[of.id], "uri": registered(of), "crs": crs(of)}


def _matrix(of: TileMatrixSet, zoom: int) -> dict[str, Any]:
    cell = of.side / _PIXELS / 2**zoom
    return {
        "id": str(zoom),
        "scaleDenominator": cell / _PIXEL_METRES,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [of.left, of.top],
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": 2**zoom,
        "matrixHeight": 2**zoom,
    }


def _member(name: str, schema: Schema, nl: str) -> Member[dict[str, Any]]:
    return Member(name, schema, nl, lambda it, _: it[name])


_NAMED = (
    _member("id", TEXT, "De naam, ook in adressen."),
    _member("title", TEXT, "Een omschrijving."),
    _member("uri", ADDRESS, "De naam waaronder hij bij OGC staat."),
    _member("crs", ADDRESS, "Het coördinatenstelsel van zijn meters."),
)
_MATRIX: Record[dict[str, Any]] = Record(
    "Tegelmatrix",
    "Eén schaal van een tegelindeling.",
    [
        _member("id", TEXT, "De schaal."),
        _member("scaleDenominator", NUMBER, "De schaal op een scherm met beeldpunten van 0,28 mm."),
        _member("cellSize", NUMBER, "Meters per beeldpunt."),
        _member(
            "cornerOfOrigin", chosen_from("topLeft"), "De hoek waar rijen en kolommen beginnen."
        ),
        _member("pointOfOrigin", list_of(NUMBER), "Waar die hoek ligt."),
        _member("tileWidth", WHOLE, "Beeldpunten over de breedte van een tegel."),
        _member("tileHeight", WHOLE, "Beeldpunten over de hoogte van een tegel."),
        _member("matrixWidth", WHOLE, "Tegels naast elkaar."),
        _member("matrixHeight", WHOLE, "Tegels onder elkaar."),
    ],
)
_SCHEME: Record[dict[str, Any]] = Record(
    "Tegelindeling",
    "Hoe het land in tegels verdeeld is, op elke schaal (OGC TileMatrixSet).",
    [
        *_NAMED,
        _member("orderedAxes", list_of(TEXT), "De assen, in hun volgorde."),
        _member("tileMatrices", list_of(_MATRIX), "De schalen, van grof naar fijn."),
    ],
    uses=(_MATRIX,),
)
_ITEM: Record[dict[str, Any]] = Record(
    "TegelindelingInLijst",
    "Een tegelindeling en waar zij staat.",
    [*_NAMED, _member("links", list_of(LINK), "Het adres van de hele indeling.")],
    uses=(LINK,),
)
_LIST: Record[Sequence[dict[str, Any]]] = Record(
    "Tegelindelingen",
    "De tegelindelingen waarin kaarten getekend zijn.",
    [Member("tileMatrixSets", list_of(_ITEM), "De indelingen.", lambda it, _: list(it))],
    uses=(_ITEM,),
)


def _all(asked: Asked) -> Answer:
    links = {each: Link("self", address(asked.public_url, each), JSON) for each in SETS.values()}
    return written(
        asked, _LIST, [{**_named(each), "links": [link.shown]} for each, link in links.items()]
    )


def _one(asked: Asked) -> Answer:
    found = places.matrix_set(asked[places.MATRIX_SET])
    return written(asked, _SCHEME, definition(found, _MATRICES[found.id]))


OPERATIONS = (
    Operation(
        path=SCHEMES_PATH,
        id="tegelindelingen",
        tag="Kaarten",
        nl="De indelingen in tegels die er zijn.",
        formats=(json_of(_LIST),),
        records=(_LIST,),
        answer=_all,
        can_be_pinned=False,
    ),
    Operation(
        path=f"{SCHEMES_PATH}/{{{places.MATRIX_SET.name}}}",
        id="tegelindeling",
        tag="Kaarten",
        nl="Eén indeling in tegels: haar stelsel, oorsprong en schalen.",
        more_nl="Dezelfde als die bij OGC onder de naam in `uri` staat. Op welke schalen een kaart "
        "tegels heeft zegt haar tegelset.",
        parameters=(places.MATRIX_SET,),
        formats=(json_of(_SCHEME),),
        records=(_SCHEME,),
        answer=_one,
        can_be_pinned=False,
    ),
)
"""The addresses of tile matrix sets."""
