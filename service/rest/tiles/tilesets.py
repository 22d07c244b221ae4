"""What a set of tiles says of itself: OGC's metadata of tile sets (17-083r4), and TileJSON 3.

The id of a feature is a number, because Mapbox Vector Tiles have no other; the code is the property
`code`. `promoteId` tells MapLibre to take that, so that values can be joined by code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from db.core.area import AreaTable
from db.core.tile_matrix import WEB_MERCATOR, TileMatrixSet, zooms
from db.repository.tiles import Limit
from schema.context import Context
from schema.enums import Crs
from service.rest.common import PUBLICATION, ROOT
from service.rest.operation import Asked
from service.rest.tiles import schemes
from service.rest.tiles.endpoint import MVT
from service.rest.tiles.places import Drawn
from service.rest.tiles.standard import SCHEME_RELATION

TILEJSON_MEDIA = "application/vnd.mapbox.tile+json"
FIELDS = {
    "nl": {
        "code": "Code van het gebied, in deze indeling.",
        "naam": "Naam; ontbreekt waar geen bron er een geeft.",
        "indeling": "Jaar van de grenzen (1 januari).",
    },
    "en": {
        "code": "Code of the area, in this vintage.",
        "naam": "Name; absent where no source gives one.",
        "indeling": "Year of the boundaries (1 January).",
    },
}
_WORDS = {
    "nl": {
        "fictional": " (fictief: Voorbeeldland)",
        "about": "Grenzen van {layer}, indeling {vintage}.",
    },
    "en": {
        "fictional": " (fictional: Voorbeeldland)",
        "about": "Boundaries of {layer}, vintage {vintage}.",
    },
}
_RELATION = "http://www.opengis.net/def/rel/ogc/1.0"


@dataclass(frozen=True, slots=True)
class Described:
    """A map in one tile matrix set, as somebody asked for it."""

    asked: Asked
    map: Drawn
    matrix_set: TileMatrixSet

    @property
    def collection(self) -> str:
        return f"{self.asked.public_url}{ROOT}/collections/{self.map.id}"

    @property
    def address(self) -> str:
        return f"{self.collection}/tiles/{self.matrix_set.id}"

    @property
    def query(self) -> str:
        """What keeps a link to the publication that was named, if one was."""
        pin = self.asked.get(PUBLICATION)
        return "" if pin is None else f"?{PUBLICATION.name}={pin}"

    @property
    def words(self) -> Mapping[str, str]:
        return _WORDS[self.asked.language]

    @property
    def fields(self) -> Mapping[str, str]:
        """What every area in a tile has, and what it means."""
        return FIELDS[self.asked.language]

    @property
    def attribution(self) -> str:
        return attribution(self.asked.context, self.table, self.asked.language)

    @property
    def title(self) -> str:
        fictional = self.asked.context.snapshot.head.publication.fictional
        said = self.words["fictional"] if fictional else ""
        return f"{self.map.layer.capitalize()} {self.map.vintage}{said}"

    def tiles(self, zoom: str, row: str, column: str) -> str:
        """The address of tiles, with these words for the parts of a place."""
        return f"{self.address}/{{{zoom}}}/{{{row}}}/{{{column}}}{self.query}"

    @property
    def table(self) -> AreaTable:
        return self.asked.context.table(self.map.level, self.map.vintage)


def listing(asked: Asked, map_: Drawn, matrix_sets: Sequence[TileMatrixSet]) -> dict[str, object]:
    """The tile sets of one map."""
    described = [Described(asked, map_, each) for each in matrix_sets]
    any_ = Described(asked, map_, WEB_MERCATOR)
    here = f"{any_.collection}/tiles{any_.query}"
    return {
        "links": [_link("self", here, "application/json"), _of_map(any_)],
        "tilesets": [
            {**_summary(each), "links": [_itself(each), _scheme(each)]} for each in described
        ],
    }


def metadata(one: Described, limits: Sequence[Limit]) -> dict[str, object]:
    """All of one tile set, its tile matrix set included, so that no other document is needed."""
    west, south, east, north = _bounds(one.table)
    return {
        **_summary(one),
        "attribution": one.attribution,
        "mediaTypes": [MVT.media],
        "boundingBox": {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": Crs.CRS84.uri,
        },
        "layers": [_layer(one)],
        "tileMatrixSetLimits": [
            {
                "tileMatrix": str(each.zoom),
                "minTileRow": each.first_row,
                "maxTileRow": each.last_row,
                "minTileCol": each.first_column,
                "maxTileCol": each.last_column,
            }
            for each in limits
        ],
        "tileMatrixSet": schemes.definition(one.matrix_set, zooms(one.matrix_set, one.map.level)),
        "links": _links(one),
    }


def tilejson(one: Described) -> dict[str, object]:
    """TileJSON 3.0.0, which only knows the tiles of web maps."""
    stored = zooms(WEB_MERCATOR, one.map.level)
    west, south, east, north = _bounds(one.table)
    return {
        "tilejson": "3.0.0",
        "name": one.title,
        "description": one.words["about"].format(layer=one.map.layer, vintage=one.map.vintage),
        "version": f"{one.asked.context.number}.0.0",
        "attribution": escape(one.attribution, quote=False),
        "scheme": "xyz",
        "tiles": [one.tiles("z", "y", "x")],
        "minzoom": stored.start,
        "maxzoom": stored.stop - 1,
        "bounds": [west, south, east, north],
        "center": [round((west + east) / 2, 7), round((south + north) / 2, 7), stored.start],
        "vector_layers": [
            {
                "id": one.map.layer,
                "description": one.title,
                "minzoom": stored.start,
                "maxzoom": stored.stop - 1,
                "fields": dict(one.fields),
            }
        ],
        "promoteId": {one.map.layer: "code"},
    }


def attribution(context: Context, table: AreaTable, language: str = "nl") -> str:
    """The sources of a map as they want to be named."""
    head, known = context.snapshot.head, context.facts.sources
    used = sorted({head.loads[each].source for each in set(table.shape_loads) if each})
    named = (known[slug] for slug in used if slug in known)
    return "; ".join(
        dict.fromkeys(
            each.attribution_en if language == "en" else each.attribution_nl for each in named
        )
    )


def _summary(one: Described) -> dict[str, object]:
    return {
        "title": one.title,
        "dataType": "vector",
        "crs": schemes.crs(one.matrix_set),
        "tileMatrixSetURI": schemes.registered(one.matrix_set),
    }


def _layer(one: Described) -> dict[str, object]:
    stored = zooms(one.matrix_set, one.map.level)
    kinds = dict.fromkeys(one.fields, "string") | {"indeling": "integer"}
    return {
        "id": one.map.layer,
        "title": one.title,
        "dataType": "vector",
        "geometryDimension": 2,
        "minTileMatrix": str(stored.start),
        "maxTileMatrix": str(stored.stop - 1),
        "propertiesSchema": {
            "type": "object",
            "properties": {
                name: {"type": kinds[name], "description": said}
                for name, said in one.fields.items()
            },
        },
    }


def _links(one: Described) -> list[dict[str, object]]:
    links = [_itself(one), _of_map(one), _scheme(one)]
    item = one.tiles("tileMatrix", "tileRow", "tileCol")
    links.append({**_link("item", item, MVT.media), "templated": True})
    if one.matrix_set is WEB_MERCATOR:
        said = f"{one.query}&" if one.query else "?"
        links.append(_link("alternate", f"{one.address}{said}f=tilejson", TILEJSON_MEDIA))
    return links


def _link(rel: str, href: str, media: str) -> dict[str, object]:
    return {"rel": rel, "href": href, "type": media}


def _itself(one: Described) -> dict[str, object]:
    return _link("self", f"{one.address}{one.query}", "application/json")


def _of_map(one: Described) -> dict[str, object]:
    return _link(f"{_RELATION}/geodata", f"{one.collection}{one.query}", "application/json")


def _scheme(one: Described) -> dict[str, object]:
    href = schemes.address(one.asked.public_url, one.matrix_set)
    return _link(SCHEME_RELATION, href, "application/json")


def _bounds(table: AreaTable) -> list[float]:
    """West, south, east and north of all areas with a shape, in degrees."""
    low, high = np.nanmin(table.bounds[:, :2], axis=0), np.nanmax(table.bounds[:, 2:], axis=0)
    return [round(each, 7) for each in [*low.tolist(), *high.tolist()]]
