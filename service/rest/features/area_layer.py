"""The layer of a table of areas. Texts of all rows are made once a publication, within a bound."""

from collections.abc import Collection as Collection_
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from db.core.absence import Reason
from db.core.area import AreaTable
from db.core.bounded import Bounded
from db.core.codes import gemeente_code
from db.core.figures import Floats
from db.core.levels import Level
from db.core.simplify import Detail
from db.core.stacking_definition import StackingDefinition
from schema.asked import Asked, asked_of
from schema.context import Context
from schema.enums import Crs
from schema.figures import Column, Problem
from schema.place import Places
from schema.selection import counts, holds
from schema.spread import Figures
from schema.stacked import stacked
from service.rest.features.collections import Collection
from service.rest.features.layer import NO_FIGURES, Layer, Texts
from service.rest.features.row_texts import Kept, RowTexts, filled
from service.rest.features.stacking import Counts, counts_of
from service.rest.invalid import Invalid
from service.rest.operation import Faulty

_KEPT = "heads of features"
_MOST_BYTES = 12 * 1024 * 1024
"""Some 30,000 areas."""
_ROW_BYTES = 440
"""Of one area: most take less."""
_FIGURES = RowTexts(8 * 1024 * 1024)
"""Of all publications in this process: five indicators of all wijken take 3 MB."""
_FIGURE_BYTES = 110
"""Of one figure, beside its slug, which stands there five times."""
_PROVISIONAL = 256
"""Added to the number of a reason."""
_REASONS = {int(each): each for each in Reason}


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """What requests have in common; a head is made when it is first asked for."""

    order: list[int]
    heads: Kept


class AreaLayer(Layer):
    """Areas of one level and vintage."""

    def __init__(self, context: Context, collection: Collection) -> None:
        self.collection = collection
        self.table: AreaTable = context.table(collection.level or Level.WIJK, collection.vintage)
        self._roster = context.roster(self.table)
        self.ids = self.table.codes
        self._kept = self._made(context)
        self.order = self._kept.order

    @cached_property
    def row_of(self) -> dict[str, int]:
        return self.table.ordinals

    @property
    def ordered(self) -> NDArray[Any]:
        return self._roster.by_code.ordinals

    def _made(self, context: Context) -> "_Made":
        kept: Bounded[object, _Made] = context.facts.remember(_KEPT, lambda: Bounded(_MOST_BYTES))
        key = (self.table.level, self.table.vintage)
        found = kept.get(key)
        size = len(self.table)
        if found is None or len(found.heads) != size:
            found = _Made(self._roster.by_code.ordinals.tolist(), [b""] * size)
            kept.keep(key, found, _ROW_BYTES * size)
        return found

    def heads(self, context: Context, rows: Sequence[int]) -> list[bytes]:
        return filled(
            self._kept.heads, rows, lambda lacking: [self._head(context, row) for row in lacking]
        )

    def _head(self, context: Context, row: int) -> bytes:
        before = f'}},{{"type":"Feature","id":"{self.table.codes[row]}","properties":'
        return before.encode() + orjson.dumps(self.properties(context, row))[:-1]

    def properties(self, context: Context, row: int) -> dict[str, object]:
        """What every feature says of its area."""
        table = self.table
        code, level = table.codes[row], table.level
        members = context.facts.memberships_of_area(level, table.vintage, code)
        there = [each for each in members if holds(each, None)]
        return {
            "code": code,
            "naam": table.names[row] or None,
            "niveau": level.value,
            "indeling": table.vintage,
            "terrein": table.terrains[row].value,
            "gemeenteCode": gemeente_code(code),
            "ouderCode": table.parents[row],
            "focusgebieden": sorted({each.focus_area for each in there if counts(each)}),
            "kandidaatVoor": sorted({each.focus_area for each in there if not counts(each)}),
        }

    def stacking(
        self, context: Context, definition: StackingDefinition, year: int | None
    ) -> Counts:
        return counts_of(stacked(context, self.table, definition, year).found)

    def shapes(self, context: Context, rows: Sequence[int], detail: Detail, crs: Crs) -> Texts:
        return context.shape_texts(self.table, rows, detail, crs.value)

    def boxes(self, context: Context) -> Floats:
        return self.table.bounds

    def texts(self, context: Context, name: str) -> list[str | None]:
        table = self.table
        if name == "gemeenteCode":
            return [gemeente_code(code) for code in table.codes]
        if name == "naam":
            return [each or None for each in table.names]
        if name == "ouderCode":
            return list(table.parents)
        if name == "terrein":
            return [each.value for each in table.terrains]
        return list(table.codes)

    def figures(
        self, context: Context, rows: Sequence[int], slugs: Sequence[str], year: int | None
    ) -> list[bytes]:
        asked, table = self._asked(context, slugs, year), self.table
        key = (table.level, table.vintage, year, *slugs)
        row_bytes = sum(_FIGURE_BYTES + 5 * len(slug) for slug in slugs)
        kept = _FIGURES.of(context.facts, key, len(table), row_bytes)
        if kept is None:
            return self._written(context, rows, asked)
        return filled(kept, rows, lambda lacking: self._written(context, lacking, asked))

    def _written(self, context: Context, rows: Sequence[int], asked: Asked) -> list[bytes]:
        figures = asked.figures(context, Places(self.table, rows))
        values = figures.texts(lambda block: block.values)
        states = _states(asked.spread.columns, figures)
        width = len(asked.spread.columns)
        names = [f',"{column.indicator.slug}":' for column in asked.spread.columns]
        parts: list[str] = [""] * (3 * len(values))
        parts[0::3] = names * len(rows)
        parts[1::3] = values
        parts[2::3] = states
        step = 3 * width
        return [
            "".join(parts[i : i + step]).encode() + NO_FIGURES for i in range(0, len(parts), step)
        ]

    def numbers(self, context: Context, slug: str, year: int | None) -> Floats:
        return self._of_all(context, slug, year).numbers(lambda block: block.values).ravel()

    def statuses(self, context: Context, slug: str, year: int | None) -> Sequence[str]:
        names = {each: reason.status.name for each, reason in _REASONS.items()}
        return [names[each] for each in self._of_all(context, slug, year).reasons.tobytes()]

    def _of_all(self, context: Context, slug: str, year: int | None) -> Figures:
        places = Places(self.table, range(len(self.table)))
        return self._asked(context, [slug], year).figures(context, places)

    def _asked(self, context: Context, slugs: Sequence[str], year: int | None) -> Asked:
        asked = asked_of(context, self.table, slugs, year)
        refuse_problems(asked.fixed.values())
        return asked


def refuse_problems(found: Collection_[Problem]) -> None:
    """Refuses indicators that have no answer here, each with the reason."""
    if found:
        raise Faulty(
            [
                Invalid(
                    "indicatoren", each.code.name, each.message, each.message_nl,
                    suggestions=each.suggestions,
                )
                for each in found
            ],
            404,
        )  # fmt: skip


def _states(columns: Sequence[Column], figures: Figures) -> list[str]:
    """Status, reason, year and whether provisional, as text: cells have a handful of them."""
    width = len(columns)
    keys = figures.reasons.astype(np.int32)
    nothing = np.zeros(width, np.bool_)
    keys += figures.gathered(lambda block: block.provisional, nothing) * np.int32(_PROVISIONAL)
    keys *= width
    keys += np.arange(width, dtype=np.int32)
    flat: list[int] = keys.ravel().tolist()
    said = {key: _said(columns[key % width], key // width) for key in set(flat)}
    return [said[key] for key in flat]


def _said(column: Column, key: int) -> str:
    slug, reason = column.indicator.slug, _REASONS[key % _PROVISIONAL]
    return state_text(slug, reason, column.year, provisional=key >= _PROVISIONAL)


def state_text(slug: str, reason: Reason, year: int | None, *, provisional: bool) -> str:
    """What stands beside a value of an indicator, of which it may be the only thing there is."""
    of = "null" if year is None else year
    return (
        f',"{slug}_status":"{reason.status.name}","{slug}_reden":"{reason.name}"'
        f',"{slug}_jaar":{of},"{slug}_voorlopig":{"true" if provisional else "false"}'
    )
