"""Items of a collection as GeoJSON: stored texts of shapes and properties, put side by side.

`timeStamp` is the moment of the publication that answers: of a publication nothing changes, and so
the same pinned request is the same bytes for ever.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from itertools import chain
from typing import Any

import orjson

from schema.place import not_found
from service.rest.features import asking
from service.rest.features.area_layer import AreaLayer
from service.rest.features.choosing import chosen, layer_of
from service.rest.features.layer import Layer, Texts
from service.rest.features.links import feature_links, page_links
from service.rest.features.pages import PAGE, table
from service.rest.features.selected import lacking, selected
from service.rest.features.systems import System, swapped
from service.rest.invalid import Invalid
from service.rest.operation import Answer, Asked, Faulty, Missing
from service.rest.page import Page, cut

_WHOLE = 600
"""Features of an answer that is sent in one piece; a longer one is made while it is sent."""
_PIECE = 200


def items(asked: Asked) -> Answer:
    """A page of the items that are asked for; all that is not there of what is asked at once."""
    layer = layer_of(asked.context, asked.values)
    try:
        return _page(asked, layer)
    except Faulty as error:
        raise Faulty(_joined(error.faults, lacking(asked, layer)), error.status) from None


def _joined(found: Sequence[Invalid], others: Sequence[Invalid]) -> list[Invalid]:
    told = {(each.name, each.en) for each in found}
    return [*found, *(each for each in others if (each.name, each.en) not in told)]


def _page(asked: Asked, layer: Layer) -> Answer:
    page = cut(asked, chosen(asked, layer), lambda row: layer.ids[row])
    if asked.format.name == PAGE.name:
        links = page_links(asked, layer.collection, page.next)
        return table(asked, layer.collection, page.total, _read(asked, layer, page.items), links)
    made = _features(asked, layer, page.items)
    begin = _beginning(asked, layer, page)
    field = asked[asking.CRS].header
    if len(page.items) <= _WHOLE:
        parts = chain.from_iterable(made(_WHOLE))
        return Answer(b"".join([begin, *parts, b"]}"]), (field,))
    return Answer(lambda: _pieces(begin, made), (field,))


def item(asked: Asked) -> Answer:
    """One item: the same as in the list, and links."""
    layer = layer_of(asked.context, asked.values)
    row = layer.row_of.get(asked.values["id"])
    if row is None:
        raise _no_such(asked, layer)
    if asked.format.name == PAGE.name:
        links = feature_links(asked, layer.collection)
        return table(asked, layer.collection, 1, _read(asked, layer, [row]), links)
    parts, end = _features(asked, layer, [row])(1)
    shown = orjson.dumps([each.shown for each in feature_links(asked, layer.collection)])
    more = b',"publicatie":%d,"links":%b' % (asked.context.number, shown)
    return Answer(b"".join([*parts, more, *end]), (asked[asking.CRS].header,))


def _features(
    asked: Asked, layer: Layer, rows: Sequence[int]
) -> Callable[[int], Iterator[list[bytes]]]:
    """What makes the features, so many at a time in parts; all that it needs is in memory."""
    context, system = asked.context, asked[asking.CRS]
    shapes = layer.shapes(context, rows, asked[asking.DETAIL], system.stored)
    heads, between = selected(asked, layer).texts(context, layer, rows)

    def made(size: int) -> Iterator[list[bytes]]:
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            parts = _parts(heads[part], between[part], shapes[part], system)
            if start == 0:
                # Each head begins with the end of the feature before it.
                parts[0] = parts[0][2:]
            yield parts
        if rows:
            yield [b"}"]

    return made


def _read(asked: Asked, layer: Layer, rows: Sequence[int]) -> list[dict[str, Any]]:
    """Properties as the GeoJSON has them, for a page that shows them."""
    heads, between = selected(asked, layer).texts(asked.context, layer, rows)
    parts = _parts(heads, between, [None] * len(rows), asked[asking.CRS])
    features = orjson.loads(b"[%b}]" % b"".join(parts)[2:] if rows else b"[]")
    return [each["properties"] for each in features]


def _parts(heads: list[bytes], between: list[bytes], shapes: Texts, system: System) -> list[bytes]:
    if system.latitude_first:
        shapes = [None if each is None else swapped(each) for each in shapes]
    parts = [b""] * (3 * len(heads))
    parts[0::3] = heads
    parts[1::3] = between
    parts[2::3] = [b"null" if each is None else each.encode() for each in shapes]
    return parts


def _pieces(begin: bytes, made: Callable[[int], Iterator[list[bytes]]]) -> Iterator[bytes]:
    yield begin
    for parts in made(_PIECE):
        yield b"".join(parts)
    yield b"]}"


def _beginning(asked: Asked, layer: Layer, page: Page[int]) -> bytes:
    """Everything of a collection of features that stands before the features."""
    published = asked.context.snapshot.head.publication
    shown: dict[str, Any] = {
        "type": "FeatureCollection",
        "numberMatched": page.total,
        "numberReturned": len(page.items),
        "timeStamp": published.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "publicatie": published.number,
        "fictief": published.fictional,
        "links": [each.shown for each in page_links(asked, layer.collection, page.next)],
    }
    return orjson.dumps(shown)[:-1] + b',"features":['


def _no_such(asked: Asked, layer: Layer) -> Exception:
    id_, name = asked.values["id"], layer.collection.id
    if isinstance(layer, AreaLayer):
        try:
            return not_found(asked.context, layer.table, id_)
        except ValueError:
            pass
    return Missing(
        "UNKNOWN_FEATURE",
        f"{name} has no item {id_!r}; its items are at /v1/collections/{name}/items",
        f"{name} heeft geen item {id_!r}; de items staan op /v1/collections/{name}/items",
    )
