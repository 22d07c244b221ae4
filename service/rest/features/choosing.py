"""Which rows of a layer are asked for: by moment, box and filter; all that is wrong at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from schema.context import Context
from service.rest import refusals
from service.rest.features import asking
from service.rest.features.area_layer import AreaLayer
from service.rest.features.collections import Collection, find_collection
from service.rest.features.filters.evaluating import Filter
from service.rest.features.filters.reading import tree_of
from service.rest.features.focus_layer import FocusLayer
from service.rest.features.layer import Layer, Mask
from service.rest.features.queryables import queryables_of
from service.rest.features.regions import box_region
from service.rest.features.stacking import chosen_definition
from service.rest.features.touching import touching
from service.rest.invalid import Invalid
from service.rest.operation import Asked, Faulty, Missing
from service.rest.page import cursor_faults
from service.rest.parameter import Malformed, Parameter
from service.rest.resources.figures import YEAR

Values = Mapping[str, Any]


def layer_of(context: Context, values: Values) -> Layer:
    """The layer of the collection in the path, with what other requests have made of it."""
    collection = find_collection(context, values[asking.COLLECTION.name])
    kind = FocusLayer if collection.level is None else AreaLayer
    return kind(context, collection)


def chosen(asked: Asked, layer: Layer) -> Sequence[int]:
    """The rows that are asked for, in order of their ids; Faulty for a box or filter that is none,
    also where no row could be in it.
    """
    masks, faults = _masks(asked.context, asked.values, layer)
    if faults:
        raise Faulty([*faults, *cursor_faults(asked)])
    when = asked.get(asking.DATETIME)
    if when is not None and not _held(layer.collection, when):
        return []
    if not masks:
        return layer.order
    order, both = layer.ordered, masks[0] if len(masks) == 1 else np.logical_and.reduce(masks)
    rows: list[int] = order[both[order]].tolist()
    return rows


def diagnosed(context: Context, values: Values) -> list[Invalid]:
    """What is wrong with the box and the filter of a request that is refused anyway."""
    try:
        layer = layer_of(context, values)
    except (KeyError, Missing):
        return []
    try:
        return _masks(context, values, layer)[1]
    except Faulty as absent:
        return list(absent.faults)


def _masks(context: Context, values: Values, layer: Layer) -> tuple[list[Mask], list[Invalid]]:
    masks, faults = [], []
    for each in _CHOOSING:
        if each.parameter.name not in values or any(n.name not in values for n in each.needs):
            continue
        try:
            masks.append(each.find(context, values, layer))
        except Malformed as wrong:
            faults.append(refusals.invalid(each.parameter, wrong))
    return masks, faults


def _in_box(context: Context, values: Values, layer: Layer) -> Mask:
    name = asking.BBOX.name
    region = box_region(name, values[name], values[asking.BBOX_CRS.name])
    return touching(context, layer, region)


def _by_filter(context: Context, values: Values, layer: Layer) -> Mask:
    tree = tree_of(values[asking.FILTER.name], values[asking.FILTER_LANG.name])
    definition = chosen_definition(context, values)
    queryables = queryables_of(context, layer.collection, definition)
    system, year = values[asking.FILTER_CRS.name], values.get(YEAR.name)
    return Filter(context, layer, queryables, system, year).mask(tree)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A parameter that chooses rows, and those that say what it means."""

    parameter: Parameter[Any]
    needs: Sequence[Parameter[Any]]
    find: Callable[[Context, Values, Layer], Mask]


_CHOOSING = (
    _Choice(asking.BBOX, [asking.BBOX_CRS], _in_box),
    _Choice(asking.FILTER, [asking.FILTER_LANG, asking.FILTER_CRS], _by_filter),
)


def _held(collection: Collection, when: asking.Interval) -> bool:
    """Whether the boundaries of a collection held at any moment of an interval."""
    first, last = when
    begin = datetime(collection.vintage, 1, 1, tzinfo=UTC)
    end = datetime(collection.vintage + 1, 1, 1, tzinfo=UTC)
    return (last is None or last >= begin) and (first is None or first < end)
