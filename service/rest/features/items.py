"""Items of a collection as GeoJSON: stored texts of shapes and properties, put side by side.

`timeStamp` is the moment of the publication that answers: of a publication nothing changes, and so
the same pinned request is the same bytes for ever.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from typing import Any

import orjson

from schema.place import not_found
from service.rest.features import asking
from service.rest.features.area_layer import AreaLayer
from service.rest.features.choosing import chosen, layer_of
from service.rest.features.layer import NO_FIGURES, Layer, Texts
from service.rest.features.links import feature_links, page_links
from service.rest.features.pages import PAGE, table
from service.rest.features.systems import System, swapped
from service.rest.operation import Answer, Asked, Missing
from service.rest.page import Page, cut
from service.rest.resources.figures import YEAR

_WHOLE = 600
"""Features of an answer that is sent in one piece; a longer one is made while it is sent."""
_PIECE = 200


def items(asked: Asked) -> Answer:
    """A page of the items that are asked for."""
    layer = layer_of(asked.context, asked.values)
    page = cut(asked, chosen(asked, layer), lambda row: layer.ids[row])
    if asked.format.name == PAGE.name:
        links = page_links(asked, layer.collection, page.next)
        return table(asked, layer.collection, page.total, _read(asked, layer, page.items), links)
    made = _features(asked, layer, page.items)
    begin = _beginning(asked, layer, page)
    field = asked[asking.CRS].header
    if len(page.items) <= _WHOLE:
        return Answer("".join([begin, *made(_WHOLE), "]}"]).encode(), (field,))
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
    text, end = _features(asked, layer, [row])(1)
    shown = orjson.dumps([each.shown for each in feature_links(asked, layer.collection)]).decode()
    more = f',"publicatie":{asked.context.number},"links":{shown}'
    return Answer(f"{text}{more}{end}".encode(), (asked[asking.CRS].header,))


def _features(asked: Asked, layer: Layer, rows: Sequence[int]) -> Callable[[int], Iterator[str]]:
    """What makes the features in pieces of so many; all that it needs is in memory."""
    context, system = asked.context, asked[asking.CRS]
    slugs, year = asked.get(asking.SOME_INDICATORS), asked.get(YEAR)
    shapes = layer.shapes(context, rows, asked[asking.DETAIL], system.stored)
    heads = layer.heads(context, rows)
    between = layer.figures(context, rows, slugs, year) if slugs else [NO_FIGURES] * len(rows)

    def made(size: int) -> Iterator[str]:
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            text = _joined(heads[part], between[part], shapes[part], system)
            # Each head begins with the end of the feature before it.
            yield text[2:] if start == 0 else text
        if rows:
            yield "}"

    return made


def _read(asked: Asked, layer: Layer, rows: Sequence[int]) -> list[dict[str, Any]]:
    """Properties as the GeoJSON has them, for a page that shows them."""
    slugs = asked.get(asking.SOME_INDICATORS)
    heads = layer.heads(asked.context, rows)
    between = [NO_FIGURES] * len(rows)
    if slugs:
        between = layer.figures(asked.context, rows, slugs, asked.get(YEAR))
    text = _joined(heads, between, ["null"] * len(rows), asked[asking.CRS])
    features = orjson.loads(f"[{text[2:]}}}]" if rows else "[]")
    return [each["properties"] for each in features]


def _joined(heads: list[str], between: list[str], shapes: Texts, system: System) -> str:
    if None in shapes:
        shapes = [each or "null" for each in shapes]
    if system.latitude_first:
        shapes = [swapped(each) for each in shapes if each is not None]
    parts = [""] * (3 * len(heads))
    parts[0::3] = heads
    parts[1::3] = between
    parts[2::3] = shapes  # type: ignore[assignment]
    return "".join(parts)


def _pieces(begin: str, made: Callable[[int], Iterator[str]]) -> Iterator[bytes]:
    yield begin.encode()
    for text in made(_PIECE):
        yield text.encode()
    yield b"]}"


def _beginning(asked: Asked, layer: Layer, page: Page[int]) -> str:
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
    return orjson.dumps(shown).decode()[:-1] + ',"features":['


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
