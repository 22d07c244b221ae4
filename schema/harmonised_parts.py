"""The areas of another vintage that a value was made of, and which of them block it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import strawberry

from db.core.absence import Reason, Status
from db.core.area_links import LinkKind, Method
from db.core.block import SeriesKey
from db.core.carrying import Carrying
from db.core.harmonise import Weights
from db.core.indicator import Indicator as CoreIndicator
from schema.context import Context
from schema.fields import field
from schema.harmonised_figures import HarmonisedFigure, methods_in
from schema.indicators import Indicator
from schema.observations import ReasonType
from schema.passages import weigh
from schema.place import Place
from schema.references import AreaItem


@dataclass(frozen=True, slots=True)
class Part:
    """The source of a CarriedPart."""

    area: Place
    kind: LinkKind
    share_of_old: float
    share_of_new: float
    method_bits: int
    reason: Reason
    lacks: CoreIndicator | None
    load: int | None

    @property
    def methods(self) -> list[Method]:
        return methods_in(self.method_bits)

    @property
    def status(self) -> Status:
        return self.reason.status


@strawberry.type(
    description="An area of another vintage of which a value was made, or whose absence blocks it."
)
class CarriedPart:
    area: AreaItem = field("The area, of the source vintage.")
    kind: LinkKind = field("How it hangs together with the area asked, over all vintages between.")
    share_of_old: float = field("Part of it that lies in the area asked, 0 to 1.")
    share_of_new: float = field("Part of the area asked that it makes up, 0 to 1.")
    methods: list[Method] = field("What the shares were measured in, along the way.")
    status: Status = field("Whether it has a figure of that year.")
    reason: ReasonType = field("Why it has a figure or not.")
    lacks: Indicator | None = field(
        "The figure that is lacking, where this part blocks: the indicator itself or what it is "
        "divided by. Null where it does not block."
    )


def entries_of(context: Context, point: HarmonisedFigure) -> tuple[Weights, range]:
    """Where the parts of a value that was carried stand in the weights."""
    vintage, row = point.source_vintage, point.area.ordinal
    assert vintage is not None
    passage = weigh(context, point.area.level, vintage, point.area.vintage)
    assert passage is not None
    first, last = np.searchsorted(passage.weights.new, [row, row + 1]).tolist()
    return passage.weights, range(first, last)


def parts_of(context: Context, point: HarmonisedFigure) -> list[Part]:
    """The old areas that a value is made of, the largest part of the area first."""
    vintage = point.source_vintage
    if vintage is None or point.own:
        return []
    by, found = entries_of(context, point)
    order = sorted(found, key=lambda i: -by.of_new.item(i))
    table = context.table(point.area.level, vintage)
    blocking = set(point.of.found.blocking(point.area.ordinal, point.column))
    tell = _telling(context, point, vintage)
    return [
        Part(
            Place(table, by.old.item(i)),
            LinkKind(by.kinds.item(i)),
            by.of_old.item(i),
            by.of_new.item(i),
            by.methods.item(i),
            *tell(by.old.item(i), by.old.item(i) in blocking),
        )
        for i in order
    ]


Told = tuple[Reason, CoreIndicator | None, int | None]
"""Why a part is as it is, which figure of it is lacking where it blocks, and its load."""


def _telling(
    context: Context, point: HarmonisedFigure, vintage: int
) -> Callable[[int, bool], Told]:
    indicators = _made_of(context, point.of.indicator)
    level, series = point.area.level, context.facts.head.series
    keys = [SeriesKey(each.slug, level, vintage) for each in indicators]
    there = [key for key in keys if key in series]
    blocks = dict(zip(there, context.blocks(there), strict=True))

    def tell(row: int, blocks_it: bool) -> Told:
        cells = [blocks[key].cell(row, point.year) if key in blocks else None for key in keys]
        main = cells[0]
        load = None if main is None else main.load
        if blocks_it:
            for indicator, cell in zip(indicators[1:], cells[1:], strict=True):
                if (
                    main is not None
                    and main.value is not None
                    and (cell is None or cell.value is None)
                ):
                    reason = Reason.NO_DENOMINATOR if cell is None else cell.reason
                    return reason, indicator, load
        reason = Reason.NOT_LOADED if main is None else main.reason
        return reason, indicators[0] if blocks_it else None, load

    return tell


def _made_of(context: Context, indicator: CoreIndicator) -> list[CoreIndicator]:
    """The indicator itself, and what its figures are carried with."""
    carrying = Carrying.of(indicator)
    slugs = [indicator.numerator] if carrying is Carrying.RATIO else []
    if carrying in (Carrying.RATIO, Carrying.MEAN):
        slugs.append(indicator.denominator)
    known = [context.facts.head.indicators.get(each or "") for each in slugs]
    return [indicator, *[each for each in known if each is not None]]
