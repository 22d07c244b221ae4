"""Stacking as properties of features, and as columns that a filter compares.

`stapeling=nplv-like@1` chooses a definition; the counts are those that GraphQL gives, read from the
same tables. What is not judged (water, too few inhabitants, anything but an area of CBS) has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from db.core.figures import Floats
from db.core.stacking import Stacking
from db.core.stacking_definition import StackingDefinition
from db.core.suggest import nearest_slugs
from schema.context import Context
from schema.errors import UnknownSlug
from schema.stacked import find_definition
from service.rest.common import SLUG_FORM
from service.rest.invalid import Invalid
from service.rest.operation import Faulty
from service.rest.parameter import text

Ints: TypeAlias = NDArray[np.integer[Any]]
COUNT, LEAST, MOST = "stapeling", "stapeling_min", "stapeling_max"
STATE, DEFINITION = "stapeling_status", "stapeling_definitie"
STACKING = text(
    COUNT,
    "Het label van een definitie van stapeling (`nplv-like@1`), of haar korte naam voor de "
    "nieuwste versie. Elk gebied krijgt dan op hoeveel domeinen het tot de slechtste hoort, met "
    f"onder- en bovengrens en een status, en `filter` kan `{COUNT} >= 2` vragen.",
    pattern=f"{SLUG_FORM}(?:@[0-9]{{1,6}})?",
    what_en="the label of a definition of stacking such as nplv-like@1",
    what_nl="het label van een definitie van stapeling zoals nplv-like@1",
    example="nplv-like@1",
)


class State(Enum):
    """What is known of the count of an area."""

    COUNTED = "COUNTED"
    PARTLY_UNKNOWN = "PARTLY_UNKNOWN"
    NOT_JUDGED = "NOT_JUDGED"


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """By row of a layer; -1 where there is none."""

    count: Ints
    least: Ints
    most: Ints
    states: Ints
    """Where in `STATES`."""

    def numbers(self, name: str) -> Floats:
        """As a filter compares them: NaN where there is none."""
        found = {COUNT: self.count, LEAST: self.least, MOST: self.most}[name]
        return np.where(found < 0, np.nan, found.astype(np.float64))

    @property
    def words(self) -> list[str | None]:
        return [STATES[each].value for each in self.states.tolist()]


STATES = tuple(State)
NUMBERS = (COUNT, LEAST, MOST)
NAMES = (*NUMBERS, STATE, DEFINITION)


def chosen_definition(context: Context, values: Mapping[str, Any]) -> StackingDefinition | None:
    """The definition that is asked for; a 404 that names those there are."""
    label = values.get(STACKING.name)
    if label is None:
        return None
    try:
        return find_definition(context, label)
    except UnknownSlug:
        raise Faulty([_no_such(context, label)], 404) from None


def _no_such(context: Context, label: str) -> Invalid:
    known = [each.label for each in context.facts.head.reference.stacking]
    return Invalid(
        COUNT,
        "UNKNOWN_DEFINITION",
        f"there is no definition of stacking {label!r}; there are: {', '.join(known)}",
        f"er is geen definitie van stapeling {label!r}; er zijn: {', '.join(known)}",
        known,
        nearest_slugs(label, dict.fromkeys(known, ())),
    )


def counts_of(found: Stacking) -> Counts:
    """What is known of every area of a table."""
    judged = found.eligible
    least, most = (np.where(judged, each, -1) for each in (found.count_min, found.count_max))
    states = np.where(judged, np.where(found.certain, 0, 1), 2)
    return Counts(np.where(least == most, least, -1), least, most, states)


def nothing_counted(size: int) -> Counts:
    """Of rows that are not areas of CBS: a definition says nothing of them."""
    absent = np.full(size, -1)
    return Counts(absent, absent, absent, np.full(size, 2))


def texts_of(counts: Counts, rows: Sequence[int], label: str) -> list[bytes]:
    """The properties of some rows as JSON, after those before them."""
    at = np.asarray(rows, np.intp)
    columns = (counts.count[at], counts.least[at], counts.most[at], counts.states[at])
    keys = list(zip(*(each.tolist() for each in columns), strict=True))
    # Areas have a handful of different counts.
    said = {key: _text(key, label) for key in set(keys)}
    return [said[key] for key in keys]


def _text(key: tuple[int, ...], label: str) -> bytes:
    *numbers, state = key
    parts = [
        f',"{name}":{"null" if each < 0 else each}'
        for name, each in zip(NUMBERS, numbers, strict=True)
    ]
    told = f',"{STATE}":"{STATES[state].value}","{DEFINITION}":"{label}"'
    return "".join([*parts, told]).encode()
