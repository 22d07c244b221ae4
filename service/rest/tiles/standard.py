"""What OGC API Tiles is called where other documents say that we keep to it."""

CLASSES = tuple(
    f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{each}"
    for each in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")
)
"""The classes that the addresses of tiles conform to."""
RELATION = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
"""Of a link from a collection to its tile sets."""
SCHEME_RELATION = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
"""Of a link from a tile set to how it cuts the country."""
SCHEMES_RELATION = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
SCHEMES_PATH = "/tiling-schemes"
"""In small letters and hyphens, as the API Design Rules want it; OGC leaves the address free."""
