"""Feature services: OGC API Features with opaque cursors, WFS with its count in XML."""

import base64
import binascii
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.publishers.answers import answer
from tests.publishers.reprojection import in_rd

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
_EXCEPTION = (
    b'<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception '
    b'exceptionCode="InvalidParameterValue"/></ows:ExceptionReport>'
)


@dataclass(frozen=True)
class Features:
    """Features in order of their codes, each as JSON text."""

    lines: Sequence[bytes]
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, features: Sequence[Mapping[str, object]], *names: str) -> "Features":
        columns = {name: [str(_properties(one).get(name)) for one in features] for name in names}
        return cls([orjson.dumps(one) for one in features], columns)


@dataclass(frozen=True)
class Collection:
    """What one service publishes under one name."""

    path: str
    """With the host: 'api.pdok.nl/cbs/.../collections/wijken/items' or '.../wfs/v1_0'."""
    name: str
    build: Callable[[], Features]
    cap: int | None = 1_000

    @cached_property
    def features(self) -> Features:
        return self.build()

    @cached_property
    def in_rd(self) -> Features:
        return Features(in_rd(self.features.lines), self.features.columns)


class OgcApi:
    _KNOWN = frozenset({"f", "limit", "cursor", "crs"})

    def __init__(self, *collections: Collection) -> None:
        self._collections = {f"/{one.path}": one for one in collections}

    def routes(self) -> list[Route]:
        return [Route(path, self._items) for path in self._collections]

    def _items(self, request: Request) -> Response:
        found = self._collections[request.url.path]
        asked = request.query_params
        wrong = set(asked) - self._KNOWN - set(found.features.columns)
        crs = asked.get("crs", CRS84)
        if wrong or crs not in (CRS84, RD):
            return Response("unknown parameter", status_code=400)
        lines = self._filtered(found.in_rd if crs == RD else found.features, asked)
        limit = min(int(asked.get("limit", "10")), found.cap or len(lines))
        try:
            start = int(base64.urlsafe_b64decode(asked.get("cursor", "MA==")))
        except (ValueError, binascii.Error):
            return Response("unknown cursor", status_code=400)
        body = self._page(request, lines[start : start + limit], start + limit < len(lines))
        headers = {"content-crs": f"<{crs}>"}
        return answer(request, body, "application/geo+json", headers=headers)

    def _filtered(self, features: Features, asked: Mapping[str, str]) -> Sequence[bytes]:
        lines = features.lines
        for name, values in features.columns.items():
            if name in asked:
                lines = [
                    line for line, value in zip(lines, values, strict=True) if value == asked[name]
                ]
        return lines

    def _page(self, request: Request, lines: Sequence[bytes], more: bool) -> bytes:
        links = [{"rel": "self", "href": str(request.url)}]
        if more:
            asked = request.query_params
            start = int(base64.urlsafe_b64decode(asked.get("cursor", "MA==")))
            cursor = base64.urlsafe_b64encode(str(start + len(lines)).encode()).decode()
            links.append(
                {"rel": "next", "href": str(request.url.include_query_params(cursor=cursor))}
            )
        head = orjson.dumps({"type": "FeatureCollection", "links": links})[:-1]
        tail = b',"features":[' + b",".join(lines) + b'],"numberReturned":%d}' % len(lines)
        return head + tail


class Wfs:
    """Pages are in no order unless sortBy asks for one, as PDOK's are."""

    def __init__(self, *layers: Collection) -> None:
        self._layers = {(f"/{one.path}", one.name): one for one in layers}

    def routes(self) -> list[Route]:
        return [Route(path, self._answer) for path in {path for path, _ in self._layers}]

    def _answer(self, request: Request) -> Response:
        asked = {name.lower(): value for name, value in request.query_params.items()}
        layer = self._layers.get((request.url.path, asked.get("typenames", "")))
        if layer is None or asked.get("request") != "GetFeature":
            return Response(_EXCEPTION, status_code=400, media_type="application/xml")
        if asked.get("resulttype") == "hits":
            return answer(request, self._hits(layer), "application/xml", validators=False)
        if asked.get("outputformat") != "application/json":
            return Response(b"<wfs/>", media_type="application/gml+xml")
        return answer(request, self._page(layer, asked), validators=False)

    def _hits(self, layer: Collection) -> bytes:
        return (
            b'<?xml version="1.0" encoding="UTF-8"?>'
            b'<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" '
            b'timeStamp="%s" numberMatched="%d" numberReturned="0"/>'
            % (str(time.time()).encode(), len(layer.features.lines))
        )

    def _page(self, layer: Collection, asked: Mapping[str, str]) -> bytes:
        rd = asked.get("srsname") == "EPSG:28992"
        lines = (layer.in_rd if rd else layer.features).lines
        start = int(asked.get("startindex", "0"))
        if start and "sortby" not in asked:
            lines = [*lines[1:], lines[0]]
        count = min(int(asked.get("count", len(lines))), layer.cap or len(lines))
        page = lines[start : start + count]
        head = orjson.dumps({"type": "FeatureCollection", "totalFeatures": len(lines)})[:-1]
        name = f"urn:ogc:def:crs:{'EPSG::28992' if rd else 'OGC:1.3:CRS84'}"
        crs = orjson.dumps({"type": "name", "properties": {"name": name}})
        stamp = b',"timeStamp":"%f","crs":' % time.time()
        return head + b',"features":[' + b",".join(page) + b"]" + stamp + crs + b"}"


def _properties(feature: Mapping[str, object]) -> Mapping[str, object]:
    properties = feature["properties"]
    return properties if isinstance(properties, dict) else {}
