"""Which properties features get: all that a layer has and what was chosen, or those that are named.

An indicator is named as a whole: its value never goes without the status and the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from db.core.indicator import Indicator
from db.core.stacking_definition import StackingDefinition
from db.core.suggest import nearest_slugs
from schema.context import Context
from service.rest.features import asking
from service.rest.features.layer import NO_FIGURES, Layer
from service.rest.features.properties import OF_STACKING, Property, of_indicator, own_properties
from service.rest.features.stacking import COUNT, NAMES, STACKING, chosen_definition, texts_of
from service.rest.invalid import Invalid
from service.rest.operation import Asked, Faulty
from service.rest.page import cursor_faults
from service.rest.resources.figures import YEAR

_BESIDE = ("_status", "_reden", "_jaar", "_voorlopig")


@dataclass(frozen=True, slots=True)
class Selected:
    """What is written of each feature beside its shape."""

    own: tuple[str, ...] | None
    """Of what every feature has; None for all of it."""
    slugs: tuple[str, ...]
    definition: StackingDefinition | None
    year: int | None

    def texts(
        self, context: Context, layer: Layer, rows: Sequence[int]
    ) -> tuple[list[bytes], list[bytes]]:
        """Of each row what comes before its figures, and from there up to its shape."""
        heads = self._heads(context, layer, rows)
        if self.definition is not None:
            counts = layer.stacking(context, self.definition, self.year)
            told = texts_of(counts, rows, self.definition.label)
            heads = [head + text for head, text in zip(heads, told, strict=True)]
        between = [NO_FIGURES] * len(rows)
        if self.slugs:
            between = layer.figures(context, rows, self.slugs, self.year)
        if self.own == ():
            return _without_comma(heads, between)
        return heads, between

    def _heads(self, context: Context, layer: Layer, rows: Sequence[int]) -> list[bytes]:
        if self.own is None:
            return layer.heads(context, rows)
        found = []
        for row in rows:
            given = layer.properties(context, row)
            before = f'}},{{"type":"Feature","id":"{layer.ids[row]}","properties":'
            text = orjson.dumps({name: given[name] for name in self.own})
            found.append(before.encode() + text[:-1])
        return found

    def properties(self, context: Context, layer: Layer) -> list[Property]:
        """The same, described."""
        own = own_properties(layer.collection)
        found = [each for each in own if self.own is None or each.name in self.own]
        found += OF_STACKING if self.definition is not None else ()
        indicators = context.facts.head.indicators
        for slug in self.slugs:
            found += of_indicator(indicators[slug]) if slug in indicators else ()
        return found


def selected(asked: Asked, layer: Layer) -> Selected:
    """What a request asks of the features of a layer; a 404 for properties that it has not."""
    definition, year = chosen_definition(asked.context, asked.values), asked.get(YEAR)
    chosen = asked.get(asking.SOME_INDICATORS)
    slugs = () if chosen is None else tuple(chosen)
    named = asked.get(asking.PROPERTIES)
    if named is None:
        return Selected(None, slugs, definition, year)
    own = {each.name for each in own_properties(layer.collection)}
    indicators = asked.context.facts.head.indicators
    found = {name: _slug_of(name, indicators) for name in named if name not in own}
    counted = [name for name in found if name in NAMES]
    absent = _absent(found, own, are_counted=definition is not None)
    if absent:
        raise Faulty(absent, 404)
    return Selected(
        tuple(name for name in named if name in own),
        tuple(dict.fromkeys(each for each in found.values() if each is not None)),
        definition if counted else None,
        year,
    )


def lacking(asked: Asked, layer: Layer) -> list[Invalid]:
    """All that is not there of what a request that is refused anyway asks of features."""
    faults: list[Invalid] = []
    try:
        chosen_definition(asked.context, asked.values)
    except Faulty as absent:
        faults += absent.faults
    own = {each.name for each in own_properties(layer.collection)}
    facts = asked.context.facts
    named = asked.get(asking.PROPERTIES) or ()
    found = {name: _slug_of(name, facts.head.indicators) for name in named if name not in own}
    faults += _absent(found, own, are_counted=asked.has(STACKING))
    for slug in asked.get(asking.SOME_INDICATORS) or ():
        if slug not in facts.head.indicators and slug not in facts.withdrawals:
            faults.append(_no_indicator(slug, facts.nearest("indicator", slug)))
    return [*faults, *cursor_faults(asked)]


def _absent(found: Mapping[str, str | None], own: set[str], *, are_counted: bool) -> list[Invalid]:
    unknown = [name for name, slug in found.items() if slug is None and name not in NAMES]
    uncounted = [] if are_counted else [name for name in found if name in NAMES]
    return [_refused(name, own) for name in unknown or uncounted]


def _no_indicator(slug: str, near: Sequence[str]) -> Invalid:
    name = asking.SOME_INDICATORS.name
    en, nl = f"there is no indicator {slug!r}", f"er is geen indicator {slug!r}"
    return Invalid(name, "UNKNOWN_INDICATOR", en, nl, suggestions=near)


def _slug_of(name: str, indicators: Mapping[str, Indicator]) -> str | None:
    """The slug that a property is of."""
    if name in indicators:
        return name
    for end in _BESIDE:
        if name.removesuffix(end) in indicators and name.endswith(end):
            return name.removesuffix(end)
    return None


def _refused(name: str, own: set[str]) -> Invalid:
    if name in NAMES:
        return Invalid(
            asking.PROPERTIES.name,
            "NOTHING_CHOSEN",
            f"{name} is there where {STACKING.name} names a definition: &{COUNT}=nplv-like@1",
            f"{name} is er als {STACKING.name} een definitie noemt: &{COUNT}=nplv-like@1",
        )
    listed = ", ".join(sorted(own))
    return Invalid(
        asking.PROPERTIES.name,
        "UNKNOWN_PROPERTY",
        f"there is no property {name!r}; there are {listed}, {COUNT} and the indicators",
        f"er is geen eigenschap {name!r}; er zijn {listed}, {COUNT} en de indicatoren",
        sorted(own),
        nearest_slugs(name, dict.fromkeys(own, ())),
    )


def _without_comma(heads: list[bytes], between: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Objects that have nothing of their own begin with what comes after it."""
    opened = b'"properties":{'
    heads = [head.replace(opened + b",", opened, 1) for head in heads]
    if heads and heads[0].endswith(opened):
        between = [each.removeprefix(b",") for each in between]
    return heads, between
