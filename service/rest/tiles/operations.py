"""The addresses of tiles: which sets a map has, one set, and its tiles."""

from collections.abc import Sequence

import orjson

from db.core.tile_matrix import SETS, WEB_MERCATOR
from schema.context import patiently
from service.rest.common import LANGUAGE
from service.rest.operation import Answer, Asked, Format, Missing, Operation, json_of
from service.rest.record import NUMBER, TEXT, WHOLE, Schema, chosen_from, list_of
from service.rest.tiles import places, schemes, tilesets
from service.rest.tiles.endpoint import FORMAT, KEPT_BYTES, MVT, Current, Opened, TileEndpoint
from service.rest.tiles.tilesets import Described


def _object(required: dict[str, Schema], nl: str) -> Schema:
    return {
        "type": "object",
        "description": nl,
        "required": list(required),
        "properties": required,
    }


_LINKS = list_of(_object({"rel": TEXT, "href": TEXT, "type": TEXT}, "Een link."))
_SUMMARY: dict[str, Schema] = {
    "title": TEXT,
    "dataType": chosen_from("vector"),
    "crs": TEXT,
    "tileMatrixSetURI": TEXT,
    "links": _LINKS,
}
_LISTING = _object(
    {"links": _LINKS, "tilesets": list_of(_object(_SUMMARY, "Een tegelset."))},
    "De tegelsets van een kaart.",
)
_METADATA = _object(
    {
        **_SUMMARY,
        "attribution": TEXT,
        "boundingBox": {"type": "object"},
        "layers": list_of({"type": "object"}),
        "tileMatrixSetLimits": list_of({"type": "object"}),
        "tileMatrixSet": {"type": "object"},
    },
    "Een tegelset (OGC 17-083r4), met zijn verdeling in tegels.",
)
_TILEJSON = _object(
    {
        "tilejson": TEXT,
        "name": TEXT,
        "attribution": TEXT,
        "tiles": list_of(TEXT),
        "minzoom": WHOLE,
        "maxzoom": WHOLE,
        "bounds": list_of(NUMBER),
        "vector_layers": list_of({"type": "object"}),
        "promoteId": {"type": "object"},
    },
    "TileJSON 3.0.0, voor webkaarten.",
)


def operations(current: Current, *, kept_bytes: int = KEPT_BYTES) -> Sequence[Operation]:
    """The addresses of tiles; `current` says what is served now."""
    sets = _Sets(current)
    return (
        *schemes.OPERATIONS,
        Operation(
            path="/collections/{collectionId}/tiles",
            id="tegelsets",
            tag="Kaarten",
            nl="De vectortegels van een kaart: in welke verdelingen ze er zijn.",
            parameters=(places.COLLECTION, LANGUAGE),
            formats=(json_of(_LISTING, spoken=True),),
            fetch=sets.listing,
        ),
        Operation(
            path="/collections/{collectionId}/tiles/{tileMatrixSetId}",
            id="tegelset",
            tag="Kaarten",
            nl="Eén tegelset: waar zijn tegels zijn en wat erin staat; ook als TileJSON.",
            more_nl="TileJSON is er alleen van WebMercatorQuad. Het nummer dat een gebied in een "
            "tegel heeft is geen code: neem de eigenschap `code` (`promoteId` in MapLibre) om er "
            "cijfers aan te hangen.",
            parameters=(places.COLLECTION, places.MATRIX_SET, LANGUAGE),
            formats=(
                json_of(_METADATA, spoken=True),
                Format("tilejson", tilesets.TILEJSON_MEDIA, schema=_TILEJSON, spoken=True),
            ),
            fetch=sets.one,
        ),
        Operation(
            path="/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
            id="tegel",
            tag="Kaarten",
            nl="Eén vectortegel (Mapbox Vector Tile 2.1), getekend toen de kaart verscheen.",
            more_nl="Elk gebied heeft een `code`, een `indeling` en zo mogelijk een `naam`. Buiten "
            "de schalen van de tegelset is er niets: vergroot de laatste.",
            parameters=(*places.PLACE, FORMAT),
            formats=(MVT,),
            statuses={204: "Een tegel waarin geen gebied ligt."},
            endpoint=TileEndpoint(current, kept_bytes),
        ),
    )


class _Sets:
    """Answers what tile sets there are, out of the store."""

    def __init__(self, current: Current) -> None:
        self._current = current

    async def listing(self, asked: Asked) -> Answer:
        found = self._map(asked)
        drawn = await self._opened().tiles.has_map(asked.context.number, found.level, found.vintage)
        if not drawn and found.vintage not in asked.context.vintages(found.level):
            raise places.not_drawn(found)
        # Areas of which only figures are loaded have no tiles, which is no fault of who asks.
        sets = SETS.values() if drawn else ()
        return Answer(orjson.dumps(tilesets.listing(asked, found, tuple(sets))))

    async def one(self, asked: Asked) -> Answer:
        found, matrix_set = self._map(asked), places.matrix_set(asked[places.MATRIX_SET])
        as_tilejson = asked.format.name == "tilejson"
        if as_tilejson and matrix_set is not WEB_MERCATOR:
            raise Missing(
                "NO_TILEJSON",
                f"TileJSON only knows {WEB_MERCATOR.id}; leave f out for what is said of "
                f"{matrix_set.id}",
                f"TileJSON kent alleen {WEB_MERCATOR.id}; laat f weg voor de beschrijving van "
                f"{matrix_set.id}",
            )
        limits = await self._opened().tiles.limits(
            asked.context.number, found.level, found.vintage, matrix_set.id
        )
        if not limits:
            raise places.not_drawn(found)
        one = Described(asked, found, matrix_set)
        made = await patiently(
            lambda: tilesets.tilejson(one) if as_tilejson else tilesets.metadata(one, limits)
        )
        return Answer(orjson.dumps(made))

    def _map(self, asked: Asked) -> places.Drawn:
        return places.drawn(asked[places.COLLECTION])

    def _opened(self) -> Opened:
        opened = self._current()
        if opened is None:
            raise TimeoutError
        return opened
