"""Items of a collection as GeoJSON: stored texts of shapes and properties, put side by side.

`timeStamp` is the moment of the publication that answers: of a publication nothing changes, and so
the same pinned request is the same bytes for ever.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson

from schema.place import not_found
from service.rest import refusals
from service.rest.features import asking
from service.rest.features.area_layer import AreaLayer
from service.rest.features.collections import Collection, find_collection
from service.rest.features.filters.evaluating import Filter
from service.rest.features.filters.reading import tree_of
from service.rest.features.focus_layer import FocusLayer
from service.rest.features.layer import NO_FIGURES, Layer, Mask, Texts
from service.rest.features.links import feature_links, page_links
from service.rest.features.pages import PAGE, table
from service.rest.features.queryables import queryables_of
from service.rest.features.regions import box_region, touching
from service.rest.features.systems import System, swapped
from service.rest.operation import Answer, Asked, Faulty, Missing
from service.rest.page import Page, cut
from service.rest.parameter import Malformed, Parameter
from service.rest.resources.figures import YEAR

_WHOLE = 600
"""Features of an answer that is sent in one piece; a longer one is made while it is sent."""
_PIECE = 200


def items(asked: Asked) -> Answer:
    """A page of the items that are asked for."""
    layer = layer_of(asked)
    page = cut(asked, _chosen(asked, layer), lambda row: layer.ids[row])
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
    layer = layer_of(asked)
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


def layer_of(asked: Asked) -> Layer:
    """The layer of the collection in the path, with what other requests have made of it."""
    context = asked.context
    collection = find_collection(context, asked[asking.COLLECTION])
    kind = FocusLayer if collection.level is None else AreaLayer
    return kind(context, collection)


def _chosen(asked: Asked, layer: Layer) -> Sequence[int]:
    """The rows that are asked for, in order of their ids."""
    when = asked.get(asking.DATETIME)
    if when is not None and not _held(layer.collection, when):
        return []
    masks = [*_in_box(asked, layer), *_by_filter(asked, layer)]
    if not masks:
        return layer.order
    order = np.asarray(layer.order, np.intp)
    chosen: list[int] = order[np.logical_and.reduce(masks)[order]].tolist()
    return chosen


def _in_box(asked: Asked, layer: Layer) -> Iterator[Mask]:
    box = asked.get(asking.BBOX)
    if box is not None:
        with naming(asking.BBOX):
            region = box_region(asking.BBOX.name, box, asked[asking.BBOX_CRS])
        yield touching(asked.context, layer, region)


def _by_filter(asked: Asked, layer: Layer) -> Iterator[Mask]:
    text = asked.get(asking.FILTER)
    if text is not None:
        with naming(asking.FILTER):
            tree = tree_of(text, asked[asking.FILTER_LANG])
            found = Filter(
                asked.context,
                layer,
                queryables_of(asked.context, layer.collection),
                asked[asking.FILTER_CRS],
                asked.get(YEAR),
            ).mask(tree)
        yield found


@contextmanager
def naming(parameter: Parameter[Any]) -> Iterator[None]:
    """What turns out to be malformed is refused in the name of its parameter."""
    try:
        yield
    except Malformed as wrong:
        raise Faulty([refusals.invalid(parameter, wrong)]) from None


def _held(collection: Collection, when: asking.Interval) -> bool:
    """Whether the boundaries of a collection held at any moment of an interval."""
    first, last = when
    begin = datetime(collection.vintage, 1, 1, tzinfo=UTC)
    end = datetime(collection.vintage + 1, 1, 1, tzinfo=UTC)
    return (last is None or last >= begin) and (first is None or first < end)


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
